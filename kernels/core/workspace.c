/* A small pool without locks and without thread-local storage: a block belongs to exactly one call
 * or to exactly one slot. There are as many blocks as there were calls at the same time, of which
 * SLOTS at most are kept, and blocks grow to the largest size asked for. Reuse matters: a fresh
 * page costs more than the convolution that fills it. */
#include "core/build.h"
#include "core/workspace.h"

#include <errno.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdlib.h>
#ifdef _WIN32
#include <malloc.h>
#endif
#ifdef __linux__
#include <sys/mman.h>
#endif

#ifdef __wasi__
enum { SLOTS = 64, HUGE_PAGE = 64 << 10 }; /* what memory grows by */
#else
enum { SLOTS = 64, HUGE_PAGE = 2 << 20 };
#endif

/* It precedes the memory that is given out. */
typedef union workspace_block {
    size_t bytes;
    unsigned char alignment[NT_ALIGNMENT];
} workspace_block;

static _Atomic(workspace_block *) slots[SLOTS];

static void *system_alloc(size_t alignment, size_t bytes) {
#ifdef _WIN32
    return _aligned_malloc(bytes, alignment);
#else
    void *memory = NULL;
    return posix_memalign(&memory, alignment, bytes) == 0 ? memory : NULL;
#endif
}

void *nt_aligned_alloc(size_t bytes) {
    if (bytes > PTRDIFF_MAX - HUGE_PAGE) {
        return NULL;
    }
    const size_t unit = bytes >= HUGE_PAGE ? HUGE_PAGE : NT_ALIGNMENT;
    bytes = (bytes + unit - 1) / unit * unit;
    const int error = errno;
    void *memory = system_alloc(unit, bytes);
#ifdef MADV_HUGEPAGE
    if (memory != NULL && unit == HUGE_PAGE) {
        (void)madvise(memory, bytes, MADV_HUGEPAGE); /* a hint: refusal is no error */
    }
#endif
    errno = error;
    return memory;
}

void nt_aligned_free(void *memory) {
#ifdef _WIN32
    _aligned_free(memory);
#else
    free(memory);
#endif
}

void *nt_workspace_take(size_t bytes) {
    for (int i = 0; i < SLOTS; i++) {
        if (atomic_load_explicit(&slots[i], memory_order_relaxed) == NULL) {
            continue;
        }
        workspace_block *b = atomic_exchange_explicit(&slots[i], NULL, memory_order_acquire);
        if (b != NULL && b->bytes >= bytes) {
            return b + 1;
        }
        nt_aligned_free(b); /* too small: the larger one takes its place */
        if (b != NULL) {
            break;
        }
    }
    if (bytes > PTRDIFF_MAX - sizeof(workspace_block)) {
        return NULL;
    }
    workspace_block *b = nt_aligned_alloc(bytes + sizeof *b);
    if (b == NULL) {
        return NULL;
    }
    b->bytes = bytes;
    return b + 1;
}

void nt_workspace_give(void *memory) {
    if (memory == NULL) {
        return;
    }
    workspace_block *b = (workspace_block *)memory - 1;
    for (int i = 0; i < SLOTS; i++) {
        workspace_block *expected = NULL;
        if (atomic_compare_exchange_strong_explicit(&slots[i], &expected, b, memory_order_release,
                                                    memory_order_relaxed)) {
            return;
        }
    }
    nt_aligned_free(b);
}

/* For leak checkers, and for processes that unload the library. */
__attribute__((destructor)) static void release_pool(void) {
    for (int i = 0; i < SLOTS; i++) {
        nt_aligned_free(atomic_exchange(&slots[i], NULL));
    }
}
