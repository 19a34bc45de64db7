"""What a run says, as tables: for a terminal, as Markdown, as CSV, and for the page."""
import csv
import io

from run import SENSES, duration, fusions, grouped, rate, regrets, sum_up, unit, verdict


class Cell:
    """What a table shows; what it sorts by, where that is another thing; how it looks."""

    def __init__(self, text, value=None, mood=""):
        self.text, self.value, self.mood = str(text), value, mood


def one_line(text):
    return "".join(ch if ch >= " " else " " for ch in text)


class Table:
    """Columns: "title", "#title" of numbers, or either with its meaning. The first one heads the
    rows; the footer's rows sum up the others."""

    def __init__(self, title, columns, rows, footer=()):
        pairs = [(c, "") if isinstance(c, str) else c for c in columns]
        self.title = title
        self.columns = [(name.lstrip("#"), about, name.startswith("#")) for name, about in pairs]
        self.rows, self.footer = ([[cell if isinstance(cell, Cell) else Cell(cell) for cell in row]
                                   for row in some] for some in (rows, footer))

    def lines(self, left, between, right, clean):
        """The titles and each row, all columns of one width."""
        rows = [[c[0] for c in self.columns]] + [[one_line(cell.text) for cell in row]
                                                 for row in self.rows + self.footer]
        rows = [[clean(cell) for cell in row] for row in rows]
        widths = [max(map(len, column)) for column in zip(*rows)]
        for row in rows:
            cells = [cell.rjust(width) if number else cell.ljust(width)
                     for cell, width, (_, _, number) in zip(row, widths, self.columns)]
            yield (left + between.join(cells) + right).rstrip()

    def text(self):
        lines = list(self.lines("", "  ", "", str))
        if self.footer:
            lines.insert(1 + len(self.rows), "")
        return "\n".join([self.title, ""] + lines) + "\n"

    def markdown(self):
        head, *lines = self.lines("| ", " | ", " |", lambda cell: cell.replace("|", "\\|"))
        rule = "".join("| ---: " if number else "| --- " for *_, number in self.columns) + "|"
        return "\n".join([f"**{self.title}**", "", head, rule] + lines) + "\n"


def ratio_cell(ratio):
    if not ratio:
        return Cell("-", mood="quiet")
    return Cell(f"{ratio:.2f}", ratio, "good" if ratio >= 1.005 else "bad" if ratio < 0.995 else "")


def time_cell(seconds):
    return Cell(duration(seconds), seconds)


def number_cell(value, decimals=1):
    return Cell(f"{value:.{decimals}f}", value) if value > 0 else Cell("-", mood="quiet")


# ---- ours against the peers -----------------------------------------------------------------

VERDICT = [("work", "the operation and its shape: channels x rows x columns - output channels "
            "(-dw: depthwise), then s stride, p padding, d dilation, g groups where unusual"),
           "#threads"]
for sense in SENSES[:2]:
    VERDICT += [(f"#{sense}: ours", f"our fastest time on plain {sense} tensors"),
                ("fastest peer", f"the fastest other library that takes and gives plain {sense} "
                 "tensors, its conversions counted"),
                ("#ratio", "its time divided by ours: above 1 ours is faster")]
VERDICT += [("any layout: peer", "the fastest other library in whatever layout suits it; own is an "
             "inner layout of its own, conversions not counted"),
            ("#ratio", "its time divided by our faster one of the two plain layouts")]


def verdict_row(row):
    cells = [f"{row['operation']} {row['shape']}{' cold' if row['cold'] else ''}",
             Cell(row["threads"], row["threads"])]
    for sense, pair in zip(SENSES, row["pairs"]):
        ours, peer = pair["ours"], pair["peer"]
        if sense != "any layout":
            cells.append(time_cell(ours["min"]) if ours else "-")
        layout = f" {peer['layout']}" if peer and sense == "any layout" else ""
        cells.append(f"{duration(peer['min'])} {peer['implementation']}{layout}" if peer else "-")
        cells.append(ratio_cell(pair["ratio"]))
    return cells


def footer_row(name, threads, sums, said):
    cells = [name, threads]
    for i, one in enumerate(sums):
        words, ratio = said(one, i) if one else ("-", None)
        cells += [""] * (i < 2) + [words, ratio_cell(ratio)]
    return cells


def mean_of(one, _):
    return f"faster {one['faster']}, slower {one['slower']}", one["mean"]


def worst_of(one, sense):
    worst = one["worst"]
    return f"{worst['shape']} t{worst['threads']}", worst["pairs"][sense]["ratio"]


def verdict_table(run):
    """None without peers, as the others where they have no rows."""
    rows = verdict(run)
    threads = sorted({row["threads"] for row in rows})
    sums = {t: [sum_up(rows, i, t) for i in range(3)] for t in [*threads, None]}
    footer = [footer_row("geometric mean", t or "all", sums[t], mean_of)
              for t in (sums if len(threads) > 1 else [None])]
    return rows and Table("Against the fastest other library (ratio: its time / ours, above 1 ours "
                          "is faster)", VERDICT, map(verdict_row, rows),
                          footer + [footer_row("worst case", "", sums[None], worst_of)])


def untimed_table(run):
    """Once for each implementation, layout and reason."""
    groups = grouped((r for r in run.results if r["error"]),
                     lambda r: (r["implementation"], r["layout"], r["error"]))
    columns = ["implementation", "layout", "#benchmarks", "the first one's shape", "why"]
    return groups and Table("Not timed", columns, (
        (name, layout, len(results), results[0]["shape"], why)
        for (name, layout, why), results in groups.items()))


# ---- ours alone -----------------------------------------------------------------------------


def fusion_table(run):
    columns = ["convolution, ReLU and pooling",
               ("#one call", "our convolution with the pooling in it"),
               ("#two calls", "our convolution, then our pooling"),
               ("#ratio", "the time of two calls divided by that of one: above 1 fusing is faster")]
    rows = []
    for one, two in fusions(run):
        fused = one["min"] > 0
        said = "not offered" if one["error"].startswith("not offered") else "failed"
        rows.append((one["name"], time_cell(one["min"]) if fused else said, time_cell(two["min"]),
                     ratio_cell(fused and two["min"] / one["min"])))
    return rows and Table("Pooling fused into the convolution (ratio: two calls / one)", columns,
                          rows)


def kernel_name(result):
    """The tiles of all sizes of Winograd's have one name."""
    return result["kernel"] if result["algorithm"] == "direct" else result["algorithm"]


def regret_table(run):
    columns = ["ISA", "precision",
               ("#choices", "of shapes, in each layout and on each number of threads"),
               ("#geometric mean", "by how much what AUTO takes is slower than the fastest"),
               "#worst", "where", "AUTO's", "fastest"]
    rows = [(e["isa"], e["precision"], e["choices"], Cell(f"{100 * e['mean']:.2f} %", e["mean"]),
             Cell(f"{100 * e['worst']:.1f} %", e["worst"]),
             f"{e['taken']['shape']} {e['taken']['layout']} t{e['taken']['threads']}",
             kernel_name(e["taken"]), kernel_name(e["fastest"])) for e in regrets(run)]
    return rows and Table("AUTO's choice is slower than the fastest candidate by", columns, rows)


RESULTS = [("benchmark", "operation/implementation/layout/shape/threads; the name by which it is "
            "run again"),
           ("kernel", "what ran: of ours, family, instruction set and tile"),
           ("#min", "time of one run: the fastest repetition"),
           ("#median", "time of one run: the middle repetition"),
           ("#rate", "by the fastest repetition: multiplications and additions of the direct "
            "method, whatever the algorithm; of pooling and softmax, bytes of src and dst; of image "
            "filters, values of their channels"),
           ("#% of limit", "how near to the roofline: the least time that the measured peak or "
            "bandwidth allows, divided by the fastest repetition; more than 100 is possible for "
            "algorithms with fewer operations"),
           ("limit", "what that least time comes from: compute (the peak of multiply-adds) or "
            "memory (the bandwidth where the data fit)"),
           ("#x plain C", "how many times faster than plain C loops on one thread")]


def result_row(r):
    if not r["min"] > 0:
        return [r["name"], Cell(r["error"], mood="bad")] + [Cell("-", mood="quiet")] * 6
    times = r["reference_seconds"] / r["min"]
    return [r["name"], r["kernel"], time_cell(r["min"]), time_cell(r["median"]),
            Cell(f"{rate(r):.1f} {unit(r)}", rate(r)),
            number_cell(100 * r["limit_seconds"] / r["min"]), r["bound"],
            number_cell(times, 1 if times < 100 else 0)]


def result_table(run):
    # What a peer does not offer is told once, below the verdict.
    return Table("Every measurement", RESULTS, map(result_row, (
        r for r in run.results if r["ours"] or r["min"] > 0)))


# ---- the machine ----------------------------------------------------------------------------


def size_of(count):
    return (f"{count / 2 ** 20:.0f} MiB" if count >= 2 ** 20 else
            f"{count / 1024:.0f} KiB" if count > 0 else "-")


def fact_table(run):
    return Table("The machine", ["", "this run"], run.facts.items())


def limit_table(run):
    rows = []
    for l in run.limits:
        what, of = ("multiply-adds", "GFLOP/s") if l["kind"] == "flops" else (l["kind"], "GB/s")
        rows.append((f"{what}, {l['where']}", l["threads"],
                     Cell(f"{l['rate'] * 1e-9:.1f} {of}", l["rate"]), size_of(l["bytes"])))
    return Table("What it can do at most, measured in this run",
                 ["limit", "#threads", "#rate", "#working set"], rows)


# ---- all of them ----------------------------------------------------------------------------


def conclusions(run):
    """What stands below the measurements."""
    others = verdict_table(run)
    found = [fusion_table(run), others, others and untimed_table(run), regret_table(run)]
    return [table for table in found if table]


def markdown(run):
    """A page to post."""
    part = [f"Interrupted {run.partial}.\n"] if run.partial else []
    tables = [fact_table(run), limit_table(run), *conclusions(run), result_table(run)]
    return "\n".join(part + [table.markdown() for table in tables])


def comma_separated(run):
    """RFC 4180, a line each."""
    texts = ("name", "operation", "implementation", "layout", "shape", "algorithm", "kernel",
             "bound", "error", "candidate")
    numbers = ("min", "median", "flops", "bytes", "limit_seconds", "reference_seconds")
    file = io.StringIO()
    writer = csv.writer(file, lineterminator="\n")
    writer.writerow((*texts, "ours", "cold", "threads", "repetitions", *numbers))
    for r in run.results:
        writer.writerow((*(r[key] for key in texts), int(r["ours"]), int(r["cold"]), r["threads"],
                         len(r["seconds"]), *(f"{r[key]:.9g}" for key in numbers)))
    return file.getvalue()
