"""Readers and packs: who reads, how far they are, their study in a file, and their readings back."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QComboBox,
    QFileDialog,
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QListWidget,
    QVBoxLayout,
    QWidget,
)

from readerapp import operations, theme
from readerapp.page import button, heading, labelled

if TYPE_CHECKING:
    from studies.reading.packing import Merged, MergeReport
    from studies.reading.study import CoordinatorView


class ReadersPage(QWidget):
    """Packs out and in."""

    merged = Signal()

    def __init__(
        self,
        view: "CoordinatorView",
        root: Path,
        passphrase: str,
        readers: Sequence[str],
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._view = view
        self._root = root
        self._passphrase = passphrase
        self.reader = QComboBox()
        self.reader.setObjectName("pack_reader")
        self.reader.setAccessibleName(self.tr("Reader to pack for"))
        for reader in readers:
            self.reader.addItem(reader, reader)
        self.pack_button = button(self.tr("Write a pack …"), "", "pack")
        self.merge_button = button(self.tr("Merge packs …"), "", "merge")
        self.log = QListWidget()
        self.log.setObjectName("packs_log")
        self.log.setAccessibleName(self.tr("What was packed and merged in this sitting"))
        self.log.setWordWrap(True)
        self._nothing = labelled(self.tr("Nothing packed or merged yet."), "muted")
        self.pack_button.clicked.connect(self._choose_pack)
        self.merge_button.clicked.connect(self._choose_packs)
        self._arrange()

    def refresh(self) -> None:
        """Nothing to read again: the page shows what this sitting packed and merged."""

    def pack(self, out: Path) -> None:
        """Write the chosen reader's pack to a file."""
        reader = str(self.reader.currentData())
        write = operations.pack_reader(
            parent=self, root=self._root, reader_id=reader, out=out, passphrase=self._passphrase
        )
        write.on_success(lambda file: self._say(f"{reader}: {file}")).disabling(self.pack_button).run()

    def merge(self, files: Sequence[Path]) -> None:
        """Bring readings back from packs."""
        merge = operations.merge_packs(parent=self, root=self._root, files=files, passphrase=self._passphrase)
        merge.on_success(self._show_report).disabling(self.merge_button).run()

    def _choose_pack(self) -> None:
        reader = str(self.reader.currentData())
        title, kinds = self.tr("Pack for {reader}").format(reader=reader), self.tr("Packs (*.pack)")
        name = QFileDialog.getSaveFileName(self, title, f"{reader}.pack", kinds)[0]
        if name:
            self.pack(Path(name))

    def _choose_packs(self) -> None:
        kinds = self.tr("Packs (*.pack);;All files (*)")
        names = QFileDialog.getOpenFileNames(self, self.tr("Packs to merge"), "", kinds)[0]
        if names:
            self.merge([Path(name) for name in names])

    def _show_report(self, report: "MergeReport") -> None:
        for entry in report.merged:
            self._say(self._told(entry))
        self.merged.emit()

    def _told(self, entry: "Merged") -> str:
        new = self.tr("{n} new events").format(n=entry.new_events) if entry.new_events else self.tr("nothing new")
        words = self.tr("{name}: reader {reader}, {new}; {finished} of {count} cases finished")
        return words.format(
            name=entry.name, reader=entry.reader_id, new=new, finished=entry.finished, count=entry.count
        )

    def _say(self, line: str) -> None:
        self._nothing.hide()
        self.log.show()
        self.log.addItem(line)
        self.log.scrollToBottom()

    def _arrange(self) -> None:
        cards = QGridLayout()
        cards.setSpacing(16)
        out, back = QHBoxLayout(), QHBoxLayout()
        out.addWidget(self.reader)
        out.addWidget(self.pack_button)
        out.addStretch(1)
        back.addWidget(self.merge_button)
        back.addStretch(1)
        pack = self.tr(
            "A pack holds what one reader needs on another workstation: the images, the reader's own order and codes. "
            "Strata, the other readers and their answers stay here."
        )
        merge = self.tr(
            "Bring packs back with what was read. Readings of another seal are refused, and nothing is ever read in "
            "twice."
        )
        cards.addWidget(_card(self.tr("A pack for a reader"), pack, out), 0, 0)
        cards.addWidget(_card(self.tr("Readings back"), merge, back), 0, 1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(28, 22, 28, 8)
        layout.setSpacing(14)
        layout.addLayout(heading(self.tr("Packs"), self.tr("For readers who work on another computer.")))
        layout.addLayout(cards)
        layout.addWidget(labelled(self.tr("In this sitting"), "group"))
        layout.addWidget(self._nothing)
        layout.addWidget(self.log, 100)
        layout.addStretch(1)  # takes the room while the log is empty
        self.log.hide()


def _card(title: str, text: str, row: QHBoxLayout) -> QFrame:
    card = QFrame()
    theme.set_role(card, "card")
    column = QVBoxLayout(card)
    column.setContentsMargins(22, 18, 22, 18)
    column.setSpacing(10)
    column.addWidget(labelled(title, "heading"))
    column.addWidget(labelled(text, "muted"), 0, Qt.AlignmentFlag.AlignTop)
    column.addStretch(1)
    column.addLayout(row)
    return card
