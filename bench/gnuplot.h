/* gnuplot, as a program of its own. */
#ifndef NINETAP_BENCH_GNUPLOT_H
#define NINETAP_BENCH_GNUPLOT_H

enum { GNUPLOT_MISSING = 127 };

/* Runs the commands `first` and then a script in that directory. gnuplot's exit status; -1 if it
 * could not be started, or died. */
int gnuplot(const char *directory, const char *first, const char *script);

#endif
