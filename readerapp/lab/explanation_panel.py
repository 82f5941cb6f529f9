"""What is asked of a model, what it said, and how the map is shown: the panel beside the image."""

from collections.abc import Mapping, Sequence
from pathlib import Path

from PySide6.QtCore import QRect, Qt, Signal
from PySide6.QtGui import QImage, QPainter, QPaintEvent
from PySide6.QtWidgets import (
    QCheckBox,
    QFormLayout,
    QHBoxLayout,
    QLabel,
    QSlider,
    QVBoxLayout,
    QWidget,
)

from readerapp import theme
from readerapp.desk.columns import Column, Row, words
from readerapp.desk.tables import RowsTable
from readerapp.fields import choice, no_wider
from readerapp.lab.asking_panel import AskingPanel, label_sign, label_word
from readerapp.lab.certainty import Past
from readerapp.lab.explaining import Looking
from readerapp.page import labelled
from readerapp.viewer.heat import COLOR_MAPS, color_table
from readerapp.wording import QT_TRANSLATE_NOOP
from resources.files import shipped_folder

__all__ = ["LOOKINGS", "ExplanationPanel"]

LOOKINGS: Mapping[str, tuple[str, Looking]] = {
    "gradcam": (QT_TRANSLATE_NOOP("ExplanationPanel", "Grad-CAM"), Looking("gradcam")),
    "preview": (
        QT_TRANSLATE_NOOP("ExplanationPanel", "Occlusion, preview"),
        Looking("occlusion", (("coarse_to_fine", True),)),
    ),
    "occlusion": (QT_TRANSLATE_NOOP("ExplanationPanel", "Occlusion"), Looking("occlusion")),
    "random": (
        QT_TRANSLATE_NOOP("ExplanationPanel", "Grad-CAM of random weights"),
        Looking("gradcam", (), randomised_seed=0),
    ),
}
_NONE = ""
_OPACITY, _STEP = 45, 5  # percent
_FIXED_PX, _WIDTH_PX = 106, 293  # paddings, and what grows with the text: the longest finding stays whole
_LEAST_PX = 270  # of the panel: longer findings are scrolled then


class ColorBar(QWidget):
    """The colours of the map from least to greatest."""

    def __init__(self) -> None:
        super().__init__()
        self.setFixedHeight(10)
        self._image = QImage()

    def show_map(self, name: str) -> None:
        table = color_table(name)
        self._image = QImage(table.data, len(table), 1, 4 * len(table), QImage.Format.Format_RGB32).copy()
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.drawImage(QRect(0, 0, self.width(), self.height()), self._image)
        painter.end()


class ExplanationPanel(AskingPanel):
    """`asked`: also another way to look; `shown_otherwise`: another finding, or the same map in another look."""

    shown_otherwise = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("explain", RowsTable((), "findings"), parent)
        self.findings.setAccessibleName(self.tr("What the model says"))
        self.method = choice("explain_method", self.tr("Method"))
        self.beside = choice("explain_beside", self.tr("Beside it"))
        self.on = QCheckBox(self.tr("Show the map  (G)"))
        self.on.setObjectName("heat_on")
        self.on.setChecked(True)
        self.opacity = _slider("heat_opacity", self.tr("Opacity"), _OPACITY)
        self.threshold = _slider("heat_threshold", self.tr("Threshold"), 0)
        self.color_map = choice("color_map", self.tr("Colours"), tuple((name, name) for name in COLOR_MAPS))
        self.bar_of_colors = ColorBar()
        self.prediction = labelled("", "")
        self._offered = False  # a run of the person's own, at first
        self._offer_ways()
        self._arrange()
        self._connect()

    # What is chosen

    @property
    def lookings(self) -> tuple[Looking, ...]:
        """One way to look, or two for two images side by side."""
        names = [self.method.currentData(), self.beside.currentData()]
        return tuple(LOOKINGS[name][1] for name in names if name)

    # What keys do

    def toggle(self) -> None:
        """The map on or off."""
        self.on.toggle()

    def toggle_beside(self) -> None:
        """Another method beside the first, or none."""
        row = 0 if self.beside.currentIndex() else self.beside.findData("preview")
        if self.beside.itemData(row) == self.method.currentData():
            row = self.beside.findData("gradcam")
        self.beside.setCurrentIndex(row)

    def step_color_map(self) -> None:
        self.color_map.setCurrentIndex((self.color_map.currentIndex() + 1) % self.color_map.count())

    def step_opacity(self, by: int) -> None:
        self.opacity.setValue(self.opacity.value() + by * _STEP)

    # What is shown

    def fit(self, room: int) -> None:
        """As wide as `room` allows, in pixels: wide enough for the longest finding, never too narrow for the fields."""
        widest = _FIXED_PX + theme.wide(_WIDTH_PX)
        self.setFixedWidth(max(theme.wide(_LEAST_PX), min(widest, room)))

    def offer_runs(self, runs: Mapping[str, Path], wanted: Path | None = None) -> None:
        """The runs that can be asked; the one chosen stays, or `wanted` is."""
        before = wanted or self.chosen_run
        self.run.blockSignals(True)
        self.run.clear()
        self.run.addItem(self.tr("none"), _NONE)
        self._list_runs(runs)
        own = [path for path in runs.values() if not path.is_relative_to(shipped_folder())]
        if before is None and own and not self._offered:
            before = own[0]
        self._offered |= bool(own)
        self.run.setCurrentIndex(max(0, self.run.findData(str(before))))
        self.run.blockSignals(False)

    def choose_finding(self, name: str) -> None:
        """The finding to be shown, now or once its probability is known."""
        self._finding = name

    def show_probabilities(self, told: Mapping[str, float], past: Past | None, labels: Mapping[str, int]) -> None:
        """What the model says of the image; `labels`: what the cohort says of it."""
        rows: list[Row] = []
        for name, p in told.items():
            observed = past.observed(name, p) if past else None
            rows.append({"name": name, "p": p, "observed": observed, "label": labels.get(name)})
        self.findings.show_rows(rows, self._columns())
        wanted = self._finding if self._finding in told else max(told, key=lambda name: told[name], default="")
        self._finding = ""
        self._select(wanted)
        self._choose(self.findings.chosen)

    def forget(self) -> None:
        """Another image: nothing is known of it yet."""
        self.findings.show_rows([], self._columns())
        self.prediction.clear()
        self.message.clear()

    def _columns(self) -> list[Column]:
        return [
            words(self.tr("Finding"), "name"),
            Column("p", lambda row: f"{row['p']:.2f}", lambda row: row["p"]),
            Column(
                self.tr("Truth"),
                label_sign,
                label_sign,
                self.tr("What the cohort says"),
                numeric=False,
                tip=label_word,
            ),
        ]

    def _choose(self, row: Row | None) -> None:
        if row is None:
            return
        self.prediction.setText(self._said(row))
        if row["name"] != self._finding:
            self._finding = row["name"]
            self.shown_otherwise.emit()

    def _said(self, row: Row) -> str:
        observed = row["observed"]
        told = self.tr("{name}: p = {p}").format(name=row["name"], p=f"{row['p']:.3f}")
        if observed is None:
            return f"{told}\n" + self.tr("Fewer than 20 images of known truth got a probability near it: no interval.")
        words_of = self.tr(
            "Of {n} images that got a probability near it, {share} were positive (95 % CI {low} to {high})."
        )
        return f"{told}\n" + words_of.format(
            n=observed.n, share=f"{observed.share:.0%}", low=f"{observed.low:.0%}", high=f"{observed.high:.0%}"
        )

    # How it stands

    def _offer_ways(self) -> None:
        self.beside.addItem(self.tr("nothing"), _NONE)
        for name, (title, _) in LOOKINGS.items():
            self.method.addItem(self.tr(title), name)
            self.beside.addItem(self.tr(title), name)
        self.bar_of_colors.show_map(COLOR_MAPS[0])

    def _connect(self) -> None:
        for box in (self.run, self.method, self.beside):
            box.currentIndexChanged.connect(self.asked)
        self.on.toggled.connect(self.shown_otherwise)
        for slider in (self.opacity, self.threshold):
            slider.valueChanged.connect(self.shown_otherwise)
        self.color_map.currentTextChanged.connect(self.bar_of_colors.show_map)
        self.color_map.currentIndexChanged.connect(self.shown_otherwise)
        self.findings.row_chosen.connect(self._choose)

    def _arrange(self) -> None:
        self.fit(_FIXED_PX + theme.wide(_WIDTH_PX))
        form = QFormLayout()
        form.setHorizontalSpacing(10)
        form.setVerticalSpacing(6)
        fields: Sequence[tuple[str, QWidget]] = (
            (self.tr("Run"), self.run),
            (self.tr("Method"), self.method),
            (self.tr("Beside it"), self.beside),
        )
        looks: Sequence[tuple[str, QWidget]] = (
            (self.tr("Opacity"), self.opacity),
            (self.tr("Threshold"), self.threshold),
            (self.tr("Colours"), self.color_map),
        )
        no_wider(self.run, self.method, self.beside)
        for name, field in fields:
            form.addRow(name, field)
        form.addRow(self.on)
        for name, field in looks:
            form.addRow(name, field)
        scale = QHBoxLayout()
        scale.addWidget(QLabel(self.tr("less")))
        scale.addWidget(self.bar_of_colors, 1)
        scale.addWidget(QLabel(self.tr("more")))
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(8)
        layout.addLayout(form)
        layout.addLayout(scale)
        layout.addLayout(self.working)
        layout.addWidget(self.message)
        layout.addWidget(self.prediction)
        layout.addWidget(self.findings, 1)
        layout.addWidget(
            labelled(self.tr("G map · S beside · N next finding · C colours · Shift+PgUp/PgDn opacity"), "small")
        )


def _slider(name: str, title: str, value: int) -> QSlider:
    made = QSlider(Qt.Orientation.Horizontal)
    made.setObjectName(name)
    made.setAccessibleName(title)
    made.setRange(0, 100)
    made.setSingleStep(_STEP)
    made.setPageStep(20)
    made.setValue(value)
    return made
