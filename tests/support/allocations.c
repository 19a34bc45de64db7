#include "allocations.h"

#include <errno.h>
#include <stdatomic.h>
#include <stddef.h>
#ifdef _WIN32
#include <string.h>
#include <windows.h>
#endif

void *__real_malloc(size_t bytes);
void *__real_calloc(size_t count, size_t bytes);
void *__real_realloc(void *p, size_t bytes);
int __real_posix_memalign(void **p, size_t alignment, size_t bytes);
void *__real_aligned_alloc(size_t alignment, size_t bytes);
void __real_free(void *p);
void *__wrap_malloc(size_t bytes);
void *__wrap_calloc(size_t count, size_t bytes);
void *__wrap_realloc(void *p, size_t bytes);
int __wrap_posix_memalign(void **p, size_t alignment, size_t bytes);
void *__wrap_aligned_alloc(size_t alignment, size_t bytes);
void __wrap_free(void *p);

static atomic_int alive;

/* Of a thread: how many were tried, and which fails. */
typedef struct quota {
    unsigned calls : 20, fail_at : 11;
    bool fail_on : 1;
} quota;

#ifdef _WIN32
/* There _Thread_local is made of malloc. */
static DWORD slot;

__attribute__((constructor(101))) static void take_slot(void) {
    slot = TlsAlloc();
}

static quota get_quota(void) {
    const DWORD error = GetLastError();
    const void *value = TlsGetValue(slot);
    quota q;
    memcpy(&q, &value, sizeof q);
    SetLastError(error);
    return q;
}

static void set_quota(quota q) {
    void *value = NULL;
    memcpy(&value, &q, sizeof q);
    TlsSetValue(slot, value);
}
#else
static _Thread_local quota own;

static quota get_quota(void) {
    return own;
}

static void set_quota(quota q) {
    own = q;
}
#endif

void allocations_fail(int k, bool on) {
    set_quota((quota){.fail_at = (unsigned)k & 0x7FF, .fail_on = on});
}

int allocations_tried(void) {
    quota q = get_quota();
    q.fail_at = 0;
    set_quota(q);
    return (int)q.calls;
}

int allocations_alive(void) {
    return atomic_load(&alive);
}

static bool allowed(void) {
    quota q = get_quota();
    q.calls++;
    set_quota(q);
    return q.fail_at == 0 || (q.fail_on ? q.calls < q.fail_at : q.calls != q.fail_at);
}

static void *counted(void *p) {
    atomic_fetch_add(&alive, p != NULL);
    return p;
}

void *__wrap_malloc(size_t bytes) {
    return allowed() ? counted(__real_malloc(bytes)) : NULL;
}

void *__wrap_calloc(size_t count, size_t bytes) {
    return allowed() ? counted(__real_calloc(count, bytes)) : NULL;
}

void *__wrap_realloc(void *p, size_t bytes) {
    if (!allowed())
        return NULL;
    atomic_fetch_sub(&alive, p != NULL);
    return counted(__real_realloc(p, bytes));
}

void __wrap_free(void *p) {
    atomic_fetch_sub(&alive, p != NULL);
    __real_free(p);
}

#ifndef _WIN32
int __wrap_posix_memalign(void **p, size_t alignment, size_t bytes) {
    if (!allowed())
        return ENOMEM;
    const int error = __real_posix_memalign(p, alignment, bytes);
    atomic_fetch_add(&alive, error == 0);
    return error;
}

void *__wrap_aligned_alloc(size_t alignment, size_t bytes) {
    return allowed() ? counted(__real_aligned_alloc(alignment, bytes)) : NULL;
}
#else
/* Functions that are imported from a DLL are called through pointers: these take their place. */
extern void *(*__real___imp__aligned_malloc)(size_t bytes, size_t alignment);
extern void (*__real___imp__aligned_free)(void *p);

static void *count_aligned_malloc(size_t bytes, size_t alignment) {
    return allowed() ? counted(__real___imp__aligned_malloc(bytes, alignment)) : NULL;
}

static void count_aligned_free(void *p) {
    atomic_fetch_sub(&alive, p != NULL);
    __real___imp__aligned_free(p);
}

void *(*__wrap___imp__aligned_malloc)(size_t, size_t) = count_aligned_malloc;
void (*__wrap___imp__aligned_free)(void *) = count_aligned_free;
#endif
