#include <inttypes.h>
#include <stdlib.h>

#include "commands.h"
#include "confusion.h"
#include "model.h"
#include "program.h"

static void print(FILE *report, const classes *c, const int64_t *confusion, const data *d,
                  int64_t known) {
    fprintf(report, "%" PRId64 " of %" PRId64 " doodles are told right: %.2f %%\n", known, d->count,
            100 * (double)known / (double)d->count);
    fprintf(report, "rows: what it is; columns: what the network says\n");
    for (int i = 0; i < c->count; i++) {
        for (int k = 0; k < c->count; k++)
            fprintf(report, "%7" PRId64, confusion[i * c->count + k]);
        fprintf(report, "  %s\n", c->name[i]);
    }
}

static bool test(FILE *report, const model *m, network *net, const data *d, const options *o) {
    const int outputs = m->classes.count;
    char why[PICTURE_WHY];
    const network_shape shape = {.n = BATCH,
                                 .filters = {m->shape.filters[0], m->shape.filters[1]},
                                 .classes = outputs,
                                 .threads = (int)o->threads};
    int64_t known = 0, *confusion = calloc((size_t)outputs * (size_t)outputs, sizeof *confusion);
    ninetap_status status = confusion ? network_create(net, &shape) : NINETAP_ERR_NOMEM;
    const char *wrong = status == NINETAP_OK ? model_weights(m, net, why) : NULL;
    if (status == NINETAP_OK && !wrong)
        status = network_update(net);
    if (status == NINETAP_OK && !wrong)
        status = evaluate(net, d, &known, confusion);
    bool done = wrong                  ? program_fail(o->operand[0], wrong)
                : status == NINETAP_OK ? true
                                       : program_fail(NULL, ninetap_strerror(status));
    if (done) {
        print(report, &m->classes, confusion, d, known);
        done = !o->output || confusion_write(&m->classes, confusion, o->output);
    }
    free(confusion);
    return done;
}

int command_test(const options *o) {
    static model m;
    network net = {0};
    data d = {0};
    FILE *report = o->output ? program_report(o->output) : stdout;
    data_source s = {.path = o->operand[1],
                     .part = o->all ? PART_ALL : PART_APART,
                     .seed = o->seed,
                     .each = o->each};
    if (!s.path && !s.each)
        s.each = DRAWN_APART;
    bool done = model_open(&m, o->operand[0]) && data_read(&d, &m.classes, &s);
    if (done && d.count == 0)
        done = program_fail(s.path, "no doodles are kept apart (--all)");
    done = done && test(report, &m, &net, &d, o) && program_close(report);
    network_free(&net);
    data_free(&d);
    model_free(&m);
    return done ? EXIT_SUCCESS : EXIT_FAILURE;
}
