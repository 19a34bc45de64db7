#include "core/build.h"
#include "core/log.h"

#include <stdarg.h>
#include <stdio.h>

#include "core/clock.h"
#include "core/environment.h"

double nt_log_start(void) {
    return nt_environment_get().verbose ? nt_seconds() : -1.0;
}

void nt_log_line(double start, const char *format, ...) {
    const double microseconds = 1e6 * (nt_seconds() - start);
    char text[512]; /* a dozen sizes and four names */
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    fprintf(stderr, "ninetap,%s,%.3f\n", text, microseconds);
}
