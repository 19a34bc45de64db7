#define ZLIB_CONST
#include "source.h"

#include <zlib.h>

bool gzip_recognised(const file *f) {
    return f->size >= 2 && f->bytes[0] == 0x1F && f->bytes[1] == 0x8B;
}

/* A file may be several that were packed apart; what is behind them is ignored, as gzip does. */
static bool next_begins(const z_stream *z) {
    return z->avail_in >= 2 && z->next_in[0] == 0x1F && z->next_in[1] == 0x8B;
}

static const char *inflate_all(z_stream *z, source_part *p) {
    unsigned char piece[1 << 14];
    for (bool more = true; more;) {
        z->next_out = piece;
        z->avail_out = sizeof piece;
        const int code = inflate(z, Z_NO_FLUSH);
        more = part_take(p, piece, sizeof piece - z->avail_out);
        if (code == Z_STREAM_END) {
            if (!next_begins(z))
                return NULL;
            inflateReset(z);
        } else if (code == Z_BUF_ERROR) {
            return "the gzip data are cut off";
        } else if (code == Z_MEM_ERROR) {
            return "not enough memory to unpack the file";
        } else if (code != Z_OK) {
            return "the gzip data are damaged";
        }
    }
    return NULL;
}

const char *gzip_read(const file *f, source_part *p) {
    enum { WINDOW = 15, GZIP = 16 };
    /* avail_in: file_read's limit is below 4 GiB */
    z_stream z = {.next_in = f->bytes, .avail_in = (uInt)f->size};
    if (inflateInit2(&z, WINDOW + GZIP) != Z_OK)
        return "not enough memory to unpack the file";
    const char *wrong = inflate_all(&z, p);
    inflateEnd(&z);
    return wrong;
}
