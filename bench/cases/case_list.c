#include "cases/case_list.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cases/conv3x3.h"
#include "core/dispatch.h"
#include "measure/candidates.h"

static bool fail(const char *what, const char *about) {
    fprintf(stderr, "ninetap-bench: %s%.200s\n", what, about);
    return false;
}

/* The scalar kernels are there to show what vectors bring: on the ladder's shapes, and where the
 * user asks for them. */
static bool keeps_isa(const selection *s, unsigned words, const nt_isa *isa, int threads) {
    const bool ladder = (words & SUITE_LADDER) != 0;
    return s->isas_given || isa == nt_find_isa(NULL) || (ladder && threads == 1) ||
           (s->every_isa && (ladder || isa->lanes > 1));
}

/* False if memory is short. */
static bool add_case(case_list *list, const selection *s, problem *p, const method *m) {
    bench_case *cases = list->cases;
    if ((list->case_count & (list->case_count + 1)) == 0) { /* grows at 0, 1, 3, 7 ... */
        cases = realloc(cases, (2 * list->case_count + 1) * sizeof *cases);
        if (cases == NULL) {
            return fail("out of memory", "");
        }
        list->cases = cases;
    }
    bench_case *c = &cases[list->case_count];
    *c = (bench_case){.problem = p, .method = *m, .cold = s->o.cold};
    bench_case_name(c);
    list->case_count += name_filter_keeps(&s->filter, c->name) ? 1 : 0;
    return true;
}

/* Each of the methods that there are for an algorithm asked for by name. */
static bool add_candidates(case_list *list, const selection *s, problem *p, const method *like) {
    method m = *like;
    int count = 1;
    if (p->operation == &conv3x3 && m.choice.algo != NINETAP_ALGO_AUTO) {
        const ninetap_conv3x3_desc d = conv3x3_request(p, &m.choice);
        count = candidate_count(&d);
    }
    bool good = true;
    for (int i = 0; good && i < count; i++) {
        m.choice.candidate = i;
        good = add_case(list, s, p, &m);
    }
    return good;
}

static bool add_ours(case_list *list, const selection *s, problem *p, unsigned words, int threads) {
    const options *o = &s->o;
    const bool sums = !p->shape.pooling && !p->shape.softmax;
    const int algos = sums && !p->shape.dense ? o->algo_count : 1;
    const int precisions = sums ? o->precision_count : 1;
    bool good = true;
    for (int i = 0; good && i < o->isa_count; i++) {
        if (!keeps_isa(s, words, o->isas[i], threads)) {
            continue;
        }
        for (int k = 0; good && k < algos * precisions; k++) {
            method m = {.choice = {.isa = o->isas[i],
                                   .threads = threads,
                                   .algo = (ninetap_algo)o->algos[k / precisions],
                                   .precision = (ninetap_precision)o->precisions[k % precisions]}};
            good = o->name_count > 0 ? add_candidates(list, s, p, &m) : add_case(list, s, p, &m);
            m.choice.unfused = true;
            good = good && (!p->shape.pooled || add_case(list, s, p, &m));
        }
    }
    return good;
}

/* both[0] is NCHW, both[1] NHWC. */
static bool add_group(case_list *list, const selection *s, problem *both, unsigned words,
                      int threads) {
    const options *o = &s->o;
    if (!s->every_thread && threads > 1 && (words & SUITE_LATENCY) != 0) {
        return true;
    }
    if (!shape_has_layout(&both[0].shape)) { /* nor are peers asked for it */
        return add_ours(list, s, &both[0], words, threads);
    }
    bool good = (!o->nchw || add_ours(list, s, &both[0], words, threads)) &&
                (!o->nhwc || add_ours(list, s, &both[1], words, threads));
    for (size_t i = 0; good && i < s->peer_count; i++) {
        method m = {.peer = s->peers[i], .choice = {.threads = threads}};
        good = (!o->nchw || add_case(list, s, &both[0], &m)) &&
               (!o->nhwc || add_case(list, s, &both[1], &m));
        m.own = true;
        good = good && (!o->own || add_case(list, s, &both[0], &m));
    }
    return good;
}

/* Every algorithm by name, the direct one in each of its ways; AUTO, in default precision unless
 * that is there already, and in FAST. */
static bool add_algorithms(case_list *list, const selection *s, problem *p, bool with_auto,
                           int threads) {
    bool good = true;
    for (int i = 0; good && i < s->o.isa_count; i++) {
        const nt_isa *isa = s->o.isas[i];
        method m = {.choice = {.isa = isa, .threads = threads}};
        if (!keeps_isa(s, 0, isa, threads)) {
            continue;
        }
        good = !with_auto || add_case(list, s, p, &m);
        m.choice.precision = NINETAP_PRECISION_FAST;
        good = good && add_case(list, s, p, &m);
        m.choice.precision = NINETAP_PRECISION_DEFAULT;
        for (int algo = NINETAP_ALGO_DIRECT; good && algo < OPTION_ALGOS; algo++) {
            m.choice.algo = (ninetap_algo)algo;
            good = add_candidates(list, s, p, &m);
        }
    }
    return good;
}

/* What a line with the word `algorithms` asks for. */
static bool add_map(case_list *list, const selection *s, problem *both, const suite_line *line,
                    int threads) {
    const bool asked = (line->words & SUITE_ALGORITHMS) != 0 && !line->shape.pooling;
    bool good = true;
    if (!asked || (threads > 1 && !s->every_thread)) {
        return true;
    }
    for (int layout = NINETAP_NCHW; good && layout <= NINETAP_NHWC; layout++) {
        if (!(layout == NINETAP_NCHW ? s->o.nchw : s->o.nhwc)) {
            continue;
        }
        if (!s->manners_given) {
            good = add_algorithms(list, s, &both[layout], !line->usual, threads);
        } else if (!line->usual) {
            good = add_ours(list, s, &both[layout], 0, threads);
        }
    }
    return good;
}

static bool add_line(case_list *list, const selection *s, const suite_line *line) {
    problem *both = &list->problems[list->problem_count];
    for (int layout = NINETAP_NCHW; layout <= NINETAP_NHWC; layout++) {
        ninetap_status status = problem_init(&both[layout], &line->shape, (ninetap_layout)layout);
        if (status != NINETAP_OK) {
            fprintf(stderr, "ninetap-bench: %s: %s\n", line->shape.text, ninetap_strerror(status));
            return false;
        }
        list->problem_count++;
    }
    bool good = true;
    for (int i = 0; good && i < s->o.thread_count; i++) {
        const int threads = s->o.threads[i];
        good = (!line->usual || add_group(list, s, both, line->words, threads)) &&
               add_map(list, s, both, line, threads);
    }
    return good;
}

static bool all_names_found(const case_list *list, const options *o) {
    for (size_t i = 0; i < o->name_count; i++) {
        size_t k = 0;
        while (k < list->case_count && strcmp(list->cases[k].name, o->names[i]) != 0) {
            k++;
        }
        if (k == list->case_count) {
            return fail("no such benchmark here: ", o->names[i]);
        }
    }
    return list->case_count > 0 || fail("no benchmark is left of what the options name", "");
}

bool case_list_make(case_list *list, const options *o, const char *filter) {
    selection s;
    *list = (case_list){0};
    bool good = selection_make(&s, o, filter);
    if (good) {
        list->problems = calloc(2 * s.shapes.count + 1, sizeof(problem));
        good = list->problems != NULL || fail("out of memory", "");
    }
    for (size_t i = 0; good && i < s.shapes.count; i++) {
        good = add_line(list, &s, &s.shapes.lines[i]);
    }
    good = good && all_names_found(list, o);
    selection_free(&s);
    if (!good) {
        case_list_free(list);
    }
    return good;
}

void case_list_free(case_list *list) {
    free(list->problems);
    free(list->cases);
    *list = (case_list){0};
}

size_t case_list_group(const case_list *list, size_t first) {
    const bench_case *c = &list->cases[first];
    size_t count = 1;
    while (first + count < list->case_count &&
           c[count].method.choice.threads == c->method.choice.threads &&
           strcmp(c[count].problem->shape.text, c->problem->shape.text) == 0) {
        count++;
    }
    return count;
}
