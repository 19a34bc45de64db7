/* For vocabularies that gain nothing by loading neighbouring floats at once: a group is a single
 * float. words.h includes this where a vocabulary has no groups of its own. */
#ifndef NINETAP_GROUP_OF_ONE_H
#define NINETAP_GROUP_OF_ONE_H

#define NT_GROUP 1
typedef vs vg;

static inline vg vg_load(const float *p) {
    return vs_load(p);
}
static inline vf vf_mul_at(vf a, vg b, int i) {
    (void)i;
    return vf_mul1(a, b);
}
#if NT_HAS_FMA
static inline vf vf_fma_at(vf a, vg b, int i, vf c) {
    (void)i;
    return vf_fma1(a, b, c);
}
#endif

#endif
