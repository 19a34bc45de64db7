/* MNIST's way: a file of pictures, and beside it one of labels. */
#include "data.h"

#include <stdlib.h>
#include <string.h>

#include "collection.h"
#include "folder.h"
#include "program.h"

typedef struct idx {
    file f;
    source packed;
    collection c;
} idx;

static const char *open_idx(idx *x, const char *path,
                            const char *(*decode)(collection *, const file *),
                            char why[PICTURE_WHY]) {
    unsigned char bytes[COLLECTION_HEAD];
    *x = (idx){0};
    const char *wrong = file_read(&x->f, path);
    if (!wrong)
        wrong = source_open(&x->packed, &x->f, why);
    source_part p = {.count = sizeof bytes, .to = bytes};
    if (!wrong)
        wrong = source_read(&x->packed, &p, why);
    const file head = {bytes, p.got};
    if (!wrong && !idx_recognised(&head))
        wrong = "not an IDX file";
    if (!wrong)
        wrong = decode(&x->c, &head);
    return wrong ? wrong : collection_refuse(&x->c, &x->packed);
}

static void close_idx(idx *x) {
    source_close(&x->packed);
    file_free(&x->f);
}

/* NULL, or what is wrong. *labels is to be freed. */
static const char *read_labels(unsigned char **labels, const char *path, uint64_t count,
                               char why[PICTURE_WHY]) {
    idx x;
    const char *wrong = open_idx(&x, path, idx_decode_labels, why);
    if (!wrong && x.c.count != count)
        wrong = "it has another number of labels than there are pictures";
    if (!wrong) {
        *labels = malloc((size_t)count);
        wrong = *labels ? collection_read(&x.c, &x.packed, 0, count, *labels, why)
                        : "not enough memory for the labels";
    }
    close_idx(&x);
    return wrong;
}

/* Classes in the order of their numbers, whichever comes first. */
static void name_classes(classes *c, const unsigned char *labels, uint64_t count, int of[256]) {
    bool seen[256] = {false};
    for (uint64_t i = 0; i < count; i++)
        seen[labels[i]] = true;
    for (int label = 0; label < 256; label++) {
        char name[CLASS_NAME];
        snprintf(name, sizeof name, "%d", label);
        of[label] = seen[label] ? classes_find(c, name) : -1;
    }
}

static void keep(data *d, const data_source *s, const unsigned char *labels, uint64_t count,
                 const int of[256], bool keep_apart) {
    uint64_t number[256] = {0};
    const unsigned char *read = d->bytes + d->count * PIXELS;
    for (uint64_t i = 0; i < count; i++, read += PIXELS) {
        const uint64_t n = number[labels[i]]++;
        if (of[labels[i]] < 0 || (s->each && n >= s->each) || (keep_apart && !in_part(s->part, n)))
            continue;
        memmove(d->bytes + d->count * PIXELS, read, PIXELS);
        d->label[d->count++] = of[labels[i]];
    }
}

static const char *read_images(data *d, classes *c, const data_source *s, const idx *x,
                               const unsigned char *labels, bool keep_apart,
                               char why[PICTURE_WHY]) {
    if (x->c.width != DIGIT_SIDE || x->c.height != DIGIT_SIDE)
        return "its pictures are not 28x28";
    if (!data_reserve(d, x->c.count))
        return "not enough memory for the pictures";
    const char *wrong =
        collection_read(&x->c, &x->packed, 0, x->c.count, d->bytes + d->count * PIXELS, why);
    if (wrong)
        return wrong;
    int of[256];
    name_classes(c, labels, x->c.count, of);
    keep(d, s, labels, x->c.count, of, keep_apart);
    return NULL;
}

/* "-images-idx3-" becomes "-labels-idx1-". */
static void name_labels(char *path) {
    char *at = strstr(path, "-images-idx3-");
    for (int i = 0; i < 6; i++)
        at[1 + i] = "labels"[i];
    at[11] = '1';
}

bool idx_data(data *d, classes *c, const data_source *s, const char *images, bool keep_apart) {
    char *path = folder_path(s->path, images), why[PICTURE_WHY];
    char *labels_path = folder_path(s->path, images);
    unsigned char *labels = NULL;
    const char *about = path, *wrong = "out of memory";
    idx x = {0};
    if (path && labels_path) {
        name_labels(labels_path + strlen(s->path));
        wrong = open_idx(&x, path, idx_decode, why);
        if (!wrong) {
            about = labels_path;
            wrong = read_labels(&labels, labels_path, x.c.count, why);
        }
        if (!wrong) {
            about = path;
            wrong = read_images(d, c, s, &x, labels, keep_apart, why);
        }
    }
    if (wrong)
        program_fail(about, wrong);
    close_idx(&x);
    free(labels);
    free(path);
    free(labels_path);
    return !wrong;
}
