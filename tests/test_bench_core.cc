/* What the benchmark program reads: shapes, suites, the command line; what it takes for right. */
#include <cmath>
#include <cstdio>
#include <cstring>
#include <string>
#include <vector>

#include "cases/case_list.h"
#include "cases/shape.h"
#include "cases/options.h"
#include "cases/plan.h"
#include "measure/roofline.h"
#include "ninetap.h"

extern "C" {
#include "core/dispatch.h"
#include "measure/peak.h"
#include "support/suite.h"
}

static const char *const program = "test_bench_core";

/* ---- shapes ------------------------------------------------------------------------------- */

static bool is_shape(const char *text, const char *canonical) {
    shape s;
    suite_case(program, text);
    return shape_parse(text, &s) && strcmp(s.text, canonical) == 0;
}

static void shapes(void) {
    REQUIRE(is_shape("64x56x56-64", "64x56x56-64"));
    REQUIRE(is_shape("1x64x56x56-64s1p1d1g1", "64x56x56-64"));
    REQUIRE(is_shape("8x64x56x56-128g4s2", "8x64x56x56-128s2g4"));
    REQUIRE(is_shape("32x112x112-dws2", "32x112x112-dws2"));
    REQUIRE(is_shape("32x112x112-32g32", "32x112x112-dw"));
    REQUIRE(is_shape("1x5x5-dw", "1x5x5-1"));
    REQUIRE(is_shape("256x28x28-256p2d2", "256x28x28-256p2d2"));
    REQUIRE(is_shape("64x224x224", "64x224x224"));
    REQUIRE(is_shape("64x224x224p0s2", "64x224x224"));
    REQUIRE(is_shape("2x512x13x13s1p1", "2x512x13x13s1p1"));
    REQUIRE(is_shape("fc784-10", "fc784-10") && is_shape("fc1x784-10", "fc784-10"));
    REQUIRE(is_shape("fc32x784-10", "fc32x784-10") && is_shape("softmax1x7", "softmax7"));
    shape s;
    REQUIRE(shape_parse("fc32x784-10", &s) && s.dense && s.n == 32 && s.c == 784 && s.oc == 10);
    REQUIRE(shape_parse("softmax5x9", &s) && s.softmax && s.n == 5 && s.c == 9);
    REQUIRE(!shape_parse("fc", &s) && !shape_parse("fc784", &s) && !shape_parse("fc784-", &s));
    REQUIRE(!shape_parse("fc784-dw", &s) && !shape_parse("fc1-dw", &s));
    REQUIRE(!shape_parse("fc2x3x4-5", &s) && !shape_parse("fc3-4s2", &s));
    REQUIRE(!shape_parse("fc3-0", &s) && !shape_parse("fc0-3", &s) && !shape_parse("fc3x-4", &s));
    REQUIRE(!shape_parse("softmax", &s) && !shape_parse("softmax3-4", &s));
    REQUIRE(!shape_parse("softmax3x", &s) && !shape_parse("softmax0", &s));
    REQUIRE(shape_parse("3x5x7x9-12s2p0d4g3", &s));
    REQUIRE(s.n == 3 && s.c == 5 && s.h == 7 && s.w == 9 && s.oc == 12 && s.groups == 3);
    REQUIRE(s.stride == 2 && s.pad == 0 && s.dilation == 4 && !s.pooling);
    REQUIRE(shape_parse("5x7x9ip1", &s) && s.indices && strcmp(s.text, "5x7x9p1i") == 0);
    REQUIRE(is_shape("64x224x224s2p1:avg", "64x224x224p1:avg"));
    REQUIRE(is_shape("64x224x224is1:s8", "64x224x224s1i:s8"));
    REQUIRE(is_shape("64x9x9s2:avg_u8", "64x9x9:avg_u8"));
    REQUIRE(is_shape("1x64x9x9-64s1:u8", "64x9x9-64:u8") &&
            is_shape("64x9x9-dw:u8", "64x9x9-dw:u8"));
    REQUIRE(is_shape("8x9x9-8p1+pool:u8", "8x9x9-8+pool:u8"));
    REQUIRE(!shape_parse("8x9x9-8+pool:s8", &s) && !shape_parse("8x9x9-8-8:avg", &s));
    REQUIRE(is_shape("64x9x9-32s2p1:bwd_data", "64x9x9-32s2:bwd_data") &&
            shape_parse("64x9x9-dw:bwd_data", &s) && s.backward_data && !s.int8);
    REQUIRE(!shape_parse("8x9x9-8+pool:bwd_data", &s) && !shape_parse("8x9x9-8:bwd", &s));
    REQUIRE(shape_parse("5x7x9:u8", &s) && s.pooling && s.pool == SHAPE_MAX_U8 && s.stride == 2);
    REQUIRE(shape_parse("5x7x9d2:unpool", &s) && s.pool == SHAPE_UNPOOL && s.dilation == 2);
    REQUIRE(shape_parse("5x7x9:max_backward", &s) && s.pool == SHAPE_MAX_BACKWARD);
    REQUIRE(!shape_parse("5x7x9i:avg", &s) && !shape_parse("5x7x9i:unpool", &s));
    REQUIRE(!shape_parse("5x7x9-4:avg", &s) && !shape_parse("5x7x9:", &s));
    REQUIRE(!shape_parse("5x7x9:u8s1", &s) && !shape_parse("5x7x9:max", &s));
    REQUIRE(!shape_parse("5x7x9ii", &s) && !shape_parse("5x7x9-4i", &s));
    REQUIRE(is_shape("3x224x224-64p1+pool", "3x224x224-64+pool"));
    REQUIRE(is_shape("2x32x14x14-dws2+pool", "2x32x14x14-dws2+pool"));
    REQUIRE(shape_parse("1x28x28-8p0+pool", &s) && s.pooled && !s.pooling && !s.network);
    REQUIRE(shape_parse("5x7x9d2", &s) && s.pooling && s.oc == 5 && s.stride == 2 && s.pad == 0);
    REQUIRE(shape_parse("1000000000x1000000000x1000000000x1000000000-1000000000"
                        "s1000000000p1000000000d1000000000g1000000000",
                        &s));
    REQUIRE(strlen(s.text) < sizeof s.text);
}

static void not_shapes(void) {
    static const char *const bad[] = {
        "",
        "x",
        "64",
        "64x56",
        "64x56x",
        "64x56x56x",
        "64x56x56-",
        "64x56x56-64s",
        "64x56x56-64z1",
        "64x56x56-64s0",
        "64x56x56-0",
        "0x5x5-1",
        "064x56x56",
        "64x56x56-64s1s1",
        "1x2x3x4x5-6",
        "64x56x56-64 ",
        " 64x56x56",
        "64x56x56-dwg2",
        "64x56x56g2",
        "-64",
        "64x-56x56",
        "64x56x56-dwx",
        "64X56X56",
        "1e3x5x5",
        "10000000000x5x5",
        "99999999999999999999999x5x5-1",
        "64x56x56-64d0",
        "5x5x5--5",
        "5x5x5-5+",
        "5x5x5-5+pool2",
        "5x5x5-5+poo",
        "5x5x5-5+pool+pool",
        "5x5x5+pool",
        "5x5x5-5poolp1",
        "5x5x5-5-pooli",
        "5x5x5-5-",
        "5x5x5-5-6-pool+pool",
        "lenets",
    };
    shape s;
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        suite_case(program, bad[i]);
        REQUIRE(!shape_parse(bad[i], &s));
    }
}

/* ---- networks ----------------------------------------------------------------------------- */

static ninetap_status status_of(const shape &s) {
    try {
        const problem p(s, NINETAP_NCHW);
    } catch (const failure &e) {
        return e.status;
    }
    return NINETAP_OK;
}

/* Each layer has its own weights, one behind the other's. */
static void weights_of_layers(void) {
    shape s;
    REQUIRE(shape_parse("2x3x9x7-4p0-pool-dw+pool", &s));
    problem p(s, NINETAP_NCHW);
    p.load(false);
    const auto is_at = [&p](size_t i, const float *weights, const float *bias) {
        const layer &l = p.layers[i];
        return l.operands[l.operation->weights].data == weights &&
               l.operands[l.operation->bias].data == bias;
    };
    REQUIRE(is_at(0, p.weights, p.bias) && is_at(2, p.weights + 4 * 3 * 9, p.bias + 4));
}

static void networks(void) {
    REQUIRE(is_shape("lenet", "lenet") && is_shape("1x28x28-8p0s1+pool-16p0+pool", "lenet"));
    REQUIRE(is_shape("2x3x9x9-4p1-pools1d1-dw+pool", "2x3x9x9-4-pools1-dw+pool"));
    REQUIRE(is_shape("lenet:u8", "lenet:u8") && is_shape("8x9x9-8-8p1:u8", "8x9x9-8-8:u8"));
    REQUIRE(is_shape("1x28x28-8p0s1+pool-16p0+pool:u8", "lenet:u8"));
    shape s;
    REQUIRE(!shape_parse("lenet:", &s) && !shape_parse("lenet:u", &s));
    REQUIRE(!shape_parse("lenet:u88", &s) && !shape_parse("8x9x9-8-8:u8-8", &s));
    REQUIRE(shape_parse("2x3x9x7-4-pool-dw+pool:u8", &s) && s.network && s.int8);
    {
        const problem p(s, NINETAP_NCHW);
        REQUIRE(p.layers.size() == 3 && p.layers[1].shape.pool == SHAPE_MAX_U8);
        REQUIRE(strcmp(p.layers[1].shape.text, "2x4x9x7:u8") == 0);
        REQUIRE(strcmp(p.layers[2].shape.text, "2x4x4x3-dw+pool:u8") == 0);
        REQUIRE(!p.layers[0].shape.chained && p.layers[2].shape.chained);
    }
    REQUIRE(shape_parse("vgg16", &s) && s.network);
    const problem vgg(s, NINETAP_NCHW);
    REQUIRE(vgg.layers.size() == 13 && vgg.bias_count == 4224 && vgg.weights_count == 14710464);
    const layer &last = vgg.layers[12];
    REQUIRE(last.shape.c == 512 && last.shape.h == 14 && last.shape.pooled && last.oh == 7);
    REQUIRE(last.weights_count == 512 * 512 * 9 && last.bias_count == 512);
    REQUIRE(shape_parse("2x3x9x7-4p0-pool-dw+pool", &s));
    const problem p(s, NINETAP_NCHW);
    REQUIRE(p.layers.size() == 3 && p.layers[1].shape.pooling && p.layers[1].shape.h == 7);
    REQUIRE(p.layers[2].shape.groups == 4 && p.layers[2].oh == 1 && p.layers[2].ow == 1);
    REQUIRE(strcmp(p.layers[1].shape.text, "2x4x7x5") == 0);
    REQUIRE(shape_parse("1x4x4-2p0-2p0", &s) && status_of(s) == NINETAP_ERR_SHAPE);
    char longest[300] = "1x99x99";
    for (int i = 0; i < SHAPE_LAYERS; i++) {
        strcat(longest, "-1");
    }
    REQUIRE(shape_parse(longest, &s) && status_of(s) == NINETAP_OK);
    REQUIRE(problem(s, NINETAP_NCHW).layers.size() == SHAPE_LAYERS);
    REQUIRE(!shape_parse(strcat(longest, "-1"), &s)); /* a layer too many */
    snprintf(longest, sizeof longest, "1x99x99");
    while (strlen(longest) < SHAPE_TEXT) {
        strcat(longest, "-100s1p1d1");
    }
    REQUIRE(shape_parse(longest, &s)); /* it is its canonical text that must not be too long */
    while (strlen(longest) < 240) {
        strcat(longest, "-1000000p2d2");
    }
    REQUIRE(!shape_parse(longest, &s));
}

/* ---- what is right ------------------------------------------------------------------------ */

/* An output off by `off` root mean squares; 0: as it is. "": it is right. */
static std::string verdict(const problem &p, const choice &how, double off) {
    plan made(p, how);
    layer_poison(p, p.dst[0]);
    REQUIRE(made.run(0));
    double sum = 0;
    for (size_t i = 0; i < p.dst_count; i++) {
        sum += (double)p.dst[0][i] * (double)p.dst[0][i];
    }
    float *middle = &p.dst[0][p.dst_count / 2];
    *middle = (float)(*middle + off * sqrt(sum / (double)p.dst_count));
    const std::string why = p.verify(made.promised);
    *middle = NAN;
    REQUIRE(!p.verify(made.promised).empty()); /* as if it had not been written */
    return why;
}

static void verify_shape(const char *text, ninetap_algo algo, double wrong) {
    shape s;
    REQUIRE(shape_parse(text, &s));
    for (int layout = NINETAP_NCHW; layout <= NINETAP_NHWC; layout++) {
        problem p(s, static_cast<ninetap_layout>(layout));
        choice how = {};
        how.isa = nt_usable_isa(0);
        how.threads = 1;
        how.algo = algo;
        how.unfused = true;
        p.load(false);
        suite_case(program, text);
        const std::string why = verdict(p, how, 0);
        suite_require(why.empty() || suite_wrong("%s", why.c_str()));
        REQUIRE(!verdict(p, how, wrong).empty());
    }
}

static void verifying(void) {
    verify_shape("3x9x7-5", NINETAP_ALGO_DIRECT, 1e-5);
    verify_shape("3x9x7-5", NINETAP_ALGO_WINOGRAD2, 1e-3);
    verify_shape("8x12x9-16", NINETAP_ALGO_WINOGRAD4, 1e-3);
    verify_shape("8x12x9-16", NINETAP_ALGO_WINOGRAD6, 1e-3);
    verify_shape("3x9x7-5p0+pool", NINETAP_ALGO_AUTO, 1e-3);
    verify_shape("6x8x8-dws2+pool", NINETAP_ALGO_AUTO, 1e-3);
    verify_shape("4x9x8s1p1", NINETAP_ALGO_AUTO, 1e-6);
    verify_shape("lenet", NINETAP_ALGO_AUTO, 1e-3);
    verify_shape("lenet", NINETAP_ALGO_WINOGRAD4, 1e-3);
    verify_shape("2x3x13x9-8-pools1-8s2+pool-dw", NINETAP_ALGO_AUTO, 1e-3);
}

/* Every byte of ours is right, and any that is wrong is seen, if it is off by more than one also of
 * a peer. */
static void ours(const shape &s, ninetap_layout layout) {
    choice how = {};
    how.isa = nt_usable_isa(0);
    how.threads = 1;
    problem p(s, layout);
    p.load(false);
    plan made(p, how);
    layer_poison(p, p.dst[0]);
    REQUIRE(made.run(0) && p.verify(made.promised).empty());
    const layer &last = p.layers.back();
    const nt_operand &o = last.operands[last.operation->dst];
    for (size_t i = 0; i < nt_operand_bytes(&o); i++) {
        auto *byte = reinterpret_cast<unsigned char *>(p.dst[0]) + i;
        *byte ^= 0x40;
        REQUIRE(!p.verify(made.promised).empty());
        REQUIRE(o.element == NT_FLOATS || !p.verify(p.usual_error()).empty());
        *byte ^= 0x40;
    }
}

static void bytes(void) {
    for (const shape_filter *f = shape_filters; f->word != nullptr; f++) {
        const std::string text = std::string("3x9x7") + f->word;
        shape s;
        REQUIRE(is_shape(("1x" + text).c_str(), text.c_str()) && shape_parse(text.c_str(), &s));
        REQUIRE(s.filter == f && !s.pooling && !s.pooled);
        REQUIRE(problem(s, NINETAP_NHWC).flops == (f->pooled ? 8 * 6 : 9 * 7) * 3);
        ours(s, NINETAP_NHWC);
    }
    shape s;
    for (const char *text : {"8x9x7-12:u8", "8x9x7-dws2:u8", "8x9x7-12+pool:u8",
                             "2x3x9x7-4-pool-dw-8s2:u8", "lenet:u8"}) {
        REQUIRE(is_shape(text, text) && shape_parse(text, &s));
        ours(s, NINETAP_NCHW);
        ours(s, NINETAP_NHWC);
    }
    REQUIRE(!shape_parse("3x9x7s1:edge", &s) && !shape_parse("3x9x7:edge+poo", &s));
    REQUIRE(!shape_parse("3x9x7-5:edge", &s) && !shape_parse("3x9x7:", &s));
    REQUIRE(shape_parse("5x9x7:edge", &s) && status_of(s) == NINETAP_ERR_ARG);
    REQUIRE(shape_parse("1x1x7:edge+pool", &s) && status_of(s) == NINETAP_ERR_SHAPE);
    REQUIRE(shape_parse("4x999999999x999999999:f32", &s) && status_of(s) == NINETAP_ERR_OVERFLOW);
}

/* The canonical text means the same shape. */
static void random_shapes(void) {
    rng r = suite_rng("random_shapes");
    static const char letters[] = "0123456789xxxx---spdgdw+lo";
    for (int64_t i = 0, n = suite_cases(20000); i < n; i++) {
        char text[48] = "";
        int length = rng_int(&r, 0, (int)sizeof text - 1);
        for (int k = 0; k < length; k++) {
            text[k] = letters[rng_int(&r, 0, (int)sizeof letters - 2)];
        }
        text[length] = '\0';
        shape first, again;
        suite_case(program, text);
        if (shape_parse(text, &first)) {
            REQUIRE(shape_parse(first.text, &again));
            REQUIRE(memcmp(&first, &again, sizeof first) == 0 ||
                    strcmp(first.text, again.text) == 0);
        }
    }
}

/* ---- suites ------------------------------------------------------------------------------- */

/* "": it was taken. */
static std::string add(suite &s, const std::string &text) {
    try {
        s.add_text(text, "my.txt");
    } catch (const trouble &e) {
        return e.what();
    }
    return "";
}

static void suites(void) {
    suite s, two;
    REQUIRE(add(s, "# a comment\n\n  64x56x56-64\tquick   # why\r\n3x5x5-7 ladder latency\n"
                   "64x56x56-64p1 ladder\n8x26x26") == "");
    REQUIRE(s.lines.size() == 3);
    REQUIRE(std::strcmp(s.lines[0].shape.text, "64x56x56-64") == 0);
    REQUIRE(s.lines[0].words == (SUITE_QUICK | SUITE_LADDER));
    REQUIRE(s.lines[1].words == (SUITE_LADDER | SUITE_LATENCY));
    REQUIRE(s.lines[2].shape.pooling && s.lines[2].words == 0);
    REQUIRE(add(two, "") == "" && add(two, "\n\n#") == "" && two.lines.empty());
    REQUIRE(add(two, "include lenet\ninclude lenet") == "" && !two.lines.empty());
}

/* The word stands for the line that has it: the shape is measured as usual where another line says
 * so. */
static void suite_algorithms(void) {
    suite s, one;
    REQUIRE(add(s, "8x7x7-8 algorithms\n16x7x7-16 quick algorithms\n16x7x7-16\nlenet latency\n"
                   "32x7x7-32\n32x7x7-32 algorithms\n") == "" &&
            s.lines.size() == 4);
    REQUIRE(!s.lines[0].usual && s.lines[0].words == SUITE_ALGORITHMS);
    REQUIRE(s.lines[1].usual && s.lines[1].words == (SUITE_QUICK | SUITE_ALGORITHMS));
    REQUIRE(s.lines[2].usual && s.lines[2].shape.network && s.lines[2].words == SUITE_LATENCY);
    REQUIRE(s.lines[3].usual && s.lines[3].words == SUITE_ALGORITHMS);
    one.add_shape("8x7x7-8", 0);
    REQUIRE(one.lines[0].usual);
    one.add("crossover");
    REQUIRE(one.lines.size() == 66);
    REQUIRE(one.lines[0].usual && one.lines[0].words == SUITE_ALGORITHMS);
}

static size_t cases_of(const options &o, const std::string &suffix) {
    const case_list list(o, "");
    size_t count = 0;
    for (const bench_case &c : list.cases) {
        const std::string name = c.name;
        count += name.size() >= suffix.size() &&
                 name.compare(name.size() - suffix.size(), suffix.size(), suffix) == 0;
    }
    return count;
}

/* Which benchmarks shapes and suites come to. */
static void cases(void) {
    options map, pooled, again;
    map.suites = {"crossover"};
    map.nchw = true;
    REQUIRE(cases_of(map, "") == 66 * 7 && cases_of(map, "/t1") == 66);
    REQUIRE(cases_of(map, "/t1/direct") == 66 && cases_of(map, "/t1/direct/2") == 66);
    REQUIRE(cases_of(map, "/t1/fast") == 66 && cases_of(map, "/winograd6") == 66);
    map.algos = {NINETAP_ALGO_WINOGRAD4};
    REQUIRE(cases_of(map, "") == 66 && cases_of(map, "/t1/winograd4") == 66);
    pooled.shapes = {"3x9x9-4+pool", "lenet", "lenet"};
    pooled.nchw = pooled.nhwc = true;
    pooled.threads = {1};
    pooled.isas = {nt_usable_isa(0)};
    REQUIRE(cases_of(pooled, "") == 6 && cases_of(pooled, "/t1/unfused") == 2);
    pooled.shapes = {"3x9x9:edge", "3x9x9:l1"};
    REQUIRE(cases_of(pooled, "/nhwc/3x9x9:edge/t1") == 1 && cases_of(pooled, "") == 2);
    again.names = {"network/scalar/nhwc/lenet/t1",
                   "conv3x3/scalar/nchw/3x9x9-4+pool/t1/winograd2/unfused"};
    REQUIRE(cases_of(again, "") == 2 && cases_of(again, "/nhwc/lenet/t1") == 1);
    again.names[0] = "conv3x3/scalar/nchw/9x9x9-9/t1/direct/2";
    REQUIRE(cases_of(again, "") == 2 && cases_of(again, "/direct/2") == 1);
}

static void bad_suites(void) {
    const struct {
        std::string text;
        const char *wanted; /* in the message */
    } bad[] = {
        {"64x56x56-64\n64x56\n", "my.txt:2: not a shape: 64x56"},
        {"64x56x56-64 quickly", "my.txt:1: not one of the words"},
        {std::string("64x56x56-64\0", 12), "my.txt:1: not a text file"},
        {std::string("\n\n1x3x3\0-1", 11), "my.txt:3: not a text file"},
        {std::string(600, ' '), "my.txt:1: the line is too long"},
        {"include", "my.txt:1: include"},
        {"include /etc/passwd", "my.txt:1: include"},
        {"64x56x56-64\n\xff\xfe", "my.txt:2: not a shape"},
    };
    for (const auto &one : bad) {
        suite s;
        const std::string why = add(s, one.text);
        suite_require(why.compare(0, std::strlen(one.wanted), one.wanted) == 0 ||
                      suite_wrong("%s", why.c_str()));
    }
}

static bool is_suite(const char *name) {
    try {
        suite s;
        s.add(name);
    } catch (const trouble &) {
        return false;
    }
    return true;
}

static void own_suites(void) {
    suite all, quick;
    all.add("all");
    quick.add("quick");
    REQUIRE(quick.lines.size() > 10 && all.lines.size() > quick.lines.size());
    for (size_t i = 0; i < suite_file_count; i++) {
        suite one;
        suite_case(program, suite_files[i].name);
        one.add(suite_files[i].name);
        REQUIRE(!one.lines.empty() && one.lines.size() <= all.lines.size());
    }
    REQUIRE(!is_suite("no-such-suite") && !is_suite("") && !is_suite("/")); /* a directory */
}

/* Bytes of all kinds, mostly those that mean something: no more is asked than to survive. */
static void random_suites(void) {
    rng r = suite_rng("random_suites");
    static const char *const pieces[] = {"64x56x56-64", "\n",    " ",        "#",      "quick",
                                         "include ",    "lenet", "networks", "x",      "-dw",
                                         "1",           "\r\n",  "\xff",     "ladder", "\t"};
    const int count = sizeof pieces / sizeof *pieces;
    for (int64_t i = 0, n = suite_cases(2000); i < n; i++) {
        std::string text;
        while (text.size() < 1000 && rng_int(&r, 0, 99) != 0) {
            text += pieces[rng_int(&r, 0, count - 1)];
        }
        if (!text.empty() && rng_int(&r, 0, 3) == 0) {
            const int at = rng_int(&r, 0, static_cast<int>(text.size()) - 1);
            text[static_cast<size_t>(at)] = static_cast<char>(rng_int(&r, 0, 255));
        }
        suite s;
        add(s, text);
    }
}

/* ---- the command line --------------------------------------------------------------------- */

/* How many arguments are left for Google Benchmark; -1: it is not understood. */
static int parse(options &o, std::vector<const char *> words) {
    std::vector<char *> argv{const_cast<char *>("ninetap-bench")};
    for (const char *word : words) {
        argv.push_back(const_cast<char *>(word));
    }
    argv.push_back(nullptr);
    int argc = static_cast<int>(argv.size()) - 1;
    try {
        o = options(&argc, argv.data());
    } catch (const trouble &) {
        return -1;
    }
    REQUIRE(argv[static_cast<size_t>(argc)] == nullptr);
    return argc - 1;
}

static void good_options(void) {
    options o;
    REQUIRE(parse(o, {"--suite=vgg16", "--suite", "pool", "--shape", "1x3x3-1"}) == 0);
    REQUIRE(o.suites.size() == 2 && o.suites[1] == "pool");
    REQUIRE(o.shapes.size() == 1 && o.shapes[0] == "1x3x3-1");
    REQUIRE(parse(o, {"--threads", "1,2,2,16", "--layout=own,nhwc", "--isa=scalar,best"}) == 0);
    REQUIRE(o.threads.size() == 3 && o.threads[2] == 16 && o.own && o.nhwc && !o.nchw);
    REQUIRE(o.isas.size() == (ninetap_isa_count() > 1 ? 2U : 1U));
    REQUIRE(o.isas.back() == nt_find_isa(ninetap_isa_count() > 1 ? ninetap_isa_name(0) : "scalar"));
    REQUIRE(parse(o, {"--algo=winograd4,auto", "--precision", "exact", "--isa", "all"}) == 0);
    REQUIRE(o.algos.size() == 2 && o.algos[0] == NINETAP_ALGO_WINOGRAD4);
    REQUIRE(o.precisions.size() == 1);
    REQUIRE(o.isas.size() == static_cast<size_t>(ninetap_isa_count()));
    REQUIRE(parse(o, {"--benchmark_filter=avx2", "conv3x3/avx2/nchw/1x3x3-1/t1", "--v=1"}) == 2);
    REQUIRE(o.names.size() == 1);
    REQUIRE(parse(o, {"--peers", "--cold", "--verify-only"}) == 0 && o.all_peers);
    REQUIRE(o.cold && o.verify_only && o.what == action::bench);
    REQUIRE(parse(o, {"--peers=onednn", "--json", "a"}) == 0);
    REQUIRE(o.peers.size() == 1 && o.peers[0] == "onednn" && o.json == "a");
    REQUIRE(parse(o, {"--no-peers", "--info"}) == 0 && o.no_peers && o.what == action::info);
}

static void bad_options(void) {
    static const char *const bad[] = {
        "--suite",       "--suite=",     "--shape=",          "--threads=0",
        "--threads=1,",  "--threads=,1", "--threads=1025",    "--threads=two",
        "--threads=-1",  "--threads=1x", "--isa=mmx",         "--isa=",
        "--layout=chwn", "--algo=fft",   "--precision=half",  "--cold=yes",
        "--peers=",      "--json",       "--json=",           "--nonsense",
        "nonsense",      "-x",           "--suites=all",      "--benchmark",
        "--info=all",    "--threads",    "--algo=auto,,auto", "",
    };
    options o;
    for (const char *word : bad) {
        suite_case(program, word);
        REQUIRE(parse(o, {word}) < 0);
    }
    REQUIRE(parse(o, {"--json", "--cold"}) < 0); /* an option is no file's name */
}

/* The limits are measured with the words of each instruction set. */
static void peaks(void) {
    alignas(64) static const char memory[2 * PEAK_STEP] = {0};
    for (int i = 0; nt_usable_isa(i) != NULL; i++) {
        const nt_isa *isa = nt_usable_isa(i);
        const isa_peak *peak = isa_peaks;
        while (peak->isa != NULL && strcmp(peak->isa, isa->name) != 0)
            peak++;
        REQUIRE(peak->isa != NULL);
        REQUIRE(peak->multiply_add(1000) == 1000.0 * 2 * 12 * isa->lanes);
        peak->read(memory, sizeof memory);
    }
}

int main(int argc, char **argv) {
    static const suite_test tests[] = {
        {"shapes", shapes, nullptr},
        {"not_shapes", not_shapes, nullptr},
        {"networks", networks, nullptr},
        {"weights_of_layers", weights_of_layers, nullptr},
        {"verifying", verifying, nullptr},
        {"bytes", bytes, nullptr},
        {"random_shapes", random_shapes, nullptr},
        {"suites", suites, nullptr},
        {"suite_algorithms", suite_algorithms, nullptr},
        {"cases", cases, nullptr},
        {"bad_suites", bad_suites, nullptr},
        {"own_suites", own_suites, nullptr},
        {"random_suites", random_suites, nullptr},
        {"peaks", peaks, nullptr},
        {"good_options", good_options, nullptr},
        {"bad_options", bad_options, nullptr},
        {nullptr, nullptr, nullptr},
    };
    return suite_main("bench_core", tests, argc, argv);
}
