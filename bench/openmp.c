#include "openmp.h"

#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#ifdef _OPENMP
#include <dlfcn.h>
#include <omp.h>

void openmp_runtime(char *text, size_t size) {
    int (*function)(void) = omp_get_max_threads;
    void *address;
    Dl_info library;
    memcpy(&address, &function, sizeof address); /* ISO C has no such cast */
    bool found = dladdr(address, &library) != 0 && library.dli_fname != NULL;
    snprintf(text, size, "%s, OpenMP %d", found ? library.dli_fname : "unknown", _OPENMP);
}
#else
void openmp_runtime(char *text, size_t size) {
    snprintf(text, size, "none: this program was built without it");
}
#endif
