"""The picture to show around: this CPU against its limits and beside other libraries, on a page."""
from statistics import median

from canvas import KINDS, Sheet, foot, on, plain_ticks
from run import fastest, geometric_mean, grouped, kind, manner, rate, sum_up, verdict

HUES = {"convolution, direct": "blue", "convolution, Winograd": "sky", **KINDS,
        "network, Winograd": "pink"}
LINE = 0.3
PEERS = ("orange", "green", "pink", "ochre", "violet", "sky", "muted")


def best_per_shape(run, threads):
    """Our fastest benchmark for each shape, as AUTO does it in default precision."""
    known = [r for r in run.ours if r["threads"] == threads and not r["cold"]
             and manner(r) in ("", "/unfused")]
    return list(map(fastest, grouped(known, lambda r: (r["operation"], r["shape"])).values()))


def limit_rows(results):
    """Per kind of work, how near each shape is to its limit."""
    def name(r):
        winograd = r["algorithm"].startswith("winograd")
        return kind(r) + (", Winograd" if winograd else
                          ", direct" if kind(r) == "convolution" else "")

    known = grouped((r for r in results if r["limit_seconds"] > 0), name)
    return {what: [100 * r["limit_seconds"] / r["min"] for r in some]
            for what, some in known.items()}


def peer_rows(run):
    """Per library and number of threads, its time divided by ours for each shape: either in its
    fastest layout."""
    rows = {}
    for row in (row for row in verdict(run) if row["pairs"][2]["ratio"] and not row["cold"]):
        theirs = grouped((r for r in row["results"] if not r["ours"]),
                         lambda r: r["implementation"])
        for name, some in theirs.items():
            ratio = fastest(some)["min"] / row["pairs"][2]["ours"]["min"]
            rows.setdefault((name, row["threads"]), []).append(ratio)
    return dict(sorted(rows.items()))


def numbers(run):
    """(number, unit, what it is) of each that tells most."""
    made, threads = [], min(run.threads(), default=1)
    results, peaks = best_per_shape(run, threads), run.limits_of("flops", threads)
    if peaks:
        peak = max(peaks, key=lambda l: l["rate"])
        made.append((f"{peak['rate'] * 1e-9:.0f}", "GFLOP/s",
                     f"multiply-add peak\n{peak['where']}"))
    convolutions = [r for r in results if kind(r) == "convolution"]
    if convolutions:
        best = max(convolutions, key=rate)
        made.append((f"{rate(best):.0f}", "GFLOP/s", f"fastest convolution\n{best['shape']}"))
    times = [r["reference_seconds"] / r["min"] for r in results if r["reference_seconds"] > 0]
    if times:
        made.append((f"{geometric_mean(times):.0f}x", "",
                     f"as fast as plain C\n{len(times)} shapes"))
    total = sum_up(verdict(run), 2)
    if total:
        made.append((f"{total['mean']:.2f}x", "",
                     "as fast as the fastest\nother library, any layout"))
    elif run.limits_of("copy", threads):
        last = run.limits_of("copy", threads)[-1]
        made.append((f"{last['rate'] * 1e-9:.0f}", "GB/s", f"copy bandwidth\n{last['where']}"))
    return made


def strip(sheet, where, rows, middle, unit, mark, **settings):
    """A row of dots for each of (name, values, hue); `mark` is where the limit or we are."""
    ax = sheet.rows(len(rows), where, **settings)
    low, high = ax.get_xlim()
    ax.axvline(mark, color=sheet.c["ink"], linewidth=1.3)
    for y, (name, values, hue) in enumerate(rows):
        colour, center = sheet.c[hue], middle(values)
        shown = [min(max(v, low), high) for v in (*values, center)]
        ax.plot(shown[:-1], [y] * len(values), "o", color=colour, markersize=5, alpha=0.55,
                markeredgewidth=0, clip_on=False)
        ax.plot(shown[-1:] * 2, (y - 0.34, y + 0.34), color=colour, linewidth=3, zorder=4)
        sheet.beside(ax, 0, y, name)
        sheet.beside(ax, 1, y, unit.format(center), hue, weight="bold", size=10)
    plain_ticks(ax.xaxis, settings["xticks"])


def put_numbers(sheet, where, tiles):
    ax = sheet.axes(where, None)
    ax.set_axis_off()
    muted = sheet.c["muted"]
    for i, (number, unit, what) in enumerate(tiles):
        big = ax.annotate(number, (0.02 + i / len(tiles), 1), va="top", size=22, weight="bold",
                          xycoords=("subfigure fraction", "axes fraction"), color=sheet.c["blue"])
        for words, corner, offset, va in ((unit, (1, 0), (6, 3), "bottom"),
                                          (what, (0, 0), (0, -8), "top")):
            ax.annotate(words, corner, offset, xycoords=big, textcoords="offset points", va=va,
                        linespacing=1.25, color=muted)
    for words in ax.texts:
        words.set_in_layout(False)  # they may be wider than the other axes


def summary(run):
    threads = min(run.threads(), default=1)
    results = best_per_shape(run, threads)
    if not results:
        return None
    limits, others = limit_rows(results), peer_rows(run)
    title = f"ninetap on {run.cpu}"
    copies = ", ".join(f"{l['where']} {l['rate'] * 1e-9:.0f}"
                       for l in run.limits_of("copy", threads))
    words = ("3x3 convolution and 2x2 pooling in C: every kernel verified, then timed on this CPU "
             f"({on(threads)} unless a line says another number)."
             + (f" Copy bandwidth measured here, GB/s: {copies}." if copies else ""))

    def draw(c):
        heights = [0.95] + [1.05 + LINE * len(rows) for rows in (limits, others) if rows]
        sheet = Sheet(c, title, words, sum(heights) + 0.3, foot(run))
        places = iter(sheet.body.add_gridspec(len(heights), 1, height_ratios=heights))
        put_numbers(sheet, next(places), numbers(run))
        if limits:
            most = max(v for values in limits.values() for v in values)
            ticks = range(0, 101, 20) if most <= 105 else range(0, int(most) // 50 * 50 + 51, 50)
            strip(sheet, next(places),
                  [(name, limits[name], hue) for name, hue in HUES.items() if name in limits],
                  median, "{:.0f} %", 100, xticks=ticks, xlim=(0, ticks[-1]),
                  title="How near to this CPU's limits",
                  x="% of what multiply-add peak or copy bandwidth allow; Winograd passes 100")
        if others:
            hues = dict(zip(dict.fromkeys(name for name, _ in others), PEERS))
            strip(sheet, next(places),
                  [(f"{name}, {on(t)}", values, hues.get(name, PEERS[-1]))
                   for (name, t), values in others.items()],
                  geometric_mean, "{:.2f}", 1, xscale="log", xlim=(0.25, 16),
                  xticks=[2.0 ** i for i in range(-2, 5)], title="Beside other libraries",
                  x="the library's time / ninetap's time; right of 1 ninetap is faster")
        return sheet.figure

    return "summary", title, words, draw
