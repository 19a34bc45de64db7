#!/usr/bin/env python3
"""usage: plot.py DIR FILE

Draws what a run of ninetap-bench measured, FILE of its --json: pictures as SVG (light and dark in
one) and as PNG (NAME.png, NAME-dark.png), and DIR/index.html with them and all there is to read.
FILE may be -. A picture whose data the run does not have is left out."""
import sys
from math import atan2, degrees, hypot

from run import (CANDIDATES, SENSES, Run, Trouble, best_of, crossovers, kind, loss, manner, moves,
                 rate, sum_up, sweeps, verdict)

try:
    from matplotlib.patches import Rectangle
    from matplotlib.patheffects import withStroke

    from canvas import (DARK, LIGHT, SMALL, TYPE, WIDTH, Canvas, Room, plain_ticks, png, spread, svg,
                        write_all)
except ModuleNotFoundError:
    print("ninetap-bench: pictures need matplotlib (Debian: apt-get install python3-matplotlib)",
          file=sys.stderr)
    sys.exit(2)

from page import page
from summary import summary

KINDS = {"convolution": "blue", "depthwise": "green", "pooling": "orange", "network": "pink",
         "dense": "violet", "softmax": "ochre"}
ISAS = ("blue", "orange", "green", "pink", "ochre")


def on(threads):
    return f"{threads} thread{'' if threads == 1 else 's'}"


def foot(run):
    return " · ".join(filter(None, (run.cpu, f"ninetap {run.facts.get('ninetap', '')}",
                                    run.facts.get("date", "")[:10])))


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
    words = ("Each point is a kernel (filled: nchw, open: nhwc) under the peak of its instruction set "
             "and the bandwidth of each cache, all measured in this run.")

    def draw(c):
        canvas = Canvas(c, title, words, 5.2, foot(run))
        ax = canvas.axes(0.68, 0.72, WIDTH - 1.66, 4.4, xscale="log", yscale="log")
        intensity = [r["flops"] / r["bytes"] for r in points]
        rates = [r["flops"] / r["min"] * 1e-9 for r in points]
        top = max([l["rate"] * 1e-9 for l in peaks] + rates)
        low, high = min(intensity) / 1.5, max(intensity) * 1.6
        ax.set_xlim(low, high)
        ax.set_ylim(min(rates) / 1.5, top * 1.5)
        canvas.grid(ax)
        for axis, ends in ((ax.xaxis, (low, high)), (ax.yaxis, ax.get_ylim())):
            plain_ticks(axis, [10.0 ** i for i in range(-9, 9) if ends[0] < 10.0 ** i < ends[1]])
        canvas.name_axes(ax, "floating-point operations per byte of src, weights and dst", "GFLOP/s")
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
        for r, x, y in sorted(zip(points, intensity, rates),
                              key=lambda p: -(p[0]["min"] / (p[0]["bound_seconds"] or p[0]["min"]))):
            best = not peaks or r["implementation"] == peaks[0]["where"]
            if best and r["shape"] not in named and room.name(x, y, r["shape"]):
                named.add(r["shape"])
        return canvas.figure

    return f"roofline-t{threads}", title, words, draw


def name_bandwidths(canvas, ax, room, copies, roof):
    """Lines that would lie on each other have one name."""
    low = ax.get_xlim()[0]
    groups = []
    for l in (l for l in copies if roof / (l["rate"] * 1e-9) > low):
        near = groups and groups[-1][-1]["rate"] < 1.6 * l["rate"]
        groups[-1].append(l) if near else groups.append([l])
    for group in groups:
        for l in group:
            gb = l["rate"] * 1e-9
            ax.plot((low, roof / gb), (low * gb, roof), color=canvas.c["muted"], linewidth=1.1)
            room.take_line((low, low * gb), (roof / gb, roof))
        gb = group[0]["rate"] * 1e-9
        (x0, y0), (x, y) = ax.transData.transform(((low, low * gb), (roof / gb, roof)))
        words = ", ".join(f"{l['where']} {l['rate'] * 1e-9:.0f}" for l in group) + " GB/s"
        if hypot(x - x0, y - y0) < 7 * len(words) + 20:
            continue  # too short a line for its name
        ax.annotate(words, (roof / gb, roof), (-16, -6), textcoords="offset points", ha="right",
                    va="bottom", rotation=degrees(atan2(y - y0, x - x0)), rotation_mode="anchor",
                    fontsize=SMALL - 1, color=canvas.c["muted"], zorder=3,
                    path_effects=[withStroke(linewidth=3, foreground=canvas.c["background"])])


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
             "that the named library is. Bars are the fastest library with tensors in plain nchw, in "
             "plain nhwc, and in any layout; dots are the others.")

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


# ---- which algorithm is fastest where -------------------------------------------------------

ALGORITHMS = {"direct": ("muted", "direct"), "winograd2": ("green", "F(2x2)"),
              "winograd4": ("blue", "F(4x4)"), "winograd6": ("orange", "F(6x6)")}
LEAST_LOSS = 0.02  # less is the noise of a short measurement


def crossover(run, one):
    title = (f"Which algorithm is fastest where: {one['isa']}, {one['layout']}, "
             f"{on(one['threads'])}")
    words = ("3x3 convolution of S x S maps, C channels to C. The colour is the fastest algorithm's, "
             "the number says how many times faster than direct it is. Framed: what AUTO takes is "
             "slower by so many per cent.")

    def panel(canvas, bottom, fast):
        c, sizes, channels = canvas.c, one["sizes"], one["channels"]
        cell = 0.36
        ax = canvas.axes(0.55, bottom, WIDTH - 0.7, cell * len(channels))
        ax.set_xlim(0, len(sizes))
        ax.set_ylim(0, len(channels))
        ax.set_xticks([i + 0.5 for i in range(len(sizes))], [f"{s}" for s in sizes])
        ax.set_yticks([i + 0.5 for i in range(len(channels))], [f"{s}" for s in channels])
        ax.tick_params(length=0)
        for spine in ax.spines.values():
            spine.set_visible(False)
        canvas.text(0.16, bottom + cell * len(channels) + 0.12, "C", "muted")
        canvas.text(0.55, bottom + cell * len(channels) + 0.14,
                    "FAST: F(6x6) as well" if fast else "default precision", weight="bold",
                    size=TYPE)
        for (size, channel), at in one["cells"].items():
            best = best_of(at, fast)
            if best is None:
                continue
            x, y = sizes.index(size), channels.index(channel)
            lost = loss(at, fast)
            ax.add_patch(Rectangle((x + 0.02, y + 0.04), 0.96, 0.92, linewidth=0,
                                   facecolor=c[ALGORITHMS[best][0]]))
            said = []
            if "direct" in at["seconds"]:
                said.append(f"{at['seconds']['direct'] / at['seconds'][best]:.2f}")
            if lost >= LEAST_LOSS:
                said.append(f"+{min(100 * lost, 999):.0f}%")
                ax.add_patch(Rectangle((x + 0.05, y + 0.1), 0.9, 0.8, linewidth=1.3, fill=False,
                                       edgecolor=c["background"]))
            ax.text(x + 0.5, y + 0.47, "\n".join(said), ha="center", va="center",
                    color=c["background"], fontsize=SMALL - len(said) + 0.5, linespacing=0.95,
                    weight="bold")
        return ax

    def draw(c):
        height = 0.36 * len(one["channels"])
        canvas = Canvas(c, title, words, 2 * height + 1.75, foot(run))
        lower = panel(canvas, 0.7, True)
        panel(canvas, height + 1.2, False)
        canvas.name_axes(lower, "map size S")
        x = 0.55
        for hue, name in ALGORITHMS.values():
            canvas.text(x, canvas.body - 0.04, "■ " + name, hue, weight="bold")
            x += 0.95
        return canvas.figure

    return f"crossover-{one['isa']}-{one['layout']}-t{one['threads']}", title, words, draw


# ---- sweeps ---------------------------------------------------------------------------------

OPERATIONS = {"conv3x3": "3x3 convolution", "maxpool2x2": "2x2 max pooling",
              "avgpool2x2": "2x2 average pooling", "mixedpool2x2": "2x2 mixed pooling",
              "maxpool2x2_u8": "2x2 max pooling, u8", "maxpool2x2_s8": "2x2 max pooling, s8",
              "maxunpool2x2": "2x2 max unpooling"}


LEAST_POINTS = 3  # of one curve


def sweep(run, key, points):
    varying, operation, shape, threads = key
    unit = "GB/s" if moves(points[0][1]) else "GFLOP/s"
    title = (f"{OPERATIONS.get(operation, operation)} {shape}: rate by "
             f"{'map size S' if varying == 'sizes' else 'channels C'}, {on(threads)}")
    words = (("GFLOP/s, counted as the direct method's whatever the algorithm"
              if unit == "GFLOP/s" else "GB/s, read and written") +
             "; higher is better. Ours in both plain layouts; each library in whatever layout is its "
             "fastest at that point.")
    curves = {}
    for place, r in points:
        name = f"ninetap {r['layout']}{manner(r)}" if r["ours"] else r["implementation"]
        curve = curves.setdefault((not r["ours"], name), {})
        curve[place] = max(rate(r), curve.get(place, 0))
    curves = {name: curve for name, curve in curves.items() if len(curve) >= LEAST_POINTS}

    def draw(c):
        canvas = Canvas(c, title, words, 4.3, foot(run))
        labels = 1.75
        ax = canvas.axes(0.62, 0.72, WIDTH - 0.62 - labels, 3.5, xscale="log")
        places = sorted({place for place, _ in points})
        ax.set_xlim(places[0], places[-1])
        peak = max((l["rate"] * 1e-9 for l in run.limits_of("flops", threads)), default=0)
        peak = peak if operation == "conv3x3" else 0
        top = 1.06 * max([peak] + [y for curve in curves.values() for y in curve.values()])
        ax.set_ylim(0, top)
        ticks, before = [], 0.0
        for place in places:  # those that have room
            if place > before * (places[-1] / places[0]) ** 0.075:
                ticks.append(place)
                before = place
        plain_ticks(ax.xaxis, ticks)
        canvas.grid(ax)
        canvas.name_axes(ax, "map size S" if varying == "sizes" else "channels C", unit)
        ours, others = iter(("blue", "sky", "violet", "ink")), iter(
            ("orange", "green", "pink", "ochre", "violet", "muted"))
        names = [(peak, f"{peak:.0f} peak", "muted", "normal")] if peak else []
        if peak:
            ax.axhline(peak, color=c["muted"], linewidth=1.1, linestyle=(0, (4, 3)))
        for (peer, name), curve in sorted(curves.items()):
            hue = next(others if peer else ours, "muted")
            x = sorted(curve)
            ax.plot(x, [curve[i] for i in x], "o-", color=c[hue], markersize=2.5 if peer else 4,
                    linewidth=1.2 if peer else 2.2, zorder=2 if peer else 3, clip_on=False)
            names.append((curve[x[-1]], name, hue, "normal" if peer else "bold"))
        for (_, name, hue, weight), y in zip(names, spread([n[0] for n in names], top * 0.05, 0,
                                                           top * 0.98)):
            ax.annotate(name, (1, y), (8, 0), xycoords=("axes fraction", "data"),
                        textcoords="offset points", va="center", color=c[hue], fontsize=SMALL,
                        weight=weight, annotation_clip=False)
        return canvas.figure

    plain = "size" if varying == "sizes" else "channels"
    return f"{plain}-{operation}-{shape.replace(':', '-')}-t{threads}", title, words, draw


# ---- all of it ------------------------------------------------------------------------------


def pictures(run):
    """(name, title, words, draw) of each; draw makes the figure in these colours."""
    found = [summary(run, foot(run))]
    found += [roofline(run, t) for t in run.threads()]
    found += [peers(run, t) for t in run.threads()]
    found += [scaling(run)]
    found += [crossover(run, one) for one in crossovers(run)]
    found += [sweep(run, key, points) for key, points in sorted(sweeps(run).items())]
    return [picture for picture in found if picture]


def main(arguments):
    if len(arguments) != 2:
        raise Trouble("plot.py DIR FILE")
    directory, path = arguments
    run = Run(path)
    files, drawn = {}, []
    for name, title, words, draw in pictures(run):
        light = draw(LIGHT)
        files[f"{name}.svg"] = svg(light, name, title, words)
        files[f"{name}.png"] = png(light)
        files[f"{name}-dark.png"] = png(draw(DARK))
        drawn.append((name, title, words, files[f"{name}.svg"]))
    files["index.html"] = page(run, drawn)
    write_all(directory, files)


if __name__ == "__main__":
    try:
        main(sys.argv[1:])
    except Trouble as trouble:
        print(f"ninetap-bench: {trouble}", file=sys.stderr)
        sys.exit(2)
