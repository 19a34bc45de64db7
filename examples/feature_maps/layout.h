#ifndef LAYOUT_H
#define LAYOUT_H

#include <stdint.h>

#include "palette.h"

enum {
    MARGIN = 36,
    TEXT = 2,    /* size of most text */
    LINE = 24,   /* height of a line of it */
    HEADING = 3, /* size of a heading */
    TITLE = 4,
    COLUMN_GAP = 44, /* holds an operator sign */
    BLOCK_GAP = 72,
    ROW_GAP = 26,
    CELL_GAP = 16,
    TAP_WIDTH = 72, /* a weight of a filter */
    TAP_HEIGHT = 40,
    HEADER_HEIGHT = 236
};

/* Where everything on the sheet goes, in pixels. */
typedef struct layout {
    zoom zoom;
    int width, height;
    int picture_width, picture_height, pooled_width; /* columns and rows of stage one */
    int row_height;
    int blocks, block_rows, block_width; /* stage one's rows are set in so many columns */
    int stage_one, stage_two;            /* top edges of the headings */
    int rows, cells;                     /* top edges of what they head */
    int cell_width, cell_height;         /* of stage two, a grid below each block */
} layout;

/* For a picture of this size and so many filters. */
layout layout_for(int64_t picture_width, int64_t picture_height, int filters);

#endif
