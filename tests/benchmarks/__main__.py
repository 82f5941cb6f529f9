"""`python -m tests.benchmarks [AREA …]`: one line a figure; a figure informs, it does not gate, so this always exits 0.

An area is a module of this package with `run() -> Iterable[Figure]`; without arguments every area is measured.
"""

import importlib
import pkgutil
import sys
import traceback
from collections.abc import Sequence

import tests.benchmarks


def areas() -> list[str]:
    """Names of the modules that measure something: those that define `run`."""
    found = pkgutil.iter_modules(tests.benchmarks.__path__)
    names = [each.name for each in found if not each.ispkg and not each.name.startswith("_")]
    return [name for name in sorted(names) if name != "figure"]


def measure(area: str) -> None:
    """Print the figures of one area as they come; what breaks is a MISS with its reason, and the rest goes on."""
    try:
        for figure in importlib.import_module(f"tests.benchmarks.{area}").run():
            print(figure.line(area), flush=True)
    except Exception as error:  # a broken area must not hide the others
        traceback.print_exc()
        print(f"{area}.run  -  -  -  -  MISS  ({type(error).__name__}: {error})", flush=True)


def main(arguments: Sequence[str]) -> None:
    known = areas()
    for area in arguments or known:
        if area in known:
            measure(area)
        else:
            print(f"{area}.run  -  -  -  -  MISS  (no such area; there are: {', '.join(known)})", flush=True)


if __name__ == "__main__":
    main(sys.argv[1:])
