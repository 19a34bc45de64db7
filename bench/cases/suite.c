#include "cases/suite.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
    LINE_MOST = 400,
    FILE_MOST = 1 << 20,
    DEPTH_MOST = 4, /* of includes */
};

/* Where a message comes from, and goes. */
typedef struct place {
    const char *file;
    size_t line; /* 0: the file as a whole */
    int depth;
    char *why;
    size_t size;
} place;

static bool fail(const place *at, const char *what, const char *name) {
    if (at->line > 0) {
        snprintf(at->why, at->size, "%s:%zu: %s%.100s", at->file, at->line, what, name);
    } else {
        snprintf(at->why, at->size, "%s: %s%.100s", at->file, what, name);
    }
    return false;
}

/* Suites have hundreds of lines at most: looking through all of them is quick enough. */
static bool add(suite *s, const shape *what, unsigned words, bool usual, const place *at) {
    for (size_t i = 0; i < s->count; i++) {
        if (strcmp(s->lines[i].shape.text, what->text) == 0) {
            s->lines[i].words |= words;
            s->lines[i].usual = s->lines[i].usual || usual;
            return true;
        }
    }
    suite_line *lines = realloc(s->lines, (s->count + 1) * sizeof *lines);
    if (lines == NULL) {
        return fail(at, "out of memory", "");
    }
    s->lines = lines;
    s->lines[s->count++] = (suite_line){*what, words, usual};
    return true;
}

static const suite_file *find_file(const char *name) {
    for (size_t i = 0; i < suite_file_count; i++) {
        if (strcmp(suite_files[i].name, name) == 0) {
            return &suite_files[i];
        }
    }
    return NULL;
}

static bool add_text(suite *s, const unsigned char *text, size_t length, place *at);

static bool include(suite *s, const char *name, const place *from) {
    const suite_file *file = name != NULL ? find_file(name) : NULL;
    if (file == NULL) {
        return fail(from, "include: no suite of the program's own: ", name != NULL ? name : "");
    }
    if (from->depth == DEPTH_MOST) {
        return fail(from, "include: too many levels at ", name);
    }
    place at = {.file = name, .depth = from->depth + 1, .why = from->why, .size = from->size};
    return add_text(s, file->text, file->size, &at);
}

static bool add_words(const char *word, unsigned *words, const place *at, char **rest) {
    static const char *const known[] = {"quick", "ladder", "latency", "algorithms"};
    for (; word != NULL; word = strtok_r(NULL, " \t\r", rest)) {
        unsigned bit = 0;
        for (size_t i = 0; i < sizeof known / sizeof *known; i++) {
            bit |= strcmp(word, known[i]) == 0 ? 1U << i : 0;
        }
        if (bit == 0) {
            return fail(at, "not one of the words quick, ladder, latency, algorithms: ", word);
        }
        *words |= bit;
    }
    return true;
}

static bool add_line(suite *s, char *line, const place *at) {
    char *rest;
    line[strcspn(line, "#")] = '\0';
    const char *first = strtok_r(line, " \t\r", &rest);
    if (first == NULL) {
        return true;
    }
    const char *second = strtok_r(NULL, " \t\r", &rest);
    if (strcmp(first, "include") == 0) {
        return include(s, second, at);
    }
    shape what;
    unsigned words = 0;
    if (!shape_parse(first, &what)) {
        return fail(at, "not a shape: ", first);
    }
    return add_words(second, &words, at, &rest) &&
           add(s, &what, words, (words & SUITE_ALGORITHMS) == 0, at);
}

static bool add_text(suite *s, const unsigned char *text, size_t length, place *at) {
    char line[LINE_MOST + 1];
    for (size_t from = 0; from < length;) {
        const unsigned char *end = memchr(text + from, '\n', length - from);
        size_t size = end != NULL ? (size_t)(end - text) - from : length - from;
        at->line++;
        if (size > LINE_MOST) {
            return fail(at, "the line is too long", "");
        }
        if (memchr(text + from, '\0', size) != NULL) {
            return fail(at, "not a text file", "");
        }
        memcpy(line, text + from, size);
        line[size] = '\0';
        if (!add_line(s, line, at)) {
            return false;
        }
        from += size + 1;
    }
    return true;
}

bool suite_add_text(suite *s, const unsigned char *text, size_t length, const char *where,
                    char *why, size_t size) {
    place at = {.file = where, .why = why, .size = size};
    return add_text(s, text, length, &at);
}

static bool add_file(suite *s, const char *path, char *why, size_t size) {
    place at = {.file = path, .why = why, .size = size};
    const bool given = strcmp(path, "-") == 0;
    FILE *file = given ? stdin : fopen(path, "rb");
    if (file == NULL) {
        return fail(&at, errno == ENOENT ? "neither a suite nor a file" : strerror(errno), "");
    }
    unsigned char *text = malloc(FILE_MOST + 1);
    size_t length = text != NULL ? fread(text, 1, FILE_MOST + 1, file) : 0;
    bool good = false;
    if (text == NULL) {
        fail(&at, "out of memory", "");
    } else if (ferror(file) != 0) {
        fail(&at, "cannot be read: ", strerror(errno));
    } else if (length > FILE_MOST) {
        fail(&at, "too big for a suite", "");
    } else {
        good = add_text(s, text, length, &at);
    }
    free(text);
    if (!given) {
        fclose(file);
    }
    return good;
}

/* Of every suite; with `wanted` words only the lines that have them. */
static bool add_everything(suite *s, unsigned wanted, char *why, size_t size) {
    suite all = {0};
    bool good = true;
    for (size_t i = 0; good && i < suite_file_count; i++) {
        good = suite_add(&all, suite_files[i].name, why, size);
    }
    const place at = {.file = "quick", .why = why, .size = size};
    for (size_t i = 0; good && i < all.count; i++) {
        const suite_line *line = &all.lines[i];
        good =
            (line->words & wanted) != wanted || add(s, &line->shape, line->words, line->usual, &at);
    }
    suite_free(&all);
    return good;
}

bool suite_add(suite *s, const char *name, char *why, size_t size) {
    const suite_file *file = find_file(name);
    if (file != NULL) {
        return suite_add_text(s, file->text, file->size, name, why, size);
    }
    if (strcmp(name, "quick") == 0 || strcmp(name, "all") == 0) {
        return add_everything(s, strcmp(name, "quick") == 0 ? SUITE_QUICK : 0, why, size);
    }
    return add_file(s, name, why, size);
}

bool suite_add_shape(suite *s, const char *text, unsigned words, char *why, size_t size) {
    const place at = {.file = "--shape", .why = why, .size = size};
    shape what;
    if (!shape_parse(text, &what)) {
        return fail(&at, "not a shape (see --help): ", text);
    }
    return add(s, &what, words, true, &at);
}

void suite_free(suite *s) {
    free(s->lines);
    *s = (suite){0};
}
