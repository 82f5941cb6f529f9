"""The page of the form that names the readers."""

from collections.abc import Mapping
from typing import Any

from PySide6.QtWidgets import QVBoxLayout, QWidget

from readerapp.fields import card, decimal, line
from readerapp.new_study.parts import Row, Rows, Section
from readerapp.page import labelled

_UNKNOWN = -1.0


class Reader(Row):
    """Id, experience, specialty."""

    def __init__(self) -> None:
        super().__init__("reader")
        self.id = line("reader_id", self.tr("Id, shown in tables"), self.tr("id, shown in tables: letters, digits, _"))
        self.years = decimal("reader_years", self.tr("Years of experience"), _UNKNOWN, 70, _UNKNOWN)
        self.years.setSpecialValueText(self.tr("years unknown"))
        self.years.setSuffix(self.tr(" years"))
        self.specialty = line("reader_specialty", self.tr("Specialty"), self.tr("specialty"))
        self.setLayout(self.line_of((self.id, 3), (self.years, 1), (self.specialty, 3)))
        self.id.textChanged.connect(self.changed)
        self.years.valueChanged.connect(self.changed)
        self.specialty.textChanged.connect(self.changed)

    def first_field(self) -> QWidget:
        return self.id

    def load(self, entries: Mapping[str, Any]) -> None:
        self.id.setText(str(entries.get("id", "")))
        years = entries.get("experience_years")
        self.years.setValue(_UNKNOWN if years is None else float(years))
        self.specialty.setText(str(entries.get("specialty", "")))

    def entries(self) -> dict[str, Any]:
        years = self.years.value()
        known = {} if years < 0 else {"experience_years": years}
        return {"id": self.id.text().strip(), **known, "specialty": self.specialty.text().strip()}


class ReadersSection(Section):
    """Who reads."""

    def __init__(self) -> None:
        super().__init__(
            "readers",
            self.tr("Readers"),
            self.tr("Each gets a private order and a passphrase at the seal. Agreement needs two or more."),
        )
        self._step1: dict[str, Any] = {}
        self.readers = Rows("reader", self.tr("Add a reader"), Reader)
        frame = card()
        self.hint = labelled("", "warning")
        self.column.addWidget(frame)
        self.column.addStretch(1)
        self._fill(frame)
        self.readers.changed.connect(self._changed)

    def _fill(self, frame: QWidget) -> None:
        layout = QVBoxLayout(frame)
        layout.setContentsMargins(18, 14, 18, 14)
        layout.addWidget(self.readers)
        layout.addWidget(self.hint)

    def load(self, entries: Mapping[str, Any]) -> None:
        self._step1 = {"step1": entries["step1"]} if entries.get("step1") else {}  # says who may not read
        self.readers.clear()
        for given in entries.get("readers", []):
            row = self.readers.add()
            if isinstance(row, Reader):
                row.load(given)
        self._hint()

    def entries(self) -> dict[str, Any]:
        rows = [row.entries() for row in self.readers.rows() if isinstance(row, Reader)]
        return {"readers": rows, **self._step1}

    def _changed(self) -> None:
        self._hint()
        self.changed.emit()

    def _hint(self) -> None:
        alone = len(list(self.readers.rows())) == 1
        self.hint.setText(self.tr("! One reader gives no agreement between readers.") if alone else "")
        self.hint.setVisible(alone)
