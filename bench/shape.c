#include "shape.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

/* Large enough for every real shape, small enough for an int. */
#define NUMBER_MAX 1000000000

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

static bool channels(const char **at, shape *s) {
    if (strncmp(*at, "-dw", 3) == 0) {
        *at += 3;
        s->oc = s->groups = s->c;
        return true;
    }
    ++*at; /* the '-' */
    return number(at, &s->oc) && s->oc > 0;
}

static const char *const pools[] = {"", ":avg", ":mix", ":u8", ":s8", ":unpool"};

/* What stands behind the options of a pooling. */
static bool pool_of(const char *text, shape *s) {
    for (size_t i = 0; i < sizeof pools / sizeof *pools; i++) {
        if (strcmp(text, pools[i]) == 0) {
            s->pool = (shape_pool)i;
            return !s->indices || s->pool == SHAPE_MAX || s->pool == SHAPE_MAX_U8 ||
                   s->pool == SHAPE_MAX_S8;
        }
    }
    return false;
}

static bool options(const char **at, shape *s, const char *letters) {
    char seen[6] = "";
    while (**at != '\0' && **at != ':') {
        char letter = *(*at)++;
        int64_t value;
        if (strchr(letters, letter) == NULL || strchr(seen, letter) != NULL) {
            return false;
        }
        seen[strlen(seen)] = letter;
        if (letter == 'i') {
            s->indices = true;
            continue;
        }
        if (!number(at, &value)) {
            return false;
        }
        if (letter == 'p') {
            s->pad = (int)value;
            continue;
        }
        if (value == 0) {
            return false;
        }
        if (letter == 's') {
            s->stride = (int)value;
        } else if (letter == 'd') {
            s->dilation = (int)value;
        } else {
            s->groups = value;
        }
    }
    return true;
}

static void append(shape *s, const char *what, int64_t value) {
    size_t used = strlen(s->text);
    snprintf(s->text + used, sizeof s->text - used, "%s%" PRId64, what, value);
}

static void append_unless(shape *s, const char *what, int64_t value, int64_t left_out) {
    if (value != left_out) {
        append(s, what, value);
    }
}

static void write_text(shape *s) {
    const bool depthwise = !s->pooling && s->groups > 1 && s->groups == s->c && s->oc == s->c;
    s->text[0] = '\0';
    if (s->n != 1) {
        append(s, "", s->n);
    }
    append(s, s->n != 1 ? "x" : "", s->c);
    append(s, "x", s->h);
    append(s, "x", s->w);
    if (depthwise) {
        strcat(s->text, "-dw");
    } else if (!s->pooling) {
        append(s, "-", s->oc);
    }
    append_unless(s, "s", s->stride, s->pooling ? 2 : 1);
    append_unless(s, "p", s->pad, s->pooling ? 0 : 1);
    append_unless(s, "d", s->dilation, 1);
    append_unless(s, "g", depthwise ? 1 : s->groups, 1);
    if (s->indices) {
        strcat(s->text, "i");
    }
    strcat(s->text, pools[s->pool]);
}

bool shape_parse(const char *text, shape *parsed) {
    const char *at = text;
    int64_t size[4];
    int count = 0;
    do {
        if (count == 4 || !number(&at, &size[count]) || size[count] == 0) {
            return false;
        }
        count++;
    } while (*at == 'x' && *at++ != '\0');
    if (count < 3) {
        return false;
    }

    const int64_t *chw = size + (count - 3);
    shape s = {.n = count == 4 ? size[0] : 1, .c = chw[0], .h = chw[1], .w = chw[2]};
    s.pooling = *at != '-';
    s.oc = s.c;
    s.groups = s.dilation = 1;
    s.stride = s.pooling ? 2 : 1;
    s.pad = s.pooling ? 0 : 1;
    if (!s.pooling && !channels(&at, &s)) {
        return false;
    }
    bool depthwise = !s.pooling && s.groups == s.c && at[-1] == 'w';
    if (!options(&at, &s, s.pooling ? "spdi" : depthwise ? "spd" : "spdg")) {
        return false;
    }
    if (*at != '\0' && !(s.pooling && pool_of(at, &s))) {
        return false;
    }
    write_text(&s);
    *parsed = s;
    return true;
}
