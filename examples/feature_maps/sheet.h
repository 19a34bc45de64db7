/* The contact sheet. Stage one: a row for each filter. Stage two: a grid, the maps of stage one
 * down, the filters across. Everything is drawn to one scale, so that the halving shows. */
#ifndef SHEET_H
#define SHEET_H

#include "canvas.h"
#include "layer.h"
#include "layout.h"

typedef struct sheet {
    canvas canvas;
    layout at;
    const filter *filters;
    int count;
} sheet;

/* For this picture and these filters; draws what is known before any filter has run. false: no
 * memory. */
bool sheet_create(sheet *s, const char *title, const image *input, const filter *filters,
                  int count);
void sheet_free(sheet *s);

void sheet_stage_one(sheet *s, int filter, const image *input, const response *r);
void sheet_stage_two(sheet *s, int map, int filter, const image *pooled);

/* A line where the grid would have been; the sheet ends there. */
void sheet_no_stage_two(sheet *s, const char *why);

#endif
