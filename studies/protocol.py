"""The protocol: the design of a reader study, read from `protocol.toml` and checked before anything is sealed.

Every item is asked of every case, whatever its stratum: a diagnosis-specific list would unblind the reader.
"""

import hashlib
import tomllib
from fractions import Fraction
from pathlib import Path
from typing import Annotated, Literal, NewType

from pydantic import BaseModel, ConfigDict, Field, StrictBool, ValidationError, field_validator, model_validator

from studies.errors import ProtocolError
from studies.protocol_sentences import sentences, toml_sentence

ReaderId = NewType("ReaderId", str)
ItemId = NewType("ItemId", str)
CaseId = NewType("CaseId", str)
PresentationCode = NewType("PresentationCode", str)

PresenceValue = Literal["present", "absent", "uncertain", "not assessable"]
PRESENCE_VALUES: tuple[PresenceValue, ...] = ("present", "absent", "uncertain", "not assessable")

RESERVED_NAMES = {"coordinator", "desk", "all", "majority", "any"}  # chains and table rows that are no reader

Identifier = Annotated[str, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9_.-]{0,63}$")]
Scalar = str | int | float | bool


class _Entry(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Condition(_Entry):
    """What one cohort column must hold: one of `values`, none of `exclude`, a number within [`minimum`, `maximum`]."""

    values: tuple[Scalar, ...] = ()
    exclude: tuple[Scalar, ...] = ()
    minimum: float | None = None
    maximum: float | None = None

    @model_validator(mode="before")
    @classmethod
    def _short_forms(cls, value: object) -> object:
        """`view = "PA"` and `view = ["PA", "AP"]` mean the same as `view = {values = [...]}`."""
        if isinstance(value, (str, int, float, bool)):
            return {"values": (value,)}
        if isinstance(value, (list, tuple)):
            return {"values": tuple(value)}
        return value

    @model_validator(mode="after")
    def _asks_something(self) -> "Condition":
        if not self.values and not self.exclude and self.minimum is None and self.maximum is None:
            raise ValueError("a condition needs values, exclude, a minimum or a maximum")
        return self


class Stratum(_Entry):
    """Cases sampled for one diagnosis: `n` of those that meet `where`, or all if fewer (DiffChest, step 2)."""

    name: str = Field(min_length=1)
    where: dict[str, Condition] = Field(min_length=1)  # cohort column → condition, all must hold
    n: int = Field(gt=0)
    # Sealed map that only the desk sees: the items that step 1 found for this diagnosis (composites of Tables 1 and 2).
    confounders: tuple[str, ...] = ()
    finding_items: tuple[str, ...] = ()  # items that are the diagnosis itself: never part of its composites


class Selection(_Entry):
    """Which images of the cohort become cases. Without strata, every case that meets the filter is read."""

    filter: dict[str, Condition] = {}
    strata: tuple[Stratum, ...] = ()
    seed: int = 0


class Item(_Entry):
    """A question asked of every case."""

    id: Identifier
    text: str = Field(min_length=1)
    kind: Literal["presence", "choice", "multi", "ordinal", "text"] = "presence"
    group: str = ""  # "treatment", "physiology", … ; heads the list in the item panel
    options: tuple[str, ...] = ()  # choice, multi, ordinal (in order)
    help: str = ""
    exemplars: tuple[str, ...] = ()  # image files beside the protocol that show it; seal freezes de-identified copies
    key: str = Field(
        default="", pattern=r"^[A-Z]?$"
    )  # Shift+letter jumps to the item; the program gives one where empty
    code: str = ""  # RadLex, SNOMED CT … where the vocabulary has one
    finding: str = ""  # what a network calls it: the class that arms with target "item" explain while it is in focus

    @field_validator("exemplars")
    @classmethod
    def _beside_the_protocol(cls, names: tuple[str, ...]) -> tuple[str, ...]:
        for name in names:
            if not name or Path(name).is_absolute() or set(name) & set(":\\") or ".." in Path(name).parts:
                raise ValueError(
                    f"the exemplar '{name}' must be a file beside the protocol, like 'exemplars/drain.png'"
                )
        return names

    @model_validator(mode="after")
    def _options_fit_kind(self) -> "Item":
        needs_options = self.kind in ("choice", "multi", "ordinal")
        if needs_options and len(self.options) < 2:
            raise ValueError(f"item '{self.id}' of kind {self.kind} needs two or more options, has {len(self.options)}")
        if not needs_options and self.options:
            raise ValueError(f"item '{self.id}' of kind {self.kind} takes no options")
        if len(set(self.options)) != len(self.options):
            raise ValueError(f"item '{self.id}' lists an option twice")
        return self

    @property
    def values(self) -> tuple[str, ...]:
        """The values an answer may take; empty for text."""
        return PRESENCE_VALUES if self.kind == "presence" else self.options


ITEM_TARGET = "item"


class Explanation(_Entry):
    """What an aided arm shows: a method's explanation of one target by one run of the engine."""

    run: str = Field(min_length=1)  # its folder: whole, or as seen from the folder the protocol lies in
    method: Literal["gradcam", "occlusion", "counterfactual"]
    target: str = Field(min_length=1)  # a class of the run; "item": the `finding` of whichever item is in focus
    options: dict[str, Scalar] = {}  # of the method, where others than its own are wanted
    opacity: float = Field(default=0.45, gt=0, le=1)  # of the layer as it opens; the same for all of it
    threshold: float = Field(default=0.0, ge=0, lt=1)  # values below it, of the map's largest, are not painted
    color_map: Literal["viridis", "cividis", "inferno"] = "viridis"


class Arm(_Entry):
    """How a case is shown. Aided and sham come after the unaided answer is locked, and look exactly alike."""

    name: Identifier
    kind: Literal["unaided", "aided", "sham"] = "unaided"
    explanation: Explanation | None = None
    share: float = Field(default=1.0, gt=0, le=1)  # share of the reader's cases shown in this arm (aided and sham)

    @model_validator(mode="after")
    def _explained_when_aided(self) -> "Arm":
        if (self.kind == "unaided") != (self.explanation is None):
            raise ValueError(
                f"arm '{self.name}' is {self.kind}: aided and sham arms name an explanation, others do not"
            )
        return self


class Order(_Entry):
    """Each reader's private random order."""

    seed: int = 0
    patient_spacing: int = Field(default=1, ge=0)  # least number of other cases between two cases of one patient
    repeat_share: float = Field(default=0.0, ge=0, le=1)  # share of cases shown a second time, with a new code
    repeat_distance: int = Field(default=10, ge=1)  # least distance in positions between a case and its repeat


class Training(_Entry):
    """Practice cases with feedback, read first, never analysed; their patients are kept out of the study."""

    n: int = Field(gt=0)
    where: dict[str, Condition] = {}  # on a column that selection.filter names too, this one holds
    truth: dict[str, tuple[str, ...]] = {}  # item id → cohort column (1, 0, −1) shown as feedback; of several, any
    seed: int = 0

    @field_validator("truth", mode="before")
    @classmethod
    def _one_column(cls, value: object) -> object:
        """`pacemaker = "label.pacemaker"` means the same as `pacemaker = ["label.pacemaker"]`."""
        if isinstance(value, dict):
            return {item: (columns,) if isinstance(columns, str) else columns for item, columns in value.items()}
        return value


class Sessions(_Entry):
    """How the reading is divided."""

    parts: int = Field(default=1, ge=1)
    washout_days: float = Field(default=0, ge=0)  # least time between the end of one part and the start of the next
    cap: int | None = Field(default=None, gt=0)  # cases in one sitting, after which a break is asked for


class Navigation(_Entry):
    """What a reader may do between cases."""

    back: StrictBool = True  # may reopen a case already finished (recorded); False locks it
    rest_absent: StrictBool = True  # one explicit key answers every open presence item "absent"
    require_complete: StrictBool = False  # a case cannot be finished with unanswered items


class Timing(_Entry):
    away_limit_s: float = Field(default=120.0, gt=0)  # no input for longer than this counts as away


class Reader(_Entry):
    """A reader; `id` is what tables show."""

    id: Identifier
    experience_years: float | None = Field(default=None, ge=0)
    specialty: str = ""


class Step1(_Entry):
    """The finished study of counterfactual images whose findings this one checks in real images (DiffChest, step 3).

    Which confounders it found stands in the strata; its patients are excluded by the filter; its readers are refused.
    """

    title: str = Field(min_length=1)
    seal: str = Field(pattern=r"^[0-9a-f]{64}$")  # of that study
    readers: tuple[str, ...] = Field(min_length=1)  # they know what was found, and read no real image
    min_readers: int = Field(default=1, ge=1)  # a confounder was found in a case by at least so many readers …
    min_cases: int = Field(default=1, ge=1)  # … and in at least so many cases of its finding


class Protocol(_Entry):
    """The sealed design of a reader study."""

    title: str = Field(min_length=1)
    instructions: str = ""
    case_unit: Literal["image", "study", "patient"] = "image"
    selection: Selection = Selection()
    items: tuple[Item, ...] = Field(min_length=1)
    arms: tuple[Arm, ...] = (Arm(name="unaided"),)
    order: Order = Order()
    training: Training | None = None
    sessions: Sessions = Sessions()
    navigation: Navigation = Navigation()
    timing: Timing = Timing()
    step1: Step1 | None = None
    readers: tuple[Reader, ...] = Field(min_length=1)

    @model_validator(mode="after")
    def _names_agree(self) -> "Protocol":
        _refuse_twice("item id", [item.id for item in self.items])
        _refuse_twice("item key", [item.key for item in self.items if item.key])
        _refuse_twice("reader id", [reader.id for reader in self.readers])
        _refuse_twice("arm name", [arm.name for arm in self.arms])
        _refuse_twice("stratum name", [stratum.name for stratum in self.selection.strata])
        ids = {item.id for item in self.items}
        presence = {item.id for item in self.items if item.kind == "presence"}
        for stratum in self.selection.strata:
            for item in (*stratum.confounders, *stratum.finding_items):
                if item not in ids:
                    raise ValueError(f"stratum '{stratum.name}' names item '{item}', which is not in the protocol")
            if both := set(stratum.confounders) & set(stratum.finding_items):
                raise ValueError(f"stratum '{stratum.name}' lists {sorted(both)} as confounder and as finding")
        for item in self.training.truth if self.training else ():
            if item not in presence:
                raise ValueError(f"training.truth names item '{item}', which is not a presence item of the protocol")
        if sum(arm.kind == "unaided" for arm in self.arms) != 1:
            raise ValueError("a protocol has exactly one unaided arm: every aided answer follows a locked unaided one")
        self._refuse_unlike()
        self._refuse_knowing()
        explained = sum(Fraction(str(arm.share)) for arm in self.arms if arm.kind != "unaided")
        if explained > 1:
            raise ValueError(
                f"the shares of the aided and sham arms add up to {float(explained):g}; a case has one arm per "
                "reader, so they may add up to 1 at most"
            )
        if explained == 1 and self.order.repeat_share > 0:
            raise ValueError(
                f"order.repeat_share = {self.order.repeat_share:g} asks for hidden repeats, which are only of unaided "
                "cases; the aided and sham arms leave none: lower their shares"
            )
        if reserved := {reader.id.lower() for reader in self.readers} & RESERVED_NAMES:
            raise ValueError(f"reader id '{min(reserved)}' is taken by the program; choose another")
        _refuse_twice("reader id (upper and lower case are one)", [reader.id.lower() for reader in self.readers])
        return self

    def _refuse_knowing(self) -> None:
        """Who has read the counterfactuals knows which confounders are looked for, and with which finding."""
        knowing = {reader.lower() for reader in self.step1.readers} if self.step1 else set()
        for reader in self.readers:
            if reader.id.lower() in knowing:
                raise ValueError(
                    f"reader '{reader.id}' read the counterfactuals of step 1 and cannot read the real images of "
                    "step 3; name another reader"
                )

    def _refuse_unlike(self) -> None:
        """A sham that is made in another way than what it stands beside could be told from it."""
        aided = [arm.explanation for arm in self.arms if arm.kind == "aided"]
        for arm in self.arms:
            if arm.kind == "sham" and aided and arm.explanation not in aided:
                raise ValueError(
                    f"sham arm '{arm.name}' has another explanation than every aided arm; it has to look exactly like "
                    "one: give it the same run, method, target and options"
                )
            if arm.explanation and arm.explanation.target == ITEM_TARGET and not any(i.finding for i in self.items):
                raise ValueError(
                    f"arm '{arm.name}' explains the item in focus, and no item names its finding; give items a "
                    "finding, a class of the run"
                )

    def arm(self, name: str) -> Arm:
        """The arm of that name. Raises ProtocolError where there is none."""
        for arm in self.arms:
            if arm.name == name:
                return arm
        raise ProtocolError(f"the protocol has no arm '{name}'")

    def item(self, item_id: str) -> Item:
        """The item of that id. Raises ProtocolError where there is none."""
        for item in self.items:
            if item.id == item_id:
                return item
        raise ProtocolError(f"the protocol has no item '{item_id}'")


def _refuse_twice(what: str, names: list[str]) -> None:
    for name in names:
        if names.count(name) > 1:
            raise ValueError(f"{what} '{name}' is given twice")


def parse_protocol(text: str, source: str = "protocol.toml") -> Protocol:
    """A protocol from TOML text. Raises ProtocolError naming every wrong entry and its value."""
    try:
        entries = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise ProtocolError(f"{source} is not valid TOML: {toml_sentence(text, error)}") from error
    try:
        return Protocol.model_validate(entries)
    except ValidationError as error:
        raise ProtocolError(f"{source}: {sentences(error, entries, Protocol)}") from error


def load_protocol(path: Path) -> Protocol:
    """A protocol from a file. Raises ProtocolError."""
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise ProtocolError(f"{path.name} cannot be read: {error}") from error
    return parse_protocol(text, path.name)


def protocol_hash(text: str) -> str:
    """sha256 (hex) of the protocol's text, line endings made "\\n": the same after a copy through another system."""
    return hashlib.sha256(text.replace("\r\n", "\n").encode()).hexdigest()
