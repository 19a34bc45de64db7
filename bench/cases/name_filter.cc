#include "cases/name_filter.h"

#include <cstdio>
#include <cstring>
#include <exception>
#include <regex>

bool name_filter_init(name_filter *f, const char *text, const char *const *names, size_t count) {
    const bool everything = *text == '\0' || std::strcmp(text, "all") == 0;
    *f = {everything, *text == '-', nullptr, names, count};
    if (everything) {
        return true;
    }
    try {
        f->expression =
            new std::regex(text + (f->negated ? 1 : 0), std::regex::extended | std::regex::nosubs);
        return true;
    } catch (const std::exception &e) {
        std::fprintf(stderr, "ninetap-bench: --benchmark_filter=%s: %s\n", text, e.what());
        return false;
    }
}

bool name_filter_keeps(const name_filter *f, const char *name) {
    bool given = f->name_count == 0;
    for (size_t i = 0; !given && i < f->name_count; i++) {
        given = std::strcmp(f->names[i], name) == 0;
    }
    try {
        return given &&
               (f->everything ||
                std::regex_search(name, *static_cast<std::regex *>(f->expression)) != f->negated);
    } catch (const std::exception &) { // too complex
        return false;
    }
}

void name_filter_free(name_filter *f) {
    delete static_cast<std::regex *>(f->expression);
    f->expression = nullptr;
}
