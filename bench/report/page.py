"""index.html: a run as one page that needs no server, no network and no other file: the verdict,
the pictures, every measurement, the machine."""
from html import escape
from pathlib import Path
from string import Template

from canvas import COLOURS
from run import verdict
from summary import numbers
from tables import (fact_table, fusion_table, limit_table, regret_table, result_table,
                    untimed_table, verdict_table)


def clean(text):
    """As it stands, whatever is in it: in text and inside attributes."""
    return escape("".join(ch if ch >= " " or ch in "\t\n" else "\ufffd" for ch in str(text)))


def html(table, sortable=False):
    def head(column):
        name, meaning, number = column
        inner = f'<button type="button">{clean(name)}</button>' if sortable else clean(name)
        about = f' title="{clean(meaning)}"' if meaning else ""
        return f'<th scope="col"{" class=number" if number else ""}{about}>{inner}</th>'

    def row(cells):
        made = []
        for i, (column, cell) in enumerate(zip(table.columns, cells)):
            kinds = " ".join(filter(None, ("number" if column[2] else "", cell.mood)))
            looks = f' class="{kinds}"' if kinds else ""
            value = f' data-value="{cell.value:.9g}"' if cell.value is not None else ""
            tag = 'th scope="row"' if i == 0 else "td"
            made.append(f"<{tag}{looks}{value}>{clean(cell.text)}</{tag[:2]}>")
        return f"<tr>{''.join(made)}</tr>"

    meanings = "".join(f"<dt>{clean(n)}</dt><dd>{clean(m)}</dd>" for n, m, _ in table.columns if m)
    about = (f"<details><summary>What the columns mean</summary><dl>{meanings}</dl></details>\n"
             if meanings else "")
    lines = "\n".join(map(row, table.rows))
    foot = f"<tfoot>{chr(10).join(map(row, table.footer))}</tfoot>" if table.footer else ""
    return (f'{about}<div class="scroll" tabindex="0" role="region" '
            f'aria-label="{clean(table.title)}"><table{" class=sortable" if sortable else ""}>\n'
            f"<caption>{clean(table.title)}</caption>\n<thead><tr>"
            f"{''.join(map(head, table.columns))}</tr></thead>\n<tbody>\n{lines}\n</tbody>"
            f"{foot}</table></div>\n")


def section(name, heading, *tables, words=""):
    """Nothing without a table."""
    made = "".join(html(table) for table in tables if table)
    return made and f'<section id="{name}">\n<h2>{heading}</h2>\n{words}{made}</section>\n'


def put_tiles(run):
    tiles = "".join(f"<li><strong>{number} {unit}</strong>{clean(what)}</li>"
                    for number, unit, what in numbers(run))
    return tiles and f'<ul class="tiles">{tiles}</ul>\n'


def put_pictures(pictures):
    made = ""
    for name, title, words, svg in pictures:
        made += (f'<figure id="{clean(name)}">\n<div class="picture" role="img" tabindex="0" '
                 f'aria-label="{clean(title)}. {clean(words)}">\n{svg[svg.index("<svg"):]}</div>\n'
                 f'<figcaption><a href="{name}.svg">SVG</a>, <a href="{name}.png">PNG</a>, '
                 f'<a href="{name}-dark.png">dark PNG</a></figcaption>\n</figure>\n')
    return made and f'<section id="pictures">\n<h2>Pictures</h2>\n{made}</section>\n'


def page(run, pictures):
    rows = verdict(run)
    light, dark = ("".join(f"--{name}:{both[i]};" for name, both in COLOURS.items())
                   for i in (0, 1))
    facts = "".join(f"{before}{clean(run.facts[key])}" for key, before in
                    (("date", ", "), ("ninetap", "; ninetap "), ("compiler", ", "))
                    if key in run.facts)
    links = "".join(f'<a href="#{where}">{words}</a>' for where, words in
                    (("verdict", "Who is fastest"), ("pictures", "Pictures"),
                     ("results", "Every measurement"), ("machine", "The machine"))
                    if where != "verdict" or rows)
    sections = (
        section("verdict", "Who is fastest", verdict_table(run), rows and untimed_table(run),
                words="<p>Measured side by side in one process, every output checked. Each time is "
                      "the fastest repetition's.</p>\n"),
        section("regret", "What AUTO's choice costs", regret_table(run)),
        section("fusion", "One call or two", fusion_table(run)), put_pictures(pictures))
    return Template((Path(__file__).parent / "page.html").read_text()).substitute(
        cpu=clean(run.cpu), light=light, dark=dark, count=len(run.results), links=links,
        facts=facts + (f"; interrupted {clean(run.partial)}" if run.partial else ""),
        tiles=put_tiles(run), sections="".join(sections),
        first=clean(run.results[0]["name"] if run.results else "--help"),
        results=html(result_table(run), sortable=True),
        machine=section("machine", "The machine and its limits", fact_table(run), limit_table(run)))
