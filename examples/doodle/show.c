#include <stdlib.h>
#include <string.h>

#include "commands.h"
#include "model.h"
#include "program.h"
#include "sheet.h"
#include "table.h"

/* ---- The picture -------------------------------------------------------------------------- */

static bool draw(image *digit) {
    picture p;
    const bool drawn = picture_doodle(&p) && image_of(digit, &p);
    picture_free(&p);
    return drawn || program_fail(NULL, "out of memory");
}

static bool load(float *input, const char *path, const options *o) {
    image digit;
    if (!(path ? digit_read(&digit, path, o->index) : draw(&digit)))
        return false;
    for (int i = 0; i < PIXELS; i++)
        input[i] = o->invert ? 1.0F - digit.samples[i] : digit.samples[i];
    image_free(&digit);
    return true;
}

/* ---- The network -------------------------------------------------------------------------- */

static bool failed(ninetap_status status) {
    return program_fail(NULL, ninetap_strerror(status));
}

static bool create(network *net, network_shape shape) {
    shape.n = shape.threads = 1;
    const ninetap_status status = network_create(net, &shape);
    return status == NINETAP_OK || failed(status);
}

static bool begin_untrained(network *net, classes *c, const options *o) {
    const network_shape shape = {.filters = {(int)o->filters[0], (int)o->filters[1]},
                                 .classes = 10};
    *c = (classes){0};
    for (int i = 0; i < shape.classes; i++)
        classes_find(c, (const char[]){(char)('0' + i), '\0'});
    if (!create(net, shape))
        return false;
    network_randomise(net, o->seed);
    return true;
}

static bool begin_trained(network *net, classes *c, const char *path) {
    static model m;
    char why[PICTURE_WHY];
    bool done = model_open(&m, path) && create(net, m.shape);
    if (done) {
        *c = m.classes;
        const char *wrong = model_weights(&m, net, why);
        done = !wrong || program_fail(file_name(path), wrong);
    }
    model_free(&m);
    return done;
}

/* ---- The whole ---------------------------------------------------------------------------- */

/* Last: what it measures leaves the maps as they were. */
static bool run(network *net, const classes *c, const char *title, FILE *report, const options *o) {
    ninetap_status status = network_update(net);
    if (status == NINETAP_OK)
        status = network_run(net, true);
    fprintf(report, "ninetap %s, isa %s: %s\n", ninetap_version(), ninetap_isa(), title);
    if (status == NINETAP_OK)
        status = table_print(report, net);
    if (status != NINETAP_OK)
        return failed(status);
    fprintf(report, "class probabilities%s:\n", o->untrained ? ", of random weights" : "");
    for (int i = 0; i < c->count; i++)
        fprintf(report, "  %9.6f  %s\n", (double)net->probability[i], c->name[i]);
    if (!sheet_write(net, c, title, o->output))
        return false;
    fprintf(report, "%s\n", o->output);
    return true;
}

int command_show(const options *o) {
    static network net;
    static classes c;
    const char *path = o->operand[o->untrained ? 0 : 1], *slash = path ? strrchr(path, '/') : NULL;
    const char *title = !path ? "a doodle" : slash ? slash + 1 : file_name(path);
    FILE *report = program_report(o->output);
    const bool begun =
        o->untrained ? begin_untrained(&net, &c, o) : begin_trained(&net, &c, o->operand[0]);
    const bool done = begun && load(net.input, path, o) && run(&net, &c, title, report, o) &&
                      program_close(report);
    network_free(&net);
    return done ? EXIT_SUCCESS : EXIT_FAILURE;
}
