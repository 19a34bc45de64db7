"""Files that take their names, and older ones' places, only when all of them are complete."""
import os
import stat
import sys

from run import Trouble


def is_in_place(path):
    """A device or a pipe: there is no file to replace."""
    return os.path.exists(path) and not os.path.isfile(path)


def mode_of(path):
    """The rights that the file has, or a new one would have."""
    if os.path.exists(path):
        return stat.S_IMODE(os.stat(path).st_mode)
    mask = os.umask(0)
    os.umask(mask)
    return 0o666 & ~mask


def write_one(path, content, mode=None):
    with open(path, "wb") as file:
        file.write(content if isinstance(content, bytes) else content.encode())
        file.flush()
        if mode is not None:  # on the disk: some file systems say only then that they are full
            os.fsync(file.fileno())
            os.chmod(path, mode)


def write_all(files):
    """{path: content}; "-" is stdout. A link stays, and leads to the new file."""
    beside, path = {}, ""
    try:
        for path, content in files.items():
            if path == "-":
                print(content, end="", flush=True)
            elif is_in_place(path):
                write_one(path, content)
            else:
                target = os.path.realpath(path)
                folder, name = os.path.split(target)
                beside[target] = os.path.join(folder, f".new-{name}"[:255])
                write_one(beside[target], content, mode_of(target))
        for target, new in beside.items():
            os.replace(new, target)
    except OSError as error:
        if path == "-":
            give_up_stdout()
        raise Trouble(f"{'stdout' if path == '-' else path}: {error.strerror}") from error
    finally:
        for new in filter(os.path.exists, beside.values()):
            os.remove(new)


def give_up_stdout():
    """What is left in its buffer would be tried again at the end."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
