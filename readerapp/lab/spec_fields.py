"""What a training may be told, read from the spec's own model: kind, range, choices, default and the comment beside it.

No task has code of its own here: an entry that is added to `engine.jobs.specs` appears in the form. No Qt.
"""

import inspect
import re
import types
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Annotated, Any, Literal, Union, get_args, get_origin

import annotated_types
from pydantic.fields import FieldInfo

from engine.jobs.specs import TrainingSpec
from engine.jobs.tasks import spec_class

__all__ = ["GROUPS", "Kind", "SpecField", "changed_values", "spec_fields"]

Kind = Literal["whole", "decimal", "yes_no", "choice", "words", "list"]
_ELSEWHERE = ("task", "preset", "cohorts")  # asked for at the top of the form
GROUPS: Mapping[str, tuple[str, ...]] = {  # where an entry stands; all others follow in the order of the model
    "what": ("target", "classes", "findings", "uncertain", "least_images", "base_run"),
    "network": (
        *("model", "weights", "pooling", "channels", "multipliers", "encoder_multipliers", "blocks", "attention"),
        *("latent", "colours", "patch", "places", "dropout", "image_size", "bits"),
    ),
    "length": ("epochs", "batch_size", "learning_rate", "early_stopping_patience", "seed"),
    "images": ("balanced_by", "flip", "rotate_degrees", "zoom"),
}


@dataclass(frozen=True)
class SpecField:
    """One entry of a spec. `low` and `high` are inclusive unless `above`/`below` says that they are not."""

    name: str
    kind: Kind
    default: Any
    help: str = ""
    group: str = "more"
    choices: tuple[Any, ...] = ()
    low: float | None = None
    high: float | None = None
    open_low: bool = False
    open_high: bool = False
    optional: bool = False  # may be left out: None
    whole_parts: bool = False  # of a list

    @property
    def range_text(self) -> str:
        """`> 0`, `16 … 2048`, `0 … < 1`; "" where anything goes."""
        low = "" if self.low is None else f"{'>' if self.open_low else '≥'} {self.low:g}"
        high = "" if self.high is None else f"{'<' if self.open_high else '≤'} {self.high:g}"
        if low and high:
            return f"{low.removeprefix('≥ ')} … {high.removeprefix('≤ ')}"
        return low or high

    def text(self, value: Any) -> str:
        """A value as the form writes it."""
        if value is None:
            return ""
        if isinstance(value, (tuple, list)):
            return ", ".join(str(part) for part in value)
        return f"{value:g}" if isinstance(value, float) else str(value)

    def value(self, text: str) -> Any:
        """What a person wrote or chose, as the spec takes it. ValueError where it is no number."""
        text = text.strip()
        if not text and self.optional:
            return None
        if self.kind == "choice":
            return next(choice for choice in self.choices if str(choice) == text)
        if self.kind == "list":
            parts = [part.strip() for part in text.split(",") if part.strip()]
            return tuple(map(int, parts)) if self.whole_parts else tuple(parts)
        if self.kind == "whole":
            return int(text.replace("_", "").replace(",", ""))
        return float(text) if self.kind == "decimal" else text


@cache
def spec_fields(task: str) -> tuple[SpecField, ...]:
    """The entries of a task's spec that a form asks for, by group."""
    spec = spec_class(task)
    comments = _comments(spec)
    places = {name: group for group, names in GROUPS.items() for name in names}
    made = [
        _field(name, info, comments.get(name, ""), places.get(name, "more"))
        for name, info in spec.model_fields.items()
        if name not in _ELSEWHERE
    ]
    order = [*GROUPS, "more"]
    known = [name for names in GROUPS.values() for name in names]
    return tuple(sorted(made, key=lambda f: (order.index(f.group), known.index(f.name) if f.name in known else 0)))


def changed_values(task: str, spec: TrainingSpec) -> dict[str, Any]:
    """What a spec says otherwise than the model's defaults."""
    return {
        field.name: getattr(spec, field.name)
        for field in spec_fields(task)
        if getattr(spec, field.name) != field.default
    }


def _field(name: str, info: FieldInfo, comment: str, group: str) -> SpecField:
    inner, bounds, optional = _unwrapped(info.annotation, list(info.metadata))
    ends = _ends(bounds)
    default = info.get_default()
    said = info.description or comment
    if get_origin(inner) is Literal:
        return SpecField(name, "choice", default, said, group, get_args(inner), optional=optional)
    if get_origin(inner) is tuple:
        part, _, _ = _unwrapped(get_args(inner)[0], [])
        return SpecField(name, "list", default, said, group, optional=optional, whole_parts=part is int)
    kinds: Mapping[Any, Kind] = {bool: "yes_no", int: "whole", float: "decimal", str: "words"}
    return SpecField(name, kinds.get(inner, "words"), default, said, group, (), *ends, optional=optional)


def _unwrapped(annotation: Any, bounds: list[Any]) -> tuple[Any, list[Any], bool]:
    """The bare type behind Annotated and `| None`, with every bound on the way."""
    optional = False
    while True:
        if get_origin(annotation) is Annotated:
            annotation, *more = get_args(annotation)
            bounds += [bound for entry in more for bound in getattr(entry, "metadata", [entry])]
        elif get_origin(annotation) in (Union, types.UnionType):
            optional = True
            annotation = next(part for part in get_args(annotation) if part is not type(None))
        else:
            return annotation, bounds, optional


def _ends(bounds: list[Any]) -> tuple[float | None, float | None, bool, bool]:
    low = high = None
    open_low = open_high = False
    for bound in bounds:
        if isinstance(bound, annotated_types.Ge):
            low = float(bound.ge)  # type: ignore[arg-type]
        elif isinstance(bound, annotated_types.Gt):
            low, open_low = float(bound.gt), True  # type: ignore[arg-type]
        elif isinstance(bound, annotated_types.Le):
            high = float(bound.le)  # type: ignore[arg-type]
        elif isinstance(bound, annotated_types.Lt):
            high, open_high = float(bound.lt), True  # type: ignore[arg-type]
    return low, high, open_low, open_high


_ENTRY = re.compile(r"^    (?P<name>[a-z]\w*)\s*:[^#]*?(?:#\s*(?P<said>.*))?$")
_REMARK = re.compile(r"^    #\s*(?P<said>.*)$")


def _comments(spec: type[TrainingSpec]) -> dict[str, str]:
    """The comment of each entry, at the end of its line or on the lines above, in the model or one it extends."""
    found: dict[str, str] = {}
    for kind in reversed(spec.__mro__):
        if issubclass(kind, TrainingSpec):
            found |= dict(_comments_of(inspect.getsource(kind)))
    return found


def _comments_of(source: str) -> Iterator[tuple[str, str]]:
    above: list[str] = []
    for line in source.splitlines():
        if remark := _REMARK.match(line):
            above.append(remark["said"])
        elif entry := _ENTRY.match(line):
            yield entry["name"], " ".join([*above, *([entry["said"]] if entry["said"] else [])])
            above = []
        else:
            above = []
