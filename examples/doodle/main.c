#include <stdlib.h>

#include "commands.h"
#include "program.h"

const char program[] = "doodle";

int main(int argc, char **argv) {
    options o;
    program_streams();
    if (!options_parse(&o, argc, argv))
        return EXIT_USAGE;
    if (o.help) {
        options_help();
        return program_close(stdout) ? EXIT_SUCCESS : EXIT_FAILURE;
    }
    if (o.command == COMMAND_TRAIN)
        return command_train(&o);
    return o.command == COMMAND_TEST ? command_test(&o) : command_show(&o);
}
