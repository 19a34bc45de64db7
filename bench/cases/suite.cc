#include "cases/options.h"

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <sstream>

namespace {

enum { LINE_MOST = 400, FILE_MOST = 1 << 20, DEPTH_MOST = 4 }; // of includes

const suite_file *find_file(const std::string &name) {
    const auto *end = suite_files + suite_file_count;
    const auto *found = std::find_if(suite_files, end,
                                     [&name](const suite_file &file) { return file.name == name; });
    return found != end ? found : nullptr;
}

// "-" is stdin.
std::string read_file(const std::string &path) {
    const bool given = path == "-";
    std::FILE *file = given ? stdin : std::fopen(path.c_str(), "rb");
    if (file == nullptr) {
        throw trouble(path + ": " +
                      (errno == ENOENT ? "neither a suite nor a file" : std::strerror(errno)));
    }
    std::string text(FILE_MOST + 1, '\0');
    errno = 0;
    text.resize(std::fread(&text[0], 1, text.size(), file));
    const int error = std::ferror(file) != 0 ? errno : 0;
    if (!given) {
        std::fclose(file);
    }
    if (error != 0 || text.size() > FILE_MOST) {
        throw trouble(path + ": " + (error != 0 ? std::strerror(error) : "too big for a suite"));
    }
    return text;
}

unsigned word_of(const std::string &word, const std::string &at) {
    static const char *const known[] = {"quick", "ladder", "latency", "algorithms"};
    for (unsigned i = 0; i < 4; i++) {
        if (word == known[i]) {
            return 1U << i;
        }
    }
    throw trouble(at + ": not one of the words quick, ladder, latency, algorithms: " + word);
}

} // namespace

void suite::put(const struct shape &what, unsigned words, bool usual) {
    for (suite_line &line : lines) {
        if (std::strcmp(line.shape.text, what.text) == 0) {
            line.words |= words;
            line.usual = line.usual || usual;
            return;
        }
    }
    lines.push_back({what, words, usual});
}

void suite::add_line(std::string line, const std::string &at, int depth) {
    std::istringstream rest(line.substr(0, line.find('#')));
    std::string first, word;
    unsigned words = 0;
    if (!(rest >> first)) {
        return;
    }
    if (first == "include") {
        rest >> word;
        const suite_file *file = find_file(word);
        if (file == nullptr) {
            throw trouble(at + ": include: no suite of the program's own: " + word);
        }
        if (depth == DEPTH_MOST) {
            throw trouble(at + ": include: too many levels at " + word);
        }
        add_text({file->text, file->size}, word, depth + 1);
        return;
    }
    struct shape what;
    if (!shape_parse(first.c_str(), &what)) {
        throw trouble(at + ": not a shape: " + first.substr(0, 100));
    }
    while (rest >> word) {
        words |= word_of(word, at);
    }
    put(what, words, (words & SUITE_ALGORITHMS) == 0);
}

void suite::add_text(const std::string &text, const std::string &where, int depth) {
    std::istringstream all(text);
    std::string line;
    for (int number = 1; std::getline(all, line); number++) {
        const std::string at = where + ":" + std::to_string(number);
        if (line.size() > LINE_MOST) {
            throw trouble(at + ": the line is too long");
        }
        if (line.find('\0') != std::string::npos) {
            throw trouble(at + ": not a text file");
        }
        add_line(line, at, depth);
    }
}

void suite::add(const std::string &name) {
    const suite_file *file = find_file(name);
    if (file != nullptr) {
        add_text({file->text, file->size}, name);
    } else if (name == "quick" || name == "all") {
        suite every;
        for (size_t i = 0; i < suite_file_count; i++) {
            every.add(suite_files[i].name);
        }
        for (const suite_line &line : every.lines) {
            if (name == "all" || (line.words & SUITE_QUICK) != 0) {
                put(line.shape, line.words, line.usual);
            }
        }
    } else {
        add_text(read_file(name), name);
    }
}

void suite::add_shape(const std::string &text, unsigned words) {
    struct shape what;
    if (!shape_parse(text.c_str(), &what)) {
        throw trouble("--shape: not a shape (see --help): " + text.substr(0, 100));
    }
    put(what, words, true);
}
