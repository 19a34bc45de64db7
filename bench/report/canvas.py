"""What all pictures have in common: colours, a sheet with words around the axes, files as SVG and
PNG. Where things stand matplotlib's constrained layout decides."""
import html
import io
import re
import textwrap

from matplotlib import rcParams
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

# Each colour for light and for dark surroundings, told apart by readers of every colour vision
# (after Okabe and Ito 2008), with a contrast of at least 3 to 1 to the background.
COLOURS = {"background": ("#ffffff", "#14181d"), "ink": ("#1f2933", "#e8ebee"),
           "muted": ("#5f6b76", "#9aa5af"), "grid": ("#e3e7eb", "#2b323a"),
           "blue": ("#0072b2", "#55b0e6"), "orange": ("#d55e00", "#f28e3d"),
           "green": ("#009e73", "#3cc79a"), "sky": ("#3f9bd1", "#93cdf2"),
           "pink": ("#bf5f95", "#e29ac3"), "ochre": ("#b07d00", "#e3b341"),
           "violet": ("#6a5acd", "#a99bf0")}
LIGHT, DARK = ({name: both[i] for name, both in COLOURS.items()} for i in (0, 1))
KINDS = {"convolution": "blue", "depthwise": "green", "pooling": "orange", "network": "pink",
         "dense": "violet", "softmax": "ochre", "image filter": "muted",
         "int8": "sky", "gradient": "ink"}
DASHES = (0, (4, 3))

# On the screen of a telephone a picture is about half as wide: smaller type could not be read.
WIDTH, SMALL = 7.2, 9  # inches, points
FAMILY = 'system-ui,"Segoe UI",Roboto,Helvetica,Arial,sans-serif'

rcParams.update({"font.family": "DejaVu Sans", "font.size": SMALL, "svg.fonttype": "none",
                 "axes.spines.top": False, "axes.spines.right": False, "axes.axisbelow": True,
                 "axes.titlelocation": "left", "axes.titleweight": "bold", "axes.titlesize": 11,
                 "axes.facecolor": "none", "axes.linewidth": 0.8, "grid.linewidth": 0.8,
                 "figure.constrained_layout.w_pad": 0.12, "figure.constrained_layout.h_pad": 0.08,
                 "xtick.labelsize": SMALL, "ytick.labelsize": SMALL, "legend.frameon": False,
                 "legend.fontsize": SMALL, "lines.solid_capstyle": "round"})


class Sheet:
    """A figure of so many inches below its title and words."""

    def __init__(self, colours, title, words, height, foot=""):
        self.c = colours
        titles, lines = textwrap.wrap(title, 70), textwrap.wrap(words, 98)
        top = 0.26 + 0.24 * len(titles) + 0.175 * len(lines)
        self.figure = Figure((WIDTH, top + height), facecolor=colours["background"],
                             layout="constrained")
        self.renderer = FigureCanvasAgg(self.figure).get_renderer()  # to measure with
        head, self.body = self.figure.subfigures(2, 1, height_ratios=(top, height),
                                                 facecolor="none")
        head.text(0.02, 1 - 0.14 / top, "\n".join(titles), va="top", size=13, weight="bold",
                  color=colours["ink"])
        head.text(0.02, 1 - (0.18 + 0.24 * len(titles)) / top, "\n".join(lines), va="top",
                  color=colours["muted"], linespacing=1.35)
        self.body.supxlabel(foot, x=0.985, ha="right", size=7.5, color=colours["muted"])

    def axes(self, where=111, grid="both", title="", x="", y="", **settings):
        """In a grid's cell, or alone; x, y: what is on its axes."""
        muted = self.c["muted"]
        ax = self.body.add_subplot(where, **settings)
        ax.spines[:].set_color(muted)
        ax.tick_params(which="both", colors=muted, width=0.8, length=3)
        ax.tick_params(which="minor", length=0)
        ax.set_title(title, color=self.c["ink"])
        ax.set_xlabel(x, color=muted)
        ax.set_ylabel(y, color=muted)
        if grid:
            ax.grid(True, axis=grid, color=self.c["grid"])
        return ax

    def rows(self, count, where=111, **settings):
        """Axes for `count` rows, 0 on top, with words and numbers beside them."""
        ax = self.axes(where, "x", **settings)
        ax.set_ylim(count - 0.4, -0.6)
        ax.spines["left"].set_visible(False)
        ax.set_yticks([])
        return ax

    def beside(self, ax, side, y, words, hue="ink", gap=8, **style):
        """Words to the left (side 0) or right (1) of the axes."""
        style = {"ha": "left" if side else "right", "va": "center", **style}
        ax.annotate(words, (side, y), (gap if side else -gap, 0), color=self.c[hue],
                    xycoords=("axes fraction", "data"), textcoords="offset points",
                    annotation_clip=False, **style)

    def legend(self, ax, hues, marker, **where):
        """{name: hue} above the axes."""
        ax.legend([Line2D([], [], linestyle="", marker=marker, color=self.c[hue])
                   for hue in hues.values()], hues, ncol=len(hues), labelcolor="markerfacecolor",
                  handletextpad=0.1, columnspacing=0.9,
                  **{"loc": "lower left", "bbox_to_anchor": (0, 1), **where})

    def arrange(self):
        """What is there finds its place now, for labels to be put between."""
        self.figure.draw_without_rendering()


def on(threads):
    return f"{threads} thread{'' if threads == 1 else 's'}"


def foot(run):
    return " · ".join(filter(None, (run.cpu, f"ninetap {run.facts.get('ninetap', '')}",
                                    run.facts.get("date", "")[:10])))


def plain_ticks(axis, ticks):
    """These ticks and no others, as plain numbers, on a logarithmic axis too."""
    axis.set_ticks(ticks, [f"{t:g}" for t in ticks])
    axis.set_ticks([], minor=True)


def spread(wanted, gap, low, high):
    """Places as near to the wanted ones as a distance of `gap` allows, in their order."""
    order = sorted(range(len(wanted)), key=wanted.__getitem__)
    gap = min(gap, (high - low) / max(1, len(wanted) - 1))
    places, floor = {}, low
    for i in order:
        places[i] = floor = max(wanted[i], floor)
        floor += gap
    ceiling = high
    for i in reversed(order):
        places[i] = min(places[i], ceiling)
        ceiling = places[i] - gap
    return [places[i] for i in range(len(wanted))]


class Room:
    """Where labels beside points of an arranged sheet's axes may stand and cover nothing."""

    def __init__(self, sheet, ax):
        self.sheet, self.ax, self.taken = sheet, ax, []

    def take_line(self, start, end, steps=60, radius=2):
        (x0, y0), (x1, y1) = self.ax.transData.transform((start, end))
        for i in range(steps + 1):
            x, y = x0 + (x1 - x0) * i / max(1, steps), y0 + (y1 - y0) * i / max(1, steps)
            self.taken.append((x - radius, y - radius, x + radius, y + radius))

    def take_point(self, x, y):
        self.take_line((x, y), (x, y), 0, 4)

    def take(self, artist):
        self.taken.append(artist.get_window_extent(self.sheet.renderer).extents)

    def name(self, x, y, words):
        """False, with nothing written, where there is no room."""
        low, bottom, high, top = self.ax.bbox.extents
        for dx, dy, ha, va in ((6, 0, "left", "center"), (-6, 0, "right", "center"),
                               (0, -6, "center", "top"), (0, 6, "center", "bottom"),
                               (5, -5, "left", "top"), (5, 5, "left", "bottom"),
                               (-5, -5, "right", "top"), (-5, 5, "right", "bottom")):
            label = self.ax.annotate(words, (x, y), (dx, dy), textcoords="offset points", ha=ha,
                                     va=va, size=SMALL - 1, color=self.sheet.c["ink"])
            x0, y0, x1, y1 = label.get_window_extent(self.sheet.renderer).extents
            if low <= x0 and x1 <= high and bottom <= y0 and y1 <= top and not any(
                    x0 < r and l < x1 and y0 < t and b < y1 for l, b, r, t in self.taken):
                self.take(label)
                return True
            label.remove()
        return False


# ---- files ----------------------------------------------------------------------------------


def svg(figure, name, title, words):
    """The picture in light colours, with the dark ones as well for viewers that prefer them, what
    it shows in words, and names that no other picture in a page has."""
    file = io.StringIO()
    rcParams["svg.hashsalt"] = name
    figure.savefig(file, format="svg", metadata={"Date": None, "Creator": None})
    text = file.getvalue()
    text = re.sub(r"<metadata>.*?</metadata>\s*", "", text, flags=re.S)
    text = re.sub(r'\b(id="|href="#|url\(#)', lambda m: f"{m[0]}{name}-", text)
    text = re.sub(r"font: ([^'\";]*?)'DejaVu Sans'[^;\"]*",
                  lambda m: f"font: {m[1]}{FAMILY}".replace('"', "'"), text)
    dark = "".join(f'[style*="{what}: {light}"]{{{what}:{night} !important}}\n'
                   for light, night in COLOURS.values() for what in ("fill", "stroke"))
    style = (f"<title>{html.escape(title)}</title>\n<desc>{html.escape(words)}</desc>\n"
             f"<style>\n@media (prefers-color-scheme:dark){{\n{dark}}}\n</style>\n")
    return re.sub(r"(<svg\b[^>]*>\n?)", lambda m: m[0] + style, text, count=1)


def png(figure):
    file = io.BytesIO()
    figure.savefig(file, format="png", dpi=200, metadata={"Software": None})
    return file.getvalue()
