/* Asked from a constructor that runs before libgcc's own, which looks at the CPU for
 * __builtin_cpu_supports, the library knows the CPU as well as later. */
#include <stdio.h>
#include <string.h>

#include "ninetap.h"

static const char *early_best;
static ninetap_status early_status;

__attribute__((constructor(101))) static void early(void) {
    early_best = ninetap_isa_name(0);
    early_status = ninetap_set_isa(early_best);
}

int main(void) {
    const char *best = ninetap_isa_name(0);
    if (strcmp(early_best, best) == 0 && early_status == NINETAP_OK)
        return 0;
    printf("%s in a constructor, %s in main\n", early_best, best);
    return 1;
}
