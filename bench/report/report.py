#!/usr/bin/env python3
"""What a run of ninetap-bench says: the verdict beside other libraries, what fused poolings bring,
by how much AUTO's choices miss the fastest candidate."""
import argparse
import os
import signal
import sys

from files import give_up_stdout, write_all
from run import Run, Trouble
from tables import comma_separated, conclusions, markdown


def name(text):
    if not text:
        raise argparse.ArgumentTypeError("wants a name")
    return text


class Parser(argparse.ArgumentParser):
    def error(self, message):
        raise Trouble(f"{message} (see report.py --help)")


def parse(arguments):
    parser = Parser(description=__doc__, allow_abbrev=False)
    add = parser.add_argument
    add("file", metavar="FILE", type=name, help="of --json; - is stdin")
    add("--csv", metavar="FILE", type=name, help="all of it; - is stdout, which has nothing else")
    add("--markdown", metavar="FILE", type=name, help="the same as a page to post")
    add("--compare", metavar="OLD", type=name, help="what has changed since that run, beyond "
        "noise; exit status 1 if one of ours is slower")
    add("--plot", metavar="DIR", type=name, help="pictures, as SVG (light and dark in one) and PNG "
        "(NAME.png, NAME-dark.png), and DIR/index.html with them and all there is to read; needs "
        "matplotlib (Debian: python3-matplotlib)")
    values = parser.parse_args(arguments)
    if values.csv == values.markdown == "-":
        parser.error("--csv: there is one stdout, and it goes to --markdown")
    if values.file == values.compare == "-":
        parser.error("--compare: there is one stdin")
    return values


def report(values):
    """The exit status."""
    run, status = Run(values.file), 0
    files = {path: make(run) for path, make in ((values.csv, comma_separated),
                                                (values.markdown, markdown)) if path}
    write_all(files)
    if "-" not in files:
        if run.partial:
            print(f"\nA part of a run, interrupted {run.partial}")
        for table in conclusions(run):
            print("\n" + table.text(), end="")
    if values.compare:
        from compare import put_comparison
        print()
        status = put_comparison(Run(values.compare), run)
    if values.plot:
        from plot import plot
        plot(run, values.plot)
    sys.stdout.flush()
    return status


def main(arguments):
    try:
        return report(parse(arguments))
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
