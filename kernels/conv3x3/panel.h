/* The output channels of a group are cut into panels, the last one of them smaller. A panel's
 * weights lie together, in the order in which its kernel reads them. */
#ifndef NINETAP_CONV3X3_PANEL_H
#define NINETAP_CONV3X3_PANEL_H

#include "conv3x3/conv3x3.h"

typedef struct nt_panels {
    int64_t channels, count; /* of a panel; panels of a group */
    int64_t lanes;           /* the last panel's channels are filled up to a multiple of it */
    int64_t group_weights, group_bias, panel_weights; /* pitches, in elements */
    /* [group][panel][channel], the last one filled up; behind the weights */
    void *bias;        /* floats, or int32_t */
    float *multiplier; /* of integers: of each channel's sums */
} nt_panels;

/* `channels` of a panel, of all that a group has. */
void nt_panels_cut(const nt_conv *c, int64_t channels, int64_t lanes, nt_panels *panels);
int64_t nt_panel_channels(const nt_conv *c, const nt_panels *panels, int64_t panel);

/* Zeros for the plan's weights, `taps` of each pair of channels, and behind them, at a vector
 * boundary, the bias, which is filled in. */
ninetap_status nt_panels_allocate(ninetap_conv3x3 *plan, nt_panels *panels, int taps,
                                  const void *bias);

/* The nine taps in lists that are packed one behind the other. */
typedef struct nt_tap_lists {
    int tap[9], count;
    int end[9]; /* of a list, in tap */
} nt_tap_lists;

/* [group][panel][list][input channel][tap][lane]; lists: NULL for one of all. Of integers
 * [group][panel][pair of input channels][9][vector], as nt_isa's `pairs` wants them. */
void nt_panels_pack(ninetap_conv3x3 *plan, const nt_panels *panels, const nt_tap_lists *lists,
                    const void *weights);

#endif
