// The machine and this build of the program, as facts: for --json and, if it `talks`, on stdout.
#ifndef NINETAP_BENCH_INFO_H
#define NINETAP_BENCH_INFO_H

void info_tell(bool talks);

#endif
