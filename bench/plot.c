#include "plot.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "drawing.h"
#include "picture.h"
#include "theme.h"

enum { EXIT_NO_PROGRAM = 127 };

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

/* gnuplot's exit status, -1 if it was not started or died. */
static int run_gnuplot(const char *directory, const char *script) {
    pid_t child = fork();
    if (child == 0) {
        if (chdir(directory) == 0) {
            execlp("gnuplot", "gnuplot", script, (char *)NULL);
        }
        _exit(EXIT_NO_PROGRAM);
    }
    int status;
    while (child > 0 && waitpid(child, &status, 0) < 0) {
        if (errno != EINTR) {
            return -1;
        }
    }
    return child > 0 && WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

static bool draw(const char *directory, const picture *p, char *why, size_t size) {
    char file[sizeof p->name + 8];
    snprintf(file, sizeof file, "%s.gp", p->name);
    int status = run_gnuplot(directory, file);
    if (status != 0) {
        snprintf(
            why, size,
            status == EXIT_NO_PROGRAM
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
    if (mkdir(directory, 0777) != 0 && errno != EEXIST) {
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
