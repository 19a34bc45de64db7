// Windows' C library has no regular expressions.
#include "regular.h"

#include <cstdio>
#include <exception>
#include <regex>

struct regular {
    std::regex regex;
};

regular *regular_make(const char *text, char *why, size_t size) {
    try {
        return new regular{std::regex(text, std::regex::extended | std::regex::nosubs)};
    } catch (const std::exception &e) {
        std::snprintf(why, size, "%s", e.what());
        return nullptr;
    }
}

bool regular_fits(const regular *r, const char *name) {
    try {
        return std::regex_search(name, r->regex);
    } catch (const std::exception &) { // too complex
        return false;
    }
}

void regular_free(regular *r) {
    delete r;
}
