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

/* Gives an SVG file of gnuplot's, drawn in the light colours, the dark ones as well, for viewers
 * that prefer them, and what it shows in words; `prefix` goes before its identifiers. False if it
 * could not be read or written. */
bool theme_svg(const char *path, const char *prefix, const char *title, const char *description);

#endif
