#include "options.h"

#include <stdio.h>
#include <string.h>

void options_help(void) {
    fputs(
        "usage: ninetap-check [OPTION...]\n"
        "\n"
        "Can this build be trusted on this machine? Every operation of ninetap runs on every\n"
        "instruction set that is usable here, and as its definition in naive loops\n"
        "(\"reference\"). Each output's digest is compared with the one that is right on every\n"
        "machine.\n"
        "\n"
        "  --isa NAME      only this instruction set, or reference\n"
        "  --case NAME     only this case; * stands for any text\n"
        "  --golden FILE   compare with the digests in FILE, - is stdin, not with those built in\n"
        "  --quiet         print only what is not right\n"
        "  --list          print the cases' names\n"
        "  --write         print a golden file\n"
        "  --help, --version\n"
        "\n"
        "A line a case: its name, the instruction set, the digest, and\n"
        "  ok      it is the right one; without a right one, where the library may choose the\n"
        "          algorithm: the error is within its bound\n"
        "  WRONG   it is not\n"
        "  new     no right one is known\n"
        "\n"
        "Exit status: 0 all is ok; 1 something is not, and the last line says how to run it\n"
        "again; 2 the arguments or the golden file are not understood, or the report could not be\n"
        "written.\n",
        stdout);
}

static bool fail(const char *about, const char *what) {
    fprintf(stderr, "ninetap-check: %.200s: %s (--help tells more)\n", about, what);
    return false;
}

static bool take_flag(options *o, const char *argument) {
    static const struct {
        const char *name;
        action action;
    } flags[] = {
        {"--list", ACTION_LIST},       {"--write", ACTION_WRITE}, {"--help", ACTION_HELP},
        {"--version", ACTION_VERSION}, {"-h", ACTION_HELP},
    };
    for (size_t i = 0; i < sizeof flags / sizeof flags[0]; i++) {
        if (strcmp(argument, flags[i].name) == 0) {
            o->action = flags[i].action;
            return true;
        }
    }
    o->quiet = o->quiet || strcmp(argument, "--quiet") == 0;
    return strcmp(argument, "--quiet") == 0;
}

bool options_parse(options *o, char **argv) {
    *o = (options){.action = ACTION_CHECK};
    const struct {
        const char *name;
        const char **value;
    } valued[] = {{"--isa", &o->isa}, {"--case", &o->name}, {"--golden", &o->golden}};
    for (argv++; *argv != NULL; argv++) {
        const size_t length = strcspn(*argv, "=");
        const char **value = NULL;
        for (size_t i = 0; i < sizeof valued / sizeof valued[0]; i++) {
            if (strlen(valued[i].name) == length && memcmp(*argv, valued[i].name, length) == 0) {
                value = valued[i].value;
            }
        }
        if (value == NULL) {
            if (!take_flag(o, *argv)) {
                return fail(*argv, "no such option");
            }
            continue;
        }
        const char *given = (*argv)[length] == '=' ? *argv + length + 1 : argv[1];
        if (given == NULL || *given == '\0') {
            return fail(*argv, "a value is wanted");
        }
        if (*value != NULL) {
            return fail(*argv, "it was given before");
        }
        *value = given;
        argv += (*argv)[length] == '=' ? 0 : 1;
    }
    return true;
}

bool options_match(const char *pattern, const char *name) {
    const char *star = NULL; /* the last one met, and how far the text it stands for reaches */
    const char *reach = NULL;
    while (*name != '\0') {
        if (*pattern == '*') {
            star = pattern++;
            reach = name;
        } else if (*pattern == *name) {
            pattern++;
            name++;
        } else if (star != NULL) {
            pattern = star + 1;
            name = ++reach;
        } else {
            return false;
        }
    }
    while (*pattern == '*') {
        pattern++;
    }
    return *pattern == '\0';
}
