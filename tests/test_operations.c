/* Random problems of every operation, each run in every way there is and held against the
 * reference, between guard pages. One problem, as a failure prints it:
 *     test_operations --case 'conv3x3 n=1 ic=3 ih=7 iw=9 oc=4 pad=1,1,1,1 isa=avx2 seed=1' */
#include <stdlib.h>
#include <string.h>

#include "support/problems.h"
#include "support/suite.h"

static void random_problems(const char *isa) {
    for (int i = 0; nt_operations[i] != NULL; i++)
        check_drawn(nt_operations[i], isa, 400, 300e3);
}

/* What is printed is what is read back. */
static void texts(void) {
    rng r = suite_rng("texts");
    for (int i = 0; nt_operations[i] != NULL; i++)
        for (int64_t k = suite_cases(500); k > 0; k--) {
            const nt_operation *op = nt_operations[i];
            char text[NT_PROBLEM_TEXT], again[NT_PROBLEM_TEXT];
            nt_problem problem = {{0}}, parsed = {{0}};
            op->draw(&r, 300e3, &problem);
            nt_problem_set_isa(op, &problem, ninetap_isa_name(0));
            nt_problem_print(text, sizeof text, op, &problem);
            REQUIRE(parse_operation(text) == op);
            REQUIRE(parse_fields(text + strlen(op->name), op->fields, &parsed));
            nt_problem_print(again, sizeof again, op, &parsed);
            suite_require(strcmp(text, again) == 0 || suite_wrong("%s\n%s", text, again));
        }
}

int main(int argc, char **argv) {
    static const suite_test tests[] = {
        {.name = "random_problems", .each_isa = random_problems},
        {.name = "texts", .once = texts},
        {0},
    };
    return problems_main("operations", tests, argc, argv);
}
