/* JPEG, grey or in colour, baseline or progressive. Orientation, which a camera notes beside the
 * picture (EXIF), is left alone, as are colour profiles. */
#include "picture.h"

#include <setjmp.h>
#include <stdio.h>

#include <jpeglib.h>
#include <jerror.h>

/* A file of many scans, each of which goes over the whole picture, would take hours. */
enum { SCANS_MOST = 100 };

typedef struct decoder {
    struct jpeg_decompress_struct jpeg;
    struct jpeg_error_mgr errors;
    struct jpeg_progress_mgr progress;
    jmp_buf failed;
    picture *p;
    char *why;
    bool done;
} decoder;

bool jpeg_recognised(const file *f) {
    return f->size >= 3 && f->bytes[0] == 0xFF && f->bytes[1] == 0xD8 && f->bytes[2] == 0xFF;
}

/* ---- What libjpeg reports ----------------------------------------------------------------- */

_Noreturn static void give_up(decoder *d, const char *wrong) {
    snprintf(d->why, PICTURE_WHY, "%s", wrong);
    longjmp(d->failed, 1);
}

_Noreturn static void on_error(j_common_ptr jpeg) {
    char message[JMSG_LENGTH_MAX];
    jpeg->err->format_message(jpeg, message);
    give_up(jpeg->client_data, message);
}

/* libjpeg only warns of data that are cut off or damaged, and makes up the rest. Cameras write
 * what the first four warn of. */
static void on_message(j_common_ptr jpeg, int level) {
    if (level >= 0)
        return;
    switch (jpeg->err->msg_code) {
    case JWRN_EXTRANEOUS_DATA:
    case JWRN_JFIF_MAJOR:
    case JWRN_ADOBE_XFORM:
    case JWRN_TOO_MUCH_DATA:
        return;
    case JWRN_JPEG_EOF:
        give_up(jpeg->client_data, "the file ends before its picture does");
    default:
        on_error(jpeg);
    }
}

static void on_progress(j_common_ptr jpeg) {
    decoder *d = jpeg->client_data;
    if (d->jpeg.input_scan_number > SCANS_MOST)
        give_up(d, "the JPEG has more than 100 scans");
}

/* ---- Decoding ----------------------------------------------------------------------------- */

/* Asked before anything is allocated for the picture. Of Huffman codes an 8x8 block takes a bit at
 * least; with the oddest sampling nine blocks make 32x32 pixels. Arithmetic codes have no such
 * limit. */
static const char *refuse(const struct jpeg_decompress_struct *jpeg, size_t size) {
    if (!jpeg->arith_code && (uint64_t)jpeg->image_width * jpeg->image_height / 1024 > size)
        return "the file ends before its picture does";
    if (jpeg->jpeg_color_space == JCS_CMYK || jpeg->jpeg_color_space == JCS_YCCK)
        return "a JPEG in CMYK, for print: convert it to RGB";
    return picture_refuse(jpeg->image_width, jpeg->image_height);
}

static void read_row(decoder *d) {
    const size_t row_bytes = (size_t)d->jpeg.output_width * (size_t)d->jpeg.output_components;
    JSAMPLE *row = d->p->bytes + row_bytes * d->jpeg.output_scanline;
    jpeg_read_scanlines(&d->jpeg, &row, 1);
}

static void decode(decoder *d, const file *f) {
    struct jpeg_decompress_struct *jpeg = &d->jpeg;
    jpeg_create_decompress(jpeg);
    jpeg->client_data = d;
    jpeg->progress = &d->progress;
    jpeg_mem_src(jpeg, f->bytes, (unsigned long)f->size);
    jpeg_read_header(jpeg, TRUE);
    const char *wrong = refuse(jpeg, f->size);
    if (wrong)
        give_up(d, wrong);
    jpeg->out_color_space = jpeg->jpeg_color_space == JCS_GRAYSCALE ? JCS_GRAYSCALE : JCS_RGB;
    jpeg_start_decompress(jpeg);
    if (!picture_alloc(d->p, jpeg->output_width, jpeg->output_height, jpeg->output_components))
        give_up(d, "not enough memory for the picture");
    while (jpeg->output_scanline < jpeg->output_height)
        read_row(d);
    jpeg_finish_decompress(jpeg);
    d->done = true;
}

bool jpeg_decode(picture *p, const file *f, char why[PICTURE_WHY]) {
    decoder d = {.p = p, .why = why, .progress.progress_monitor = on_progress};
    d.jpeg.err = jpeg_std_error(&d.errors);
    d.jpeg.client_data = &d;
    d.errors.error_exit = on_error;
    d.errors.emit_message = on_message;
    if (setjmp(d.failed) == 0)
        decode(&d, f);
    else
        picture_free(p);
    jpeg_destroy_decompress(&d.jpeg);
    return d.done;
}
