/* The opt-in line a call (NINETAP_VERBOSE). Each operation says what is in its own. */
#ifndef NINETAP_LOG_H
#define NINETAP_LOG_H

#include "core/format.h"

/* Seconds now; negative, and free, when nobody asked for lines. */
double nt_log_start(void);

/* "ninetap,", the text, and how many microseconds ago `start`, which is not negative, was. */
void nt_log_line(double start, const char *format, ...) NT_PRINTF(2, 3);

#endif
