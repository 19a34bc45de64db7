#undef _POSIX_C_SOURCE /* a parent project may have set it to less */
#define _POSIX_C_SOURCE 200809L
#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "commands.h"
#include "model.h"
#include "program.h"
#include "progress.h"
#include "onnx.h"
#include "random.h"
#include "vary.h"
#include "watch.h"

typedef struct training {
    classes classes;
    data learnt, apart;
    network net;
    trainer trainer;
    course course;
    int64_t an_epoch; /* its steps; what is left of the doodles differs from epoch to epoch */
    int32_t *order;
    progress progress;
    watch watch; /* directory NULL: nobody watches */
} training;

static bool failed(ninetap_status status) {
    return program_fail(NULL, ninetap_strerror(status));
}

/* ---- What is needed ----------------------------------------------------------------------- */

static bool read_all(training *t, const options *o) {
    data_source s = {.path = o->operand[0], .seed = t->course.seed, .each = o->each};
    if (!s.path && !s.each)
        s.each = DRAWN;
    if (!data_read(&t->learnt, &t->classes, &s))
        return false;
    if (t->classes.count < 2)
        return program_fail(s.path, "a single class: there is nothing to tell apart");
    if (t->learnt.count > INT32_MAX)
        return program_fail(s.path, "too many doodles (--each)");
    t->classes.closed = true;
    s.part = PART_APART;
    if (!s.path)
        s.each = DRAWN_APART;
    return data_read(&t->apart, &t->classes, &s);
}

static bool create(training *t, network_shape shape, const options *o) {
    shape.n = t->learnt.count < BATCH ? (int)t->learnt.count : BATCH;
    shape.classes = t->classes.count;
    shape.threads = (int)o->threads;
    t->an_epoch = t->learnt.count / shape.n;
    t->order = malloc((size_t)t->learnt.count * sizeof *t->order);
    ninetap_status status = t->order ? network_create(&t->net, &shape) : NINETAP_ERR_NOMEM;
    if (status == NINETAP_OK)
        status = trainer_create(&t->trainer, &t->net);
    return status == NINETAP_OK || failed(status);
}

static bool begin_anew(training *t, const options *o) {
    const network_shape shape = {.filters = {(int)o->filters[0], (int)o->filters[1]}};
    t->course = (course){.seed = o->seed,
                         .epochs = o->epochs ? (int64_t)o->epochs : 10,
                         .rate = o->rate > 0 ? o->rate : 0.008};
    if (!read_all(t, o) || !create(t, shape, o))
        return false;
    t->course.doodles = t->learnt.count;
    network_randomise(&t->net, t->course.seed);
    return true;
}

static bool begin_again(training *t, const model *m, const options *o) {
    char why[PICTURE_WHY];
    t->course = m->course;
    t->classes = m->classes;
    if (o->epochs)
        t->course.epochs = (int64_t)o->epochs;
    if (o->rate > 0)
        t->course.rate = o->rate;
    if (!read_all(t, o))
        return false;
    if (t->learnt.count != m->course.doodles)
        return program_fail(o->resume, "it has learnt from another number of doodles");
    if (!create(t, m->shape, o))
        return false;
    const char *wrong = model_weights(m, &t->net, why);
    if (!wrong)
        wrong = model_state(m, &t->trainer, why);
    return wrong ? program_fail(o->resume, wrong) : true;
}

static bool begin(training *t, const options *o) {
    if (!o->resume)
        return begin_anew(t, o);
    static model m;
    const bool begun = model_open(&m, o->resume) && begin_again(t, &m, o);
    model_free(&m);
    return begun;
}

/* ---- Learning ----------------------------------------------------------------------------- */

/* Each epoch has an order of its own, which depends on nothing before it. */
static void shuffle(training *t, int64_t epoch) {
    const int32_t count = (int32_t)t->learnt.count;
    uint64_t chance = t->course.seed ^ (uint64_t)(epoch + 1) << 32;
    for (int32_t i = 0; i < count; i++)
        t->order[i] = i;
    for (int32_t i = count - 1; i > 0; i--) {
        const int32_t k = (int32_t)random_below(&chance, (uint32_t)i + 1);
        const int32_t other = t->order[k];
        t->order[k] = t->order[i];
        t->order[i] = other;
    }
}

static ninetap_status learn_batch(training *t, double *loss, int *right) {
    const int64_t n = t->net.shape.n, first = t->course.steps % t->an_epoch * n;
    uint64_t chance = t->course.seed ^ ~(uint64_t)t->course.steps << 20;
    for (int64_t i = 0; i < n; i++) {
        const int32_t doodle = t->order[first + i];
        unsigned char varied[PIXELS];
        vary_doodle(varied, t->learnt.bytes + (int64_t)doodle * PIXELS, &chance);
        network_load(&t->net, i, varied);
        t->trainer.label[i] = t->learnt.label[doodle];
    }
    const double done = (double)t->course.steps / (double)(t->an_epoch * t->course.epochs);
    t->trainer.adam.rate = t->course.rate * (1 - done);
    const ninetap_status status = trainer_step(&t->trainer, loss, right);
    t->course.steps++;
    t->progress.steps = t->course.steps;
    t->progress.images += n;
    t->progress.right += *right;
    t->progress.loss += *loss * (double)n;
    return status;
}

static bool end_epoch(training *t) {
    int64_t known;
    const ninetap_status status = evaluate(&t->net, &t->apart, &known, NULL);
    if (status != NINETAP_OK)
        return failed(status);
    progress_epoch(&t->progress, known, t->apart.count);
    return true;
}

static bool learn_step(training *t) {
    progress *p = &t->progress;
    const double start = seconds();
    double loss;
    int right;
    const ninetap_status status = learn_batch(t, &loss, &right);
    if (status == NINETAP_OK && !isfinite(loss))
        return program_fail(NULL, "the loss is not finite any more: a smaller --rate may help");
    if (status != NINETAP_OK)
        return failed(status);
    const double took = seconds() - start;
    p->training += took;
    p->lasted += took;
    progress_draw(p);
    return !t->watch.directory ||
           watch_step(&t->watch, &t->net, loss, (double)right / (double)t->net.shape.n);
}

static bool learn_epoch(training *t) {
    progress *p = &t->progress;
    const int64_t epoch = t->course.steps / t->an_epoch;
    const int64_t all = (epoch + 1) * t->an_epoch, end = all < p->last ? all : p->last;
    p->epoch = epoch + 1;
    p->images = p->right = 0;
    p->loss = p->training = 0;
    shuffle(t, epoch);
    bool done = true;
    while (done && t->course.steps < end && !interrupt_seen())
        done = learn_step(t);
    return done && end_epoch(t);
}

static bool learn(training *t, const options *o) {
    const int64_t all = t->an_epoch * t->course.epochs;
    t->progress = (progress){.steps = t->course.steps,
                             .first = t->course.steps,
                             .last = o->steps && (int64_t)o->steps < all ? (int64_t)o->steps : all,
                             .epochs = t->course.epochs,
                             .is_terminal = isatty(STDERR_FILENO) != 0,
                             .report = program_report(o->output)};
    const ninetap_status status = network_update(&t->net);
    if (status != NINETAP_OK)
        return failed(status);
    if (o->watch && !watch_begin(&t->watch, o->watch, &t->classes, &t->learnt, &t->net.shape,
                                 t->progress.last - t->progress.first))
        return false;
    interrupt_catch();
    bool done = true;
    while (done && t->course.steps < t->progress.last && !interrupt_seen())
        done = learn_epoch(t);
    progress_clear(&t->progress);
    return done;
}

/* ---- The whole ---------------------------------------------------------------------------- */

static bool save(training *t, const options *o) {
    if (!model_write(o->output, &t->trainer, &t->classes, &t->course))
        return false;
    fprintf(t->progress.report, "%s, %" PRId64 " steps\n", o->output, t->course.steps);
    return (!o->onnx || onnx_write(o->onnx, &t->net, &t->classes)) &&
           (!t->watch.directory || watch_end(&t->watch, &t->net));
}

static void end(training *t) {
    watch_free(&t->watch);
    trainer_free(&t->trainer);
    network_free(&t->net);
    data_free(&t->learnt);
    data_free(&t->apart);
    free(t->order);
}

int command_train(const options *o) {
    static training t;
    if (!classes_choose(&t.classes, o->classes))
        return EXIT_USAGE;
    const bool done =
        begin(&t, o) && learn(&t, o) && save(&t, o) && program_close(t.progress.report);
    end(&t);
    if (!done)
        return EXIT_FAILURE;
    return interrupt_seen() ? EXIT_INTERRUPTED : EXIT_SUCCESS;
}
