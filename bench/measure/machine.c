#include "measure/host.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/utsname.h>
#include <unistd.h>

#ifdef __linux__
#include <sched.h>
#endif
#ifdef __GLIBC__
#include <gnu/libc-version.h>
#endif

void machine_cpu(char *text, size_t size) {
    /* x86 and some others; the board of an ARM computer; else the architecture. */
    if (host_read_line("/proc/cpuinfo", "model name", text, size) ||
        host_read_line("/proc/cpuinfo", "Model", text, size) ||
        host_read_line("/sys/firmware/devicetree/base/model", "", text, size)) {
        return;
    }
    struct utsname system;
    snprintf(text, size, "%s", uname(&system) == 0 ? system.machine : "unknown");
}

/* x86 only; elsewhere the computer's name has to say it. */
static bool is_virtual(void) {
    FILE *file = fopen("/proc/cpuinfo", "r");
    char *line = NULL;
    size_t room = 0;
    bool found = false;
    while (file != NULL && !found && getline(&line, &room, file) > 0) {
        found = strncmp(line, "flags", 5) == 0 && strstr(line, " hypervisor") != NULL;
    }
    free(line);
    if (file != NULL) {
        fclose(file);
    }
    return found;
}

void machine_computer(char *text, size_t size) {
    char vendor[64], product[64];
    bool named = host_read_line("/sys/class/dmi/id/sys_vendor", "", vendor, sizeof vendor) &&
                 host_read_line("/sys/class/dmi/id/product_name", "", product, sizeof product);
    snprintf(text, size, "%s%s%s%s", named ? vendor : "unknown", named ? " " : "",
             named ? product : "", is_virtual() ? ", a virtual machine" : "");
}

void machine_cores(char *text, size_t size) {
    const char *path = "/sys/devices/system/cpu/cpu0/topology/thread_siblings_list";
    char siblings[64] = "0";
    host_read_line(path, "", siblings, sizeof siblings);
    long count = sysconf(_SC_NPROCESSORS_ONLN);
    snprintf(text, size, "%ld CPU%s%s%s", count, count == 1 ? "" : "s",
             strcmp(siblings, "0") == 0 ? ", each a core" : "; one core's: ",
             strcmp(siblings, "0") == 0 ? "" : siblings);
}

void machine_affinity(char *text, size_t size) {
    if (!host_read_line("/proc/self/status", "Cpus_allowed_list", text, size)) {
        snprintf(text, size, "unknown");
    }
}

void machine_memory(char *text, size_t size) {
    long pages = sysconf(_SC_PHYS_PAGES), page = sysconf(_SC_PAGESIZE);
    char huge[64] = "";
    host_read_line("/sys/kernel/mm/transparent_hugepage/enabled", "", huge, sizeof huge);
    const char *chosen = strchr(huge, '[');
    int length = chosen != NULL ? (int)strcspn(++chosen, "]") : 0;
    snprintf(text, size, "%.1f GiB, pages of %ld KiB%s%.*s", (double)pages * (double)page / 0x1p30,
             page / 1024, length > 0 ? ", transparent huge ones: " : "", length,
             length > 0 ? chosen : "");
}

void machine_governor(char *text, size_t size) {
    char governor[32], boost[8];
    if (!host_read_line("/sys/devices/system/cpu/cpu0/cpufreq/scaling_governor", "", governor,
                        sizeof governor)) {
        snprintf(text, size, "unknown");
        return;
    }
    const char *turbo = "";
    if (host_read_line("/sys/devices/system/cpu/intel_pstate/no_turbo", "", boost, sizeof boost)) {
        turbo = *boost == '0' ? ", boost on" : ", boost off";
    } else if (host_read_line("/sys/devices/system/cpu/cpufreq/boost", "", boost, sizeof boost)) {
        turbo = *boost == '1' ? ", boost on" : ", boost off";
    }
    snprintf(text, size, "%s%s", governor, turbo);
}

void machine_load(char *text, size_t size) {
    double load;
    if (getloadavg(&load, 1) == 1) {
        snprintf(text, size, "%.2f", load);
    } else {
        snprintf(text, size, "unknown");
    }
}

void machine_system(char *text, size_t size) {
    struct utsname system;
    if (uname(&system) != 0) {
        snprintf(text, size, "unknown");
        return;
    }
#ifdef __GLIBC__
    snprintf(text, size, "%s %s %s, glibc %s", system.sysname, system.release, system.machine,
             gnu_get_libc_version());
#else
    snprintf(text, size, "%s %s %s", system.sysname, system.release, system.machine);
#endif
}

bool host_read_line(const char *path, const char *key, char *text, size_t size) {
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

size_t host_cache(int level) {
    for (int i = 0; i < 16; i++) {
        char path[96], text[32];
        const char *directory = "/sys/devices/system/cpu/cpu0/cache";
        snprintf(path, sizeof path, "%s/index%d/level", directory, i);
        if (!host_read_line(path, "", text, sizeof text)) {
            return 0;
        }
        if (strtol(text, NULL, 10) != level) {
            continue;
        }
        snprintf(path, sizeof path, "%s/index%d/type", directory, i);
        if (!host_read_line(path, "", text, sizeof text) || strcmp(text, "Instruction") == 0) {
            continue;
        }
        snprintf(path, sizeof path, "%s/index%d/size", directory, i); /* "32K" */
        return host_read_line(path, "", text, sizeof text) ? strtoul(text, NULL, 10) * 1024 : 0;
    }
    return 0;
}
