/* Doodles and what they show. */
#ifndef DATA_H
#define DATA_H

#include <stdbool.h>
#include <stdint.h>

#include "digit.h"

enum { PIXELS = DIGIT_SIDE * DIGIT_SIDE, CLASSES_MOST = 1000, CLASS_NAME = 64 };

typedef struct classes {
    int count;
    bool closed; /* others are passed over */
    char name[CLASSES_MOST][CLASS_NAME];
} classes;

/* Of "cat,rainbow": those and no others, in this order; NULL: those that are found. On failure
 * prints one line to stderr and returns false. */
bool classes_choose(classes *c, const char *list);

/* Which class that is, a new one where there may be; -1: none. */
int classes_find(classes *c, const char *name);

/* Where data are kept apart already, as MNIST's t10k files are, that holds. Else one in eight of
 * each class is, and of generated ones all beyond a certain number. */
typedef enum part { PART_TRAINING, PART_APART, PART_ALL } part;

typedef struct data_source {
    const char *path; /* NULL: generated ones */
    part part;
    uint64_t seed; /* of generated ones */
    uint64_t each; /* how many of a class at most; 0: all; of generated ones so many */
} data_source;

typedef struct data {
    unsigned char *bytes; /* [count][28][28], ink 255 */
    int64_t *label;
    int64_t count, room;
} data;

/* Reads or draws them. Where c is not closed, classes are added. On failure prints one line to
 * stderr and returns false. *d is to be freed in any case. */
bool data_read(data *d, classes *c, const data_source *s);
void data_free(data *d);

/* Room for `count` more; false: no memory. */
bool data_reserve(data *d, uint64_t count);

/* ---- Where they come from; as data_read ---- */

/* A folder of Quick, Draw!'s bitmaps (.npy, also packed; .bin, raw), a file a class; of IDX files
 * of pictures and of labels; of folders of pictures, a folder a class. */
bool folder_data(data *d, classes *c, const data_source *s);
bool idx_data(data *d, classes *c, const data_source *s, const char *images, bool keep_apart);

/* Whether the picture with this number in its class belongs to that part. */
static inline bool in_part(part p, uint64_t number) {
    return p == PART_ALL || (number % 8 == 7) == (p == PART_APART);
}

#endif
