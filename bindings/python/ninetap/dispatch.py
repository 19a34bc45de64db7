"""The library in use: its version, and the instruction set its kernels run on."""
from __future__ import annotations

from typing import NamedTuple

from . import _structs as structs
from ._library import check, lib


class SelftestReport(NamedTuple):
    """How many cases ran and failed, and the first failure, '' if there is none."""
    cases: int
    failures: int
    first_failure: str


def version() -> str:
    """The library's version.

    >>> version().split('.')[:2]
    ['0', '1']
    """
    return lib.ninetap_version().decode()  # type: ignore[no-any-return]


def isas() -> list[str]:
    """The instruction sets that are usable here, best first.

    >>> isas()[-1]
    'scalar'
    """
    return [lib.ninetap_isa_name(i).decode() for i in range(lib.ninetap_isa_count())]


def isa() -> str:
    """The instruction set that functions and new plans take.

    >>> isa() in isas()
    True
    """
    return lib.ninetap_isa().decode()  # type: ignore[no-any-return]


def set_isa(name: str | None) -> None:
    """Sets it for the whole process; None: back to NINETAP_ISA's, or the best.

    >>> set_isa('scalar'); isa()
    'scalar'
    >>> set_isa(None)
    """
    check(lib.ninetap_set_isa(None if name is None else name.encode()), f'set_isa({name!r})')


def selftest() -> SelftestReport:
    """Runs every usable path against naive loops on this machine, in about a second.

    >>> selftest().failures
    0
    """
    report = structs.SelftestReport()
    check(lib.ninetap_selftest(report), 'selftest')
    return SelftestReport(report.cases, report.failures, report.first_failure.decode())
