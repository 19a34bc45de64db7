#include "cases/options.h"

#include <stdio.h>

#include "measure/gbench.h"
#include "cases/suite.h"

static void print_suites(void) {
    int column = printf("                    quick all");
    for (size_t i = 0; i < suite_file_count; i++) {
        if (column > 76) {
            column = printf("\n                   ") - 1;
        }
        column += printf(" %s", suite_files[i].name);
    }
    putchar('\n');
}

void help_print(void) {
    puts("usage: ninetap-bench [OPTION | NAME]...\n"
         "\n"
         "What can this CPU do? Verifies 3x3 convolutions and 2x2 poolings against plain C loops,\n"
         "then times them, beside other libraries if the program was built with them.\n"
         "\n"
         "What to run\n"
         "  --suite NAME      a suite of shapes, or a file of one's own; may be repeated:");
    print_suites();
    puts(
        "                    default: quick; all adds every instruction set\n"
        "  --shape SHAPE     this shape, on everything; may be repeated\n"
        "                      convolution  [Nx]ICxIHxIW-OC[s2][p0][d2][g4]   64x56x56-64\n"
        "                      depthwise    [Nx]CxIHxIW-dw[s2][p0][d2]        32x112x112-dw\n"
        "                      max pooling  [Nx]CxIHxIW[s1][p1][d2][i]        64x224x224\n"
        "                      other pools  the same, then :avg :mix :u8 :s8 :unpool\n"
        "                      network      lenet, vgg16 or layers            1x28x28-8p0+pool-16\n"
        "                      dense        fc[Nx]IN-OUT                      fc784-10\n"
        "                      softmax      softmax[Nx]C                      softmax1000\n"
        "                    s stride, p padding, d dilation, g groups, i with indices; left out:\n"
        "                    s1 p1 d1 g1, for pooling s2 p0. +pool behind a convolution: its "
        "output\n"
        "                    through a 2x2 max pooling, in one call, and (/unfused) in two; -pool: "
        "a\n"
        "                    layer of its own\n"
        "  NAME              a benchmark's name as in the table, to run it again:\n"
        "                    conv3x3/avx2/nchw/64x56x56-64/t1\n"
        "  --isa LIST        instruction sets, best (which the library takes), or all; default:\n"
        "                    NINETAP_ISA, else the best, others for some\n"
        "  --layout LIST     of nchw, nhwc, own (a peer in the layout it likes best)\n"
        "  --threads LIST    numbers of threads; default: NINETAP_THREADS, else 1 and all of them\n"
        "                    (OMP_NUM_THREADS)\n"
        "  --algo LIST       of auto, direct, winograd2, winograd4, winograd6\n"
        "  --precision LIST  of default, exact, portable, fast\n"
        "  --peers[=LIST]    beside these other libraries; default: all there are\n"
        "  --no-peers        beside none\n"
        "  --cold            on data that has left the caches; weights stay\n"
        "  --verify-only     nothing is timed\n"
        "\n"
        "What to do with it\n"
        "  --json FILE       everything measured; --csv FILE, --markdown FILE: for reading\n"
        "  --from FILE       a file of --json in place of measuring, for the options above\n"
        "                    Pictures and comparisons of two runs: scripts/bench.sh --plot, "
        "--compare\n"
        "                    A FILE is replaced when the new one is complete. - is stdout, whose\n"
        "                    table is left out then, or stdin. Interrupted (SIGINT, SIGTERM, "
        "...),\n"
        "                    the program writes what was measured and ends by that signal; the\n"
        "                    JSON then says \"partial\".\n"
        "\n"
        "  --list            only names the benchmarks\n"
        "  --info            only tells of the machine and measures its limits, for --json and\n"
        "                    --markdown, too\n"
        "  --version, --help\n"
        "\n"
        "Every output is compared with plain C loops in double precision: ninetap's within the\n"
        "error bound it promises (Winograd's: 2e-5, 5e-5, 4e-4 of the sums' root mean square for\n"
        "tiles of 2, 4, 6), a peer's within 2^-11 / sqrt(taps) of |bias| + sum |w||x|, enough for\n"
        "Winograd in float and not for half precision; pooling bit for bit.\n"
        "\n"
        "A LIST has commas: 1,2. Exit status: 0; 1 if a kernel of ninetap is wrong or fails (it\n"
        "is not timed); 2 for anything else: arguments, and output that could not be written.\n"
        "\n"
        "Google Benchmark's flags work too. With --benchmark_format its output takes the table's\n"
        "place; --benchmark_filter chooses by name, of all suites if there is no --suite.\n");
    gb_print_flags();
}
