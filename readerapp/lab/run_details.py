"""The runs that are selected: their curves laid over each other, in what their specs differ, what they said."""

from collections.abc import Sequence

from PySide6.QtWidgets import QComboBox, QHBoxLayout, QTabWidget, QVBoxLayout, QWidget

from readerapp.desk.columns import Row, words
from readerapp.desk.tables import RowsTable
from readerapp.fields import choice
from readerapp.lab.log_view import LogView
from readerapp.lab.plots import Line, Plot, legend
from readerapp.lab.run_watch import RunLook, differences
from readerapp.lab.run_words import state_word
from readerapp.lab.samples import SamplesView
from readerapp.lab.spec_words import entry_name, metric_words
from readerapp.page import labelled

__all__ = ["RunDetails"]

_FEW = 40  # points of a curve that are dotted


class RunDetails(QWidget):
    """Tabs; the metric that is chosen stays chosen while runs go on."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._runs: Sequence[RunLook] = ()
        self._shown: object = None
        self.loss = Plot("loss_plot", self.tr("Loss while training"), self.tr("images seen"), self.tr("loss"))
        self.validation = Plot("metric_plot", self.tr("Validation"), self.tr("images seen"), "")
        self.choice = choice("metric", self.tr("Metric"))
        self.table = RowsTable((), "spec_differences", self.tr("In what the specs differ"))
        self.legend = labelled("", "")
        self.differ = labelled("", "muted")
        self.log = LogView("run_log", self.tr("What the run said"), self.tr("The run said nothing yet."))
        self.samples = SamplesView()
        self.tabs = QTabWidget()
        self.tabs.setAccessibleName(self.tr("Parts of the page"))
        self._arrange()
        self.choice.currentIndexChanged.connect(self._draw_metric)

    def show_runs(self, runs: Sequence[RunLook]) -> None:
        """Other runs, or the same ones further on; drawn again only where something came."""
        shown = [
            (run.path, run.state, run.images, len(run.loss), len(run.said), _points(run), run.samples) for run in runs
        ]
        if shown == self._shown:
            return
        others = [entry[0] for entry in shown] != [entry[0] for entry in self._shown or ()]  # type: ignore[attr-defined]
        self._shown, self._runs = shown, runs
        self._offer_metrics()
        self.legend.setText(legend([run.name for run in runs]) if len(runs) > 1 else "")
        self.loss.show_lines([Line(run.name, run.loss, n, dots=len(run.loss) <= _FEW) for n, run in enumerate(runs)])
        self._draw_metric()
        self._write_log()
        self._show_samples()
        if others:
            self._compare()

    def _offer_metrics(self) -> None:
        names = list(dict.fromkeys(name for run in self._runs for name in run.metrics))
        if names != [self.choice.itemData(row) for row in range(self.choice.count())]:
            before = self.choice.currentData()
            self.choice.blockSignals(True)
            self.choice.clear()
            for name in names:
                self.choice.addItem(metric_words(name), name)
            usual = before or next((name for name in names if "auc" in name), "")
            self.choice.setCurrentIndex(max(0, self.choice.findData(usual)))
            self.choice.blockSignals(False)

    def _draw_metric(self) -> None:
        name = self.choice.currentData()
        lines = [
            Line(run.name, run.metrics[name], number, dots=len(run.metrics[name]) <= _FEW)
            for number, run in enumerate(self._runs)
            if name in run.metrics
        ]
        self.validation.set_title(self.choice.currentText() or self.tr("Validation"))
        self.validation.show_lines(lines)

    def _compare(self) -> None:
        found = differences([run.run for run in self._runs])
        columns = [words(self.tr("Entry"), "name"), words(self.tr("Key"), "entry")]
        columns += [words(run.name, str(number)) for number, run in enumerate(self._runs)]
        rows: list[Row] = [
            {
                "name": entry_name(each.entry),
                "entry": each.entry,
                **{str(n): value for n, value in enumerate(each.values)},
            }
            for each in found
        ]
        self.table.show_rows(rows, columns)
        if len(self._runs) < 2:
            self.differ.setText(
                self.tr("Select two runs or more (Ctrl or Shift with a click, or Shift with the arrows).")
            )
        elif not found:
            self.differ.setText(self.tr("Their specs do not differ."))
        else:
            self.differ.setText(self.tr("{n} entries differ").format(n=len(found)))

    def _write_log(self) -> None:
        several = len(self._runs) > 1
        lines = [
            f"{time[:19].replace('T', ' ')}  {run.name + '  ' if several else ''}{_said(kind, text)}"
            for run in self._runs
            for time, kind, text in run.said
        ]
        text = "\n".join(lines)
        if text != self.log.toPlainText():
            self.log.setPlainText(text)
            self.log.verticalScrollBar().setValue(self.log.verticalScrollBar().maximum())

    def _show_samples(self) -> None:
        """Of one run that draws."""
        sheet = self._runs[0].samples if len(self._runs) == 1 else None
        self.tabs.setTabVisible(self.tabs.indexOf(self.samples), sheet is not None)
        self.samples.show_sheet(sheet)

    def _arrange(self) -> None:
        curves = QWidget()
        column = QVBoxLayout(curves)
        column.setContentsMargins(6, 6, 6, 6)
        top = QHBoxLayout()
        top.addWidget(self.legend, 1)
        named = labelled(self.tr("Metric"), "small")
        named.setWordWrap(False)
        top.addWidget(named)
        self.choice.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)
        top.addWidget(self.choice)
        plots = QHBoxLayout()
        plots.addWidget(self.loss, 1)
        plots.addWidget(self.validation, 1)
        column.addLayout(top)
        column.addLayout(plots, 1)
        compare = QWidget()
        below = QVBoxLayout(compare)
        below.addWidget(self.differ)
        below.addWidget(self.table, 1)
        self.tabs.addTab(curves, self.tr("Curves"))
        self.tabs.addTab(compare, self.tr("Compare"))
        self.tabs.addTab(self.log, self.tr("Log"))
        self.tabs.addTab(self.samples, self.tr("Samples"))
        self.tabs.setTabVisible(self.tabs.indexOf(self.samples), False)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.tabs)


def _points(run: RunLook) -> int:
    return sum(len(points) for points in run.metrics.values())


def _said(kind: str, text: str) -> str:
    return state_word(text) if kind == "state" else f"{'✖' if kind == 'error' else '⚠'} {text}"
