"""Numbers in words, in the person's language: a coefficient, an interval, and what stands where there is none."""

from typing import Any

from PySide6.QtCore import QCoreApplication

from engine.rounding import is_missing, rounded
from readerapp.wording import QT_TRANSLATE_NOOP

__all__ = ["NOT_ESTIMABLE", "absent", "decimal_text", "interval_text", "not_estimable"]

translate = QCoreApplication.translate

NOT_ESTIMABLE = QT_TRANSLATE_NOOP("Tables", "not estimable")


def decimal_text(value: Any, digits: int = 2) -> str:
    """A coefficient as the export prints it, never NaN."""
    return not_estimable() if absent(value) else rounded(value, digits)


def interval_text(low: Any, high: Any) -> str:
    """An interval in words."""
    if absent(low) or absent(high):
        return not_estimable()
    return translate("Tables", "{low} to {high}").format(low=decimal_text(low), high=decimal_text(high))


def not_estimable() -> str:
    """What stands where a number cannot be."""
    return translate("Tables", NOT_ESTIMABLE)


def absent(value: Any) -> bool:
    """None or NaN."""
    return is_missing(value)
