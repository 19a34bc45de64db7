#include "case_list.h"

#include <regex.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/dispatch.h"
#include "host.h"
#include "suite.h"

typedef struct name_filter {
    bool everything, negated;
    regex_t regex;
} name_filter;

/* The same meaning as --benchmark_filter has in Google Benchmark. */
static bool filter_init(name_filter *f, const char *text) {
    f->everything = *text == '\0' || strcmp(text, "all") == 0;
    f->negated = *text == '-';
    if (f->everything) {
        return true;
    }
    int error = regcomp(&f->regex, text + (f->negated ? 1 : 0), REG_EXTENDED | REG_NOSUB);
    if (error == 0) {
        return true;
    }
    char message[128];
    regerror(error, &f->regex, message, sizeof message);
    fprintf(stderr, "ninetap-bench: --benchmark_filter=%s: %s\n", text, message);
    return false;
}

static bool filter_keeps(const name_filter *f, const char *name) {
    return f->everything || (regexec(&f->regex, name, 0, NULL, 0) == 0) != f->negated;
}

static void filter_free(name_filter *f) {
    if (!f->everything) {
        regfree(&f->regex);
    }
}

/* See suite_flags. The scalar kernels are there to show what vectors bring: on the ladder shapes,
 * and where the user asks for a shape. */
static bool in_suite(unsigned flags, bool quick, bool best, bool scalar, int threads) {
    if (scalar && !best && (flags & SUITE_LADDER) == 0) {
        return false;
    }
    if (!quick) {
        return true;
    }
    if ((flags & SUITE_QUICK) == 0) {
        return false;
    }
    return best ? threads == 1 || (flags & SUITE_LATENCY) == 0
                : threads == 1 && (flags & SUITE_LADDER) != 0;
}

typedef struct selection {
    unsigned flags; /* of the shape */
    bool quick;
    const name_filter *filter;
} selection;

static void add_cases(case_list *list, problem *p, const selection *select) {
    const nt_isa *isa;
    const int most = host_max_threads();
    for (int i = 0; (isa = nt_usable_isa(i)) != NULL; i++) {
        for (int threads = 1;; threads = most) {
            bench_case *c = &list->cases[list->case_count];
            *c = (bench_case){.problem = p, .isa = isa, .threads = threads};
            snprintf(c->name, sizeof c->name, "%s/%s/%s/%s/t%d", p->operation->name, isa->name,
                     layout_name(p->layout), p->shape.text, threads);
            if (in_suite(select->flags, select->quick, i == 0, isa->lanes == 1, threads) &&
                filter_keeps(select->filter, c->name)) {
                list->case_count++;
            }
            if (threads == most) {
                break;
            }
        }
    }
}

static bool add_shape(case_list *list, const char *text, const selection *select) {
    shape what;
    if (!shape_parse(text, &what)) {
        fprintf(stderr, "ninetap-bench: %s is not a shape (see --help)\n", text);
        return false;
    }
    for (int layout = NINETAP_NCHW; layout <= NINETAP_NHWC; layout++) {
        problem *p = &list->problems[list->problem_count];
        ninetap_status status = problem_init(p, &what, (ninetap_layout)layout);
        if (status != NINETAP_OK) {
            fprintf(stderr, "ninetap-bench: %s: %s\n", text, ninetap_strerror(status));
            return false;
        }
        list->problem_count++;
        add_cases(list, p, select);
    }
    return true;
}

bool case_list_make(case_list *list, const char *const *shapes, size_t shape_count, bool quick,
                    const char *filter) {
    const size_t count = shape_count > 0 ? shape_count : suite_size;
    const size_t isas = (size_t)ninetap_isa_count();
    name_filter names;
    if (!filter_init(&names, filter)) {
        return false;
    }
    /* Two layouts; one thread and all of them. */
    *list = (case_list){.problems = calloc(count * 2, sizeof(problem)),
                        .cases = calloc(count * 2 * isas * 2, sizeof(bench_case))};
    bool good = list->problems != NULL && list->cases != NULL;
    if (!good) {
        fprintf(stderr, "ninetap-bench: out of memory\n");
    }
    for (size_t i = 0; good && i < count; i++) {
        if (shape_count > 0) {
            good = add_shape(list, shapes[i], &(selection){SUITE_LADDER, false, &names});
        } else {
            good = add_shape(list, suite[i].shape, &(selection){suite[i].flags, quick, &names});
        }
    }
    filter_free(&names);
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
