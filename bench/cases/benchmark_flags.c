#include "cases/benchmark_flags.h"

#include <ctype.h>
#include <float.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

enum { NAME_MOST = 64 };

/* ---- kinds of values ---------------------------------------------------------------------- */

/* All of the text is one number, written plainly. */
static bool get_number(const char *text, double *number) {
    char *end;
    *number = strtod(text, &end);
    return (isdigit((unsigned char)*text) || *text == '.') && *end == '\0' && *number <= DBL_MAX;
}

static bool is_count(const char *text, double least, double most) {
    double number = 0;
    return get_number(text, &number) && text[strspn(text, "0123456789")] == '\0' &&
           number >= least && number <= most;
}

static bool is_repetitions(const char *text) {
    return is_count(text, 1, 1e6);
}

static bool is_verbosity(const char *text) {
    return is_count(text, 0, 9);
}

/* Of newer versions are "0.5s" and "100x", so many iterations. */
static bool is_time(const char *text) {
    char plain[32];
    const size_t length = strlen(text);
    const char *unit = length > 1 && length < sizeof plain ? text + length - 1 : "";
    double number = 0;
    if (*unit == 's' || *unit == 'x') {
        memcpy(plain, text, length - 1);
        plain[length - 1] = '\0';
        return *unit == 'x' ? is_count(plain, 1, 1e9)
                            : get_number(plain, &number) && number <= 86400;
    }
    return get_number(text, &number) && number <= 86400;
}

/* One of the words in `known`, which has a blank around each. */
static bool is_word(const char *known, const char *text) {
    char word[16];
    const int length = snprintf(word, sizeof word, " %s ", text);
    return length < (int)sizeof word && strstr(known, word) != NULL && strchr(text, ' ') == NULL &&
           *text != '\0';
}

static bool is_switch(const char *text) {
    char small[8] = "";
    for (size_t i = 0; i + 1 < sizeof small && text[i] != '\0'; i++) {
        small[i] = (char)tolower((unsigned char)text[i]);
    }
    return *text == '\0' || (strlen(text) < sizeof small &&
                             is_word(" 0 1 f t n y false true no yes off on ", small));
}

static bool is_colour(const char *text) {
    return strcasecmp(text, "auto") == 0 || is_switch(text);
}

static bool is_format(const char *text) {
    return is_word(" console json csv ", text);
}

static bool is_unit(const char *text) {
    return is_word(" ns us ms s ", text);
}

/* ---- the flags ---------------------------------------------------------------------------- */

static const char a_switch[] = "wanted is true or false",
                  a_format[] = "wanted is console, json or csv",
                  a_time[] = "wanted are seconds, from 0 to 86400";

static const struct flag {
    const char *name;
    bool (*is_good)(const char *value);
    const char *wanted;
} flags[] = {
    {"benchmark_repetitions", is_repetitions, "wanted is a whole number from 1 to 1000000"},
    {"benchmark_min_time", is_time, a_time},
    {"benchmark_min_warmup_time", is_time, a_time},
    {"benchmark_format", is_format, a_format},
    {"benchmark_out_format", is_format, a_format},
    {"benchmark_time_unit", is_unit, "wanted is ns, us, ms or s"},
    {"benchmark_color", is_colour, "wanted is auto, true or false"},
    {"benchmark_list_tests", is_switch, a_switch},
    {"benchmark_dry_run", is_switch, a_switch},
    {"benchmark_enable_random_interleaving", is_switch, a_switch},
    {"benchmark_report_aggregates_only", is_switch, a_switch},
    {"benchmark_display_aggregates_only", is_switch, a_switch},
    {"benchmark_counters_tabular", is_switch, a_switch},
    {"v", is_verbosity, "wanted is a whole number from 0 to 9"},
};

/* What follows --NAME; NULL: it is another flag. */
static const char *rest_of(const char *argument, const char *name) {
    const size_t length = strlen(name);
    const bool same = strncmp(argument, "--", 2) == 0 && strncmp(argument + 2, name, length) == 0;
    const char *rest = same ? argument + 2 + length : "?";
    return *rest == '=' || *rest == '\0' ? rest : NULL;
}

/* BENCHMARK_MIN_TIME. --v has V, which means other things to other programs. */
static const char *variable(const char *name, char *text) {
    size_t i = 0;
    for (; i + 1 < NAME_MOST && name[i] != '\0'; i++) {
        text[i] = (char)toupper((unsigned char)name[i]);
    }
    text[i] = '\0';
    return i > 1 ? getenv(text) : NULL;
}

static bool refuse(const char *where, const char *value, const char *wanted) {
    fprintf(stderr, "ninetap-bench: %s=%.100s: %s\n", where, value, wanted);
    return false;
}

static bool check(const struct flag *f, char **argv) {
    char name[NAME_MOST];
    const char *value = variable(f->name, name);
    if (value != NULL && !f->is_good(value)) {
        return refuse(name, value, f->wanted);
    }
    snprintf(name, sizeof name, "--%s", f->name);
    for (char **at = argv + 1; *at != NULL; at++) {
        const char *rest = rest_of(*at, f->name);
        if (rest != NULL && !f->is_good(*rest == '=' ? rest + 1 : rest)) {
            return refuse(name, *rest == '=' ? rest + 1 : rest, f->wanted);
        }
    }
    return true;
}

bool benchmark_flags_check(char **argv) {
    bool good = true;
    for (size_t i = 0; good && i < sizeof flags / sizeof *flags; i++) {
        good = check(&flags[i], argv);
    }
    return good;
}

const char *benchmark_flag(const char *name, char **argv) {
    char text[NAME_MOST];
    const char *value = variable(name, text);
    for (char **at = argv + 1; *at != NULL; at++) {
        const char *rest = rest_of(*at, name);
        if (rest != NULL) {
            value = *rest == '=' ? rest + 1 : rest;
        }
    }
    return value;
}

bool benchmark_flag_is_on(const char *value) {
    return value != NULL &&
           (*value == '\0' || (strchr("0fFnN", *value) == NULL && strcasecmp(value, "off") != 0));
}
