#define _GNU_SOURCE /* secure_getenv */
#include "core/environment.h"

#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/dispatch.h"

static const char *lookup(const char *name) {
#ifdef __GLIBC__
    const char *value = secure_getenv(name);
#else
    const char *value = getenv(name);
#endif
    return value != NULL && value[0] != '\0' ? value : NULL;
}

static bool is_on(const char *name) {
    const char *value = lookup(name);
    return value != NULL && strcmp(value, "0") != 0;
}

/* 1 .. 1024; anything else is ignored, as OpenMP does with its own variables. */
static int thread_count(const char *text) {
    char *end = NULL;
    const long n = text == NULL ? 0 : strtol(text, &end, 10);
    return text != NULL && *end == '\0' && n >= 1 && n <= 1024 ? (int)n : 0;
}

const nt_environment *nt_environment_get(void) {
    enum { UNREAD, READING, READ };
    static nt_environment environment;
    static atomic_int state = UNREAD;
    if (atomic_load_explicit(&state, memory_order_acquire) == READ) {
        return &environment;
    }
    int expected = UNREAD;
    if (!atomic_compare_exchange_strong(&state, &expected, READING)) {
        while (atomic_load_explicit(&state, memory_order_acquire) != READ) {
        }
        return &environment;
    }
    const char *name = lookup("NINETAP_ISA");
    environment.isa = name == NULL ? NULL : nt_find_isa(name);
    environment.threads = thread_count(lookup("NINETAP_THREADS"));
    environment.verbose = is_on("NINETAP_VERBOSE");
    environment.tune = is_on("NINETAP_TUNE");
    atomic_store_explicit(&state, READ, memory_order_release);
    if (name != NULL && environment.isa == NULL) {
        fprintf(stderr, "ninetap: NINETAP_ISA=%.32s is not usable here, using %s\n", name,
                nt_usable_isa(0)->name);
    }
    return &environment;
}
