/* The cases: what they are called, what they do, and on which machines their bits agree. */
#ifndef CHECK_CORPUS_H
#define CHECK_CORPUS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/format.h"
#include "data.h"
#include "ninetap.h"

typedef enum agreement {
    SAME_EVERYWHERE, /* one digest */
    BY_ROUNDING,     /* one where multiply-adds are fused, one where they are not */
    WITHIN_BOUND     /* the algorithm is AUTO's choice; held to the plan's error bound */
} agreement;

/* How a convolution is called. */
typedef enum conv_call {
    CALL_RUN = 0,
    CALL_WORKSPACE, /* run with the caller's workspace, at an odd address */
    CALL_PARTS,     /* run_part, three of them, in some order */
    CALL_ONCE       /* ninetap_conv3x3_f32 */
} conv_call;

typedef struct conv_case {
    ninetap_conv3x3_desc desc; /* isa is set when it is run */
    conv_call call;
    data_kind data;       /* of the input; weights and bias are integers, too, or random */
    bool special_weights; /* these are special, too */
    bool no_bias;
} conv_case;

typedef enum pool_op {
    POOL_MAX = 0,
    POOL_MAX_INDEX,
    POOL_AVERAGE,
    POOL_MIXED,
    POOL_U8,
    POOL_U8_INDEX,
    POOL_S8,
    POOL_S8_INDEX,
    POOL_UNPOOL,    /* with indices of maxima */
    POOL_UNPOOL_ANY /* with random ones: -1, foreign ones, and equal ones among them */
} pool_op;

typedef struct pool_case {
    ninetap_pool2x2_desc desc;
    pool_op op;
    float alpha; /* POOL_MIXED */
    data_kind data;
} pool_case;

enum { NAME_MOST = 120 };

typedef struct check_case {
    char name[NAME_MOST];
    agreement agreement;
    bool pooling; /* which one of the two it is */
    conv_case conv;
    pool_case pool;
} check_case;

typedef struct corpus {
    check_case *cases;
    size_t count, room;
} corpus;

/* All cases, by name. False: out of memory, or two cases have one name, which is said on stderr. */
bool corpus_make(corpus *c);
void corpus_free(corpus *c);

/* What corpus_make calls: each adds its operation's cases. */
bool corpus_conv3x3(corpus *c);
bool corpus_pool2x2(corpus *c);

/* A new case, all zero; NULL: out of memory. Valid until the next one. */
check_case *corpus_add(corpus *c);
/* Appends to the case's name. */
void corpus_name(check_case *c, const char *format, ...) NT_PRINTF(2, 3);
/* "/p1", "/p0.1.2.1", or nothing. */
void corpus_name_padding(check_case *c, const int pad[4]);

/* Pitches that leave gaps between all that lies side by side. */
void corpus_pitches(ninetap_layout layout, int64_t c, int64_t h, int64_t w, int64_t pitch[3]);

#endif
