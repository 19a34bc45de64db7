#include "sheet.h"

#include <math.h>
#include <stdio.h>

static const colour background = {30, 33, 40}, bright = {236, 238, 242}, dim = {150, 157, 170},
                    rule = {66, 72, 84};

/* ---- Header ------------------------------------------------------------------------------- */

enum { BAR_WIDTH = 264, BAR_HEIGHT = 24 };

/* From `low` to 1: one stripe for grey, one for each channel of colour, the other two at 0. */
static void legend_bar(canvas *c, int x, int y, const char *title, look how, int channels,
                       int low) {
    const int stripe = BAR_HEIGHT / channels;
    canvas_text(c, x, y, TEXT, bright, title);
    y += LINE + 4;
    for (int column = 0; column < BAR_WIDTH; column++) {
        const float v = (float)low + (float)(1 - low) * (float)column / (BAR_WIDTH - 1);
        for (int channel = 0; channel < channels; channel++) {
            float samples[3] = {0};
            samples[channel] = v;
            canvas_fill(c, x + column, y + channel * stripe, 1, stripe,
                        palette_colour(how, samples, channels, 1));
        }
    }
    canvas_frame(c, x, y, BAR_WIDTH, BAR_HEIGHT, rule);
    y += BAR_HEIGHT + 6;
    const int dot = canvas_text_width(TEXT, "0");
    if (low < 0)
        canvas_text(c, x, y, TEXT, dim, "-s");
    canvas_text(c, low < 0 ? x + (BAR_WIDTH - dot) / 2 : x, y, TEXT, dim, "0");
    canvas_text(c, x + BAR_WIDTH - 2 * dot, y, TEXT, dim, "+s");
}

static void header(sheet *s, const char *title, const image *input) {
    canvas *c = &s->canvas;
    const int channels = (int)input->channels;
    int x = MARGIN, y = MARGIN;
    canvas_text(c, x, y, TITLE, bright, "Feature maps: ");
    canvas_text(c, x + canvas_text_width(TITLE, "Feature maps: "), y, TITLE, bright, title);
    y += 2 * LINE + 8;
    char text[128];
    snprintf(text, sizeof text, "%lldx%lld %s, drawn %d:%d, edges repeated by one pixel%s",
             (long long)input->width, (long long)input->height, channels == 1 ? "grey" : "RGB",
             s->at.zoom.up, s->at.zoom.down, channels == 1 ? "" : ", each channel on its own");
    canvas_text(c, x, y, TEXT, dim, text);
    y += 2 * LINE;
    legend_bar(c, x, y, channels == 1 ? "response" : "filtered", LOOK_SIGNED, channels, -1);
    x += BAR_WIDTH + COLUMN_GAP;
    if (channels > 1) {
        legend_bar(c, x, y, "after ReLU, pooled", LOOK_RECTIFIED, channels, 0);
        x += BAR_WIDTH + COLUMN_GAP;
    }
    canvas_text(c, x, y, TEXT, dim, "Each filter of stage one and each map of stage");
    canvas_text(c, x, y + LINE, TEXT, dim, "two has its own scale s: at least 99 % of its");
    canvas_text(c, x, y + 2 * LINE, TEXT, dim, "responses lie from -s to +s.");
}

/* ---- Stage one ---------------------------------------------------------------------------- */

static int block_left(const layout *at, int block) {
    return MARGIN + block * (at->block_width + BLOCK_GAP);
}

static void stage_one_heads(sheet *s) {
    const layout *at = &s->at;
    canvas *c = &s->canvas;
    canvas_text(c, MARGIN, at->stage_one, HEADING, bright, "Stage one");
    for (int block = 0; block < at->blocks; block++) {
        const int y = at->rows - LINE - 4;
        int x = block_left(at, block);
        canvas_text(c, x, y, TEXT, dim, "input");
        x += at->picture_width + COLUMN_GAP;
        canvas_text(c, x, y, TEXT, dim, "filter");
        x += 3 * TAP_WIDTH + COLUMN_GAP;
        canvas_text(c, x, y, TEXT, dim, "filtered");
        x += at->picture_width + COLUMN_GAP;
        canvas_text(c, x, y, TEXT, dim, "ReLU");
        x += at->picture_width + COLUMN_GAP;
        canvas_text(c, x, y, TEXT, dim, "2x2 max pooled");
    }
}

/* The map with its size and range below. */
static void captioned(sheet *s, int x, int y, const image *img, look how, float limit) {
    canvas *c = &s->canvas;
    const int width = zoom_length(s->at.zoom, img->width);
    const int height = zoom_length(s->at.zoom, img->height);
    palette_image(c, x, y, img, how, limit, s->at.zoom);
    canvas_frame(c, x, y, width, height, rule);
    float min, max;
    image_range(img, &min, &max);
    char text[64];
    snprintf(text, sizeof text, "%lldx%lld", (long long)img->width, (long long)img->height);
    canvas_text(c, x, y + height + 8, TEXT, bright, text);
    snprintf(text, sizeof text, "%.3g .. %.3g", (double)min, (double)max);
    canvas_text(c, x, y + height + 8 + LINE, TEXT, dim, text);
}

/* In the space between two columns. */
static void operator_sign(sheet *s, int x, int y, const char *sign) {
    canvas_text(&s->canvas, x + (COLUMN_GAP - canvas_text_width(HEADING, sign)) / 2,
                y + 3 * TAP_HEIGHT / 2 - 10, HEADING, dim, sign);
}

/* "0.25", "-1": five characters at the most, which is what fits. */
static void weight_text(char *text, size_t size, float weight) {
    const bool whole = weight == floorf(weight);
    snprintf(text, size, whole ? "%.0f" : "%.2f", (double)weight);
}

static void taps(sheet *s, int x, int y, const filter *f, float limit) {
    canvas *c = &s->canvas;
    float largest = 0;
    for (int i = 0; i < 9; i++)
        largest = fmaxf(largest, fabsf(f->weights[i]));
    for (int i = 0; i < 9; i++) {
        const int left = x + i % 3 * TAP_WIDTH, top = y + i / 3 * TAP_HEIGHT;
        const colour fill = palette_colour(LOOK_SIGNED, &f->weights[i], 1, largest);
        canvas_fill(c, left, top, TAP_WIDTH - 1, TAP_HEIGHT - 1, fill);
        char text[16];
        weight_text(text, sizeof text, f->weights[i]);
        const bool on_light = fill.green > 140;
        canvas_text(c, left + (TAP_WIDTH - canvas_text_width(TEXT, text)) / 2,
                    top + TAP_HEIGHT / 2 - 7, TEXT, on_light ? background : bright, text);
    }
    char text[32];
    snprintf(text, sizeof text, "s = %.3g", (double)limit);
    canvas_text(c, x, y + 3 * TAP_HEIGHT + 8, TEXT, bright, f->name);
    canvas_text(c, x, y + 3 * TAP_HEIGHT + 8 + LINE, TEXT, dim, text);
}

/* A filter whose weights add up to 1 keeps the brightness of flat areas, so its results are shown
 * on no narrower scale than the picture's own. */
static float scale_of(const filter *f, const image *filtered) {
    float sum = 0;
    for (int i = 0; i < 9; i++)
        sum += f->weights[i];
    const float quantile = image_quantile(filtered);
    return fabsf(sum - 1) < 1e-5F ? fmaxf(quantile, 1) : quantile;
}

void sheet_stage_one(sheet *s, int index, const image *input, const response *r) {
    const layout *at = &s->at;
    const float limit = scale_of(&s->filters[index], &r->filtered);
    const int y = at->rows + index % at->block_rows * at->row_height;
    int x = block_left(at, index / at->block_rows);

    captioned(s, x, y, input, LOOK_PICTURE, 1);
    x += at->picture_width;
    operator_sign(s, x, y, "*");
    x += COLUMN_GAP;
    taps(s, x, y, &s->filters[index], limit);
    x += 3 * TAP_WIDTH;
    operator_sign(s, x, y, "=");
    x += COLUMN_GAP;
    captioned(s, x, y, &r->filtered, LOOK_SIGNED, limit);
    x += at->picture_width;
    operator_sign(s, x, y, ">");
    x += COLUMN_GAP;
    captioned(s, x, y, &r->relu, LOOK_RECTIFIED, limit);
    x += at->picture_width;
    operator_sign(s, x, y, ">");
    x += COLUMN_GAP;
    if (r->pooled.samples)
        captioned(s, x, y, &r->pooled, LOOK_RECTIFIED, limit);
    else
        canvas_text(&s->canvas, x, y, TEXT, dim, "nothing left");
}

/* ---- Stage two ---------------------------------------------------------------------------- */

static void stage_two_heads(sheet *s, const image *input) {
    const layout *at = &s->at;
    canvas *c = &s->canvas;
    const char *heading = "Stage two  ";
    canvas_text(c, MARGIN, at->stage_two, HEADING, bright, heading);
    char text[128];
    snprintf(text, sizeof text,
             "each pooled map (rows) through each filter (columns), pooled: %lldx%lld",
             (long long)input->width / 4, (long long)input->height / 4);
    canvas_text(c, MARGIN + canvas_text_width(HEADING, heading), at->stage_two + 7, TEXT, dim,
                text);
    for (int block = 0; block < at->blocks; block++)
        for (int i = 0; i < s->count; i++)
            canvas_text(c, block_left(at, block) + (i + 1) * at->cell_width, at->cells - LINE, TEXT,
                        dim, s->filters[i].name);
    for (int i = 0; i < s->count; i++)
        canvas_text(c, block_left(at, i / at->block_rows),
                    at->cells + i % at->block_rows * at->cell_height, TEXT, dim,
                    s->filters[i].name);
}

void sheet_stage_two(sheet *s, int map, int index, const image *pooled) {
    const layout *at = &s->at;
    canvas *c = &s->canvas;
    const int x = block_left(at, map / at->block_rows) + (index + 1) * at->cell_width;
    const int y = at->cells + map % at->block_rows * at->cell_height;
    const int height = zoom_length(at->zoom, pooled->height);
    palette_image(c, x, y, pooled, LOOK_RECTIFIED, image_quantile(pooled), at->zoom);
    canvas_frame(c, x, y, zoom_length(at->zoom, pooled->width), height, rule);
    float min, max;
    image_range(pooled, &min, &max);
    char text[32];
    snprintf(text, sizeof text, "max %.3g", (double)max);
    canvas_text(c, x, y + height + 6, TEXT, dim, text);
}

void sheet_no_stage_two(sheet *s, const char *why) {
    canvas *c = &s->canvas;
    canvas_fill(c, 0, s->at.stage_two, c->width, c->height, background);
    canvas_text(c, MARGIN, s->at.stage_two, HEADING, dim, why);
    c->height = s->at.stage_two + LINE + MARGIN;
}

/* ---- The whole ---------------------------------------------------------------------------- */

bool sheet_create(sheet *s, const char *title, const image *input, const filter *filters,
                  int count) {
    *s = (sheet){
        .at = layout_for(input->width, input->height, count), .filters = filters, .count = count};
    if (!canvas_alloc(&s->canvas, s->at.width, s->at.height, background))
        return false;
    header(s, title, input);
    stage_one_heads(s);
    stage_two_heads(s, input);
    return true;
}

void sheet_free(sheet *s) {
    canvas_free(&s->canvas);
}
