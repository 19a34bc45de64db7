"""What all pictures have in common: colours, a frame with words around it, places for labels, files
as SVG and PNG."""
import html
import io
import re
import textwrap

from matplotlib import rcParams
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

# Each colour for light and for dark surroundings, told apart by readers of every colour vision
# (after Okabe and Ito 2008), with a contrast of at least 3 to 1 to the background.
COLOURS = {"background": ("#ffffff", "#14181d"), "ink": ("#1f2933", "#e8ebee"),
           "muted": ("#5f6b76", "#9aa5af"), "grid": ("#e3e7eb", "#2b323a"),
           "blue": ("#0072b2", "#55b0e6"), "orange": ("#d55e00", "#f28e3d"),
           "green": ("#009e73", "#3cc79a"), "sky": ("#3f9bd1", "#93cdf2"),
           "pink": ("#bf5f95", "#e29ac3"), "ochre": ("#b07d00", "#e3b341"),
           "violet": ("#6a5acd", "#a99bf0")}
LIGHT, DARK = ({name: both[i] for name, both in COLOURS.items()} for i in (0, 1))

# On the screen of a telephone a picture is about half as wide: smaller type could not be read.
WIDTH, TYPE, SMALL = 7.2, 10, 9  # inches, points
FAMILY = 'system-ui,"Segoe UI",Roboto,Helvetica,Arial,sans-serif'

rcParams.update({"font.family": "DejaVu Sans", "font.size": SMALL, "svg.fonttype": "none",
                 "axes.spines.top": False, "axes.spines.right": False, "axes.linewidth": 0.8,
                 "xtick.labelsize": SMALL, "ytick.labelsize": SMALL,
                 "lines.solid_capstyle": "round"})


def wrapped(text, width, size):
    return textwrap.wrap(text, int(width * 72 / (size * 0.56)))


class Canvas:
    """A figure of that height below its title and words. Measures are inches, from the bottom."""

    def __init__(self, colours, title, words, height, foot=""):
        self.c = colours
        titles, lines = wrapped(title, WIDTH - 0.3, 13), wrapped(words, WIDTH - 0.3, SMALL)
        head = 0.28 + 0.24 * len(titles) + 0.175 * len(lines)
        self.body = height
        self.height = height + head
        self.figure = Figure(figsize=(WIDTH, self.height), facecolor=colours["background"], dpi=100)
        self.renderer = FigureCanvasAgg(self.figure).get_renderer()  # to measure with
        y = self.height - 0.26
        for line in titles:
            self.text(0.16, y, line, size=13, weight="bold")
            y -= 0.24
        for line in lines:
            self.text(0.16, y + 0.02, line, colour="muted")
            y -= 0.175
        if foot:
            self.text(WIDTH - 0.12, 0.1, foot, colour="muted", size=7.5, ha="right")

    def text(self, x, y, words, colour="ink", size=SMALL, **style):
        style.setdefault("va", "center")
        return self.figure.text(x / WIDTH, y / self.height, words, fontsize=size,
                                color=self.c[colour], **style)

    def axes(self, left, bottom, width, height, **settings):
        ax = self.figure.add_axes((left / WIDTH, bottom / self.height, width / WIDTH,
                                   height / self.height), **settings)
        ax.set_facecolor("none")
        for spine in ax.spines.values():
            spine.set_color(self.c["muted"])
        ax.tick_params(which="both", colors=self.c["muted"], width=0.8, length=3)
        ax.tick_params(which="minor", length=0)
        ax.set_axisbelow(True)
        return ax

    def grid(self, ax, axis="both"):
        ax.grid(True, axis=axis, color=self.c["grid"], linewidth=0.8)

    def name_axes(self, ax, x, y=None):
        ax.set_xlabel(x, color=self.c["muted"], fontsize=SMALL)
        if y:
            ax.set_ylabel(y, color=self.c["muted"], fontsize=SMALL)


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
    """Where labels beside points of an axes may stand without covering anything."""

    def __init__(self, canvas, ax):
        self.canvas, self.ax, self.taken = canvas, ax, []
        self.renderer = canvas.renderer

    def take_point(self, x, y, radius=4):
        px, py = self.ax.transData.transform((x, y))
        self.taken.append((px - radius, py - radius, px + radius, py + radius))

    def take_line(self, start, end, steps=60):
        (x0, y0), (x1, y1) = self.ax.transData.transform((start, end))
        for i in range(steps + 1):
            x, y = x0 + (x1 - x0) * i / steps, y0 + (y1 - y0) * i / steps
            self.taken.append((x - 2, y - 2, x + 2, y + 2))

    def take(self, artist):
        box = artist.get_window_extent(self.renderer)
        self.taken.append((box.x0, box.y0, box.x1, box.y1))

    def name(self, x, y, words, colour="ink"):
        """False, with nothing written, where there is no room."""
        bounds = self.ax.get_window_extent(self.renderer)
        for dx, dy, ha, va in ((6, 0, "left", "center"), (-6, 0, "right", "center"),
                               (0, -6, "center", "top"), (0, 6, "center", "bottom"),
                               (5, -5, "left", "top"), (5, 5, "left", "bottom"),
                               (-5, -5, "right", "top"), (-5, 5, "right", "bottom")):
            label = self.ax.annotate(words, (x, y), (dx, dy), textcoords="offset points", ha=ha,
                                     va=va, fontsize=SMALL - 1, color=self.canvas.c[colour])
            box = label.get_window_extent(self.renderer)
            free = (box.x0 >= bounds.x0 and box.x1 <= bounds.x1 and box.y0 >= bounds.y0
                    and box.y1 <= bounds.y1 and not any(
                        box.x0 < r and l < box.x1 and box.y0 < t and b < box.y1
                        for l, b, r, t in self.taken))
            if free:
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
