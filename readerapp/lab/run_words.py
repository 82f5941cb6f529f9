"""Runs in words: states, times, rates. A state is told by a symbol and a word, and a colour beside them."""

from PySide6.QtCore import QCoreApplication

from readerapp.lab.run_watch import RunLook
from readerapp.lab.spec_words import metric_words
from readerapp.theme import COLORS
from readerapp.wording import QT_TRANSLATE_NOOP

__all__ = ["last_metric", "rate", "state_color", "state_text", "state_word"]

_STATES = {
    "queued": ("◌", QT_TRANSLATE_NOOP("RunState", "waiting"), COLORS.muted),
    "running": ("▶", QT_TRANSLATE_NOOP("RunState", "running"), COLORS.accent),
    "finished": ("✓", QT_TRANSLATE_NOOP("RunState", "finished"), COLORS.good),
    "failed": ("✖", QT_TRANSLATE_NOOP("RunState", "failed"), COLORS.error),
    "cancelled": ("■", QT_TRANSLATE_NOOP("RunState", "cancelled"), COLORS.warning),
    "weights": ("◆", QT_TRANSLATE_NOOP("RunState", "weights only"), COLORS.muted),
    "interrupted": ("‖", QT_TRANSLATE_NOOP("RunState", "interrupted"), COLORS.warning),
}


def state_word(state: str) -> str:
    """A state in the person's language."""
    return QCoreApplication.translate("RunState", _STATES[state][1]) if state in _STATES else state


def state_text(state: str, preparing: float | None = None) -> str:
    """Its symbol and its word; while images are made ready, how far that is."""
    if state not in _STATES:
        return state
    if state == "running" and preparing is not None:
        words = QCoreApplication.translate("RunState", "preparing images {share}").format(share=f"{preparing:.0%}")
        return f"{_STATES[state][0]} {words}"
    return f"{_STATES[state][0]} {state_word(state)}"


def state_color(state: str) -> str:
    return _STATES[state][2] if state in _STATES else COLORS.text


def rate(images_per_s: float | None) -> str:
    """Images a second, three digits."""
    return "" if images_per_s is None else f"{images_per_s:.3g}"


def last_metric(run: RunLook) -> str:
    """The validation area so far, else whatever is measured: `mean AUC 0.912`."""
    names = sorted(run.metrics, key=lambda name: ("macro_auc" not in name, "auc" not in name, name))
    if not names or not run.metrics[names[0]]:
        return ""
    return f"{metric_words(names[0], split=False)} {run.metrics[names[0]][-1][1]:.3f}"
