/* The program's three commands: each prints one line to stderr where it fails. They return the exit
 * status. */
#ifndef COMMANDS_H
#define COMMANDS_H

#include "data.h"
#include "network.h"
#include "options.h"

enum { EXIT_INTERRUPTED = 130, BATCH = 32, DRAWN = 1000, DRAWN_APART = 200 };

int command_train(const options *o);
int command_test(const options *o);
int command_show(const options *o);

/* Runs the network over all doodles. known: how many it tells right. confusion: NULL, or
 * classes x classes numbers that are added to, [what it is][what the network says]. */
ninetap_status evaluate(network *net, const data *d, int64_t *known, int64_t *confusion);

#endif
