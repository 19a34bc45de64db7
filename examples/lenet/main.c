/* A digit classifier's architecture, end to end: 28x28 -> 8 filters -> 16 filters -> 10 classes. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "network.h"
#include "program.h"
#include "sheet.h"

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
    "FILE is a PNG, JPEG, PBM, PGM or PPM of any size, stretched to 28x28 and turned to grey; an\n"
    "MNIST IDX file of pictures, as it is or packed by gzip (.gz); or a Quick, Draw! bitmap file:\n"
    ".npy, bytes in the shape (N, 784), (N, 28, 28) or (28, 28), also packed by gzip, or the "
    "first\n"
    "of these in an .npz. A JPEG's EXIF orientation is ignored. FILE - is stdin. Without one: a\n"
    "doodle.\n"
    "\n"
    "  -o, --output FILE  where the sheet goes (lenet.png); - is stdout, the table then goes to\n"
    "                     stderr\n"
    "      --index N      which picture of an IDX, NPY or NPZ file, counted from 0 (0)\n"
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

static bool set_option(options *o, int option) {
    switch (option) {
    case 'o':
        o->output = optarg;
        return true;
    case 'i':
        return program_number(optarg, UINT64_MAX, "not a possible index", &o->index);
    case 's':
        return program_number(optarg, UINT64_MAX, "not a possible seed", &o->seed);
    case 'v':
        o->invert = true;
        return true;
    case 'h':
        o->help = true;
        return true;
    default:
        return false;
    }
}

static bool parse(options *o, int argc, char **argv) {
    static const struct option longs[] = {{"output", required_argument, NULL, LONG_OPTION + 'o'},
                                          {"index", required_argument, NULL, LONG_OPTION + 'i'},
                                          {"invert", no_argument, NULL, LONG_OPTION + 'v'},
                                          {"seed", required_argument, NULL, LONG_OPTION + 's'},
                                          {"help", no_argument, NULL, LONG_OPTION + 'h'},
                                          {0}};
    int option;
    while (!o->help && (option = program_option(argc, argv, ":o:h", longs)) != -1)
        if (!set_option(o, option))
            return false;
    return o->help || program_operand(argc, argv, &o->input);
}

/* ---- The whole ---------------------------------------------------------------------------- */

static bool draw(image *digit) {
    picture p;
    const bool drawn = picture_doodle(&p) && image_of(digit, &p);
    picture_free(&p);
    return drawn || program_fail(NULL, "out of memory");
}

static bool load(image *digit, const options *o) {
    if (!(o->input ? digit_read(digit, o->input, o->index) : draw(digit)))
        return false;
    for (int i = 0; i < DIGIT_SIDE * DIGIT_SIDE && o->invert; i++)
        digit->samples[i] = 1.0F - digit->samples[i];
    return true;
}

static void print_row(FILE *report, const layer_row *r) {
    fprintf(report, "%-20s  %-8s  %10" PRId64 "  %8" PRId64 "  %-19s  %8.2f\n", r->name, r->output,
            r->parameters, r->macs, r->algorithm, r->microseconds);
}

static void print_table(FILE *report, const layer_row rows[LAYER_ROWS]) {
    layer_row sum = {.name = "all", .algorithm = ""};
    fprintf(report, "%-20s  %-8s  %10s  %8s  %-19s  %8s\n", "layer", "output", "parameters", "MACs",
            "algorithm", "us");
    fprintf(report, "%-20s  %-8s\n", "input", "1x28x28");
    for (int i = 0; i < LAYER_ROWS; i++) {
        print_row(report, &rows[i]);
        sum.parameters += rows[i].parameters;
        sum.macs += rows[i].macs;
        sum.microseconds += rows[i].microseconds;
    }
    print_row(report, &sum);
}

static bool run(network *n, const image *digit, const options *o, FILE *report) {
    const char *slash = o->input ? strrchr(o->input, '/') : NULL;
    const char *title = !o->input ? "a doodle" : slash ? slash + 1 : file_name(o->input);
    layer_row rows[LAYER_ROWS];
    ninetap_status status = network_create(n, o->seed);
    if (status == NINETAP_OK)
        status = network_run(n, digit);
    if (status == NINETAP_OK)
        status = network_measure(n, digit, rows);
    if (status != NINETAP_OK)
        return program_fail(NULL, ninetap_strerror(status));
    fprintf(report, "ninetap %s, isa %s: %s\n", ninetap_version(), ninetap_isa(), title);
    print_table(report, rows);
    fprintf(report, "class probabilities, of random weights:\n");
    for (int i = 0; i < CLASSES; i++)
        fprintf(report, "  %d  %9.6f\n", i, (double)n->probability[i]);
    if (!sheet_write(n, digit, title, o->output))
        return false;
    fprintf(report, "%s\n", o->output);
    return true;
}

int main(int argc, char **argv) {
    options o = {.output = "lenet.png", .seed = 1};
    program_streams();
    if (!parse(&o, argc, argv))
        return EXIT_USAGE;
    if (o.help) {
        fputs(usage, stdout);
        return program_close(stdout) ? EXIT_SUCCESS : EXIT_FAILURE;
    }
    static network n;
    image digit;
    FILE *report = program_report(o.output);
    const bool done = load(&digit, &o) && run(&n, &digit, &o, report) && program_close(report);
    network_free(&n);
    image_free(&digit);
    return done ? EXIT_SUCCESS : EXIT_FAILURE;
}
