#include "cases/shape.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "core/format.h"
#include "selftest/filter3x3.h"

/* Large enough for every real shape, small enough for an int. */
#define NUMBER_MAX 1000000000

static const char pool_word[] = "pool";
static const char *const pools[] = {
    "",    ":avg",    ":mix",    ":u8", /* shape_pool */
    ":s8", ":unpool", ":avg_u8", ":avg_s8", ":max_backward", ":avg_backward"};

const shape_filter shape_filters[] = {
    {":edge", FILTER_EDGE, FILTER_PLAIN, NINETAP_U8, NINETAP_U8, false},
    {":edge+pool", FILTER_EDGE, FILTER_PLAIN, NINETAP_U8, NINETAP_U8, true},
    {":sobel", FILTER_SOBEL, FILTER_PLAIN, NINETAP_U8, NINETAP_S16, false},
    {":gauss", FILTER_GAUSS, FILTER_PLAIN, NINETAP_U8, NINETAP_U8, false},
    {":box", FILTER_BOX, FILTER_PLAIN, NINETAP_U8, NINETAP_U8, false},
    {":laplace", FILTER_LAPLACE, FILTER_PLAIN, NINETAP_U8, NINETAP_S16, false},
    {":float", FILTER_RANDOM, FILTER_PLAIN, NINETAP_U8, NINETAP_U8, false},
    {":f32", FILTER_RANDOM, FILTER_PLAIN, NINETAP_F32, NINETAP_F32, false},
    {":l1", FILTER_SOBEL, FILTER_L1, NINETAP_U8, NINETAP_U8, false},
    {":l2", FILTER_SOBEL, FILTER_L2, NINETAP_U8, NINETAP_U8, false},
    {.word = NULL},
};

/* The program's own networks: names, texts. */
static const char *const networks[][2] = {
    /* LeNet's plan with 3x3 filters instead of 5x5, as far as its last pooling. */
    {"lenet", "1x28x28-8p0+pool-16p0+pool"},
    /* The thirteen convolutions and five poolings of VGG-16 (Simonyan, Zisserman 2014). */
    {"vgg16", "3x224x224-64-64+pool-128-128+pool-256-256-256+pool-512-512-512+pool"
              "-512-512-512+pool"},
};

static const char bytes_word[] = ":u8";

/* What stands before a ":" counts. */
static const char *known_as(const char *text, int from, int to) {
    const size_t length = strcspn(text, ":");
    for (size_t i = 0; i < sizeof networks / sizeof *networks; i++) {
        if (strlen(networks[i][from]) == length && memcmp(networks[i][from], text, length) == 0) {
            return networks[i][to];
        }
    }
    return NULL;
}

/* ---- reading ------------------------------------------------------------------------------ */

static bool number(const char **at, int64_t *value) {
    const char *start = *at;
    *value = 0;
    for (; **at >= '0' && **at <= '9'; ++*at) {
        *value = *value * 10 + (**at - '0');
        if (*value > NUMBER_MAX) {
            return false;
        }
    }
    return *at != start && (*start != '0' || *at == start + 1);
}

static bool word(const char **at, const char *expected) {
    const size_t length = strlen(expected);
    const bool found = strncmp(*at, expected, length) == 0;
    *at += found ? length : 0;
    return found;
}

/* "3x5x7": how many numbers, none of them 0; 0 where they are not of that form. */
static int sizes(const char **at, int64_t *size, int most) {
    int count = 0;
    do {
        if (count == most || !number(at, &size[count]) || size[count] == 0) {
            return 0;
        }
        count++;
    } while (word(at, "x"));
    return count;
}

static bool set_option(shape *s, char letter, int64_t value) {
    switch (letter) {
    case 'p':
        s->pad = (int)value;
        return true;
    case 's':
        s->stride = (int)value;
        break;
    case 'd':
        s->dilation = (int)value;
        break;
    default:
        s->groups = value;
    }
    return value > 0;
}

static bool options(const char **at, shape *s, const char *letters) {
    char seen[6] = "";
    while (strchr("-+:", **at) == NULL) { /* nor at the end */
        char letter = *(*at)++;
        int64_t value;
        if (strchr(letters, letter) == NULL || strchr(seen, letter) != NULL) {
            return false;
        }
        seen[strlen(seen)] = letter;
        if (letter == 'i') {
            s->indices = true;
        } else if (!number(at, &value) || !set_option(s, letter, value)) {
            return false;
        }
    }
    return true;
}

static void set_kind(shape *s, bool pooling) {
    s->pooling = pooling;
    s->oc = s->c;
    s->groups = s->dilation = 1;
    s->stride = pooling ? 2 : 1;
    s->pad = pooling ? 0 : 1;
    s->pooled = s->indices = false;
    s->pool = pooling && s->int8 ? SHAPE_MAX_U8 : SHAPE_MAX;
}

static bool parse_pooling(const char **at, shape *s, const char *letters) {
    set_kind(s, true);
    return options(at, s, letters) && **at != '+';
}

/* What stands behind the options of a pooling that is no layer of a network, to the end. */
static bool parse_pool(const char **at, shape *s) {
    for (size_t i = 0; i < sizeof pools / sizeof *pools; i++) {
        if (strcmp(*at, pools[i]) == 0) {
            *at += strlen(*at);
            s->pool = (shape_pool)i;
            return !s->indices || s->pool == SHAPE_MAX || s->pool == SHAPE_MAX_U8 ||
                   s->pool == SHAPE_MAX_S8;
        }
    }
    return false;
}

static bool parse_filter(const char *at, shape *s) {
    const shape_filter *f = shape_filters;
    while (f->word != NULL && strcmp(f->word, at) != 0) {
        f++;
    }
    if (f->word != NULL) {
        set_kind(s, false);
        s->filter = f;
    }
    return s->filter != NULL;
}

static bool parse_convolution(const char **at, shape *s) {
    set_kind(s, false);
    const bool depthwise = word(at, "dw");
    if (depthwise) {
        s->groups = s->c;
    } else if (!number(at, &s->oc) || s->oc == 0) {
        return false;
    }
    if (!options(at, s, depthwise ? "spd" : "spdg")) {
        return false;
    }
    s->pooled = word(at, "+");
    return !s->pooled || (word(at, pool_word) && strchr("-:", **at) != NULL); /* or the end */
}

/* ---- writing ------------------------------------------------------------------------------ */

NT_PRINTF(2, 3) static void append(shape *s, const char *format, ...) {
    const size_t used = strlen(s->text);
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(s->text + used, sizeof s->text - used, format, arguments);
    va_end(arguments);
}

static void append_unless(shape *s, char letter, int64_t value, int64_t left_out) {
    if (value != left_out) {
        append(s, "%c%" PRId64, letter, value);
    }
}

static void append_input(shape *s) {
    s->text[0] = '\0';
    if (s->n != 1) {
        append(s, "%" PRId64 "x", s->n);
    }
    append(s, "%" PRId64 "x%" PRId64 "x%" PRId64, s->c, s->h, s->w);
}

/* What `layer` does, to the text of `s`. */
static void append_layer(shape *s, const shape *layer) {
    const bool pooling = layer->pooling, counted = !pooling && layer->groups > 1;
    const bool depthwise = counted && layer->groups == layer->c && layer->oc == layer->c;
    if (depthwise) {
        append(s, "-dw");
    } else if (!pooling) {
        append(s, "-%" PRId64, layer->oc);
    } else if (s->network) {
        append(s, "-pool");
    }
    append_unless(s, 's', layer->stride, pooling ? 2 : 1);
    append_unless(s, 'p', layer->pad, pooling ? 0 : 1);
    append_unless(s, 'd', layer->dilation, 1);
    append_unless(s, 'g', depthwise ? 1 : layer->groups, 1);
    append(s, "%s%s", layer->pooled ? "+pool" : layer->indices ? "i" : "", pools[layer->pool]);
}

/* ---- both --------------------------------------------------------------------------------- */

/* [Nx]IN-OUT after "fc", [Nx]C after "softmax": rows of a matrix. */
static bool parse_rows(const char *at, bool dense, shape *s) {
    int64_t size[2] = {0};
    const int count = sizes(&at, size, 2);
    *s = (shape){.n = count == 2 ? size[0] : 1, .c = size[count == 2], .h = 1, .w = 1};
    s->dense = dense;
    s->softmax = !dense;
    s->oc = s->c;
    s->groups = s->stride = s->dilation = 1;
    if (count == 0 || (dense && (!word(&at, "-") || !number(&at, &s->oc) || s->oc == 0))) {
        return false;
    }
    append(s, dense ? "fc" : "softmax");
    if (s->n != 1) {
        append(s, "%" PRId64 "x", s->n);
    }
    append(s, "%" PRId64, s->c);
    if (dense) {
        append(s, "-%" PRId64, s->oc);
    }
    return *at == '\0';
}

const char *shape_layers(const shape *network) {
    const char *known = known_as(network->text, 0, 1),
               *text = known != NULL ? known : network->text;
    return text + strcspn(text, "-");
}

bool shape_next_layer(const char **at, shape *s) {
    if (!word(at, "-")) {
        return false;
    }
    const bool good = word(at, pool_word) ? parse_pooling(at, s, "spd") : parse_convolution(at, s);
    append_input(s);
    append_layer(s, s);
    append(s, "%s", s->int8 && !s->pooling ? bytes_word : "");
    return good;
}

/* At the end, behind a convolution or a network: which kind. */
static bool parse_kind(const char *at, shape *s) {
    const bool alone = !s->network && !s->pooling && !s->pooled;
    s->int8 = strcmp(at, bytes_word) == 0;
    s->backward_data = alone && strcmp(at, ":bwd_data") == 0;
    const bool known = s->int8 || s->backward_data;
    append(s, "%s", known ? at : "");
    return known || *at == '\0';
}

/* From the second layer on, to the end or a ":"; `s` is the first one. */
static bool parse_network(const char **at, shape *s) {
    shape whole = {.network = true, .n = s->n, .c = s->c, .h = s->h, .w = s->w}, layer = *s;
    int count = 1;
    append_input(&whole);
    append_layer(&whole, &layer);
    for (; **at == '-' && count < SHAPE_LAYERS; count++) {
        layer.c = layer.oc;
        if (!shape_next_layer(at, &layer)) {
            return false;
        }
        append_layer(&whole, &layer);
    }
    const char *name = known_as(whole.text, 1, 0);
    *s = whole;
    if (name != NULL) {
        snprintf(s->text, sizeof s->text, "%s", name);
    }
    return strlen(whole.text) + sizeof bytes_word < sizeof whole.text;
}

bool shape_parse(const char *text, shape *s) {
    const char *known = known_as(text, 0, 1), *at = known != NULL ? known : text;
    const bool dense = word(&at, "fc");
    int64_t size[4];
    if (dense || word(&at, "softmax")) {
        return parse_rows(at, dense, s);
    }
    const int count = sizes(&at, size, 4);
    if (count < 3) {
        return false;
    }
    const int64_t *chw = size + (count - 3);
    *s = (shape){.n = count == 4 ? size[0] : 1, .c = chw[0], .h = chw[1], .w = chw[2]};
    if (*at == '-') {
        const bool good = shape_next_layer(&at, s) && (*at != '-' || parse_network(&at, s));
        return good && parse_kind(known != NULL ? text + strcspn(text, ":") : at, s);
    }
    if (parse_filter(at, s)) {
        append_input(s);
        append(s, "%s", s->filter->word);
        return true;
    }
    if (!parse_pooling(&at, s, "spdi") || !parse_pool(&at, s)) {
        return false;
    }
    append_input(s);
    append_layer(s, s);
    return true;
}
