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
    int error = regcomp(&f->regex, text + (f->negated ? 1 : 0), REG_EXTENDED | REG_NOSUB);
    if (error == 0) {
        return true;
    }
    char message[128];
    regerror(error, &f->regex, message, sizeof message);
    fprintf(stderr, "ninetap-bench: --benchmark_filter=%s: %s\n", text, message);
    return false;
}

bool name_filter_keeps(const name_filter *f, const char *name) {
    bool given = f->name_count == 0;
    for (size_t i = 0; !given && i < f->name_count; i++) {
        given = strcmp(f->names[i], name) == 0;
    }
    return given && (f->everything || (regexec(&f->regex, name, 0, NULL, 0) == 0) != f->negated);
}

void name_filter_free(name_filter *f) {
    if (!f->everything) {
        regfree(&f->regex);
    }
}
