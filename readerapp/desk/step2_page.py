"""Step 2: from what readers found in counterfactuals to the protocol that looks for it in real images."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QCoreApplication, Qt, Signal
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from readerapp import operations, theme, trouble
from readerapp.desk.columns import Column, count, words
from readerapp.desk.locked import LockedNotice
from readerapp.desk.tables import RowsTable
from readerapp.fields import PathField, add_row, card_of_rows, in_a_row, line, whole
from readerapp.operations import PlannedStep3
from readerapp.page import button, heading, labelled, scrolled
from readerapp.sentences import told

if TYPE_CHECKING:
    from studies.reading.study import CoordinatorView

translate = QCoreApplication.translate

_MOST_IMAGES, _MOST_CASES = 100_000, 10_000
_LEAST_HEIGHT_PX = 190  # of a table


class Step2Page(QWidget):
    """What `studies step2` does: rules, what they choose, and the protocol in the form or in a file."""

    planned = Signal(object)  # readerapp.operations.Planned: the form may begin with it

    def __init__(self, view: "CoordinatorView", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._view = view
        self._found: PlannedStep3 | None = None
        self._asked: object = None  # what the choice that is under way was asked with
        self.locked = LockedNotice(view, self.tr("What step 1 found is locked"))
        self.locked.unlocked.connect(self.refresh)
        hint = self.tr("folder with cohort.csv: real images, findings as labels")
        self.cohort = PathField("step2_cohort", self.tr("Cohort of real images"), hint, _choose_cohort)
        self.each = whole("step2_each", self.tr("Images of each finding, at most"), 1, _MOST_IMAGES, 30)
        readers = len(view.protocol.readers)
        self.min_readers = whole("step2_readers", self.tr("Readers who found it in a case, at least"), 1, readers, 1)
        self.min_cases = whole("step2_cases", self.tr("Cases in which they found it, at least"), 1, _MOST_CASES, 1)
        self.seed = whole("step2_seed", self.tr("Seed"), 0, 2**31 - 1, 0)
        self.readers = line(
            "step2_names", self.tr("Readers of step 3"), self.tr("three new ids; or your own, with commas")
        )
        self.title = line("step2_title", self.tr("Title of step 3's study"), self.tr("Presence of confounders"))
        self.choose = button(self.tr("Choose images"), "primary", "choose_real")
        self.message = labelled("", "error")
        self.findings = RowsTable(finding_columns(), "step2_findings", self.tr("Images chosen for each finding"))
        self.confounders = RowsTable(confounder_columns(), "step2_confounders", self.tr("Confounders looked for"))
        self.left_out = labelled("", "muted")
        self.open_form = button(self.tr("Open in the form …"), "primary", "open_step3")
        self.write = button(self.tr("Write the protocol …"), "", "write_step3")
        self.outcome = labelled("", "good")
        self._chosen = QWidget()
        self._state = QStackedWidget()
        self._arrange()
        self._connect()
        self._show(None)

    def refresh(self) -> None:
        """Whether what was found may be looked at yet; what was chosen in this sitting stays."""
        operations.read_lock(parent=self, view=self._view).on_success(self._show_lock).run()

    def write_to(self, out: Path) -> None:
        """The protocol as a new file, as `studies step2` writes it."""
        if self._found is None:
            return
        write = operations.write_protocol(parent=self, text=self._found.planned.text, out=out)
        write.on_success(self._say_written).on_failure(self._refuse).disabling(self.write).run()

    def _show_lock(self, sentence: str) -> None:
        self.locked.show_state(sentence)
        self._state.setCurrentIndex(0 if sentence else 1)

    def _options(self) -> dict[str, Any]:
        """Of `studies.steps.step2.Step2`."""
        return {
            "per_finding": self.each.value(),
            "seed": self.seed.value(),
            "min_readers": self.min_readers.value(),
            "min_cases": self.min_cases.value(),
            "readers": tuple(name for part in self.readers.text().split(",") if (name := part.strip())),
            "title": self.title.text().strip(),
        }

    def _choose(self) -> None:
        self._show(None)
        cohort = self.cohort.path()
        if cohort is None:
            self.message.setText(self.tr("Choose the cohort of real images first."))
            return
        self._asked = asked = (cohort, self._options())
        plan = operations.plan_step3(parent=self, view=self._view, cohort=cohort, options=asked[1])
        plan.on_success(lambda found: self._take(asked, found)).on_failure(self._refuse).disabling(self.choose).run()

    def _take(self, asked: object, found: PlannedStep3) -> None:
        if asked is self._asked:
            self._show(found)
            self.open_form.setFocus()

    def _forget(self) -> None:
        """Another rule: what was chosen by the ones before is not what stands there."""
        self._asked = None
        if self._found is not None:
            self._show(None)

    def _show(self, found: PlannedStep3 | None) -> None:
        self._found = found
        self.message.clear()
        self.outcome.clear()
        self._chosen.setVisible(found is not None)
        if found is None:
            return
        selected = found.selected
        self.findings.show_rows([vars(part) for part in selected.sampled])
        self.confounders.show_rows([vars(each) for each in selected.checked])
        own = self.tr(
            "{n} patients whose images were shown in step 1 are left out; lateral films too, where there are."
        )
        lines = [own.format(n=f"{selected.excluded:,}")]
        lines += [self.tr("Left out: {why}").format(why=told(sentence)) for sentence in selected.left_out]
        self.left_out.setText("\n".join(lines))

    def _refuse(self, error: BaseException) -> None:
        if not isinstance(error, trouble.EXPECTED):
            trouble.log_error(error)
        self.message.setText(trouble.sentence(error))

    def _open(self) -> None:
        if self._found is not None:
            self.planned.emit(self._found.planned)

    def _write(self) -> None:
        title, kinds = self.tr("Write the protocol"), self.tr("Protocols (*.toml)")
        name = QFileDialog.getSaveFileName(self, title, "step3.toml", kinds)[0]
        if name:
            self.write_to(Path(name))

    def _say_written(self, out: Path) -> None:
        self.message.clear()
        words_of = self.tr(
            "written to {path}: which confounder belongs to which finding stands in it, keep it from readers"
        )
        self.outcome.setText(words_of.format(path=out))

    def _connect(self) -> None:
        self.choose.clicked.connect(self._choose)
        self.open_form.clicked.connect(self._open)
        self.write.clicked.connect(self._write)
        for number in (self.each, self.min_readers, self.min_cases, self.seed):
            number.valueChanged.connect(self._forget)
        for text in (self.cohort.edit, self.readers, self.title):
            text.textChanged.connect(self._forget)
            text.returnPressed.connect(self._choose)

    # How it stands

    def _arrange(self) -> None:
        body = QWidget()
        column = QVBoxLayout(body)
        column.setContentsMargins(0, 0, 8, 0)
        column.setSpacing(12)
        column.addWidget(self._rules())
        column.addWidget(self.message)
        column.addWidget(self._chosen, 1)
        column.addStretch()
        self._arrange_chosen()
        for page in (self.locked, scrolled(body, self.tr("Rules of step 2, and what they choose"))):
            self._state.addWidget(page)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(28, 22, 28, 8)
        layout.setSpacing(14)
        about = self.tr(
            "Step 2: what readers found in counterfactuals is looked for in real images with the finding, by other "
            "readers. A patient is read for one finding only, the rarest first."
        )
        layout.addLayout(heading(self.tr("Real images"), about))
        layout.addWidget(self._state, 1)

    def _rules(self) -> QWidget:
        frame, grid = card_of_rows()
        add_row(grid, self.tr("Real images"), self.cohort)
        add_row(grid, self.tr("A confounder is found by"), self._found_by())
        add_row(grid, self.tr("Images of each finding"), self._how_many())
        add_row(grid, self.tr("Readers of step 3"), self.readers)
        add_row(grid, self.tr("Title"), self.title)
        grid.addWidget(self.choose, grid.rowCount(), 1, Qt.AlignmentFlag.AlignLeft)
        return frame

    def _found_by(self) -> QWidget:
        told_readers = self.tr("or more of {n} readers, in").format(n=self.min_readers.maximum())
        parts = (self.min_readers, labelled(told_readers), self.min_cases, labelled(self.tr("or more cases")))
        return in_a_row(*((part, 0) for part in parts))

    def _how_many(self) -> QWidget:
        return in_a_row((self.each, 0), (labelled(self.tr("at most; seed")), 0), (self.seed, 0))

    def _arrange_chosen(self) -> None:
        tables = QHBoxLayout()
        tables.setSpacing(16)
        parts = (
            (self.tr("IMAGES CHOSEN"), self.findings, 1),
            (self.tr("LOOKED FOR IN THEM"), self.confounders, 1),
        )
        for title, table, stretch in parts:
            part = QVBoxLayout()
            part.addWidget(labelled(title, "group"))
            part.addWidget(table, 1)
            table.setMinimumHeight(theme.wide(_LEAST_HEIGHT_PX))
            tables.addLayout(part, stretch)
        buttons = QHBoxLayout()
        buttons.addWidget(self.open_form)
        buttons.addWidget(self.write)
        buttons.addWidget(self.outcome, 1)
        column = QVBoxLayout(self._chosen)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(10)
        column.addLayout(tables, 1)
        column.addWidget(self.left_out)
        column.addLayout(buttons)


def finding_columns() -> tuple[Column, ...]:
    """A row a finding: `studies.planning.selection.Sampled`."""
    return (
        words(translate("Step2Page", "Finding"), "name"),
        count(translate("Step2Page", "Images"), "sampled", translate("Step2Page", "chosen, each of another patient")),
        count(translate("Step2Page", "of"), "available", translate("Step2Page", "images with the finding")),
        count(
            translate("Step2Page", "Read elsewhere"),
            "taken_elsewhere",
            translate("Step2Page", "images of patients who are read for another finding"),
        ),
    )


def confounder_columns() -> tuple[Column, ...]:
    """A row a finding and confounder: `studies.steps.step2.Checked`."""
    return (
        words(translate("Step2Page", "Finding"), "finding"),
        words(translate("Step2Page", "Confounder"), "text"),
        count(translate("Step2Page", "Found in"), "n_found", translate("Step2Page", "cases of step 1")),
        count(translate("Step2Page", "of"), "n_imagined", translate("Step2Page", "cases of step 1 with the finding")),
    )


def _choose_cohort(parent: QWidget) -> str:
    return QFileDialog.getExistingDirectory(parent, translate("NewStudy", "Choose a cohort's folder"))
