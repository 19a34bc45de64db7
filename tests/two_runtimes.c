/* two_runtimes.c LIBRARY: beside the OpenMP runtime of this build another compiler's, brought by
 * LIBRARY as plug-ins bring them. Calls before, between, after and within its regions. */
#include <dlfcn.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ninetap.h"
#include "support/workload.h"

typedef void region_fn(int threads, void (*body)(void *), void *argument);

enum { TEAM = 2 };
static atomic_int members, wrong;
static _Alignas(int64_t) float dst[TEAM][WORK_FLOATS];

static void member(void *unused) {
    (void)unused;
    const int me = members++;
    for (int call = 0; call < work_count() && me < TEAM; call++) {
        memset(dst[me], 0, sizeof dst[me]);
        wrong += work_do(call, 3, dst[me]) != NINETAP_OK || !work_right(call, dst[me]);
    }
}

static bool is_mapped(const char *name) {
    char line[1024];
    bool found = false;
    FILE *maps = fopen("/proc/self/maps", "r");
    while (maps != NULL && fgets(line, sizeof line, maps) != NULL)
        found = found || strstr(line, name) != NULL;
    if (maps != NULL)
        fclose(maps);
    return found;
}

static bool run_beside(region_fn *region) {
    bool ok = work_all(3);
    for (int i = 0; i < 4 && ok; i++) {
        members = 0;
        region(TEAM, member, NULL);
        ok = members == TEAM && wrong == 0 && work_all(i % 2 == 0 ? 3 : 0);
    }
    return ok;
}

int main(int argc, char **argv) {
    work_prepare(ninetap_isa_name(0));
    void *library = argc == 2 ? dlopen(argv[1], RTLD_NOW | RTLD_LOCAL) : NULL;
    void *symbol = library != NULL ? dlsym(library, "other_region") : NULL;
    if (symbol == NULL) {
        fprintf(stderr, "%s\n", dlerror());
        return EXIT_FAILURE;
    }
    region_fn *region;
    memcpy(&region, &symbol, sizeof region);
    if (!run_beside(region)) {
        fprintf(stderr, "%d members, %d wrong results\n", members, wrong);
        return EXIT_FAILURE;
    }
    if (!is_mapped("libgomp.so") || !is_mapped("libomp.so")) {
        fprintf(stderr, "only one runtime was there\n");
        return EXIT_FAILURE;
    }
    return EXIT_SUCCESS;
}
