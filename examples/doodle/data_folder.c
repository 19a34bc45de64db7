#include "data.h"

#include <stdlib.h>
#include <string.h>

#include "collection.h"
#include "folder.h"
#include "program.h"

static const char no_memory[] = "not enough memory for the doodles";

/* Of those that were read behind d->count, leaves the part that is asked for. */
static void keep_part(data *d, const data_source *s, uint64_t count, int label) {
    const unsigned char *read = d->bytes + d->count * PIXELS;
    for (uint64_t i = 0; i < count; i++, read += PIXELS)
        if (in_part(s->part, i)) {
            memmove(d->bytes + d->count * PIXELS, read, PIXELS);
            d->label[d->count++] = label;
        }
}

/* ---- A file a class ----------------------------------------------------------------------- */

/* "full_numpy_bitmap_cat.npy.gz": cat. False: the file is none of these. */
static bool class_of_file(const char *name, char class_name[CLASS_NAME]) {
    static const char prefix[] = "full_numpy_bitmap_";
    static const char *const ends[] = {".npy", ".npy.gz", ".npz", ".bin", NULL};
    const char *const *end = ends;
    while (*end && !ends_with(name, *end))
        end++;
    if (!*end)
        return false;
    const size_t skip = strncmp(name, prefix, sizeof prefix - 1) == 0 ? sizeof prefix - 1 : 0;
    const size_t length = strlen(name) - strlen(*end);
    if (length <= skip || length - skip >= CLASS_NAME)
        return false;
    memcpy(class_name, name + skip, length - skip);
    class_name[length - skip] = '\0';
    return true;
}

/* A raw file has no head. */
static const char *find(collection *c, source *s, bool raw, char why[PICTURE_WHY]) {
    bool is_one = true;
    *c = (collection){.count = s->packed->size / PIXELS, .width = DIGIT_SIDE, .height = DIGIT_SIDE};
    if (raw)
        return c->count > 0 && s->packed->size % PIXELS == 0
                   ? NULL
                   : "its length is not a multiple of 28x28 bytes";
    const char *wrong = collection_find(c, s, &is_one, why);
    if (!wrong && !is_one)
        wrong = "neither an IDX nor an NPY file";
    if (!wrong && (c->width != DIGIT_SIDE || c->height != DIGIT_SIDE))
        wrong = "its pictures are not 28x28";
    return wrong ? wrong : collection_refuse(c, s);
}

/* NULL, or what is wrong with the file. */
static const char *read_file(data *d, const data_source *s, const char *path, int label,
                             char why[PICTURE_WHY]) {
    file f;
    source packed = {0};
    collection c;
    const char *wrong = file_read(&f, path);
    if (!wrong)
        wrong = source_open(&packed, &f, why);
    if (!wrong)
        wrong = find(&c, &packed, ends_with(path, ".bin"), why);
    if (!wrong) {
        const uint64_t count = s->each && s->each < c.count ? s->each : c.count;
        wrong = data_reserve(d, count)
                    ? collection_read(&c, &packed, 0, count, d->bytes + d->count * PIXELS, why)
                    : no_memory;
        if (!wrong)
            keep_part(d, s, count, label);
    }
    source_close(&packed);
    file_free(&f);
    return wrong;
}

/* ---- A folder of pictures a class --------------------------------------------------------- */

static bool read_picture(data *d, const char *path) {
    image digit;
    if (!digit_read(&digit, path, 0))
        return false;
    unsigned char *bytes = d->bytes + d->count * PIXELS;
    for (int i = 0; i < PIXELS; i++)
        bytes[i] = (unsigned char)(digit.samples[i] * 255.0F + 0.5F);
    image_free(&digit);
    return true;
}

static bool read_pictures(data *d, const data_source *s, const char *path, int label) {
    folder f;
    const char *wrong = folder_read(&f, path);
    if (!wrong && !data_reserve(d, f.count))
        wrong = no_memory;
    bool read = wrong ? program_fail(path, wrong) : true;
    for (size_t i = 0; i < f.count && read && (s->each == 0 || i < s->each); i++) {
        if (!in_part(s->part, i))
            continue;
        char *picture_path = folder_path(path, f.name[i]);
        read = picture_path ? read_picture(d, picture_path) : program_fail(NULL, no_memory);
        if (read)
            d->label[d->count++] = label;
        free(picture_path);
    }
    folder_free(&f);
    return read;
}

/* ---- What is in the folder ---------------------------------------------------------------- */

static bool read_entry(data *d, classes *c, const data_source *s, const char *name,
                       const char *path) {
    char class_name[CLASS_NAME], why[PICTURE_WHY];
    const bool is_folder = folder_is_one(path);
    if (is_folder)
        snprintf(class_name, sizeof class_name, "%s", name);
    else if (!class_of_file(name, class_name))
        return true;
    const int label = classes_find(c, class_name);
    if (label < 0)
        return true;
    if (is_folder)
        return read_pictures(d, s, path, label);
    const char *wrong = read_file(d, s, path, label, why);
    return wrong ? program_fail(path, wrong) : true;
}

static const char images_word[] = "-images-idx3-ubyte";

/* Those of MNIST's test, or any others. */
static const char *find_images(const folder *f, bool of_test) {
    for (size_t i = 0; i < f->count; i++)
        if (strstr(f->name[i], images_word) && (strncmp(f->name[i], "t10k", 4) == 0) == of_test)
            return f->name[i];
    return NULL;
}

static bool read_idx(data *d, classes *c, const data_source *s, const folder *f) {
    const char *training = find_images(f, false), *test = find_images(f, true);
    const bool both = training && test;
    bool read = true;
    if (training && !(both && s->part == PART_APART))
        read = idx_data(d, c, s, training, !both);
    if (test && read && !(both && s->part == PART_TRAINING))
        read = idx_data(d, c, s, test, !both);
    return read;
}

bool folder_data(data *d, classes *c, const data_source *s) {
    folder f;
    const char *wrong = folder_read(&f, s->path);
    bool read = wrong ? program_fail(s->path, wrong) : true;
    if (read && (find_images(&f, false) || find_images(&f, true))) {
        read = read_idx(d, c, s, &f);
    } else {
        for (size_t i = 0; i < f.count && read; i++) {
            char *path = folder_path(s->path, f.name[i]);
            read = path ? read_entry(d, c, s, f.name[i], path) : program_fail(NULL, no_memory);
            free(path);
        }
    }
    folder_free(&f);
    return read;
}
