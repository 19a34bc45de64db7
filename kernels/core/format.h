/* The attribute of functions like printf. */
#ifndef NINETAP_FORMAT_H
#define NINETAP_FORMAT_H

#include <stdio.h>

/* MinGW-w64's printf, unlike Windows' own, which gcc takes for `printf` there, knows %zu. */
#ifdef __MINGW_PRINTF_FORMAT
#define NT_PRINTF(format_at, first_at) \
    __attribute__((format(__MINGW_PRINTF_FORMAT, format_at, first_at)))
#else
#define NT_PRINTF(format_at, first_at) __attribute__((format(printf, format_at, first_at)))
#endif

#endif
