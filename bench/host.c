#include "host.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/utsname.h>
#include <time.h>

#ifdef __linux__
#include <sched.h>
#endif
#ifdef _OPENMP
#include <omp.h>
#endif

double host_seconds(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

int host_max_threads(void) {
#ifdef _OPENMP
    return omp_get_max_threads();
#else
    return 1;
#endif
}

#ifdef __linux__
static cpu_set_t everywhere; /* where the process could run when it started */

/* Fails in some sandboxes, which costs steadiness only. */
static void hold_on(int cpu) {
    cpu_set_t one;
    CPU_ZERO(&one);
    CPU_SET((size_t)cpu, &one);
    (void)sched_setaffinity(0, sizeof one, &one);
}

#ifdef _OPENMP
static int nth_cpu(int n) {
    int cpu = -1;
    do {
        cpu++;
        n -= CPU_ISSET((size_t)cpu, &everywhere) ? 1 : 0;
    } while (n >= 0);
    return cpu;
}

/* The runtime keeps its threads, so they stay held while kernels use them. Not held, a thread that
 * was on one CPU a moment ago may share it with another thread while a second CPU idles. */
static void hold_each(int threads) {
    if (threads == CPU_COUNT(&everywhere) && omp_get_proc_bind() == omp_proc_bind_false) {
#pragma omp parallel num_threads(threads)
        hold_on(nth_cpu(omp_get_thread_num()));
    }
}
#endif

void host_pin(int threads) {
    static int favourite = -1, now = -1;
    if (threads == now) {
        return;
    }
    if (favourite < 0) {
        if (sched_getaffinity(0, sizeof everywhere, &everywhere) != 0) {
            return;
        }
        /* What the scheduler chose for a busy thread: a fast one, where CPUs differ. */
        favourite = sched_getcpu();
    }
    if (favourite < 0 || favourite >= CPU_SETSIZE) {
        return;
    }
    now = threads;
    (void)sched_setaffinity(0, sizeof everywhere, &everywhere);
    if (threads == 1) {
        hold_on(favourite);
        return;
    }
#ifdef _OPENMP
    hold_each(threads);
#endif
}
#else
void host_pin(int threads) {
    (void)threads;
}
#endif

/* The first line of the file that starts with `key`, without the key and what separates it. */
static bool read_line(const char *path, const char *key, char *text, size_t size) {
    FILE *file = fopen(path, "r");
    if (file == NULL) {
        return false;
    }
    char line[512];
    bool found = false;
    while (!found && fgets(line, sizeof line, file) != NULL) {
        found = strncmp(line, key, strlen(key)) == 0;
    }
    fclose(file);
    if (!found) {
        return false;
    }
    const char *value = line + strlen(key);
    value += strspn(value, " \t:");
    snprintf(text, size, "%.*s", (int)strcspn(value, "\n"), value);
    return true;
}

void host_cpu_model(char *text, size_t size) {
    /* x86 and some others; the board of an ARM computer; else the architecture. */
    if (read_line("/proc/cpuinfo", "model name", text, size) ||
        read_line("/proc/cpuinfo", "Model", text, size) ||
        read_line("/sys/firmware/devicetree/base/model", "", text, size)) {
        return;
    }
    struct utsname system;
    snprintf(text, size, "%s", uname(&system) == 0 ? system.machine : "unknown");
}

size_t host_cache(int level) {
    for (int i = 0; i < 16; i++) {
        char path[96], text[32];
        const char *directory = "/sys/devices/system/cpu/cpu0/cache";
        snprintf(path, sizeof path, "%s/index%d/level", directory, i);
        if (!read_line(path, "", text, sizeof text)) {
            return 0;
        }
        if (strtol(text, NULL, 10) != level) {
            continue;
        }
        snprintf(path, sizeof path, "%s/index%d/type", directory, i);
        if (!read_line(path, "", text, sizeof text) || strcmp(text, "Instruction") == 0) {
            continue;
        }
        snprintf(path, sizeof path, "%s/index%d/size", directory, i); /* "32K" */
        return read_line(path, "", text, sizeof text) ? strtoul(text, NULL, 10) * 1024 : 0;
    }
    return 0;
}

void host_caches(char *text, size_t size) {
    static const char *const names[] = {"L1d", "L2", "L3", "L4"};
    size_t used = 0;
    snprintf(text, size, "unknown");
    for (int level = 1; level <= 4 && used < size; level++) {
        size_t kib = host_cache(level) / 1024;
        if (kib == 0) {
            continue;
        }
        bool mib = kib % 1024 == 0;
        used += (size_t)snprintf(text + used, size - used, "%s%s %zu %s", used > 0 ? ", " : "",
                                 names[level - 1], mib ? kib / 1024 : kib, mib ? "MiB" : "KiB");
    }
}
