#include "model.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "output.h"
#include "program.h"

/* ---- The optimizer's tensors -------------------------------------------------------------- */

enum { STATES = 2, NAME = 48 };
static const char *const states[STATES] = {"adam.mean.", "adam.variance."};

/* The tensors of the network, with the values of one of the optimizer's arrays. */
static void place_state(tensor state[TENSORS], char names[TENSORS][NAME], const trainer *t,
                        int number) {
    float *values = number == 0 ? t->adam.mean : t->adam.variance;
    for (int i = 0; i < TENSORS; i++) {
        snprintf(names[i], NAME, "%s%s", states[number], t->net->tensor[i].name);
        state[i] = t->net->tensor[i];
        state[i].name = names[i];
        state[i].values = values + (t->net->tensor[i].values - t->net->values);
    }
}

/* ---- Writing ------------------------------------------------------------------------------ */

/* NULL: no memory, or a name that is no UTF-8. */
static char *list_names(const classes *c) {
    json_t *names = json_array();
    int failed = 0;
    for (int i = 0; i < c->count; i++)
        failed |= json_array_append_new(names, json_string(c->name[i]));
    char *list = failed ? NULL : json_dumps(names, JSON_COMPACT);
    json_decref(names);
    return list;
}

/* The same. */
static json_t *describe(const classes *c, const course *how) {
    char *list = list_names(c), seed[24], doodles[24], epochs[24], rate[32], steps[24];
    snprintf(seed, sizeof seed, "%" PRIu64, how->seed);
    snprintf(doodles, sizeof doodles, "%" PRId64, how->doodles);
    snprintf(epochs, sizeof epochs, "%" PRId64, how->epochs);
    snprintf(rate, sizeof rate, "%.17g", how->rate);
    snprintf(steps, sizeof steps, "%" PRId64, how->steps);
    json_t *texts = NULL;
    if (list)
        texts = json_pack("{s:s, s:s, s:s, s:s, s:s, s:s}", "classes", list, "doodles", doodles,
                          "epochs", epochs, "rate", rate, "seed", seed, "steps", steps);
    free(list);
    return texts;
}

bool model_write(const char *path, const trainer *t, const classes *c, const course *how) {
    tensor all[(1 + STATES) * TENSORS];
    char names[STATES][TENSORS][NAME];
    output o;
    json_t *texts = describe(c, how);
    if (!texts)
        return program_fail(path, "no memory, or a class whose name is no UTF-8");
    memcpy(all, t->net->tensor, sizeof t->net->tensor);
    for (int i = 0; i < STATES; i++)
        place_state(all + (1 + i) * TENSORS, names[i], t, i);
    const bool opened = output_open(&o, path);
    bool written = false;
    if (opened) {
        errno = 0;
        const char *wrong = safetensors_write(o.stream, texts, all, (1 + STATES) * TENSORS);
        written = output_close(&o, wrong);
    }
    json_decref(texts);
    return written;
}

/* ---- Reading ------------------------------------------------------------------------------ */

static bool number(const safetensors *s, const char *key, uint64_t *value) {
    const char *text = safetensors_text(s, key);
    char *end;
    errno = 0;
    *value = text ? strtoull(text, &end, 10) : 0;
    return text && text[0] >= '0' && text[0] <= '9' && *end == '\0' && errno == 0;
}

static bool read_rate(const safetensors *s, double *rate) {
    const char *text = safetensors_text(s, "rate");
    char *end;
    *rate = text ? strtod(text, &end) : 0;
    return text && *end == '\0' && *rate > 0 && *rate <= 1;
}

static const char *read_course(model *m) {
    static const uint64_t most = (uint64_t)1 << 40;
    uint64_t doodles, epochs, steps;
    const safetensors *s = &m->tensors;
    if (!number(s, "seed", &m->course.seed) || !number(s, "doodles", &doodles) ||
        !number(s, "epochs", &epochs) || !number(s, "steps", &steps) ||
        !read_rate(s, &m->course.rate) || doodles > most || epochs > most || steps > most)
        return "seed, doodles, epochs, rate or steps is missing or no possible number";
    m->course.doodles = (int64_t)doodles;
    m->course.epochs = (int64_t)epochs;
    m->course.steps = (int64_t)steps;
    return NULL;
}

/* Of the tensors' sizes. */
static const char *read_shape(model *m) {
    static const char *const weights[] = {"conv1.weight", "conv2.weight", "dense.weight"};
    static const int64_t most[] = {FILTERS_MOST, FILTERS_MOST, CLASSES_MOST};
    int64_t size[3][4] = {{0}};
    for (int i = 0; i < 3; i++) {
        const int dimensions = safetensors_shape(&m->tensors, weights[i], size[i]);
        if (dimensions != (i == 2 ? 2 : 4) || size[i][0] < 1 || size[i][0] > most[i])
            return "the weights are not those of a network for doodles";
    }
    m->shape =
        (network_shape){.filters = {(int)size[0][0], (int)size[1][0]}, .classes = (int)size[2][0]};
    return NULL;
}

static const char *read_classes(model *m) {
    const char *text = safetensors_text(&m->tensors, "classes");
    json_t *names = text ? json_loads(text, 0, NULL) : NULL;
    bool good = json_array_size(names) == (size_t)m->shape.classes;
    for (int i = 0; i < m->shape.classes && good; i++) {
        const char *name = json_string_value(json_array_get(names, (size_t)i));
        good = name && *name && strlen(name) < CLASS_NAME && classes_find(&m->classes, name) == i;
    }
    json_decref(names);
    m->classes.closed = true;
    return good ? NULL : "the classes' names are missing or are not as many as the outputs";
}

const char *model_decode(model *m, char why[PICTURE_WHY]) {
    const char *wrong = safetensors_decode(&m->tensors, &m->f, why);
    if (!wrong)
        wrong = read_shape(m);
    if (!wrong)
        wrong = read_classes(m);
    return wrong ? wrong : read_course(m);
}

bool model_open(model *m, const char *path) {
    char why[PICTURE_WHY];
    *m = (model){0};
    const char *wrong = file_read(&m->f, path);
    if (!wrong)
        wrong = model_decode(m, why);
    return wrong ? program_fail(file_name(path), wrong) : true;
}

void model_free(model *m) {
    safetensors_free(&m->tensors);
    file_free(&m->f);
}

static const char *read_all(const model *m, const tensor all[TENSORS], char why[PICTURE_WHY]) {
    const char *wrong = NULL;
    for (int i = 0; i < TENSORS && !wrong; i++)
        wrong = safetensors_read(&m->tensors, &all[i], why);
    return wrong;
}

const char *model_weights(const model *m, network *net, char why[PICTURE_WHY]) {
    return read_all(m, net->tensor, why);
}

const char *model_state(const model *m, trainer *t, char why[PICTURE_WHY]) {
    const char *wrong = NULL;
    for (int i = 0; i < STATES && !wrong; i++) {
        tensor state[TENSORS];
        char names[TENSORS][NAME];
        place_state(state, names, t, i);
        wrong = read_all(m, state, why);
    }
    adam_resume(&t->adam, m->course.steps);
    return wrong;
}
