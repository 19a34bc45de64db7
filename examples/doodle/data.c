#include "data.h"

#include <stdlib.h>
#include <string.h>

#include "generator.h"
#include "program.h"

/* ---- Classes ------------------------------------------------------------------------------ */

static int known(const classes *c, const char *name) {
    for (int i = 0; i < c->count; i++)
        if (strcmp(c->name[i], name) == 0)
            return i;
    return -1;
}

int classes_find(classes *c, const char *name) {
    const int found = known(c, name);
    if (found >= 0 || c->closed || c->count == CLASSES_MOST)
        return found;
    snprintf(c->name[c->count], CLASS_NAME, "%s", name);
    return c->count++;
}

bool classes_choose(classes *c, const char *list) {
    c->count = 0;
    c->closed = false;
    while (list && *list) {
        const size_t length = strcspn(list, ",");
        char name[CLASS_NAME];
        if (length == 0 || length >= CLASS_NAME)
            return program_usage("not names of classes", list);
        memcpy(name, list, length);
        name[length] = '\0';
        if (known(c, name) >= 0)
            return program_usage("a class is named twice", name);
        if (classes_find(c, name) < 0)
            return program_usage("too many classes", name);
        list += length + (list[length] == ',');
    }
    c->closed = c->count > 0;
    return true;
}

/* ---- Data --------------------------------------------------------------------------------- */

bool data_reserve(data *d, uint64_t count) {
    const uint64_t most = SIZE_MAX / PIXELS / 2 - (uint64_t)d->count;
    if (count > most)
        return false;
    const uint64_t wanted = (uint64_t)d->count + count;
    if (wanted <= (uint64_t)d->room)
        return true;
    const uint64_t doubled = 2 * (uint64_t)d->room, room = wanted > doubled ? wanted : doubled;
    unsigned char *bytes = realloc(d->bytes, (size_t)room * PIXELS);
    if (bytes)
        d->bytes = bytes;
    int64_t *label = realloc(d->label, (size_t)room * sizeof *label);
    if (label)
        d->label = label;
    if (!bytes || !label)
        return false;
    d->room = (int64_t)room;
    return true;
}

void data_free(data *d) {
    free(d->bytes);
    free(d->label);
    *d = (data){0};
}

static bool generate(data *d, classes *c, const data_source *s) {
    const uint64_t first = s->part == PART_APART ? (uint64_t)1 << 32 : 0;
    if (!data_reserve(d, s->each * KINDS))
        return program_fail(NULL, "not enough memory for the doodles");
    for (uint64_t i = 0; i < s->each; i++)
        for (int kind = 0; kind < KINDS; kind++) {
            const int label = classes_find(c, kind_names[kind]);
            if (label < 0)
                continue;
            generator_draw(d->bytes + d->count * PIXELS, kind, s->seed, first + i);
            d->label[d->count++] = label;
        }
    return true;
}

/* A class that nothing shows cannot be learnt, and one that was misspelt would not be missed. */
static bool all_shown(const data *d, const classes *c, const char *about) {
    bool shown[CLASSES_MOST] = {false};
    for (int64_t i = 0; i < d->count; i++)
        shown[d->label[i]] = true;
    for (int i = 0; i < c->count; i++)
        if (!shown[i]) {
            char wrong[CLASS_NAME + 32];
            snprintf(wrong, sizeof wrong, "no doodles of class %s", c->name[i]);
            return program_fail(about, wrong);
        }
    return c->count > 0 || program_fail(about, "no doodles");
}

bool data_read(data *d, classes *c, const data_source *s) {
    *d = (data){0};
    const bool read = s->path ? folder_data(d, c, s) : generate(d, c, s);
    return read &&
           (s->part == PART_APART || all_shown(d, c, s->path ? s->path : "generated doodles"));
}
