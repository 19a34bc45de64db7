/* The names of pictures, and what they say of themselves. */
#include <stdio.h>
#include <string.h>

#include "picture.h"

static const char *plural(int threads) {
    return threads == 1 ? "" : "s";
}

static const char *operation_words(const char *operation) {
    static const char *const words[][2] = {
        {"conv3x3", "3x3 convolution"},           {"maxpool2x2", "2x2 max pooling"},
        {"avgpool2x2", "2x2 average pooling"},    {"mixedpool2x2", "2x2 mixed pooling"},
        {"maxpool2x2_u8", "2x2 max pooling, u8"}, {"maxpool2x2_s8", "2x2 max pooling, s8"},
        {"maxunpool2x2", "2x2 max unpooling"}};
    size_t i = 0;
    while (i + 1 < sizeof words / sizeof *words && strcmp(operation, words[i][0]) != 0) {
        i++;
    }
    return words[i][1];
}

static void describe_sweep(picture *p) {
    const bool sizes = p->kind == PICTURE_SIZES, conv = strcmp(p->operation, "conv3x3") == 0;
    snprintf(p->name, sizeof p->name, "%s-%s-%s-t%d", sizes ? "size" : "channels", p->operation,
             p->sweep, p->threads);
    snprintf(p->title, sizeof p->title, "%s %s: rate by %s, %d thread%s",
             operation_words(p->operation), p->sweep, sizes ? "map size S" : "channels C",
             p->threads, plural(p->threads));
    snprintf(p->description, sizeof p->description,
             "%s; higher is better. Ours in both plain layouts; each peer in whatever layout is "
             "its fastest at that point.",
             conv ? "GFLOP/s, counted as the direct method's whatever the algorithm"
                  : "GB/s, read and written");
}

static void describe_crossover(picture *p) {
    snprintf(p->name, sizeof p->name, "crossover-%s-t%d", p->sweep, p->threads);
    snprintf(p->title, sizeof p->title, "Which algorithm is fastest where: %s, %s, %d thread%s",
             p->like->implementation, p->like->layout, p->threads, plural(p->threads));
    snprintf(p->description, sizeof p->description,
             "3x3 convolution of S x S maps, C channels to C. The colour is the fastest "
             "algorithm's; the number says how many times faster than direct it is. Framed: what "
             "AUTO takes is slower by 2 %% or more.");
}

void picture_describe(picture *p) {
    switch (p->kind) {
    case PICTURE_CROSSOVER:
        describe_crossover(p);
        break;
    case PICTURE_ROOFLINE:
        snprintf(p->name, sizeof p->name, "roofline-t%d", p->threads);
        snprintf(p->title, sizeof p->title,
                 "Our kernels under this machine's roofline, %d thread%s", p->threads,
                 plural(p->threads));
        snprintf(p->description, sizeof p->description,
                 "Each point a kernel (filled: nchw, open: nhwc) under the peak of its instruction "
                 "set and the bandwidth of each cache, all measured in this run.");
        break;
    case PICTURE_PEERS:
        snprintf(p->name, sizeof p->name, "peers-t%d", p->threads);
        snprintf(p->title, sizeof p->title, "ninetap against other libraries, %d thread%s",
                 p->threads, plural(p->threads));
        snprintf(p->description, sizeof p->description,
                 "Their time divided by ours: a bar to the right says that ours is faster, to the "
                 "left that the named peer is. Bars: the fastest peer; dots: the others.");
        break;
    case PICTURE_THREADS:
        snprintf(p->name, sizeof p->name, "threads");
        snprintf(p->title, sizeof p->title, "Thread scaling: time on one thread / time on more");
        snprintf(p->description, sizeof p->description,
                 "Our fastest kernel for each shape, against itself on one thread. The dashed line "
                 "is perfect scaling.");
        break;
    default:
        describe_sweep(p);
    }
}
