/* The machine model: rows of costs, which row a CPU has, its caches, and NINETAP_MACHINE. */
#include <errno.h>
#include <math.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/dispatch.h"
#include "core/machine.h"
#include "support/suite.h"
#include "targets/isa.h"

/* ---- rows ---- */

static bool is_generic(const nt_costs *row) {
    return strncmp(row->name, "generic-", 8) == 0;
}

static void check_issue(const nt_costs *row, const nt_issue *issue) {
    REQUIRE(issue->separate >= 0.25F && issue->separate <= 4.0F);
    REQUIRE(issue->fused == 0.0F || (issue->fused >= issue->separate && issue->fused <= 8.0F));
    REQUIRE(issue->loads >= 0.25F && issue->loads <= 4.0F);
    REQUIRE(issue->stores >= 0.25F && issue->stores <= issue->loads * 2.0F);
    REQUIRE(issue->shuffles >= 0.25F && issue->shuffles <= 8.0F);
    REQUIRE(issue->sum_latency >= 1.0F && issue->sum_latency <= 8.0F);
    REQUIRE((issue->fused == 0.0F) ==
            (strcmp(issue->isa, "sse2") == 0 || strcmp(issue->isa, "wasm128") == 0));
    REQUIRE(issue->fused_latency >= 2.0F && issue->fused_latency <= 8.0F);
    /* what it starts in a cycle it can also decode */
    REQUIRE(issue->fused <= row->width && issue->loads <= row->width);
}

static void check_row(const nt_costs *row) {
    int issues = 0;
    for (int i = 0; i < NT_COSTS_ISAS; i++) {
        if (row->issue[i].isa[0] != '\0') {
            check_issue(row, &row->issue[i]);
            issues = i + 1;
        }
    }
    REQUIRE(issues > 0 && row->issue[issues - 1].isa[0] != '\0');
    REQUIRE(memchr(row->name, '\0', sizeof row->name) != NULL);
    REQUIRE(is_generic(row) ? strncmp(row->source, "estimated: ", 11) == 0
                            : strncmp(row->source, "measured ", 9) == 0 ||
                                  strncmp(row->source, "published: ", 11) == 0);
    REQUIRE(row->ghz >= 1.0F && row->ghz <= 6.0F);
    REQUIRE(row->width >= 1.0F && row->width <= 16.0F);
    REQUIRE(row->window >= 0.0F && row->window <= 1024.0F);
    REQUIRE(row->mispredict >= 5.0F && row->mispredict <= 30.0F);
    for (int level = NT_IN_L1; level < NT_IN_MEMORY; level++) {
        REQUIRE(row->latency[level] < row->latency[level + 1]);
        REQUIRE(row->bytes[level] >= row->bytes[level + 1]);
        REQUIRE(level == NT_IN_L1 || row->kib[level] == 0 || row->kib[level] > row->kib[level - 1]);
    }
    REQUIRE(row->bytes[NT_IN_MEMORY] >= 1.0F);
    REQUIRE(row->kib[NT_IN_L1] >= 16 && row->kib[NT_IN_L2] >= 64);
    REQUIRE((int64_t)row->near_kib * 1024 >= NT_LEAST_NEAR_BYTES);
    const nt_machine m = {.costs = row,
                          .cache = {0, (int64_t)row->kib[1] * 1024, (int64_t)row->kib[2] * 1024}};
    REQUIRE(nt_last_cache(&m) >= NT_LEAST_NEAR_BYTES / 2);
}

static void rows(void) {
    for (int i = 0; i < nt_costs_count; i++) {
        const nt_costs *row = &nt_costs_rows[i];
        check_row(row);
        REQUIRE(nt_find_costs(row->name) == i); /* no name twice */
        REQUIRE(is_generic(row) == (row->cpus[0].vendor == 0));
        REQUIRE(i == 0 || !is_generic(&nt_costs_rows[i - 1]) || is_generic(row));
        for (int k = 0; k < NT_COSTS_RANGES && row->cpus[k].vendor != 0; k++) {
            const nt_cpu_range *r = &row->cpus[k];
            REQUIRE(r->first <= r->last);
            for (unsigned model = r->first; model <= r->last; model++) { /* no CPU twice */
                const nt_cpu cpu = {.vendor = r->vendor, .family = r->family, .model = model};
                REQUIRE(nt_find_costs_of_cpu(&cpu) == i);
            }
        }
    }
    static const char *const wanted[] = {"zen2",
                                         "zen3",
                                         "zen4",
                                         "zen5",
                                         "skylake-x",
                                         "icelake",
                                         "sapphire-rapids",
                                         "neoverse-n1",
                                         "neoverse-v1",
                                         "neoverse-v2",
                                         "cortex-a55",
                                         "cortex-a76",
                                         "apple-m1"};
    for (size_t i = 0; i < sizeof wanted / sizeof *wanted; i++)
        REQUIRE(nt_find_costs(wanted[i]) >= 0);
    REQUIRE(nt_find_costs("") == -1 && nt_find_costs("zen") == -1 && nt_find_costs("zen44") == -1);
}

/* Each instruction set on each row: also where a test forces both, and they do not go together. */
static void every_isa(void) {
    static const char *const isas[] = {"avx512", "avx2", "sse2", "neon", "wasm128", "scalar"};
    for (size_t k = 0; k < sizeof isas / sizeof *isas; k++) {
        REQUIRE(strcmp(nt_generic_costs(isas[k])->name + 8, isas[k]) == 0);
        for (int i = -1; i < nt_costs_count; i++) {
            const nt_machine m = nt_machine_of_row(i, isas[k]);
            REQUIRE(m.costs != NULL && m.issue != NULL && m.issue->separate > 0.0F);
            REQUIRE(strcmp(m.issue->isa, isas[k]) == 0 || strcmp(isas[k], "scalar") == 0);
            REQUIRE(m.cache[NT_IN_L1] > 0 && m.cache[NT_IN_L2] > m.cache[NT_IN_L1]);
        }
    }
    for (int i = 0; nt_compiled_isa(i) != NULL; i++) /* a new target needs a row */
        REQUIRE(strcmp(nt_generic_costs(nt_compiled_isa(i)->name)->name + 8,
                       nt_compiled_isa(i)->name) == 0);
}

/* ---- predictions ---- */

static bool near(double a, double b) {
    return fabs(a - b) <= 1e-3 * fabs(b);
}

static void predictions(void) {
    const nt_machine wide = nt_machine_of_row(nt_find_costs("zen4"), "avx512");
    const nt_machine m = nt_machine_of_row(nt_find_costs("zen4"), "avx2");
    /* 14 x 2 sums, 16 loads, one multiply-add a cycle */
    REQUIRE(near(nt_step_cycles(&wide, true, 28.0, 16.0), 28.0));
    /* 6 x 2 sums, two a cycle; three pairs of sums wait for each other, four cycles */
    REQUIRE(near(nt_step_cycles(&m, true, 12.0, 8.0), 6.0));
    REQUIRE(near(nt_step_cycles(&m, true, 6.0, 5.0), 4.0));
    /* more loads than multiply-adds */
    REQUIRE(near(nt_step_cycles(&wide, true, 14.0, 20.0), 20.0));
    /* of a short loop the sums do not wait */
    REQUIRE(nt_short_step_cycles(&m, true, 3.0, 5.0, 9.0) < 3.0);
    REQUIRE(near(nt_short_step_cycles(&m, true, 6.0, 5.0, 1e6), 4.0));
    /* an instruction set without multiply-adds has none */
    const nt_machine narrow = nt_machine_of_row(nt_find_costs("skylake-x"), "sse2");
    REQUIRE(
        near(nt_step_cycles(&narrow, true, 8.0, 6.0), nt_step_cycles(&narrow, false, 8.0, 6.0)));
    /* in order, a load takes its own time */
    const nt_machine in_order = nt_machine_of_row(nt_find_costs("cortex-a55"), "neon");
    REQUIRE(nt_step_cycles(&in_order, true, 28.0, 16.0) >= 28.0 + 16.0);

    for (int i = 0; i < nt_costs_count; i++) {
        const nt_machine r = nt_machine_of_row(i, nt_costs_rows[i].issue[0].isa);
        REQUIRE(nt_level_of(&r, 1024.0) == NT_IN_L1 && nt_level_of(&r, 1e12) == NT_IN_MEMORY);
        nt_level last = NT_IN_L1;
        double cycles = 0.0;
        for (int step = 1; step < 1000; step++) {
            const double bytes = 1024.0 * pow(1.02, step);
            const nt_level level = nt_level_of(&r, bytes);
            const double now = nt_read_cycles(&r, level, bytes);
            REQUIRE(level >= last && now > cycles);
            REQUIRE(nt_write_cycles(&r, level, bytes) > now);
            const double shown = nt_exposed_cycles(&r, level, bytes, now / 2.0);
            REQUIRE(level == NT_IN_L1 || (shown >= now / 2.0 && shown <= now * 1.0001));
            REQUIRE(nt_exposed_cycles(&r, level, bytes, 0.0) <= now * 1.0001);
            last = level;
            cycles = now;
        }
        REQUIRE(nt_end_cycles(&r, true) > 0.0 && nt_code_cycles(&r, 100.0, 1.0) > 0.0);
        REQUIRE(nt_move_cycles(&r, 1.0, 1.0, 1.0) > nt_move_cycles(&r, 1.0, 1.0, 0.0));
    }
}

static void thread_counts(void) {
    const double wake = NT_WAKE_CYCLES;
    REQUIRE(nt_threads_worth(1.9 * wake, wake, 100, 8) == 1);
    REQUIRE(nt_threads_worth(1e9 * wake, wake, 100, 1) == 1);
    REQUIRE(nt_threads_worth(1e9 * wake, wake, 1, 8) == 1);
    REQUIRE(nt_threads_worth(NAN, wake, 100, 8) == 1);
#ifdef _OPENMP
    REQUIRE(nt_threads_worth(2.1 * wake, wake, 100, 8) == 2);
    REQUIRE(nt_threads_worth(1e30 * wake, wake, 100, 8) == 8);
    REQUIRE(nt_threads_worth(1e30 * wake, wake, 3, 8) == 3);
#endif
}

/* ---- x86: what cpuid said ---- */

typedef struct recorded {
    unsigned leaf, subleaf, registers[4];
} recorded;

static const recorded *recording; /* ends with a leaf of all ones */

static void recorded_cpuid(unsigned leaf, unsigned subleaf, unsigned registers[4]) {
    memset(registers, 0, 4 * sizeof *registers);
    for (const recorded *r = recording; r->leaf != ~0U; r++) {
        if (r->leaf == leaf && r->subleaf == subleaf)
            memcpy(registers, r->registers, sizeof r->registers);
    }
}

#define INTEL                                        \
    {                                                \
        0, 0, {                                      \
            0x16, 0x756E6547, 0x6C65746E, 0x49656E69 \
        }                                            \
    }
#define AMD                                          \
    {                                                \
        0, 0, {                                      \
            0x10, 0x68747541, 0x444D4163, 0x69746E65 \
        }                                            \
    }

/* A virtual EPYC of two cores. */
static const recorded zen3[] = {AMD,
                                {1, 0, {0x00A00F11, 0x01020800, 0xFFFA3203, 0x178BFBFF}},
                                {0x80000000U, 0, {0x80000022U, 0x68747541, 0x444D4163, 0x69746E65}},
                                {0x80000001U, 0, {0x00A00F11, 0x40000000, 0x004003F3, 0x2FD3FBFF}},
                                {0x8000001DU, 0, {0x00000121, 0x01C0003F, 0x0000003F, 0}},
                                {0x8000001DU, 1, {0x00000122, 0x01C0003F, 0x0000003F, 0}},
                                {0x8000001DU, 2, {0x00000143, 0x01C0003F, 0x000003FF, 2}},
                                {0x8000001DU, 3, {0x00004163, 0x03C0003F, 0x00007FFF, 1}},
                                {~0U, 0, {0}}};
/* A Core i7-7800X. */
static const recorded skylake_x[] = {INTEL,
                                     {1, 0, {0x00050654, 0x000C0800, 0x7FFEFBBF, 0xBFEBFBFF}},
                                     {4, 0, {0x1C004121, 0x01C0003F, 0x0000003F, 0}},
                                     {4, 1, {0x1C004122, 0x01C0003F, 0x0000003F, 0}},
                                     {4, 2, {0x1C004143, 0x03C0003F, 0x000003FF, 0}},
                                     {4, 3, {0x1C03C163, 0x0280003F, 0x00002FFF, 4}},
                                     {~0U, 0, {0}}};
/* A Xeon Platinum 8370C, of a hypervisor. */
static const recorded ice_lake[] = {INTEL,
                                    {1, 0, {0x000606A6, 0x00400800, 0xFEDA3223, 0x1F8BFBFF}},
                                    {4, 0, {0x7C004121, 0x02C0003F, 0x0000003F, 0}},
                                    {4, 1, {0x7C004122, 0x01C0003F, 0x0000003F, 0}},
                                    {4, 2, {0x7C004143, 0x04C0003F, 0x000003FF, 0}},
                                    {4, 3, {0x7C0FC163, 0x02C0003F, 0x0000FFFF, 0}},
                                    {~0U, 0, {0}}};

static nt_cpu decode(const recorded *values) {
    recording = values;
    return nt_cpu_of_cpuid(recorded_cpuid);
}

static void check_decoded(const recorded *values, const char *name, bool guest, int l1, int l2,
                          int l3) {
    const nt_cpu cpu = decode(values);
    const int row = nt_find_costs_of_cpu(&cpu);
    REQUIRE(row >= 0 && strcmp(nt_costs_rows[row].name, name) == 0);
    REQUIRE(cpu.guest == guest);
    REQUIRE(cpu.kib[0] == l1 && cpu.kib[1] == l2 && cpu.kib[2] == l3);
}

static void cpuid_values(void) {
    check_decoded(zen3, "zen3", true, 32, 512, 32 * 1024);
    check_decoded(skylake_x, "skylake-x", false, 32, 1024, 8448);
    check_decoded(ice_lake, "icelake", true, 48, 1280, 48 * 1024);

    /* A guest does not get all of a server's last cache; a host does. */
    nt_cpu cpu = decode(ice_lake);
    const int row = nt_find_costs_of_cpu(&cpu);
    nt_machine m = nt_machine_of_cpu(row, &cpu, "avx2");
    REQUIRE(m.cache[NT_IN_L2] == 1280 * 1024);
    REQUIRE(m.cache[NT_IN_L3] == (int64_t)nt_costs_rows[row].kib[NT_IN_L3] * 1024);
    cpu.guest = false;
    m = nt_machine_of_cpu(row, &cpu, "avx2");
    REQUIRE(m.cache[NT_IN_L3] == (int64_t)48 * 1024 * 1024);

    /* Another vendor's, and one that tells nothing. */
    static const recorded other[] = {{0, 0, {0x16, 1, 2, 3}}, {~0U, 0, {0}}};
    REQUIRE(decode(other).vendor == 0);
    static const recorded nothing[] = {{~0U, 0, {0}}};
    REQUIRE(decode(nothing).vendor == 0);
    static const recorded old[] = {{0, 0, {0, 0x756E6547, 0x6C65746E, 0x49656E69}}, {~0U, 0, {0}}};
    REQUIRE(decode(old).vendor == 0);
    /* A hypervisor that hides the caches: the row's. */
    static const recorded hidden[] = {AMD, {1, 0, {0x00A00F11, 0, 0x80000000U, 0}}, {~0U, 0, {0}}};
    cpu = decode(hidden);
    REQUIRE(cpu.kib[0] == 0);
    m = nt_machine_of_cpu(nt_find_costs_of_cpu(&cpu), &cpu, "avx2");
    const nt_machine its = nt_machine_of_row(nt_find_costs("zen3"), "avx2");
    REQUIRE(memcmp(m.cache, its.cache, sizeof m.cache) == 0);
}

/* Caches that never end, and of sizes that cannot be. */
static void endless_cpuid(unsigned leaf, unsigned subleaf, unsigned registers[4]) {
    recorded_cpuid(leaf, 0, registers);
    if (leaf == 4) {
        registers[0] = 0x21U + 0x20U * (subleaf % 8);
        registers[1] = registers[2] = ~0U;
    }
}

static void odd_caches(void) {
    recording = skylake_x;
    nt_cpu cpu = nt_cpu_of_cpuid(endless_cpuid);
    const int row = nt_find_costs_of_cpu(&cpu);
    const nt_machine usual = nt_machine_of_row(row, "avx2");
    nt_machine m = nt_machine_of_cpu(row, &cpu, "avx2");
    REQUIRE(memcmp(m.cache, usual.cache, sizeof m.cache) == 0);
    static const int32_t odd[][3] = {
        {0, 0, 0},       {-1, -1, -1},          {1, 1, 1},  {INT32_MAX, INT32_MAX, INT32_MAX},
        {32, 4096, 512}, {512, 256, 32 * 1024}, {32, 32, 0}};
    for (size_t i = 0; i < sizeof odd / sizeof *odd; i++) {
        memcpy(cpu.kib, odd[i], sizeof odd[i]);
        m = nt_machine_of_cpu(row, &cpu, "avx2");
        REQUIRE(m.cache[NT_IN_L1] >= 8 * 1024 && m.cache[NT_IN_L1] < m.cache[NT_IN_L2]);
        REQUIRE(m.cache[NT_IN_L2] < m.cache[NT_IN_L3]);
        m = nt_machine_of_cpu(-1, &cpu, "avx2");
        REQUIRE(strcmp(m.costs->name, "generic-avx2") == 0 &&
                m.cache[NT_IN_L1] < m.cache[NT_IN_L2]);
    }
}

/* ---- AArch64 Linux: what the files say ---- */

#ifndef _WIN32
static char folder[] = "/tmp/ninetap-machine-XXXXXX";

/* Creates folder/cpu<index>/<name>, and the folders on its way. */
static void put(int index, const char *name, const char *text) {
    char path[256];
    const int length = snprintf(path, sizeof path, "%s/cpu%d/%s", folder, index, name);
    REQUIRE(length > 0 && (size_t)length < sizeof path);
    for (char *slash = strchr(path + strlen(folder), '/'); slash != NULL;
         slash = strchr(slash + 1, '/')) {
        *slash = '\0';
        mkdir(path, 0700);
        *slash = '/';
    }
    FILE *file = fopen(path, "w");
    REQUIRE(file != NULL && fputs(text, file) >= 0 && fclose(file) == 0);
}

static void put_cache(int index, int number, const char *level, const char *type,
                      const char *size) {
    const char *const names[] = {"level", "type", "size"};
    const char *const texts[] = {level, type, size};
    for (int i = 0; i < 3; i++) {
        char name[64];
        snprintf(name, sizeof name, "cache/index%d/%s", number, names[i]);
        if (texts[i] != NULL)
            put(index, name, texts[i]);
    }
}

static nt_cpu read_folder(int index, bool expected) {
    nt_cpu cpu;
    errno = 1234;
    REQUIRE(nt_cpu_of_files(folder, index, &cpu) == expected);
    REQUIRE(errno == 1234);
    return cpu;
}

static void whole_files(void) {
    put(0, "regs/identification/midr_el1", "0x00000000414fd0c1\n");
    put_cache(0, 0, "1\n", "Data\n", "64K\n");
    put_cache(0, 1, "1\n", "Instruction\n", "32K\n");
    put_cache(0, 2, "2\n", "Unified\n", "1024K\n");
    put_cache(0, 3, "3\n", "Unified\n", "32M\n");
    const nt_cpu cpu = read_folder(0, true);
    REQUIRE(cpu.vendor == NT_ARM && cpu.family == 0 && cpu.model == 0xD0C);
    REQUIRE(cpu.kib[0] == 64 && cpu.kib[1] == 1024 && cpu.kib[2] == 32 * 1024);
    REQUIRE(strcmp(nt_costs_rows[nt_find_costs_of_cpu(&cpu)].name, "neoverse-n1") == 0);
}

static void malformed_files(void) {
    static const char *const sizes[] = {"",
                                        "\n",
                                        "K\n",
                                        "64\n",
                                        "64K",
                                        "-64K\n",
                                        "6 4K\n",
                                        "64KB\n",
                                        "0x40K\n",
                                        "99999999999999999999K\n",
                                        "999999999999M\n",
                                        "64T\n",
                                        "%s%n\n"};
    for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
        put_cache(1, 0, "1\n", "Data\n", sizes[i]);
        put(1, "regs/identification/midr_el1", i % 2 == 0 ? "garbage\n" : "0x\n");
        const nt_cpu cpu = read_folder(1, true);
        REQUIRE(cpu.kib[0] == 0 && cpu.vendor == 0);
    }
    static const char *const registers[] = {
        "", "0x41fd0c1", "414fd0c1\n", "0x00000000000414fd0c1\n", "0xZ\n", "0X414FD0C1\n"};
    for (size_t i = 0; i < sizeof registers / sizeof *registers; i++) {
        put(2, "regs/identification/midr_el1", registers[i]);
        nt_cpu cpu;
        nt_cpu_of_files(folder, 2, &cpu);
        REQUIRE(nt_find_costs_of_cpu(&cpu) == -1);
    }
    /* A file is missing; a level that is none; a folder where a file should be. */
    put_cache(3, 0, "1\n", NULL, "64K\n");
    put_cache(3, 1, "9\n", "Unified\n", "64K\n");
    put_cache(3, 2, "2\n", "Unified\n", NULL);
    put(3, "cache/index2/size/x", "64K\n");
    const nt_cpu cpu = read_folder(3, false);
    REQUIRE(cpu.kib[0] == 0 && cpu.kib[1] == 0 && cpu.kib[2] == 0);
    read_folder(4, false); /* not there */
}

static void remove_folder(void) {
    char command[64];
    snprintf(command, sizeof command, "rm -r '%s'", folder);
    REQUIRE(system(command) == 0);
}
#endif

static void files(void) {
#ifndef _WIN32
    REQUIRE(mkdtemp(folder) != NULL);
    whole_files();
    malformed_files();
    remove_folder();
    static char long_path[1000];
    memset(long_path, 'x', sizeof long_path - 1);
    nt_cpu cpu;
    REQUIRE(!nt_cpu_of_files(long_path, 0, &cpu) && cpu.vendor == 0);
#endif
    REQUIRE(nt_cpu_of_midr(0x611F0221).vendor == NT_APPLE);
    REQUIRE(nt_cpu_of_midr(0).vendor == 0);
}

/* ---- this machine ---- */

static const char *best(void) {
    return nt_usable_isa(0)->name;
}

static bool same(const nt_machine *a, const nt_machine *b) {
    return a->costs == b->costs && a->issue == b->issue &&
           memcmp(a->cache, b->cache, sizeof a->cache) == 0;
}

static void *look(void *result) {
    *(nt_machine *)result = nt_machine_of(best());
    return NULL;
}

static void in_threads(void *unused) {
    (void)unused;
    enum { THREADS = 16 };
    pthread_t threads[THREADS];
    nt_machine found[THREADS];
    for (int i = 0; i < THREADS; i++)
        REQUIRE(pthread_create(&threads[i], NULL, look, &found[i]) == 0);
    for (int i = 0; i < THREADS; i++)
        pthread_join(threads[i], NULL);
    const nt_machine again = nt_machine_of(best());
    for (int i = 0; i < THREADS; i++)
        REQUIRE(same(&found[i], &again));
}

static void forked(void *unused) {
    (void)unused;
    nt_machine m;
    look(&m);
    REQUIRE(m.cache[NT_IN_L1] > 0);
    suite_require(suite_child(in_threads, NULL, 60));
}

/* In processes that have not looked yet. */
static void first_use(void) {
    suite_require(suite_child(in_threads, NULL, 60));
    suite_require(suite_child(forked, NULL, 60));
}

static void is_forced(void *name) {
    const nt_machine m = nt_machine_of(best());
    REQUIRE(strcmp(m.costs->name, name) == 0);
    for (int i = NT_IN_L1; i < NT_IN_MEMORY;
         i++) /* with the row's caches, wherever the test runs */
        REQUIRE(m.cache[i] == (int64_t)m.costs->kib[i] * 1024);
}

static void forced(void) {
#ifndef _WIN32
    for (int i = 0; i < nt_costs_count; i++) {
        setenv("NINETAP_MACHINE", nt_costs_rows[i].name, 1);
        suite_require(suite_child(is_forced, (void *)(uintptr_t)nt_costs_rows[i].name, 60));
    }
    unsetenv("NINETAP_MACHINE");
#endif
}

static void detected(void) {
    errno = 1234;
    const nt_machine m = nt_machine_of(best());
    REQUIRE(errno == 1234);
    printf("this machine: %s (%s), caches of %lld, %lld and %lld KiB\n", m.costs->name,
           m.costs->source, (long long)(m.cache[0] / 1024), (long long)(m.cache[1] / 1024),
           (long long)(m.cache[2] / 1024));
    REQUIRE(m.cache[NT_IN_L1] >= 8 * 1024 && m.cache[NT_IN_L1] < m.cache[NT_IN_L2]);
    REQUIRE(m.cache[NT_IN_L3] == 0 || m.cache[NT_IN_L2] < m.cache[NT_IN_L3]);
}

int main(int argc, char **argv) {
#ifndef _WIN32
    unsetenv("NINETAP_MACHINE");
#endif
    /* `detected` asks this process's own library, so it comes last. */
    static const suite_test tests[] = {
        {.name = "rows", .once = rows},
        {.name = "every_isa", .once = every_isa},
        {.name = "predictions", .once = predictions},
        {.name = "cpuid_values", .once = cpuid_values},
        {.name = "odd_caches", .once = odd_caches},
        {.name = "files", .once = files},
        {.name = "first_use", .once = first_use},
        {.name = "forced", .once = forced},
        {.name = "thread_counts", .once = thread_counts},
        {.name = "detected", .once = detected},
        {0},
    };
    return suite_main("machine", tests, argc, argv);
}
