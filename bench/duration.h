/* A time in the unit that suits it. */
#ifndef NINETAP_BENCH_DURATION_H
#define NINETAP_BENCH_DURATION_H

typedef struct duration {
    char text[24]; /* "12.3 us": three significant digits at least */
} duration;

duration duration_of(double seconds);

#endif
