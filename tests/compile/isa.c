/* What a description with isa == NULL gets (privileged.sh). */
#include <stdio.h>

#include "ninetap.h"

int main(void) {
    return puts(ninetap_isa()) == EOF;
}
