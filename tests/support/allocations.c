#include "allocations.h"

#include <errno.h>
#include <stdatomic.h>
#include <stddef.h>

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
static _Thread_local int calls, fail_at;
static _Thread_local bool fail_on;

void allocations_fail(int k, bool on) {
    calls = 0;
    fail_at = k;
    fail_on = on;
}

int allocations_tried(void) {
    fail_at = 0;
    return calls;
}

int allocations_alive(void) {
    return atomic_load(&alive);
}

static bool allowed(void) {
    calls++;
    return fail_at == 0 || (fail_on ? calls < fail_at : calls != fail_at);
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

void __wrap_free(void *p) {
    atomic_fetch_sub(&alive, p != NULL);
    __real_free(p);
}
