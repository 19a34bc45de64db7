#ifndef OPTIONS_H
#define OPTIONS_H

#include <stdbool.h>
#include <stdint.h>

typedef enum command { COMMAND_NONE, COMMAND_TRAIN, COMMAND_TEST, COMMAND_SHOW } command;

typedef struct options {
    command command;
    bool help, invert, untrained, all;
    const char *operand[2]; /* NULL where there are fewer */
    const char *output, *classes, *resume, *onnx, *watch;
    uint64_t filters[2], epochs, steps, seed, each, threads, index;
    double rate;
} options;

/* On failure prints one line to stderr and returns false. */
bool options_parse(options *o, int argc, char **argv);

void options_help(void);

#endif
