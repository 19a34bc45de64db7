/* Which taps meet inputs that lie `spread` apart. */
#ifndef NINETAP_CONV3X3_PHASES_H
#define NINETAP_CONV3X3_PHASES_H

#include "conv3x3/conv3x3.h"

/* Residues of an axis that have taps; tap k of residue r meets the input `shift` places from the
 * one of its output. */
typedef struct nt_phase_axis {
    int count;
    int64_t residue[3];
    int taps[3];
    int tap[3][3];
    int64_t shift[3][3];
    int64_t before, span; /* places before the first one; of all shifts */
} nt_phase_axis;

nt_phase_axis nt_phase_axis_of(int64_t spread, int64_t dilation, int64_t pad);

/* Outputs of a residue along an axis of `size`, up to place `end` of the coarse ones. */
int64_t nt_phase_outputs(int64_t size, int64_t residue, int64_t spread, int64_t end);

/* The problem of the strips: stride 1, an output for each `spread` x `spread` of them. */
nt_conv nt_coarse_of(const nt_conv *c, const nt_phase_axis *down, const nt_phase_axis *across);

#endif
