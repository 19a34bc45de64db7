/* Gradients of activations: a row for each problem. To add one, write a row, and its lines of
 * `ninetap-check --write` into golden.txt. */
#include <inttypes.h>
#include <math.h>

#include "corpus.h"
#include "selftest/act_backward.h"

static const act_problem acts[] = {
    {.act = NINETAP_LINEAR, .n = 37},
    {.act = NINETAP_RELU, .n = 101},
    {.act = NINETAP_RELU, .n = 77, .data = DATA_OFTEN, .over = OVER_DIFF},
    {.act = NINETAP_CLAMP, .lo = -1.0F, .hi = 2.0F, .n = 133, .data = DATA_SMALL},
    {.act = NINETAP_CLAMP, .lo = -0.5F, .hi = INFINITY, .n = 60, .data = DATA_OFTEN},
    {.act = NINETAP_LEAKY_RELU, .slope = 0.1F, .n = 99, .over = OVER_X},
    {.act = NINETAP_HARD_SWISH, .n = 211},
    {.act = NINETAP_HARD_SWISH, .n = 85, .data = DATA_SMALL, .over = OVER_DIFF},
    {.act = NINETAP_HARD_SWISH, .n = 300, .data = DATA_OFTEN},
    {.act = NINETAP_HARD_SWISH, .n = 100003, .threads = 3},
};

bool corpus_act_backward(corpus *list) {
    static const char *const names[] = {"linear", "relu", "clamp", "leaky", "hard-swish"};
    static const char *const places[] = {"", "/in-place", "/over-x"};
    bool good = true;
    for (size_t i = 0; i < sizeof acts / sizeof acts[0]; i++) {
        act_problem p = acts[i];
        p.data = p.data == 0 ? DATA_RANDOM : p.data;
        p.seed = 1;
        check_case *c = good ? corpus_add(list, &nt_operation_act_backward, &p) : NULL;
        good = c != NULL;
        if (good) {
            c->agreement = SAME_EVERYWHERE;
            corpus_name(c, "act-backward/%s/%" PRId64 "%s%s", names[p.act], p.n, places[p.over],
                        corpus_data(p.data));
            if (p.threads != 0) {
                corpus_name(c, "/threads%d", p.threads);
            }
        }
    }
    return good;
}
