/* What a kernel leaves of a unit's outputs: other activations than clamps, the residual, the pool.
 * All of it happens while the unit is still in the cache. */
#include "core/build.h"
#include "conv3x3/conv3x3.h"

/* Calls `line` for every stretch of values that lie side by side. */
static void each_line(const ninetap_conv3x3 *p, const nt_conv_call *call,
                      const nt_conv_piece *piece,
                      void (*line)(const ninetap_conv3x3 *p, const nt_conv_call *call,
                                   float *values, int64_t n)) {
    const nt_tensor *t = &p->out;
    const bool nchw = p->desc.layout == NINETAP_NCHW;
    int64_t lines = nchw ? piece->channels : piece->columns;
    int64_t n = nchw ? piece->columns : piece->channels;
    const int64_t step = nchw ? t->channel : t->column;
    if (!nchw && step == n) {
        n *= lines;
        lines = 1;
    }
    for (int64_t y = 0; y < piece->rows; y++) {
        for (int64_t i = 0; i < lines; i++) {
            line(p, call, piece->values + y * t->row + i * step, n);
        }
    }
}

static void activate_line(const ninetap_conv3x3 *p, const nt_conv_call *call, float *values,
                          int64_t n) {
    (void)call;
    p->isa->activate(values, n, &p->epilogue);
}

static void add_line(const ninetap_conv3x3 *p, const nt_conv_call *call, float *values, int64_t n) {
    p->isa->add(values, call->residual + (values - call->dst), n, &p->epilogue);
}

/* The 2x2 maxima of the piece, as ninetap_maxpool2x2_f32 has them. */
static void pool_piece(const ninetap_conv3x3 *p, const nt_conv_piece *piece, float *home) {
    const nt_pool_kernel *kernel = &p->isa->pool[NT_MAX];
    const nt_tensor *in = &p->out;
    const nt_tensor *out = &p->shape.dst;
    nt_pool_block block = {.upper = piece->values, .dst = home, .lower = piece->values + in->row};
    if (p->desc.layout == NINETAP_NCHW) {
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
        for (int64_t c = 0; c < planes; c++) {
            block.upper = piece->values + c * in->channel;
            block.lower = piece->values + c * in->channel + in->row;
            block.dst = home + c * out->channel;
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
        block.upper = piece->values + 2 * y * in->row;
        block.lower = piece->values + (2 * y + 1) * in->row;
        block.dst = home + y * out->row;
        kernel->unit(&block);
    }
}

void nt_conv_finish(const ninetap_conv3x3 *p, const nt_conv_call *call, const nt_conv_piece *piece,
                    float *home) {
    if (call->residual != NULL) {
        each_line(p, call, piece, add_line);
    } else if (p->epilogue.kind != NT_CLAMP) {
        each_line(p, call, piece, activate_line);
    }
    if (p->map_bytes > 0) {
        pool_piece(p, piece, home);
    }
}
