#include "filters.h"

#include <ctype.h>
#include <stdbool.h>
#include <stddef.h>

#define NINTH (1.0F / 9)

const filter named_filters[NAMED_FILTERS] = {
    {"identity", {0, 0, 0, 0, 1, 0, 0, 0, 0}},
    {"sharpen", {0, -1, 0, -1, 5, -1, 0, -1, 0}},
    {"box", {NINTH, NINTH, NINTH, NINTH, NINTH, NINTH, NINTH, NINTH, NINTH}},
    {"Gaussian", {0.0625F, 0.125F, 0.0625F, 0.125F, 0.25F, 0.125F, 0.0625F, 0.125F, 0.0625F}},
    {"Sobel x", {-1, 0, 1, -2, 0, 2, -1, 0, 1}},
    {"Sobel y", {-1, -2, -1, 0, 0, 0, 1, 2, 1}},
    {"Laplacian", {0, 1, 0, 1, -4, 1, 0, 1, 0}},
    {"emboss", {-2, -1, 0, -1, 1, 1, 0, 1, 2}},
};

static int plain(char c) {
    return c == '-' ? ' ' : tolower((unsigned char)c);
}

static bool is_named(const filter *f, const char *name) {
    size_t i = 0;
    while (name[i] && plain(f->name[i]) == plain(name[i]))
        i++;
    return !name[i] && !f->name[i];
}

const filter *filter_find(const char *name) {
    for (const filter *f = named_filters; f < named_filters + NAMED_FILTERS; f++)
        if (is_named(f, name))
            return f;
    return NULL;
}
