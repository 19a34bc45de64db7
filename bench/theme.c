#include "theme.h"

#include <stdlib.h>
#include <string.h>

#include "html.h"
#include "output.h"

const theme_colour theme[] = {
    {"background", 0xffffff, 0x14181d}, {"ink", 0x1f2933, 0xe8ebee},
    {"muted", 0x5f6b76, 0x9aa5af},      {"grid", 0xe3e7eb, 0x2b323a},
    {"blue", 0x0072b2, 0x55b0e6},       {"orange", 0xd55e00, 0xf28e3d},
    {"green", 0x009e73, 0x3cc79a},      {"sky", 0x3f9bd1, 0x93cdf2},
    {"pink", 0xbf5f95, 0xe29ac3},       {"ochre", 0xb07d00, 0xe3b341},
    {"violet", 0x6a5acd, 0xa99bf0},
};
const size_t theme_size = sizeof theme / sizeof *theme;

/* ---- the style sheet ---------------------------------------------------------------------- */

/* A property of a style sheet goes before the attribute of the same name. gnuplot writes colours in
 * two ways: of lines and points, and of text. */
static void put_dark_rules(FILE *file, const theme_colour *c) {
    static const char *const properties[] = {"stroke", "fill", "color"};
    const unsigned red = c->light >> 16, green = c->light >> 8 & 255, blue = c->light & 255;
    for (int i = 0; i < 3; i++) {
        fprintf(file, "svg [%s=\"rgb(%3u, %3u, %3u)\"],svg [%s=\"rgb(%u,%u,%u)\"]{%s:#%06x}\n",
                properties[i], red, green, blue, properties[i], red, green, blue, properties[i],
                c->dark);
    }
}

static void put_style(FILE *file) {
    fprintf(file,
            "<style>\n"
            "svg{background:#%06x}\n"
            "svg text{font-family:system-ui,\"Segoe UI\",Roboto,Helvetica,Arial,sans-serif}\n"
            "[id$=gpPt5]{stroke-width:.4}\n" /* circles; gnuplot's are faint */
            "@media (prefers-color-scheme:dark){\n"
            "svg{background:#%06x}\n",
            theme[0].light, theme[0].dark);
    for (size_t i = 0; i < theme_size; i++) {
        put_dark_rules(file, &theme[i]);
    }
    fputs("}\n</style>\n", file);
}

static void put_words(FILE *file, const char *title, const char *description) {
    fputs("<title>", file);
    html_text(file, title);
    fputs("</title>\n<desc>", file);
    html_text(file, description);
    fputs("</desc>\n", file);
}

/* ---- the file ----------------------------------------------------------------------------- */

/* gnuplot names the same things alike in all files; in a page that holds several, names must
 * differ. And it leaves bold type to the name of the font. */
static void put_body(FILE *file, const char *text, const char *prefix) {
    static const char *const names[] = {"gpPt", "gpDot", "gnuplot_", "textbox", "greybox"};
    static const char bold[] = ":Bold\"";
    for (const char *at = text; *at != '\0'; at++) {
        if (strncmp(at, bold, strlen(bold)) == 0) {
            fputs("\" font-weight=\"bold\"", file);
            at += strlen(bold) - 1;
            continue;
        }
        fputc(*at, file);
        for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
            if (strchr("'\"#", *at) != NULL && strncmp(at + 1, names[i], strlen(names[i])) == 0) {
                fprintf(file, "%s-", prefix);
            }
        }
    }
}

static char *read_text(const char *path) {
    FILE *file = fopen(path, "rb");
    if (file == NULL) {
        return NULL;
    }
    long length = fseek(file, 0, SEEK_END) == 0 ? ftell(file) : -1;
    char *text = length > 0 ? malloc((size_t)length + 1) : NULL;
    rewind(file);
    if (text != NULL) {
        text[fread(text, 1, (size_t)length, file)] = '\0';
    }
    fclose(file);
    return text;
}

bool theme_svg(const char *from, const char *path, const theme_words *words, char *why,
               size_t size) {
    char *text = read_text(from), *start = text != NULL ? strstr(text, "<svg") : NULL;
    const char *body = start != NULL ? strchr(start, '>') : NULL;
    output out = {0};
    if (body == NULL) {
        snprintf(why, size, "%s: not a picture of gnuplot's", from);
    } else if (output_open(&out, path, why, size)) {
        const char *made = strstr(++body, "</desc>"); /* that gnuplot made it */
        fwrite(text, 1, (size_t)(body - text), out.file);
        fputc('\n', out.file);
        put_words(out.file, words->title, words->description);
        put_style(out.file);
        put_body(out.file, made != NULL ? made + strlen("</desc>") : body, words->prefix);
    }
    free(text);
    return out.file != NULL && output_close(&out, why, size);
}
