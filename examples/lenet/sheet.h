/* The contact sheet: the picture, the maps of every layer, the scores and the probabilities. */
#ifndef SHEET_H
#define SHEET_H

#include "network.h"

/* On failure prints one line to stderr and returns false. */
bool sheet_write(const network *n, const image *digit, const char *title, const char *path);

#endif
