#!/usr/bin/env python3
"""usage: report.py [OPTION...] FILE

What a run of ninetap-bench says, FILE of its --json (- is stdin): the verdict beside other
libraries, what fused poolings bring, by how much AUTO's choices miss the fastest candidate.

  --csv FILE, --markdown FILE   all of it; - is stdout, which then has nothing else
  --compare OLD                 what has changed since that run, beyond noise; exit status 1 if one
                                of ours is slower
  --plot DIR                    pictures, as SVG (light and dark in one) and PNG (NAME.png,
                                NAME-dark.png), and DIR/index.html with them and all there is to
                                read; needs matplotlib (Debian: python3-matplotlib)"""
import os
import signal
import sys

from files import give_up_stdout, write_all
from run import Run, Trouble
from tables import comma_separated, conclusions, markdown


def parse(arguments):
    """{option: value} and the one file."""
    values, files = {}, []
    while arguments:
        word, *arguments = arguments
        name, equals, value = word.partition("=")
        if name not in ("--csv", "--markdown", "--compare", "--plot"):
            files.append(word)
            continue
        if not equals:
            value, *arguments = arguments or [""]
        if not value:
            raise Trouble(f"{name} wants a name")
        values[name[2:]] = value
    if len(files) != 1 or (files[0].startswith("-") and files[0] != "-"):
        raise Trouble("one FILE is wanted (see report.py --help)")
    streams = [f"--{name}" for name in ("csv", "markdown") if values.get(name) == "-"]
    if len(streams) > 1:
        raise Trouble(f"{streams[0]}: there is one stdout, and it goes to {streams[1]}")
    if files[0] == "-" == values.get("compare"):
        raise Trouble("--compare: there is one stdin")
    return values, files[0]


def report(values, path):
    """The exit status."""
    run, status = Run(path), 0
    makers = {"csv": comma_separated, "markdown": markdown}
    files = {values[name]: make(run) for name, make in makers.items() if name in values}
    write_all(files)
    if "-" not in files:
        if run.partial:
            print(f"\nA part of a run, interrupted {run.partial}")
        for table in conclusions(run):
            print("\n" + table.text(), end="")
    if "compare" in values:
        from compare import put_comparison
        print()
        status = put_comparison(Run(values["compare"]), run)
    if "plot" in values:
        from plot import plot
        plot(run, values["plot"])
    sys.stdout.flush()
    return status


def main(arguments):
    if arguments in (["-h"], ["--help"]):
        print(__doc__)
        return 0
    try:
        return report(*parse(arguments))
    except Trouble as trouble:
        print(f"ninetap-bench: {trouble}", file=sys.stderr)
    except BrokenPipeError:  # nobody reads any more
        give_up_stdout()
        signal.signal(signal.SIGPIPE, signal.SIG_DFL)
        os.kill(os.getpid(), signal.SIGPIPE)
    except OSError as error:
        give_up_stdout()
        print(f"ninetap-bench: stdout: {error.strerror}", file=sys.stderr)
    return 2


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
