"""Files that take their names, and older ones' places, only when all of them are complete."""
import os
import stat
import sys

from run import Trouble


def is_in_place(path):
    """A device or a pipe: there is no file to replace."""
    return os.path.exists(path) and not os.path.isfile(path)


def write_one(path, content, mode=None):
    binary = isinstance(content, bytes)
    with open(path, "wb" if binary else "w", encoding=None if binary else "utf-8") as file:
        file.write(content)
        file.flush()
        if mode is not None:  # on the disk: some file systems say only then that they are full
            os.fsync(file.fileno())
            os.chmod(path, mode)


def write_all(files):
    """{path: content}; "-" is stdout. A link stays, and leads to the new file."""
    beside, path = [], ""
    try:
        for path, content in files.items():
            target = os.path.realpath(path)
            if path == "-":
                print(content, end="", flush=True)
            elif is_in_place(path):
                write_one(path, content)
            else:
                old = os.umask(0)
                os.umask(old)
                mode = (stat.S_IMODE(os.stat(target).st_mode) if os.path.exists(target)
                        else 0o666 & ~old)
                new = os.path.join(os.path.dirname(target), f".new-{os.path.basename(target)}"[:255])
                beside.append((new, target))
                write_one(new, content, mode)
        for new, target in beside:
            os.replace(new, target)
    except OSError as error:
        if path == "-":
            give_up_stdout()
        raise Trouble(f"{'stdout' if path == '-' else path}: {error.strerror}") from error
    finally:
        for new, _ in beside:
            if os.path.exists(new):
                os.remove(new)


def give_up_stdout():
    """What is left in its buffer would be tried again at the end."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
