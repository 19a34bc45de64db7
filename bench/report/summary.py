"""The picture to show around: this CPU against its limits and beside other libraries, on a page."""
from statistics import median

from canvas import WIDTH, Canvas, foot, on, plain_ticks
from run import geometric_mean, kind, manner, moves, rate, sum_up, verdict

KINDS = {"convolution, direct": "blue", "convolution, Winograd": "sky", "depthwise": "green",
         "pooling": "orange", "network": "pink", "network, Winograd": "pink", "dense": "violet",
         "softmax": "ochre"}
LEFT, RIGHT, LINE = 2.15, 0.75, 0.3
PEERS = ("orange", "green", "pink", "ochre", "violet", "sky", "muted")


def best_per_shape(run, threads):
    """Our fastest benchmark for each shape, as AUTO does it in default precision."""
    best = {}
    for r in run.ours:
        key = r["operation"], r["shape"]
        if r["threads"] == threads and not r["cold"] and manner(r) in ("", "/unfused"):
            best[key] = min(r, best.get(key, r), key=lambda r: r["min"])
    return list(best.values())


def limit_rows(results):
    """Per kind of work, how near each shape is to its limit."""
    rows = {}
    for r in results:
        if r["limit_seconds"] > 0:
            winograd = r["algorithm"].startswith("winograd")
            name = kind(r) + (", Winograd" if winograd else
                              ", direct" if kind(r) == "convolution" else "")
            rows.setdefault(name, []).append(100 * r["limit_seconds"] / r["min"])
    return rows


def peer_rows(run):
    """Per library and number of threads, its time divided by ours for each shape: either in its
    fastest layout."""
    rows = {}
    for row in verdict(run):
        ours = row["pairs"][2]["ours"]
        best = {}
        for r in row["results"]:
            if not r["ours"]:
                name = r["implementation"]
                best[name] = min(r["min"], best.get(name, r["min"]))
        for name, seconds in best.items() if ours and not row["cold"] else ():
            rows.setdefault((name, row["threads"]), []).append(seconds / ours["min"])
    return dict(sorted(rows.items()))


def tiles(run, results, threads):
    """(number, unit, what it is) of each."""
    made = []
    peaks = run.limits_of("flops", threads)
    if peaks:
        peak = max(peaks, key=lambda l: l["rate"])
        made.append((f"{peak['rate'] * 1e-9:.0f}", "GFLOP/s",
                     f"multiply-add peak\n{peak['where']}"))
    convolutions = [r for r in results if not moves(r) and kind(r) == "convolution"]
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


def strip(canvas, bottom, title, rows, axis_name, ticks, middle, mark, percent):
    """A row of dots for each of (name, values, colour); `mark` is where the limit or we are."""
    c, height = canvas.c, LINE * len(rows)
    canvas.text(0.16, bottom + height + 0.2, title, weight="bold", size=11)
    ax = canvas.axes(LEFT, bottom, WIDTH - LEFT - RIGHT, height)
    if not percent:
        ax.set_xscale("log")
    ax.set_xlim(ticks[0], ticks[-1])
    ax.set_ylim(-0.5, len(rows) - 0.5)
    ax.spines["left"].set_visible(False)
    ax.set_yticks([])
    plain_ticks(ax.xaxis, ticks)
    canvas.grid(ax, "x")
    ax.axvline(mark, color=c["ink"], linewidth=1.3)
    canvas.name_axes(ax, axis_name)
    for i, (name, values, hue) in enumerate(rows):
        y = len(rows) - 1 - i
        inch = bottom + (y + 0.5) * LINE
        shown = [min(max(v, ticks[0]), ticks[-1]) for v in values]
        ax.plot(shown, [y] * len(shown), "o", color=c[hue], markersize=5, alpha=0.55,
                markeredgewidth=0, clip_on=False)
        center = min(max(middle(values), ticks[0]), ticks[-1])
        ax.plot((center, center), (y - 0.34, y + 0.34), color=c[hue], linewidth=3, zorder=4)
        canvas.text(LEFT - 0.12, inch, name, ha="right")
        canvas.text(WIDTH - 0.14, inch, f"{middle(values):.0f} %" if percent
                    else f"{middle(values):.2f}", hue, ha="right", weight="bold", size=10)


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
        body = 1.25 + (0.95 + LINE * len(limits) if limits else 0) + (
            0.95 + LINE * len(others) if others else 0) + 0.2
        canvas = Canvas(c, title, words, body, foot(run))
        numbers = tiles(run, results, threads)
        for i, (number, unit, what) in enumerate(numbers):
            x = 0.16 + i * (WIDTH - 0.2) / len(numbers)
            label = canvas.text(x, body - 0.28, number, "blue", size=22, weight="bold")
            box = label.get_window_extent(canvas.renderer)
            canvas.text(x + box.width / canvas.figure.dpi + 0.07, body - 0.33, unit, "muted")
            canvas.text(x, body - 0.68, what, "muted", linespacing=1.25)
        bottom = body - 1.25
        if limits:
            bottom -= 0.3 + LINE * len(limits)
            most = max(v for values in limits.values() for v in values)
            ticks = range(0, 101, 20) if most <= 105 else range(0, int(most) // 50 * 50 + 51, 50)
            strip(canvas, bottom, "How near to this CPU's limits",
                  [(name, limits[name], hue) for name, hue in KINDS.items() if name in limits],
                  "% of what multiply-add peak or copy bandwidth allow; Winograd passes 100",
                  list(ticks), median, 100, True)
            bottom -= 0.65
        if others:
            bottom -= 0.3 + LINE * len(others)
            hue = {}
            for name, _ in others:
                hue.setdefault(name, PEERS[min(len(hue), len(PEERS) - 1)])
            strip(canvas, bottom, "Beside other libraries",
                  [(f"{name}, {on(t)}", values, hue[name])
                   for (name, t), values in others.items()],
                  "the library's time / ninetap's time; right of 1 ninetap is faster",
                  [0.25, 0.5, 1, 2, 4, 8, 16], geometric_mean, 1, False)
        return canvas.figure

    return "summary", title, words, draw
