/* Template: the largest of the four taps of a 2x2 window. Needs a vocabulary.
 *
 *   a b     The rule, for each ISA: a before b before c before d; a later element wins only when it
 *   c d     is greater. A NaN wins over every number, or over none where it is ignored.
 *
 * Neither rule of NaN can be had from vf_max, which returns its second operand when it meets one.
 * Bodies take largest_of where there is no NaN among the taps, and first_largest where there is. */
#ifndef NINETAP_MAXIMUM_H
#define NINETAP_MAXIMUM_H

#include "simd/compiler.h"

/* Without NaN. */
ALWAYS_INLINE vf largest_of(const vf tap[4]) {
    return vf_max(tap[3], vf_max(tap[2], vf_max(tap[1], tap[0])));
}

/* Where `later` takes the place of `best`. */
ALWAYS_INLINE vm wins(vf later, vf best, bool careful, bool ignore_nan) {
    const vm greater = vm_gt(later, best);
    if (!careful) {
        return greater;
    }
    const vm later_nan = vm_nan(later, later);
    const vm best_nan = vm_nan(best, best);
    return vm_or(greater,
                 ignore_nan ? vm_and_not(best_nan, later_nan) : vm_and_not(later_nan, best_nan));
}

/* Also with NaN, if careful. won[k]: where tap k won over those before it; won[0] is not set. */
ALWAYS_INLINE vf first_largest(const vf tap[4], bool careful, bool ignore_nan, vm won[4]) {
    won[1] = wins(tap[1], tap[0], careful, ignore_nan);
    const vf ab = vf_select(won[1], tap[1], tap[0]);
    won[2] = wins(tap[2], ab, careful, ignore_nan);
    const vf abc = vf_select(won[2], tap[2], ab);
    won[3] = wins(tap[3], abc, careful, ignore_nan);
    return vf_select(won[3], tap[3], abc);
}

/* The maximum that a kernel fuses: with NaN, which wins. */
ALWAYS_INLINE vf largest_or_nan(const vf tap[4]) {
    vm won[4];
    return first_largest(tap, true, false, won);
}

#endif
