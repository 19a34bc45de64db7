"""index.html: a run as one page that needs no server, no network and no other file: the verdict,
the pictures, every measurement, the machine."""
from html import escape
from pathlib import Path

from canvas import COLOURS, on
from run import SENSES, duration, sum_up, verdict

HERE = Path(__file__).parent


def clean(text):
    """As it stands, whatever is in it: in text and inside attributes."""
    return escape("".join(ch if ch >= " " or ch in "\t\n" else "\ufffd" for ch in str(text)))


class Cell:
    """What a table shows; what it sorts by, where that is another thing; how it looks."""

    def __init__(self, text, value=None, mood=""):
        self.text, self.value, self.mood = text, value, mood


def table(title, columns, rows, footer=(), sortable=False):
    """Columns: (title, meaning or "", whether it is a number). The first one heads the rows."""
    def head(column):
        name, meaning, number = column
        inner = f'<button type="button">{clean(name)}</button>' if sortable else clean(name)
        about = f' title="{clean(meaning)}"' if meaning else ""
        return f'<th scope="col"{" class=number" if number else ""}{about}>{inner}</th>'

    def row(cells):
        made = []
        for i, (column, cell) in enumerate(zip(columns, cells)):
            cell = cell if isinstance(cell, Cell) else Cell(cell)
            kinds = " ".join(filter(None, ("number" if column[2] else "", cell.mood)))
            looks = f' class="{kinds}"' if kinds else ""
            value = f' data-value="{cell.value:.9g}"' if cell.value is not None else ""
            tag = 'th scope="row"' if i == 0 else "td"
            made.append(f"<{tag}{looks}{value}>{clean(cell.text)}</{tag[:2]}>")
        return f"<tr>{''.join(made)}</tr>"

    meanings = "".join(f"<dt>{clean(n)}</dt><dd>{clean(m)}</dd>" for n, m, _ in columns if m)
    about = (f"<details><summary>What the columns mean</summary><dl>{meanings}</dl></details>\n"
             if meanings else "")
    lines = "\n".join(map(row, rows))
    foot = f"<tfoot>{chr(10).join(map(row, footer))}</tfoot>" if footer else ""
    return (f'{about}<div class="scroll" tabindex="0" role="region" aria-label="{clean(title)}">'
            f'<table{" class=sortable" if sortable else ""}>\n<caption>{clean(title)}</caption>\n'
            f"<thead><tr>{''.join(map(head, columns))}</tr></thead>\n<tbody>\n{lines}\n</tbody>"
            f"{foot}</table></div>\n")


def ratio_cell(ratio):
    if not ratio:
        return Cell("-", mood="quiet")
    return Cell(f"{ratio:.2f}", ratio, "good" if ratio >= 1.005 else "bad" if ratio < 0.995 else "")


# ---- sections -------------------------------------------------------------------------------

VERDICT = [("work", "the operation and its shape: channels x rows x columns - output channels "
            "(-dw: depthwise), then s stride, p padding, d dilation, g groups where unusual",
            False),
           ("threads", "", True)]
for sense in SENSES[:2]:
    VERDICT += [(f"{sense}: ours", f"our fastest time on plain {sense} tensors", True),
                ("fastest peer", f"the fastest other library that takes and gives plain {sense} "
                 "tensors, its conversions counted", False),
                ("ratio", "its time divided by ours: above 1 ours is faster", True)]
VERDICT += [("any layout: peer", "the fastest other library in whatever layout suits it; own is an "
             "inner layout of its own, conversions not counted", False),
            ("ratio", "its time divided by our faster one of the two plain layouts", True)]


def verdict_row(row):
    cells = [f"{row['operation']} {row['shape']}{' cold' if row['cold'] else ''}",
             Cell(row["threads"], row["threads"])]
    for sense, pair in zip(SENSES, row["pairs"]):
        ours, peer = pair["ours"], pair["peer"]
        if sense != "any layout":
            cells.append(Cell(duration(ours["min"]), ours["min"]) if ours else "-")
        layout = f" {peer['layout']}" if peer and sense == "any layout" else ""
        cells.append(f"{duration(peer['min'])} {peer['implementation']}{layout}" if peer else "-")
        cells.append(ratio_cell(pair["ratio"]))
    return cells


def sum_row(rows, threads, name):
    cells = [name, "all" if threads is None else threads]
    for i in range(3):
        s = sum_up(rows, i, threads)
        cells += [""] * (i < 2) + [f"faster {s['faster']}, slower {s['slower']}" if s else "-",
                                   ratio_cell(s and s["mean"])]
    return cells


def untimed(run):
    groups = {}
    for r in run.results:
        if r["error"]:
            groups.setdefault((r["implementation"], r["layout"], r["error"]), []).append(r["shape"])
    rows = [(name, layout, len(shapes), shapes[0], why)
            for (name, layout, why), shapes in groups.items()]
    columns = [("implementation", "", False), ("layout", "", False), ("benchmarks", "", True),
               ("the first one's shape", "", False), ("why", "", False)]
    return table("Not timed", columns, rows) if rows else ""


def put_verdict(run, rows):
    if not rows:
        return ""
    footer = [sum_row(rows, t, "geometric mean") for t in sorted({r["threads"] for r in rows})]
    footer += [sum_row(rows, None, "geometric mean")] if len(footer) > 1 else []
    return ('<section id="verdict">\n<h2>Who is fastest</h2>\n<p>Measured side by side in one '
            "process, every output checked. Each time is the fastest repetition's.</p>\n"
            + table("Against the fastest other library", VERDICT, map(verdict_row, rows), footer)
            + untimed(run) + "</section>\n")


def put_tiles(rows):
    what = ("Plain nchw tensors: ours against the fastest other library",
            "Plain nhwc tensors: ours against the fastest other library",
            "Ours in plain layouts against the others in any layout")
    tiles = ""
    for i, words in enumerate(what):
        s = sum_up(rows, i)
        if s:
            worst = s["worst"]
            tiles += (f"<li>{words}<strong class=\"{'good' if s['mean'] >= 0.995 else 'bad'}\">"
                      f"{s['mean']:.2f}</strong>faster on {s['faster']}, slower on {s['slower']} "
                      f"of {s['count']}<br><span class=\"muted\">worst "
                      f"{worst['pairs'][i]['ratio']:.2f}, {clean(worst['shape'])} on "
                      f"{on(worst['threads'])}</span></li>")
    return tiles and (f'<ul class="tiles">{tiles}</ul>\n<p class="muted">Geometric means of the '
                      "fastest peer's time divided by ours, over all shapes and numbers of "
                      "threads: above 1 ours is faster.</p>\n")


def put_pictures(pictures):
    made = ""
    for name, title, words, svg in pictures:
        made += (f'<figure id="{clean(name)}">\n<div class="picture" role="img" tabindex="0" '
                 f'aria-label="{clean(title)}. {clean(words)}">\n{svg[svg.index("<svg"):]}</div>\n'
                 f'<figcaption><a href="{name}.svg">SVG</a>, <a href="{name}.png">PNG</a>, '
                 f'<a href="{name}-dark.png">dark PNG</a></figcaption>\n</figure>\n')
    return made and f'<section id="pictures">\n<h2>Pictures</h2>\n{made}</section>\n'


def put_fusion(run):
    names, rows = {r["name"]: r for r in run.results}, []
    for two in run.ours:
        one = names.get(two["name"].replace("/unfused", ""))
        if "/unfused" in two["name"] and one:
            fused = one["min"] > 0
            said = (duration(one["min"]) if fused else
                    "not offered" if one["error"].startswith("not offered") else "failed")
            rows.append((one["name"], Cell(said, one["min"] if fused else None),
                         Cell(duration(two["min"]), two["min"]),
                         ratio_cell(fused and two["min"] / one["min"])))
    columns = [("convolution, ReLU and pooling", "", False),
               ("one call", "our convolution with the pooling in it", True),
               ("two calls", "our convolution, then our pooling", True),
               ("ratio", "the time of two calls divided by that of one: above 1 fusing is faster",
                True)]
    return rows and ('<section id="fusion">\n<h2>One call or two</h2>\n'
                     + table("Pooling fused into the convolution", columns, rows) + "</section>\n")


def put_regret(run):
    columns = [("instruction set", "", False), ("precision", "", False), ("choices", "", True),
               ("geometric mean", "by how much what AUTO takes is slower than the fastest", True),
               ("worst", "", True), ("where", "", False), ("fastest", "", False)]
    rows = [(e["isa"], e["precision"], e["choices"], Cell(f"{100 * e['mean']:.2f} %", e["mean"]),
             Cell(f"{100 * e['worst']:.1f} %", e["worst"]), e["taken"], e["fastest"])
            for e in run.regret]
    return rows and ('<section id="regret">\n<h2>What AUTO\'s choice costs</h2>\n'
                     + table("AUTO's choice is slower than the fastest candidate by", columns, rows)
                     + "</section>\n")


RESULTS = [("benchmark", "operation/implementation/layout/shape/threads; the name by which it is "
            "run again", False),
           ("kernel", "what ran: of ours, family, instruction set and tile", False),
           ("min", "time of one run: the fastest repetition", True),
           ("median", "time of one run: the middle repetition", True),
           ("GFLOP/s", "multiplications and additions of the direct method, whatever the "
            "algorithm, by the fastest repetition", True),
           ("GB/s", "bytes of src, weights and dst, by the fastest repetition", True),
           ("% of limit", "how near to the roofline: the least time that the measured peak or "
            "bandwidth allows, divided by the fastest repetition; more than 100 is possible for "
            "algorithms with fewer operations", True),
           ("limit", "what that least time comes from: compute (the peak of multiply-adds) or "
            "memory (the bandwidth where the data fit)", False),
           ("x plain C", "how many times faster than plain C loops on one thread", True)]


def result_row(r):
    if not r["min"] > 0:
        return [r["name"], Cell(f"not timed: {r['error'] or 'no result'}", mood="bad")] + [
            Cell("-", mood="quiet")] * 7

    def number(value, decimals=1):
        return Cell(f"{value:.{decimals}f}", value) if value > 0 else Cell("-", mood="quiet")

    times = r["reference_seconds"] / r["min"]
    return [r["name"], r["kernel"], Cell(duration(r["min"]), r["min"]),
            Cell(duration(r["median"]), r["median"]), number(r["flops"] / r["min"] * 1e-9),
            number(r["bytes"] / r["min"] * 1e-9), number(100 * r["bound_seconds"] / r["min"]),
            r["bound"], number(times, 1 if times < 100 else 0)]


def put_results(run):
    # What a peer does not offer is told once, below the verdict.
    rows = [result_row(r) for r in run.results if r["ours"] or r["min"] > 0]
    first = run.results[0]["name"] if run.results else "--help"
    return ('<section id="results">\n<h2>Every measurement</h2>\n<p>To run one line again: '
            "<code>ninetap-bench</code> and the benchmark's name. A click on a row puts its name "
            'into the command; a click on a column\'s head sorts.</p>\n<div class="tools" '
            'id="tools" hidden>\n<input class="command" id="command" readonly aria-label="Command to run a '
            f'line again" value="ninetap-bench {clean(first)}">\n'
            '<button type="button" id="copy">Copy</button>\n<input type="search" id="search" '
            'placeholder="Show only: nhwc 56x56 t1" aria-label="Show only rows with these words">\n'
            "</div>\n" + table("Every measurement", RESULTS, rows, sortable=True) + "</section>\n")


def put_machine(run):
    def size(count):
        return (f"{count / 2 ** 20:.0f} MiB" if count >= 2 ** 20 else
                f"{count / 1024:.0f} KiB" if count > 0 else "-")

    limits = [(f"{'multiply-adds' if l['kind'] == 'flops' else l['kind']}, {l['where']}",
               l["threads"], Cell(f"{l['rate'] * 1e-9:.1f} "
                                  f"{'GFLOP/s' if l['kind'] == 'flops' else 'GB/s'}", l["rate"]),
               size(l["bytes"])) for l in run.limits]
    columns = [("limit", "", False), ("threads", "", True), ("rate", "", True),
               ("working set", "", True)]
    return ('<section id="machine" class="facts">\n<h2>The machine</h2>\n'
            + table("The machine", [("", "", False), ("this run", "", False)], run.facts.items())
            + "<h2>Its limits</h2>\n"
            + table("What it can do at most, measured in this run", columns, limits)
            + "</section>\n")


def page(run, pictures):
    rows = verdict(run)
    colours = [":root{" + "".join(f"--{name}:{both[i]};" for name, both in COLOURS.items()) + "}"
               for i in (0, 1)]
    facts = "".join(f"{before}{clean(run.facts[key])}" for key, before in
                    (("date", ", "), ("ninetap", "; ninetap "), ("compiler", ", "))
                    if key in run.facts)
    links = "".join(f'<a href="#{where}">{words}</a>' for where, words in
                    (("verdict", "Who is fastest"), ("pictures", "Pictures"),
                     ("results", "Every measurement"), ("machine", "The machine"))
                    if where != "verdict" or rows)
    return (f'<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n<meta '
            'name="viewport" content="width=device-width, initial-scale=1">\n'
            f"<title>ninetap on {clean(run.cpu)}</title>\n<style>\n{colours[0]}\n"
            f"@media (prefers-color-scheme:dark){{{colours[1]}}}\n{(HERE / 'page.css').read_text()}"
            f"</style>\n</head>\n<body>\n<header>\n<h1>ninetap on {clean(run.cpu)}</h1>\n"
            f'<p class="muted">3x3 convolution and 2x2 pooling, {len(run.results)} measurements'
            f"{facts}{'; interrupted ' + clean(run.partial) if run.partial else ''}</p>\n"
            f'{put_tiles(rows)}<nav aria-label="Sections">{links}</nav>\n</header>\n<main>\n'
            f"{put_verdict(run, rows)}{put_regret(run) or ''}{put_fusion(run) or ''}"
            f"{put_pictures(pictures)}{put_results(run)}{put_machine(run)}</main>\n<script>\n"
            f"{(HERE / 'page.js').read_text()}</script>\n</body>\n</html>\n")
