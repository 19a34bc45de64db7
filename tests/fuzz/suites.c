/* What the benchmark program reads: shapes, suites, its command line. The first byte tells
 * which. */
#include "fuzz.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cases/options.h"
#include "cases/suite.h"
#include "support/suite.h"

static bool same_shape(const shape *a, const shape *b) {
    return strcmp(a->text, b->text) == 0 && a->network == b->network && a->pooling == b->pooling &&
           a->pool == b->pool && a->n == b->n && a->c == b->c && a->h == b->h && a->w == b->w &&
           a->oc == b->oc && a->groups == b->groups && a->stride == b->stride && a->pad == b->pad &&
           a->dilation == b->dilation && a->pooled == b->pooled && a->indices == b->indices &&
           a->dense == b->dense && a->softmax == b->softmax;
}

/* A shape's text is that shape, and no other text is. */
static void check_shape(const shape *s) {
    shape again = {0};
    fuzz_require(memchr(s->text, '\0', SHAPE_TEXT) != NULL && shape_parse(s->text, &again));
    fuzz_require(same_shape(s, &again) || suite_wrong("'%s' is '%s'", s->text, again.text));
}

static void fuzz_shape(const char *text) {
    shape s;
    if (shape_parse(text, &s))
        check_shape(&s);
}

static void fuzz_suite(const char *text, size_t length) {
    char why[200] = "";
    suite s = {0};
    if (!suite_add_text(&s, (const unsigned char *)text, length, "fuzz", why, sizeof why))
        fuzz_require(strncmp(why, "fuzz:", 5) == 0 || strchr(why, ':') != NULL);
    for (size_t i = 0; i < s.count; i++) {
        check_shape(&s.lines[i].shape);
        fuzz_require(s.lines[i].words < 16);
        for (size_t k = 0; k < i; k++)
            fuzz_require(strcmp(s.lines[i].shape.text, s.lines[k].shape.text) != 0);
    }
    suite_free(&s);
}

enum { ARGUMENTS = 40 };

/* Arguments end with a newline. */
static void fuzz_options(char *text) {
    char *argv[ARGUMENTS + 2] = {"fuzz"};
    int argc = 1;
    for (char *word; argc <= ARGUMENTS && (word = strsep(&text, "\n")) != NULL;)
        argv[argc++] = word;
    const int given = argc;
    options o;
    if (options_parse(&o, &argc, argv)) {
        fuzz_require(argc >= 1 && argc <= given && argv[argc] == NULL);
        fuzz_require(o.isa_count <= OPTION_ISAS && o.thread_count <= OPTION_THREADS &&
                     o.algo_count <= OPTION_ALGOS && o.precision_count <= OPTION_PRECISIONS);
        fuzz_require((int)(o.suite_count + o.shape_count + o.name_count) < given);
        for (int i = 0; i < o.thread_count; i++)
            fuzz_require(o.threads[i] >= 1 && o.threads[i] <= 1024);
        for (int i = 0; i < o.algo_count; i++)
            fuzz_require(algo_name(o.algos[i]) != NULL);
    }
    options_free(&o);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    if (size == 0)
        return 0;
    const size_t length = size - 1;
    char *text = malloc(size); /* so that AddressSanitizer knows its end */
    if (text == NULL)
        return 0;
    memcpy(text, data + 1, length);
    text[length] = '\0';
    suite_case("fuzz_suites", "(of this file)");
    switch (data[0] % 4) {
    case 0:
        fuzz_shape(text);
        break;
    case 1:
        fuzz_suite(text, length);
        break;
    default:
        fuzz_options(text);
    }
    free(text);
    return 0;
}
