/* For vocabularies whose shuffles leave the even (odd) elements of two vectors in their order: the
 * words of words.h for those that come in another one. */
#ifndef NINETAP_NATURAL_ORDER_H
#define NINETAP_NATURAL_ORDER_H

#define NT_NATURAL_ORDER 1

#define NATURAL_ORDER(v)                           \
    static inline v v##_even_unordered(v a, v b) { \
        return v##_even(a, b);                     \
    }                                              \
    static inline v v##_odd_unordered(v a, v b) {  \
        return v##_odd(a, b);                      \
    }                                              \
    static inline v v##_in_order(v elements) {     \
        return elements;                           \
    }

#endif
