/* Fuzz targets: each makes a problem of its own kind from bytes and holds the library against the
 * reference. Linked with libFuzzer they search (scripts/fuzz.sh); linked with replay.c they run
 * files, those of corpus/ in the ordinary tests. */
#ifndef TESTS_FUZZ_H
#define TESTS_FUZZ_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* libFuzzer's interface. Aborts where something is wrong. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Aborts, with the message of suite_wrong, unless it is true. */
void fuzz_require(bool ok);

/* ---- Numbers from bytes ---- */

typedef struct bytes {
    const uint8_t *at;
    size_t left;
} bytes;

/* lo <= result <= hi; lo when the bytes are used up. */
int bytes_int(bytes *b, int lo, int hi);

/* Dense, or with gaps of a few elements, some of the pitches left to follow from the others. */
void fuzz_pitch(bytes *b, int layout, int64_t c, int64_t h, int64_t w, int64_t pitch[3]);

/* Now and then one of the `fields` gets a value that is odd for its type; most are to be refused.
 */
typedef struct fuzz_fields {
    int64_t *sizes[16];
    int *numbers[20];
    int size_count, number_count;
} fuzz_fields;
void fuzz_spoil(bytes *b, const fuzz_fields *fields);

/* ---- What is legal, written apart from the library's own ---- */

/* Doubles do not overflow. Where they may be too coarse to decide, *sure becomes false. */

/* How many elements a tensor spans; negative: its pitches are not legal. */
double fuzz_span(int layout, int64_t n, int64_t c, int64_t h, int64_t w, const int64_t pitch[3],
                 bool *sure);

/* Whether an object may have so many elements. */
bool fuzz_fits(double elements, size_t element, bool *sure);

#endif
