/* ninetap-check: can this build be trusted on this machine? */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "corpus.h"
#include "golden.h"
#include "options.h"
#include "run.h"

enum { EXIT_WRONG = 1, EXIT_TROUBLE = 2, EXECUTORS = 16 };

typedef struct session {
    options options;
    corpus corpus;
    golden golden;
    executor by[EXECUTORS];
    int executors;
    int64_t lines, bad;
    const check_case *first; /* of what is bad */
    const executor *first_by;
} session;

static bool wanted(const session *s, const char *name) {
    return s->options.name == NULL || options_match(s->options.name, name);
}

/* ---- Who runs the cases ------------------------------------------------------------------- */

static const char reference_name[] = "reference";

static void add_executor(session *s, const char *name, bool reference) {
    const char *only = s->options.isa;
    if (s->executors < EXECUTORS && (only == NULL || strcmp(only, name) == 0)) {
        s->by[s->executors++] =
            (executor){name, reference, reference ? NT_FUSED : nt_usual_arithmetic(name)};
    }
}

static bool find_executors(session *s) {
    for (int i = 0; i < ninetap_isa_count(); i++) {
        add_executor(s, ninetap_isa_name(i), false);
    }
    add_executor(s, reference_name, true);
    if (s->executors > 0) {
        return true;
    }
    fprintf(stderr, "ninetap-check: --isa %.100s: not usable here; these are:", s->options.isa);
    for (int i = 0; i < ninetap_isa_count(); i++) {
        fprintf(stderr, " %s", ninetap_isa_name(i));
    }
    fprintf(stderr, " %s\n", reference_name);
    return false;
}

/* ---- Checking ----------------------------------------------------------------------------- */

static const char *judge(const check_case *c, const executor *by, const outcome *result,
                         const golden_line *right) {
    if (result->trouble[0] != '\0') {
        return "WRONG";
    }
    if (c->agreement == WITHIN_BOUND) {
        return "ok";
    }
    const int which = c->agreement == BY_ROUNDING && by->usual == NT_SEPARATE;
    if (right == NULL || !right->known[which]) {
        return "new";
    }
    return right->digest[which] == result->digest ? "ok" : "WRONG";
}

static void check_case_on(session *s, const check_case *c, const executor *by,
                          const golden_line *right) {
    outcome result;
    run_case(c, by, &result);
    if (result.skipped) {
        return;
    }
    const char *verdict = judge(c, by, &result, right);
    const bool good = strcmp(verdict, "ok") == 0;
    s->lines++;
    if (!good && s->bad++ == 0) {
        s->first = c;
        s->first_by = by;
    }
    if (!good || !s->options.quiet) {
        printf("%-72s %-9s %016" PRIx64 " %s%s%s\n", c->name, by->name, result.digest, verdict,
               result.trouble[0] != '\0' ? ": " : "", result.trouble);
    }
}

/* Lines that no case looked up are of no use, or a case was lost. */
static void check_unused(session *s) {
    for (size_t i = 0; i < s->golden.count; i++) {
        const golden_line *line = &s->golden.lines[i];
        if (!line->used && wanted(s, line->name)) {
            printf("%s: there is no such case, or it has another number of digests\n", line->name);
            s->bad++;
        }
    }
}

/* How to run the first bad line again. */
static void print_first(const session *s) {
    if (s->first != NULL) {
        fputs("; the first: ninetap-check ", stdout);
        if (s->options.golden != NULL) {
            printf("--golden '%s' ", s->options.golden);
        }
        printf("--isa %s --case '%s'", s->first_by->name, s->first->name);
    }
    putchar('\n');
}

static int check(session *s) {
    for (size_t i = 0; i < s->corpus.count; i++) {
        const check_case *c = &s->corpus.cases[i];
        const golden_line *right = golden_find(&s->golden, c);
        for (int k = 0; k < s->executors; k++) {
            check_case_on(s, c, &s->by[k], right);
        }
    }
    check_unused(s);
    if (s->bad == 0) {
        if (!s->options.quiet) {
            printf("%zu cases, %" PRId64 " lines: all ok\n", s->corpus.count, s->lines);
        }
        return EXIT_SUCCESS;
    }
    printf("%zu cases, %" PRId64 " lines: %" PRId64 " not ok", s->corpus.count, s->lines, s->bad);
    print_first(s);
    return EXIT_WRONG;
}

/* ---- Writing ------------------------------------------------------------------------------ */

/* What is not computed here stays what it was. Machines that should agree and do not have no golden
 * file. */
static bool gather(session *s, const check_case *c, golden_line *line) {
    const char *from[2] = {NULL, NULL};
    const golden_line *old = golden_find(&s->golden, c);
    *line = old != NULL ? *old : (golden_line){.digests = c->agreement == BY_ROUNDING ? 2 : 1};
    for (int k = 0; k < s->executors; k++) {
        const executor *by = &s->by[k];
        const int which = c->agreement == BY_ROUNDING && by->usual == NT_SEPARATE;
        outcome result;
        run_case(c, by, &result);
        if (result.trouble[0] != '\0') {
            fprintf(stderr, "ninetap-check: %s on %s: %s\n", c->name, by->name, result.trouble);
            return false;
        }
        if (!result.skipped && from[which] != NULL && result.digest != line->digest[which]) {
            fprintf(stderr, "ninetap-check: %s and %s do not agree on %s\n", from[which], by->name,
                    c->name);
            return false;
        }
        if (!result.skipped) {
            from[which] = by->name;
            line->known[which] = true;
            line->digest[which] = result.digest;
        }
    }
    return true;
}

static int write_golden(session *s) {
    bool good = true;
    golden_write_head(stdout);
    for (size_t i = 0; i < s->corpus.count; i++) {
        const check_case *c = &s->corpus.cases[i];
        golden_line line;
        if (c->agreement != WITHIN_BOUND) {
            const bool agreed = gather(s, c, &line);
            good = good && agreed;
            if (agreed) {
                golden_write(stdout, c, &line);
            }
        }
    }
    return good ? EXIT_SUCCESS : EXIT_WRONG;
}

/* ---- The program -------------------------------------------------------------------------- */

static bool select_cases(session *s) {
    size_t kept = 0;
    for (size_t i = 0; i < s->corpus.count; i++) {
        if (s->options.name == NULL || options_match(s->options.name, s->corpus.cases[i].name)) {
            s->corpus.cases[kept++] = s->corpus.cases[i];
        }
    }
    s->corpus.count = kept;
    if (kept == 0) {
        fprintf(stderr, "ninetap-check: --case %.200s: there is none; --list names them\n",
                s->options.name);
    }
    return kept > 0;
}

static int list(const session *s) {
    for (size_t i = 0; i < s->corpus.count; i++) {
        puts(s->corpus.cases[i].name);
    }
    return EXIT_SUCCESS;
}

static int act(session *s) {
    switch (s->options.action) {
    case ACTION_LIST:
        return list(s);
    case ACTION_WRITE:
        return write_golden(s);
    default:
        return check(s);
    }
}

static int run(char **argv) {
    static session s;
    if (!options_parse(&s.options, argv)) {
        return EXIT_TROUBLE;
    }
    if (s.options.action == ACTION_HELP) {
        options_help();
        return EXIT_SUCCESS;
    }
    if (s.options.action == ACTION_VERSION) {
        printf("ninetap-check %s\n", ninetap_version());
        return EXIT_SUCCESS;
    }
    int status = EXIT_TROUBLE;
    if (!corpus_make(&s.corpus)) {
        status = EXIT_WRONG;
    } else if (find_executors(&s) && select_cases(&s) && golden_read(&s.golden, s.options.golden)) {
        status = act(&s);
    }
    corpus_free(&s.corpus);
    golden_free(&s.golden);
    return status;
}

/* A report that nobody got is none. A closed stdout that nothing was written to is no loss. */
static bool is_reported(void) {
    errno = 0;
    bool good = fflush(stdout) == 0 && ferror(stdout) == 0;
    int error = errno;
    if (fclose(stdout) != 0 && good && errno != EBADF) {
        good = false;
        error = errno;
    }
    if (!good) {
        fprintf(stderr, "ninetap-check: stdout: %s\n",
                error != 0 ? strerror(error) : "could not be written");
    }
    return good;
}

int main(int argc, char **argv) {
    (void)argc;
    const int status = run(argv);
    return is_reported() ? status : EXIT_TROUBLE;
}
