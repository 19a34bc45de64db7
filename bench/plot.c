#include "plot.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "drawing.h"
#include "gnuplot.h"
#include "host.h"
#include "output.h"
#include "picture.h"
#include "theme.h"

static bool write_script(drawing *d) {
    switch (d->picture->kind) {
    case PICTURE_ROOFLINE:
        draw_roofline(d);
        break;
    case PICTURE_PEERS:
        draw_peers(d);
        break;
    case PICTURE_THREADS:
        draw_threads(d);
        break;
    case PICTURE_CROSSOVER:
        draw_crossover(d);
        break;
    default:
        draw_sweep(d);
    }
    if (d->failed) {
        drawing_abandon(d);
    }
    return !d->failed;
}

/* What gnuplot draws gets its name when it is complete. */
#define BESIDE ".new-"

/* gnuplot does not say that a disk was full. */
static bool is_complete(const char *path, const char *end) {
    char last[16];
    const size_t length = strlen(end);
    FILE *file = fopen(path, "rb");
    const bool good = file != NULL && fseek(file, -(long)length, SEEK_END) == 0 &&
                      fread(last, 1, length, file) == length && memcmp(last, end, length) == 0;
    if (file != NULL) {
        fclose(file);
    }
    return good;
}

static bool take_over(const char *directory, const picture *p, char *why, size_t size) {
    char svg[4096], png[4096], new_svg[4096], new_png[4096];
    snprintf(svg, sizeof svg, "%s/%s.svg", directory, p->name);
    snprintf(png, sizeof png, "%s/%s.png", directory, p->name);
    snprintf(new_svg, sizeof new_svg, "%s/" BESIDE "%s.svg", directory, p->name);
    snprintf(new_png, sizeof new_png, "%s/" BESIDE "%s.png", directory, p->name);
    const theme_words words = {p->name, p->title, p->description};
    const bool complete =
        (is_complete(new_svg, "</svg>\n\n") || is_complete(new_svg, "</svg>\n")) &&
        is_complete(new_png, "IEND\xae\x42\x60\x82");
    if (!complete) {
        snprintf(why, size, "%s/%s: gnuplot could not write all of it", directory, p->name);
    }
    bool good = complete && theme_svg(new_svg, svg, &words, why, size) &&
                output_replace(new_png, png, why, size);
    remove(new_svg);
    remove(new_png);
    return good;
}

static bool draw(const char *directory, const picture *p, char *why, size_t size) {
    char file[sizeof p->name + 8];
    snprintf(file, sizeof file, "%s.gp", p->name);
    int status = gnuplot(directory, "beside='" BESIDE "'", file);
    if (status != 0) {
        snprintf(
            why, size,
            status == GNUPLOT_MISSING
                ? "gnuplot is not installed (Debian: apt-get install gnuplot-nox); scripts and "
                  "data are in %s, drawn by `gnuplot *.gp` there"
                : "gnuplot failed on a script in %s",
            directory);
        return false;
    }
    return take_over(directory, p, why, size);
}

static bool make_directory(const char *directory, char *why, size_t size) {
    if (!host_make_directory(directory) && errno != EEXIST) {
        snprintf(why, size, "cannot make %s: %s", directory, strerror(errno));
        return false;
    }
    return true;
}

bool plot_is_possible(const char *directory, char *why, size_t size) {
    char path[4096];
    snprintf(path, sizeof path, "%s/index.html", directory);
    return make_directory(directory, why, size) && output_is_possible(path, why, size);
}

bool plot_write(const char *directory, const results *r, char *why, size_t size) {
    if (!make_directory(directory, why, size)) {
        return false;
    }
    picture_list list;
    if (!picture_list_make(&list, r)) {
        snprintf(why, size, "out of memory");
        return false;
    }
    bool good = true;
    for (size_t i = 0; good && i < list.count; i++) {
        drawing d = {.directory = directory,
                     .picture = &list.items[i],
                     .results = r,
                     .why = why,
                     .why_size = size};
        good = write_script(&d);
    }
    for (size_t i = 0; good && i < list.count; i++) {
        good = draw(directory, &list.items[i], why, size);
    }
    picture_list_free(&list);
    return good;
}
