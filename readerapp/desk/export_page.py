"""Export: one folder, one click, and what was written."""

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, QUrl
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QFileDialog, QFrame, QHBoxLayout, QLineEdit, QListWidget, QVBoxLayout, QWidget

from readerapp import operations, theme
from readerapp.page import button, heading, labelled

if TYPE_CHECKING:
    from studies.reading.study import CoordinatorView

_WHAT = (
    "Agreement and prevalence tables (CSV, LaTeX, HTML), Tables 1 and 2, concordance and forest plots (SVG, PNG), "
    "raw readings long and wide with a codebook, times, and the journal. "
    "The raw files hold case and patient identifiers of the cohort: treat the folder as you treat the cohort."
)


_NOTHING_YET = "Nothing exported yet in this sitting."


class ExportPage(QWidget):
    """Everything `studies export` writes. A stopped export leaves the study as it was."""

    def __init__(self, view: "CoordinatorView", root: Path, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._view = view
        self.folder = QLineEdit(str(root / "exports"))
        self.folder.setObjectName("export_folder")
        self.folder.setAccessibleName("Folder to export to")
        self.choose = button("Choose …", "", "export_choose")
        self.export = button("Export everything", "primary", "export")
        self.show_folder = button("Open the folder", "", "open_folder")
        self.files = QListWidget()
        self.files.setObjectName("exported_files")
        self.files.setAccessibleName(self.tr("Exported files"))
        self.outcome = labelled(_NOTHING_YET, "muted")
        self.outcome.setObjectName("export_outcome")
        self._exported = False
        self._arrange()
        self.choose.clicked.connect(self._choose)
        self.export.clicked.connect(self._export)
        self.show_folder.clicked.connect(self._open)
        self.show_folder.setEnabled(False)

    def refresh(self) -> None:
        """Whether there is anything to export yet; what this sitting exported stays."""
        operations.read_lock(parent=self, view=self._view).on_success(self._show_lock).run()

    def _show_lock(self, why: str) -> None:
        self.export.setEnabled(not why)
        self.export.setToolTip(why)
        if not self._exported:
            sentence = f"{why[0].upper()}{why[1:]}, on the page Agreement." if why else _NOTHING_YET
            self.outcome.setText(sentence)

    def _choose(self) -> None:
        chosen = QFileDialog.getExistingDirectory(self, "Choose a folder for the export", self.folder.text())
        if chosen:
            self.folder.setText(chosen)

    def _export(self) -> None:
        out = Path(self.folder.text().strip()).expanduser()
        if not self.folder.text().strip():
            self.outcome.setText("Choose a folder first.")
            return
        export = operations.export_study(parent=self, view=self._view, out=out)
        export.on_success(lambda written: self._show(out, written)).disabling(
            self.export, self.folder, self.choose
        ).run()

    def _show(self, out: Path, written: list[Path]) -> None:
        self._exported = True
        self.files.clear()
        for path in sorted(written):
            name = path.relative_to(out) if path.is_relative_to(out) else path
            self.files.addItem(f"{name.as_posix()}     {_size(path)}")
        self.outcome.setText(f"{len(written)} files in {out}")
        theme.set_role(self.outcome, "good")
        self.show_folder.setEnabled(True)

    def _open(self) -> None:
        QDesktopServices.openUrl(QUrl.fromLocalFile(self.folder.text().strip()))

    def _arrange(self) -> None:
        card = QFrame()
        theme.set_role(card, "card")
        inner = QVBoxLayout(card)
        inner.setContentsMargins(22, 18, 22, 18)
        inner.setSpacing(12)
        inner.addWidget(labelled(_WHAT))
        row = QHBoxLayout()
        row.addWidget(self.folder, 1)
        row.addWidget(self.choose)
        row.addWidget(self.export)
        inner.addLayout(row)
        result = QHBoxLayout()
        result.addWidget(self.outcome, 1)
        result.addWidget(self.show_folder, 0, Qt.AlignmentFlag.AlignRight)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(28, 22, 28, 8)
        layout.setSpacing(14)
        layout.addLayout(heading("Export", "Tables, figures and raw files, ready for a manuscript."))
        layout.addWidget(card)
        layout.addLayout(result)
        layout.addWidget(self.files, 1)


def _size(path: Path) -> str:
    n = path.stat().st_size
    return f"{n:,} bytes" if n < 10_000 else f"{n / 1000:,.0f} kB" if n < 10_000_000 else f"{n / 1e6:,.1f} MB"
