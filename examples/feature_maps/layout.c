#include "layout.h"

#include "canvas.h"

static int larger(int a, int b) {
    return a > b ? a : b;
}

/* Small pictures are magnified until single samples can be seen, large ones reduced. */
static zoom zoom_for(int64_t width, int64_t height) {
    enum { SMALL = 280, LARGE = 480, MAGNIFIED_MOST = 32 };
    const int64_t side = width > height ? width : height;
    if (side > LARGE)
        return (zoom){1, (int)((side + LARGE - 1) / LARGE)};
    const int64_t up = SMALL / side;
    return (zoom){up < 1 ? 1 : up > MAGNIFIED_MOST ? MAGNIFIED_MOST : (int)up, 1};
}

static layout with_blocks(layout l, int filters, int blocks) {
    enum { HEADER_WIDTH = 1200, HEADING_HEIGHT = 48 };
    l.blocks = blocks;
    l.block_rows = (filters + blocks - 1) / blocks;
    l.stage_one = MARGIN + HEADER_HEIGHT;
    l.rows = l.stage_one + HEADING_HEIGHT + LINE;
    l.stage_two = l.rows + l.block_rows * l.row_height + ROW_GAP;
    l.cells = l.stage_two + HEADING_HEIGHT + LINE;
    const int width = blocks * (l.block_width + BLOCK_GAP) - BLOCK_GAP;
    l.width = 2 * MARGIN + larger(width, HEADER_WIDTH);
    l.height = l.cells + l.block_rows * l.cell_height + MARGIN;
    return l;
}

layout layout_for(int64_t picture_width, int64_t picture_height, int filters) {
    layout l = {.zoom = zoom_for(picture_width, picture_height)};
    const int caption_width = canvas_text_width(TEXT, "-0.123 .. 0.123");
    l.picture_width = larger(zoom_length(l.zoom, picture_width), caption_width);
    l.pooled_width = larger(zoom_length(l.zoom, picture_width / 2), caption_width);
    l.picture_height = larger(zoom_length(l.zoom, picture_height), 3 * TAP_HEIGHT);
    l.row_height = l.picture_height + 2 * LINE + ROW_GAP;

    const int name_width = canvas_text_width(TEXT, "random 24");
    l.cell_width = larger(zoom_length(l.zoom, picture_width / 4), name_width) + CELL_GAP;
    l.cell_height = zoom_length(l.zoom, picture_height / 4) + LINE + CELL_GAP;

    const int rows_width = 3 * l.picture_width + l.pooled_width + 3 * TAP_WIDTH + 4 * COLUMN_GAP;
    l.block_width = larger(rows_width, (filters + 1) * l.cell_width);

    /* As near to a square as it gets: easiest to look at as a whole. */
    layout best = with_blocks(l, filters, 1);
    for (int blocks = 2; blocks <= 4; blocks++) {
        const layout next = with_blocks(l, filters, blocks);
        if (larger(next.width, next.height) < larger(best.width, best.height))
            best = next;
    }
    return best;
}
