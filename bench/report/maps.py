"""Pictures of many shapes: which algorithm is fastest where, and the rate by size or channels."""
from matplotlib.patches import Rectangle

from canvas import DASHES, SMALL, Sheet, foot, on, plain_ticks, spread
from run import best_of, loss, manner, rate, unit

# ---- which algorithm is fastest where -------------------------------------------------------

ALGORITHMS = {"direct": ("muted", "direct"), "winograd2": ("green", "F(2x2)"),
              "winograd4": ("blue", "F(4x4)"), "winograd6": ("orange", "F(6x6)")}
LEAST_LOSS = 0.02  # less is the noise of a short measurement


def draw_map(c, ax, one, fast):
    sizes, channels = one["sizes"], one["channels"]
    ax.set_xlim(0, len(sizes))
    ax.set_ylim(0, len(channels))
    ax.set_xticks([i + 0.5 for i in range(len(sizes))], sizes)
    ax.set_yticks([i + 0.5 for i in range(len(channels))], channels)
    ax.tick_params(length=0)
    ax.spines[:].set_visible(False)
    for (size, channel), cell in one["cells"].items():
        best = best_of(cell, fast)
        if best is None:
            continue
        x, y, lost, said = sizes.index(size), channels.index(channel), loss(cell, fast), []
        ax.add_patch(Rectangle((x + 0.02, y + 0.04), 0.96, 0.92, linewidth=0,
                               facecolor=c[ALGORITHMS[best][0]]))
        if "direct" in cell["seconds"]:
            said.append(f"{cell['seconds']['direct'] / cell['seconds'][best]:.2f}")
        if lost >= LEAST_LOSS:
            said.append(f"+{min(100 * lost, 999):.0f}%")
            ax.add_patch(Rectangle((x + 0.05, y + 0.1), 0.9, 0.8, linewidth=1.3, fill=False,
                                   edgecolor=c["background"]))
        ax.text(x + 0.5, y + 0.47, "\n".join(said), ha="center", va="center", weight="bold",
                color=c["background"], size=SMALL - len(said) + 0.5, linespacing=0.95)


def crossover(run, one):
    title = (f"Which algorithm is fastest where: {one['isa']}, {one['layout']}, "
             f"{on(one['threads'])}")
    words = ("3x3 convolution of S x S maps, C channels to C. The colour is the fastest "
             "algorithm's, the number says how many times faster than direct it is. Framed: what "
             "AUTO takes is slower by so many per cent.")

    def draw(c):
        sheet = Sheet(c, title, words, 0.72 * len(one["channels"]) + 1.8, foot(run))
        upper = sheet.axes(211, None, "default precision", y="channels C")
        lower = sheet.axes(212, None, "FAST: F(6x6) as well", "map size S", "channels C")
        draw_map(c, upper, one, False)
        draw_map(c, lower, one, True)
        hues = {name: hue for hue, name in ALGORITHMS.values()}
        sheet.legend(upper, hues, "s", loc="lower right", bbox_to_anchor=(1, 1))
        return sheet.figure

    return f"crossover-{one['isa']}-{one['layout']}-t{one['threads']}", title, words, draw


# ---- sweeps ---------------------------------------------------------------------------------

OPERATIONS = {"conv3x3": "3x3 convolution", "maxpool2x2": "2x2 max pooling",
              "avgpool2x2": "2x2 average pooling", "mixedpool2x2": "2x2 mixed pooling",
              "maxpool2x2_u8": "2x2 max pooling, u8", "maxpool2x2_s8": "2x2 max pooling, s8",
              "maxunpool2x2": "2x2 max unpooling",
              "maxpool2x2_backward": "gradient of 2x2 max pooling",
              "avgpool2x2_backward": "gradient of 2x2 average pooling"}
OURS, OTHERS = ("blue", "sky", "violet", "ink"), ("orange", "green", "pink", "ochre", "violet")
LEAST_POINTS = 3  # of one curve


def curves_of(points):
    """{(whether a peer's, name): {place: rate}}"""
    curves = {}
    for place, r in points:
        name = f"ninetap {r['layout']}{manner(r)}" if r["ours"] else r["implementation"]
        curve = curves.setdefault((not r["ours"], name), {})
        curve[place] = max(rate(r), curve.get(place, 0))
    return {name: curve for name, curve in sorted(curves.items()) if len(curve) >= LEAST_POINTS}


def ticks_of(places):
    """Those that have room."""
    ticks = []
    for place in places:
        if not ticks or place > ticks[-1] * (places[-1] / places[0]) ** 0.075:
            ticks.append(place)
    return ticks


def sweep(run, key, points):
    varying, operation, shape, threads = key
    counted = unit(points[0][1])
    axis = "map size S" if varying == "sizes" else "channels C"
    title = f"{OPERATIONS.get(operation, operation)} {shape}: rate by {axis}, {on(threads)}"
    words = ({"GFLOP/s": "GFLOP/s, counted as the direct method's whatever the algorithm",
              "GB/s": "GB/s, read and written", "GOP/s": "GOP/s",
              "Gpx/s": "Gpx/s, values filtered"}[counted] +
             "; higher is better. Ours in both plain layouts; each library in whatever layout is "
             "its fastest at that point.")
    curves = curves_of(points)
    peak = max((l["rate"] * 1e-9 for l in run.limits_of("flops", threads)
                if operation == "conv3x3"), default=0)

    def draw(c):
        sheet = Sheet(c, title, words, 4.3, foot(run))
        ax = sheet.axes(x=axis, y=counted, xscale="log")
        places = sorted({place for place, _ in points})
        top = 1.06 * max([peak] + [y for curve in curves.values() for y in curve.values()])
        ax.set_xlim(places[0], places[-1])
        ax.set_ylim(0, top)
        plain_ticks(ax.xaxis, ticks_of(places))
        names = []
        if peak:
            ax.axhline(peak, color=c["muted"], linewidth=1.1, linestyle=DASHES)
            names.append((peak, f"{peak:.0f} peak", "muted", "normal"))
        ours, others = iter(OURS), iter(OTHERS)
        for (peer, name), curve in curves.items():
            hue = next(others if peer else ours, "muted")
            x = sorted(curve)
            ax.plot(x, [curve[i] for i in x], "o-", color=c[hue], markersize=2.5 if peer else 4,
                    linewidth=1.2 if peer else 2.2, zorder=2 if peer else 3, clip_on=False)
            names.append((curve[x[-1]], name, hue, "normal" if peer else "bold"))
        for y, (_, name, hue, weight) in zip(spread([n[0] for n in names], top * 0.05, 0,
                                                    top * 0.98), names):
            sheet.beside(ax, 1, y, name, hue, weight=weight)
        return sheet.figure

    plain = "size" if varying == "sizes" else "channels"
    return f"{plain}-{operation}-{shape.replace(':', '-')}-t{threads}", title, words, draw
