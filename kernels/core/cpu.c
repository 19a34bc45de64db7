#include "core/build.h"
#include "core/cpu.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#if defined(__x86_64__) || defined(__i386__)
#include <cpuid.h>
#endif
#if !defined(_WIN32)
#include <fcntl.h>
#include <unistd.h>
#endif
#if defined(__aarch64__) && defined(__linux__)
#include <sys/auxv.h>
#endif

/* ---- x86 ---- */

static unsigned bits_of(unsigned word, int from, int count) {
    return word >> from & ((1U << count) - 1U);
}

/* Intel's leaf 4 and AMD's 0x8000001D have the same fields; each subleaf is a cache. */
static void caches_of_cpuid(nt_cpuid_fn *cpuid, unsigned leaf, nt_cpu *cpu) {
    enum { NONE, DATA, UNIFIED = 3, MOST_CACHES = 16 };
    for (unsigned i = 0; i < MOST_CACHES; i++) {
        unsigned r[4];
        cpuid(leaf, i, r);
        const unsigned kind = bits_of(r[0], 0, 5);
        const unsigned level = bits_of(r[0], 5, 3);
        if (kind == NONE) {
            return;
        }
        const uint64_t ways = bits_of(r[1], 22, 10) + 1U;
        const uint64_t line = (bits_of(r[1], 12, 10) + 1U) * (bits_of(r[1], 0, 12) + 1U);
        const uint64_t sets = (uint64_t)r[2] + 1;
        const uint64_t kib = ways * line * sets / 1024; /* fits: 2^10, 2^22 and 2^32 */
        if ((kind == DATA || kind == UNIFIED) && level >= 1 && level <= 3 && kib <= INT32_MAX) {
            cpu->kib[level - 1] = (int32_t)kib;
        }
    }
}

static unsigned vendor_of(const unsigned r[4]) {
    static const struct {
        char text[13];
        unsigned vendor;
    } known[] = {{"GenuineIntel", NT_INTEL}, {"AuthenticAMD", NT_AMD}};
    for (size_t i = 0; i < sizeof known / sizeof known[0]; i++) {
        if (memcmp(&r[1], known[i].text, 4) == 0 && memcmp(&r[3], known[i].text + 4, 4) == 0 &&
            memcmp(&r[2], known[i].text + 8, 4) == 0) {
            return known[i].vendor;
        }
    }
    return 0;
}

nt_cpu nt_cpu_of_cpuid(nt_cpuid_fn *cpuid) {
    const unsigned extended = 0x80000000U;
    nt_cpu cpu = {0};
    unsigned r[4];
    cpuid(0, 0, r);
    const unsigned last = r[0];
    cpu.vendor = vendor_of(r);
    if (cpu.vendor == 0 || last < 1) {
        return (nt_cpu){0};
    }
    cpuid(1, 0, r);
    const unsigned family = bits_of(r[0], 8, 4);
    cpu.family = family == 15 ? family + bits_of(r[0], 20, 8) : family;
    cpu.model = bits_of(r[0], 4, 4);
    if (family == 6 || family == 15) {
        cpu.model += bits_of(r[0], 16, 4) << 4;
    }
    cpu.guest = bits_of(r[2], 31, 1) != 0;
    if (cpu.vendor == NT_INTEL && last >= 4) {
        caches_of_cpuid(cpuid, 4, &cpu);
    }
    cpuid(extended, 0, r);
    if (cpu.vendor == NT_AMD && r[0] >= extended + 0x1D) {
        cpuid(extended + 1, 0, r);
        if (bits_of(r[2], 22, 1) != 0) { /* topology extensions */
            caches_of_cpuid(cpuid, extended + 0x1D, &cpu);
        }
    }
    return cpu;
}

/* ---- AArch64 ---- */

nt_cpu nt_cpu_of_midr(uint64_t midr) {
    return (nt_cpu){.vendor = (unsigned)(midr >> 24 & 0xFF),
                    .model = (unsigned)(midr >> 4 & 0xFFF)};
}

#ifndef _WIN32
/* The first line of a file of a few bytes; false: it cannot be read, or is longer. */
static bool read_line_of(const char *path, char *text, size_t size) {
    const int file = open(path, O_RDONLY | O_CLOEXEC);
    if (file < 0) {
        return false;
    }
    ssize_t length;
    do {
        length = read(file, text, size);
    } while (length < 0 && errno == EINTR);
    close(file);
    char *end = length > 0 ? memchr(text, '\n', (size_t)length) : NULL;
    if (end != NULL) {
        *end = '\0';
    }
    return end != NULL;
}

static bool read_word(const char *directory, int index, const char *name, char *text, size_t size) {
    char path[160];
    const int length = snprintf(path, sizeof path, "%s/cpu%d/%s", directory, index, name);
    return length > 0 && (size_t)length < sizeof path && read_line_of(path, text, size);
}

/* Digits and nothing else before `end`; -1: something else, or too many. */
static int64_t number_of(const char *text, const char *end) {
    int64_t value = 0;
    if (text == end || end - text > 12) {
        return -1;
    }
    for (; text != end; text++) {
        if (*text < '0' || *text > '9') {
            return -1;
        }
        value = 10 * value + (*text - '0');
    }
    return value;
}

/* "64K", "2M" or bytes; 0: none of these. */
static int32_t kib_of(const char *text) {
    const char *end = text + strlen(text);
    const int unit = end == text ? 0 : end[-1];
    const bool has_unit = unit == 'K' || unit == 'M';
    const int64_t value = number_of(text, end - (has_unit ? 1 : 0));
    const int64_t kib = unit == 'K' ? value : unit == 'M' ? value * 1024 : value / 1024;
    return value > 0 && kib <= INT32_MAX ? (int32_t)kib : 0;
}

static void caches_of_files(const char *directory, int index, nt_cpu *cpu) {
    enum { MOST_CACHES = 8 };
    for (int i = 0; i < MOST_CACHES; i++) {
        char name[32], level[16], kind[16], size[16];
        snprintf(name, sizeof name, "cache/index%d/level", i);
        if (!read_word(directory, index, name, level, sizeof level)) {
            return;
        }
        snprintf(name, sizeof name, "cache/index%d/type", i);
        const bool told = read_word(directory, index, name, kind, sizeof kind);
        snprintf(name, sizeof name, "cache/index%d/size", i);
        if (told && strcmp(kind, "Instruction") != 0 && level[0] >= '1' && level[0] <= '3' &&
            level[1] == '\0' && read_word(directory, index, name, size, sizeof size)) {
            cpu->kib[level[0] - '1'] = kib_of(size);
        }
    }
}

/* "0x00000000414fd0c1"; 0: not that. */
static uint64_t register_of(const char *text) {
    uint64_t value = 0;
    if (strncmp(text, "0x", 2) != 0 || strlen(text) > 18) {
        return 0;
    }
    for (text += 2; *text != '\0'; text++) {
        static const char digits[] = "0123456789abcdef";
        const char *digit = strchr(digits, *text);
        if (digit == NULL) {
            return 0;
        }
        value = value << 4 | (uint64_t)(digit - digits);
    }
    return value;
}

bool nt_cpu_of_files(const char *directory, int index, nt_cpu *cpu) {
    char text[32];
    const int error = errno;
    const bool told =
        read_word(directory, index, "regs/identification/midr_el1", text, sizeof text);
    *cpu = nt_cpu_of_midr(told ? register_of(text) : 0);
    caches_of_files(directory, index, cpu);
    errno = error;
    return told || cpu->kib[0] != 0;
}
#else
bool nt_cpu_of_files(const char *directory, int index, nt_cpu *cpu) {
    (void)directory;
    (void)index;
    *cpu = (nt_cpu){0};
    return false;
}
#endif

/* ---- this one ---- */

#if defined(__x86_64__) || defined(__i386__)
static void this_cpuid(unsigned leaf, unsigned subleaf, unsigned r[4]) {
    __cpuid_count(leaf, subleaf, r[0], r[1], r[2], r[3]);
}

bool nt_cpu_read(int index, nt_cpu *cpu) {
    *cpu = index == 0 ? nt_cpu_of_cpuid(this_cpuid) : (nt_cpu){0};
    return cpu->vendor != 0;
}
#elif defined(__APPLE__) && defined(__aarch64__)
bool nt_cpu_read(int index, nt_cpu *cpu) {
    *cpu = (nt_cpu){.vendor = NT_APPLE};
    return index == 0;
}
#elif defined(__aarch64__) && defined(__linux__)
/* The system emulates the instruction. It tells of the CPU that this thread happens to run on, so
 * it counts only where the files do not tell. */
static uint64_t this_midr(void) {
    const unsigned long can_be_read = 1UL << 11; /* HWCAP_CPUID */
    uint64_t midr = 0;
    if ((getauxval(AT_HWCAP) & can_be_read) != 0) {
        __asm__("mrs %0, midr_el1" : "=r"(midr));
    }
    return midr;
}

bool nt_cpu_read(int index, nt_cpu *cpu) {
    bool told = nt_cpu_of_files("/sys/devices/system/cpu", index, cpu);
    if (index == 0 && cpu->vendor == 0) {
        const nt_cpu this_one = nt_cpu_of_midr(this_midr());
        cpu->vendor = this_one.vendor;
        cpu->model = this_one.model;
        told = told || cpu->vendor != 0;
    }
    return told;
}
#else
bool nt_cpu_read(int index, nt_cpu *cpu) {
    (void)index;
    *cpu = (nt_cpu){0};
    return false;
}
#endif
