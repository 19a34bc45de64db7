"""What a run measured, read from the benchmark's JSON, and what follows from it."""
import json
import math
import re
import sys

SENSES = ("nchw", "nhwc", "any layout")
FIELDS = ("name", "operation", "implementation", "layout", "shape", "algorithm", "kernel", "bound",
          "error", "ours", "cold", "threads", "min", "median", "flops", "bytes", "bound_seconds",
          "reference_seconds", "seconds")
CANDIDATES = ("direct", "winograd2", "winograd4", "winograd6")


class Trouble(Exception):
    """To be said in one line on stderr."""


def duration(seconds):
    for unit in ("s", "ms", "us", "ns"):
        if seconds >= 1 or unit == "ns":
            decimals = 2 if seconds < 10 else 1 if seconds < 100 else 0
            return f"{seconds:.{decimals}f} {unit}"
        seconds *= 1000


def geometric_mean(values):
    values = list(values)
    return math.exp(sum(map(math.log, values)) / len(values)) if values else 0.0


def moves(result):
    """Whether its rate is one of bytes, not of floating-point operations."""
    return "pool2x2" in result["operation"] or result["operation"] == "softmax"


def rate(result):
    """GFLOP/s, or GB/s."""
    return (result["bytes"] if moves(result) else result["flops"]) / result["min"] * 1e-9


def manner(result):
    """What follows the threads in the benchmark's name: "/fast", "/direct/2", "" for AUTO's."""
    return result["name"].partition(f"/t{result['threads']}")[2]


def kind(result):
    """The kind of work, for pictures that put shapes of one kind together."""
    operation, shape = result["operation"], result["shape"]
    if operation != "conv3x3":
        return "pooling" if "pool2x2" in operation else operation
    return "depthwise" if "-dw" in shape else "convolution"


class Run:
    def __init__(self, path):
        try:
            with sys.stdin if path == "-" else open(path, encoding="utf-8") as file:
                data = json.load(file)
            if data["format"] != "ninetap-bench 1":
                raise ValueError
            self.facts, self.limits = data["machine"], data["limits"]
            self.results, self.regret = data["results"], data.get("regret", [])
            if any(field not in r for r in self.results for field in FIELDS):
                raise ValueError
            self.partial = self.facts.get("interrupted")
            self.timed = [r for r in self.results if r["min"] > 0]
            self.ours = [r for r in self.timed if r["ours"]]
            self.cpu = self.facts.get("CPU", "this machine")
        except OSError as error:
            raise Trouble(f"{path}: {error.strerror}") from error
        except (ValueError, KeyError, TypeError) as error:
            raise Trouble(f"{path}: is not a file of ninetap-bench --json") from error

    def threads(self):
        return sorted({r["threads"] for r in self.timed})

    def limits_of(self, kind_of_limit, threads):
        return [l for l in self.limits
                if l["kind"] == kind_of_limit and l["threads"] == threads and l["rate"] > 0]


# ---- ours against the peers -----------------------------------------------------------------


def verdict(run):
    """A row for each operation, shape and number of threads that a peer was timed on too. "pairs"
    has, for each of SENSES, the fastest of ours, the fastest peer's, and the ratio of their times,
    above 1 where ours is faster; None where one of them is missing."""
    rows = {}
    for r in run.timed:
        rows.setdefault((r["operation"], r["shape"], r["threads"], r["cold"]), []).append(r)
    made = []
    for (operation, shape, threads, cold), results in rows.items():
        pairs = []
        for sense in SENSES:
            known = [r for r in results if sense in ("any layout", r["layout"])]
            ours = min((r for r in known if r["ours"]), key=lambda r: r["min"], default=None)
            peer = min((r for r in known if not r["ours"]), key=lambda r: r["min"], default=None)
            ratio = peer["min"] / ours["min"] if ours and peer else None
            pairs.append({"ours": ours, "peer": peer, "ratio": ratio})
        if pairs[2]["peer"]:
            made.append({"operation": operation, "shape": shape, "threads": threads, "cold": cold,
                         "pairs": pairs, "results": results})
    return made


def sum_up(rows, sense, threads=None):
    """None, or the number of pairs compared, those faster and slower as the ratio is shown, the
    geometric mean, the worst row."""
    compared = [row for row in rows if row["pairs"][sense]["ratio"]
                and threads in (None, row["threads"])]
    if not compared:
        return None
    ratios = [row["pairs"][sense]["ratio"] for row in compared]
    return {"count": len(ratios), "faster": sum(r >= 1.005 for r in ratios),
            "slower": sum(r < 0.995 for r in ratios), "mean": geometric_mean(ratios),
            "worst": min(compared, key=lambda row: row["pairs"][sense]["ratio"])}


# ---- which algorithm is fastest where -------------------------------------------------------


def crossovers(run):
    """A map for each instruction set, layout and number of threads: convolutions of S x S maps, C
    channels to C, each algorithm timed by name. Cells that only cross are no map."""
    maps = {}
    for r in run.ours:
        plain = re.fullmatch(r"(\d+)x(\d+)x\2-\1", r["shape"])
        if not plain or r["operation"] != "conv3x3":
            continue
        one = maps.setdefault((r["implementation"], r["layout"], r["threads"]), {})
        cell = one.setdefault((int(plain[2]), int(plain[1])), {"seconds": {}, "taken": {}})
        how, name = manner(r), manner(r).strip("/").partition("/")[0]
        if name in CANDIDATES:
            cell["seconds"][name] = min(r["min"], cell["seconds"].get(name, math.inf))
        elif how in ("", "/fast"):
            cell["taken"][how] = r["algorithm"]
    made = []
    for (isa, layout, threads), cells in maps.items():
        cells = {at: cell for at, cell in cells.items() if cell["seconds"]}
        sizes, channels = (sorted({at[i] for at in cells}) for i in (0, 1))
        if min(len(sizes), len(channels)) >= 3 and 2 * len(cells) >= len(sizes) * len(channels):
            made.append({"isa": isa, "layout": layout, "threads": threads, "cells": cells,
                         "sizes": sizes, "channels": channels})
    return made


def best_of(cell, fast):
    """The fastest algorithm of a map's cell, or None; F(6x6) is FAST's only."""
    known = [name for name in CANDIDATES[:4 if fast else 3] if name in cell["seconds"]]
    return min(known, key=cell["seconds"].get, default=None)


def loss(cell, fast):
    """By how much what AUTO takes is slower than the fastest: 0.5 is by a half."""
    best, taken = best_of(cell, fast), cell["taken"].get("/fast" if fast else "")
    return cell["seconds"][taken] / cell["seconds"][best] - 1 if taken in cell["seconds"] else 0.0


# ---- sweeps ---------------------------------------------------------------------------------

SWEEP_POINTS = 5  # fewer make no curve


def sweep_places(result):
    """The sweeps a shape may be a point of: (varying, shape with S or C, place)."""
    plain = re.fullmatch(r"(\d+x)?(\d+)x(\d+)x(\d+)(?:(-)(dw|\d+))?([a-z0-9:]*)", result["shape"])
    if not plain:
        return []
    batch, c, h, w, dash, oc, rest = plain.groups()
    batch, places = batch or "", []
    if h == w:
        places.append(("sizes", f"{batch}{c}xSxS{dash or ''}{oc or ''}{rest}", int(h)))
    if oc in (None, "dw", c):
        out = "" if oc is None else "-dw" if oc == "dw" else "-C"
        places.append(("channels", f"{batch}Cx{h}x{w}{out}{rest}", int(c)))
    return places


def sweeps(run):
    """Curves of ours (peers alone are no picture of ours) with SWEEP_POINTS places or more. What is
    on a map is none, or each of its rows and columns would be a sweep."""
    mapped = {(m["isa"], m["layout"], m["threads"], c, s) for m in crossovers(run)
              for s, c in m["cells"]}

    def is_mapped(r):
        plain = re.fullmatch(r"(\d+)x(\d+)x\2-\1", r["shape"])
        return plain and (r["implementation"], r["layout"], r["threads"], int(plain[1]),
                          int(plain[2])) in mapped

    found = {}
    for r in run.timed:
        for varying, shape, place in sweep_places(r):
            key = (varying, r["operation"], shape, r["threads"])
            found.setdefault(key, []).append((place, r))
    return {key: points for key, points in found.items()
            if len({place for place, r in points if r["ours"] and not is_mapped(r)})
            >= SWEEP_POINTS}
