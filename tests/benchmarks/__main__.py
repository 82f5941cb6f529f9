"""`python -m tests.benchmarks [AREA …]`: one line a figure; a figure informs, it does not gate, so this always exits 0.

An area is a module of this package with `run() -> Iterable[Figure]`, or a package of such modules, one a subject;
without arguments every area is measured.
"""

import importlib
import importlib.util
import pkgutil
import sys
import traceback
from collections.abc import Iterable, Sequence

import tests.benchmarks

_SHARED = {"figure", "viewing"}  # what areas are made of


def areas() -> list[str]:
    """Names of the modules and packages that measure something."""
    return [name for name in _names(tests.benchmarks.__path__) if name not in _SHARED]


def measure(area: str) -> None:
    """Print the figures of one area as they come; what breaks is a MISS with its reason, and the rest goes on."""
    for module in _modules(area):
        try:
            for figure in importlib.import_module(module).run():
                print(figure.line(area), flush=True)
        except Exception as error:  # what is broken must not hide the others
            traceback.print_exc()
            print(f"{area}.run  -  -  -  -  MISS  ({type(error).__name__}: {error})", flush=True)


def _modules(area: str) -> list[str]:
    whole = f"{tests.benchmarks.__name__}.{area}"
    found = importlib.util.find_spec(whole)
    if found is None or found.submodule_search_locations is None:
        return [whole]
    return [f"{whole}.{name}" for name in _names(found.submodule_search_locations)]


def _names(places: Iterable[str]) -> list[str]:
    return sorted(each.name for each in pkgutil.iter_modules(places) if not each.name.startswith("_"))


def main(arguments: Sequence[str]) -> None:
    known = areas()
    for area in arguments or known:
        if area in known:
            measure(area)
        else:
            print(f"{area}.run  -  -  -  -  MISS  (no such area; there are: {', '.join(known)})", flush=True)


if __name__ == "__main__":
    main(sys.argv[1:])
