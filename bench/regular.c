#include "regular.h"

#include <regex.h>
#include <stdio.h>
#include <stdlib.h>

struct regular {
    regex_t regex;
};

regular *regular_make(const char *text, char *why, size_t size) {
    regular *r = malloc(sizeof *r);
    if (r == NULL) {
        snprintf(why, size, "out of memory");
        return NULL;
    }
    const int error = regcomp(&r->regex, text, REG_EXTENDED | REG_NOSUB);
    if (error != 0) {
        regerror(error, &r->regex, why, size);
        free(r);
        return NULL;
    }
    return r;
}

bool regular_fits(const regular *r, const char *name) {
    return regexec(&r->regex, name, 0, NULL, 0) == 0;
}

void regular_free(regular *r) {
    if (r != NULL) {
        regfree(&r->regex);
        free(r);
    }
}
