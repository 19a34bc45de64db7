/* What the benchmark program reads: shapes, suites, its command line. The first byte tells
 * which. */
#include <algorithm>
#include <cstring>
#include <string>
#include <vector>

#include "cases/operation.h"
#include "cases/options.h"

extern "C" {
#include "support/suite.h"

/* As fuzz.h has them, which is for C. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
void fuzz_require(bool ok);
}

static bool same_shape(const shape *a, const shape *b) {
    return strcmp(a->text, b->text) == 0 && a->network == b->network && a->pooling == b->pooling &&
           a->pool == b->pool && a->n == b->n && a->c == b->c && a->h == b->h && a->w == b->w &&
           a->oc == b->oc && a->groups == b->groups && a->stride == b->stride && a->pad == b->pad &&
           a->dilation == b->dilation && a->pooled == b->pooled && a->indices == b->indices &&
           a->dense == b->dense && a->softmax == b->softmax &&
           a->backward_weights == b->backward_weights;
}

/* A shape's text is that shape, and no other text is. */
static void check_shape(const shape *s) {
    struct shape again = {};
    fuzz_require(memchr(s->text, '\0', SHAPE_TEXT) != NULL && shape_parse(s->text, &again));
    fuzz_require(same_shape(s, &again) || suite_wrong("'%s' is '%s'", s->text, again.text));
}

static void fuzz_shape(const char *text) {
    shape s;
    if (shape_parse(text, &s))
        check_shape(&s);
}

static void fuzz_suite(const std::string &text) {
    suite s;
    try {
        s.add_text(text, "fuzz");
    } catch (const trouble &e) {
        fuzz_require(std::strchr(e.what(), ':') != nullptr);
    }
    for (const suite_line &line : s.lines) {
        check_shape(&line.shape);
        fuzz_require(line.words < 16);
        for (const suite_line *other = &s.lines[0]; other != &line; other++)
            fuzz_require(std::strcmp(other->shape.text, line.shape.text) != 0);
    }
}

enum { ARGUMENTS = 40 };

/* Arguments end with a newline. */
static void fuzz_options(std::string text) {
    std::vector<char *> argv{const_cast<char *>("fuzz")};
    for (size_t at = 0; argv.size() <= ARGUMENTS && at <= text.size();) {
        const size_t end = std::min(text.find('\n', at), text.size());
        text[end] = '\0';
        argv.push_back(&text[at]);
        at = end + 1;
    }
    const size_t given = argv.size();
    int argc = static_cast<int>(given);
    argv.push_back(nullptr);
    try {
        const options o(&argc, argv.data());
        fuzz_require(argc >= 1 && argv[static_cast<size_t>(argc)] == nullptr);
        fuzz_require(o.threads.size() <= OPTION_THREADS);
        fuzz_require(o.suites.size() + o.shapes.size() + o.names.size() < given);
        for (const int threads : o.threads)
            fuzz_require(threads >= 1 && threads <= OPTION_THREADS_MOST);
        for (const int algo : o.algos)
            fuzz_require(algo >= 0 && algo < ALGOS);
    } catch (const trouble &) {
        // Not understood.
    }
}

extern "C" int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    if (size == 0)
        return 0;
    const std::string text(reinterpret_cast<const char *>(data) + 1, size - 1);
    suite_case("fuzz_suites", "(of this file)");
    switch (data[0] % 4) {
    case 0:
        fuzz_shape(text.c_str());
        break;
    case 1:
        fuzz_suite(text);
        break;
    default:
        fuzz_options(text);
    }
    return 0;
}
