/* The cases: what they are called, what they do, and on which machines their bits agree. */
#ifndef CHECK_CORPUS_H
#define CHECK_CORPUS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/format.h"
#include "selftest/operation.h"

typedef enum agreement {
    SAME_EVERYWHERE, /* one digest */
    BY_ROUNDING,     /* one where multiply-adds are fused, one where they are not */
    WITHIN_BOUND     /* the algorithm is AUTO's choice; held to the plan's error bound */
} agreement;

enum { NAME_MOST = 120 };

typedef struct check_case {
    char name[NAME_MOST];
    agreement agreement;
    const nt_operation *op;
    nt_problem problem; /* its isa is set when it is run */
    bool indefinite;    /* the definition in naive loops does not give its bits */
} check_case;

typedef struct corpus {
    check_case *cases;
    size_t count, room;
} corpus;

/* All cases, by name. False: out of memory, or two cases have one name, which is said on stderr. */
bool corpus_make(corpus *c);
void corpus_free(corpus *c);

/* What corpus_make calls: each adds its operation's cases. */
#define OPERATION(name) bool corpus_##name(corpus *c);
#include "selftest/list.h"

/* A new case of that problem, without a name; NULL: out of memory. Valid until the next one. */
check_case *corpus_add(corpus *c, const nt_operation *op, const void *problem);
/* Appends to the case's name. */
void corpus_name(check_case *c, const char *format, ...) NT_PRINTF(2, 3);
/* "/integers", "/special", or nothing. */
const char *corpus_data(int data);
/* "/p1", "/p0.1.2.1", or nothing. */
void corpus_name_padding(check_case *c, const int pad[4]);

/* Pitches that leave gaps between all that lies side by side. */
void corpus_pitches(ninetap_layout layout, int64_t c, int64_t h, int64_t w, int64_t pitch[3]);

#endif
