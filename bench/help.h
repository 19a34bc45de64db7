/* What --help says. */
#ifndef NINETAP_BENCH_HELP_H
#define NINETAP_BENCH_HELP_H

void help_print(void);

#endif
