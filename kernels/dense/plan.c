/* The life of a dense layer's plan: which kernels, and the weights in their order. */
#include "core/build.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "core/epilogue.h"
#include "core/machine.h"
#include "core/size.h"
#include "core/tensor.h"
#include "core/workspace.h"
#include "dense/dense.h"

/* The time of the multiply-adds, or of reading the weights. What does not stay in the L2 cache
 * comes from memory: other layers run before this one runs again. */
static int choose_dense_threads(const ninetap_dense *p, int asked) {
    const nt_machine machine = nt_machine_of(p->isa->name);
    const nt_dense_shape *s = &p->shape;
    const double weights = (double)p->depth * (double)s->out;
    const double compute =
        weights * (double)s->n / p->isa->lanes / nt_multiply_add_rate(&machine, p->fused);
    const double bytes = weights * (double)NT_DENSE_BYTES;
    const bool is_near = nt_level_of(&machine, bytes) <= NT_IN_L2;
    const double read = nt_read_cycles(&machine, is_near ? NT_IN_L2 : NT_IN_MEMORY, bytes);
    return nt_threads_worth(nt_most(compute, read), NT_WAKE_CYCLES, INT64_MAX, asked);
}

static const nt_dense_kernel *find(const nt_kernels *from, int64_t rows, int64_t vectors) {
    for (int i = 0; i < from->dense_count; i++) {
        if (from->dense[i].rows == rows && from->dense[i].vectors == vectors) {
            return &from->dense[i];
        }
    }
    return NULL;
}

/* The fewest passes over the weights that the kernels allow; for that many rows, the widest panels
 * that have a kernel. A panel of one vector has too few sums, where there are more vectors. */
static int64_t tallest(const nt_kernels *from, int64_t vectors) {
    const int width = vectors > 1 ? 2 : 1;
    int rows = 1;
    for (int i = 0; i < from->dense_count; i++) {
        const nt_dense_kernel *k = &from->dense[i];
        rows = k->vectors == width && k->rows > rows ? k->rows : rows;
    }
    return rows;
}

static int64_t widest_kernel(const nt_kernels *from, int64_t rows) {
    int vectors = 1;
    for (int i = 0; i < from->dense_count; i++) {
        const nt_dense_kernel *k = &from->dense[i];
        vectors = k->rows == rows && k->vectors > vectors ? k->vectors : vectors;
    }
    return vectors;
}

/* Tiles differ by one row and panels by one vector at most: a small one left over would have few
 * sums. Each thread gets the same number of panels. */
static void choose_kernels(ninetap_dense *p) {
    const nt_dense_shape *s = &p->shape;
    const int64_t n = s->n == 0 ? 1 : s->n;
    const int64_t vectors = nt_div_up(s->out, p->isa->lanes);
    p->tiles = nt_cut_of(n, nt_div_up(n, tallest(p->kernels, vectors)));
    const int64_t rows = nt_cut_size(&p->tiles, 0);
    int64_t panels = nt_div_up(vectors, widest_kernel(p->kernels, rows));
    if (p->tiles.parts < p->threads) {
        panels = nt_min64(vectors, nt_div_up(panels, p->threads) * p->threads);
    }
    p->panels = nt_cut_of(vectors, panels);
    for (int i = 0; i < 4; i++) {
        const int64_t tile = p->tiles.size + i / 2;
        const int64_t panel = p->panels.size + i % 2;
        const nt_dense_kernel *k = find(p->kernels, tile, panel);
        if (k != NULL) { /* else there is no such tile or panel */
            p->kernel[i / 2][i % 2] = k->run;
        }
    }
    const char *of_integers = p->kernels->bytes == 4 ? "_s8" : "_s16";
    snprintf(p->name, sizeof p->name, "dense_%s_%" PRId64 "x%" PRId64 "%s", p->isa->name, rows,
             nt_cut_size(&p->panels, 0) * p->isa->lanes, p->integers ? of_integers : "");
}

/* Lanes past the last output repeat it: they compute what a real lane computes, and so can raise
 * no floating-point exception of their own. */
static void pack_dense_panel(const ninetap_dense *p, int64_t panel, const float *weights) {
    const int64_t in = p->shape.in;
    const int64_t lanes = p->isa->lanes;
    const int64_t first = nt_cut_begin(&p->panels, panel) * lanes;
    const int64_t width = nt_cut_size(&p->panels, panel) * lanes;
    const int64_t count = nt_min64(width, p->shape.out - first);
    float *out = (float *)p->weights + first * in;
    const nt_block block = {.src = weights + first * in,
                            .src_pixel = in,
                            .dst = out,
                            .dst_pitch = width,
                            .pixels = count,
                            .channels = in};
    p->isa->transpose(&block);
    for (int64_t i = 0; i < in && count < width; i++) {
        for (int64_t lane = count; lane < width; lane++) {
            out[i * width + lane] = out[i * width + count - 1];
        }
    }
}

static void pack_floats(const ninetap_dense *p, const float *weights, const float *bias) {
    const int64_t lanes = p->isa->lanes;
    float *biases = p->bias;
    for (int64_t panel = 0; panel < p->panels.parts; panel++) {
        pack_dense_panel(p, panel, weights);
    }
    for (int64_t o = 0; o < nt_div_up(p->shape.out, lanes) * lanes; o++) {
        const int64_t from = nt_min64(o, p->shape.out - 1);
        biases[o] = bias == NULL ? 0.0F : bias[from] + 0.0F; /* -0 becomes +0 */
    }
}

static ninetap_status allocate_packed(ninetap_dense *p) {
    const int64_t lanes = p->isa->lanes;
    const int64_t width = nt_div_up(p->shape.out, lanes) * lanes;
    const int64_t unit = NT_ALIGNMENT / NT_DENSE_BYTES;
    const int64_t count = nt_div_up(width * p->depth, unit) * unit;
    const int64_t behind = p->integers ? 2 * width : width; /* the bias, and multipliers */
    const size_t bytes = (size_t)(count + behind) * NT_DENSE_BYTES;
    p->weights = nt_aligned_alloc(bytes);
    if (p->weights == NULL) {
        return NINETAP_ERR_NOMEM;
    }
    /* kernels that load early read the bias behind the last weights */
    p->bias = nt_out(p->weights, count, NT_DENSE_BYTES);
    if (p->integers) {
        memset(p->weights, 0, bytes);
        p->multiplier = nt_out(p->bias, width, NT_DENSE_BYTES);
    }
    return NINETAP_OK;
}

static ninetap_status pack(ninetap_dense *p, const nt_types *types, const void *weights,
                           const void *bias) {
    const ninetap_status status = allocate_packed(p);
    if (status == NINETAP_OK && p->integers) {
        return nt_dense_pack_integers(p, types, weights, bias);
    }
    if (status == NINETAP_OK) {
        pack_floats(p, weights, bias);
    }
    return status;
}

/* The kernels, and what becomes of their sums. */
static ninetap_status set_types(ninetap_dense *p, const ninetap_dense_desc *desc) {
    const nt_types types = nt_dense_types(desc);
    p->integers = nt_types_are_integers(&types);
    const nt_choice choice =
        p->integers ? nt_choose_integers(desc->isa) : nt_choose_kernels(desc->isa, desc->precision);
    if ((!p->integers && !nt_types_are_floats(&types)) || choice.isa == NULL) {
        return NINETAP_ERR_UNSUPPORTED;
    }
    p->isa = choice.isa;
    p->kernels = choice.kernels;
    p->fused = choice.fused;
    p->depth = p->integers ? nt_div_up(p->shape.in, choice.kernels->bytes) : p->shape.in;
    p->epilogue = nt_epilogue_of(desc->act, desc->act_lo, desc->act_hi, desc->act_slope);
    if (p->integers) {
        p->entry = nt_entry_of(p->kernels, desc->src_type, desc->quantization->src_zero);
        return nt_quantized_of(&types, desc->act, &p->epilogue, &p->to);
    }
    return NINETAP_OK;
}

ninetap_status nt_dense_choose(ninetap_dense *p, const ninetap_dense_desc *desc) {
    const ninetap_status status = set_types(p, desc);
    if (status == NINETAP_OK) {
        p->threads = choose_dense_threads(p, desc->threads);
        choose_kernels(p);
    }
    return status;
}

ninetap_status ninetap_dense_create(ninetap_dense **plan, const ninetap_dense_desc *desc,
                                    const void *weights, const void *bias) {
    ninetap_dense made = {.shape.n = 0};
    if (plan == NULL) {
        return NINETAP_ERR_ARG;
    }
    *plan = NULL;
    ninetap_status status = nt_dense_shape_of(desc, &made.shape);
    if (status != NINETAP_OK) {
        return status;
    }
    if (weights == NULL || (uintptr_t)weights % made.shape.weights_element != 0 ||
        (uintptr_t)bias % NT_DENSE_BYTES != 0) {
        return NINETAP_ERR_ARG;
    }
    status = nt_dense_choose(&made, desc);
    if (status != NINETAP_OK) {
        return status;
    }
    ninetap_dense *p = nt_aligned_alloc(sizeof *p);
    if (p == NULL) {
        return NINETAP_ERR_NOMEM;
    }
    *p = made;
    const nt_types types = nt_dense_types(desc);
    status = pack(p, &types, weights, bias);
    if (status != NINETAP_OK) {
        ninetap_dense_free(p);
        return status;
    }
    *plan = p;
    return NINETAP_OK;
}

ninetap_status ninetap_dense_set_weights(ninetap_dense *plan, const float *weights,
                                         const float *bias) {
    if (plan == NULL || weights == NULL || (uintptr_t)weights % sizeof *weights != 0 ||
        (uintptr_t)bias % sizeof *bias != 0) {
        return NINETAP_ERR_ARG;
    }
    if (plan->integers) {
        return NINETAP_ERR_UNSUPPORTED;
    }
    pack_floats(plan, weights, bias);
    return NINETAP_OK;
}

void ninetap_dense_free(ninetap_dense *plan) {
    if (plan != NULL) {
        nt_aligned_free(plan->weights);
        nt_aligned_free(plan);
    }
}
