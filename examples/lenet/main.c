/* A digit classifier's architecture, end to end: 28x28 -> 8 filters -> 16 filters -> 10 classes. */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "network.h"
#include "program.h"
#include "sheet.h"

enum { EXIT_USAGE = 2 };

const char program[] = "lenet";

static const char usage[] =
    "usage: lenet [options] [FILE] [-o OUT.png]\n"
    "\n"
    "Runs FILE through a small convolutional network: 28x28 -> 8 filters of 3x3, ReLU, 2x2 max\n"
    "pooling -> 16 filters of 3x3, ReLU, pooling -> dense layer of 10 -> softmax. Prints what\n"
    "each layer takes and the probabilities, and writes every layer's feature maps as a\n"
    "contact sheet. The weights are random: it shows a network's shape and speed, it\n"
    "recognises nothing.\n"
    "\n"
    "FILE is a PNG, PGM or PPM of any size, stretched to 28x28 and turned to grey; an MNIST\n"
    "IDX file of pictures; or a Quick, Draw! bitmap file (.npy, N x 784 bytes). Without one: a\n"
    "doodle.\n"
    "\n"
    "  -o, --output FILE  where the sheet goes (lenet.png)\n"
    "      --index N      which picture of an IDX or NPY file, counted from 0 (0)\n"
    "      --invert       dark ink on light paper: MNIST has light ink on black\n"
    "      --seed S       seed of the weights (1)\n"
    "  -h, --help         this text\n"
    "\n"
    "NINETAP_ISA=name chooses the instruction set; the results are the same for each of them.\n"
    "Exit status: 0 done, 1 something failed, 2 wrong usage.\n";

typedef struct options {
    const char *input, *output; /* input NULL: the doodle */
    uint64_t index, seed;
    bool invert, help;
} options;

/* ---- Command line ------------------------------------------------------------------------- */

static bool parse_number(const char *text, uint64_t *number) {
    char *end;
    errno = 0;
    const unsigned long long n = strtoull(text, &end, 10);
    *number = n;
    return text[0] >= '0' && text[0] <= '9' && *end == '\0' && errno == 0;
}

static bool usage_error(const char *what, const char *argument) {
    fprintf(stderr, "lenet: %s: %s (try --help)\n", what, argument);
    return false;
}

/* An option with a value; value is NULL where the command line ends. */
static bool set_option(options *o, const char *name, const char *value) {
    const bool output = strcmp(name, "-o") == 0 || strcmp(name, "--output") == 0;
    const bool index = strcmp(name, "--index") == 0, seed = strcmp(name, "--seed") == 0;
    if (!output && !index && !seed)
        return usage_error("unknown option", name);
    if (!value || !*value)
        return usage_error("this option takes a value", name);
    if (output) {
        o->output = value;
        return true;
    }
    return parse_number(value, index ? &o->index : &o->seed) ||
           usage_error(index ? "not a possible index" : "not a possible seed", value);
}

static bool parse(options *o, int argc, char **argv) {
    bool only_names = false; /* after "--" */
    for (int i = 1; i < argc && !o->help; i++) {
        if (!only_names && strcmp(argv[i], "--") == 0) {
            only_names = true;
        } else if (only_names || argv[i][0] != '-') {
            if (o->input)
                return usage_error("more than one file", argv[i]);
            o->input = argv[i];
        } else if (strcmp(argv[i], "-h") == 0 || strcmp(argv[i], "--help") == 0) {
            o->help = true;
        } else if (strcmp(argv[i], "--invert") == 0) {
            o->invert = true;
        } else {
            if (!set_option(o, argv[i], argv[i + 1]))
                return false;
            i++;
        }
    }
    return true;
}

/* ---- The whole ---------------------------------------------------------------------------- */

static bool fail(const char *why) {
    fprintf(stderr, "lenet: %s\n", why);
    return false;
}

static bool flush(void) {
    return (fflush(stdout) == 0 && !ferror(stdout)) || fail("cannot write to stdout");
}

static bool load(image *digit, const options *o) {
    if (!(o->input ? digit_read(digit, o->input, o->index)
                   : image_doodle(digit) || fail("out of memory")))
        return false;
    for (int i = 0; i < DIGIT_SIDE * DIGIT_SIDE && o->invert; i++)
        digit->samples[i] = 1.0F - digit->samples[i];
    return true;
}

static void print_row(const layer_row *r) {
    printf("%-20s  %-8s  %10" PRId64 "  %8" PRId64 "  %-19s  %8.2f\n", r->name, r->output,
           r->parameters, r->macs, r->algorithm, r->microseconds);
}

static void print_table(const layer_row rows[LAYER_ROWS]) {
    layer_row sum = {.name = "all", .algorithm = ""};
    printf("%-20s  %-8s  %10s  %8s  %-19s  %8s\n", "layer", "output", "parameters", "MACs",
           "algorithm", "us");
    printf("%-20s  %-8s\n", "input", "1x28x28");
    for (int i = 0; i < LAYER_ROWS; i++) {
        print_row(&rows[i]);
        sum.parameters += rows[i].parameters;
        sum.macs += rows[i].macs;
        sum.microseconds += rows[i].microseconds;
    }
    print_row(&sum);
}

static bool run(network *n, const image *digit, const options *o, const char *title) {
    layer_row rows[LAYER_ROWS];
    ninetap_status status = network_create(n, o->seed);
    if (status == NINETAP_OK)
        status = network_run(n, digit);
    if (status == NINETAP_OK)
        status = network_measure(n, digit, rows);
    if (status != NINETAP_OK)
        return fail(ninetap_strerror(status));
    printf("ninetap %s, isa %s: %s\n", ninetap_version(), ninetap_isa(), title);
    print_table(rows);
    puts("class probabilities, of random weights:");
    for (int i = 0; i < CLASSES; i++)
        printf("  %d  %9.6f\n", i, (double)n->probability[i]);
    if (!sheet_write(n, digit, title, o->output))
        return false;
    printf("%s\n", o->output);
    return flush();
}

int main(int argc, char **argv) {
    options o = {.output = "lenet.png", .seed = 1};
    if (!parse(&o, argc, argv))
        return EXIT_USAGE;
    if (o.help) {
        fputs(usage, stdout);
        return flush() ? EXIT_SUCCESS : EXIT_FAILURE;
    }
    const char *slash = o.input ? strrchr(o.input, '/') : NULL;
    const char *title = !o.input ? "a doodle" : slash ? slash + 1 : o.input;
    static network n;
    image digit;
    const bool done = load(&digit, &o) && run(&n, &digit, &o, title);
    network_free(&n);
    image_free(&digit);
    return done ? EXIT_SUCCESS : EXIT_FAILURE;
}
