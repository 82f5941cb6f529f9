"""What is imagined and how far: the panel beside the counterfactual views."""

from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
from PySide6.QtCore import QRectF, Qt, Signal
from PySide6.QtGui import QImage, QPainter, QPaintEvent
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QLabel, QSlider, QVBoxLayout, QWidget

from engine.counterfactuals import Counterfactual
from engine.progress import duration
from readerapp.desk.columns import Column, Row, words
from readerapp.desk.tables import RowsTable
from readerapp.fields import choice, no_wider
from readerapp.lab.asking_panel import AskingPanel, label_sign, label_word
from readerapp.lab.counterfactual_views import percent
from readerapp.page import button, labelled
from readerapp.viewer.diverging import difference_colors
from readerapp.viewer.keymap import Keymap, cap
from readerapp.viewer.tools import ToolKind

__all__ = ["CounterfactualPanel"]

_TABLE_ROWS = 6  # in view, at least
_TOWARDS, _AWAY = "towards", "away"


class DifferenceScale(QWidget):
    """The colours of a difference from darker to brighter."""

    def __init__(self) -> None:
        super().__init__()
        self.setFixedHeight(10)
        row = np.ascontiguousarray(difference_colors(np.linspace(-1, 1, 511)[None], 1.0))
        self._image = QImage(row.data, 511, 1, 3 * 511, QImage.Format.Format_RGB888).copy()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.drawImage(QRectF(self.rect()), self._image)
        painter.end()


class CounterfactualPanel(AskingPanel):
    """`asked`: also another finding or direction; `stepped`: another amplitude, 0 the reconstruction."""

    stepped = Signal(int)
    full_asked = Signal()
    grid_asked = Signal()
    save_asked = Signal()
    cohort_asked = Signal()  # many such counterfactuals, for readers
    tool_asked = Signal(str)

    def __init__(self, keymap: Keymap, parent: QWidget | None = None) -> None:
        super().__init__("imagining", RowsTable((), "imagined_findings", first_gives_way=True), parent)
        self.findings.setAccessibleName(self.tr("Findings"))
        self._keymap = keymap
        self.direction = choice(
            "imagining_direction",
            self.tr("Direction"),
            ((self.tr("towards the finding"), _TOWARDS), (self.tr("away from the finding"), _AWAY)),
        )
        self.amplitude = QSlider(Qt.Orientation.Horizontal)
        self.step = labelled("", "")
        self.said = labelled("", "small")
        self.legend = self._make_legend()
        self.scale = labelled("", "small")
        self.full = button(self.tr("Draw in full"), "", "draw_in_full")
        self.takes = labelled("", "small")
        self.grid = button(self.tr("All findings"), "", "all_findings")
        self.save = button(self.tr("Save the picture …"), "", "save_picture")
        self.cohort = button(self.tr("A cohort of them …"), "", "imagine_many")
        self._tools: dict[ToolKind, QWidget] = {}
        self._told: Mapping[str, float] = {}
        self._labels: Mapping[str, int] = {}
        self._arrange()
        self._connect()
        self.show_steps(0)
        self.tell_full(None, drawn=False)

    # What is chosen

    @property
    def away(self) -> bool:
        """The finding is taken away, not added."""
        return bool(self.direction.currentData() == _AWAY)

    # What keys do

    def turn(self) -> None:
        """The other direction."""
        self.direction.setCurrentIndex(1 - self.direction.currentIndex())

    def choose_finding(self, name: str) -> None:
        self._select(name)

    # What is shown

    def offer_runs(self, runs: Mapping[str, Path]) -> None:
        """The heads that can be asked; the one chosen stays, else the first is."""
        before = self.run.currentData()
        self.run.blockSignals(True)
        self.run.clear()
        self._list_runs(runs)
        self.run.setCurrentIndex(max(0, self.run.findData(before)))
        self.run.blockSignals(False)

    def offer_findings(self, names: Sequence[str]) -> None:
        """The findings of the run; the one chosen stays where the run has it."""
        if [row["name"] for row in self.findings.rows_model.rows] != list(names):
            self._told = {}
            self._finding = self._finding if self._finding in names else next(iter(names), "")
            self._show_findings(names)

    def show_probabilities(self, told: Mapping[str, float], labels: Mapping[str, int]) -> None:
        """What the run says of the image, and what its cohort says."""
        if told != self._told or labels != self._labels:
            self._told, self._labels = told, labels
            self._show_findings([row["name"] for row in self.findings.rows_model.rows])

    def show_steps(self, count: int, step: int = 0) -> None:
        """How many amplitudes there are, and which is seen."""
        self.amplitude.blockSignals(True)
        self.amplitude.setRange(0, max(count, 1))
        self.amplitude.setValue(step)
        self.amplitude.blockSignals(False)
        self.amplitude.setEnabled(count > 0)
        self.save.setEnabled(count > 0)

    def tell(self, found: Counterfactual | None, step: int, scale: float = 0.0) -> None:
        """What the run says of the step in view; None: there is none yet."""
        if found is None:
            for label in (self.step, self.said, self.scale):
                label.clear()
            return
        self.step.setText(self._step_text(found, step))
        self.said.setText(self._said_text(found, step))
        self.scale.setText(
            self.tr(
                "Difference to the reconstruction: grey is none, the last colours are −{scale} and +{scale} of the "
                "grey range."
            ).format(scale=f"{scale:.2f}")
        )
        self.amplitude.setAccessibleDescription(f"{self.step.text()} {self.said.text()}")

    def tell_full(self, seconds: float | None, drawn: bool) -> None:
        """How long a full drawing will take, before it starts; `drawn`: it is what is seen."""
        about = duration(seconds) if seconds is not None and seconds >= 1 and not drawn else ""
        self.takes.setText(self.tr("In full it takes about {time}.").format(time=about) if about else "")
        self.full.setText(self.tr("Drawn in full") if drawn else self.tr("Draw in full"))
        self.full.setEnabled(not drawn and bool(self._finding))

    def show_grid(self, shown: bool) -> None:
        """Whether all findings are seen at once."""
        self.grid.setText(self.tr("One finding") if shown else self.tr("All findings"))
        of_one = (self.amplitude, self.step, self.said, self.legend, self.scale, self.takes, self.full)
        for widget in (*of_one, *self._tools.values()):
            widget.setVisible(not shown)

    def _step_text(self, found: Counterfactual, step: int) -> str:
        name = found.target.replace("_", " ")
        if not step:
            return self.tr("{name}: reconstruction, amplitude 0").format(name=name)
        amplitude = f"{found.amplitudes[step - 1]:+.1f}".replace("-", "−")
        words_of = self.tr("{name}: amplitude {amplitude}")
        return words_of.format(name=name, amplitude=amplitude)

    def _said_text(self, found: Counterfactual, step: int) -> str:
        quality = self.tr("preview, 20 + 20 steps") if found.options.get("preview") else self.tr("in full")
        own = self.tr("The image's own code: p = {p}; its reconstruction, read again: {seen}.").format(
            p=f"{found.probability:.2f}", seen=f"{found.drawn_reconstruction:.2f}"
        )
        if not step:
            return f"{own} ({quality})"
        text = self.tr("Wanted p = {wanted}; the drawing, read again: {drawn}; {share} of the change confirmed.")
        said = text.format(
            wanted=f"{found.wanted[step - 1]:.2f}",
            drawn=f"{found.drawn[step - 1]:.2f}",
            share=percent(found.confirmed[step - 1]),
        )
        return f"{said} {own} ({quality})"

    def _show_findings(self, names: Sequence[str]) -> None:
        rows: list[Row] = [{"name": name, "p": self._told.get(name), "label": self._labels.get(name)} for name in names]
        wanted = self._finding
        self.findings.show_rows(rows, self._columns())
        self._finding = ""
        self.choose_finding(wanted)
        self._finding = wanted

    def _columns(self) -> list[Column]:
        return [
            words(self.tr("Finding"), "name"),
            Column("p", lambda row: "…" if row["p"] is None else f"{row['p']:.2f}", lambda row: row["p"]),
            Column(
                self.tr("Truth"),
                label_sign,
                lambda row: row["label"],
                self.tr("What the cohort says"),
                numeric=False,
                tip=label_word,
            ),
        ]

    def _choose(self, row: Row | None) -> None:
        if row is not None and row["name"] != self._finding and self._finding:
            self._finding = row["name"]
            self.asked.emit()

    # How it stands

    def _connect(self) -> None:
        for box in (self.run, self.direction):
            box.currentIndexChanged.connect(self.asked)
        self.findings.row_chosen.connect(self._choose)
        self.amplitude.valueChanged.connect(self.stepped)
        self.full.clicked.connect(self.full_asked)
        self.grid.clicked.connect(self.grid_asked)
        self.save.clicked.connect(self.save_asked)
        self.cohort.clicked.connect(self.cohort_asked)

    def _arrange(self) -> None:
        self.amplitude.setObjectName("amplitude")
        self.amplitude.setAccessibleName(self.tr("Amplitude"))
        self.findings.setMinimumHeight(_TABLE_ROWS * (self.fontMetrics().height() + 8))
        no_wider(self.run, self.direction)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 6, 0)
        layout.setSpacing(7)
        layout.addLayout(self._fields())
        layout.addWidget(self.findings, 1)
        layout.addWidget(self.amplitude)
        layout.addWidget(self.step)
        layout.addWidget(self.said)
        layout.addWidget(self.legend)
        layout.addWidget(self.scale)
        layout.addLayout(self.working)
        layout.addWidget(self.message)
        layout.addLayout(self._buttons())
        layout.addWidget(labelled(self._hint(), "small"))

    def _fields(self) -> QGridLayout:
        fields = QGridLayout()
        fields.setHorizontalSpacing(10)
        fields.setVerticalSpacing(6)
        for row, (name, field) in enumerate(((self.tr("Run"), self.run), (self.tr("Direction"), self.direction))):
            fields.addWidget(QLabel(name), row, 0)
            fields.addWidget(field, row, 1)
        fields.setColumnStretch(1, 1)
        return fields

    def _make_legend(self) -> QWidget:
        made = QWidget()
        legend = QHBoxLayout(made)
        legend.setContentsMargins(0, 0, 0, 0)
        legend.addWidget(QLabel(self.tr("darker")))
        legend.addWidget(DifferenceScale(), 1)
        legend.addWidget(QLabel(self.tr("brighter")))
        return made

    def _buttons(self) -> QVBoxLayout:
        tools: Sequence[tuple[ToolKind, str, str]] = (
            ("arrow", self.tr("Arrow"), "draw_arrow"),
            ("star", self.tr("Star"), "draw_star"),
            ("box", self.tr("Box"), "draw_box"),
        )
        marks = QHBoxLayout()
        for kind, name, action in tools:
            made = button(name, "", action)
            made.setToolTip(cap(self._keymap.keys(action)[0]))
            made.clicked.connect(lambda _=False, kind=kind: self.tool_asked.emit(kind))
            self._tools[kind] = made
            marks.addWidget(made)
        column = QVBoxLayout()
        column.addWidget(self.takes)
        column.addWidget(self.full)
        column.addLayout(marks)
        for widget in (self.grid, self.save, self.cohort):
            column.addWidget(widget)
        return column

    def _hint(self) -> str:
        entries = (
            ("blink", self.tr("hold: reconstruction")),
            ("next_frame", self.tr("more")),
            ("previous_frame", self.tr("less")),
            ("finding_next", self.tr("next finding")),
            ("finding_direction", self.tr("direction")),
            ("findings_grid", self.tr("all findings")),
            ("draw_in_full", self.tr("in full")),
            ("draw_arrow", self.tr("arrow")),
            ("draw_star", self.tr("star")),
            ("draw_box", self.tr("box")),
        )
        return " · ".join(f"{cap(self._keymap.keys(action)[0])} {name}" for action, name in entries)
