"""What a run measured, read from the benchmark's JSON, and what follows from it."""
import json
import math
import re
import sys
from statistics import median

SENSES = ("nchw", "nhwc", "any layout")
FILTERS = ("filter3x3", "gradient3x3")
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


def grouped(items, key):
    """{key: items}, in the order of the items."""
    made = {}
    for item in items:
        made.setdefault(key(item), []).append(item)
    return made


def fastest(results):
    return min(results, key=lambda r: r["min"], default=None)


def unit(result):
    """Of its rate: of bytes moved, of values that a filter makes, or of operations."""
    operation = result["operation"]
    return ("GB/s" if "pool2x2" in operation or operation == "softmax" else
            "Gpx/s" if operation in FILTERS else "GOP/s" if operation == "conv3x3_int8" else
            "GFLOP/s")


def rate(result):
    return result["bytes" if unit(result) == "GB/s" else "flops"] / result["min"] * 1e-9


def manner(result):
    """What follows the threads in the benchmark's name: "/fast", "/direct/2", "" for AUTO's."""
    return result["name"].partition(f"/t{result['threads']}")[2]


def kind(result):
    """The kind of work, for pictures that put shapes of one kind together."""
    operation, shape = result["operation"], result["shape"]
    if operation != "conv3x3":
        return ("pooling" if "pool2x2" in operation else
                "image filter" if operation in FILTERS else
                "int8" if operation == "conv3x3_int8" else
                "gradient" if operation == "conv3x3_backward_data" else operation)
    return "depthwise" if "-dw" in shape else "convolution"


FACTS = ("ninetap", "date", "CPU", "computer", "cores", "data caches", "machine model",
         "its caches", "its costs", "memory", "system", "governor", "boost", "no turbo", "load",
         "affinity", "threads", "OpenMP", "environment", "ISAs", "ISAs not usable", "compiler",
         "flags")
COUNTERS = ("flops", "bytes", "limit_seconds", "reference_seconds")
UNITS = {"ns": 1e-9, "us": 1e-6, "ms": 1e-3, "s": 1.0}


def facts_and_limits(context):
    """Of Google Benchmark's context, in which ours are texts."""
    facts = {"date": context["date"], "load": str(context.get("load_avg", ["unknown"])[0])}
    facts.update({key: value for key, value in context.items() if isinstance(value, str)})
    limits = []
    for key, value in context.items():
        if key.startswith("limit "):
            _, kind, where, threads = key.split(" ")
            rate, size = value.split(" ")
            limits.append({"kind": kind, "where": where, "threads": int(threads[1:]),
                           "rate": float(rate), "bytes": float(size)})
    peers = sorted(key for key in facts if key.startswith(("peer ", "no peer ")))
    return {key: facts[key] for key in (*FACTS, *peers) if key in facts}, limits


def result_of(name, lines, context):
    """A benchmark's lines, one a repetition and one an aggregate, as one result."""
    operation, implementation, layout, shape, threads, *how = name.split("/")
    kernel, *said = lines[0].get("label", "").split("; ")
    said = dict(words.split(": ", 1) for words in said if ": " in words)
    made = {"name": name, "operation": operation, "implementation": implementation,
            "layout": layout, "shape": shape, "threads": int(threads[1:]), "cold": "cold" in how,
            "ours": f"peer {implementation}" not in context, "kernel": kernel,
            "algorithm": said.get("algorithm", ""), "bound": said.get("limit", ""),
            "candidate": said.get("candidate", ""), "seconds": [], "error": ""}
    made.update({key: float(lines[0].get(key, 0)) for key in COUNTERS})
    least, middle = [], []
    for line in lines:
        seconds = float(line.get("real_time", 0)) * UNITS[line.get("time_unit", "ns")]
        if line.get("error_message"):
            made["error"] = line["error_message"]
        elif line["run_type"] == "iteration":
            made["seconds"].append(seconds)
        elif line["aggregate_name"] in ("min", "median"):
            (least if line["aggregate_name"] == "min" else middle).append(seconds)
    made["min"] = min(made["seconds"] or least, default=0)
    made["median"] = median(made["seconds"] or middle or [0])
    made["error"] = "" if made["min"] > 0 else made["error"] or "not timed"
    return made


class Run:
    """A run: facts and limits of the machine, and a result for each benchmark, in their order."""

    def __init__(self, path):
        try:
            with sys.stdin if path == "-" else open(path, encoding="utf-8",
                                                    errors="replace") as file:
                data = json.load(file, strict=False)
            self.facts, self.limits = facts_and_limits(data["context"])
            lines = grouped(sorted(data["benchmarks"], key=lambda line: line["family_index"]),
                            lambda line: line["run_name"])
            self.results = [result_of(*item, data["context"]) for item in lines.items()]
            total = int(data["context"].get("benchmarks", len(lines)))
        except OSError as error:
            raise Trouble(f"{path}: {error.strerror}") from error
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            raise Trouble(f"{path}: is not a file of ninetap-bench --json") from error
        self.partial = f"after {len(lines)} of {total} benchmarks" if len(lines) < total else ""
        self.timed = [r for r in self.results if r["min"] > 0]
        self.ours = [r for r in self.timed if r["ours"]]
        self.cpu = self.facts.get("CPU", "this machine")

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
    rows = grouped(run.timed, lambda r: (r["operation"], r["shape"], r["threads"], r["cold"]))
    made = []
    for (operation, shape, threads, cold), results in rows.items():
        pairs = []
        for sense in SENSES:
            known = [r for r in results if sense in ("any layout", r["layout"])]
            ours = fastest(r for r in known if r["ours"])
            peer = fastest(r for r in known if not r["ours"])
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


# ---- what AUTO's choice costs ---------------------------------------------------------------


def regrets(run):
    """By how much what AUTO takes is slower than the fastest candidate, where a run timed both: for
    each instruction set and precision the number of choices, the geometric mean and the worst."""
    work = grouped(run.ours, lambda r: tuple(r[key] for key in (
        "implementation", "operation", "layout", "shape", "threads", "cold")))
    losses = []
    for results in work.values():
        for taken in results:
            precision = {"": "default", "/fast": "fast"}.get(manner(taken).replace("/cold", ""))
            rivals = [r for r in results if precision in r["candidate"].split()]
            if not precision or not taken["algorithm"] or len(rivals) < 2:
                continue
            # What AUTO takes is among the candidates: of its two times the shorter one counts, so
            # that a disturbance of one of them is not held against the choice.
            own = min(r["min"] for r in [taken] + rivals
                      if (r["algorithm"], r["kernel"]) == (taken["algorithm"], taken["kernel"]))
            best = fastest(rivals)
            losses.append({"isa": taken["implementation"], "precision": precision, "taken": taken,
                           "fastest": best, "worst": max(0.0, own / best["min"] - 1)})
    return [{**max(found, key=lambda one: one["worst"]), "choices": len(found),
             "mean": geometric_mean(1 + one["worst"] for one in found) - 1}
            for found in grouped(losses, lambda one: (one["isa"], one["precision"])).values()]


def fusions(run):
    """What fusing a pooling into its convolution brings: (ours in one call, ours in two)."""
    names = {r["name"]: r for r in run.results}
    pairs = [(names.get(two["name"].replace("/unfused", "")), two) for two in run.ours
             if "/unfused" in two["name"]]
    return [(one, two) for one, two in pairs if one]


# ---- which algorithm is fastest where -------------------------------------------------------


def square(result):
    """(S, C) of a convolution of S x S maps, C channels to C; None: it is another shape."""
    plain = re.fullmatch(r"(\d+)x(\d+)x\2-\1", result["shape"])
    return (int(plain[2]), int(plain[1])) if plain and result["operation"] == "conv3x3" else None


def map_of(result):
    return result["implementation"], result["layout"], result["threads"]


def crossovers(run):
    """A map for each instruction set, layout and number of threads: convolutions of S x S maps, C
    channels to C, each algorithm timed by name. Cells that only cross are no map."""
    made = []
    for (isa, layout, threads), results in grouped(filter(square, run.ours), map_of).items():
        cells = {}
        for r in results:
            cell = cells.setdefault(square(r), {"seconds": {}, "taken": {}})
            how, name = manner(r), manner(r).strip("/").partition("/")[0]
            if name in CANDIDATES:
                cell["seconds"][name] = min(r["min"], cell["seconds"].get(name, math.inf))
            elif how in ("", "/fast"):
                cell["taken"][how] = r["algorithm"]
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
    mapped = {(m["isa"], m["layout"], m["threads"]): m["cells"] for m in crossovers(run)}
    points = [((varying, r["operation"], shape, r["threads"]), (place, r))
              for r in run.timed for varying, shape, place in sweep_places(r)]
    found = {key: [point for _, point in some]
             for key, some in grouped(points, lambda point: point[0]).items()}
    return {key: some for key, some in found.items() if SWEEP_POINTS <= len({
        place for place, r in some if r["ours"] and square(r) not in mapped.get(map_of(r), ())})}
