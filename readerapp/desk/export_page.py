"""Export: one folder, one click, what was written, and the report to look at."""

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, Qt, QUrl
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import (
    QFileDialog,
    QFrame,
    QHBoxLayout,
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QVBoxLayout,
    QWidget,
)

from readerapp import operations, theme
from readerapp.page import button, heading, labelled

if TYPE_CHECKING:
    from studies.reading.study import CoordinatorView

REPORT = "report.pdf"  # studies.exports.report.report.REPORT, which is not imported for a name: it needs matplotlib


class ExportPage(QWidget):
    """Everything `studies export` writes. A stopped export leaves the study as it was."""

    def __init__(self, view: "CoordinatorView", root: Path, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._view = view
        self._exported: Path | None = None
        self.folder = QLineEdit(str(root / "exports"))
        self.folder.setObjectName("export_folder")
        self.folder.setAccessibleName(self.tr("Folder to export to"))
        self.choose = button(self.tr("Choose …"), "", "export_choose")
        self.choose.setAccessibleName(self.tr("Choose the folder to export to"))
        self.export = button(self.tr("Export everything"), "primary", "export")
        self.show_report = button(self.tr("Open the report"), "", "open_report")
        self.show_folder = button(self.tr("Open the folder"), "", "open_folder")
        self.files = QListWidget()
        self.files.setObjectName("exported_files")
        self.files.setAccessibleName(self.tr("Files of the export; Enter opens one"))
        self.outcome = labelled(self._nothing_yet(), "muted")
        self.outcome.setObjectName("export_outcome")
        self._arrange()
        self._connect()

    def refresh(self) -> None:
        """Whether there is anything to export yet; what this sitting exported stays."""
        operations.read_lock(parent=self, view=self._view).on_success(self._show_lock).run()

    def _connect(self) -> None:
        self.choose.clicked.connect(self._choose)
        self.export.clicked.connect(self._export)
        self.folder.returnPressed.connect(self._export)
        self.show_folder.clicked.connect(lambda: self._open(""))
        self.show_report.clicked.connect(lambda: self._open(REPORT))
        self.files.itemActivated.connect(lambda entry: self._open(entry.data(Qt.ItemDataRole.UserRole)))
        for one in (self.show_folder, self.show_report):
            one.setEnabled(False)

    def _nothing_yet(self) -> str:
        return self.tr("Nothing exported yet in this sitting.")

    def _show_lock(self, why: str) -> None:
        self.export.setEnabled(not why)
        self.export.setToolTip(why)
        if self._exported is None:
            sentence = self.tr("{why}, on the page Agreement.").format(why=f"{why[:1].upper()}{why[1:]}")
            self.outcome.setText(sentence if why else self._nothing_yet())

    def _choose(self) -> None:
        title = self.tr("Choose a folder for the export")
        chosen = QFileDialog.getExistingDirectory(self, title, self.folder.text())
        if chosen:
            self.folder.setText(chosen)

    def _export(self) -> None:
        words = self.folder.text().strip()
        if not self.export.isEnabled():
            return
        if not words:
            self.outcome.setText(self.tr("Choose a folder first."))
            return
        out = Path(words).expanduser()
        export = operations.export_study(parent=self, view=self._view, out=out)
        export.on_success(lambda written: self._show(out, written))
        export.disabling(self.export, self.folder, self.choose).run()

    def _show(self, out: Path, written: list[Path]) -> None:
        """The report first, then every file with its size."""
        self._exported = out
        self.files.show()
        self.files.clear()
        for path in sorted(written, key=lambda path: (path.name != REPORT, path)):
            name = (path.relative_to(out) if path.is_relative_to(out) else path).as_posix()
            entry = QListWidgetItem(f"{name}     {_size(path)}")
            entry.setData(Qt.ItemDataRole.UserRole, name)
            self.files.addItem(entry)
        self.outcome.setText(self.tr("{n} files in {folder}").format(n=len(written), folder=out))
        theme.set_role(self.outcome, "good")
        self.show_folder.setEnabled(True)
        self.show_report.setEnabled((out / REPORT).is_file())
        self.show_report.setFocus()

    def _open(self, name: str) -> None:
        """A file of the export, or its folder, with whatever this computer opens it with."""
        if self._exported is not None:
            QDesktopServices.openUrl(QUrl.fromLocalFile(str(self._exported / name)))

    def _arrange(self) -> None:
        card = QFrame()
        theme.set_role(card, "card")
        inner = QVBoxLayout(card)
        inner.setContentsMargins(22, 18, 22, 18)
        inner.setSpacing(12)
        for words in self._what():
            inner.addWidget(labelled(words))
        row = QHBoxLayout()
        row.addWidget(self.folder, 1)
        row.addWidget(self.choose)
        row.addWidget(self.export)
        inner.addLayout(row)
        result = QHBoxLayout()
        result.addWidget(self.outcome, 1)
        result.addWidget(self.show_report)
        result.addWidget(self.show_folder)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(28, 22, 28, 8)
        layout.setSpacing(14)
        title = self.tr("Tables, figures, a report and raw files, ready for a manuscript.")
        layout.addLayout(heading(self.tr("Export"), title))
        layout.addWidget(card)
        layout.addLayout(result)
        layout.addWidget(self.files, 100)
        layout.addStretch(1)  # takes the room while nothing was exported
        self.files.hide()

    def _what(self) -> tuple[str, str]:
        return (
            self.tr(
                "A PDF report to attach to a manuscript; agreement and prevalence tables (CSV, LaTeX, HTML), Tables 1 "
                "and 2, concordance and forest plots (SVG, PNG); raw readings long and wide with a codebook, times, "
                "and the journal."
            ),
            self.tr(
                "The raw files hold case and patient identifiers of the cohort: treat the folder as you treat the "
                "cohort. The report names cases and patients only where the protocol's own filter does."
            ),
        )


def _size(path: Path) -> str:
    n = path.stat().st_size
    if n < 10_000:
        return QCoreApplication.translate("ExportPage", "{n} bytes").format(n=f"{n:,}")
    return f"{n / 1000:,.0f} kB" if n < 10_000_000 else f"{n / 1e6:,.1f} MB"
