/* The contact sheet: the picture, the filters and the maps of every layer, the scores and the
 * probabilities. */
#ifndef SHEET_H
#define SHEET_H

#include "data.h"
#include "network.h"

/* Of a network of one image, which has run. On failure prints one line to stderr and returns
 * false. */
bool sheet_write(const network *net, const classes *c, const char *title, const char *path);

#endif
