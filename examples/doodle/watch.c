#include "watch.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#ifdef _WIN32
#include <direct.h>
#endif

#include "folder.h"
#include "program.h"

enum { FRAMES = 40, FRAME_TIME = 150, LAST_TIME = 3000 };

/* ---- Beginning ---------------------------------------------------------------------------- */

static bool make_directory(const char *path) {
#ifdef _WIN32
    const int made = _mkdir(path);
#else
    const int made = mkdir(path, 0777);
#endif
    return made == 0 || folder_is_one(path) || program_fail(path, strerror(errno));
}

/* The first doodles of classes that lie apart. */
static int choose(watch *w, const data *from, const classes *c) {
    const int wanted = c->count < WATCHED ? c->count : WATCHED;
    int found = 0;
    for (int i = 0; i < wanted; i++)
        for (int64_t k = 0; k < from->count; k++)
            if (from->label[k] == (2 * i + 1) * c->count / (2 * wanted)) {
                network_load(&w->net, found, from->bytes + k * PIXELS);
                w->label[found++] = from->label[k];
                break;
            }
    return found;
}

bool watch_begin(watch *w, const char *directory, const classes *c, const data *from,
                 const network_shape *shape, int64_t last) {
    *w = (watch){.directory = directory, .classes = c, .last = last};
    network_shape watched = *shape;
    watched.n = c->count < WATCHED ? c->count : WATCHED;
    watched.threads = 1;
    const ninetap_status status = network_create(&w->net, &watched);
    if (status != NINETAP_OK)
        return program_fail(NULL, ninetap_strerror(status));
    (void)choose(w, from, c);
    return make_directory(directory);
}

void watch_free(watch *w) {
    network_free(&w->net);
    curve_free(&w->curve);
    apng_free(&w->animation);
}

/* ---- Frames ------------------------------------------------------------------------------- */

static bool write_frame(watch *w, const canvas *c, int milliseconds) {
    char name[32];
    snprintf(name, sizeof name, "frame-%03d.png", w->frames++);
    char *path = folder_path(w->directory, name);
    const bool written = path ? canvas_write(c, path) : program_fail(NULL, "out of memory");
    free(path);
    return written && (apng_add(&w->animation, c, milliseconds) ||
                       program_fail(NULL, "not enough memory for the animation"));
}

static bool add_frame(watch *w, const network *net, int milliseconds) {
    canvas c = {0};
    memcpy(w->net.values, net->values, (size_t)net->count * sizeof *net->values);
    ninetap_status status = network_update(&w->net);
    if (status == NINETAP_OK)
        status = network_run(&w->net, false);
    if (status == NINETAP_OK)
        status = network_softmax(&w->net);
    if (status == NINETAP_OK && !watch_draw(&c, w))
        status = NINETAP_ERR_NOMEM;
    const bool done = status == NINETAP_OK ? write_frame(w, &c, milliseconds)
                                           : program_fail(NULL, ninetap_strerror(status));
    canvas_free(&c);
    return done;
}

/* Closer together at the beginning, when more changes. */
static int64_t step_of(const watch *w, int frame) {
    const double share = (double)frame / (double)(FRAMES - 1);
    const int64_t step = (int64_t)((double)w->last * share * share * share);
    return step > frame ? step : frame;
}

bool watch_step(watch *w, const network *net, double loss, double right) {
    if (!curve_add(&w->curve, loss, right))
        return program_fail(NULL, "not enough memory for the curve");
    const bool due = w->frames < FRAMES - 1 && w->curve.steps > step_of(w, w->frames);
    return !due || add_frame(w, net, FRAME_TIME);
}

bool watch_end(watch *w, const network *net) {
    char *animation = folder_path(w->directory, "training.png");
    char *curve_path = folder_path(w->directory, "curve.svg");
    bool done = animation && curve_path ? true : program_fail(NULL, "out of memory");
    done = done && add_frame(w, net, LAST_TIME) && apng_write(&w->animation, animation) &&
           curve_write(&w->curve, curve_path);
    free(animation);
    free(curve_path);
    return done;
}
