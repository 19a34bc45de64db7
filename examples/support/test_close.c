/* A close that fails, as it does where a disk over a network is full: linked with --wrap=fclose. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "output.h"
#include "program.h"

const char program[] = "test_close";

int __real_fclose(FILE *stream);
int __wrap_fclose(FILE *stream);
static bool failing;

int __wrap_fclose(FILE *stream) {
    const int status = __real_fclose(stream);
    if (!failing)
        return status;
    errno = EIO;
    return EOF;
}

static bool write_word(const char *path, const char *word) {
    output o;
    if (!output_open(&o, path))
        return false;
    fputs(word, o.stream);
    return output_close(&o, NULL);
}

static bool holds(const char *path, const char *word) {
    char line[16] = "";
    FILE *f = fopen(path, "r");
    const bool read = f && fgets(line, sizeof line, f);
    if (f)
        __real_fclose(f);
    return read && strcmp(line, word) == 0;
}

static void require(bool ok, const char *what) {
    if (ok)
        return;
    fprintf(stderr, "FAILED: %s\n", what);
    exit(EXIT_FAILURE);
}

int main(int argc, char **argv) {
    require(argc == 2, "usage: test_close FILE");
    require(write_word(argv[1], "old") && holds(argv[1], "old"), "writing");
    require(write_word(argv[1], "new") && holds(argv[1], "new"), "replacing");
    failing = true;
    require(!write_word(argv[1], "broken"), "a failing close counts as success");
    require(holds(argv[1], "new"), "a failing close replaced the file");
    require(!program_close(stdout), "a failing close of stdout counts as success");
    remove(argv[1]);
    return EXIT_SUCCESS;
}
