"""Pictures of single shapes: our kernels under the roofline, beside other libraries, on threads."""
from math import atan2, degrees, log10

from matplotlib.patheffects import withStroke

from canvas import DASHES, KINDS, SMALL, Room, Sheet, foot, on, plain_ticks, spread
from run import SENSES, kind, sum_up, verdict

ISAS = ("blue", "orange", "green", "pink", "ochre")


# ---- the roofline (Williams, Waterman, Patterson 2009) --------------------------------------


def roofline(run, threads):
    peaks = sorted(run.limits_of("flops", threads), key=lambda l: -l["rate"])
    # Kernels read and write, so a copy's bandwidth is what they could have at most.
    copies = sorted(run.limits_of("copy", threads), key=lambda l: -l["rate"])
    points = [(r["flops"] / r["bytes"], r["flops"] / r["min"] * 1e-9, r) for r in run.ours
              if r["threads"] == threads and r["flops"] > 0 and r["bytes"] > 0]
    if not points or not (peaks or copies):
        return None
    title = f"Our kernels under this machine's roofline, {on(threads)}"
    words = ("Each point is a kernel (filled: nchw, open: nhwc) under the peak of its instruction "
             "set and the bandwidth of each cache, all measured in this run.")

    def draw(c):
        sheet = Sheet(c, title, words, 5.2, foot(run))
        ax = sheet.axes(x="floating-point operations per byte of src, weights and dst",
                        y="GFLOP/s", xscale="log", yscale="log")
        intensity, rates, _ = zip(*points)
        top = max([l["rate"] * 1e-9 for l in peaks] + list(rates))
        roof = peaks[0]["rate"] * 1e-9 if peaks else top
        ax.set_xlim(min(intensity) / 1.5, max(intensity) * 1.6)
        ax.set_ylim(min(rates) / 1.5, top * 3)
        for axis, (low, high) in ((ax.xaxis, ax.get_xlim()), (ax.yaxis, ax.get_ylim())):
            plain_ticks(axis, [10.0 ** i for i in range(-9, 9) if low < 10.0 ** i < high])
        colour = {l["where"]: ISAS[min(i, 4)] for i, l in enumerate(peaks)}
        lines = draw_peaks(sheet, ax, peaks, colour, copies)
        sheet.arrange()
        room = Room(sheet, ax)
        for line in lines:
            room.take_line(*line, 200)
        draw_bandwidths(sheet, ax, room, copies, roof)
        for x, y, r in points:
            hue = c[colour.get(r["implementation"], "muted")]
            ax.plot(x, y, "o", markersize=4, color=hue, zorder=4, markeredgewidth=1.1,
                    markerfacecolor=hue if r["layout"] == "nchw" else c["background"])
            room.take_point(x, y)
        # Those far below the roof are what a reader asks about, so they are named first.
        named = set()
        far = lambda p: p[2]["min"] / (p[2]["limit_seconds"] or p[2]["min"])
        for x, y, r in sorted(points, key=far, reverse=True):
            best = not peaks or r["implementation"] == peaks[0]["where"]
            if best and r["shape"] not in named and room.name(x, y, r["shape"]):
                named.add(r["shape"])
        return sheet.figure

    return f"roofline-t{threads}", title, words, draw


def draw_peaks(sheet, ax, peaks, colour, copies):
    """Named beside the axes: among the points there is no room. Returns the lines' ends."""
    (low, high), (bottom, top) = ax.get_xlim(), ax.get_ylim()
    fastest = max((l["rate"] * 1e-9 for l in copies), default=0)
    heights = [l["rate"] * 1e-9 for l in peaks]
    gap = log10(top / bottom) / 14  # two lines of words
    places = spread([log10(y) for y in heights], gap, log10(bottom), log10(top))
    lines = []
    for l, y, place in zip(peaks, heights, places):
        start = max(low, y / fastest) if fastest else low
        ax.plot((start, high), (y, y), color=sheet.c[colour[l["where"]]], linewidth=1.4)
        sheet.beside(ax, 1, 10 ** place, f"{l['where']}\npeak {y:.0f}", colour[l["where"]], 6,
                     weight="bold")
        lines.append(((start, y), (high, y)))
    return lines


def draw_bandwidths(sheet, ax, room, copies, roof):
    """Lines from the left to the roof, named above it, or to the right edge, named before it. Those
    that would lie on each other have one name."""
    low, high = ax.get_xlim()
    groups = []
    for l in (l for l in copies if roof / (l["rate"] * 1e-9) > low):
        near = groups and groups[-1][-1]["rate"] < 1.6 * l["rate"]
        groups[-1].append(l) if near else groups.append([l])
    for group in groups:
        for l in group:
            gb = l["rate"] * 1e-9
            ax.plot((low, roof / gb), (low * gb, roof), color=sheet.c["muted"], linewidth=1.1)
            room.take_line((low, low * gb), (roof / gb, roof))
        (x0, y0), (x, y) = ax.transData.transform(((low, low * gb), (roof / gb, roof)))
        words = ", ".join(f"{l['where']} {l['rate'] * 1e-9:.0f}" for l in group) + " GB/s"
        inside = roof / gb <= high
        room.take(ax.annotate(
            words, (roof / gb, roof) if inside else (high, high * gb), (2 if inside else -4, 3),
            textcoords="offset points", ha="left" if inside else "right", va="bottom",
            rotation=degrees(atan2(y - y0, x - x0)), rotation_mode="anchor", size=SMALL - 1,
            color=sheet.c["muted"], zorder=3,
            path_effects=[withStroke(linewidth=3, foreground=sheet.c["background"])]))


# ---- beside other libraries -----------------------------------------------------------------


def ratio_line(row, sense):
    """(what it is compared with, the ratio, those of all others in that sense)."""
    pair = row["pairs"][sense]
    others = [r["min"] / pair["ours"]["min"] for r in row["results"]
              if not r["ours"] and r is not pair["peer"]
              and SENSES[sense] in (r["layout"], "any layout")]
    return f"{SENSES[sense].split()[0]}  {pair['peer']['implementation']}", pair["ratio"], others


def peers(run, threads):
    rows = [row for row in verdict(run)
            if row["threads"] == threads and row["pairs"][2]["ratio"]]
    if not rows:
        return None
    title = f"ninetap against other libraries, {on(threads)}"
    words = ("Their time divided by ours: a bar to the right says that ours is faster, to the left "
             "that the named library is. Bars are the fastest library with tensors in plain nchw, "
             "in plain nhwc, and in any layout; dots are the others.")
    groups = [(row["shape"] + (" cold" if row["cold"] else ""), "normal",
               [ratio_line(row, s) for s in range(3) if row["pairs"][s]["ratio"]]) for row in rows]
    means = [(s, sum_up(rows, s)) for s in range(3)]
    groups.append(("geometric mean", "bold",
                   [(SENSES[s].split()[0], one["mean"], []) for s, one in means if one]))

    def draw(c):
        ratios = [ratio for _, _, lines in groups for _, ratio, _ in lines]
        low, high = min(0.8, min(ratios) / 1.1), min(16, max(2, max(ratios) * 1.1))
        count = len(ratios) + 0.6 * len(groups)
        sheet = Sheet(c, title, words, 0.16 * count + 0.7, foot(run))
        ax = sheet.rows(count, x="the library's time / ninetap's time", xscale="log")
        ax.set_xlim(low, high)
        plain_ticks(ax.xaxis, [t for t in (0.125, 0.25, 0.5, 1, 2, 4, 8, 16) if low <= t <= high])
        ax.axvline(1, color=c["ink"], linewidth=1)
        y = 0
        for name, weight, lines in groups:
            sheet.beside(ax, 0, y, name, gap=250, ha="left", weight=weight)
            for what, ratio, others in lines:
                hue = "blue" if ratio >= 1.005 else "orange" if ratio < 0.995 else "muted"
                ax.barh(y, min(ratio, high) - 1, left=1, height=0.72, color=c[hue], zorder=3)
                inside = [o for o in others if low < o < high]
                ax.plot(inside, [y] * len(inside), "o", markersize=2.6, color=c["muted"])
                sheet.beside(ax, 0, y, what, "muted")
                sheet.beside(ax, 1, y, f"{ratio:.2f}", hue, weight="bold")
                y += 1
            y += 0.6
        return sheet.figure

    return f"peers-t{threads}", title, words, draw


# ---- threads --------------------------------------------------------------------------------


def scaling(run):
    most = max(run.threads(), default=1)
    best = {}
    for r in run.ours:
        shape = r["shape"] + (" cold" if r["cold"] else "")
        times = best.setdefault((r["operation"], shape, kind(r)), {})
        times[r["threads"]] = min(r["min"], times.get(r["threads"], r["min"]))
    rows = [(shape, what, {t: times[1] / times[t] for t in sorted(times)})
            for (_, shape, what), times in best.items() if 1 in times and most in times]
    if most == 1 or not rows:
        return None
    rows.sort(key=lambda row: -row[2][most])
    title = f"How much faster {on(most)} are than one"
    words = ("Our fastest kernel for each shape, against itself on one thread. The dashed line is "
             "perfect scaling.")

    def draw(c):
        sheet = Sheet(c, title, words, 0.165 * len(rows) + 1.2, foot(run))
        ax = sheet.rows(len(rows), x="times as fast as on one thread")
        ratios = [times[most] for *_, times in rows]
        ax.set_xlim(min(0.9, min(ratios) - 0.05), max(most, max(ratios)) * 1.04)
        if most > 8:
            ax.set_xscale("log", base=2)
        plain_ticks(ax.xaxis, range(1, most + 1) if most <= 8 else [2 ** i for i in range(
            most.bit_length())])
        ax.axvline(1, color=c["ink"], linewidth=1)
        ax.axvline(most, color=c["ink"], linewidth=1.2, linestyle=DASHES)
        for y, (shape, what, times) in enumerate(rows):
            hue = KINDS.get(what, "muted")
            ax.plot((1, times[most]), (y, y), color=c[hue], linewidth=1.2, zorder=2)
            ax.plot([times[t] for t in times if t > 1], [y] * (len(times) - 1), "o", color=c[hue],
                    markersize=4, zorder=3)
            sheet.beside(ax, 0, y, shape)
            sheet.beside(ax, 1, y, f"{times[most]:.2f}", hue, weight="bold")
        sheet.legend(ax, {what: KINDS.get(what, "muted") for _, what, _ in rows}, "o")
        return sheet.figure

    return "threads", title, words, draw
