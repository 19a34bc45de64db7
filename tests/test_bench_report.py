#!/usr/bin/env python3
"""What the benchmark's Python programs make of results: the comparison of two runs, the verdict,
which pictures there are, the page. What needs matplotlib is left out where it is not installed."""
import contextlib
import importlib.util
import io
import json
import math
import os
import re
import resource
import signal
import subprocess
import sys
import tempfile
import unittest
import xml.dom.minidom
from pathlib import Path

REPORT = Path(__file__).resolve().parent.parent / "bench" / "report"
sys.path.insert(0, str(REPORT))
sys.dont_write_bytecode = True

import compare
import run as runs
import tables

HAS_MATPLOTLIB = importlib.util.find_spec("matplotlib") is not None
if HAS_MATPLOTLIB:
    import canvas
    import plot
    from page import clean, html, page


def result(name, implementation, layout, shape, threads, time, repetitions=3, **more):
    """Of `repetitions` times, each 1 + i % 5 / 1000 times `time`, so that min is `time`."""
    return {"name": name, "operation": "conv3x3", "implementation": implementation,
            "layout": layout, "shape": shape, "algorithm": "", "kernel": "kernel", "candidate": "",
            "bound": "compute", "error": "" if time > 0 else "output [0][1] is <wrong>",
            "ours": implementation in ("avx2", "sse2"), "cold": False, "threads": threads,
            "min": time, "median": time * 1.002, "flops": 1e6, "bytes": 1e5,
            "limit_seconds": time / 2, "reference_seconds": 0,
            "seconds": [time * (1 + i % 5 / 1000) for i in range(repetitions if time > 0 else 0)],
            **more}


def make_text(*results, facts=None, limits=(), total=None):
    """The file of a run: names are made proper ones, since a result is known by its name."""
    context = {"date": "2026-11-27T03:43:22+00:00", "load_avg": [1.5], "num_cpus": 2,
               "benchmarks": str(len(results) if total is None else total), **(facts or {}),
               **{f"limit {l['kind']} {l['where']} t{l['threads']}": f"{l['rate']} {l['bytes']}"
                  for l in limits}}
    lines = []
    for i, r in enumerate(results):
        if not r["ours"]:
            context[f"peer {r['implementation']}"] = "1.0"
        label = "; ".join([r["kernel"]] + [f"{key}: {r[of]}" for key, of in (
            ("algorithm", "algorithm"), ("limit", "bound"), ("candidate", "candidate")) if r[of]])
        line = {"name": r["name"], "run_name": r["name"], "family_index": i, "label": label,
                "run_type": "iteration", "time_unit": "us",
                **{key: r[key] for key in runs.COUNTERS}}
        lines += [{**line, "real_time": 1e6 * seconds} for seconds in r["seconds"]]
        if r["error"]:
            lines.append({**line, "error_occurred": True, "error_message": r["error"],
                          "real_time": 0})
    return json.dumps({"context": context, "benchmarks": lines[::-1]})


def read_text(text):
    with tempfile.NamedTemporaryFile("w", suffix=".json", encoding="utf-8",
                                     errors="surrogateescape") as file:
        file.write(text)
        file.flush()
        return runs.Run(file.name)


def make_run(*results, facts=None, limits=()):
    """As if read."""
    run = read_text(make_text(facts=facts, limits=limits))
    run.results = list(results)
    run.timed = [r for r in run.results if r["min"] > 0]
    run.ours = [r for r in run.timed if r["ours"]]
    return run


PEAK = {"kind": "flops", "where": "avx2", "threads": 1, "rate": 1e11, "bytes": 0}


def verdict_example(**more):
    """Two shapes with peers, one of ours alone, one peer that is wrong."""
    return make_run(
        result("a1", "avx2", "nchw", "64x56x56-64", 1, 2e-3),
        result("a2", "sse2", "nchw", "64x56x56-64", 1, 4e-3),
        result("a3", "avx2", "nhwc", "64x56x56-64", 1, 1e-3),
        result("a4", "onednn", "nchw", "64x56x56-64", 1, 3e-3),
        result("a5", "xnnpack", "nchw", "64x56x56-64", 1, 1e-3),
        result("a6", "onednn", "nhwc", "64x56x56-64", 1, 4e-3),
        result("a7", "onednn", "own", "64x56x56-64", 1, 8e-4),
        result("a8", "opencv", "nhwc", "64x56x56-64", 1, 0),
        result("b1", "avx2", "nhwc", "3x224x224-64", 2, 1e-3),
        result("b2", "xnnpack", "nhwc", "3x224x224-64", 2, 2e-3),
        result("c1", "avx2", "nchw", "8x8x8-8", 1, 1e-6), **more)


def map_example(*more):
    """A map of three sizes and three numbers of channels: winograd4 is fastest from 16 channels on,
    winograd6 from 32 on; AUTO takes direct for all but the last, FAST winograd6 for all."""
    manners = ("", "/fast", "/direct", "/winograd2", "/winograd4", "/winograd6")
    times = ((8, 0, 8, 9, 9, 9), (8, 0, 8, 5, 4, 6), (0, 0, 8, 5, 4, 2))
    results = []
    for cell in range(9):
        size, channels = 7 << cell % 3, 8 << cell // 3
        shape = f"{channels}x{size}x{size}-{channels}"
        for i, manner in enumerate(manners):
            taken = "winograd6" if i == 1 else "direct" if cell < 8 else "winograd4"
            results.append(result(f"conv3x3/avx2/nchw/{shape}/t1{manner}", "avx2", "nchw", shape, 1,
                                  (times[cell // 3][i] or 4) * 1e-3, 1, algorithm=taken))
    return make_run(*results, *more)


class Reading(unittest.TestCase):
    NAMES = ("conv3x3/avx2/nchw/8x7x7-8/t2/direct/2/cold", "maxpool2x2/onednn/own/8x8x8/t1",
             "conv3x3/sse2/nhwc/8x7x7-8/t1")

    def example(self):
        return [result(self.NAMES[0], "avx2", "nchw", "8x7x7-8", 2, 1e-6, algorithm="direct",
                       candidate="default fast", cold=True),
                result(self.NAMES[1], "onednn", "own", "8x8x8", 1, 2e-3, operation="maxpool2x2"),
                result(self.NAMES[2], "sse2", "nhwc", "8x7x7-8", 1, 0)]

    def test_results(self):
        """What was written is read, in the order of the families."""
        wanted = self.example()
        run = read_text(make_text(*wanted, facts={"CPU": "one", "zzz": "2"}, limits=[PEAK]))
        self.assertEqual([r["name"] for r in run.results], list(self.NAMES))
        for got, one in zip(run.results, wanted):
            if one["error"]:
                self.assertEqual((got["error"], got["min"], got["seconds"]), (one["error"], 0, []))
                continue
            for key, value in one.items():
                if key in ("seconds", "median", "min"):
                    continue
                self.assertEqual(got[key], value, key)
            self.assertAlmostEqual(got["min"], one["min"])
            self.assertEqual(len(got["seconds"]), 3)
        self.assertEqual((run.cpu, run.partial, run.threads()), ("one", "", [1, 2]))
        self.assertEqual(run.facts["load"], "1.5")
        self.assertIn("peer onednn", run.facts)
        self.assertEqual(run.limits, [PEAK])

    def test_part(self):
        run = read_text(make_text(*self.example(), total=7))
        self.assertEqual(run.partial, "after 3 of 7 benchmarks")

    def test_aggregates_only(self):
        line = {"run_name": self.NAMES[2], "family_index": 0, "run_type": "aggregate",
                "time_unit": "ns", "label": "k"}
        text = json.dumps({"context": {"date": ""}, "benchmarks": [
            {**line, "aggregate_name": name, "real_time": time}
            for name, time in (("mean", 4), ("median", 3), ("min", 2), ("cv", 0.1))]})
        (one,) = read_text(text).results
        self.assertEqual((one["seconds"], one["kernel"], one["error"]), ([], "k", ""))
        self.assertAlmostEqual(one["min"] * 1e9, 2)
        self.assertAlmostEqual(one["median"] * 1e9, 3)

    def test_foreign_files(self):
        for text in ("", "[]", "{}", "null", '{"context": {}, "benchmarks": []}', "{", "\udcff",
                     '{"context": {"date": "", "limit x": "1"}, "benchmarks": []}',
                     '{"context": {"date": ""}, "benchmarks": [{"family_index": 1}]}',
                     '{"context": {"date": ""}, "benchmarks": [{"family_index": 1, '
                     '"run_name": "BM_other", "run_type": "iteration"}]}'):
            with self.assertRaisesRegex(runs.Trouble, "is not a file of ninetap-bench"):
                read_text(text)

    def test_bytes_of_any_kind(self):
        """What a library says of itself need be no UTF-8, nor of one line."""
        text = make_text(*self.example(), facts={"CPU": "x\udcffy"}).replace("x\\udcffy", "x\udcff\ny")
        run = read_text(text)
        self.assertEqual(run.cpu, "x\ufffd\ny")
        self.assertIn("| x\ufffd y ", tables.markdown(run))


class Statistics(unittest.TestCase):
    def test_quantiles(self):
        self.assertEqual(compare.median([5, 1, 3]), 3)
        self.assertEqual(compare.median([4, 1, 3, 2]), 2.5)
        self.assertEqual((compare.median([7]), compare.quantile([7], 0.95)), (7, 7))
        twenty = list(range(20, 0, -1))
        self.assertEqual([compare.quantile(twenty, f) for f in (0.95, 0, 1)], [19, 1, 20])
        self.assertEqual(runs.geometric_mean([]), 0)
        self.assertAlmostEqual(runs.geometric_mean([0.5, 8]), 2)

    def test_mann_whitney(self):
        """Expected: U's mean and variance over all ways to split the values in two, enumerated; the
        first pair is also SciPy's example of its mannwhitneyu."""
        males, females = [19, 22, 16, 29, 24], [20, 11, 17, 12]
        self.assertAlmostEqual(compare.mann_whitney(males, females), 0.11134688653314048, 12)
        self.assertAlmostEqual(compare.mann_whitney(females, males), 0.11134688653314048, 12)
        self.assertAlmostEqual(compare.mann_whitney([1, 2, 2, 3, 3, 4, 5], [2, 3, 4, 5, 5, 6, 7]),
                               0.0800924246840345, 12)
        low, high = ([base + i / 10 for i in range(7)] for base in (1, 2))
        self.assertAlmostEqual(compare.mann_whitney(low, high), 0.0021650293330383796, 12)

    def test_mann_whitney_without_evidence(self):
        for a, b in (([3] * 4, [3] * 3), ([3] * 4, []), ([], [3] * 3), ([], [])):
            self.assertEqual(compare.mann_whitney(a, b), 1)
        self.assertEqual(compare.mann_whitney([1, 2, 3, 4, 5], [1, 2, 3, 4, 5]), 1)


class Comparison(unittest.TestCase):
    REPETITIONS = 12

    def one(self, time, repetitions=REPETITIONS, who="avx2"):
        return result("x", who, "nchw", "8x8x8-8", 1, time, repetitions)

    def outcome(self, ratio, repetitions=REPETITIONS, who="avx2"):
        floor, items = compare.compare(make_run(self.one(1e-3, repetitions, who)),
                                       make_run(self.one(1e-3 * ratio, repetitions, who)))
        self.assertEqual((floor, len(items)), (compare.LEAST_FLOOR, 1))
        self.assertAlmostEqual(items[0][2], ratio)
        self.assertAlmostEqual(items[0][3], ratio)
        return items[0][5]

    def test_outcomes(self):
        self.assertEqual(self.outcome(1), "unchanged")
        self.assertEqual(self.outcome(1.1), "SLOWER")
        self.assertEqual(self.outcome(0.9), "faster")
        self.assertEqual(self.outcome(1.1, who="onednn"), "SLOWER")
        self.assertEqual(self.outcome(1.008), "unchanged")  # significant, but below the floor
        self.assertEqual(self.outcome(1.1, compare.LEAST_REPETITIONS), "SLOWER")
        self.assertEqual(self.outcome(1.1, compare.LEAST_REPETITIONS - 1), "untested")
        self.assertEqual(self.outcome(1.1, 0), "untested")  # only aggregates were reported

    def test_floor(self):
        """A run whose second half is 20 % slower can show no change of 10 %."""
        after = self.one(1.1e-3)
        after["seconds"][6:] = [1.2 * s for s in after["seconds"][6:]]
        floor, items = compare.compare(make_run(self.one(1e-3)), make_run(after))
        self.assertTrue(0.19 < floor < 0.21)
        self.assertEqual(items[0][5], "unchanged")

    def test_minimum(self):
        """The minimum says nothing changed: other work disturbed one of the runs."""
        after = self.one(1.1e-3)
        after["seconds"][3] = after["min"] = 1e-3
        _, items = compare.compare(make_run(self.one(1e-3)), make_run(after))
        self.assertTrue(items[0][4] < compare.SIGNIFICANT)
        self.assertEqual(items[0][5], "unchanged")

    def said(self, old, new):
        out = io.StringIO()
        with contextlib.redirect_stdout(out):
            status = compare.put_comparison(old, new)
        return status, out.getvalue()

    def test_text(self):
        def named(name, time):
            return {**self.one(time), "name": name}

        before = make_run(named("x", 1e-3), named("y", 0), facts={"CPU": "one", "date": "1"},
                          limits=[PEAK])
        after = make_run(named("x", 2e-3), named("y", 1e-3), named("z", 1e-3),
                         facts={"CPU": "other", "date": "2"}, limits=[{**PEAK, "rate": 8e10}])
        after.partial = "after 1 of 2 benchmarks"
        status, text = self.said(before, after)
        self.assertEqual(status, 1)
        for part in ("0 faster, 1 slower, 0 unchanged", "SLOWER", "CPU: one -> other",
                     "100.0 GFLOP/s -> 80.0 GFLOP/s", "The new run is a part of one"):
            self.assertIn(part, text)
        self.assertNotIn("date", text)
        status, text = self.said(before, before)
        self.assertEqual(status, 0)
        self.assertNotIn("not made alike", text)
        for pair in ((before, make_run()), (make_run(), before)):
            with self.assertRaisesRegex(runs.Trouble, "in common"):
                compare.put_comparison(*pair)

class Verdict(unittest.TestCase):
    def test_pairs(self):
        rows = runs.verdict(verdict_example())
        self.assertEqual([(r["shape"], r["threads"]) for r in rows],
                         [("64x56x56-64", 1), ("3x224x224-64", 2)])
        nchw, nhwc, own = rows[0]["pairs"]
        self.assertEqual((nchw["ours"]["name"], nchw["peer"]["name"]), ("a1", "a5"))
        self.assertEqual((own["ours"]["name"], own["peer"]["name"]), ("a3", "a7"))
        for pair, ratio in ((nchw, 0.5), (nhwc, 4), (own, 0.8), (rows[1]["pairs"][2], 2)):
            self.assertAlmostEqual(pair["ratio"], ratio)
        self.assertIsNone(rows[1]["pairs"][0]["ratio"])

    def test_sums(self):
        rows = runs.verdict(verdict_example())
        nchw, own = runs.sum_up(rows, 0), runs.sum_up(rows, 2)
        self.assertEqual((nchw["count"], nchw["faster"], nchw["slower"]), (1, 0, 1))
        self.assertEqual((own["count"], own["faster"], own["slower"]), (2, 1, 1))
        self.assertAlmostEqual(own["mean"], math.sqrt(0.8 * 2))
        self.assertIs(own["worst"], rows[0])
        self.assertAlmostEqual(runs.sum_up(rows, 2, 2)["mean"], 2)
        self.assertIsNone(runs.sum_up(rows, 0, 2))


    def test_text(self):
        texts = [table.text() for table in tables.conclusions(verdict_example())]
        self.assertEqual(len(texts), 2)
        for part in ("conv3x3 64x56x56-64", "800 us onednn own", "geometric mean", "worst case"):
            self.assertIn(part, texts[0])
        self.assertNotIn("8x8x8-8", texts[0])
        self.assertRegex(texts[1], "opencv +nhwc .*is <wrong>")
        self.assertEqual(tables.conclusions(make_run()), [])

    def test_fusion(self):
        name = "conv3x3/avx2/nchw/3x9x9-4+pool/t1"
        run = make_run(*(result(n, "avx2", "nchw", "3x9x9-4+pool", 1, time) for n, time in (
            (name, 2e-3), (f"{name}/unfused", 3e-3), (f"{name}/cold", 0),
            (f"{name}/unfused/cold", 4e-3))))
        text = tables.fusion_table(run).text()
        self.assertRegex(text, f"{re.escape(name)} .* 1.50\n")
        self.assertRegex(text, f"{re.escape(name)}/cold +failed +4.00 ms +-\n")
        self.assertNotIn("unfused", text)


class Regret(unittest.TestCase):
    """AUTO takes direct where winograd4 takes half the time, and in FAST winograd4 where winograd6
    does; another shape is taken right, and one has nothing to choose from."""

    def test_regret(self):
        def choice(shape, how, algorithm, candidate, time):
            return result(f"conv3x3/avx2/nchw/{shape}/t1{how}", "avx2", "nchw", shape, 1, time, 1,
                          algorithm=algorithm, candidate=candidate)

        both = "default fast"
        run = make_run(
            choice("8x8x8-8", "", "direct", "", 2.1e-3),
            choice("8x8x8-8", "/fast", "winograd4", "", 1e-3),
            choice("8x8x8-8", "/direct", "direct", both, 2e-3),
            choice("8x8x8-8", "/winograd4", "winograd4", both, 1e-3),
            choice("8x8x8-8", "/winograd6", "winograd6", "fast", 0.8e-3),
            choice("9x9x9-9", "", "direct", "", 1.1e-3),
            choice("9x9x9-9", "/direct", "direct", both, 1e-3),
            choice("9x9x9-9", "/winograd2", "winograd2", both, 2e-3),
            choice("9x9x9-9", "/winograd4", "winograd4", "", 0.5e-3),  # not accurate enough
            choice("7x7x7-7", "", "direct", "", 1e-3),
            choice("7x7x7-7", "/direct", "direct", both, 1e-3))
        default, fast = runs.regrets(run)
        self.assertEqual((default["isa"], default["precision"], default["choices"]),
                         ("avx2", "default", 2))
        self.assertAlmostEqual(default["worst"], 1)
        self.assertAlmostEqual(default["mean"], math.sqrt(2) - 1)
        self.assertEqual(default["taken"]["shape"], "8x8x8-8")
        self.assertIn("/winograd4", default["fastest"]["name"])
        self.assertEqual((fast["precision"], fast["choices"]), ("fast", 1))
        self.assertAlmostEqual(fast["worst"], 0.25)
        text = tables.regret_table(run).text()
        for part in ("41.42 %", "100.0 %", "winograd6"):
            self.assertIn(part, text)
        self.assertFalse(tables.regret_table(verdict_example()))


class Text(unittest.TestCase):
    def test_tables(self):
        table = tables.Table("T & t", ["a|b", "#n"], [("<i>|\n", "1.50")],
                             [("sum", 2)])
        text = table.markdown()
        self.assertEqual(text.count("\n"), 6)
        for part in ("<i>\\| ", "a\\|b", "1.50"):
            self.assertIn(part, text)
        self.assertEqual(table.text(), "T & t\n\na|b       n\n<i>|   1.50\n\nsum       2\n")


    def test_rates(self):
        for operation, wanted, kind in (("conv3x3", "1.0 GFLOP/s", "convolution"),
                                        ("softmax", "0.1 GB/s", "softmax"),
                                        ("avgpool2x2_u8", "0.1 GB/s", "pooling"),
                                        ("conv3x3_int8", "1.0 GOP/s", "int8"),
                                        ("conv3x3_backward_weights", "1.0 GFLOP/s",
                                         "gradient"),
                                        ("gradient3x3", "1.0 Gpx/s", "image filter")):
            one = result("a", "avx2", "nhwc", "8x8x8-8", 1, 1e-3, operation=operation)
            self.assertEqual((tables.result_row(one)[4].text, runs.kind(one)), (wanted, kind))


class Maps(unittest.TestCase):
    def test_cells(self):
        (one,) = runs.crossovers(map_example())
        self.assertEqual((one["sizes"], one["channels"]), ([7, 14, 28], [8, 16, 32]))
        first, middle, last = (one["cells"][at] for at in ((7, 8), (14, 16), (28, 32)))
        for cell, fast, best, loss in ((first, False, "direct", 0), (middle, False, "winograd4", 1),
                                       (middle, True, "winograd4", 0.5),
                                       (last, False, "winograd4", 0), (last, True, "winograd6", 0)):
            self.assertEqual(runs.best_of(cell, fast), best)
            self.assertAlmostEqual(runs.loss(cell, fast), loss)

    def test_rows_are_no_sweeps(self):
        """Two rows more, with which a column has five points and would make a curve."""
        def cell(shape):
            return result("conv3x3/avx2/nchw/x/t1/direct", "avx2", "nchw", shape, 1, 1e-3, 1)

        run = map_example(cell("64x14x14-64"), cell("128x14x14-128"))
        self.assertEqual((len(runs.crossovers(run)), runs.sweeps(run)), (1, {}))
        # Rows and columns that only cross are no map: then they are curves.
        cross = make_run(*map(cell, ("4x14x14-4", "8x14x14-8", "16x14x14-16", "32x14x14-32",
                                     "8x7x7-8", "64x14x14-64", "8x28x28-8", "8x20x20-8")))
        self.assertEqual(runs.crossovers(cross), [])
        self.assertIn(("channels", "conv3x3", "Cx14x14-C", 1), runs.sweeps(cross))


class Sweeps(unittest.TestCase):
    def test_sweeps(self):
        """A curve takes five points of ours; other shapes, threads and peers are none of them."""
        def points(shapes, who="avx2", threads=1):
            return [result("x", who, "nchw", shape, threads, 1e-3, 1) for shape in shapes]

        last = "64x64x64-64s2"
        some = points(["64x28x28-64s2", "64x32x32-64s2", "64x28x28-64s2", "64x56x57-64s2",
                       "64x40x40-64", "64x48x48-64s2", "64x56x56-64s2"])
        some += points([last], who="onednn") + points([last], threads=2)
        self.assertEqual(runs.sweeps(make_run(*some)), {})
        some += points([last])
        self.assertEqual(list(runs.sweeps(make_run(*some))),
                         [("sizes", "conv3x3", "64xSxS-64s2", 1)])
        channels = points([f"{c}x28x28-{oc}" for c, oc in
                           ((1, 1), (2, 2), (3, 3), (4, 4), (4, 8), (8, 8))])
        self.assertEqual(runs.sweeps(make_run(*channels[:5])), {})
        self.assertEqual(list(runs.sweeps(make_run(*channels))),
                         [("channels", "conv3x3", "Cx28x28-C", 1)])


@unittest.skipUnless(HAS_MATPLOTLIB, "matplotlib is not installed")
class Pictures(unittest.TestCase):
    def names(self, run):
        return [name for name, *_ in plot.pictures(run)]

    def test_which(self):
        self.assertEqual(self.names(make_run()), [])
        self.assertEqual(self.names(verdict_example(limits=[PEAK])),
                         ["summary", "roofline-t1", "peers-t1", "peers-t2"])
        self.assertIn("crossover-avx2-nchw-t1", self.names(map_example()))

    def test_spreading(self):
        places = canvas.spread([50, 52, 10, 99], 10, 0, 100)
        self.assertEqual(places[2], 10)
        self.assertEqual(sorted(places), [places[i] for i in (2, 0, 1, 3)])
        gaps = [b - a for a, b in zip(sorted(places), sorted(places)[1:])]
        self.assertTrue(min(gaps) >= 10 - 1e-9)
        many = canvas.spread([30 + i for i in range(50)], 10, 0, 100)
        self.assertEqual(many, sorted(many))
        self.assertTrue(many[0] >= -1e-9 and many[-1] <= 100 + 1e-9)
        self.assertEqual(canvas.spread([], 10, 0, 100), [])

    def test_labels_cover_nothing(self):
        drawing = canvas.Sheet(canvas.LIGHT, "title", "words", 3)
        ax = drawing.axes()
        drawing.arrange()
        room = canvas.Room(drawing, ax)
        self.assertTrue(room.name(0.2, 0.5, "label"))
        self.assertTrue(room.name(0.25, 0.5, "label"))
        for i, one in enumerate(room.taken):
            for other in room.taken[:i]:
                self.assertFalse(one[0] < other[2] and other[0] < one[2] and one[1] < other[3]
                                 and other[1] < one[3])
        self.assertFalse(room.name(0.5, 0.5, "much too long a label for these axes " * 9))
        room.taken.append((0, 0, 1e9, 1e9))
        self.assertFalse(room.name(0.2, 0.8, "x"))

    def test_files(self):
        """All pictures, light and dark, well-formed, each thing in them with a name of its own."""
        run = map_example(result("x", "onednn", "own", "8x7x7-8", 1, 3e-3))
        for name, title, words, draw in plot.pictures(run):
            text = canvas.svg(draw(canvas.LIGHT), name, title + " <", words)
            xml.dom.minidom.parseString(text)
            self.assertIn(f"<title>{title} &lt;</title>", text)
            self.assertIn("prefers-color-scheme:dark", text)
            self.assertNotIn('id="figure_1"', text)
            self.assertTrue(canvas.png(draw(canvas.DARK)).endswith(b"IEND\xae\x42\x60\x82"))

    def test_map_words(self):
        (drawn,) = [p for p in plot.pictures(map_example()) if p[0].startswith("crossover")]
        text = canvas.svg(drawn[3](canvas.LIGHT), *drawn[:3])
        self.assertEqual((text.count("+50%"), text.count("+100%")), (3, 3 + 2))
        self.assertIn("4.00", text)


@unittest.skipUnless(HAS_MATPLOTLIB, "matplotlib is not installed")
class Page(unittest.TestCase):
    def test_text(self):
        self.assertEqual(clean("<&>\"'\x01 \xe9"), "&lt;&amp;&gt;&quot;&#x27;\ufffd \xe9")
        text = html(tables.Table("T & t", [("a<b", 'x > "y"'), "#n"], [("<i>|", 1.5)]))
        self.assertIn("&lt;i&gt;|", text)
        self.assertIn('title="x &gt; &quot;y&quot;"', text)
        self.assertIn("T &amp; t", text)

    def test_page(self):
        run = verdict_example(facts={"CPU": "<script>alert('&')</script>"})
        text = page(run, [])
        self.assertIn("&lt;script&gt;alert(&#x27;&amp;", text)
        self.assertNotIn("<script>alert", text)
        self.assertIn("output [0][1] is &lt;wrong&gt;", text)
        self.assertIn("Who is fastest", text)
        text = page(make_run(), [])
        self.assertNotIn("Who is fastest", text)
        self.assertTrue(text.endswith("</html>\n"))

    def test_fusion(self):
        names = ("conv3x3/avx2/nchw/3x9x9-4+pool/t1", "conv3x3/avx2/nchw/3x9x9-4+pool/t1/unfused")
        run = make_run(*(result(name, "avx2", "nchw", "3x9x9-4+pool", 1, time)
                         for name, time in zip(names, (2e-3, 3e-3))))
        self.assertIn(">1.50<", page(run, []))


class Program(unittest.TestCase):
    """report.py: its files, its streams, its exit status."""

    NAME = "conv3x3/avx2/nchw/8x8x8-8/t1"

    def setUp(self):
        self.scratch = tempfile.TemporaryDirectory()
        self.addCleanup(self.scratch.cleanup)
        for name, time in (("old.json", 1e-3), ("new.json", 2e-3)):
            self.put(name, make_text(result(self.NAME, "avx2", "nchw", "8x8x8-8", 1, time, 12)))

    def path(self, name):
        return os.path.join(self.scratch.name, name)

    def put(self, name, text):
        Path(self.path(name)).write_text(text, encoding="utf-8")

    def text(self, name):
        return Path(self.path(name)).read_text(encoding="utf-8")

    def run_it(self, *arguments, limit=None, **how):
        def full_disk():
            resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))

        return subprocess.run([sys.executable, "-B", REPORT / "report.py", *arguments], text=True,
                              stderr=subprocess.PIPE, check=False, cwd=self.scratch.name,
                              preexec_fn=full_disk if limit is not None else None,
                              **{"stdout": subprocess.PIPE, **how})

    def expect(self, status, words, *arguments, **how):
        """The status, and what stderr says in one line; "": it says nothing."""
        done = self.run_it(*arguments, **how)
        self.assertEqual(done.returncode, status, done.stderr)
        self.assertIn(words, done.stderr)
        self.assertEqual(done.stderr.count("\n"), 1 if words else 0, done.stderr)
        return done.stdout

    def test_arguments(self):
        for arguments, words in ((["--csv"], "--csv: expected one"), ([], "required: FILE"),
                                 (["--csv=", "old.json"], "--csv: wants a name"),
                                 (["--nonsense", "old.json"], "--nonsense"),
                                 (["old.json", "old.json"], "unrecognized arguments: old.json"),
                                 (["--csv=-", "--markdown=-", "old.json"], "one stdout"),
                                 (["--compare=-", "-"], "one stdin"),
                                 (["/nonexistent"], "No such file"), (["."], "Is a directory"),
                                 (["--compare", "junk", "old.json"], "is not a file of ninetap")):
            self.put("junk", "{}")
            self.expect(2, words, *arguments)
        self.assertIn("--plot DIR", self.expect(0, "", "--help"))

    def test_comparison(self):
        self.assertIn("0 faster, 0 slower", self.expect(0, "", "--compare=old.json", "old.json"))
        self.assertIn("SLOWER", self.expect(1, "", "--compare", "old.json", "new.json"))

    def test_streams(self):
        """What goes into a file goes to stdout too, by itself; what is piped in is read."""
        self.expect(0, "", "--csv=new.csv", "--markdown=new.md", "old.json")
        for option, name in (("--csv", "new.csv"), ("--markdown", "new.md")):
            self.assertEqual(self.expect(0, "", option, "-", "old.json"), self.text(name))
            self.assertEqual(self.expect(0, "", option, "-", "-", input=self.text("old.json")),
                             self.text(name))
        lines = self.text("new.csv").splitlines()
        self.assertEqual((len(lines), lines[1].split(",")[0]), (2, self.NAME))
        self.assertIn(f"| {self.NAME} ", self.text("new.md"))

    def test_lost_stdout(self):
        with open("/dev/full", "w", encoding="utf-8") as full:
            for arguments in (["--csv=-", "old.json"], ["--compare=old.json", "old.json"]):
                self.expect(2, "stdout: No space left", *arguments, stdout=full)
        read, write = os.pipe()
        os.close(read)
        done = self.run_it("--compare=old.json", "--csv=a.csv", "old.json", stdout=write)
        os.close(write)
        self.assertEqual((done.returncode, done.stderr), (-signal.SIGPIPE, ""))
        self.assertIn(self.NAME, self.text("a.csv"))

    def test_full_disk(self):
        """Older files stay as they are until all new ones are complete."""
        self.put("kept", "older")
        os.symlink("kept", self.path("link"))
        for name in ("kept", "link"):
            for option in ("--csv", "--markdown"):
                self.expect(2, f"{name}: File too large", option, name, "old.json", limit=16)
                self.assertEqual(self.text("kept"), "older")
        self.assertEqual(sorted(os.listdir(self.scratch.name)),
                         ["kept", "link", "new.json", "old.json"])

    def test_files(self):
        self.put("kept", "older")
        os.chmod(self.path("kept"), 0o640)
        os.symlink("kept", self.path("link"))
        self.expect(0, "", "--csv=link", "--markdown=new.md", "old.json")
        self.assertTrue(os.path.islink(self.path("link")))
        self.assertIn(self.NAME, self.text("kept"))
        self.assertEqual(os.stat(self.path("kept")).st_mode & 0o777, 0o640)
        mask = os.umask(0)
        os.umask(mask)
        self.assertEqual(os.stat(self.path("new.md")).st_mode & 0o777, 0o666 & ~mask)
        for option in ("--csv", "--markdown"):
            self.expect(2, "/dev/full: No space left", option, "/dev/full", "old.json")
            self.expect(2, "/no/such/file: No such file", option, "/no/such/file", "old.json")
            self.expect(2, "/: Is a directory", option, "/", "old.json")
            self.expect(0, "", option, "/dev/null", "old.json")

    @unittest.skipUnless(HAS_MATPLOTLIB, "matplotlib is not installed")
    def test_plot(self):
        os.mkdir(self.path("d"))
        self.put("d/index.html", "older")
        self.expect(2, "File too large", "--plot=d", "old.json", limit=4096)
        self.assertEqual((os.listdir(self.path("d")), self.text("d/index.html")),
                         (["index.html"], "older"))
        self.expect(0, "", "--plot=d", "old.json")
        self.assertIn("summary.svg", os.listdir(self.path("d")))
        self.assertIn("<svg", self.text("d/index.html"))
        self.expect(2, "/dev/null/x", "--plot", "/dev/null/x", "old.json")


if __name__ == "__main__":
    unittest.main()
