#include "apng.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <zlib.h>

#include "output.h"

/* ---- Colours ------------------------------------------------------------------------------ */

static int apart(colour a, colour b) {
    const int red = a.red - b.red, green = a.green - b.green, blue = a.blue - b.blue;
    return red * red + green * green + blue * blue;
}

/* A new one while there is room, or else the nearest. */
static int find_colour(apng *a, colour wanted) {
    int best = 1;
    for (int i = 1; i < a->colours; i++) {
        if (apart(a->palette[i], wanted) < apart(a->palette[best], wanted))
            best = i;
        if (apart(a->palette[best], wanted) == 0)
            return best;
    }
    if (a->colours == 256)
        return best;
    a->palette[a->colours] = wanted;
    return a->colours++;
}

/* ---- Chunks ------------------------------------------------------------------------------- */

static void put_chunk(bytes *b, const char type[4], const bytes *content) {
    bytes_put_big(b, content->size, 4);
    const size_t start = b->size;
    bytes_put(b, type, 4);
    bytes_put(b, content->at, content->size);
    b->lost |= content->lost;
    if (!b->lost)
        bytes_put_big(b, crc32(0, b->at + start, (uInt)(b->size - start)), 4);
}

static void put_control(apng *a, int x, int y, int width, int height, int milliseconds) {
    enum { KEEP = 0, OVER = 1 };
    bytes control = {0};
    bytes_put_big(&control, a->number++, 4);
    bytes_put_big(&control, (uint64_t)width, 4);
    bytes_put_big(&control, (uint64_t)height, 4);
    bytes_put_big(&control, (uint64_t)x, 4);
    bytes_put_big(&control, (uint64_t)y, 4);
    bytes_put_big(&control, (uint64_t)milliseconds, 2);
    bytes_put_big(&control, 1000, 2);
    bytes_put_big(&control, KEEP, 1);
    bytes_put_big(&control, OVER, 1);
    put_chunk(&a->chunks, "fcTL", &control);
    bytes_free(&control);
}

/* The first frame is an ordinary PNG's picture, too. */
static void put_picture(apng *a, const bytes *rows) {
    bytes packed = {0};
    uLongf size = compressBound((uLong)rows->size);
    if (a->frames > 0)
        bytes_put_big(&packed, a->number++, 4);
    const size_t before = packed.size;
    unsigned char *to = bytes_more(&packed, size);
    if (to && !rows->lost &&
        compress2(to, &size, rows->at, (uLong)rows->size, Z_BEST_COMPRESSION) == Z_OK)
        packed.size = before + size;
    else
        packed.lost = true;
    put_chunk(&a->chunks, a->frames > 0 ? "fdAT" : "IDAT", &packed);
    bytes_free(&packed);
}

/* ---- Frames ------------------------------------------------------------------------------- */

/* Each row begins with its filter: none. What did not change is 0, which packs well. */
static void put_rows(apng *a, const unsigned char *frame, int x, int y, int width, int height) {
    bytes rows = {0};
    for (int row = y; row < y + height; row++) {
        const size_t at = (size_t)row * (size_t)a->width + (size_t)x;
        unsigned char *to = bytes_more(&rows, (size_t)width + 1);
        if (to)
            *to++ = 0;
        for (int i = 0; to && i < width; i++)
            to[i] = a->frames > 0 && frame[at + (size_t)i] == a->now[at + (size_t)i]
                        ? 0
                        : frame[at + (size_t)i];
    }
    put_picture(a, &rows);
    bytes_free(&rows);
}

/* The rectangle that has changed; 1x1 where nothing has. */
static void put_frame(apng *a, const unsigned char *frame, int milliseconds) {
    int left = a->width, right = 0, top = a->height, bottom = 0;
    for (int y = 0; y < a->height; y++)
        for (int x = 0; x < a->width; x++) {
            const size_t at = (size_t)y * (size_t)a->width + (size_t)x;
            if (a->frames > 0 && frame[at] == a->now[at])
                continue;
            left = x < left ? x : left;
            right = x >= right ? x + 1 : right;
            top = y < top ? y : top;
            bottom = y + 1;
        }
    if (bottom == 0) {
        left = top = 0;
        right = bottom = 1;
    }
    put_control(a, left, top, right - left, bottom - top, milliseconds);
    put_rows(a, frame, left, top, right - left, bottom - top);
}

bool apng_add(apng *a, const canvas *c, int milliseconds) {
    const size_t pixels = (size_t)c->width * (size_t)c->height;
    if (a->frames == 0)
        *a = (apng){.width = c->width, .height = c->height, .colours = 1};
    unsigned char *frame = calloc(pixels, 1);
    if (!frame)
        return false;
    int index = 0;
    for (size_t i = 0; i < pixels; i++) {
        if (index == 0 || apart(c->pixels[i], c->pixels[i - 1]) != 0)
            index = find_colour(a, c->pixels[i]);
        frame[i] = (unsigned char)index;
    }
    put_frame(a, frame, milliseconds);
    free(a->now);
    a->now = frame;
    a->frames++;
    return !a->chunks.lost;
}

void apng_free(apng *a) {
    free(a->now);
    bytes_free(&a->chunks);
    *a = (apng){0};
}

/* ---- The file ----------------------------------------------------------------------------- */

static void put_head(bytes *file, const apng *a) {
    enum { BITS = 8, PALETTE = 3 };
    static const unsigned char signature[] = {0x89, 'P', 'N', 'G', '\r', '\n', 0x1A, '\n'};
    bytes header = {0}, animation = {0}, palette = {0}, transparent = {0};
    bytes_put_big(&header, (uint64_t)a->width, 4);
    bytes_put_big(&header, (uint64_t)a->height, 4);
    bytes_put_big(&header, BITS << 8 | PALETTE, 2);
    bytes_put_big(&header, 0, 3);
    bytes_put_big(&animation, (uint64_t)a->frames, 4);
    bytes_put_big(&animation, 0, 4); /* for ever */
    for (int i = 0; i < a->colours; i++)
        bytes_put(
            &palette,
            (const unsigned char[]){a->palette[i].red, a->palette[i].green, a->palette[i].blue}, 3);
    bytes_put_big(&transparent, 0, 1);
    bytes_put(file, signature, sizeof signature);
    put_chunk(file, "IHDR", &header);
    put_chunk(file, "acTL", &animation);
    put_chunk(file, "PLTE", &palette);
    put_chunk(file, "tRNS", &transparent);
    bytes_free(&header);
    bytes_free(&animation);
    bytes_free(&palette);
    bytes_free(&transparent);
}

bool apng_write(const apng *a, const char *path) {
    const bytes nothing = {0};
    bytes file = {0};
    output o;
    put_head(&file, a);
    bytes_put(&file, a->chunks.at, a->chunks.size);
    put_chunk(&file, "IEND", &nothing);
    bool done = output_open(&o, path);
    if (done) {
        const bool lost = file.lost || a->chunks.lost;
        errno = 0;
        if (!lost)
            fwrite(file.at, 1, file.size, o.stream);
        done = output_close(&o, lost ? "not enough memory for the animation" : NULL);
    }
    bytes_free(&file);
    return done;
}
