/* What a convolutional network's first two stages see: a bank of 3x3 filters, ReLU and 2x2 max
 * pooling, twice, as a contact sheet. */
#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "layer.h"
#include "program.h"
#include "sheet.h"

enum { EXIT_USAGE = 2 };

const char program[] = "feature_maps";

static const char usage[] =
    "usage: feature_maps [options] [IMAGE] [-o OUT.png]\n"
    "\n"
    "Filters IMAGE (PNG, PGM or PPM; without one, a 28x28 doodle) with a bank of 3x3 filters,\n"
    "applies ReLU and 2x2 max pooling, does all of it again to each result, and writes a\n"
    "contact sheet. Transparent parts are blended with white. Colour channels are filtered\n"
    "and pooled on their own. The table on stdout gives the range of the filtered values,\n"
    "before ReLU.\n"
    "\n"
    "  -o, --output FILE  where the sheet goes (feature_maps.png)\n"
    "      --random N     random filters beside the eight named ones, 0 .. 24 (2)\n"
    "      --seed S       seed of the random filters (1)\n"
    "  -h, --help         this text\n"
    "\n"
    "NINETAP_ISA=name chooses the instruction set; the sheet is the same for each of them.\n"
    "Exit status: 0 done, 1 something failed, 2 wrong usage.\n";

typedef struct options {
    const char *image, *output; /* image NULL: the doodle */
    int random;
    uint64_t seed;
    bool help;
} options;

/* ---- Command line ------------------------------------------------------------------------- */

static bool parse_number(const char *text, uint64_t most, uint64_t *number) {
    char *end;
    errno = 0;
    const unsigned long long n = strtoull(text, &end, 10);
    *number = n;
    return text[0] >= '0' && text[0] <= '9' && *end == '\0' && errno == 0 && n <= most;
}

static bool usage_error(const char *what, const char *argument) {
    fprintf(stderr, "feature_maps: %s: %s (try --help)\n", what, argument);
    return false;
}

/* value is NULL where the command line ends. */
static bool set_option(options *o, const char *name, const char *value) {
    const bool output = strcmp(name, "-o") == 0 || strcmp(name, "--output") == 0;
    const bool random = strcmp(name, "--random") == 0, seed = strcmp(name, "--seed") == 0;
    uint64_t number;
    if (!output && !random && !seed)
        return usage_error("unknown option", name);
    if (!value || !*value)
        return usage_error("this option takes a value", name);
    if (output) {
        o->output = value;
    } else if (seed) {
        if (!parse_number(value, UINT64_MAX, &o->seed))
            return usage_error("not a possible seed", value);
    } else {
        if (!parse_number(value, MAX_RANDOM_FILTERS, &number))
            return usage_error("not a possible number of random filters", value);
        o->random = (int)number;
    }
    return true;
}

static bool parse(options *o, int argc, char **argv) {
    bool only_names = false; /* after "--" */
    for (int i = 1; i < argc && !o->help; i++) {
        if (!only_names && strcmp(argv[i], "--") == 0) {
            only_names = true;
        } else if (only_names || argv[i][0] != '-') {
            if (o->image)
                return usage_error("more than one picture", argv[i]);
            o->image = argv[i];
        } else if (strcmp(argv[i], "-h") == 0 || strcmp(argv[i], "--help") == 0) {
            o->help = true;
        } else {
            if (!set_option(o, argv[i], argv[i + 1]))
                return false;
            i++;
        }
    }
    return true;
}

/* ---- The two stages ----------------------------------------------------------------------- */

typedef struct demo {
    filter bank[MAX_FILTERS];
    int count;
    image input;
    image maps[MAX_FILTERS]; /* what stage one leaves, a map for each filter */
    sheet sheet;
} demo;

static void print_heads(void) {
    printf("%-5s  %-9s  %11s  %11s  %8s  %8s  %-7s  %s\n", "stage", "filter", "filtered", "pooled",
           "min", "max", "isa", "kernel");
}

/* min and max: of the filtered values, before ReLU. */
static void print_row(int stage, const char *name, const image *input, const layer *l, float min,
                      float max) {
    ninetap_plan_info info;
    ninetap_conv3x3_describe(l->conv, &info);
    char filtered[48], pooled[48];
    snprintf(filtered, sizeof filtered, "%lldx%lld", (long long)input->width,
             (long long)input->height);
    snprintf(pooled, sizeof pooled, "%lldx%lld", (long long)l->pooled_width,
             (long long)l->pooled_height);
    printf("%5d  %-9s  %11s  %11s  %8.3f  %8.3f  %-7s  %s\n", stage, name, filtered, pooled,
           (double)min, (double)max, info.isa, info.kernel);
}

static ninetap_status stage_one(demo *d, int f) {
    const image *in = &d->input;
    layer l;
    ninetap_status status = layer_create(&l, &d->bank[f], in->width, in->height, in->channels);
    response r;
    if (status == NINETAP_OK)
        status = layer_run(&l, in, &r);
    if (status == NINETAP_OK) {
        float min, max;
        image_range(&r.filtered, &min, &max);
        print_row(1, d->bank[f].name, in, &l, min, max);
        sheet_stage_one(&d->sheet, f, in, &r);
        d->maps[f] = r.pooled;
        r.pooled = (image){0};
        response_free(&r);
    }
    layer_free(&l);
    return status;
}

/* One filter, one plan, every map of stage one: the maps have one size. */
static ninetap_status stage_two(demo *d, int f) {
    const image *in = d->maps;
    layer l;
    ninetap_status status = layer_create(&l, &d->bank[f], in->width, in->height, in->channels);
    float min = INFINITY, max = -INFINITY;
    for (int map = 0; map < d->count && status == NINETAP_OK; map++) {
        response r;
        status = layer_run(&l, &d->maps[map], &r);
        if (status != NINETAP_OK)
            break;
        float low, high;
        image_range(&r.filtered, &low, &high);
        min = fminf(min, low);
        max = fmaxf(max, high);
        if (r.pooled.samples)
            sheet_stage_two(&d->sheet, map, f, &r.pooled);
        response_free(&r);
    }
    if (status == NINETAP_OK)
        print_row(2, d->bank[f].name, in, &l, min, max);
    layer_free(&l);
    return status;
}

static ninetap_status both_stages(demo *d) {
    ninetap_status status = NINETAP_OK;
    print_heads();
    for (int f = 0; f < d->count && status == NINETAP_OK; f++)
        status = stage_one(d, f);
    if (status != NINETAP_OK)
        return status;
    if (!d->maps[0].samples) {
        printf("a side of 1: 2x2 pooling leaves nothing for stage two\n");
        sheet_no_stage_two(&d->sheet, "No stage two: pooling a side of 1 leaves nothing");
        return NINETAP_OK;
    }
    if (d->maps[0].width == 1 || d->maps[0].height == 1) {
        printf("maps with a side of 1: 2x2 pooling leaves nothing of stage two\n");
        sheet_no_stage_two(&d->sheet, "Stage two: pooling maps with a side of 1 leaves nothing");
    }
    for (int f = 0; f < d->count && status == NINETAP_OK; f++)
        status = stage_two(d, f);
    return status;
}

/* ---- The whole ---------------------------------------------------------------------------- */

static bool fail(const char *why) {
    fprintf(stderr, "feature_maps: %s\n", why);
    return false;
}

static bool flush(void) {
    return (fflush(stdout) == 0 && !ferror(stdout)) || fail("cannot write to stdout");
}

static bool load(image *input, const options *o) {
    if (!o->image)
        return image_doodle(input) || fail("out of memory");
    bool had_alpha;
    if (!image_read(input, o->image, &had_alpha))
        return false;
    if (had_alpha)
        printf("the picture has an alpha channel: blended with white, in linear light\n");
    return true;
}

static const char *base_name(const char *path) {
    const char *slash = strrchr(path, '/');
    return slash ? slash + 1 : path;
}

static bool run(demo *d, const options *o) {
    if (!load(&d->input, o))
        return false;
    const char *title = o->image ? base_name(o->image) : "a doodle";
    printf("ninetap %s, isa %s\n%s: %lldx%lld %s\n", ninetap_version(), ninetap_isa(), title,
           (long long)d->input.width, (long long)d->input.height,
           d->input.channels == 1 ? "grey" : "RGB");
    d->count = filter_bank(d->bank, o->random, o->seed);
    if (!sheet_create(&d->sheet, title, &d->input, d->bank, d->count))
        return fail("out of memory");
    const ninetap_status status = both_stages(d);
    if (status != NINETAP_OK)
        return fail(ninetap_strerror(status));
    if (!canvas_write(&d->sheet.canvas, o->output))
        return false;
    printf("%s: %dx%d\n", o->output, d->sheet.canvas.width, d->sheet.canvas.height);
    return flush();
}

int main(int argc, char **argv) {
    options o = {.output = "feature_maps.png", .random = 2, .seed = 1};
    if (!parse(&o, argc, argv))
        return EXIT_USAGE;
    if (o.help) {
        fputs(usage, stdout);
        return flush() ? EXIT_SUCCESS : EXIT_FAILURE;
    }
    static demo d;
    const bool done = run(&d, &o);
    for (int f = 0; f < d.count; f++)
        image_free(&d.maps[f]);
    image_free(&d.input);
    sheet_free(&d.sheet);
    return done ? EXIT_SUCCESS : EXIT_FAILURE;
}
