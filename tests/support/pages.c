#include "pages.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#ifdef _WIN32
#include <windows.h>
#else
#include <sys/mman.h>
#include <unistd.h>
#endif

static void check(bool ok, const char *what) {
    if (!ok) {
        perror(what);
        exit(EXIT_FAILURE);
    }
}

#ifdef _WIN32
size_t page_bytes(void) {
    SYSTEM_INFO system;
    GetSystemInfo(&system);
    return system.dwPageSize;
}

unsigned char *pages_new(size_t bytes) {
    unsigned char *pages = VirtualAlloc(NULL, bytes, MEM_RESERVE | MEM_COMMIT, PAGE_NOACCESS);
    check(pages != NULL, "VirtualAlloc");
    return pages;
}

void pages_allow(unsigned char *pages, size_t bytes, page_use use) {
    static const DWORD protection[] = {PAGE_NOACCESS, PAGE_READONLY, PAGE_READWRITE};
    DWORD before;
    check(bytes == 0 || VirtualProtect(pages, bytes, protection[use], &before), "VirtualProtect");
}

void pages_free(unsigned char *pages, size_t bytes) {
    (void)bytes;
    check(VirtualFree(pages, 0, MEM_RELEASE), "VirtualFree");
}
#else
size_t page_bytes(void) {
    return (size_t)sysconf(_SC_PAGESIZE);
}

unsigned char *pages_new(size_t bytes) {
    void *pages = mmap(NULL, bytes, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    check(pages != MAP_FAILED, "mmap");
    return pages;
}

void pages_allow(unsigned char *pages, size_t bytes, page_use use) {
    static const int protection[] = {PROT_NONE, PROT_READ, PROT_READ | PROT_WRITE};
    check(bytes == 0 || mprotect(pages, bytes, protection[use]) == 0, "mprotect");
}

void pages_free(unsigned char *pages, size_t bytes) {
    check(munmap(pages, bytes) == 0, "munmap");
}
#endif
