/* A 3x3 filter on a photograph: bytes in, bytes out. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "filters.h"
#include "ninetap.h"
#include "picture.h"
#include "program.h"

const char program[] = "ninetap-filter";

static const char usage[] =
    "usage: ninetap-filter [options] IN OUT.png\n"
    "\n"
    "Slides a 3x3 filter over IN (PNG, JPEG, PBM, PGM or PPM; - is stdin) and writes the result "
    "as\n"
    "PNG (- is stdout). Colours are filtered apart; transparency stays as it is. Beyond the\n"
    "frame the picture's outermost pixels go on. Results are rounded, and cut to 0 .. 255.\n"
    "\n"
    "  -f, --filter NAME  edge (default), outline, sobel, identity, sharpen, box, gaussian, "
    "sobel-x,\n"
    "                     sobel-y, laplacian, emboss; or nine numbers, row by row: \"0 -1 0 -1 5 "
    "-1\n"
    "                     0 -1 0\". sobel is how strong the slopes of sobel-x and sobel-y are "
    "together\n"
    "      --scale S      each result times S (1)\n"
    "      --delta D      and D more (0)\n"
    "      --absolute     and without its sign: dark and bright edges alike\n"
    "      --stride N     every N-th pixel of every N-th row (1)\n"
    "      --pool         then the largest of each 2x2: half as wide, half as high\n"
    "  -h, --help         this text\n"
    "\n"
    "NINETAP_ISA=name chooses the instruction set; the picture is the same for each of them.\n"
    "Exit status: 0 done, 1 something failed, 2 wrong usage.\n";

static const filter edge = {"edge", {-1, -1, -1, -1, 8, -1, -1, -1, -1}};

typedef struct options {
    const char *name, *in, *out;
    filter filter, second; /* second: of sobel */
    bool is_gradient, absolute, pool, help;
    float scale, delta;
    uint64_t stride;
} options;

/* ---- Command line ------------------------------------------------------------------------- */

/* A finite number; *end is what follows it. */
static bool parse_float(const char *text, float *value, char **end) {
    errno = 0;
    *value = strtof(text, end);
    return *end != text && errno == 0 && *value - *value == 0;
}

static bool parse_nine(const char *text, float weights[9]) {
    char *at;
    for (int i = 0; i < 9; i++, text = at) {
        if (!parse_float(text, &weights[i], &at))
            return false;
        at += strspn(at, " ,;\n");
    }
    return !*text;
}

static bool set_filter(options *o, const char *text) {
    const filter *found = filter_find(text);
    o->name = text;
    o->is_gradient = strcmp(text, "sobel") == 0;
    if (strcmp(text, "edge") == 0 || strcmp(text, "outline") == 0)
        o->filter = edge;
    else if (o->is_gradient)
        o->filter = *filter_find("sobel-x"), o->second = *filter_find("sobel-y");
    else if (found)
        o->filter = *found;
    else if (!parse_nine(text, o->filter.weights))
        return program_usage("neither a filter's name nor nine numbers", text);
    return true;
}

static bool set_float(const char *text, float *value) {
    char *end;
    return (parse_float(text, value, &end) && !*end) || program_usage("not a number", text);
}

static bool set_option(options *o, int option) {
    switch (option) {
    case 'f':
        return set_filter(o, optarg);
    case 's':
        return set_float(optarg, &o->scale) &&
               (o->scale != 0 || program_usage("not a scale", optarg));
    case 'd':
        return set_float(optarg, &o->delta);
    case 't':
        return program_number(optarg, 1 << 20, "not a possible stride", &o->stride) &&
               (o->stride > 0 || program_usage("not a possible stride", optarg));
    case 'a':
        return o->absolute = true;
    case 'p':
        return o->pool = true;
    case 'h':
        return o->help = true;
    default:
        return false;
    }
}

static bool parse(options *o, int argc, char **argv) {
    static const struct option longs[] = {{"filter", required_argument, NULL, LONG_OPTION + 'f'},
                                          {"scale", required_argument, NULL, LONG_OPTION + 's'},
                                          {"delta", required_argument, NULL, LONG_OPTION + 'd'},
                                          {"stride", required_argument, NULL, LONG_OPTION + 't'},
                                          {"absolute", no_argument, NULL, LONG_OPTION + 'a'},
                                          {"pool", no_argument, NULL, LONG_OPTION + 'p'},
                                          {"help", no_argument, NULL, LONG_OPTION + 'h'},
                                          {0}};
    int option;
    while (!o->help && (option = program_option(argc, argv, ":f:h", longs)) != -1)
        if (!set_option(o, option))
            return false;
    if (o->help)
        return true;
    if (argc - optind < 2)
        return program_usage("two files are needed",
                             argc > optind ? argv[optind] : "none is named");
    if (argc - optind > 2)
        return program_usage("more than two files", argv[optind + 2]);
    o->in = argv[optind];
    o->out = argv[optind + 1];
    return true;
}

/* ---- The whole ---------------------------------------------------------------------------- */

static ninetap_status filtered(const options *o, const picture *in, bool pool, picture *out) {
    const ninetap_filter3x3_desc d = {.n = 1,
                                      .ih = in->height,
                                      .iw = in->width,
                                      .channels = in->channels,
                                      .keep_alpha = picture_has_alpha(in),
                                      .src_type = NINETAP_U8,
                                      .dst_type = NINETAP_U8,
                                      .border = NINETAP_BORDER_REPLICATE,
                                      .scale = o->scale,
                                      .delta = o->delta,
                                      .absolute = o->absolute,
                                      .pool = pool ? NINETAP_POOL_MAX : NINETAP_POOL_NONE};
    const int64_t down = pool ? 2 : 1;
    if (in->width < down || in->height < down)
        return NINETAP_ERR_SHAPE;
    if (!picture_alloc(out, in->width / down, in->height / down, in->channels))
        return NINETAP_ERR_NOMEM;
    return o->is_gradient ? ninetap_gradient3x3(&d, o->filter.weights, o->second.weights,
                                                NINETAP_NORM_L2, in->bytes, out->bytes)
                          : ninetap_filter3x3(&d, o->filter.weights, in->bytes, out->bytes);
}

static bool every(int64_t stride, const picture *in, picture *out) {
    if (!picture_alloc(out, (in->width - 1) / stride + 1, (in->height - 1) / stride + 1,
                       in->channels))
        return false;
    const size_t pixel = (size_t)in->channels;
    unsigned char *to = out->bytes;
    for (int64_t y = 0; y < in->height; y += stride)
        for (int64_t x = 0; x < in->width; x += stride, to += pixel)
            memcpy(to, in->bytes + (size_t)(y * in->width + x) * pixel, pixel);
    return true;
}

static ninetap_status pooled(const picture *in, picture *out) {
    const ninetap_pool2x2_desc d = {
        .n = 1, .c = in->channels, .ih = in->height, .iw = in->width, .layout = NINETAP_NHWC};
    int64_t height, width;
    const ninetap_status status = ninetap_pool2x2_output(&d, &height, &width);
    if (status != NINETAP_OK)
        return status;
    return picture_alloc(out, width, height, in->channels)
               ? ninetap_maxpool2x2_u8(&d, in->bytes, out->bytes, NULL)
               : NINETAP_ERR_NOMEM;
}

/* The pool is in the filter's call where no pixel is left out before. */
static ninetap_status apply(const options *o, const picture *in, picture *out) {
    if (o->stride == 1)
        return filtered(o, in, o->pool, out);
    picture all = {0}, some = {0};
    ninetap_status status = filtered(o, in, false, &all);
    if (status == NINETAP_OK && !every((int64_t)o->stride, &all, o->pool ? &some : out))
        status = NINETAP_ERR_NOMEM;
    if (status == NINETAP_OK && o->pool)
        status = pooled(&some, out);
    picture_free(&all);
    picture_free(&some);
    return status;
}

static bool run(const options *o, picture *in, picture *out) {
    bool had_alpha;
    if (!picture_read(in, o->in, ALPHA_KEEP, &had_alpha))
        return false;
    const ninetap_status status = apply(o, in, out);
    if (status == NINETAP_ERR_SHAPE)
        return program_fail(file_name(o->in), "too small: the pool leaves nothing of it");
    if (status != NINETAP_OK)
        return program_fail(NULL, ninetap_strerror(status));
    if (!picture_write(out, o->out))
        return false;
    fprintf(program_report(o->out), "%s, %s, isa %s: %lldx%lld -> %lldx%lld\n", file_name(o->in),
            o->name, ninetap_isa(), (long long)in->width, (long long)in->height,
            (long long)out->width, (long long)out->height);
    return true;
}

int main(int argc, char **argv) {
    options o = {.name = "edge", .filter = edge, .scale = 1, .stride = 1};
    program_streams();
    if (!parse(&o, argc, argv))
        return EXIT_USAGE;
    if (o.help) {
        fputs(usage, stdout);
        return program_close(stdout) ? EXIT_SUCCESS : EXIT_FAILURE;
    }
    picture in = {0}, out = {0};
    const bool done = run(&o, &in, &out) && program_close(program_report(o.out));
    picture_free(&in);
    picture_free(&out);
    return done ? EXIT_SUCCESS : EXIT_FAILURE;
}
