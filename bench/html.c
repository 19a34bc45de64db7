#include "html.h"

#include <math.h>

void html_text(FILE *file, const char *text) {
    for (; *text != '\0'; text++) {
        switch (*text) {
        case '&':
            fputs("&amp;", file);
            break;
        case '<':
            fputs("&lt;", file);
            break;
        case '>':
            fputs("&gt;", file);
            break;
        case '"':
            fputs("&quot;", file);
            break;
        case '\'':
            fputs("&#39;", file);
            break;
        default:
            if ((unsigned char)*text < ' ' && *text != '\t' && *text != '\n') {
                fputs("&#xFFFD;", file);
            } else {
                fputc(*text, file);
            }
        }
    }
}

static void put_head(FILE *file, const table *t, bool sortable) {
    fputs("<thead><tr>", file);
    for (size_t i = 0; i < t->column_count; i++) {
        const table_column *c = &t->columns[i];
        fprintf(file, "<th scope=\"col\"%s", c->number ? " class=\"number\"" : "");
        if (c->meaning != NULL) {
            fputs(" title=\"", file);
            html_text(file, c->meaning);
            fputs("\"", file);
        }
        fputs(sortable ? "><button type=\"button\">" : ">", file);
        html_text(file, c->title);
        fputs(sortable ? "</button></th>" : "</th>", file);
    }
    fputs("</tr></thead>\n", file);
}

static void put_cell(FILE *file, const table *t, size_t column, const table_cell *cell) {
    static const char *const moods[] = {"", " good", " bad", " quiet"};
    const bool number = t->columns[column].number, head = column == 0;
    fputs(head ? "<th scope=\"row\"" : "<td", file);
    if (number || cell->mood != TABLE_PLAIN) {
        fprintf(file, " class=\"%s%s\"", number ? "number" : "", moods[cell->mood]);
    }
    if (number && !isnan(cell->value)) {
        fprintf(file, " data-value=\"%.9g\"", cell->value);
    }
    fputc('>', file);
    html_text(file, cell->text);
    fputs(head ? "</th>" : "</td>", file);
}

bool html_table(FILE *file, const table *t, bool sortable) {
    if (t->failed) {
        return false;
    }
    fprintf(file, "<div class=\"scroll\" tabindex=\"0\" role=\"region\" aria-label=\"");
    html_text(file, t->title);
    fprintf(file, "\"><table%s>\n<caption>", sortable ? " class=\"sortable\"" : "");
    html_text(file, t->title);
    fputs("</caption>\n", file);
    put_head(file, t, sortable);
    fputs("<tbody>\n", file);
    for (size_t row = 0, rows = table_rows(t); row < rows; row++) {
        if (row == rows - t->footer_rows) {
            fputs("</tbody><tfoot>\n", file);
        }
        fputs("<tr>", file);
        for (size_t i = 0; i < t->column_count; i++) {
            put_cell(file, t, i, &t->cells[row * t->column_count + i]);
        }
        fputs("</tr>\n", file);
    }
    fputs(t->footer_rows > 0 ? "</tfoot></table></div>\n" : "</tbody></table></div>\n", file);
    return true;
}
