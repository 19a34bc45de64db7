/* A clock that only goes forward. */
#ifndef NINETAP_CLOCK_H
#define NINETAP_CLOCK_H

/* Since some moment that stays the same while the process runs. */
double nt_seconds(void);

#endif
