"""All pictures of a run, and the page. A picture whose data the run does not have is left out."""
import os

from files import write_all
from run import Trouble, crossovers, sweeps

try:
    from canvas import DARK, LIGHT, png, svg
    from kernels import peers, roofline, scaling
    from maps import crossover, sweep
    from page import page
    from summary import summary
except ModuleNotFoundError as error:
    if error.name != "matplotlib":
        raise
    raise Trouble("pictures need matplotlib (Debian: apt-get install python3-matplotlib)") from None


def pictures(run):
    """(name, title, words, draw) of each; draw makes the figure in these colours."""
    found = [summary(run)]
    found += [roofline(run, t) for t in run.threads()]
    found += [peers(run, t) for t in run.threads()]
    found += [scaling(run)]
    found += [crossover(run, one) for one in crossovers(run)]
    found += [sweep(run, key, points) for key, points in sorted(sweeps(run).items())]
    return [picture for picture in found if picture]


def plot(run, directory):
    files, drawn = {}, []
    for name, title, words, draw in pictures(run):
        light = draw(LIGHT)
        files[f"{name}.svg"] = svg(light, name, title, words)
        files[f"{name}.png"] = png(light)
        files[f"{name}-dark.png"] = png(draw(DARK))
        drawn.append((name, title, words, files[f"{name}.svg"]))
    files["index.html"] = page(run, drawn)
    try:
        os.makedirs(directory, exist_ok=True)
    except OSError as error:
        raise Trouble(f"{directory}: {error.strerror}") from error
    write_all({os.path.join(directory, name): content for name, content in files.items()})
