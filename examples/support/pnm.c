/* PBM, PGM and PPM, plain (P1, P2, P3) and raw (P4, P5, P6), as netpbm's pbm(5), pgm(5) and ppm(5)
 * define them. */
#include "picture.h"

#include <string.h>

typedef struct reader {
    const unsigned char *at, *end;
} reader;

static bool is_space(unsigned char c) {
    return c == ' ' || (c >= '\t' && c <= '\r');
}

static void skip_space_and_comments(reader *r) {
    while (r->at < r->end && (is_space(*r->at) || *r->at == '#')) {
        if (*r->at++ == '#')
            while (r->at < r->end && *r->at != '\n' && *r->at != '\r')
                r->at++;
    }
}

/* A decimal number from 0 to `most`, after any white space and comments. */
static bool read_number(reader *r, int32_t most, int32_t *number) {
    skip_space_and_comments(r);
    const unsigned char *start = r->at;
    int64_t n = 0;
    while (r->at < r->end && *r->at >= '0' && *r->at <= '9' && n <= most)
        n = n * 10 + (*r->at++ - '0');
    *number = (int32_t)(n <= most ? n : most);
    return r->at > start && n <= most;
}

/* bits: the picture is black and white, a bit a pixel. */
typedef struct header {
    int32_t width, height, maxval;
    int channels;
    bool plain, bits;
} header;

static const char *read_header(reader *r, header *h) {
    const char kind = (char)r->at[1];
    r->at += 2;
    if (!strchr("123456", kind))
        return "only the PNM kinds P1 to P6 (black and white, grey, colour) are supported";
    h->plain = kind <= '3';
    h->bits = kind == '1' || kind == '4';
    h->channels = kind == '3' || kind == '6' ? 3 : 1;
    if (r->at < r->end && !is_space(*r->at) && *r->at != '#')
        return "not a PNM header";
    if (!read_number(r, INT32_MAX, &h->width) || !read_number(r, INT32_MAX, &h->height))
        return "the PNM header has no valid width and height";
    if (h->width == 0 || h->height == 0)
        return "the picture is empty";
    h->maxval = 1;
    if (!h->bits && (!read_number(r, 65535, &h->maxval) || h->maxval == 0))
        return "the PNM header has no largest value from 1 to 65535";
    if (r->at == r->end || !is_space(*r->at))
        return "no white space after the PNM header";
    r->at++; /* exactly one: the next byte may be a raw sample that looks like a space */
    return NULL;
}

/* Whether `left` bytes can hold the samples: asked before anything is allocated for them. */
static bool holds_raster(const header *h, uint64_t left) {
    if (h->bits && !h->plain)
        return ((uint64_t)h->width + 7) / 8 <= left / (uint64_t)h->height;
    const uint64_t pixels = (uint64_t)h->width * (uint64_t)h->height;
    if (pixels > left) /* now the products below cannot wrap */
        return false;
    const uint64_t samples = pixels * (uint64_t)h->channels;
    if (h->bits) /* a digit each */
        return true;
    if (h->plain) /* a digit each, with white space between them */
        return left >= samples * 2 - 1;
    return left >= samples * (h->maxval > 255 ? 2 : 1);
}

/* The pixel in column x. 1 is black. Raw rows begin with a byte of their own. */
static bool read_bit(reader *r, const header *h, size_t x, int32_t *sample) {
    int bit;
    if (h->plain) {
        skip_space_and_comments(r); /* need not be there */
        if (r->at == r->end || (*r->at != '0' && *r->at != '1'))
            return false;
        bit = *r->at++ - '0';
    } else {
        bit = *r->at >> (7 - x % 8) & 1;
        r->at += x % 8 == 7 || x + 1 == (size_t)h->width;
    }
    *sample = 1 - bit;
    return true;
}

static bool read_sample(reader *r, const header *h, size_t pixel, int32_t *sample) {
    if (h->bits)
        return read_bit(r, h, pixel % (size_t)h->width, sample);
    if (h->plain)
        return read_number(r, h->maxval, sample);
    *sample = *r->at++;
    if (h->maxval > 255)
        *sample = *sample << 8 | *r->at++;
    return *sample <= h->maxval;
}

/* Values are rounded to 255ths. */
static bool read_raster(picture *p, reader *r, const header *h) {
    const size_t pixels = (size_t)h->width * (size_t)h->height;
    unsigned char *at = p->bytes;
    for (size_t pixel = 0; pixel < pixels; pixel++)
        for (int channel = 0; channel < h->channels; channel++) {
            int32_t sample;
            if (!read_sample(r, h, pixel, &sample))
                return false;
            *at++ = (unsigned char)((sample * 255 + h->maxval / 2) / h->maxval);
        }
    return true;
}

bool pnm_recognised(const file *f) {
    return f->size >= 2 && f->bytes[0] == 'P' && f->bytes[1] >= '1' && f->bytes[1] <= '7';
}

const char *pnm_decode(picture *p, const file *f) {
    reader r = {f->bytes, f->bytes + f->size};
    header h;
    const char *wrong = read_header(&r, &h);
    if (!wrong && !holds_raster(&h, (uint64_t)(r.end - r.at)))
        wrong = "the file ends before its picture does";
    if (!wrong)
        wrong = picture_refuse((uint64_t)h.width, (uint64_t)h.height);
    if (wrong)
        return wrong;
    if (!picture_alloc(p, h.width, h.height, h.channels))
        return "not enough memory for the picture";
    if (read_raster(p, &r, &h))
        return NULL;
    picture_free(p);
    return "a sample is missing, malformed or larger than the header's largest value";
}
