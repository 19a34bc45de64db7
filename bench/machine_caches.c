#include <stdbool.h>
#include <stdio.h>

#include "host.h"
#include "machine.h"

void machine_caches(char *text, size_t size) {
    size_t used = 0;
    snprintf(text, size, "unknown");
    for (int level = 1; level <= 4 && used < size; level++) {
        size_t kib = host_cache(level) / 1024;
        if (kib == 0) {
            continue;
        }
        bool mib = kib % 1024 == 0;
        used += (size_t)snprintf(text + used, size - used, "%sL%d %zu %s", used > 0 ? ", " : "",
                                 level, mib ? kib / 1024 : kib, mib ? "MiB" : "KiB");
    }
}

size_t host_last_cache(void) {
    size_t last = 0;
    for (int level = 1; level <= 4; level++) {
        size_t size = host_cache(level);
        last = size > last ? size : last;
    }
    return last > 0 ? last : (size_t)32 << 20;
}
