#!/usr/bin/env python3
"""Measures this CPU and prints its row of kernels/targets/costs.c.

What ninetap-bench measures is taken as it is: the clock follows from the peak of multiply-adds, bytes a
cycle from the reading rates. Store and shuffle rates, the width, the cost of a mispredicted branch and bytes
a cycle from the caches are then fitted, so that predicted and measured times of convolutions differ least:
the mean square of the logarithm of their ratio, by coordinate descent. Keep a row only if the choice loses
less with it. Needs a quiet machine, some minutes, and a build with -DNINETAP_BUILD_BENCH=ON.
"""
import argparse
import collections
import math
import os
import re
import subprocess
import sys
import tempfile

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
sys.path.insert(0, os.path.join(ROOT, "bench", "report"))
from run import Run
COSTS = os.path.join(ROOT, "kernels", "targets", "costs.c")
LANES = {"avx512": 16, "avx2": 8, "sse2": 4, "neon": 4, "wasm128": 4, "scalar": 1}
LEVELS = ["L1", "L2", "L3", "memory"]
ALGORITHMS = ["direct", "winograd2", "winograd4", "winograd6"]
DISTURBED = 0.7  # a larger error of the logarithm counts as this one

# Prints the row that this CPU has, or for each line of stdin what is predicted: with the library, and another
# costs.c linked in front of the library's.
PREDICTOR = r"""
#include <stdio.h>
#include "conv3x3/method.h"
#include "core/machine.h"
static double predicted(const ninetap_conv3x3_desc *d) {
    nt_conv_shape sizes;
    nt_conv conv;
    nt_candidate list[NT_CANDIDATES];
    const int count = nt_conv_shape_of(d, &sizes) == NINETAP_OK && nt_conv_of(d, &sizes, &conv) == NINETAP_OK
        ? nt_conv_candidates(&conv, list) : 0;
    return count > 0 ? list[0].cycles : 0;
}
int main(int argc, char **argv) {
    if (argc > 2) {
        const nt_machine m = nt_machine_of(argv[1]);
        printf("%s %lld %lld %lld\n", m.costs->name, (long long)m.cache[0] / 1024,
               (long long)m.cache[1] / 1024, (long long)m.cache[2] / 1024);
        return 0;
    }
    long long n, c, h, w, o, s, p, dil, g;
    int layout, algo;
    while (scanf("%lld %lld %lld %lld %lld %lld %lld %lld %lld %d %d", &n, &c, &h, &w, &o, &s, &p, &dil, &g,
                 &layout, &algo) == 11) {
        const ninetap_conv3x3_desc d = {.n = n, .ic = c, .ih = h, .iw = w, .oc = o, .stride = (int)s,
            .dilation = (int)dil, .groups = g, .pad = {(int)p, (int)p, (int)p, (int)p},
            .layout = (ninetap_layout)layout, .algo = (ninetap_algo)algo, .threads = 1, .isa = argv[1],
            .precision = NINETAP_PRECISION_FAST};
        printf("%.6g\n", predicted(&d));
    }
    return 0;
}
"""

Case = collections.namedtuple("Case", "shape layout algorithm line rival seconds")  # rival: AUTO may take it


def run(command, **options):
    return subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True, **options).stdout


def measure(build, isa, suites, file):
    """ninetap-bench's results: every algorithm by name, in both layouts, on one thread."""
    command = [os.path.join(build, "bench", "ninetap-bench"), "--isa=" + isa, "--layout=nchw,nhwc",
               "--threads=1", "--no-peers", "--algo=" + ",".join(ALGORITHMS), "--json=" + file]
    subprocess.run(command + ["--suite=" + suite for suite in suites], check=True, stdout=sys.stderr)
    return Run(file)


def numbers_of(shape):
    """n c h w o stride pad dilation groups of [Nx]CxHxW-O..., or None: no convolution alone."""
    match = re.fullmatch(r"(?:(\d+)x)?(\d+)x(\d+)x(\d+)-(\d+|dw)((?:[spdg]\d+)*)", shape)
    if not match:
        return None
    n, c, h, w, o, options = match.groups()
    value = {"s": "1", "p": "1", "d": "1", "g": "1"}
    value.update(re.findall(r"([spdg])(\d+)", options))
    if o == "dw":
        o, value["g"] = c, c
    return [n or "1", c, h, w, o, value["s"], value["p"], value["d"], value["g"]]


def cases_of(results, isa):
    least, rivals = {}, set()
    for r in results.results:
        numbers = numbers_of(r["shape"]) if r["operation"] == "conv3x3" else None
        if (numbers and r["implementation"] == isa and r["algorithm"] in ALGORITHMS and r["min"] > 0
                and r["threads"] == 1 and r["layout"] in ("nchw", "nhwc")):
            key = (r["shape"], r["layout"], r["algorithm"], " ".join(numbers))
            least[key] = min(least.get(key, math.inf), r["min"])
            if "fast" in r["candidate"].split():
                rivals.add(key)
    return [Case(*key[:3], f"{key[3]} {int(key[1] == 'nhwc')} {ALGORITHMS.index(key[2]) + 1}", key in rivals, seconds)
            for key, seconds in least.items()]


class Row:
    """A row's text in costs.c, and the numbers that are fitted."""

    def __init__(self, name, isa):
        with open(COSTS, encoding="utf-8") as file:
            self.file = file.read()
        pattern = (r'    \{\n(?:        /\*.*?\*/\n)?        \.name = "' + re.escape(name) + r'".*?\n    \},\n')
        match = re.search(pattern, self.file, re.S)
        if not match:
            sys.exit(f"{COSTS} has no row named {name}")
        self.begin, self.end = match.span()
        self.text, self.name, self.isa = match[0], name, isa
        self.values = {}
        for field in ("ghz", "width", "mispredict"):
            self.values[field] = float(re.search(rf"\.{field} = ([\d.]+)", self.text)[1])
        found = re.search(r"\.bytes = \{([^}]*)\}", self.text)[1]
        for level, number in zip(LEVELS, found.split(",")):
            self.values["bytes " + level] = float(number.strip().rstrip("F"))
        issue = re.search(rf'\{{"{isa}", ([^}}]*)\}}', self.text)
        if not issue:
            sys.exit(f"the row {name} has nothing for {isa}")
        self.issue = [float(number.strip().rstrip("F")) for number in issue[1].split(",")]
        self.values["stores"], self.values["shuffles"] = self.issue[3], self.issue[4]

    def fused(self):
        return self.issue[0] or self.issue[1]

    @staticmethod
    def number(value):
        text = f"{value:.3g}"
        return text + "F" if "." in text else text

    def format(self, source=None):
        text, value = self.text, self.values
        for field in ("ghz", "width", "mispredict"):
            text = re.sub(rf"\.{field} = [\d.]+F?", f".{field} = {self.number(value[field])}", text)
        listed = ", ".join(self.number(value["bytes " + level]) for level in LEVELS)
        text = re.sub(r"\.bytes = \{[^}]*\}", f".bytes = {{{listed}}}", text)
        issue = self.issue[:3] + [value["stores"], value["shuffles"]] + self.issue[5:]
        listed = ", ".join(self.number(number) for number in issue)
        text = re.sub(rf'\{{"{self.isa}", [^}}]*\}}', f'{{"{self.isa}", {listed}}}', text)
        if source:
            text = re.sub(r'\.source = "[^"]*"', f'.source = "{source}"', text)
        return text


class Predictor:
    def __init__(self, build, scratch, isa):
        self.archive = os.path.join(build, "libninetap.a")
        if not os.path.exists(self.archive):
            sys.exit(f"no {self.archive}: build first")
        self.scratch, self.isa = scratch, isa
        self.include = ["-I" + os.path.join(ROOT, "include"), "-I" + os.path.join(ROOT, "kernels")]
        self.compiler = os.environ.get("CC", "cc")
        with open(self.path("predict.c"), "w", encoding="utf-8") as file:
            file.write(PREDICTOR)
        run([self.compiler, "-std=c11", *self.include, "-c", self.path("predict.c"), "-o",
             self.path("predict.o")])

    def path(self, name):
        return os.path.join(self.scratch, name)

    def link(self, costs):
        run([self.compiler, "-std=c11", *self.include, "-c", costs, "-o", self.path("costs.o")])
        run([self.compiler, self.path("predict.o"), self.path("costs.o"), self.archive, "-fopenmp", "-lm",
             "-o", self.path("predict")])

    def machine(self):
        self.link(COSTS)
        environment = {key: value for key, value in os.environ.items() if key != "NINETAP_MACHINE"}
        name, *caches = run([self.path("predict"), self.isa, "machine"], env=environment).split()
        return name, caches

    def seconds(self, row, cases):
        with open(self.path("costs.c"), "w", encoding="utf-8") as file:
            file.write(row.file[:row.begin] + row.format() + row.file[row.end:])
        self.link(self.path("costs.c"))
        environment = dict(os.environ, NINETAP_MACHINE=row.name)
        output = run([self.path("predict"), self.isa], env=environment,
                     input="\n".join(case.line for case in cases) + "\n")
        return [float(cycles) / row.values["ghz"] * 1e-9 for cycles in output.split()]


def read(files):
    """What was measured in pieces, as one run."""
    first, *others = [Run(file) for file in files]
    for other in others:
        first.results += other.results
        first.limits += other.limits
    return first


def warn_of_noise(results, isa):
    ratios = sorted(r["median"] / r["min"] for r in results.results
                    if r["implementation"] == isa and r["min"] > 0)
    if ratios and ratios[len(ratios) // 2] > 1.1:
        print(f"this machine was not quiet: half of the medians are {ratios[len(ratios) // 2]:.2f} times the least "
              "time or more; do not keep this row", file=sys.stderr)


def measured_limits(row, results):
    """The clock and the reading rates, as they were measured."""
    limits = collections.defaultdict(float)
    for limit in results.limits:
        if limit["threads"] == 1:
            key = limit["kind"], limit["where"]
            limits[key] = max(limits[key], limit["rate"])
    peak = limits.get(("flops", row.isa))
    if peak:
        row.values["ghz"] = peak * 1e-9 / (2 * LANES[row.isa] * row.fused())
    for level in LEVELS:
        rate = limits.get(("read", level))
        if rate:
            row.values["bytes " + level] = rate * 1e-9 / row.values["ghz"]


def loss_of(predicted, cases):
    errors = [math.log(p / case.seconds) for p, case in zip(predicted, cases) if p > 0]
    return sum(min(abs(e), DISTURBED) ** 2 for e in errors) / max(1, len(errors))


def regret_of(predicted, cases):
    """By how much what is predicted to be fastest is slower than the fastest: the mean and the worst."""
    groups = collections.defaultdict(list)
    for p, case in zip(predicted, cases):
        if p > 0 and case.rival:
            groups[case.shape, case.layout].append((p, case.seconds))
    ratios = [min(group)[1] / min(seconds for _, seconds in group) for group in groups.values()
              if len(group) > 1]
    if not ratios:
        return 1.0, 1.0
    return math.exp(sum(map(math.log, ratios)) / len(ratios)), max(ratios)


def fault_of(predicted, cases):
    """What is fitted. Of a shape's candidates it counts how their errors differ; what these have in common is mostly
    the speed that the machine had just then, and counts for a tenth."""
    groups = collections.defaultdict(list)
    for p, case in zip(predicted, cases):
        if p > 0 and case.rival:
            groups[case.shape, case.layout].append(math.log(p / case.seconds))
    errors = [e - sum(g) / len(g) for g in groups.values() if len(g) > 1 for e in g]
    own = sum(min(abs(e), DISTURBED) ** 2 for e in errors) / max(1, len(errors))
    return own + 0.1 * loss_of(predicted, cases)


def fit(predictor, row, cases):
    fields = ["stores", "shuffles", "width", "mispredict", "bytes L2", "bytes L3"]
    start = dict(row.values)
    best = fault_of(predictor.seconds(row, cases), cases)
    for step in (1.25, 1.1):
        for field in fields * 2:
            for factor in (step, 1 / step):
                kept = row.values[field]
                tried = kept * factor
                ordered = row.values["bytes L2"] >= row.values["bytes L3"] >= row.values["bytes memory"]
                if not start[field] / 2 <= tried <= start[field] * 2 or not ordered:
                    continue
                row.values[field] = tried
                loss = fault_of(predictor.seconds(row, cases), cases)
                if loss < best * 0.999:
                    best = loss
                    break
                row.values[field] = kept
    return best


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n")[0], epilog=__doc__.split("\n\n")[1],
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--build", default=os.path.join(ROOT, "build", "bench"), metavar="DIR",
                        help="a build with the benchmark (default: build/bench, which scripts/bench.sh makes)")
    parser.add_argument("--isa", default="avx2", choices=LANES, help="(default: avx2)")
    parser.add_argument("--suite", action="append", metavar="SUITE",
                        help="of ninetap-bench; may be repeated (default: crossover and mobilenet)")
    parser.add_argument("--row", metavar="NAME", help="start from this row (default: the one this CPU has)")
    parser.add_argument("--from", dest="results", action="append", metavar="FILE",
                        help="the results of an earlier --save, or of any ninetap-bench --json; may be repeated")
    parser.add_argument("--save", metavar="FILE", help="keep what ninetap-bench measured")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        predictor = Predictor(options.build, scratch, options.isa)
        name, caches = predictor.machine()
        row = Row(options.row or name, options.isa)
        if options.results:
            results = read(options.results)
        else:
            results = measure(options.build, options.isa, options.suite or ["crossover", "mobilenet"],
                              options.save or os.path.join(scratch, "results.json"))
        cases = cases_of(results, options.isa)
        if not cases:
            sys.exit("nothing was measured that can be predicted")
        print(f"this CPU: {name}, caches of {', '.join(caches)} KiB; {len(cases)} measurements",
              file=sys.stderr)
        warn_of_noise(results, options.isa)
        report("the row as it is", predictor.seconds(row, cases), cases)
        measured_limits(row, results)
        report("clock and rates measured", predictor.seconds(row, cases), cases)
        fit(predictor, row, cases)
        report("fitted", predictor.seconds(row, cases), cases)
        date = results.facts["date"][:10]
        print(row.format(f"measured on {results.cpu} {date}: {options.isa}"), end="")


def report(what, predicted, cases):
    mean, worst = regret_of(predicted, cases)
    factor = math.exp(math.sqrt(loss_of(predicted, cases)))
    print(f"{what}: predicted and measured differ by a factor of {factor:.3f} (root mean square); "
          f"the choice loses {100 * (mean - 1):.1f} %, at worst {100 * (worst - 1):.0f} %", file=sys.stderr)


if __name__ == "__main__":
    main()
