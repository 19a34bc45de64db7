#include "options.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "network.h"
#include "program.h"

static const char usage[] =
    "usage: doodle train [DATA] [options] -o MODEL.safetensors\n"
    "       doodle test  MODEL [DATA] [options]\n"
    "       doodle show  MODEL [IMAGE] [options]\n"
    "       doodle show  --untrained [IMAGE] [options]\n"
    "\n"
    "A small convolutional network learns to tell doodles: 28x28 -> 8 filters of 3x3, ReLU, 2x2\n"
    "max pooling -> 16 filters, ReLU, pooling -> dense layer -> softmax. The same data and seed\n"
    "give the same weights, to the bit, on every machine and with any number of threads.\n"
    "\n"
    "DATA is a folder: of Quick, Draw! bitmaps, a file a class (.npy, also packed by gzip, .npz,\n"
    "or raw .bin); of MNIST's IDX files, also .gz; or of folders of pictures, a folder a class.\n"
    "Without it, doodles of ten kinds are drawn. One doodle in eight is kept apart for testing,\n"
    "or MNIST's t10k files are, or others are drawn.\n"
    "\n"
    "train: learns, from doodles that are moved by a pixel each time, and says after each epoch\n"
    "how many of those kept apart it knows. Ctrl-C saves what it has learnt, and --resume goes "
    "on.\n"
    "      --classes A,B,...  those classes alone\n"
    "      --filters N,M      how many filters the two stages have (8,16)\n"
    "      --epochs N         how often it sees every doodle (10)\n"
    "      --steps N          stops after N batches of 32 since the beginning\n"
    "      --each N           at most N doodles of a class; drawn are 1000\n"
    "      --rate R           Adam's learning rate at the beginning (0.008); it falls to 0\n"
    "      --seed S           of weights, of the order, and of what is drawn (1)\n"
    "      --threads N        1 to 64 (all cores)\n"
    "      --resume MODEL     goes on with that training, of the same DATA and --each; classes,\n"
    "                         filters and seed are the model's, and so are epochs and rate\n"
    "      --onnx FILE        writes the network as ONNX, too\n"
    "      --watch DIR        pictures of how it learns, a curve, and an animation\n"
    "  -o, --output FILE      the model (doodle.safetensors); - is stdout\n"
    "\n"
    "test: accuracy and confusion matrix, of the doodles that are kept apart.\n"
    "      --all              of all doodles\n"
    "      --each, --seed, --threads as above\n"
    "  -o, --output FILE      the matrix as a picture\n"
    "\n"
    "show: what each layer takes, the probabilities, and every feature map on one sheet. IMAGE is\n"
    "a PNG, JPEG, PBM, PGM or PPM of any size, stretched to 28x28 and turned to grey, or an IDX,\n"
    ".npy or .npz file, also packed by gzip; - is stdin; without it: a cat.\n"
    "      --index N          which picture of an IDX, NPY or NPZ file, counted from 0 (0)\n"
    "      --invert           dark ink on light paper\n"
    "      --untrained        random weights, of --seed and --filters\n"
    "  -o, --output FILE      the sheet (doodle.png); - is stdout, the table then goes to stderr\n"
    "\n"
    "  -h, --help             this text\n"
    "\n"
    "NINETAP_ISA=name chooses the instruction set; the results are the same for each of them.\n"
    "Exit status: 0 done, 1 something failed, 2 wrong usage, 130 interrupted.\n";

void options_help(void) {
    fputs(usage, stdout);
}

/* ---- Values ------------------------------------------------------------------------------- */

static bool positive(const char *text, uint64_t most, const char *what, uint64_t *number) {
    return program_number(text, most, what, number) && (*number > 0 || program_usage(what, text));
}

static bool set_filters(options *o, char *text) {
    char *comma = strchr(text, ',');
    if (!comma)
        return program_usage("not two numbers of filters", text);
    *comma = '\0';
    return positive(text, FILTERS_MOST, "not a possible number of filters", &o->filters[0]) &&
           positive(comma + 1, FILTERS_MOST, "not a possible number of filters", &o->filters[1]);
}

static bool set_rate(options *o, const char *text) {
    char *end;
    o->rate = strtod(text, &end);
    return (*end == '\0' && o->rate > 0 && o->rate <= 1) ||
           program_usage("not a possible rate", text);
}

/* ---- Command line ------------------------------------------------------------------------- */

static bool set_option(options *o, int option) {
    switch (option) {
    case 'o':
        o->output = optarg;
        return true;
    case 'c':
        o->classes = optarg;
        return true;
    case 'f':
        return set_filters(o, optarg);
    case 'e':
        return positive(optarg, 1000000, "not a possible number of epochs", &o->epochs);
    case 'n':
        return positive(optarg, (uint64_t)1 << 40, "not a possible number of steps", &o->steps);
    case 'k':
        return positive(optarg, 1 << 24, "not a possible number of doodles", &o->each);
    case 'l':
        return set_rate(o, optarg);
    case 's':
        return program_number(optarg, UINT64_MAX, "not a possible seed", &o->seed);
    case 't':
        return positive(optarg, 64, "not a possible number of threads", &o->threads);
    case 'r':
        o->resume = optarg;
        return true;
    case 'x':
        o->onnx = optarg;
        return true;
    case 'w':
        o->watch = optarg;
        return true;
    case 'i':
        return program_number(optarg, UINT64_MAX, "not a possible index", &o->index);
    case 'v':
        o->invert = true;
        return true;
    case 'u':
        o->untrained = true;
        return true;
    case 'a':
        o->all = true;
        return true;
    case 'h':
        o->help = true;
        return true;
    default:
        return false;
    }
}

#define VALUE(name, letter) \
    { name, required_argument, NULL, LONG_OPTION + (letter) }
#define FLAG(name, letter) \
    { name, no_argument, NULL, LONG_OPTION + (letter) }
#define END \
    { 0 }
#define COMMON FLAG("help", 'h'), VALUE("output", 'o'), VALUE("seed", 's')

static const struct option of_train[] = {COMMON,
                                         VALUE("classes", 'c'),
                                         VALUE("filters", 'f'),
                                         VALUE("epochs", 'e'),
                                         VALUE("steps", 'n'),
                                         VALUE("each", 'k'),
                                         VALUE("rate", 'l'),
                                         VALUE("threads", 't'),
                                         VALUE("resume", 'r'),
                                         VALUE("onnx", 'x'),
                                         VALUE("watch", 'w'),
                                         END};
static const struct option of_test[] = {COMMON, FLAG("all", 'a'), VALUE("each", 'k'),
                                        VALUE("threads", 't'), END};
static const struct option of_show[] = {
    COMMON, VALUE("index", 'i'), FLAG("invert", 'v'), FLAG("untrained", 'u'), VALUE("filters", 'f'),
    END};
static const struct option of_none[] = {FLAG("help", 'h'), END};

static const struct {
    const char *name, *output;
    const struct option *longs;
    int operands;
} commands[] = {{"", NULL, of_none, 0},
                {"train", "doodle.safetensors", of_train, 1},
                {"test", NULL, of_test, 2},
                {"show", "doodle.png", of_show, 2}};

static bool check(const options *o, int operands) {
    if (o->command == COMMAND_NONE)
        return program_usage("no command", "train, test or show");
    if (o->resume && o->classes)
        return program_usage("the classes are those of --resume", o->classes);
    if (o->command == COMMAND_TEST && operands == 0)
        return program_usage("no model", "test");
    if (o->command == COMMAND_SHOW && !o->untrained && operands == 0)
        return program_usage("no model and not --untrained", "show");
    return true;
}

bool options_parse(options *o, int argc, char **argv) {
    *o = (options){.filters = {8, 16}, .seed = 1};
    const int count = (int)(sizeof commands / sizeof *commands);
    for (int i = 1; i < count && argc > 1; i++)
        if (strcmp(argv[1], commands[i].name) == 0)
            o->command = (command)i;
    if (argc > 1 && o->command == COMMAND_NONE && argv[1][0] != '-')
        return program_usage("no such command", argv[1]);
    const int skip = o->command != COMMAND_NONE;
    o->output = commands[o->command].output;
    int option;
    while (!o->help && (option = program_option(argc - skip, argv + skip, ":o:h",
                                                commands[o->command].longs)) != -1)
        if (!set_option(o, option))
            return false;
    if (o->help)
        return true;
    const int operands = argc - skip - optind,
              most = commands[o->command].operands - (o->untrained ? 1 : 0);
    if (operands > most)
        return program_usage("one operand too many", argv[skip + optind + most]);
    for (int i = 0; i < operands; i++)
        o->operand[i] = argv[skip + optind + i];
    return check(o, operands);
}
