#include "duration.h"

#include <stdio.h>

duration duration_of(double seconds) {
    static const char *const units[] = {"s", "ms", "us", "ns"};
    int unit = 0;
    while (unit < 3 && seconds < 1) {
        seconds *= 1000;
        unit++;
    }
    duration d;
    int decimals = seconds < 10 ? 2 : seconds < 100 ? 1 : 0;
    snprintf(d.text, sizeof d.text, "%.*f %s", decimals, seconds, units[unit]);
    return d;
}
