/* Each usable instruction set's vector vocabulary. */
#include <string.h>

#include "core/dispatch.h"
#include "support/suite.h"
#include "vocabulary.h"

static const struct {
    const char *isa;
    vocabulary_test *test, *integers;
} vocabularies[] = {
#define VOCABULARY(isa) {#isa, vocabulary_##isa, vocabulary_integers_##isa},
#include "vocabularies.inc"
};

static void every_word(const char *isa) {
    bool found = false;
    for (size_t i = 0; i < sizeof vocabularies / sizeof *vocabularies; i++)
        if (strcmp(vocabularies[i].isa, isa) == 0) {
            const char *wrong = vocabularies[i].test();
            wrong = wrong != NULL ? wrong : vocabularies[i].integers();
            found = true;
            suite_require(wrong == NULL || suite_wrong("%s of %s", wrong, isa));
        }
    REQUIRE(found);
}

int main(int argc, char **argv) {
    static const suite_test tests[] = {{.name = "every_word", .each_isa = every_word}, {0}};
    return suite_main("vocabulary", tests, argc, argv);
}
