#include "cases/problem.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "measure/host.h"
#include "cases/operation.h"
#include "cases/random.h"

const char *const algo_names[] = {"auto", "direct", "winograd2", "winograd4", "winograd6"};
const char *const precision_names[] = {"default", "exact", "portable", "fast"};

const char *layout_name(ninetap_layout layout) {
    return layout == NINETAP_NCHW ? "nchw" : "nhwc";
}

ninetap_status problem_init(problem *p, const shape *what, ninetap_layout layout) {
    *p = (problem){.shape = *what, .layout = layout};
    p->operation = what->network   ? &network
                   : what->pooling ? &pool2x2[what->pool]
                   : what->dense   ? &dense
                   : what->softmax ? &softmax
                                   : &conv3x3;
    return p->operation->measure(p);
}

/* The next multiple of 64 with at least 64 bytes to spare. */
static size_t room(size_t count) {
    return (count * sizeof(float) + 127) / 64 * 64;
}

static float *allocate(size_t count) {
    return count > SIZE_MAX / sizeof(float) - 64 ? NULL : host_alloc(room(count));
}

/* `sets` arrays of `count` floats in one block, which starts with the first. */
static float **allocate_sets(size_t sets, size_t count) {
    float **list = count > SIZE_MAX / sizeof(float) / sets - 64 ? NULL : calloc(sets, sizeof *list);
    float *block = list == NULL ? NULL : host_alloc(sets * room(count));
    if (block == NULL) {
        free(list);
        return NULL;
    }
    for (size_t i = 0; i < sets; i++) {
        list[i] = block + i * (room(count) / sizeof(float));
    }
    return list;
}

static void free_sets(float ***list) {
    if (*list != NULL) {
        host_free((*list)[0]);
    }
    free(*list);
    *list = NULL;
}

/* Twice the last level of cache, so that nothing of a set is left when its turn comes again. Very
 * small problems would need more sets than a peer can be asked to prepare. */
static size_t cold_sets(const problem *p) {
    const size_t most = 16384;
    size_t one = room(p->src_count) + room(p->dst_count);
    size_t sets = 2 * host_last_cache() / one + 1;
    return sets < 2 ? 2 : sets > most ? most : sets;
}

bool problem_load(problem *p, bool cold) {
    p->sets = cold ? cold_sets(p) : 1;
    p->src = allocate_sets(p->sets, p->src_count);
    p->dst = allocate_sets(p->sets, p->dst_count);
    p->weights = allocate(p->weights_count);
    p->bias = allocate(p->bias_count);
    if (p->index_count > 0) {
        p->indices = malloc(p->index_count * sizeof *p->indices);
    }
    if (p->src == NULL || p->dst == NULL || p->weights == NULL || p->bias == NULL ||
        (p->index_count > 0 && p->indices == NULL)) {
        problem_unload(p);
        return false;
    }
    for (size_t i = 0; i < p->sets; i++) {
        random_fill(p->src[i], p->src_count, 1);
        memset(p->dst[i], 0xFF, p->dst_count * sizeof(float));
    }
    if (p->operation->fill != NULL) {
        p->operation->fill(p);
    }
    problem_poison(p);
    return true;
}

void problem_unload(problem *p) {
    free_sets(&p->src);
    free_sets(&p->dst);
    host_free(p->weights);
    host_free(p->bias);
    host_free(p->indices);
    p->weights = p->bias = NULL;
    p->indices = NULL;
    p->sets = 0;
}

void problem_poison(const problem *p) {
    memset(p->dst[0], 0xFF, p->dst_count * sizeof(float));
    if (p->shape.indices) {
        memset(p->indices, 0xAA, p->index_count * sizeof *p->indices);
    }
}

bool problem_verify(const problem *p, tolerance allowed, char *why, size_t size) {
    return p->operation->verify(p, allowed, why, size);
}

double problem_time_reference(const problem *p) {
    if (p->operation->time_reference != NULL) {
        return p->operation->time_reference(p);
    }
    double best = INFINITY, spent = 0, parts = 1;
    int64_t times = 1;
    for (int tries = 0; tries < 20 && spent < 0.05; tries++) {
        double start = host_seconds();
        for (int64_t i = 0; i < times; i++) {
            parts = p->operation->run_reference(p);
        }
        double seconds = host_seconds() - start;
        best = fmin(best, seconds / (double)times);
        spent += seconds;
        if (seconds < 1e-4) {
            times *= 4; /* too short for the clock */
        }
    }
    return best * parts;
}
