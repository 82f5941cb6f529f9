"""The lab needs the `engine` extra. Whether it is there is found without importing any of it."""

from importlib.util import find_spec

from PySide6.QtCore import QCoreApplication

__all__ = ["engine_is_there", "engine_missing"]


def engine_is_there() -> bool:
    """Whether models can be trained and asked on this computer."""
    return find_spec("torch") is not None and find_spec("torchvision") is not None


def engine_missing() -> str:
    """What is said where it is not."""
    return QCoreApplication.translate(
        "Lab",
        "The lab needs the engine, which is not installed here: pip install 'readerapp[engine]'. Everything else works "
        "without it.",
    )
