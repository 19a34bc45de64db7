#include "page.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "fusion.h"
#include "host.h"
#include "html.h"
#include "output.h"
#include "page_style.h"
#include "page_tables.h"
#include "picture.h"
#include "verdict.h"

/* ---- the head ----------------------------------------------------------------------------- */

static const char *fact_or(const results *r, const char *key, const char *otherwise) {
    const char *value = results_fact(r, key);
    return value != NULL ? value : otherwise;
}

static void put_head(FILE *file, const results *r) {
    const char *cpu = fact_or(r, "CPU", "this machine");
    fputs("<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
          "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
          "<title>ninetap on ",
          file);
    html_text(file, cpu);
    fputs("</title>\n", file);
    page_put_style(file);
    fputs("</head>\n<body>\n<header>\n<h1>ninetap on ", file);
    html_text(file, cpu);
    fputs("</h1>\n<p class=\"muted\">3x3 convolution and 2x2 pooling, ", file);
    fprintf(file, "%zu measurements", r->count);
    static const char *const keys[] = {"date", "ninetap", "compiler"};
    static const char *const before[] = {", ", "; ninetap ", ", "};
    for (size_t i = 0; i < sizeof keys / sizeof *keys; i++) {
        const char *value = results_fact(r, keys[i]);
        if (value != NULL) {
            fputs(before[i], file);
            html_text(file, value);
        }
    }
    fputs("</p>\n", file);
}

static void put_tile(FILE *file, const char *what, const verdict_summary *s, verdict_sense sense) {
    fprintf(file,
            "<li>%s<strong class=\"%s\">%.2f</strong>faster on %zu, slower on %zu of %zu"
            "<br><span class=\"muted\">worst %.2f, ",
            what, verdict_compare(s->mean) < 0 ? "bad" : "good", s->mean, s->faster, s->slower,
            s->count, s->worst->pair[sense].ratio);
    html_text(file, s->worst->shape);
    fprintf(file, " on %d thread%s</span></li>\n", s->worst->threads,
            s->worst->threads == 1 ? "" : "s");
}

static void put_tiles(FILE *file, const verdict *v) {
    static const char *const what[VERDICT_SENSES] = {
        "Plain nchw tensors: ours against the fastest other library",
        "Plain nhwc tensors: ours against the fastest other library",
        "Ours in plain layouts against the others in any layout",
    };
    if (v->row_count == 0) {
        return;
    }
    fputs("<ul class=\"tiles\">\n", file);
    for (verdict_sense sense = 0; sense < VERDICT_SENSES; sense++) {
        if (v->summary[sense].count > 0) {
            put_tile(file, what[sense], &v->summary[sense], sense);
        }
    }
    fputs("</ul>\n<p class=\"muted\">Geometric means of the fastest peer's time divided by ours, "
          "over all shapes and numbers of threads: above 1 ours is faster.</p>\n",
          file);
}

/* ---- sections ----------------------------------------------------------------------------- */

static bool put_table(FILE *file, table *t, bool sortable) {
    bool good = html_table(file, t, sortable);
    table_free(t);
    return good;
}

static void put_meanings(FILE *file, const table_column *columns, size_t count) {
    fputs("<details><summary>What the columns mean</summary>\n<dl>\n", file);
    for (size_t i = 0; i < count; i++) {
        if (columns[i].meaning != NULL) {
            fputs("<dt>", file);
            html_text(file, columns[i].title);
            fputs("</dt><dd>", file);
            html_text(file, columns[i].meaning);
            fputs("</dd>\n", file);
        }
    }
    fputs("</dl>\n</details>\n", file);
}

static bool put_verdict(FILE *file, const results *r, const verdict *v) {
    if (v->row_count == 0) {
        return true;
    }
    table t;
    verdict_fill(&t, v);
    fputs("<section id=\"verdict\">\n<h2>Who is fastest</h2>\n"
          "<p>Measured side by side in one process, every output checked. Each time is the fastest "
          "repetition's.</p>\n",
          file);
    put_meanings(file, t.columns, t.column_count);
    bool good = put_table(file, &t, false);
    verdict_fill_untimed(&t, r);
    if (table_rows(&t) > 0) {
        good = html_table(file, &t, false) && good;
    }
    table_free(&t);
    fputs("</section>\n", file);
    return good;
}

/* The file from its <svg on. */
static bool put_svg(FILE *file, const char *directory, const char *name) {
    char path[4096], line[4096];
    snprintf(path, sizeof path, "%s/%s.svg", directory, name);
    FILE *svg = fopen(path, "r");
    if (svg == NULL) {
        return false;
    }
    bool started = false;
    while (fgets(line, sizeof line, svg) != NULL) { /* the pieces of a long line, one by one */
        started = started || strncmp(line, "<svg", 4) == 0;
        if (started) {
            fputs(line, file);
        }
    }
    fclose(svg);
    return started;
}

static void put_picture(FILE *file, const char *directory, const picture *p) {
    fputs("<figure>\n<div class=\"picture\" role=\"img\" tabindex=\"0\" aria-label=\"", file);
    html_text(file, p->title);
    fputs(". ", file);
    html_text(file, p->description);
    fputs("\">\n", file);
    if (!put_svg(file, directory, p->name)) {
        fprintf(file, "<p>Not drawn: <code>gnuplot %s.gp</code> in this directory draws it.</p>\n",
                p->name);
    }
    fprintf(file,
            "</div>\n<figcaption><a href=\"%s.svg\">SVG</a>, <a href=\"%s.png\">PNG</a>; "
            "<code>gnuplot %s.gp</code> draws it again</figcaption>\n</figure>\n",
            p->name, p->name, p->name);
}

static bool put_pictures(FILE *file, const char *directory, const results *r) {
    picture_list list;
    if (!picture_list_make(&list, r)) {
        return false;
    }
    if (list.count > 0) {
        fputs("<section id=\"pictures\">\n<h2>Pictures</h2>\n", file);
        for (size_t i = 0; i < list.count; i++) {
            put_picture(file, directory, &list.items[i]);
        }
        fputs("</section>\n", file);
    }
    picture_list_free(&list);
    return true;
}

static bool put_fusion(FILE *file, const results *r) {
    table t;
    bool good = true;
    fusion_fill(&t, r);
    if (t.failed || table_rows(&t) > 0) {
        fputs("<section id=\"fusion\">\n<h2>One call or two</h2>\n", file);
        good = html_table(file, &t, false);
        fputs("</section>\n", file);
    }
    table_free(&t);
    return good;
}

static bool put_results(FILE *file, const results *r) {
    table t;
    page_fill_results(&t, r);
    fputs("<section id=\"results\">\n<h2>Every measurement</h2>\n<p>To run one line again: "
          "<code>ninetap-bench</code> and the benchmark's name.",
          file);
    fputs(
        " A click on a row puts its name into the command; a click on a column's head sorts.</p>\n"
        "<div class=\"tools\" id=\"tools\" hidden>\n"
        "<input class=\"command\" id=\"command\" readonly aria-label=\"Command to run a line "
        "again\" value=\"ninetap-bench ",
        file);
    html_text(file, r->count > 0 ? r->items[0].name : "--help");
    fputs("\">\n<button type=\"button\" id=\"copy\">Copy</button>\n"
          "<input type=\"search\" id=\"search\" placeholder=\"Show only: nhwc 56x56 t1\" "
          "aria-label=\"Show only rows with these words\">\n</div>\n",
          file);
    put_meanings(file, t.columns, t.column_count);
    bool good = put_table(file, &t, true);
    fputs("</section>\n", file);
    return good;
}

static bool put_machine(FILE *file, const results *r) {
    table facts, limits;
    page_fill_facts(&facts, r);
    page_fill_limits(&limits, r);
    fputs("<section id=\"machine\" class=\"facts\">\n<h2>The machine</h2>\n", file);
    bool good = put_table(file, &facts, false);
    fputs("<h2>Its limits</h2>\n", file);
    good = put_table(file, &limits, false) && good;
    fputs("</section>\n", file);
    return good;
}

static bool put_page(FILE *file, const char *directory, const results *r) {
    verdict v;
    if (!verdict_make(&v, r)) {
        return false;
    }
    put_head(file, r);
    put_tiles(file, &v);
    fprintf(file,
            "<nav aria-label=\"Sections\">%s<a href=\"#pictures\">Pictures</a><a href=\"#results\">"
            "Every measurement</a><a href=\"#machine\">The machine</a></nav>\n</header>\n<main>\n",
            v.row_count > 0 ? "<a href=\"#verdict\">Who is fastest</a>" : "");
    bool good = put_verdict(file, r, &v);
    good = good && put_fusion(file, r) && put_pictures(file, directory, r) &&
           put_results(file, r) && put_machine(file, r);
    fputs("</main>\n", file);
    page_put_script(file);
    fputs("</body>\n</html>\n", file);
    verdict_free(&v);
    return good;
}

bool page_write(const char *directory, const results *r, char *why, size_t size) {
    char path[4096];
    snprintf(path, sizeof path, "%s/index.html", directory);
    if (!host_make_directory(directory) && errno != EEXIST) {
        snprintf(why, size, "cannot make %s: %s", directory, strerror(errno));
        return false;
    }
    output out;
    if (!output_open(&out, path, why, size)) {
        return false;
    }
    if (!put_page(out.file, directory, r)) {
        output_discard(&out);
        snprintf(why, size, "out of memory");
        return false;
    }
    return output_close(&out, why, size);
}
