/* Softmax with cross entropy: a row for each problem. To add one, write a row, and its lines of
 * `ninetap-check --write` into golden.txt. */
#include <inttypes.h>

#include "corpus.h"
#include "selftest/cross_entropy.h"

static const entropy_problem entropies[] = {
    {.rows = 1, .columns = 10, .spread = 5.0F},
    {.rows = 32, .columns = 10, .spread = 3.0F, .over = WANT_DIFF},
    {.rows = 3, .columns = 16, .spread = 1.0F, .over = WANT_PROBABILITIES},
    {.rows = 5, .columns = 17, .spread = 30.0F},
    {.rows = 7, .columns = 100, .spread = 200.0F, .want = WANT_DIFF | WANT_LOSS},
    {.rows = 4, .columns = 83, .spread = 3e38F},
    {.rows = 9, .columns = 64, .spread = 10.0F, .want = WANT_LOSS},
    {.rows = 100, .columns = 301, .spread = 8.0F, .threads = 3},
};

bool corpus_cross_entropy(corpus *list) {
    bool good = true;
    for (size_t i = 0; i < sizeof entropies / sizeof entropies[0]; i++) {
        entropy_problem p = entropies[i];
        p.want = p.want == 0 ? WANT_ALL : p.want;
        p.seed = 1;
        check_case *c = good ? corpus_add(list, &nt_operation_cross_entropy, &p) : NULL;
        good = c != NULL;
        if (good) {
            c->agreement = SAME_EVERYWHERE;
            corpus_name(c, "cross-entropy/%" PRId64 "x%" PRId64 "%s%s", p.rows, p.columns,
                        p.want == WANT_ALL    ? ""
                        : p.want == WANT_LOSS ? "/loss"
                                              : "/diff-loss",
                        p.over == WANT_DIFF ? "/over-diff"
                        : p.over != 0       ? "/in-place"
                                            : "");
            if (p.threads != 0) {
                corpus_name(c, "/threads%d", p.threads);
            }
        }
    }
    return good;
}
