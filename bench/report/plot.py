#!/usr/bin/env python3
"""usage: plot.py DIR FILE

Draws what a run of ninetap-bench measured, FILE of its --json: pictures as SVG (light and dark in
one) and as PNG (NAME.png, NAME-dark.png), and DIR/index.html with them and all there is to read.
FILE may be -. A picture whose data the run does not have is left out."""
import sys

from run import Run, Trouble, crossovers, sweeps

try:
    from canvas import DARK, LIGHT, png, svg, write_all
    from kernels import peers, roofline, scaling
    from maps import crossover, sweep
    from page import page
    from summary import summary
except ModuleNotFoundError as error:
    if error.name != "matplotlib":
        raise
    print("ninetap-bench: pictures need matplotlib (Debian: apt-get install python3-matplotlib)",
          file=sys.stderr)
    sys.exit(2)


def pictures(run):
    """(name, title, words, draw) of each; draw makes the figure in these colours."""
    found = [summary(run)]
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
