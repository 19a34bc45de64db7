#include "corpus.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

check_case *corpus_add(corpus *c, const nt_operation *op, const void *problem) {
    if (c->count == c->room) {
        const size_t room = c->room == 0 ? 256 : 2 * c->room;
        check_case *cases = realloc(c->cases, room * sizeof *cases);
        if (cases == NULL) {
            return NULL;
        }
        c->cases = cases;
        c->room = room;
    }
    check_case *added = &c->cases[c->count++];
    *added = (check_case){.op = op};
    memcpy(&added->problem, problem, op->size);
    return added;
}

void corpus_name(check_case *c, const char *format, ...) {
    const size_t length = strlen(c->name);
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(c->name + length, sizeof c->name - length, format, arguments);
    va_end(arguments);
}

const char *corpus_data(int data) {
    return data == DATA_SMALL ? "/integers" : data == DATA_RANDOM ? "" : "/special";
}

void corpus_name_padding(check_case *c, const int pad[4]) {
    if (pad[0] != pad[1] || pad[0] != pad[2] || pad[0] != pad[3]) {
        corpus_name(c, "/p%d.%d.%d.%d", pad[0], pad[1], pad[2], pad[3]);
    } else if (pad[0] != 0) {
        corpus_name(c, "/p%d", pad[0]);
    }
}

void corpus_pitches(ninetap_layout layout, int64_t c, int64_t h, int64_t w, int64_t pitch[3]) {
    const bool nchw = layout == NINETAP_NCHW;
    pitch[2] = (nchw ? w : c) + 3;
    pitch[1] = (nchw ? h : w) * pitch[2] + 5;
    pitch[0] = (nchw ? c : h) * pitch[1] + 7;
}

static int by_name(const void *a, const void *b) {
    return strcmp(((const check_case *)a)->name, ((const check_case *)b)->name);
}

bool corpus_make(corpus *c) {
    *c = (corpus){0};
    bool good = true;
#define OPERATION(name) good = good && corpus_##name(c);
#include "selftest/list.h"
    if (!good) {
        fputs("ninetap-check: out of memory\n", stderr);
        return false;
    }
    qsort(c->cases, c->count, sizeof *c->cases, by_name);
    for (size_t i = 1; i < c->count; i++) {
        if (strcmp(c->cases[i - 1].name, c->cases[i].name) == 0) {
            fprintf(stderr, "ninetap-check: two cases are called %s\n", c->cases[i].name);
            return false;
        }
    }
    return true;
}

void corpus_free(corpus *c) {
    free(c->cases);
    *c = (corpus){0};
}
