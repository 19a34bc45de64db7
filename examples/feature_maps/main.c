/* What a convolutional network's first two stages see: a bank of 3x3 filters, ReLU and 2x2 max
 * pooling, twice, as a contact sheet. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "layer.h"
#include "program.h"
#include "sheet.h"

const char program[] = "feature_maps";

static const char usage[] =
    "usage: feature_maps [options] [IMAGE] [-o OUT.png]\n"
    "\n"
    "Filters IMAGE (PNG, JPEG, PBM, PGM or PPM; - is stdin; without one, a 28x28 doodle) with a\n"
    "bank of 3x3 filters, applies ReLU and 2x2 max pooling, does all of it again to each result,\n"
    "and writes a contact sheet. Transparent parts are blended with white. A JPEG's EXIF\n"
    "orientation is ignored. Colour channels are filtered and pooled on their own. The table on\n"
    "stdout gives the range of the filtered values, before ReLU.\n"
    "\n"
    "  -o, --output FILE  where the sheet goes (feature_maps.png); - is stdout, the table then\n"
    "                     goes to stderr\n"
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

static bool set_option(options *o, int option) {
    uint64_t number;
    switch (option) {
    case 'o':
        o->output = optarg;
        return true;
    case 'r':
        if (!program_number(optarg, MAX_RANDOM_FILTERS, "not a possible number of random filters",
                            &number))
            return false;
        o->random = (int)number;
        return true;
    case 's':
        return program_number(optarg, UINT64_MAX, "not a possible seed", &o->seed);
    case 'h':
        o->help = true;
        return true;
    default:
        return false;
    }
}

static bool parse(options *o, int argc, char **argv) {
    static const struct option longs[] = {{"output", required_argument, NULL, LONG_OPTION + 'o'},
                                          {"random", required_argument, NULL, LONG_OPTION + 'r'},
                                          {"seed", required_argument, NULL, LONG_OPTION + 's'},
                                          {"help", no_argument, NULL, LONG_OPTION + 'h'},
                                          {0}};
    int option;
    while (!o->help && (option = program_option(argc, argv, ":o:h", longs)) != -1)
        if (!set_option(o, option))
            return false;
    return o->help || program_operand(argc, argv, &o->image);
}

/* ---- The two stages ----------------------------------------------------------------------- */

typedef struct demo {
    filter bank[MAX_FILTERS];
    int count;
    picture picture;
    image input;             /* the same as floats, to be drawn */
    image maps[MAX_FILTERS]; /* what stage one leaves, a map for each filter */
    FILE *report;
    sheet sheet;
} demo;

static void print_heads(FILE *report) {
    fprintf(report, "%-5s  %-9s  %11s  %11s  %8s  %8s  %-7s  %s\n", "stage", "filter", "filtered",
            "pooled", "min", "max", "isa", "kernel");
}

/* Of a filter: how large its maps are, before ReLU from `min` to `max`. */
typedef struct row {
    const char *name, *isa, *kernel;
    int64_t width, height, pooled_width, pooled_height;
    float min, max;
} row;

static void print_row(FILE *report, int stage, const row *r) {
    char filtered[48], pooled[48];
    snprintf(filtered, sizeof filtered, "%lldx%lld", (long long)r->width, (long long)r->height);
    snprintf(pooled, sizeof pooled, "%lldx%lld", (long long)r->pooled_width,
             (long long)r->pooled_height);
    fprintf(report, "%5d  %-9s  %11s  %11s  %8.3f  %8.3f  %-7s  %s\n", stage, r->name, filtered,
            pooled, (double)r->min, (double)r->max, r->isa, r->kernel);
}

static ninetap_status stage_one(demo *d, int f) {
    response r;
    const ninetap_status status = layer_run_picture(&d->bank[f], &d->picture, &r);
    if (status != NINETAP_OK)
        return status;
    row printed = {.name = d->bank[f].name,
                   .isa = ninetap_isa(),
                   .kernel = "filter3x3",
                   .width = r.filtered.width,
                   .height = r.filtered.height,
                   .pooled_width = r.pooled.width,
                   .pooled_height = r.pooled.height};
    image_range(&r.filtered, &printed.min, &printed.max);
    print_row(d->report, 1, &printed);
    sheet_stage_one(&d->sheet, f, &d->input, &r);
    d->maps[f] = r.pooled;
    r.pooled = (image){0};
    response_free(&r);
    return NINETAP_OK;
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
    if (status == NINETAP_OK) {
        ninetap_plan_info info;
        ninetap_conv3x3_describe(l.conv, &info);
        print_row(d->report, 2,
                  &(row){.name = d->bank[f].name,
                         .isa = info.isa,
                         .kernel = info.kernel,
                         .width = in->width,
                         .height = in->height,
                         .pooled_width = l.pooled_width,
                         .pooled_height = l.pooled_height,
                         .min = min,
                         .max = max});
    }
    layer_free(&l);
    return status;
}

static ninetap_status both_stages(demo *d) {
    ninetap_status status = NINETAP_OK;
    print_heads(d->report);
    for (int f = 0; f < d->count && status == NINETAP_OK; f++)
        status = stage_one(d, f);
    if (status != NINETAP_OK)
        return status;
    if (!d->maps[0].samples) {
        fprintf(d->report, "a side of 1: 2x2 pooling leaves nothing for stage two\n");
        sheet_no_stage_two(&d->sheet, "No stage two: pooling a side of 1 leaves nothing");
        return NINETAP_OK;
    }
    if (d->maps[0].width == 1 || d->maps[0].height == 1) {
        fprintf(d->report, "maps with a side of 1: 2x2 pooling leaves nothing of stage two\n");
        sheet_no_stage_two(&d->sheet, "Stage two: pooling maps with a side of 1 leaves nothing");
    }
    for (int f = 0; f < d->count && status == NINETAP_OK; f++)
        status = stage_two(d, f);
    return status;
}

/* ---- The whole ---------------------------------------------------------------------------- */

static bool load(demo *d, const char *path) {
    bool had_alpha = false;
    if (path && !picture_read(&d->picture, path, ALPHA_BLEND, &had_alpha))
        return false;
    if (had_alpha)
        fprintf(d->report,
                "the picture has an alpha channel: blended with white, in linear light\n");
    return ((path || picture_doodle(&d->picture)) && image_of(&d->input, &d->picture)) ||
           program_fail(NULL, "out of memory");
}

static const char *base_name(const char *path) {
    const char *slash = strrchr(path, '/');
    return slash ? slash + 1 : file_name(path);
}

static bool run(demo *d, const options *o) {
    if (!load(d, o->image))
        return false;
    const char *title = o->image ? base_name(o->image) : "a doodle";
    fprintf(d->report, "ninetap %s, isa %s\n%s: %lldx%lld %s\n", ninetap_version(), ninetap_isa(),
            title, (long long)d->input.width, (long long)d->input.height,
            d->input.channels == 1 ? "grey" : "RGB");
    d->count = filter_bank(d->bank, o->random, o->seed);
    if (!sheet_create(&d->sheet, title, &d->input, d->bank, d->count))
        return program_fail(NULL, "out of memory");
    const ninetap_status status = both_stages(d);
    if (status != NINETAP_OK)
        return program_fail(NULL, ninetap_strerror(status));
    if (!canvas_write(&d->sheet.canvas, o->output))
        return false;
    fprintf(d->report, "%s: %dx%d\n", o->output, d->sheet.canvas.width, d->sheet.canvas.height);
    return true;
}

int main(int argc, char **argv) {
    options o = {.output = "feature_maps.png", .random = 2, .seed = 1};
    program_streams();
    if (!parse(&o, argc, argv))
        return EXIT_USAGE;
    if (o.help) {
        fputs(usage, stdout);
        return program_close(stdout) ? EXIT_SUCCESS : EXIT_FAILURE;
    }
    static demo d;
    d.report = program_report(o.output);
    const bool done = run(&d, &o) && program_close(d.report);
    for (int f = 0; f < d.count; f++)
        image_free(&d.maps[f]);
    picture_free(&d.picture);
    image_free(&d.input);
    sheet_free(&d.sheet);
    return done ? EXIT_SUCCESS : EXIT_FAILURE;
}
