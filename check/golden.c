#include "golden.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

enum { DIGITS = 16, FILE_MOST = 1 << 20 };

static bool complain(const char *file, size_t line, const char *what) {
    if (line > 0) {
        fprintf(stderr, "ninetap-check: %s:%zu: %s\n", file, line, what);
    } else {
        fprintf(stderr, "ninetap-check: %s: %s\n", file, what);
    }
    return false;
}

/* The next word of [*at, end); its length, 0: there is none. */
static size_t next_word(const char **at, const char *end) {
    while (*at < end && (**at == ' ' || **at == '\t' || **at == '\r')) {
        ++*at;
    }
    const char *from = *at;
    const char *to = from;
    while (to < end && *to != ' ' && *to != '\t' && *to != '\r' && *to != '#') {
        to++;
    }
    return (size_t)(to - from);
}

static bool take_digest(golden_line *line, const char *word, size_t length) {
    char digits[DIGITS + 1] = "";
    const bool known = length == DIGITS;
    if (line->digests == 2 || !(known || (length == 1 && *word == '-'))) {
        return false;
    }
    memcpy(digits, word, length);
    if (known && strspn(digits, "0123456789abcdef") != DIGITS) {
        return false;
    }
    line->known[line->digests] = known;
    line->digest[line->digests++] = known ? strtoull(digits, NULL, 16) : 0;
    return true;
}

/* NULL, or what is wrong. A line without words leaves the name empty. */
static const char *parse_line(golden_line *line, const char *at, const char *end) {
    *line = (golden_line){.digests = 0};
    size_t length = next_word(&at, end);
    if (length == 0) {
        return NULL;
    }
    if (length >= sizeof line->name) {
        return "the name is too long";
    }
    memcpy(line->name, at, length);
    at += length;
    while ((length = next_word(&at, end)) > 0) {
        if (!take_digest(line, at, length)) {
            return "one or two digests of 16 hexadecimal digits are wanted";
        }
        at += length;
    }
    return line->digests > 0 ? NULL : "there is no digest";
}

static bool add(golden *g, const golden_line *line) {
    golden_line *lines = realloc(g->lines, (g->count + 1) * sizeof *lines);
    if (lines == NULL) {
        return false;
    }
    g->lines = lines;
    g->lines[g->count++] = *line;
    return true;
}

static bool parse(golden *g, const char *file, const char *text, size_t length) {
    const char *end = text + length;
    size_t number = 0;
    while (text < end) {
        const char *stop = memchr(text, '\n', (size_t)(end - text));
        stop = stop != NULL ? stop : end;
        golden_line line;
        const char *wrong = parse_line(&line, text, stop);
        number++;
        if (wrong != NULL) {
            return complain(file, number, wrong);
        }
        if (line.name[0] != '\0' && !add(g, &line)) {
            return complain(file, 0, "out of memory");
        }
        text = stop < end ? stop + 1 : end;
    }
    return true;
}

static bool read_file(golden *g, const char *path) {
    const bool given = strcmp(path, "-") == 0;
    FILE *file = given ? stdin : fopen(path, "rb");
    char *text = malloc(FILE_MOST);
    bool good = false;
    if (file == NULL) {
        complain(path, 0, strerror(errno));
    } else if (text == NULL) {
        complain(path, 0, "out of memory");
    } else {
        const size_t length = fread(text, 1, FILE_MOST, file);
        good = ferror(file) == 0 && length < FILE_MOST
                   ? parse(g, path, text, length)
                   : complain(path, 0, "it cannot be read, or is too large");
    }
    free(text);
    if (file != NULL && !given) {
        fclose(file);
    }
    return good;
}

bool golden_read(golden *g, const char *path) {
    *g = (golden){0};
    if (path != NULL) {
        return read_file(g, path);
    }
    return parse(g, "golden.txt", (const char *)golden_text, golden_length);
}

void golden_free(golden *g) {
    free(g->lines);
    *g = (golden){0};
}

golden_line *golden_find(golden *g, const check_case *c) {
    const int digests = c->agreement == BY_ROUNDING ? 2 : 1;
    for (size_t i = 0; i < g->count; i++) {
        if (strcmp(g->lines[i].name, c->name) == 0 && g->lines[i].digests == digests) {
            g->lines[i].used = true;
            return &g->lines[i];
        }
    }
    return NULL;
}

void golden_write_head(FILE *to) {
    fputs(
        "# What `ninetap-check --write` prints, and `ninetap-check` compares with: the digest of\n"
        "# each case's output; two where it depends on whether the machine's multiply-adds are\n"
        "# fused: fused, not fused.\n",
        to);
}

void golden_write(FILE *to, const check_case *c, const golden_line *line) {
    fputs(c->name, to);
    for (int i = 0; i < line->digests; i++) {
        if (line->known[i]) {
            fprintf(to, " %016" PRIx64, line->digest[i]);
        } else {
            fputs(" -", to);
        }
    }
    fputc('\n', to);
}
