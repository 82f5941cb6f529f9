"""Making a cohort of counterfactuals: real images without a finding, as a head on a diffusion run imagines them.

What is done is `engine cohort counterfactual`, in a process of the engine.
"""

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QCoreApplication, Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QListWidget, QListWidgetItem, QWidget

from engine.errors import JobError
from engine.jobs.networks import classes_of
from engine.jobs.run import open_run
from readerapp import trouble
from readerapp.fields import choice, decimal, in_a_row, no_wider, whole
from readerapp.lab import operations
from readerapp.lab.extra import engine_is_there, engine_missing
from readerapp.lab.heads import Heads
from readerapp.lab.making import MakingForm
from readerapp.lab.memory import LabMemory
from readerapp.lab.operations import SourcesLook
from readerapp.page import button, labelled

__all__ = ["ImagineForm"]

_MOST_CASES = 10_000
_LINES = 7.5  # of the list of findings that are in view
_AMPLITUDE, _PROBABILITY = "--amplitude", "--probability"
_FULL, _PREVIEW = "full", "preview"


class ImagineForm(MakingForm):
    """A head, real images, findings and how far; at its end the way to step 1 of the reader study."""

    step1_asked = Signal(object)  # Path of the cohort that was made

    def __init__(self, memory: LabMemory) -> None:
        translate = QCoreApplication.translate
        super().__init__(
            translate("ImagineForm", "Imagine a cohort"),
            translate(
                "ImagineForm",
                "Images without any finding, as a run imagines them with one: what readers look at in step 1.",
            ),
            translate("ImagineForm", "Imagine"),
        )
        self._memory = memory
        self._wanted: tuple[Path | None, str] = None, ""  # the run and finding the form was opened for
        self.run = choice("imagine_run", self.tr("Run"))
        self.cohort = choice("imagine_cohort_of", self.tr("Real images"))
        self.split = choice("imagine_split", self.tr("Split"), self._splits())
        self.findings = QListWidget()
        self.each = whole("imagine_each", self.tr("Cases of each finding, at most"), 1, _MOST_CASES, 20)
        self.seed = whole("imagine_seed", self.tr("Seed"), 0, 2**31 - 1, 0)
        self.far = choice("imagine_far", self.tr("How far"), self._ways())
        self.amount = decimal("imagine_amount", self.tr("Amplitude or probability"), -1000, 1000, 6, 2)
        self.quality = choice(
            "imagine_quality",
            self.tr("Quality"),
            ((self.tr("in full, 250 + 200 steps"), _FULL), (self.tr("preview, 20 + 20 steps"), _PREVIEW)),
        )
        self.sources = labelled("", "small")
        self.after = labelled("", "good")
        self.plan = button(self.tr("Plan step 1 …"), "", "plan_step1")
        self._root: Path | None = None  # of the cohort that was made last
        self._lay_out()
        self._wire()
        self._show_far()
        self._show_made(None)

    def first_field(self) -> QWidget:
        return self.run

    def begin(self, run: Path | None = None, finding: str = "", cohort: Path | None = None) -> None:
        """The heads and cohorts there are now; those named are chosen."""
        self._wanted = run, finding
        self._offer_cohorts(cohort)
        if not engine_is_there():
            self.start_button.setEnabled(False)
            self.message.setText(engine_missing())
            return
        operations.find_heads(parent=self, root=self._memory.runs).on_success(self._offer_runs).quietly().run()

    def arguments(self) -> list[str]:
        run, cohort, targets = self.run.currentData(), self.cohort.currentData(), self.ticked()
        if run is None:
            raise ValueError(self.tr("Choose a head of findings on a diffusion run; the page Training makes one."))
        if cohort is None:
            raise ValueError(self.tr("Choose the cohort whose images are taken; import or simulate one first."))
        if not targets:
            raise ValueError(self.tr("Tick at least one finding to imagine."))
        arguments = ["cohort", "counterfactual", str(run), "--cohort", str(cohort)]
        arguments += [part for target in targets for part in ("--target", target)]
        arguments += ["--per-finding", str(self.each.value()), "--split", self.split.currentData()]
        arguments += ["--seed", str(self.seed.value()), *self._far()]
        return [*arguments, "--preview"] if self.quality.currentData() == _PREVIEW else arguments

    def ticked(self) -> list[str]:
        """The findings to imagine."""
        items = [self.findings.item(row) for row in range(self.findings.count())]
        return [item.data(Qt.ItemDataRole.UserRole) for item in items if item.checkState() == Qt.CheckState.Checked]

    def _far(self) -> list[str]:
        way = str(self.far.currentData())
        if way == _PROBABILITY and not 0 < self.amount.value() < 1:
            raise ValueError(self.tr("A probability lies between 0 and 1."))
        if way == _AMPLITUDE and not self.amount.value():
            raise ValueError(self.tr("An amplitude of 0 changes nothing: give another one."))
        value = f"{self.amount.value():g}"
        return [f"{way}={value}"] if way in (_AMPLITUDE, _PROBABILITY) else ["--named", way]

    # What is offered

    def _offer_runs(self, heads: Heads) -> None:
        before = str(self._wanted[0] or self.run.currentData() or "")
        self.run.blockSignals(True)
        self.run.clear()
        for name, path in heads.runs.items():
            self.run.addItem(name, str(path))
        self.run.setCurrentIndex(max(0, self.run.findData(before)))
        self.run.blockSignals(False)
        if not heads.runs:
            self.message.setText("\n".join([self.tr("No run draws counterfactuals yet."), *heads.unusable]))
        self._offer_findings()

    def _offer_findings(self) -> None:
        """Those of the run; what was ticked stays so where it is offered."""
        run, ticked = self.run.currentData(), set(self.ticked()) | {self._wanted[1]}
        self.findings.clear()
        try:
            names: Sequence[str] = classes_of(open_run(Path(run))) if run else ()
        except JobError as error:
            self.message.setText(str(error))
            return
        for name in names:
            item = QListWidgetItem(name)
            item.setData(Qt.ItemDataRole.UserRole, name)
            item.setFlags(item.flags() | Qt.ItemFlag.ItemIsUserCheckable)
            item.setCheckState(Qt.CheckState.Checked if name in ticked else Qt.CheckState.Unchecked)
            self.findings.addItem(item)
        if names:
            self.findings.setCurrentRow(0)

    def _offer_cohorts(self, chosen: Path | None) -> None:
        before = str(chosen or self.cohort.currentData() or "")
        self.cohort.blockSignals(True)
        self.cohort.clear()
        for root in self._memory.cohorts():
            self.cohort.addItem(root.name, str(root))
            self.cohort.setItemData(self.cohort.count() - 1, str(root), Qt.ItemDataRole.ToolTipRole)
        self.cohort.setCurrentIndex(max(0, self.cohort.findData(before)))
        self.cohort.blockSignals(False)
        self._count()

    def _count(self) -> None:
        """How many images there are to choose from, in the background."""
        root = self.cohort.currentData()
        self.sources.clear()
        if root is not None:
            asked = (str(root), str(self.split.currentData()))
            count = operations.count_sources(parent=self, root=Path(root), split=asked[1])
            count.on_success(lambda found: self._show_sources(asked, found))
            count.on_failure(lambda error: self.sources.setText(trouble.sentence(error))).quietly().run()

    def _show_sources(self, asked: tuple[str, str], found: SourcesLook) -> None:
        if asked == (self.cohort.currentData(), self.split.currentData()):
            words = self.tr(
                "Images without any finding: {images}. Patients they are of: {patients}; of each, one image is taken."
            )
            self.sources.setText(words.format(images=f"{found.images:,}", patients=f"{found.patients:,}"))

    def _show_far(self) -> None:
        way = self.far.currentData()
        self.amount.setVisible(way in (_AMPLITUDE, _PROBABILITY))
        low, high, usual = (0.01, 0.99, 0.9) if way == _PROBABILITY else (-1000, 1000, 6)
        self.amount.setRange(low, high)
        self.amount.setValue(usual)

    # The end

    def _show_made(self, root: Path | None) -> None:
        self._root = root
        self.plan.setVisible(root is not None)
        self.after.setVisible(root is not None)
        if root is not None:
            words = self.tr(
                "{cohort} is made. Next: plan step 1, a study in which readers say what each counterfactual has and "
                "its reconstruction has not."
            )
            self.after.setText(words.format(cohort=root.name))
            self.plan.setFocus()

    def _ask_step1(self) -> None:
        if self._root is not None:
            self.step1_asked.emit(self._root)

    def _wire(self) -> None:
        self.run.currentIndexChanged.connect(self._offer_findings)
        self.far.currentIndexChanged.connect(self._show_far)
        for box in (self.cohort, self.split):
            box.currentIndexChanged.connect(self._count)
        self.start_button.clicked.connect(lambda: self._show_made(None))
        self.made.connect(self._show_made)
        self.plan.clicked.connect(self._ask_step1)

    # How it stands

    def _splits(self) -> tuple[tuple[str, str], ...]:
        return (
            (self.tr("test"), "test"),
            (self.tr("validation"), "val"),
            (self.tr("training"), "train"),
            (self.tr("any split"), "any"),
        )

    def _ways(self) -> tuple[tuple[str, str], ...]:
        return (
            (self.tr("as the paper's released code"), "released"),
            (self.tr("as the paper's text"), "paper"),
            (self.tr("by an amplitude"), _AMPLITUDE),
            (self.tr("to a probability"), _PROBABILITY),
        )

    def _lay_out(self) -> None:
        no_wider(self.run, self.cohort, self.split, self.far, self.quality)
        self.findings.setObjectName("imagine_findings")
        self.findings.setAccessibleName(self.tr("Findings to imagine"))
        self.findings.setFixedHeight(round(self.fontMetrics().height() * _LINES))
        rows: list[tuple[str, QWidget]] = [
            (self.tr("Run"), self.run),
            (self.tr("Real images"), in_a_row((self.cohort, 2), (self.split, 1))),
            ("", self.sources),
            (self.tr("Findings"), self.findings),
            (
                self.tr("Cases of each, at most"),
                in_a_row((self.each, 0), (labelled(self.tr("Seed")), 0), (self.seed, 0)),
            ),
            (self.tr("How far"), in_a_row((self.far, 1), (self.amount, 0))),
            (self.tr("Quality"), self.quality),
            (self.tr("New cohort"), self.out),
        ]
        for name, field in rows:
            self.form.addRow(name, field)
        row = QHBoxLayout()
        row.addWidget(self.after, 1)
        row.addWidget(self.plan)
        self.told.addLayout(row)
