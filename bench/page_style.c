#include "page_style.h"

#include "theme.h"

static void put_colours(FILE *file, bool dark) {
    fputs(":root{", file);
    for (size_t i = 0; i < theme_size; i++) {
        fprintf(file, "--%s:#%06x;", theme[i].name, dark ? theme[i].dark : theme[i].light);
    }
    fputs("}\n", file);
}

static const char style[] =
    ":root{color-scheme:light dark}\n"
    "*{box-sizing:border-box}\n"
    "body{margin:0 auto;padding:2rem 1.25rem 4rem;max-width:80rem;background:var(--background);"
    "color:var(--ink);font:16px/1.5 system-ui,\"Segoe UI\",Roboto,Helvetica,Arial,sans-serif}\n"
    "h1{font-size:1.9rem;line-height:1.2;margin:0 0 .4rem}\n"
    "h2{font-size:1.35rem;margin:3.2rem 0 .6rem}\n"
    "p,dl,ul{max-width:46rem}\n"
    "a{color:var(--blue)}\n"
    "code,.command{font-family:ui-monospace,Menlo,Consolas,\"DejaVu Sans Mono\",monospace;"
    "font-size:.92em;overflow-wrap:anywhere}\n"
    ".muted,caption,figcaption{color:var(--muted)}\n"
    "nav{display:flex;flex-wrap:wrap;gap:.3rem 1.2rem;margin:1rem 0 0}\n"
    ".tiles{display:grid;grid-template-columns:repeat(auto-fit,minmax(13rem,1fr));gap:1rem;"
    "margin:1.6rem 0 0;padding:0;max-width:none;list-style:none}\n"
    ".tiles li{border:1px solid var(--grid);border-radius:.6rem;padding:.9rem 1.1rem}\n"
    ".tiles strong{display:block;font-size:2rem;line-height:1.25;font-variant-numeric:"
    "tabular-nums}\n"
    ".good{color:var(--blue);font-weight:600}\n"
    ".bad{color:var(--orange);font-weight:600}\n"
    ".quiet{color:var(--muted)}\n"
    ".scroll{overflow:auto;max-height:85vh;border:1px solid var(--grid);border-radius:.6rem}\n"
    ".scroll+.scroll{margin-top:1rem}\n"
    "table{border-collapse:collapse;width:100%;font-size:.84rem;font-variant-numeric:tabular-nums}"
    "\n"
    "caption{text-align:left;padding:.6rem .5rem;white-space:nowrap}\n"
    "th,td{padding:.26rem .5rem;text-align:left;white-space:nowrap;border-top:1px solid "
    "var(--grid)}\n"
    "th{font-weight:500}\n"
    "thead th{position:sticky;top:0;background:var(--background);font-weight:600;box-shadow:0 1px "
    "var(--grid)}\n"
    ".number{text-align:right}\n"
    "tfoot th,tfoot td{font-weight:600}\n"
    "tfoot tr:first-child>*{border-top:2px solid var(--muted)}\n"
    "#verdict tbody th,#verdict tfoot th{position:sticky;left:0;background:var(--background)}\n"
    "tbody tr:hover{background:var(--grid)}\n"
    "thead button{all:unset;cursor:pointer}\n"
    "thead button:focus-visible,.scroll:focus-visible{outline:2px solid var(--blue);"
    "outline-offset:2px}\n"
    "th[aria-sort] button::after{content:\" \\2191\"}\n"
    "th[aria-sort=descending] button::after{content:\" \\2193\"}\n"
    ".facts td{white-space:normal}\n"
    ".facts .scroll{max-height:none}\n"
    "figure{margin:1.6rem 0;max-width:60rem}\n"
    ".picture{overflow-x:auto}\n"
    ".picture svg{display:block;width:100%;min-width:36rem;height:auto}\n"
    "figcaption{font-size:.86rem}\n"
    ".tools{display:flex;flex-wrap:wrap;gap:.6rem;margin:.8rem 0}\n"
    ".tools input{flex:1 1 18rem;min-width:0}\n"
    "input,.tools button{font-size:.95rem;padding:.4rem .6rem;border:1px solid var(--muted);"
    "border-radius:.4rem;background:var(--background);color:var(--ink)}\n"
    ".sortable tbody tr{cursor:pointer}\n"
    "details{margin:.8rem 0}\n"
    "dt{font-weight:600}\n"
    "dd{margin:0 0 .5rem}\n";

void page_put_style(FILE *file) {
    fputs("<style>\n", file);
    put_colours(file, false);
    fputs("@media (prefers-color-scheme:dark){", file);
    put_colours(file, true);
    fputs("}\n", file);
    fputs(style, file);
    fputs("</style>\n", file);
}

/* Sorting by a column's head; the name of a clicked row into the command; a search. Without the
 * script all of it is there to read. */
static const char script[] =
    "'use strict';\n"
    "const value = (row, column) => {\n"
    "  const cell = row.cells[column];\n"
    "  return cell.matches('.number') ? Number(cell.dataset.value) : cell.textContent;\n"
    "};\n"
    "for (const head of document.querySelectorAll('.sortable thead th')) {\n"
    "  head.firstChild.addEventListener('click', () => {\n"
    "    const up = head.getAttribute('aria-sort') !== 'ascending';\n"
    "    const body = head.closest('table').tBodies[0], column = head.cellIndex;\n"
    "    for (const other of head.parentNode.cells) other.removeAttribute('aria-sort');\n"
    "    head.setAttribute('aria-sort', up ? 'ascending' : 'descending');\n"
    "    const order = (a, b) => {\n"
    "      const x = value(a, column), y = value(b, column);\n"
    "      if (Number.isNaN(x) || Number.isNaN(y)) return Number.isNaN(x) - Number.isNaN(y);\n"
    "      const sign = typeof x === 'number' ? x - y : x.localeCompare(y, 'en', {numeric: "
    "true});\n"
    "      return up ? sign : -sign;\n"
    "    };\n"
    "    body.append(...[...body.rows].sort(order));\n"
    "  });\n"
    "}\n"
    "const tools = document.getElementById('tools');\n"
    "if (tools !== null) {\n"
    "  const command = document.getElementById('command');\n"
    "  const rows = document.querySelectorAll('#results tbody tr');\n"
    "  tools.hidden = false;\n"
    "  document.querySelector('#results tbody').addEventListener('click', event => {\n"
    "    const row = event.target.closest('tr');\n"
    "    command.value = 'ninetap-bench ' + row.cells[0].textContent;\n"
    "  });\n"
    "  document.getElementById('copy').addEventListener('click', () => {\n"
    "    command.select();\n"
    "    if (navigator.clipboard) navigator.clipboard.writeText(command.value);\n"
    "    else document.execCommand('copy');\n"
    "  });\n"
    "  document.getElementById('search').addEventListener('input', event => {\n"
    "    const words = event.target.value.toLowerCase().split(/\\s+/);\n"
    "    for (const row of rows) {\n"
    "      const text = row.textContent.toLowerCase();\n"
    "      row.hidden = !words.every(word => text.includes(word));\n"
    "    }\n"
    "  });\n"
    "}\n";

void page_put_script(FILE *file) {
    fprintf(file, "<script>\n%s</script>\n", script);
}
