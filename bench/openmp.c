#include "openmp.h"

#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#ifdef _OPENMP
#include <omp.h>
#ifdef _WIN32
#include <windows.h>
#else
#include <dlfcn.h>
#endif

void openmp_runtime(char *text, size_t size) {
    int (*function)(void) = omp_get_max_threads;
    void *address;
    memcpy(&address, &function, sizeof address); /* ISO C has no such cast */
#ifdef _WIN32
    char name[MAX_PATH] = "linked in";
    HMODULE library = GetModuleHandleA("libgomp-1.dll"); /* the address is of a thunk */
    (void)address;
    if (library != NULL) {
        GetModuleFileNameA(library, name, sizeof name);
    }
#else
    Dl_info library;
    bool found = dladdr(address, &library) != 0 && library.dli_fname != NULL;
    const char *name = found ? library.dli_fname : "unknown";
#endif
    snprintf(text, size, "%s, OpenMP %d", name, _OPENMP);
}
#else
void openmp_runtime(char *text, size_t size) {
    snprintf(text, size, "none: this program was built without it");
}
#endif
