/* The vector vocabularies' self-test: one body, compiled once for each instruction set. */
#ifndef TESTS_VOCABULARY_H
#define TESTS_VOCABULARY_H

/* Runs every word of one vocabulary; returns NULL, or the name of the first that is wrong. */
typedef const char *vocabulary_test(void);
#define VOCABULARY(isa) vocabulary_test vocabulary_##isa, vocabulary_integers_##isa;
#include "vocabularies.inc" /* VOCABULARY(isa) for each one compiled in; written by CMake */
#undef VOCABULARY

#endif
