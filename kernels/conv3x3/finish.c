/* What a kernel does not do to a unit's outputs: activations other than clamps, the residual, the
 * pool. It happens while they are in the cache. */
#include "core/build.h"
#include "conv3x3/conv3x3.h"
#include "core/size.h"

ninetap_status nt_conv_map_of(const nt_conv *c, bool pools_itself, int64_t rows, int64_t columns,
                              int64_t channels, size_t *slice_end, nt_conv_map *map) {
    *map = (nt_conv_map){.used = c->pooled && !pools_itself, .tensor = c->shape.dst};
    if (!map->used) {
        return NINETAP_OK;
    }
    const nt_size elements = nt_size_mul(nt_size_mul(nt_size_of(rows), columns), channels);
    if (!nt_size_fits(elements, 4 * c->shape.dst_element)) { /* 4: room for the rest of a slice */
        return NINETAP_ERR_OVERFLOW;
    }
    map->tensor = c->desc.layout == NINETAP_NCHW
                      ? (nt_tensor){.channel = rows * columns, .row = columns, .column = 1}
                      : (nt_tensor){.channel = 1, .row = columns * channels, .column = channels};
    map->at = nt_slice_place(slice_end, (size_t)elements.value * c->shape.dst_element);
    return NINETAP_OK;
}

/* Calls `line` for each row of values that lie side by side. */
static void each_line(const nt_conv *c, const nt_tensor *t, const nt_conv_call *call,
                      const nt_conv_piece *piece,
                      void (*line)(const nt_conv *c, const nt_conv_call *call, void *values,
                                   int64_t n)) {
    const bool nchw = c->desc.layout == NINETAP_NCHW;
    int64_t lines = nchw ? piece->channels : piece->columns;
    int64_t n = nchw ? piece->columns : piece->channels;
    const int64_t step = nchw ? t->channel : t->column;
    if (!nchw && step == n) {
        n *= lines;
        lines = 1;
    }
    for (int64_t y = 0; y < piece->rows; y++) {
        for (int64_t i = 0; i < lines; i++) {
            line(c, call, nt_out(piece->values, y * t->row + i * step, c->shape.dst_element), n);
        }
    }
}

static void activate_line(const nt_conv *c, const nt_conv_call *call, void *values, int64_t n) {
    (void)call;
    c->isa->activate(values, n, &c->epilogue);
}

/* The residual has dst's pitches. */
static void add_line(const nt_conv *c, const nt_conv_call *call, void *values, int64_t n) {
    const void *addends = (const char *)call->residual + ((char *)values - (char *)call->dst);
    c->isa->add(values, addends, n, &c->epilogue);
}

/* The 2x2 maxima of integers that no pooling kernel has. */
static void pool_sums(const nt_conv *c, const nt_tensor *in, const nt_conv_piece *piece,
                      int32_t *home) {
    const nt_tensor *out = &c->shape.dst;
    for (int64_t y = 0; y < piece->rows / 2; y++) {
        for (int64_t x = 0; x < piece->columns / 2; x++) {
            const int32_t *window =
                (const int32_t *)piece->values + 2 * (y * in->row + x * in->column);
            int32_t *to = home + y * out->row + x * out->column;
            for (int64_t i = 0; i < piece->channels; i++) {
                const int32_t *at = window + i * in->channel;
                const int32_t upper = at[0] > at[in->column] ? at[0] : at[in->column];
                const int32_t *below = at + in->row;
                const int32_t lower = below[0] > below[in->column] ? below[0] : below[in->column];
                to[i * out->channel] = upper > lower ? upper : lower;
            }
        }
    }
}

/* The 2x2 maxima of the piece, as ninetap_maxpool2x2_f32 has them. */
static void pool_piece(const nt_conv *c, const nt_tensor *in, const nt_conv_piece *piece,
                       void *home) {
    const nt_pool_op op = c->desc.dst_type == NINETAP_U8   ? NT_MAX_U8
                          : c->desc.dst_type == NINETAP_S8 ? NT_MAX_S8
                                                           : NT_MAX;
    const nt_pool_kernel *kernel = &c->isa->pool[op];
    const nt_tensor *out = &c->shape.dst;
    const size_t element = c->shape.dst_element;
    nt_pool_block block = {
        .upper = piece->values, .dst = home, .lower = nt_at(piece->values, in->row, element)};
    if (c->desc.layout == NINETAP_NCHW) {
        int64_t planes = piece->channels;
        block.right = 1;
        block.src_line = 2 * in->row;
        block.dst_line = out->row;
        block.lines = piece->rows / 2;
        block.n = piece->columns / 2;
        if (in->channel == piece->rows * in->row && out->channel == block.lines * out->row) {
            block.lines *= planes; /* small maps: one tall plane */
            planes = 1;
        }
        for (int64_t i = 0; i < planes; i++) {
            block.upper = nt_at(piece->values, i * in->channel, element);
            block.lower = nt_at(block.upper, in->row, element);
            block.dst = nt_out(home, i * out->channel, element);
            kernel->two(&block);
        }
        return;
    }
    block.right = in->column;
    block.src_line = 2 * in->column;
    block.dst_line = out->column;
    block.lines = piece->columns / 2;
    block.n = piece->channels;
    for (int64_t y = 0; y < piece->rows / 2; y++) {
        block.upper = nt_at(piece->values, 2 * y * in->row, element);
        block.lower = nt_at(piece->values, (2 * y + 1) * in->row, element);
        block.dst = nt_out(home, y * out->row, element);
        kernel->unit(&block);
    }
}

void nt_conv_finish(const nt_conv *c, const nt_conv_map *map, const nt_conv_call *call,
                    const nt_conv_piece *piece, void *home) {
    if (call->residual != NULL) {
        each_line(c, &map->tensor, call, piece, add_line);
    } else if (c->epilogue.kind != NT_CLAMP) {
        each_line(c, &map->tensor, call, piece, activate_line);
    }
    if (map->used && c->to.type == NINETAP_S32) {
        pool_sums(c, &map->tensor, piece, home);
    } else if (map->used) {
        pool_piece(c, &map->tensor, piece, home);
    }
}
