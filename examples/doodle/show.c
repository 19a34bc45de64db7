#include <stdlib.h>
#include "commands.h"
int command_show(const options *o) {
    (void)o;
    return EXIT_FAILURE;
}
