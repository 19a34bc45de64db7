"""Pictures of many shapes: which algorithm is fastest where, and the rate by size or channels."""
from matplotlib.patches import Rectangle

from canvas import SMALL, TYPE, WIDTH, Canvas, foot, on, plain_ticks, spread
from run import best_of, loss, manner, moves, rate

# ---- which algorithm is fastest where -------------------------------------------------------

ALGORITHMS = {"direct": ("muted", "direct"), "winograd2": ("green", "F(2x2)"),
              "winograd4": ("blue", "F(4x4)"), "winograd6": ("orange", "F(6x6)")}
LEAST_LOSS = 0.02  # less is the noise of a short measurement


def crossover(run, one):
    title = (f"Which algorithm is fastest where: {one['isa']}, {one['layout']}, "
             f"{on(one['threads'])}")
    words = ("3x3 convolution of S x S maps, C channels to C. The colour is the fastest "
             "algorithm's, the number says how many times faster than direct it is. Framed: what "
             "AUTO takes is slower by so many per cent.")

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
             "; higher is better. Ours in both plain layouts; each library in whatever layout is "
             "its fastest at that point.")
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
