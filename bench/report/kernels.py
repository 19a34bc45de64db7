"""Pictures of single shapes: our kernels under the roofline, beside other libraries, on threads."""
from math import atan2, degrees

from matplotlib.patheffects import withStroke

from canvas import SMALL, WIDTH, Canvas, Room, foot, on, plain_ticks, spread
from run import SENSES, kind, sum_up, verdict

KINDS = {"convolution": "blue", "depthwise": "green", "pooling": "orange", "network": "pink",
         "dense": "violet", "softmax": "ochre"}
ISAS = ("blue", "orange", "green", "pink", "ochre")


# ---- the roofline (Williams, Waterman, Patterson 2009) --------------------------------------


def roofline(run, threads):
    peaks = sorted(run.limits_of("flops", threads), key=lambda l: -l["rate"])
    # Kernels read and write, so a copy's bandwidth is what they could have at most.
    copies = sorted(run.limits_of("copy", threads), key=lambda l: -l["rate"])
    points = [r for r in run.ours
              if r["threads"] == threads and r["flops"] > 0 and r["bytes"] > 0]
    if not points or not (peaks or copies):
        return None
    title = f"Our kernels under this machine's roofline, {on(threads)}"
    words = ("Each point is a kernel (filled: nchw, open: nhwc) under the peak of its instruction "
             "set and the bandwidth of each cache, all measured in this run.")

    def draw(c):
        canvas = Canvas(c, title, words, 5.2, foot(run))
        ax = canvas.axes(0.68, 0.72, WIDTH - 1.66, 4.4, xscale="log", yscale="log")
        intensity = [r["flops"] / r["bytes"] for r in points]
        rates = [r["flops"] / r["min"] * 1e-9 for r in points]
        top = max([l["rate"] * 1e-9 for l in peaks] + rates)
        low, high = min(intensity) / 1.5, max(intensity) * 1.6
        ax.set_xlim(low, high)
        ax.set_ylim(min(rates) / 1.5, top * 3)
        canvas.grid(ax)
        for axis, ends in ((ax.xaxis, (low, high)), (ax.yaxis, ax.get_ylim())):
            plain_ticks(axis, [10.0 ** i for i in range(-9, 9) if ends[0] < 10.0 ** i < ends[1]])
        canvas.name_axes(ax, "floating-point operations per byte of src, weights and dst",
                         "GFLOP/s")
        room = Room(canvas, ax)
        colour = {l["where"]: ISAS[min(i, 4)] for i, l in enumerate(peaks)}
        roof = peaks[0]["rate"] * 1e-9 if peaks else top
        name_bandwidths(canvas, ax, room, copies, roof)
        name_peaks(canvas, ax, room, peaks, colour, copies)
        for r, x, y in zip(points, intensity, rates):
            hue = c[colour.get(r["implementation"], "muted")]
            ax.plot(x, y, "o", markersize=4, color=hue, zorder=4, markeredgewidth=1.1,
                    markerfacecolor=hue if r["layout"] == "nchw" else c["background"])
            room.take_point(x, y)
        # Those far below the roof are what a reader asks about, so they are named first.
        named = set()
        far = lambda p: p[0]["min"] / (p[0]["limit_seconds"] or p[0]["min"])
        for r, x, y in sorted(zip(points, intensity, rates), key=far, reverse=True):
            best = not peaks or r["implementation"] == peaks[0]["where"]
            if best and r["shape"] not in named and room.name(x, y, r["shape"]):
                named.add(r["shape"])
        return canvas.figure

    return f"roofline-t{threads}", title, words, draw


def name_bandwidths(canvas, ax, room, copies, roof):
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
            ax.plot((low, roof / gb), (low * gb, roof), color=canvas.c["muted"], linewidth=1.1)
            room.take_line((low, low * gb), (roof / gb, roof))
        (x0, y0), (x, y) = ax.transData.transform(((low, low * gb), (roof / gb, roof)))
        words = ", ".join(f"{l['where']} {l['rate'] * 1e-9:.0f}" for l in group) + " GB/s"
        inside = roof / gb <= high
        room.take(ax.annotate(
            words, (roof / gb, roof) if inside else (high, high * gb), (2 if inside else -4, 3),
            textcoords="offset points", ha="left" if inside else "right", va="bottom",
            rotation=degrees(atan2(y - y0, x - x0)), rotation_mode="anchor", fontsize=SMALL - 1,
            color=canvas.c["muted"], zorder=3,
            path_effects=[withStroke(linewidth=3, foreground=canvas.c["background"])]))


def name_peaks(canvas, ax, room, peaks, colour, copies):
    """Beside the axes: among the points there is no room."""
    low, high = ax.get_xlim()
    fastest = max((l["rate"] * 1e-9 for l in copies), default=0)
    heights = [l["rate"] * 1e-9 for l in peaks]
    pixels = [ax.transData.transform((1, y))[1] for y in heights]
    for l, y, pixel, place in zip(peaks, heights, pixels, spread(pixels, 30, 0, 1e9)):
        hue = canvas.c[colour[l["where"]]]
        start = max(low, y / fastest) if fastest else low
        ax.plot((start, high), (y, y), color=hue, linewidth=1.4)
        room.take_line((start, y), (high, y), 200)
        ax.annotate(f"{l['where']}\npeak {y:.0f}", (high, y), (6, (place - pixel) * 0.72),
                    textcoords="offset points", va="center", color=hue, fontsize=SMALL,
                    weight="bold", annotation_clip=False)


# ---- beside other libraries -----------------------------------------------------------------


def peers(run, threads):
    rows = [row for row in verdict(run)
            if row["threads"] == threads and row["pairs"][2]["ratio"]]
    if not rows:
        return None
    title = f"ninetap against other libraries, {on(threads)}"
    words = ("Their time divided by ours: a bar to the right says that ours is faster, to the left "
             "that the named library is. Bars are the fastest library with tensors in plain nchw, "
             "in plain nhwc, and in any layout; dots are the others.")

    def draw(c):
        line, gap = 0.16, 0.1
        lines = [[s for s in range(3) if row["pairs"][s]["ratio"]] for row in rows]
        means = [s for s in range(3) if sum_up(rows, s)]
        body = sum(len(senses) * line + gap for senses in lines) + len(means) * line + 2 * gap
        canvas = Canvas(c, title, words, body + 0.85, foot(run))
        ratios = [row["pairs"][s]["ratio"] for row, senses in zip(rows, lines) for s in senses]
        low, high = min(0.8, min(ratios) / 1.1), min(16, max(2, max(ratios) * 1.1))
        left, width = 3.3, WIDTH - 3.3 - 0.62
        ax = canvas.axes(left, 0.65, width, body, xscale="log")
        ax.set_xlim(low, high)
        ax.set_ylim(0, body)
        ax.spines["left"].set_visible(False)
        ax.set_yticks([])
        plain_ticks(ax.xaxis, [t for t in (0.125, 0.25, 0.5, 1, 2, 4, 8, 16) if low <= t <= high])
        canvas.grid(ax, "x")
        canvas.name_axes(ax, "the library's time / ninetap's time")
        ax.axvline(1, color=c["ink"], linewidth=1)

        def bar(y, ratio, words, others=()):
            hue = "blue" if ratio >= 1.005 else "orange" if ratio < 0.995 else "muted"
            ax.barh(y, min(ratio, high) - 1, left=1, height=line * 0.72, color=c[hue], zorder=3)
            inside = [o for o in others if low < o < high]
            ax.plot(inside, [y] * len(inside), "o", markersize=2.6, color=c["muted"], zorder=2)
            canvas.text(left - 0.08, y + 0.65, words, "muted", ha="right")
            canvas.text(WIDTH - 0.12, y + 0.65, f"{ratio:.2f}", hue, ha="right", weight="bold")

        y = body - gap / 2 - line / 2
        for row, senses in zip(rows, lines):
            canvas.text(0.16, y + 0.65, row["shape"] + (" cold" if row["cold"] else ""))
            for s in senses:
                pair = row["pairs"][s]
                others = [r["min"] / pair["ours"]["min"] for r in row["results"]
                          if not r["ours"] and r is not pair["peer"] and s in (2, SENSES.index(
                              r["layout"]) if r["layout"] in SENSES else 2)]
                bar(y, pair["ratio"], f"{SENSES[s].split()[0]}  {pair['peer']['implementation']}",
                    others)
                y -= line
            y -= gap
        canvas.text(0.16, y + 0.65, "geometric mean", weight="bold")
        for s in means:
            bar(y, sum_up(rows, s)["mean"], SENSES[s].split()[0])
            y -= line
        return canvas.figure

    return f"peers-t{threads}", title, words, draw


# ---- threads --------------------------------------------------------------------------------


def scaling(run):
    most = max(run.threads(), default=1)
    best = {}
    for r in run.ours:
        times = best.setdefault((r["operation"], r["shape"], r["cold"]), {"kind": kind(r)})
        times[r["threads"]] = min(r["min"], times.get(r["threads"], r["min"]))
    rows = [(key, times) for key, times in best.items() if 1 in times and most in times]
    if most == 1 or not rows:
        return None
    rows.sort(key=lambda row: row[1][1] / row[1][most])
    title = f"How much faster {on(most)} are than one"
    words = ("Our fastest kernel for each shape, against itself on one thread. The dashed line is "
             "perfect scaling.")

    def draw(c):
        line = 0.165
        body = line * len(rows) + 0.1
        canvas = Canvas(c, title, words, body + 1.0, foot(run))
        left = 2.0
        ax = canvas.axes(left, 0.65, WIDTH - left - 0.62, body)
        ratios = [times[1] / times[most] for _, times in rows]
        ax.set_xlim(min(0.9, min(ratios) - 0.05), max(most, max(ratios)) * 1.04)
        if most > 8:
            ax.set_xscale("log", base=2)
        plain_ticks(ax.xaxis, range(1, most + 1) if most <= 8 else [2 ** i for i in range(
            most.bit_length())])
        ax.set_ylim(-0.6, len(rows) - 0.4)
        ax.spines["left"].set_visible(False)
        ax.set_yticks([])
        canvas.grid(ax, "x")
        canvas.name_axes(ax, "times as fast as on one thread")
        ax.axvline(1, color=c["ink"], linewidth=1)
        ax.axvline(most, color=c["ink"], linewidth=1.2, linestyle=(0, (4, 3)))
        for y, ((_, shape, cold), times) in enumerate(rows):
            hue = KINDS.get(times["kind"], "muted")
            steps = sorted(t for t in times if t != "kind" and t > 1)
            ax.plot((1, times[1] / times[most]), (y, y), color=c[hue], linewidth=1.2, zorder=2)
            ax.plot([times[1] / times[t] for t in steps], [y] * len(steps), "o", color=c[hue],
                    markersize=4, zorder=3)
            inch = 0.65 + (y + 0.6) / (len(rows) + 0.2) * body
            canvas.text(left - 0.1, inch, shape + (" cold" if cold else ""), ha="right")
            canvas.text(WIDTH - 0.12, inch, f"{times[1] / times[most]:.2f}", hue, ha="right",
                        weight="bold")
        x = 0.16
        for name in dict.fromkeys(times["kind"] for _, times in rows):
            canvas.text(x, body + 0.85, "● " + name, KINDS.get(name, "muted"))
            x += 0.085 * len(name) + 0.35
        return canvas.figure

    return "threads", title, words, draw
