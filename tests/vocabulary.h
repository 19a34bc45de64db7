/* The vector vocabularies' self-test: one body, compiled once for each instruction set. */
#ifndef TESTS_VOCABULARY_H
#define TESTS_VOCABULARY_H

/* Runs every word of one vocabulary; returns NULL, or the name of the first that is wrong. */
typedef const char *vocabulary_test(void);
vocabulary_test vocabulary_avx512, vocabulary_avx2, vocabulary_sse2, vocabulary_neon,
    vocabulary_scalar;

#endif
