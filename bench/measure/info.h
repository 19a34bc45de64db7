/* The machine and this build of the program, as facts. */
#ifndef NINETAP_BENCH_INFO_H
#define NINETAP_BENCH_INFO_H

#include <stdbool.h>

#ifdef __cplusplus
extern "C"
#endif
    /* For --json and, if it `talks`, on stdout. */
    void
    info_tell(bool talks);

#endif
