"""What changed between two runs of the same benchmarks, beyond noise.

A benchmark counts as changed if all of this holds:
  - the test of Mann and Whitney gives the two runs' repetitions p < 0.01 to come from one
    distribution; below 9 repetitions in either run there is no verdict;
  - the ratio of the medians and that of the minima both lie beyond the noise floor, on the same
    side of 1.
The noise floor comes from the runs themselves: the first half of a benchmark's repetitions ought to
have the median of the second half. How far apart the two are, for every benchmark of both runs: the
floor is what 95 % of them stay below, at least 1 %."""
import math
from bisect import bisect_left, bisect_right
from collections import Counter
from statistics import median

from run import Trouble, duration, geometric_mean
from tables import Table

LEAST_REPETITIONS, SIGNIFICANT, LEAST_FLOOR, LOUD_FLOOR = 9, 0.01, 0.01, 0.05
LIMIT_TOLERANCE = 0.05  # what a limit may differ by, from run to run on one machine
OUTCOMES = ("unchanged", "untested", "faster", "SLOWER")


def quantile(values, fraction):
    """The nearest rank: what that fraction of the values does not exceed."""
    return sorted(values)[max(0, math.ceil(fraction * len(values)) - 1)]


def mann_whitney(a, b):
    """Probability that two samples of one distribution differ in their ranks at least as much as
    these: the two-sided test of Mann and Whitney (1947), U taken as normal with its variance
    corrected for ties and U for continuity; good from about 8 values each. 1 where nothing differs:
    no evidence of a difference."""
    both = sorted([*a, *b])
    n = len(both)
    if not a or not b or n < 2:
        return 1.0
    ranks = sum(bisect_left(both, v) + bisect_right(both, v) + 1 for v in a) / 2
    ties = sum(count ** 3 - count for count in Counter(both).values())
    product = len(a) * len(b)
    variance = product / 12 * (n + 1 - ties / (n * (n - 1)))
    distance = abs(ranks - len(a) * (len(a) + 1) / 2 - product / 2) - 0.5
    return math.erfc(distance / math.sqrt(2 * variance)) if variance > 0 and distance > 0 else 1.0


def noise_floor(pairs):
    apart = []
    for result in (r for pair in pairs for r in pair):
        seconds = result["seconds"]
        if len(seconds) >= LEAST_REPETITIONS:
            half = len(seconds) // 2
            apart.append(abs(math.log(median(seconds[half:]) / median(seconds[:half]))))
    return max(LEAST_FLOOR, math.expm1(quantile(apart, 0.95))) if apart else LEAST_FLOOR


def compare(old, new):
    """The floor, and (old result, new one, ratio of medians, of minima, p, outcome) of each
    benchmark timed in both runs, in the new one's order."""
    before = {r["name"]: r for r in reversed(old.timed)}
    pairs = [(before[r["name"]], r) for r in new.timed if r["name"] in before]
    floor, made = noise_floor(pairs), []
    for one, two in pairs:
        ratios = two["median"] / one["median"], two["min"] / one["min"]
        p = mann_whitney(one["seconds"], two["seconds"])
        if min(len(one["seconds"]), len(two["seconds"])) < LEAST_REPETITIONS:
            outcome = "untested"
        elif p < SIGNIFICANT and min(ratios) > 1 + floor:
            outcome = "SLOWER"
        elif p < SIGNIFICANT and max(ratios) < 1 / (1 + floor):
            outcome = "faster"
        else:
            outcome = "unchanged"
        made.append((one, two, *ratios, p, outcome))
    return floor, made


def differences(old, new):
    """What the runs' machines have not in common, but for what is of the moment."""
    for key, value in new.facts.items():
        before = old.facts.get(key, value)
        if before != value and key not in ("date", "load"):
            yield f"{key}: {before} -> {value}"
    known = {(l["kind"], l["where"], l["threads"]): l["rate"] for l in old.limits}
    for l in new.limits:
        before = known.get((l["kind"], l["where"], l["threads"]), 0)
        if before > 0 < l["rate"] and abs(math.log(l["rate"] / before)) >= math.log1p(
                LIMIT_TOLERANCE):
            unit = "GFLOP/s" if l["kind"] == "flops" else "GB/s"
            yield (f"{l['kind']} {l['where']}, threads: {l['threads']}: {before * 1e-9:.1f} {unit} "
                   f"-> {l['rate'] * 1e-9:.1f} {unit}")


def put_table(items):
    """What changed comes last, next to the summary."""
    columns = ["benchmark", "#old median", "#new median", "#median new/old", "#min new/old", "#p",
               ""]
    rows = []
    for one, two, ratio, least, p, outcome in sorted(items, key=lambda i: OUTCOMES.index(i[5])):
        said = "" if outcome == "unchanged" else outcome
        chance = "-" if outcome == "untested" else f"{p:.0e}" if p < 0.0001 else f"{p:.4f}"
        rows.append((two["name"], duration(one["median"]), duration(two["median"]), f"{ratio:.3f}",
                     f"{least:.3f}", chance, said + ("" if two["ours"] else " (peer)")))
    print(Table("Time of the new run over that of the old one (below 1: faster now)", columns,
                rows).text(), end="")


def put_comparison(old, new):
    """The exit status."""
    floor, items = compare(old, new)
    if not items:
        raise Trouble("the two runs have no benchmark in common")
    put_table(items)
    ours = [i for i in items if i[1]["ours"]]
    count = {name: sum(i[5] == name for i in ours) for name in OUTCOMES}
    print(f"\n{count['faster']} faster, {count['SLOWER']} slower, {count['unchanged']} unchanged; "
          f"geometric mean of new/old {geometric_mean(i[2] for i in ours):.3f}")
    if count["untested"]:
        print(f"{count['untested']} untested: a verdict takes at least {LEAST_REPETITIONS} "
              "repetitions in both runs")
    print(f"changed: p < {SIGNIFICANT:g} (Mann-Whitney), median and minimum both by more than the "
          f"noise floor,\n{100 * floor:.1f} % (how far apart 95 % of the benchmarks' two halves "
          f"are; at least {100 * LEAST_FLOOR:g} %)")
    if floor > LOUD_FLOOR:
        print("So much noise hides most changes: try a quiet machine, or more repetitions.")
    others = [i[2] for i in items if not i[1]["ours"]]
    if others:
        print(f"the peers, as a check: geometric mean of new/old {geometric_mean(others):.3f} over "
              f"{len(others)}")
    for which, run in (("old", old), ("new", new)):
        if run.partial:
            print(f"\nThe {which} run is a part of one, interrupted {run.partial}")
    unlike = list(differences(old, new))
    if unlike:
        print("\nThe runs were not made alike; the comparison is of this as well:")
        print("\n".join(f"  {line}" for line in unlike))
    return 1 if count["SLOWER"] else 0
