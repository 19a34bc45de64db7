/* What each layer is and takes. */
#ifndef TABLE_H
#define TABLE_H

#include <stdio.h>

#include "network.h"

/* Runs each layer of a network of one image many times over, and prints a line for each. */
ninetap_status table_print(FILE *report, network *net);

#endif
