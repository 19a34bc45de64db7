/* The words of one vocabulary, without cmocka, which needs setjmp. Defines as for vocabulary.c. */
#include <stdio.h>

const char *VOCABULARY_TEST(void);
const char *VOCABULARY_INTEGERS(void);

int main(void) {
    const char *wrong = VOCABULARY_TEST();
    wrong = wrong != NULL ? wrong : VOCABULARY_INTEGERS();
    puts(wrong != NULL ? wrong : "every word is right");
    return wrong != NULL;
}
