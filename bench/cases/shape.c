#include "cases/shape.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "cases/chain.h"

/* Large enough for every real shape, small enough for an int. */
#define NUMBER_MAX 1000000000

static const char pool_word[] = "pool";
static const char *const pools[] = {"", ":avg", ":mix", ":u8", ":s8", ":unpool"}; /* shape_pool */

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

static bool set_option(shape *s, char letter, int64_t value) {
    if (letter == 'p') {
        s->pad = (int)value;
        return true;
    }
    if (letter == 's') {
        s->stride = (int)value;
    } else if (letter == 'd') {
        s->dilation = (int)value;
    } else {
        s->groups = value;
    }
    return value > 0;
}

static bool ends_layer(char c) {
    return c == '\0' || c == '-' || c == '+' || c == ':';
}

static bool options(const char **at, shape *s, const char *letters) {
    char seen[6] = "";
    while (!ends_layer(**at)) {
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
    if (**at == '+') {
        ++*at;
        s->pooled = word(at, pool_word);
        return s->pooled && (**at == '\0' || **at == '-');
    }
    return true;
}

/* ---- writing ------------------------------------------------------------------------------ */

static void append(shape *s, const char *what, int64_t value) {
    size_t used = strlen(s->text);
    snprintf(s->text + used, sizeof s->text - used, "%s%" PRId64, what, value);
}

static void append_unless(shape *s, const char *what, int64_t value, int64_t left_out) {
    if (value != left_out) {
        append(s, what, value);
    }
}

static void append_text(shape *s, const char *text) {
    size_t used = strlen(s->text);
    snprintf(s->text + used, sizeof s->text - used, "%s", text);
}

static void append_input(shape *s) {
    s->text[0] = '\0';
    if (s->n != 1) {
        append(s, "", s->n);
    }
    append(s, s->n != 1 ? "x" : "", s->c);
    append(s, "x", s->h);
    append(s, "x", s->w);
}

/* What `layer` does, to the text of `s`. */
static void append_layer(shape *s, const shape *layer) {
    const bool pooling = layer->pooling, counted = !pooling && layer->groups > 1;
    const bool depthwise = counted && layer->groups == layer->c && layer->oc == layer->c;
    if (depthwise) {
        append_text(s, "-dw");
    } else if (!pooling) {
        append(s, "-", layer->oc);
    } else if (s->network) {
        append_text(s, "-pool");
    }
    append_unless(s, "s", layer->stride, pooling ? 2 : 1);
    append_unless(s, "p", layer->pad, pooling ? 0 : 1);
    append_unless(s, "d", layer->dilation, 1);
    append_unless(s, "g", depthwise ? 1 : layer->groups, 1);
    append_text(s, layer->pooled ? "+pool" : layer->indices ? "i" : "");
    append_text(s, pools[layer->pool]);
}

static void write_text(shape *s) {
    append_input(s);
    append_layer(s, s);
}

/* [Nx]IN-OUT after "fc", [Nx]C after "softmax": rows of a matrix. */
static bool parse_rows(const char *at, bool dense, shape *parsed) {
    int64_t size[2];
    int count = 0;
    do {
        if (count == 2 || !number(&at, &size[count]) || size[count] == 0) {
            return false;
        }
        count++;
    } while (*at == 'x' && *at++ != '\0');
    shape s = {.n = count == 2 ? size[0] : 1, .c = size[count - 1], .h = 1, .w = 1};
    s.dense = dense;
    s.softmax = !dense;
    s.oc = s.c;
    s.groups = s.stride = s.dilation = 1;
    if (dense && (*at++ != '-' || !number(&at, &s.oc) || s.oc == 0)) {
        return false;
    }
    snprintf(s.text, sizeof s.text, "%s", dense ? "fc" : "softmax");
    if (s.n != 1) {
        append(&s, "", s.n);
        append(&s, "x", s.c);
    } else {
        append(&s, "", s.c);
    }
    if (dense) {
        append(&s, "-", s.oc);
    }
    *parsed = s;
    return *at == '\0';
}

/* ---- both --------------------------------------------------------------------------------- */

static bool parse_input(const char **at, shape *s) {
    int64_t size[4];
    int count = 0;
    do {
        if (count == 4 || !number(at, &size[count]) || size[count] == 0) {
            return false;
        }
        count++;
    } while (**at == 'x' && *(*at)++ != '\0');
    if (count < 3) {
        return false;
    }
    const int64_t *chw = size + (count - 3);
    *s = (shape){.n = count == 4 ? size[0] : 1, .c = chw[0], .h = chw[1], .w = chw[2]};
    return true;
}

bool shape_parse_layer(const char **at, shape *s) {
    if (!word(at, "-")) {
        return false;
    }
    const bool good = word(at, pool_word) ? parse_pooling(at, s, "spd") : parse_convolution(at, s);
    write_text(s);
    return good;
}

/* From the second layer on; `s` is the first one. */
static bool parse_network(const char *at, shape *s) {
    shape whole = {.network = true, .n = s->n, .c = s->c, .h = s->h, .w = s->w}, layer = *s;
    int count = 1;
    append_input(&whole);
    append_layer(&whole, &layer);
    for (; *at != '\0' && count < CHAIN_LAYERS; count++) {
        layer.c = layer.oc;
        if (!shape_parse_layer(&at, &layer)) {
            return false;
        }
        append_layer(&whole, &layer);
    }
    const char *name = chain_name(whole.text);
    *s = whole;
    if (name != NULL) {
        snprintf(s->text, sizeof s->text, "%s", name);
    }
    return *at == '\0' && strlen(whole.text) + 1 < sizeof whole.text;
}

bool shape_parse(const char *text, shape *parsed) {
    if (strncmp(text, "fc", 2) == 0) {
        return parse_rows(text + 2, true, parsed);
    }
    if (strncmp(text, "softmax", 7) == 0) {
        return parse_rows(text + 7, false, parsed);
    }
    const char *known = chain_text(text), *at = known != NULL ? known : text;
    shape s;
    if (!parse_input(&at, &s)) {
        return false;
    }
    const bool good = *at == '-' ? shape_parse_layer(&at, &s)
                                 : parse_pooling(&at, &s, "spdi") && parse_pool(&at, &s);
    if (!good) {
        return false;
    }
    write_text(&s);
    if (*at != '\0' && !parse_network(at, &s)) {
        return false;
    }
    *parsed = s;
    return true;
}
