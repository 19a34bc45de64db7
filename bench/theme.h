/* The colours of all pictures and of the page: each one for light and for dark surroundings, told
 * apart by readers of every colour vision (after Okabe and Ito 2008), with a contrast of at least
 * 3 to 1 to the background. */
#ifndef NINETAP_BENCH_THEME_H
#define NINETAP_BENCH_THEME_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

typedef struct theme_colour {
    const char *name;     /* of the variable in gnuplot's scripts and in the page's style sheet */
    unsigned light, dark; /* 0xRRGGBB */
} theme_colour;

extern const theme_colour theme[]; /* the background first */
extern const size_t theme_size;

typedef struct theme_words {
    const char *prefix; /* of identifiers in the file */
    const char *title, *description;
} theme_words;

/* Makes an SVG file of one of gnuplot's, drawn in the light colours: with the dark ones as well,
 * for viewers that prefer them, and what it shows in words. False, and `why`, if it could not be
 * read or written. */
bool theme_svg(const char *from, const char *path, const theme_words *words, char *why,
               size_t size);

#endif
