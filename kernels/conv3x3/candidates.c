/* Which families of kernels can run a plan, and what each would cost. The unit is a cycle of a core
 * that does one multiply-add of all lanes in it; what co-issues with multiply-adds is not counted.
 * The constants were fitted to measurements on Zen 4. Elsewhere NINETAP_TUNE=1 corrects the choice
 * among the kernels of one algorithm, whose bits are the same; the algorithm is never measured. */
#include "core/build.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "conv3x3/conv3x3.h"
#include "core/size.h"

/* ---- what can be done ---- */

static bool is_depthwise(const nt_conv_shape *s) {
    return s->group_ic == 1 && s->group_oc == 1;
}

/* Whether a block of planes and its outputs fit the scratch. */
static bool planes_fit(const nt_isa *isa, const nt_conv_shape *s) {
    enum { BLOCK_ELEMENTS = 128 * 1024 };
    const nt_size positions =
        nt_size_add(nt_size_mul(nt_size_of(s->ih), s->iw), nt_size_mul(nt_size_of(s->oh), s->ow));
    const nt_size elements = nt_size_mul(positions, isa->lanes);
    return is_depthwise(s) && !elements.overflow && elements.value <= BLOCK_ELEMENTS;
}

/* Whether the kernels of bodies/depthwise_x.h can take the planes. */
const nt_dw_x_kernel *nt_conv_find_dw_x(const ninetap_conv3x3 *p) {
    const nt_conv_shape *s = &p->shape;
    const nt_kernels *from = p->kernels;
    const int64_t beyond = nt_conv_beyond(s);
    const bool both = s->left > 0 && beyond > 0;
    if (!is_depthwise(s) || s->dilation != 1 || s->left > 1 || beyond > 1 ||
        s->ow < p->isa->lanes || (s->stride == 2 && both && s->ow == p->isa->lanes)) {
        return NULL;
    }
    for (int i = 0; i < from->dw_x_count; i++) {
        if (from->dw_x[i].stride == s->stride) {
            return &from->dw_x[i];
        }
    }
    return NULL;
}

/* ---- what it costs, for one output row of one group ---- */

static double vectors(int64_t count, const ninetap_conv3x3 *p) {
    return (double)nt_div_up(count, p->isa->lanes);
}

/* The input's way to the scratch, and what a strip costs besides. */
static double pack_cost(const ninetap_conv3x3 *p) {
    const nt_conv_shape *s = &p->shape;
    const double rows = (double)s->ih / (double)s->oh;
    return 3.0 * (double)s->group_ic * vectors(s->iw, p) * rows + 300.0 / (double)s->oh;
}

/* A vector of sums costs 9 multiply-adds an input channel. Then it is stored, with bias and
 * activation; NCHW's, of which a quarter may be left, are also loaded again and have their share of
 * a transposition of whole squares (4 to 5 shuffles of latency-bound code). A tile of a single
 * vector has more loads than multiply-adds. */
static double oc_cost(const ninetap_conv3x3 *p) {
    const nt_conv_shape *s = &p->shape;
    const bool pooled = p->desc.pool == NINETAP_POOL_MAX;
    const double columns = (double)s->ow;
    double finish = pooled ? 1.75 * columns : 3.0 * columns;
    if (p->desc.layout == NINETAP_NCHW) {
        const double left = p->isa->lanes * vectors(pooled ? s->ow / 2 : s->ow, p);
        finish = pooled ? columns + 12.0 * left / 2.0 : 12.0 * left;
    }
    const int64_t panels = nt_div_up(s->group_oc, p->isa->lanes);
    const double tiles = (double)panels + (panels % 2 != 0 ? 0.1 : 0.0);
    return pack_cost(p) + 1.05 * tiles * (9.0 * (double)s->group_ic * columns + finish);
}

/* Two of three input vectors cross a cache line, which fewer filters feel more. With one or two of
 * them the loads take longer than the multiply-adds. */
static double x_cost(const ninetap_conv3x3 *p) {
    const nt_conv_shape *s = &p->shape;
    const bool pooled = p->desc.pool == NINETAP_POOL_MAX;
    const nt_x_kernel *widest = pooled ? p->kernels->x_pool : p->kernels->x;
    const int64_t panels = nt_div_up(s->group_oc, widest->filters);
    const double filters = (double)nt_div_up(s->group_oc, panels);
    const double inputs = (pooled ? 2.0 : 1.0) * widest->vectors;
    const double loads = (1.7 * inputs + filters) / (inputs * filters);
    const double tap = loads > 1.0 ? loads : 1.04 + 0.28 / filters;
    const double finish = pooled ? 1.5 : 2.0;
    return pack_cost(p) +
           (double)s->group_oc * vectors(s->ow, p) * (9.0 * tap * (double)s->group_ic + finish);
}

/* Planes turned to pixels and back: 6 a vector of either. All of a row's groups share its vectors.
 */
static double dw_cost(const ninetap_conv3x3 *p) {
    const nt_conv_shape *s = &p->shape;
    const double in = (double)s->ih * (double)s->iw / (double)s->oh;
    const double turn = p->desc.layout == NINETAP_NCHW ? 6.0 * ((double)s->ow + in) : 0.0;
    return vectors(s->groups, p) / (double)s->groups * (11.0 * (double)s->ow + turn);
}

static double dw_x_cost(const ninetap_conv3x3 *p) {
    const nt_conv_shape *s = &p->shape;
    const double loads = s->stride == 2 ? 6.0 : 2.0; /* and shuffles */
    return vectors(s->ow, p) * (9.0 + loads) + 150.0 / (double)s->oh;
}

/* ---- Winograd ---- */

/* The descriptions it can do. The weights have a say, too: nt_conv_look_at_weights. */
bool nt_conv_winograd_fits(const nt_conv_shape *s, ninetap_precision precision) {
    return s->stride == 1 && s->dilation == 1 && s->groups == 1 &&
           (precision == NINETAP_PRECISION_DEFAULT || precision == NINETAP_PRECISION_FAST);
}

/* ---- the list ---- */

static void add_whole(nt_candidate *list, int *count, nt_family family, double cycles) {
    const nt_candidate c = {family, cycles};
    int at = (*count)++;
    for (; at > 0 && list[at - 1].cycles > c.cycles; at--) {
        list[at] = list[at - 1];
    }
    list[at] = c;
}

static void add(const ninetap_conv3x3 *p, nt_candidate *list, int *count, nt_family family,
                double row_cost) {
    const nt_conv_shape *s = &p->shape;
    const double rows = (double)(s->n > 0 ? s->n : 1) * (double)s->groups * (double)s->oh;
    add_whole(list, count, family, row_cost * rows);
}

static bool wanted(const ninetap_conv3x3 *p, ninetap_algo algo) {
    return p->desc.algo == NINETAP_ALGO_AUTO || p->desc.algo == algo;
}

/* AUTO's fewest channels. Transforms amplify errors that longer sums outgrow: from 16 channels on
 * the RMS error of F(4x4) is below 2.5 times direct's, of F(6x6) below 10 times; with 7 it is 2.8
 * and 12 (tests/test_winograd_error.c), without FMA from 24 on. F(2x2)'s is below direct's from 7
 * on. */
static int64_t fewest_channels(int m, bool fused) {
    return m == 2 ? 8 : fused ? 16 : 24;
}

static void add_winograd(const ninetap_conv3x3 *p, nt_candidate *list, int *count) {
    static const nt_family families[] = {NT_WINOGRAD2, NT_WINOGRAD4, NT_WINOGRAD6};
    static const ninetap_algo algos[] = {NINETAP_ALGO_WINOGRAD2, NINETAP_ALGO_WINOGRAD4,
                                         NINETAP_ALGO_WINOGRAD6};
    for (int i = 0; i < 3; i++) {
        const int m = nt_winograd_size(families[i]);
        const bool accurate = (m < 6 || p->desc.precision == NINETAP_PRECISION_FAST) &&
                              p->shape.ic >= fewest_channels(m, p->fused);
        if (p->desc.algo == algos[i] || (p->desc.algo == NINETAP_ALGO_AUTO && accurate)) {
            add_whole(list, count, families[i], nt_winograd_cycles(p, m));
        }
    }
}

static int all_candidates(const ninetap_conv3x3 *p, nt_candidate list[NT_CANDIDATES]) {
    const bool nchw = p->desc.layout == NINETAP_NCHW;
    int count = 0;
    if (p->winograd_weights && nt_conv_winograd_fits(&p->shape, p->desc.precision)) {
        add_winograd(p, list, &count);
    }
    if (!wanted(p, NINETAP_ALGO_DIRECT)) {
        return count;
    }
    add(p, list, &count, NT_DIRECT_OC, oc_cost(p));
    if (nchw) {
        add(p, list, &count, NT_DIRECT_X, x_cost(p));
    }
    if (nchw ? planes_fit(p->isa, &p->shape) : is_depthwise(&p->shape)) {
        add(p, list, &count, NT_DEPTHWISE, dw_cost(p));
    }
    if (nchw && nt_conv_find_dw_x(p) != NULL) {
        add(p, list, &count, NT_DEPTHWISE_X, dw_x_cost(p));
    }
    return count;
}

/* ---- the algorithm ---- */

enum { ALGORITHMS = 4 }; /* direct and Winograd's m = 2, 4, 6, at m / 2 */

static int algorithm_of(const nt_candidate *c) {
    return nt_winograd_size(c->family) / 2;
}

/* Adds the cycles of each algorithm's cheapest family: of an image of a batch of `images`, not
 * pooled, in `layout`. */
static void add_cycles(const ninetap_conv3x3 *p, ninetap_layout layout, int64_t images,
                       double cycles[ALGORITHMS]) {
    double least[ALGORITHMS] = {INFINITY, INFINITY, INFINITY, INFINITY};
    nt_candidate list[NT_CANDIDATES];
    ninetap_conv3x3 one = *p;
    one.desc.layout = layout;
    one.desc.pool = NINETAP_POOL_NONE;
    one.shape.n = images;
    one.shape.oh = p->shape.map_h;
    one.shape.ow = p->shape.map_w;
    const int count = all_candidates(&one, list);
    for (int i = 0; i < count; i++) {
        const int a = algorithm_of(&list[i]);
        least[a] = fmin(least[a], list[i].cycles);
    }
    for (int a = 0; a < ALGORITHMS; a++) {
        cycles[a] += least[a] / (double)images;
    }
}

/* Another algorithm has other bits. So the choice knows nothing that a caller may change without
 * changing an image's outputs: how many images there are, their layout, whether they are pooled. It
 * is made for an image alone and for one of eight, whose filters are read again. */
static int choose_algorithm(const ninetap_conv3x3 *p) {
    static const int64_t batches[] = {1, 8};
    double cycles[ALGORITHMS] = {0.0};
    for (int i = 0; i < 2; i++) {
        add_cycles(p, NINETAP_NCHW, batches[i], cycles);
        add_cycles(p, NINETAP_NHWC, batches[i], cycles);
    }
    int best = 0;
    for (int a = 1; a < ALGORITHMS; a++) {
        best = cycles[a] < cycles[best] ? a : best;
    }
    return best;
}

/* The chosen algorithm's families first; the order is otherwise kept. */
static void move_to_front(nt_candidate *list, int count, int algorithm) {
    int front = 0;
    for (int i = 0; i < count; i++) {
        if (algorithm_of(&list[i]) == algorithm) {
            const nt_candidate c = list[i];
            memmove(list + front + 1, list + front, (size_t)(i - front) * sizeof *list);
            list[front++] = c;
        }
    }
}

int nt_conv_candidates(const ninetap_conv3x3 *p, nt_candidate list[NT_CANDIDATES]) {
    const int count = all_candidates(p, list);
    bool several = false; /* algorithms */
    for (int i = 0; i < count; i++) {
        several = several || algorithm_of(&list[i]) != algorithm_of(&list[0]);
    }
    if (several) {
        move_to_front(list, count, choose_algorithm(p));
    }
    return count;
}

void nt_conv_explain(ninetap_conv3x3 *p, const nt_candidate *list, int count,
                     const nt_candidate *chosen) {
    static const char *const names[] = {[NT_DIRECT_OC] = "direct over output channels",
                                        [NT_DIRECT_X] = "direct over output columns",
                                        [NT_DEPTHWISE] = "depthwise over channels",
                                        [NT_DEPTHWISE_X] = "depthwise over columns",
                                        [NT_WINOGRAD2] = "winograd2",
                                        [NT_WINOGRAD4] = "winograd4",
                                        [NT_WINOGRAD6] = "winograd6"};
    bool cheapest = true;
    for (int i = 0; i < count; i++) {
        cheapest = cheapest && chosen->cycles <= list[i].cycles;
    }
    size_t used = (size_t)snprintf(p->reason, sizeof p->reason, "%s: %.2g cycles predicted%s",
                                   names[chosen->family], chosen->cycles,
                                   cheapest ? "" : ", chosen for any batch and layout");
    for (int i = 0; i < count && used < sizeof p->reason; i++) {
        if (&list[i] != chosen) {
            used += (size_t)snprintf(p->reason + used, sizeof p->reason - used, ", %s %.2g",
                                     names[list[i].family], list[i].cycles);
        }
    }
}
