#include "sizes.h"

#include <stdlib.h>

static void add(sizes *s, int value) {
    if (value < 1)
        return;
    int at = 0;
    while (at < s->count && s->value[at] < value)
        at++;
    if (at < s->count && s->value[at] == value)
        return;
    if (s->count == (int)(sizeof s->value / sizeof *s->value))
        abort();
    for (int i = s->count++; i > at; i--)
        s->value[i] = s->value[i - 1];
    s->value[at] = value;
}

static void add_around(sizes *s, int boundary) {
    for (int d = -1; d <= 1; d++)
        add(s, boundary + d);
}

static int larger(int a, int b) {
    return a > b ? a : b;
}

/* Returns the most columns of a tile. */
static int add_columns(sizes *s, const nt_kernels *kernels, int lanes) {
    int longest = 0;
    for (int i = 0; i < kernels->oc_count; i++) {
        add_around(s, kernels->oc[i].pixels);
        longest = larger(longest, kernels->oc[i].pixels);
    }
    for (int i = 0; i < kernels->x_count; i++) {
        add_around(s, kernels->x[i].vectors * lanes);
        longest = larger(longest, kernels->x[i].vectors * lanes);
    }
    return longest;
}

sizes sizes_of_columns(const nt_isa *isa) {
    sizes s = {0};
    int longest = add_columns(&s, isa->separate, isa->lanes);
    if (isa->fused != NULL)
        longest = larger(longest, add_columns(&s, isa->fused, isa->lanes));
    add_around(&s, 2 * longest);
    return s;
}

static int add_output_channels(sizes *s, const nt_kernels *kernels, int lanes) {
    int widest = 0;
    for (int i = 0; i < kernels->oc_count; i++) {
        add_around(s, kernels->oc[i].vectors * lanes);
        widest = larger(widest, kernels->oc[i].vectors * lanes);
    }
    for (int i = 0; i < kernels->x_count; i++)
        add_around(s, kernels->x[i].filters);
    return widest;
}

sizes sizes_of_output_channels(const nt_isa *isa) {
    sizes s = {0};
    int widest = add_output_channels(&s, isa->separate, isa->lanes);
    if (isa->fused != NULL)
        widest = larger(widest, add_output_channels(&s, isa->fused, isa->lanes));
    add_around(&s, 2 * widest);
    return s;
}

sizes sizes_of_input_channels(const nt_isa *isa) {
    sizes s = {0};
    for (int i = 1; i <= 3; i++)
        add(&s, i);
    add_around(&s, isa->lanes);
    add_around(&s, 2 * isa->lanes);
    return s;
}

sizes sizes_of_vectors(const nt_isa *isa) {
    sizes s = {0};
    for (int i = 1; i <= 4 * isa->lanes + 1; i++)
        add(&s, i);
    return s;
}

/* A vector is four times as many bytes as floats; what is left of one is put together of 16, 8, 4,
 * 2 and 1. */
sizes sizes_of_byte_vectors(const nt_isa *isa) {
    sizes s = {0};
    const int bytes = 4 * isa->lanes;
    for (int i = 1; i <= 33; i++)
        add(&s, i);
    for (int i = 1; i <= 3; i++) {
        add_around(&s, i * bytes);
        add_around(&s, i * bytes + bytes / 2);
    }
    return s;
}
