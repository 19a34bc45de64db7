#include "suite.h"

#define Q SUITE_QUICK
#define L SUITE_LADDER
#define T SUITE_LATENCY

const suite_entry suite[] = {
    /* Dense, stride 1: the 3x3 layers of ResNet-50, stage by stage. */
    {"64x56x56-64", Q | L},
    {"128x28x28-128", Q},
    {"256x14x14-256", Q},
    {"512x7x7-512", Q},
    /* VGG-16: the second layer of each block. */
    {"64x224x224-64", 0},
    {"128x112x112-128", 0},
    {"256x56x56-256", 0},
    {"512x28x28-512", 0},
    {"512x14x14-512", 0},
    /* YOLOv3-tiny's second layer; a size of no network, on which every tile has a remainder. */
    {"16x208x208-32", 0},
    {"37x45x61-53", 0},
    /* First layers: VGG-16, MobileNet (v1 and v2), YOLOv3-tiny. */
    {"3x224x224-64", Q | L},
    {"3x224x224-32s2", Q},
    {"3x416x416-16", Q},
    /* Stride 2: ResNet-50 v1.5 where a stage begins. */
    {"128x56x56-128s2", Q | L},
    /* Grouped: ResNeXt-50 32x4d. Dilated: a dilated ResNet's (DRN) fourth stage. */
    {"128x56x56-128g32", 0},
    {"256x28x28-256d2p2", 0},
    /* Latency: both layers of a small digit classifier, a wider first layer, and one 3x3 patch,
     * which is all overhead. */
    {"1x28x28-8p0", Q | L | T},
    {"8x13x13-16p0", Q | T},
    {"1x28x28-32", Q | T},
    {"1x3x3-1", Q | T},
    /* Depthwise: MobileNet v1 and v2. */
    {"32x112x112-dw", Q | L},
    {"96x112x112-dws2", Q},
    {"144x56x56-dw", Q},
    {"512x14x14-dw", Q},
    /* Max pooling: the digit classifier, VGG-16's first two, a 4K picture. */
    {"8x26x26", Q | T},
    {"64x224x224", Q | L},
    {"128x112x112", Q},
    {"1x2160x3840", Q},
    /* VGG-16's last; YOLOv3-tiny's pooling of stride 1. */
    {"512x14x14", 0},
    {"512x13x13s1", 0},
};
const size_t suite_size = sizeof suite / sizeof *suite;
