/* What the benchmark program reads: shapes, suites, the command line; what it takes for right. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cases/case_list.h"
#include "cases/chain.h"
#include "measure/roofline.h"
#include "core/dispatch.h"
#include "ninetap.h"
#include "cases/operation.h"
#include "cases/options.h"
#include "cases/shape.h"
#include "cases/suite.h"
#include "support/suite.h"

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
    REQUIRE(shape_parse("5x7x9:u8", &s) && s.pooling && s.pool == SHAPE_MAX_U8 && s.stride == 2);
    REQUIRE(shape_parse("5x7x9d2:unpool", &s) && s.pool == SHAPE_UNPOOL && s.dilation == 2);
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

static void networks(void) {
    REQUIRE(is_shape("lenet", "lenet") && is_shape("1x28x28-8p0s1+pool-16p0+pool", "lenet"));
    REQUIRE(is_shape("2x3x9x9-4p1-pools1d1-dw+pool", "2x3x9x9-4-pools1-dw+pool"));
    shape s;
    chain c = {0};
    REQUIRE(shape_parse("vgg16", &s) && s.network && chain_make(&c, &s) == NINETAP_OK);
    REQUIRE(c.count == 13 && c.bias_count == 4224 && c.weights_count == 14710464);
    const chain_layer *last = &c.layers[12];
    REQUIRE(last->shape.c == 512 && last->shape.h == 14 && last->shape.pooled && last->oh == 7);
    REQUIRE(last->weights == 14710464 - 512 * 512 * 9 && last->bias == 4224 - 512);
    REQUIRE(shape_parse("2x3x9x7-4p0-pool-dw+pool", &s) && chain_make(&c, &s) == NINETAP_OK);
    REQUIRE(c.count == 3 && c.layers[1].shape.pooling && c.layers[1].shape.h == 7);
    REQUIRE(c.layers[2].shape.groups == 4 && c.layers[2].oh == 1 && c.layers[2].ow == 1);
    REQUIRE(strcmp(c.layers[1].shape.text, "2x4x7x5") == 0);
    REQUIRE(shape_parse("1x4x4-2p0-2p0", &s) && chain_make(&c, &s) == NINETAP_ERR_SHAPE);
    char longest[300] = "1x99x99";
    for (int i = 0; i < CHAIN_LAYERS; i++) {
        strcat(longest, "-1");
    }
    REQUIRE(shape_parse(longest, &s) && chain_make(&c, &s) == NINETAP_OK);
    REQUIRE(c.count == CHAIN_LAYERS);
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

/* An output off by `off` root mean squares; 0: as it is. */
static bool is_right(problem *p, const choice *how, double off, char *why) {
    plan made;
    REQUIRE(p->operation->create(&made, p, how) == NINETAP_OK);
    problem_poison(p);
    REQUIRE(p->operation->run(&made, p->src[0], p->dst[0]) == NINETAP_OK);
    double sum = 0;
    for (size_t i = 0; i < p->dst_count; i++) {
        sum += (double)p->dst[0][i] * (double)p->dst[0][i];
    }
    float *middle = &p->dst[0][p->dst_count / 2];
    *middle = (float)(*middle + off * sqrt(sum / (double)p->dst_count));
    const bool right = problem_verify(p, made.promised, why, 256);
    *middle = NAN;
    REQUIRE(!problem_verify(p, made.promised, why, 256)); /* as if it had not been written */
    p->operation->free(&made);
    return right;
}

static void verify_shape(const char *text, ninetap_algo algo, double wrong) {
    shape s;
    char why[256] = "";
    REQUIRE(shape_parse(text, &s));
    for (int layout = NINETAP_NCHW; layout <= NINETAP_NHWC; layout++) {
        problem p;
        const choice how = {.isa = nt_usable_isa(0), .threads = 1, .algo = algo, .unfused = true};
        REQUIRE(problem_init(&p, &s, (ninetap_layout)layout) == NINETAP_OK);
        REQUIRE(problem_load(&p, false));
        suite_case(program, text);
        suite_require(is_right(&p, &how, 0, why) || suite_wrong("%s", why));
        REQUIRE(!is_right(&p, &how, wrong, why));
        problem_unload(&p);
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

static bool add(suite *s, const char *text, size_t length, char *why) {
    return suite_add_text(s, (const unsigned char *)text, length, "my.txt", why, 256);
}

static void suites(void) {
    static const char text[] = "# a comment\n\n  64x56x56-64\tquick   # why\r\n"
                               "3x5x5-7 ladder latency\n64x56x56-64p1 ladder\n8x26x26";
    suite s = {0};
    char why[256];
    REQUIRE(add(&s, text, strlen(text), why));
    REQUIRE(s.count == 3);
    REQUIRE(strcmp(s.lines[0].shape.text, "64x56x56-64") == 0);
    REQUIRE(s.lines[0].words == (SUITE_QUICK | SUITE_LADDER));
    REQUIRE(s.lines[1].words == (SUITE_LADDER | SUITE_LATENCY));
    REQUIRE(s.lines[2].shape.pooling && s.lines[2].words == 0);
    suite_free(&s);
    REQUIRE(add(&s, "", 0, why) && add(&s, "\n\n#", 3, why) && s.count == 0);
    REQUIRE(add(&s, "include lenet\ninclude lenet", 27, why) && s.count > 0);
    suite_free(&s);
}

/* The word stands for the line that has it: the shape is measured as usual where another line says
 * so. */
static void suite_algorithms(void) {
    static const char text[] = "8x7x7-8 algorithms\n16x7x7-16 quick algorithms\n16x7x7-16\n"
                               "lenet latency\n32x7x7-32\n32x7x7-32 algorithms\n";
    suite s = {0};
    char why[256] = "";
    REQUIRE(add(&s, text, strlen(text), why) && s.count == 4);
    REQUIRE(!s.lines[0].usual && s.lines[0].words == SUITE_ALGORITHMS);
    REQUIRE(s.lines[1].usual && s.lines[1].words == (SUITE_QUICK | SUITE_ALGORITHMS));
    REQUIRE(s.lines[2].usual && s.lines[2].shape.network && s.lines[2].words == SUITE_LATENCY);
    REQUIRE(s.lines[3].usual && s.lines[3].words == SUITE_ALGORITHMS);
    suite_free(&s);
    REQUIRE(suite_add_shape(&s, "8x7x7-8", 0, why, sizeof why) && s.lines[0].usual);
    REQUIRE(suite_add(&s, "crossover", why, sizeof why) && s.count == 66);
    REQUIRE(s.lines[0].usual && s.lines[0].words == SUITE_ALGORITHMS);
    suite_free(&s);
}

static size_t cases_of(options *o, const char *suffix) {
    case_list list;
    size_t count = 0;
    REQUIRE(case_list_make(&list, o, ""));
    for (size_t i = 0; i < list.case_count; i++) {
        const char *name = list.cases[i].name;
        const size_t length = strlen(name), end = strlen(suffix);
        count += length >= end && strcmp(name + length - end, suffix) == 0;
    }
    case_list_free(&list);
    return count;
}

/* Which benchmarks shapes and suites come to. */
static void cases(void) {
    const char *crossover[] = {"crossover"}, *pooled[] = {"3x9x9-4+pool", "lenet", "lenet"};
    options o = {.suites = crossover, .suite_count = 1, .nchw = true};
    REQUIRE(cases_of(&o, "") == 66 * 7 && cases_of(&o, "/t1") == 66);
    REQUIRE(cases_of(&o, "/t1/direct") == 66 && cases_of(&o, "/t1/direct/2") == 66);
    REQUIRE(cases_of(&o, "/t1/fast") == 66 && cases_of(&o, "/winograd6") == 66);
    o.algo_count = 1;
    o.algos[0] = NINETAP_ALGO_WINOGRAD4;
    REQUIRE(cases_of(&o, "") == 66 && cases_of(&o, "/t1/winograd4") == 66);
    o = (options){
        .shapes = pooled, .shape_count = 3, .nchw = true, .nhwc = true, .thread_count = 1};
    o.threads[0] = o.isa_count = 1;
    o.isas[0] = nt_usable_isa(0);
    REQUIRE(cases_of(&o, "") == 6 && cases_of(&o, "/t1/unfused") == 2);
    const char *again[] = {"network/scalar/nhwc/lenet/t1",
                           "conv3x3/scalar/nchw/3x9x9-4+pool/t1/winograd2/unfused"};
    o = (options){.names = again, .name_count = 2};
    REQUIRE(cases_of(&o, "") == 2 && cases_of(&o, "/nhwc/lenet/t1") == 1);
    again[0] = "conv3x3/scalar/nchw/9x9x9-9/t1/direct/2";
    REQUIRE(cases_of(&o, "") == 2 && cases_of(&o, "/direct/2") == 1);
}

static void bad_suites(void) {
    char longest[600];
    memset(longest, ' ', sizeof longest);
    const struct {
        const char *text;
        size_t length;
        const char *wanted; /* in the message */
    } bad[] = {
        {"64x56x56-64\n64x56\n", 18, "my.txt:2: not a shape: 64x56"},
        {"64x56x56-64 quickly", 19, "my.txt:1: not one of the words"},
        {"64x56x56-64\0", 12, "my.txt:1: not a text file"},
        {"\n\n1x3x3\0-1", 11, "my.txt:3: not a text file"},
        {longest, sizeof longest, "my.txt:1: the line is too long"},
        {"include", 7, "my.txt:1: include"},
        {"include /etc/passwd", 19, "my.txt:1: include"},
        {"64x56x56-64\n\xff\xfe", 14, "my.txt:2: not a shape"},
    };
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        suite s = {0};
        char why[256] = "";
        REQUIRE(!add(&s, bad[i].text, bad[i].length, why));
        suite_require(strncmp(why, bad[i].wanted, strlen(bad[i].wanted)) == 0 ||
                      suite_wrong("%s", why));
        suite_free(&s);
    }
}

static void own_suites(void) {
    char why[256] = "";
    suite all = {0}, quick = {0}, one = {0};
    REQUIRE(suite_add(&all, "all", why, sizeof why) && suite_add(&quick, "quick", why, sizeof why));
    REQUIRE(quick.count > 10 && all.count > quick.count);
    for (size_t i = 0; i < suite_file_count; i++) {
        suite_free(&one);
        suite_case(program, suite_files[i].name);
        suite_require(suite_add(&one, suite_files[i].name, why, sizeof why) ||
                      suite_wrong("%s", why));
        REQUIRE(one.count > 0 && one.count <= all.count);
    }
    suite_free(&one);
    REQUIRE(!suite_add(&one, "no-such-suite", why, sizeof why) && !suite_add(&one, "", why, 256));
    REQUIRE(!suite_add(&one, "/", why, sizeof why)); /* a directory */
    suite_free(&one);
    suite_free(&quick);
    suite_free(&all);
}

/* Bytes of all kinds, mostly those that mean something: no more is asked than to survive. */
static void random_suites(void) {
    rng r = suite_rng("random_suites");
    static const char *const pieces[] = {"64x56x56-64", "\n",    " ",        "#",      "quick",
                                         "include ",    "lenet", "networks", "x",      "-dw",
                                         "1",           "\r\n",  "\xff",     "ladder", "\t"};
    const int count = sizeof pieces / sizeof *pieces;
    for (int64_t i = 0, n = suite_cases(2000); i < n; i++) {
        char text[1024] = "", why[256];
        size_t length = 0;
        while (length < sizeof text - 16 && rng_int(&r, 0, 99) != 0) {
            const char *piece = pieces[rng_int(&r, 0, count - 1)];
            length += (size_t)snprintf(text + length, sizeof text - length, "%s", piece);
        }
        if (length > 0 && rng_int(&r, 0, 3) == 0) {
            text[rng_int(&r, 0, (int)length - 1)] = (char)rng_int(&r, 0, 255);
        }
        suite s = {0};
        add(&s, text, length, why);
        suite_free(&s);
    }
}

/* ---- the command line --------------------------------------------------------------------- */

/* The first argument that is NULL ends them. */
#define PARSE(o, left, ...) parse(o, left, (char *[]){"ninetap-bench", __VA_ARGS__, NULL})

static bool parse(options *o, int *left, char **argv) {
    int argc = 0;
    while (argv[argc] != NULL) {
        argc++;
    }
    fflush(stderr);
    int kept = dup(STDERR_FILENO); /* what it says is no concern here */
    bool quiet = freopen("/dev/null", "w", stderr) != NULL;
    bool good = options_parse(o, &argc, argv);
    fflush(stderr);
    REQUIRE(quiet && dup2(kept, STDERR_FILENO) >= 0);
    close(kept);
    *left = argc - 1;
    return good;
}

static void good_options(void) {
    options o;
    int left;
    REQUIRE(PARSE(&o, &left, "--suite=vgg16", "--suite", "pool", "--shape", "1x3x3-1"));
    REQUIRE(o.suite_count == 2 && o.shape_count == 1 && left == 0);
    REQUIRE(strcmp(o.suites[1], "pool") == 0 && strcmp(o.shapes[0], "1x3x3-1") == 0);
    options_free(&o);
    REQUIRE(PARSE(&o, &left, "--threads", "1,2,2,16", "--layout=own,nhwc", "--isa=scalar,best"));
    REQUIRE(o.thread_count == 3 && o.threads[2] == 16 && o.own && o.nhwc && !o.nchw);
    REQUIRE(o.isa_count == (ninetap_isa_count() > 1 ? 2 : 1));
    REQUIRE(o.isas[o.isa_count - 1] ==
            nt_find_isa(ninetap_isa_count() > 1 ? ninetap_isa_name(0) : "scalar"));
    options_free(&o);
    REQUIRE(PARSE(&o, &left, "--algo=winograd4,auto", "--precision", "exact", "--isa", "all"));
    REQUIRE(o.algo_count == 2 && o.algos[0] == NINETAP_ALGO_WINOGRAD4 && o.precision_count == 1);
    REQUIRE(o.isa_count == ninetap_isa_count());
    options_free(&o);
    REQUIRE(PARSE(&o, &left, "--benchmark_filter=avx2", "conv3x3/avx2/nchw/1x3x3-1/t1", "--v=1"));
    REQUIRE(left == 2 && o.name_count == 1);
    options_free(&o);
    REQUIRE(PARSE(&o, &left, "--peers", "--cold", "--verify-only") && o.peers == PEERS_ALL);
    REQUIRE(o.cold && o.verify_only && o.action == ACTION_BENCH);
    options_free(&o);
    REQUIRE(PARSE(&o, &left, "--peers=onednn", "--json", "a"));
    REQUIRE(o.peers == PEERS_NAMED && strcmp(o.json, "a") == 0);
    options_free(&o);
    REQUIRE(PARSE(&o, &left, "--no-peers", "--info") && o.peers == PEERS_NONE);
    REQUIRE(o.action == ACTION_INFO);
    options_free(&o);
}

static void bad_options(void) {
    static char *const bad[] = {
        "--suite",       "--suite=",     "--shape=",          "--threads=0",
        "--threads=1,",  "--threads=,1", "--threads=1025",    "--threads=two",
        "--threads=-1",  "--threads=1x", "--isa=mmx",         "--isa=",
        "--layout=chwn", "--algo=fft",   "--precision=half",  "--cold=yes",
        "--peers=",      "--json",       "--json=",           "--nonsense",
        "nonsense",      "-x",           "--suites=all",      "--benchmark",
        "--info=all",    "--threads",    "--algo=auto,,auto",
    };
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        options o;
        int left;
        suite_case(program, bad[i]);
        REQUIRE(!PARSE(&o, &left, bad[i]));
        options_free(&o);
    }
    options o;
    int left;
    REQUIRE(!PARSE(&o, &left, "--json", "--cold")); /* an option is no file's name */
    options_free(&o);
}

/* The limit of multiply-adds is measured with the words of each instruction set. */
static void peaks(void) {
    for (int i = 0; nt_usable_isa(i) != NULL; i++) {
        const nt_isa *isa = nt_usable_isa(i);
        size_t k = 0;
        while (k < isa_peak_count && strcmp(isa_peaks[k].isa, isa->name) != 0)
            k++;
        REQUIRE(k < isa_peak_count);
        REQUIRE(isa_peaks[k].run(1000) == 1000.0 * 2 * 12 * isa->lanes);
    }
}

int main(int argc, char **argv) {
    static const suite_test tests[] = {
        {.name = "shapes", .once = shapes},
        {.name = "not_shapes", .once = not_shapes},
        {.name = "networks", .once = networks},
        {.name = "verifying", .once = verifying},
        {.name = "random_shapes", .once = random_shapes},
        {.name = "suites", .once = suites},
        {.name = "suite_algorithms", .once = suite_algorithms},
        {.name = "cases", .once = cases},
        {.name = "bad_suites", .once = bad_suites},
        {.name = "own_suites", .once = own_suites},
        {.name = "random_suites", .once = random_suites},
        {.name = "peaks", .once = peaks},
        {.name = "good_options", .once = good_options},
        {.name = "bad_options", .once = bad_options},
        {0},
    };
    return suite_main("bench_core", tests, argc, argv);
}
