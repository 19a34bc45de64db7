#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <windows.h>

#include "measure/host.h"

static bool read_registry(const char *key, const char *name, char *text, size_t size) {
    DWORD bytes = (DWORD)size;
    return RegGetValueA(HKEY_LOCAL_MACHINE, key, name, RRF_RT_REG_SZ, NULL, text, &bytes) ==
           ERROR_SUCCESS;
}

static void unknown(char *text, size_t size) {
    snprintf(text, size, "unknown");
}

void machine_cpu(char *text, size_t size) {
    const char *key = "HARDWARE\\DESCRIPTION\\System\\CentralProcessor\\0";
    if (!read_registry(key, "ProcessorNameString", text, size)) {
        unknown(text, size);
    }
}

void machine_computer(char *text, size_t size) {
    const char *key = "HARDWARE\\DESCRIPTION\\System\\BIOS";
    char vendor[64], product[64];
    if (read_registry(key, "SystemManufacturer", vendor, sizeof vendor) &&
        read_registry(key, "SystemProductName", product, sizeof product) && *product != '\0') {
        snprintf(text, size, "%s %s", vendor, product);
    } else {
        unknown(text, size);
    }
}

void machine_cores(char *text, size_t size) {
    SYSTEM_INFO system;
    GetSystemInfo(&system);
    snprintf(text, size, "%lu CPU%s", system.dwNumberOfProcessors,
             system.dwNumberOfProcessors == 1 ? "" : "s");
}

void machine_affinity(char *text, size_t size) {
    DWORD_PTR own, all;
    if (GetProcessAffinityMask(GetCurrentProcess(), &own, &all)) {
        snprintf(text, size, "mask %llx", (unsigned long long)own);
    } else {
        unknown(text, size);
    }
}

void machine_memory(char *text, size_t size) {
    MEMORYSTATUSEX memory = {.dwLength = sizeof memory};
    SYSTEM_INFO system;
    GetSystemInfo(&system);
    if (GlobalMemoryStatusEx(&memory)) {
        snprintf(text, size, "%.1f GiB, pages of %lu KiB", (double)memory.ullTotalPhys / 0x1p30,
                 system.dwPageSize / 1024);
    } else {
        unknown(text, size);
    }
}

void machine_governor(char *text, size_t size) {
    unknown(text, size);
}

void machine_load(char *text, size_t size) {
    unknown(text, size);
}

void machine_system(char *text, size_t size) {
    const char *key = "SOFTWARE\\Microsoft\\Windows NT\\CurrentVersion";
    char name[64], build[32];
    if (read_registry(key, "ProductName", name, sizeof name) &&
        read_registry(key, "CurrentBuild", build, sizeof build)) {
        snprintf(text, size, "%s, build %s", name, build);
    } else {
        snprintf(text, size, "Windows");
    }
}

/* ---- Caches ------------------------------------------------------------------------------- */

typedef SYSTEM_LOGICAL_PROCESSOR_INFORMATION entry;

size_t host_cache(int level) {
    DWORD bytes = 0;
    GetLogicalProcessorInformation(NULL, &bytes);
    entry *list = malloc(bytes + sizeof *list);
    size_t size = 0;
    if (list != NULL && GetLogicalProcessorInformation(list, &bytes)) {
        for (size_t i = 0; size == 0 && i < bytes / sizeof *list; i++) {
            const CACHE_DESCRIPTOR *cache = &list[i].Cache;
            size = list[i].Relationship == RelationCache && cache->Level == level &&
                           cache->Type != CacheInstruction
                       ? cache->Size
                       : 0;
        }
    }
    free(list);
    return size;
}
