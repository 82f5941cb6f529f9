"""Exemplar images of items: files beside the protocol, copied into a draft, frozen by the seal as those of cases."""

import shutil
from pathlib import Path

from studies.errors import ProtocolError
from studies.protocol import Protocol

__all__ = ["EXEMPLARS", "copy_exemplars", "exemplar_names", "missing_exemplars", "refuse_missing"]

EXEMPLARS = "exemplars"  # folder of a draft


def missing_exemplars(protocol: Protocol, folder: Path) -> list[str]:
    """The exemplar files that a protocol names and a folder does not have."""
    return [name for name in exemplar_names(protocol) if not (folder / name).is_file()]


def refuse_missing(protocol: Protocol, folder: Path) -> None:
    """Raises ProtocolError for a file that the protocol names and `folder` does not have."""
    if missing := missing_exemplars(protocol, folder):
        raise ProtocolError(
            f"the exemplar image {missing[0]} is not beside the protocol; put it there or take it out of the item"
        )


def copy_exemplars(protocol: Protocol, source: Path, root: Path) -> None:
    """Copy the files from beside the protocol into a draft."""
    for name in exemplar_names(protocol):
        target = root / EXEMPLARS / name
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(source / name, target)


def exemplar_names(protocol: Protocol) -> list[str]:
    """The files that the protocol names, each once."""
    return list(dict.fromkeys(name for item in protocol.items for name in item.exemplars))
