#include "cases/case_list.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/dispatch.h"
#include "measure/host.h"

static bool fail(const char *what, const char *about) {
    fprintf(stderr, "ninetap-bench: %s%.200s\n", what, about);
    return false;
}

/* conv3x3/avx512/nhwc/64x56x56-64/t1 says a shape and a number of threads; the rest of it chooses
 * among all the cases of that shape. */
static bool add_name(selection *s, const char *name) {
    char shape_text[SHAPE_TEXT], tail[64], why[256];
    char digits[5];
    tail[0] = '\0';
    if (sscanf(name, "%*[^/]/%*[^/]/%*[^/]/%111[^/]/t%4[0-9]%63s", shape_text, digits, tail) < 2) {
        return fail("not a benchmark's name: ", name);
    }
    const int threads = (int)strtol(digits, NULL, 10);
    if (threads < 1 || threads > OPTION_THREADS_MOST || (*tail != '\0' && *tail != '/')) {
        return fail("not a number of threads from 1 to 1024: ", name);
    }
    options *o = &s->o;
    bool there = o->thread_count == OPTION_THREADS;
    for (int i = 0; i < o->thread_count; i++) {
        there = there || o->threads[i] == threads;
    }
    if (!there) {
        o->threads[o->thread_count++] = threads;
    }
    o->cold = o->cold || strstr(tail, "/cold") != NULL;
    return suite_add_shape(&s->shapes, shape_text, SUITE_LADDER, why, sizeof why) ||
           fail("not a benchmark's name: ", name);
}

static void any_algorithm(options *o) {
    o->algo_count = OPTION_ALGOS;
    o->precision_count = OPTION_PRECISIONS;
    for (int i = 0; i < OPTION_ALGOS; i++) {
        o->algos[i] = i;
    }
    for (int i = 0; i < OPTION_PRECISIONS; i++) {
        o->precisions[i] = i;
    }
}

static bool add_names(selection *s) {
    const options given = s->o;
    if (given.name_count == 0) {
        return true;
    }
    if (given.suite_count + given.shape_count > 0 || given.algo_count + given.precision_count > 0) {
        return fail("names of benchmarks go without --suite, --shape, --algo, --precision", "");
    }
    for (size_t i = 0; i < given.name_count; i++) {
        if (!add_name(s, given.names[i])) {
            return false;
        }
    }
    any_algorithm(&s->o);
    return true;
}

static bool add_shapes(selection *s, const char *filter) {
    const options *o = &s->o;
    char why[512];
    bool good = true;
    for (size_t i = 0; good && i < o->shape_count; i++) {
        good = suite_add_shape(&s->shapes, o->shapes[i], SUITE_LADDER, why, sizeof why);
        s->every_isa = s->every_thread = true;
    }
    for (size_t i = 0; good && i < o->suite_count; i++) {
        bool all = strcmp(o->suites[i], "all") == 0;
        good = suite_add(&s->shapes, o->suites[i], why, sizeof why);
        s->every_isa = s->every_thread = s->every_isa || all;
    }
    if (good && s->shapes.count == 0 && o->suite_count + o->shape_count + o->name_count == 0) {
        s->every_isa = s->every_thread = *filter != '\0';
        good = suite_add(&s->shapes, *filter == '\0' ? "quick" : "all", why, sizeof why);
    }
    return good || fail(why, "");
}

static bool add_named_peers(selection *s) {
    const char *list = s->o.peer_list;
    while (*list != '\0') {
        size_t length = strcspn(list, ","), i = 0;
        while (peers[i] != NULL &&
               (strlen(peers[i]->name) != length || memcmp(peers[i]->name, list, length) != 0)) {
            i++;
        }
        if (peers[i] == NULL || s->peer_count == PEERS_MOST) {
            return fail("--peers: not in this program (see --info): ", list);
        }
        s->peers[s->peer_count++] = peers[i];
        list += length + (list[length] == ',' ? 1 : 0);
    }
    return true;
}

static bool add_peers(selection *s) {
    if (s->o.peers == PEERS_NAMED) {
        return add_named_peers(s);
    }
    for (size_t i = 0; s->o.peers != PEERS_NONE && peers[i] != NULL && i < PEERS_MOST; i++) {
        s->peers[s->peer_count++] = peers[i];
    }
    return s->o.peers != PEERS_ALL || s->peer_count > 0 ||
           fail("--peers: none is part of this program (see --info)", "");
}

static bool threads_are_possible(const options *o) {
    for (int i = 0; i < o->thread_count; i++) {
        if (o->threads[i] > 1 && !host_has_threads()) {
            return fail("built without OpenMP: one thread only", "");
        }
    }
    return true;
}

/* What is not given, as the options' help says. */
static void fill_in(options *o) {
    if (o->isa_count == 0) {
        for (int i = 0; nt_usable_isa(i) != NULL && i < OPTION_ISAS; i++) {
            o->isas[o->isa_count++] = nt_usable_isa(i);
        }
    }
    if (o->thread_count == 0) {
        o->threads[o->thread_count++] = 1;
        if (host_max_threads() > 1) {
            o->threads[o->thread_count++] = host_max_threads();
        }
    }
    if (!o->nchw && !o->nhwc && !o->own) {
        o->nchw = o->nhwc = o->own = true;
    }
    o->algo_count += o->algo_count == 0 ? 1 : 0; /* the first of all is AUTO; DEFAULT */
    o->precision_count += o->precision_count == 0 ? 1 : 0;
}

bool selection_make(selection *s, const options *o, const char *filter) {
    *s = (selection){.o = *o};
    if (!name_filter_init(&s->filter, filter, o->names, o->name_count)) {
        s->filter.everything = true; /* nothing to free */
        return false;
    }
    if (!add_names(s) || !add_shapes(s, filter) || !add_peers(s) || !threads_are_possible(&s->o)) {
        return false;
    }
    s->manners_given = s->o.algo_count + s->o.precision_count > 0;
    s->isas_given = o->isa_count + (int)o->name_count > 0;
    s->every_thread = s->every_thread || s->o.thread_count > 0;
    fill_in(&s->o);
    return true;
}

void selection_free(selection *s) {
    name_filter_free(&s->filter);
    suite_free(&s->shapes);
}
