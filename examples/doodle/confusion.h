#ifndef CONFUSION_H
#define CONFUSION_H

#include "data.h"

/* Draws a matrix of classes x classes numbers, [what it is][what the network says]. On failure
 * prints one line to stderr and returns false. */
bool confusion_write(const classes *c, const int64_t *confusion, const char *path);

#endif
