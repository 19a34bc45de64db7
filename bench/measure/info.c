#include "measure/info.h"

#include <stdarg.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#ifdef _WIN32
#include <windows.h>
#define environ _environ
#else
#include <dlfcn.h>
#include <sys/utsname.h>
#include <unistd.h>
#endif
#ifdef _OPENMP
#include <omp.h>
#endif

#include "core/dispatch.h"
#include "core/format.h"
#include "core/machine.h"
#include "measure/gbench.h"
#include "measure/host.h"
#include "ninetap.h"
#include "peers/peer.h"
#include "targets/isa.h"

enum { TEXT = 640 };

static bool aloud; /* on stdout, too */

/* A fact that is "" is unknown. */
NT_PRINTF(2, 3) static void tell(const char *key, const char *format, ...) {
    char text[TEXT];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    const char *value = *text != '\0' ? text : "unknown";
    gb_add_context(key, value);
    if (aloud) {
        printf("  %-16s %s\n", key, value);
    }
}

/* The next word of a list in words. */
NT_PRINTF(3, 4) static void add(char *text, const char *between, const char *format, ...) {
    const size_t used = strlen(text);
    va_list arguments;
    va_start(arguments, format);
    const int length = snprintf(text + used, TEXT - used, "%s", used > 0 ? between : "");
    if (used + (size_t)length < TEXT) {
        vsnprintf(text + used + length, TEXT - used - (size_t)length, format, arguments);
    }
    va_end(arguments);
}

/* ---- what the system tells ---------------------------------------------------------------- */

#ifdef _WIN32
static const char *registry(const char *key, const char *name) {
    static char text[128];
    DWORD bytes = sizeof text;
    const LSTATUS status =
        RegGetValueA(HKEY_LOCAL_MACHINE, key, name, RRF_RT_REG_SZ, NULL, text, &bytes);
    return status == ERROR_SUCCESS ? text : "";
}

static void tell_system(void) {
    SYSTEM_INFO system;
    GetSystemInfo(&system);
    tell("CPU", "%s",
         registry("HARDWARE\\DESCRIPTION\\System\\CentralProcessor\\0", "ProcessorNameString"));
    tell("computer", "%s", registry("HARDWARE\\DESCRIPTION\\System\\BIOS", "SystemProductName"));
    tell("cores", "%lu CPUs", system.dwNumberOfProcessors);
    tell("system", "%s",
         registry("SOFTWARE\\Microsoft\\Windows NT\\CurrentVersion", "ProductName"));
}
#else
/* Where a file has a line that starts with `key`: the rest of it, without what separates it. */
static bool read_line(const char *path, const char *key, char *text, size_t size) {
    FILE *file = fopen(path, "r");
    char line[512];
    bool found = false;
    while (file != NULL && !found && fgets(line, sizeof line, file) != NULL) {
        found = strncmp(line, key, strlen(key)) == 0;
    }
    if (file != NULL) {
        fclose(file);
    }
    if (found) {
        const char *value = line + strlen(key);
        value += strspn(value, " \t:");
        snprintf(text, size, "%.*s", (int)strcspn(value, "\n"), value);
    }
    return found;
}

/* The first of these files that there is. */
typedef struct source {
    const char *path, *key;
} source;

static const char *first_of(const source *sources) {
    static char text[256];
    *text = '\0';
    while (sources->path != NULL && !read_line(sources->path, sources->key, text, sizeof text)) {
        sources++;
    }
    return text;
}

#define FIRST_OF(...) first_of((const source[]){__VA_ARGS__, {NULL, NULL}})
#define SYSFS "/sys/devices/system/cpu/"

static void tell_system(void) {
    struct utsname names = {.sysname = "", .machine = ""};
    (void)uname(&names);
    const char *cpu =
        FIRST_OF({"/proc/cpuinfo", "model name"}, {"/proc/cpuinfo", "Model"}, /* a board of Arm */
                 {"/sys/firmware/devicetree/base/model", ""});
    tell("CPU", "%s", *cpu != '\0' ? cpu : names.machine);
    tell("computer", "%s", FIRST_OF({"/sys/class/dmi/id/product_name", ""}));
    const char *siblings = FIRST_OF({SYSFS "cpu0/topology/thread_siblings_list", ""});
    tell("cores", "%ld CPUs; one core's: %s", sysconf(_SC_NPROCESSORS_ONLN), siblings);
    const double page = (double)sysconf(_SC_PAGESIZE);
    const double memory = (double)sysconf(_SC_PHYS_PAGES) * page;
    tell("memory", "%.1f GiB, pages of %g KiB; transparent huge ones: %s", memory / 0x1p30,
         page / 1024, FIRST_OF({"/sys/kernel/mm/transparent_hugepage/enabled", ""}));
    tell("system", "%s %s %s", names.sysname, names.release, names.machine);
    tell("governor", "%s", FIRST_OF({SYSFS "cpu0/cpufreq/scaling_governor", ""}));
    tell("boost", "%s", FIRST_OF({SYSFS "cpufreq/boost", ""}));
    tell("no turbo", "%s", FIRST_OF({SYSFS "intel_pstate/no_turbo", ""}));
    tell("affinity", "%s", FIRST_OF({"/proc/self/status", "Cpus_allowed_list"}));
}
#endif

/* ---- what the library sees ---------------------------------------------------------------- */

static const char *size_text(int64_t kib, char text[24]) {
    const bool mib = kib >= 1024 && kib % 1024 == 0;
    snprintf(text, 24, "%" PRId64 " %s", mib ? kib / 1024 : kib, mib ? "MiB" : "KiB");
    return text;
}

static void tell_caches(const char *key, const int64_t *bytes) {
    char text[TEXT] = "", size[24];
    for (int level = NT_IN_L1; level < NT_IN_MEMORY; level++) {
        if (bytes[level] > 0) {
            add(text, ", ", "L%d %s", level + 1, size_text(bytes[level] / 1024, size));
        }
    }
    tell(key, "%s", text);
}

static void add_levels(char *text, const char *what, const float values[NT_LEVELS]) {
    add(text, "; ", "%s %g, %g, %g, memory %g", what, (double)values[0], (double)values[1],
        (double)values[2], (double)values[3]);
}

/* The row of costs that predictions come from. */
static void tell_model(void) {
    const nt_isa *isa = nt_find_isa(NULL);
    const nt_machine m = nt_machine_of(isa->name);
    const nt_costs *row = m.costs;
    const nt_issue *issue = m.issue;
    char text[TEXT] = "";
    tell("machine model", "%s, %s", row->name, row->source);
    tell_caches("its caches", m.cache);
    add(text, "; ", "%g GHz; a cycle: %g instructions, of %s %g fused multiply-adds",
        (double)row->ghz, (double)row->width, isa->name, (double)issue->fused);
    add(text, ", ", "%g separate, %g loads, %g stores, %g shuffles", (double)issue->separate,
        (double)issue->loads, (double)issue->stores, (double)issue->shuffles);
    add(text, "; ", "sums' latency %g, %g", (double)issue->fused_latency,
        (double)issue->sum_latency);
    add_levels(text, "loads' latency", row->latency);
    add_levels(text, "bytes read a cycle", row->bytes);
    add(text, "; ", "in flight %g, mispredicted branch %g cycles", (double)row->window,
        (double)row->mispredict);
    tell("its costs", "%s", text);
}

static void tell_isas(void) {
    char usable[TEXT] = "", others[TEXT] = "";
    for (int i = 0; nt_usable_isa(i) != NULL; i++) {
        add(usable, ", ", "%s", nt_usable_isa(i)->name);
    }
    for (int i = 0; nt_compiled_isa(i) != NULL; i++) {
        if (nt_find_isa(nt_compiled_isa(i)->name) == NULL) {
            add(others, ", ", "%s", nt_compiled_isa(i)->name);
        }
    }
    tell("ISAs", "%s", usable);
    tell("ISAs not usable", "%s", *others != '\0' ? others : "none of this build's");
}

/* ---- how it was built, and is run --------------------------------------------------------- */

/* The variables that steer libraries and their threads. */
static void tell_environment(void) {
    static const char *const prefixes[] = {"OMP_", "GOMP_", "KMP_", "NINETAP_", "DNNL_", "ONEDNN_"};
    char text[TEXT] = "";
    for (char **variable = environ; *variable != NULL; variable++) {
        for (size_t i = 0; i < sizeof prefixes / sizeof *prefixes; i++) {
            if (strncmp(*variable, prefixes[i], strlen(prefixes[i])) == 0) {
                add(text, " ", "%s", *variable);
            }
        }
    }
    tell("environment", "%s",
         *text != '\0' ? text : "no OMP_, GOMP_, KMP_, NINETAP_, DNNL_, ONEDNN_ variables");
}

static void tell_openmp(void) {
#if defined(_OPENMP) && !defined(_WIN32)
    int (*function)(void) = omp_get_max_threads;
    void *address;
    Dl_info library;
    memcpy(&address, &function, sizeof address); /* ISO C has no such cast */
    const bool found = dladdr(address, &library) != 0 && library.dli_fname != NULL;
    tell("OpenMP", "%s, OpenMP %d", found ? library.dli_fname : "unknown", _OPENMP);
#elif defined(_OPENMP)
    tell("OpenMP", "OpenMP %d", _OPENMP);
#else
    tell("OpenMP", "none: this program was built without it");
#endif
}

static void tell_peers(void) {
    char key[48], text[TEXT];
    for (size_t i = 0; peers[i] != NULL; i++) {
        snprintf(key, sizeof key, "peer %s", peers[i]->name);
        peers[i]->version(text, sizeof text);
        tell(key, "%s", text);
    }
    for (const char *line = peers_absent; *line != '\0';) {
        const int length = (int)strcspn(line, "\n"), name = (int)strcspn(line, ":\n");
        const int after = name + (int)strspn(line + name, ": ");
        snprintf(key, sizeof key, "no peer %.*s", name, line);
        tell(key, "%.*s", length - after, line + after);
        line += length + (line[length] == '\n' ? 1 : 0);
    }
}

/* The date and the load are Google Benchmark's to tell. */
void info_tell(bool talks) {
    aloud = talks;
    tell("ninetap", "%s", ninetap_version());
    tell_system();
    tell_caches("data caches", host_caches());
    tell_model();
    tell("threads", "%d", host_max_threads());
    tell_openmp();
    tell_environment();
    tell_isas();
#ifdef __clang__
    tell("compiler", "%s", __VERSION__);
#else
    tell("compiler", "gcc %s", __VERSION__);
#endif
    tell("flags", "%s", NINETAP_BENCH_FLAGS);
    tell_peers();
}
