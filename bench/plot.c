#include "plot.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "drawing.h"
#include "gnuplot.h"
#include "host.h"
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
    return !d->failed;
}

static bool draw(const char *directory, const picture *p, char *why, size_t size) {
    char file[sizeof p->name + 8];
    snprintf(file, sizeof file, "%s.gp", p->name);
    int status = gnuplot(directory, file);
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
    char path[4096];
    snprintf(path, sizeof path, "%s/%s.svg", directory, p->name);
    if (!theme_svg(path, p->name, p->title, p->description)) {
        snprintf(why, size, "cannot rewrite %s", path);
        return false;
    }
    return true;
}

bool plot_write(const char *directory, const results *r, char *why, size_t size) {
    if (!host_make_directory(directory) && errno != EEXIST) {
        snprintf(why, size, "cannot make %s: %s", directory, strerror(errno));
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
