"""The page of the form that says how is read: order and hidden repeats, arms, sittings, what a reader may do."""

from collections.abc import Mapping
from contextlib import suppress
from typing import Any

from PySide6.QtCore import QCoreApplication, QStringListModel
from PySide6.QtWidgets import QCompleter, QFileDialog, QLabel, QWidget

from engine.errors import EngineError
from engine.jobs.networks import classes_of
from engine.jobs.run import open_run
from readerapp.fields import PathField, add_row, choice, decimal, line, tick, whole
from readerapp.new_study.parts import Row, Rows, Section
from studies.protocol import ITEM_TARGET

_SEED = 2**31 - 1


class ExplainedArm(Row):
    """An arm that shows an explanation after the unaided answer is locked."""

    def __init__(self) -> None:
        super().__init__("arm")
        self.name = line("arm_name", self.tr("Name of the arm"), self.tr("name"))
        self.kind = choice("arm_kind", self.tr("Kind"), ((self.tr("aided"), "aided"), (self.tr("sham"), "sham")))
        self.method = choice(
            "arm_method",
            self.tr("Explanation"),
            (
                ("Grad-CAM", "gradcam"),
                (self.tr("occlusion"), "occlusion"),
                (self.tr("counterfactual"), "counterfactual"),
            ),
        )
        self.target = line("arm_target", self.tr("Finding it explains"), self.tr("finding, or: item"))
        self.target.setToolTip(
            self.tr("A class of the run; “item” explains, for each item, the finding that the item names.")
        )
        self._classes = QCompleter(self)
        self._classes.setCompletionMode(QCompleter.CompletionMode.UnfilteredPopupCompletion)
        self.target.setCompleter(self._classes)
        self.run = PathField("arm_run", self.tr("Run of the model"), self.tr("run folder"), _choose_run)
        self._kept: dict[str, Any] = {}  # what a protocol says beyond these fields
        self.share = whole("arm_share", self.tr("Share of each reader's cases"), 1, 100, 50)
        self.share.setSuffix(" %")
        fields = ((self.name, 2), (self.kind, 0), (self.method, 0), (self.target, 2), (self.run, 3), (self.share, 0))
        self.setLayout(self.line_of(*fields))
        for edit in (self.name, self.target):
            edit.textChanged.connect(self.changed)
        self.run.changed.connect(self.changed)
        self.run.changed.connect(self._offer_classes)
        for box in (self.kind, self.method):
            box.currentIndexChanged.connect(self.changed)
        self.share.valueChanged.connect(self.changed)

    def first_field(self) -> QWidget:
        return self.name

    def load(self, entries: Mapping[str, Any]) -> None:
        explained = entries.get("explanation", {})
        self.name.setText(str(entries.get("name", "")))
        self.kind.setCurrentIndex(max(0, self.kind.findData(entries.get("kind"))))
        self.method.setCurrentIndex(max(0, self.method.findData(explained.get("method"))))
        self.target.setText(str(explained.get("target", "")))
        self.run.edit.setText(str(explained.get("run", "")))
        self._kept = {name: value for name, value in explained.items() if name not in ("run", "method", "target")}
        self.share.setValue(round(100 * float(entries.get("share", 1))))

    def entries(self) -> dict[str, Any]:
        explanation = {
            **self._kept,
            "run": self.run.edit.text().strip(),
            "method": self.method.currentData(),
            "target": self.target.text().strip(),
        }
        kind, share = self.kind.currentData(), self.share.value() / 100
        return {"name": self.name.text().strip(), "kind": kind, "share": share, "explanation": explanation}

    def _offer_classes(self) -> None:
        """The classes of the run that is named, once it is one."""
        path = self.run.path()
        classes: tuple[str, ...] = ()
        if path is not None and (path / "spec.json").is_file():
            with suppress(EngineError):
                classes = classes_of(open_run(path))
        self._classes.setModel(QStringListModel([*classes, ITEM_TARGET] if classes else [], self._classes))


def _choose_run(parent: QWidget) -> str:
    words = QCoreApplication.translate("NewStudy", "Choose the folder of a run")
    return QFileDialog.getExistingDirectory(parent, words)


class ReadingSection(Section):
    """Order, arms, sittings, navigation, timing."""

    def __init__(self) -> None:
        super().__init__(
            "reading",
            self.tr("Reading"),
            self.tr("How each reader goes through the cases. All of it is fixed at the seal."),
        )
        self._unaided = "unaided"
        self._add_order()
        self._add_arms()
        self._add_sittings()
        self.column.addStretch(1)
        for number in self.findChildren(QWidget):
            for signal in ("valueChanged", "toggled"):
                if number in self._numbers and hasattr(number, signal):
                    getattr(number, signal).connect(self.changed)

    @property
    def _numbers(self) -> tuple[QWidget, ...]:
        return (
            *(self.seed, self.spacing, self.repeats, self.distance, self.parts, self.washout, self.cap, self.away),
            *(self.back, self.rest_absent, self.complete),
        )

    def _add_order(self) -> None:
        grid = self.grid(self.tr("Order"))
        self.seed = whole("order_seed", self.tr("Seed of the orders"), 0, _SEED, 0)
        self.spacing = whole("patient_spacing", self.tr("Other cases between two cases of a patient"), 0, 9999, 1)
        self.repeats = decimal("repeat_share", self.tr("Hidden repeats"), 0, 100, 0)
        self.repeats.setSuffix(" %")
        self.distance = whole("repeat_distance", self.tr("Least distance of a repeat"), 1, 9999, 10)
        add_row(grid, self.tr("Seed of the orders"), self.seed)
        add_row(grid, self.tr("Other cases between two cases of a patient"), self.spacing)
        add_row(
            grid,
            self.tr("Hidden repeats"),
            self.repeats,
            self.tr("Share of the cases shown a second time, for agreement of readers with themselves."),
        )
        add_row(grid, self.tr("Least distance of a repeat, in places"), self.distance)

    def _add_arms(self) -> None:
        grid = self.grid(self.tr("Arms"))
        words = self.tr(
            "Every case is read unaided first. An arm below shows an explanation once that answer is locked."
        )
        grid.addWidget(QLabel(words), grid.rowCount(), 0, 1, 3)
        self.arms = Rows("arm", self.tr("Add an arm with an explanation"), ExplainedArm)
        self.arms.changed.connect(self.changed)
        grid.addWidget(self.arms, grid.rowCount(), 0, 1, 3)

    def _add_sittings(self) -> None:
        grid = self.grid(self.tr("Sittings and rules"))
        self.parts = whole("session_parts", self.tr("Parts"), 1, 99, 1)
        self.washout = decimal("washout_days", self.tr("Days between two parts, at least"), 0, 999, 0)
        self.cap = whole("session_cap", self.tr("Cases in one sitting"), 0, 9999, 0)
        self.cap.setSpecialValueText(self.tr("no limit"))
        self.away = decimal("away_limit", self.tr("Seconds without input that count as away"), 0.1, 99999, 120)
        self.back = tick("nav_back", self.tr("A finished case may be reopened (recorded)"))
        self.rest_absent = tick("nav_rest_absent", self.tr("One key answers all the rest absent"))
        self.complete = tick("nav_complete", self.tr("A case cannot be finished with open items"))
        add_row(grid, self.tr("Parts"), self.parts)
        add_row(grid, self.tr("Days between two parts, at least"), self.washout)
        add_row(grid, self.tr("Cases in one sitting"), self.cap)
        add_row(grid, self.tr("Seconds without input that count as away"), self.away)
        for box in (self.back, self.rest_absent, self.complete):
            grid.addWidget(box, grid.rowCount(), 1)

    def load(self, entries: Mapping[str, Any]) -> None:
        order, sessions = entries.get("order", {}), entries.get("sessions", {})
        rules, timing = entries.get("navigation", {}), entries.get("timing", {})
        self.seed.setValue(int(order.get("seed", 0)))
        self.spacing.setValue(int(order.get("patient_spacing", 1)))
        self.repeats.setValue(100 * float(order.get("repeat_share", 0)))
        self.distance.setValue(int(order.get("repeat_distance", 10)))
        self.parts.setValue(int(sessions.get("parts", 1)))
        self.washout.setValue(float(sessions.get("washout_days", 0)))
        self.cap.setValue(int(sessions.get("cap") or 0))
        self.away.setValue(float(timing.get("away_limit_s", 120)))
        self.back.setChecked(rules.get("back", True) is True)
        self.rest_absent.setChecked(rules.get("rest_absent", True) is True)
        self.complete.setChecked(rules.get("require_complete", False) is True)
        self._load_arms(entries.get("arms", []))

    def _load_arms(self, arms: list[Mapping[str, Any]]) -> None:
        self.arms.clear()
        self._unaided = next((a["name"] for a in arms if a.get("kind", "unaided") == "unaided"), "unaided")
        for given in arms:
            if given.get("kind", "unaided") != "unaided":
                row = self.arms.add()
                if isinstance(row, ExplainedArm):
                    row.load(given)

    def entries(self) -> dict[str, Any]:
        explained = [row.entries() for row in self.arms.rows() if isinstance(row, ExplainedArm)]
        unaided = [{"name": self._unaided}] if explained or self._unaided != "unaided" else []
        return {
            "arms": [*unaided, *explained],
            "order": {
                "seed": self.seed.value(),
                "patient_spacing": self.spacing.value(),
                "repeat_share": round(self.repeats.value() / 100, 4),
                "repeat_distance": self.distance.value(),
            },
            "sessions": {
                "parts": self.parts.value(),
                "washout_days": self.washout.value(),
                **({"cap": self.cap.value()} if self.cap.value() else {}),
            },
            "navigation": {
                "back": self.back.isChecked(),
                "rest_absent": self.rest_absent.isChecked(),
                "require_complete": self.complete.isChecked(),
            },
            "timing": {"away_limit_s": self.away.value()},
        }
