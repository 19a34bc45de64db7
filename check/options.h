#ifndef CHECK_OPTIONS_H
#define CHECK_OPTIONS_H

#include <stdbool.h>

typedef enum action { ACTION_CHECK, ACTION_LIST, ACTION_WRITE, ACTION_HELP, ACTION_VERSION } action;

typedef struct options {
    action action;
    const char *isa;    /* NULL: all, and the reference */
    const char *name;   /* of cases, a pattern; NULL: all */
    const char *golden; /* NULL: the one built in */
    bool quiet;
} options;

/* False: they are not understood; said on stderr. */
bool options_parse(options *o, char **argv);
void options_help(void);

/* Whether the name fits: '*' in the pattern stands for any text. */
bool options_match(const char *pattern, const char *name);

#endif
