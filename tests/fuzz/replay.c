/* Runs a fuzz target on files: replay FILE... */
#include <stdio.h>
#include <stdlib.h>

#include "fuzz.h"

enum { MOST = 1 << 20 };

static bool replay(const char *path) {
    static uint8_t data[MOST];
    FILE *file = fopen(path, "rb");
    if (file == NULL) {
        perror(path);
        return false;
    }
    const size_t size = fread(data, 1, MOST, file);
    fclose(file);
    printf("%s\n", path);
    fflush(stdout); /* the last line of a run that dies names the file */
    LLVMFuzzerTestOneInput(data, size);
    return true;
}

int main(int argc, char **argv) {
    for (int i = 1; i < argc; i++)
        if (!replay(argv[i]))
            return EXIT_FAILURE;
    return argc > 1 ? EXIT_SUCCESS : EXIT_FAILURE;
}
