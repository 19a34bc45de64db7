#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "host.h"

bool host_read_line(const char *path, const char *key, char *text, size_t size) {
    FILE *file = fopen(path, "r");
    if (file == NULL) {
        return false;
    }
    char line[512];
    bool found = false;
    while (!found && fgets(line, sizeof line, file) != NULL) {
        found = strncmp(line, key, strlen(key)) == 0;
    }
    fclose(file);
    if (!found) {
        return false;
    }
    const char *value = line + strlen(key);
    value += strspn(value, " \t:");
    snprintf(text, size, "%.*s", (int)strcspn(value, "\n"), value);
    return true;
}

size_t host_cache(int level) {
    for (int i = 0; i < 16; i++) {
        char path[96], text[32];
        const char *directory = "/sys/devices/system/cpu/cpu0/cache";
        snprintf(path, sizeof path, "%s/index%d/level", directory, i);
        if (!host_read_line(path, "", text, sizeof text)) {
            return 0;
        }
        if (strtol(text, NULL, 10) != level) {
            continue;
        }
        snprintf(path, sizeof path, "%s/index%d/type", directory, i);
        if (!host_read_line(path, "", text, sizeof text) || strcmp(text, "Instruction") == 0) {
            continue;
        }
        snprintf(path, sizeof path, "%s/index%d/size", directory, i); /* "32K" */
        return host_read_line(path, "", text, sizeof text) ? strtoul(text, NULL, 10) * 1024 : 0;
    }
    return 0;
}
