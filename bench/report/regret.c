#include "report/regret.h"

#include <math.h>
#include <string.h>

/* What follows the threads in a benchmark's name: "/fast", "/direct/2", "/winograd4/cold". */
static const char *manner(const result *r) {
    char threads[16];
    snprintf(threads, sizeof threads, "/t%d", r->threads);
    const char *at = strstr(r->name, threads);
    return at != NULL ? at + strlen(threads) : "?";
}

/* "default", "fast"; NULL: not a choice of AUTO's. */
static const char *chooses(const result *r) {
    const char *how = manner(r);
    const bool usable = r->ours && r->min > 0 && *r->algorithm != '\0';
    return !usable                                                       ? NULL
           : *how == '\0' || strcmp(how, "/cold") == 0                   ? "default"
           : strcmp(how, "/fast") == 0 || strcmp(how, "/fast/cold") == 0 ? "fast"
                                                                         : NULL;
}

static bool same_work(const result *a, const result *b) {
    return b->ours && b->min > 0 && a->threads == b->threads && a->cold == b->cold &&
           strcmp(a->shape, b->shape) == 0 && strcmp(a->layout, b->layout) == 0 &&
           strcmp(a->implementation, b->implementation) == 0 &&
           strcmp(a->operation, b->operation) == 0;
}

static bool same_kernel(const result *a, const result *b) {
    return strcmp(a->algorithm, b->algorithm) == 0 && strcmp(a->kernel, b->kernel) == 0;
}

/* The tiles of all sizes of Winograd's have one name. */
static const char *kernel_name(const result *r) {
    return strcmp(r->algorithm, "direct") == 0 ? r->kernel : r->algorithm;
}

static regret *entry_of(regret *list, size_t *count, const char *isa, const char *precision) {
    for (size_t i = 0; i < *count; i++) {
        if (strcmp(list[i].isa, isa) == 0 && strcmp(list[i].precision, precision) == 0) {
            return &list[i];
        }
    }
    if (*count == REGRETS) {
        return NULL;
    }
    list[*count] = (regret){.isa = isa, .precision = precision};
    return &list[(*count)++];
}

/* What AUTO takes is itself among the candidates: of its two times the shorter one counts, so that
 * a disturbance of one of them is not held against the choice. */
static void enter_choice(regret *list, size_t *count, const results *r, const result *taken,
                         const char *precision) {
    const result *fastest = NULL;
    double own = taken->min;
    size_t candidates = 0;
    for (size_t i = 0; i < r->count; i++) {
        const result *c = &r->items[i];
        if (!same_work(taken, c) || strstr(c->choice, precision) == NULL) {
            continue;
        }
        candidates++;
        own = same_kernel(c, taken) ? fmin(own, c->min) : own;
        fastest = fastest == NULL || c->min < fastest->min ? c : fastest;
    }
    regret *entry = candidates > 1 ? entry_of(list, count, taken->implementation, precision) : NULL;
    if (entry == NULL) {
        return;
    }
    const double loss = fmax(0, own / fastest->min - 1);
    entry->count++;
    entry->mean += log1p(loss);
    if (entry->taken == NULL || loss > entry->worst) {
        entry->worst = loss;
        entry->taken = taken;
        entry->fastest = fastest;
    }
}

size_t regret_make(regret list[REGRETS], const results *r) {
    size_t count = 0;
    for (size_t i = 0; i < r->count; i++) {
        const char *precision = chooses(&r->items[i]);
        if (precision != NULL) {
            enter_choice(list, &count, r, &r->items[i], precision);
        }
    }
    for (size_t i = 0; i < count; i++) {
        list[i].mean = expm1(list[i].mean / (double)list[i].count);
    }
    return count;
}

bool regret_write(FILE *file, const results *r, table_writer *write) {
    static const table_column columns[] = {
        {"ISA", false},  {"precision", false}, {"choices", true}, {"geometric mean", true},
        {"worst", true}, {"where", false},     {"AUTO's", false}, {"fastest", false}};
    regret list[REGRETS];
    table t;
    table_begin(&t, "AUTO's choice is slower than the fastest candidate by", columns,
                sizeof columns / sizeof *columns);
    for (size_t i = 0, count = regret_make(list, r); i < count; i++) {
        const regret *e = &list[i];
        table_add(&t, "%s", e->isa);
        table_add(&t, "%s", e->precision);
        table_add(&t, "%zu", e->count);
        table_add(&t, "%.2f %%", 100 * e->mean);
        table_add(&t, "%.1f %%", 100 * e->worst);
        table_add(&t, "%s %s t%d", e->taken->shape, e->taken->layout, e->taken->threads);
        table_add(&t, "%s", kernel_name(e->taken));
        table_add(&t, "%s", kernel_name(e->fastest));
    }
    return table_hand_out(file, &t, write);
}
