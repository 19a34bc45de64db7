#include "name_filter.h"

#include <stdio.h>
#include <string.h>

bool name_filter_init(name_filter *f, const char *text, const char *const *names, size_t count) {
    *f = (name_filter){.names = names, .name_count = count};
    f->everything = *text == '\0' || strcmp(text, "all") == 0;
    f->negated = *text == '-';
    if (f->everything) {
        return true;
    }
    char message[128] = "";
    f->expression = regular_make(text + (f->negated ? 1 : 0), message, sizeof message);
    if (f->expression != NULL) {
        return true;
    }
    fprintf(stderr, "ninetap-bench: --benchmark_filter=%s: %s\n", text, message);
    return false;
}

bool name_filter_keeps(const name_filter *f, const char *name) {
    bool given = f->name_count == 0;
    for (size_t i = 0; !given && i < f->name_count; i++) {
        given = strcmp(f->names[i], name) == 0;
    }
    return given && (f->everything || regular_fits(f->expression, name) != f->negated);
}

void name_filter_free(name_filter *f) {
    regular_free(f->expression);
    f->expression = NULL;
}
