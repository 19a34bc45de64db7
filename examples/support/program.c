#undef _POSIX_C_SOURCE /* a parent project may have set it to less */
#define _POSIX_C_SOURCE 200809L
#include "program.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>

#include "file.h"

bool program_fail(const char *about, const char *wrong) {
    fprintf(stderr, "%s: %s%s%s\n", program, about ? about : "", about ? ": " : "", wrong);
    return false;
}

/* ---- Command line ------------------------------------------------------------------------- */

bool program_usage(const char *what, const char *argument) {
    fprintf(stderr, "%s: %s: %s (try --help)\n", program, what, argument);
    return false;
}

int program_option(int argc, char **argv, const char *letters, const struct option *longs) {
    opterr = 0;
    const int option = getopt_long(argc, argv, letters, longs, NULL);
    if (option == -1)
        return -1;
    /* optopt: the letter, the long option's number, or 0 for a long option that is unknown. */
    const bool is_wrong = option == '?' || option == ':',
               is_long = optopt == 0 || optopt > LONG_OPTION;
    const char letter[] = {'-', (char)optopt, '\0'};
    const char *name = is_wrong && !is_long ? letter : argv[optind - 1];
    if (option == ':' || (!is_wrong && optarg && !*optarg))
        program_usage("this option takes a value", name);
    else if (is_wrong)
        program_usage(optopt > LONG_OPTION ? "this option takes no value" : "unknown option", name);
    else
        return option > LONG_OPTION ? option - LONG_OPTION : option;
    return '?';
}

bool program_number(const char *text, uint64_t most, const char *what, uint64_t *number) {
    char *end;
    errno = 0;
    const unsigned long long n = strtoull(text, &end, 10);
    *number = n;
    return (text[0] >= '0' && text[0] <= '9' && *end == '\0' && errno == 0 && n <= most) ||
           program_usage(what, text);
}

bool program_operand(int argc, char **argv, const char **path) {
    if (argc - optind > 1)
        return program_usage("more than one file", argv[optind + 1]);
    if (argc - optind == 1)
        *path = argv[optind];
    return true;
}

/* ---- Standard streams --------------------------------------------------------------------- */

#ifdef _WIN32
void program_streams(void) {
}
#else
/* The lowest number that is free is the one that open() takes. */
void program_streams(void) {
    for (int number = 0; number <= 2; number++)
        if (fcntl(number, F_GETFD) == -1 && errno == EBADF)
            (void)open("/dev/null", number == 0 ? O_WRONLY : O_RDONLY);
    signal(SIGPIPE, SIG_IGN);
    signal(SIGXFSZ, SIG_IGN);
}
#endif

FILE *program_report(const char *output) {
    return file_is_stream(output) ? stderr : stdout;
}

bool program_close(FILE *report) {
    const bool written = fflush(report) == 0 && !ferror(report) && !ferror(stdout);
    errno = 0;
    if (fclose(stdout) == 0 && written)
        return true;
    return program_fail("cannot write to stdout", errno ? strerror(errno) : "some of it is lost");
}
