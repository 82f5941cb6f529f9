"""Disputes: the cases on which readers differ, one after the other, with the marks of readers A, B, C on the image."""

from collections.abc import Callable, Mapping, Sequence
from itertools import combinations
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtGui import QCloseEvent, QKeySequence, QShortcut
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QSplitter, QStackedWidget, QVBoxLayout, QWidget

from readerapp import operations
from readerapp.desk.choices import Choices
from readerapp.desk.columns import MISSING, Column, Row, words
from readerapp.desk.locked import LockedNotice
from readerapp.desk.tables import RowsTable
from readerapp.desk.voice_marks import VoiceOverlay
from readerapp.desk.voices_panel import VoicesPanel, says_symbol
from readerapp.fields import no_wider
from readerapp.page import button, heading, labelled
from readerapp.reading.loading import CaseLoader, LoadedCase
from readerapp.results import item_name
from readerapp.theme import ANSWER_MARKS
from readerapp.viewer.hands import Hands
from readerapp.viewer.stage import Stage
from readerapp.wording import answer_word

if TYPE_CHECKING:
    from engine.images.image import Image
    from studies.protocol import PresentationCode
    from studies.reading.disputes import Dispute, Verdict
    from studies.reading.study import CoordinatorView
    from studies.statistics.disputes import Topic

_AHEAD = 2  # cases whose images are made ready while one is looked at
Verdicts = Mapping[tuple[str, str, str], "Verdict"]


class DisputesPage(QWidget):
    """Locked as agreement is. Which cases were opened, and who asked for names, stands in the desk's chain."""

    def __init__(self, view: "CoordinatorView", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._view = view
        self._items = {str(item.id): item for item in view.protocol.items}
        readers = sorted(str(reader.id) for reader in view.protocol.readers)
        self._pairs: list[tuple[str, ...]] = [(), *combinations(readers, 2)]  # (): any two
        self._topic: Topic | None = None
        self._asked: Topic | None = None
        self._disputes: tuple[Dispute, ...] = ()
        self._verdicts: Verdicts = {}
        self._hashes: dict[str, tuple[str, ...]] = {}
        self._current: Dispute | None = None
        self.locked = LockedNotice(view, self.tr("Disputes are locked"))
        self.item, self.readers = QComboBox(), QComboBox()
        self.choices = Choices()
        self.open_button = button(self.tr("Open disputed cases"), "", "open_disputes")
        self.outcome = labelled("", "muted")
        told = {value: answer_word(value) or self.tr("unanswered") for value in ANSWER_MARKS}
        marks = [f"{look.symbol}\u00a0{told[value].replace(' ', chr(0xA0))}" for value, look in ANSWER_MARKS.items()]
        self.signs = labelled("   ".join((*marks[1:], marks[0])), "small")
        self.table = RowsTable((), "disputes_table", self.tr("Disputed cases"))
        self.stage = Stage(Hands())
        self.overlay = VoiceOverlay(self.stage)
        self.panel = VoicesPanel(self._items)
        self.previous = button(self.tr("‹ Previous  Ctrl+↑"), "quiet", "previous_dispute")
        self.next = button(self.tr("Next  Ctrl+↓ ›"), "quiet", "next_dispute")
        self._loader = CaseLoader(self._load, self)
        self._state = QStackedWidget()
        self._offer()
        self._arrange()
        self._connect()

    def refresh(self) -> None:
        """Look whether the answers are locked; then open what was asked for."""
        look = operations.read_lock(parent=self, view=self._view)
        look.on_success(self._show_lock).disabling(self.open_button).run()

    def ask(self, topic: "Topic") -> None:
        """The cases of a topic, when the page is shown."""
        self._asked = topic

    def closeEvent(self, event: QCloseEvent) -> None:
        self._loader.stop()
        super().closeEvent(event)

    # What is asked

    def _show_lock(self, why: str) -> None:
        self.locked.show_state(why[:1].upper() + why[1:])
        self._state.setCurrentIndex(0 if why else 1)
        if not why and self._asked is not None:
            self._choose(self._asked)
            self._asked = None
            self._open()

    def _choose(self, topic: "Topic") -> None:
        """The boxes as a topic has them."""
        name = f"{topic.item} = {topic.category}" if topic.category else topic.item
        if self.item.findData(name) < 0:
            names = {item: entry.text for item, entry in self._items.items()}
            self.item.addItem(item_name(topic.item, topic.category, names), name)
        self.item.setCurrentIndex(self.item.findData(name))
        pair = tuple(sorted(topic.readers))
        self.readers.setCurrentIndex(self._pairs.index(pair) if pair in self._pairs else 0)
        for field, box in self.choices.boxes.items():
            box.setCurrentIndex(max(0, box.findData(getattr(topic, field))))

    def _open(self) -> None:
        from studies.statistics.disputes import Topic

        stratum, arm, uncertain_as = self.choices.chosen
        item, pair = str(self.item.currentData()), self._pairs[self.readers.currentIndex()]
        self._topic = Topic(item, "", stratum, arm, uncertain_as, pair)
        find = operations.open_disputes(parent=self, view=self._view, topic=self._topic)
        find.on_success(self._show).disabling(self.open_button).run()

    def _offer(self) -> None:
        """Items, readers and slices to choose from, as the protocol has them."""
        names = {item: entry.text for item, entry in self._items.items()}
        for entry in self._items.values():
            lines = [f"{entry.id} = {option}" for option in entry.options] if entry.kind == "multi" else [str(entry.id)]
            for line in lines if entry.kind != "text" else ():
                self.item.addItem(item_name(line, "", names), line)
        self.readers.addItem(self.tr("any two readers"))
        for a, b in self._pairs[1:]:
            self.readers.addItem(self.tr("{a} and {b}").format(a=a, b=b))
        strata = [stratum.name for stratum in self._view.protocol.selection.strata]
        arms = [arm.name for arm in self._view.protocol.arms]
        self.choices.offer(
            {
                "stratum": ("all", *strata),
                "arm": ("all", *arms) if len(arms) > 1 else ("all",),
                "uncertain_as": ("left out", "present", "absent"),
            }
        )

    # What is shown

    def _show(self, found: operations.DisputedCases) -> None:
        self._disputes, self._verdicts = found.disputes, found.verdicts
        self._hashes = {dispute.case_id: dispute.images for dispute in found.disputes}
        self._current = None
        self._fill_table(choose_first=True)
        self._tell_outcome()
        self.table.setFocus()
        if not self._disputes:
            self._show_nothing()

    def _fill_table(self, choose_first: bool = False) -> None:
        letters = max((dispute.voices for dispute in self._disputes), key=len, default=())
        rows = [self._row(dispute) for dispute in self._disputes if self.choices.filter.meets(dispute.case_id)]
        columns = [words(self.tr("Case"), "case_id")]
        if len({dispute.arm for dispute in self._disputes}) > 1:
            columns.append(words(self.tr("Arm"), "arm"))
        columns += [_letter_column(voice.letter) for voice in letters]
        columns.append(words(self.tr("Adjudicated"), "verdict"))
        place = next((n for n, row in enumerate(rows) if row["dispute"] is self._current), -1)
        self.table.show_rows(rows, columns, choose_first=choose_first)
        if place >= 0:
            self.table.choose(self.table.rows_model.rows.index(rows[place]))

    def _row(self, dispute: "Dispute") -> Row:
        verdict = self._verdict(dispute)
        told = answer_word(verdict.value) if verdict else ""
        return {"case_id": dispute.case_id, "arm": dispute.arm, "verdict": told, "dispute": dispute}

    def _verdict(self, dispute: "Dispute") -> "Verdict | None":
        item = self._base_item
        return self._verdicts.get((dispute.case_id, dispute.arm, item)) if item else None

    @property
    def _base_item(self) -> str:
        """The item a verdict is about; "" for composites, which follow from their items."""
        item = self._topic.item if self._topic else ""
        return item if item in self._items else ""

    def _tell_outcome(self) -> None:
        n = len(self._disputes)
        self.signs.setVisible(bool(n))
        self.outcome.setText(
            self.tr("They agree in every case that two of them answered.")
            if not n
            else self.tr("1 disputed case")
            if n == 1
            else self.tr("{n} disputed cases").format(n=f"{n:,}")
        )

    def _show_nothing(self) -> None:
        self.panel.show_dispute(None, None, None)
        self.overlay.show_voices(())
        self.stage.show_message(self.tr("No disputed case"))

    def _show_row(self, row: Row) -> None:
        dispute: Dispute = row["dispute"]
        if dispute is self._current:
            return
        self._current = dispute
        self.panel.show_dispute(dispute, self._items.get(self._base_item), self._verdict(dispute))
        ready = self._loader.case(dispute.case_id)
        self.overlay.show_voices(())
        if ready is None:
            self.stage.show_message(self.tr("loading …"))
        self._loader.want(self._wanted())
        if ready is not None:
            self._show_images(ready)

    def _wanted(self) -> "list[PresentationCode]":
        """The case at hand and those after it. The loader calls what it loads by a name; here it is the case's."""
        rows = self.table.rows_model.rows
        here = self.table.currentIndex().row()
        names = [row["case_id"] for row in rows[here : here + 1 + _AHEAD]]
        return list(dict.fromkeys(names))

    def _load(self, name: "PresentationCode", progress: Callable[[float], None]) -> "Sequence[Image]":
        return self._view.load_images(self._hashes[name], progress)

    def _show_images(self, loaded: LoadedCase) -> None:
        if self._current is None or loaded.code != self._current.case_id:
            return
        if loaded.error is not None:
            self.stage.show_message(str(loaded.error))
            return
        self.stage.show_case(loaded.images, [image.opening for image in loaded.images])
        self.overlay.show_images([image.image for image in loaded.images])
        self._go_to_first_mark()
        self._draw_marks()

    def _go_to_first_mark(self) -> None:
        marks = [mark for voice in self._current.voices for mark in voice.marks] if self._current else []
        if marks:
            self.stage.show_slice(marks[0].image, marks[0].frame)

    def _draw_marks(self) -> None:
        self.overlay.show_voices(self.panel.marks)

    def _step(self, by: int) -> None:
        here = self.table.currentIndex().row() + by
        if 0 <= here < self.table.rows_model.rowCount():
            self.table.choose(here)

    # What is recorded

    def _name(self) -> None:
        if self._current is None:
            return
        asked = self._current
        ask = operations.name_readers(parent=self, view=self._view, case_id=asked.case_id)
        ask.on_success(lambda names: self.panel.show_names(names) if asked is self._current else None)
        ask.disabling(self.panel.names).run()

    def _adjudicate(self, value: str, reason: str) -> None:
        from studies.reading.disputes import Verdict

        if self._current is None or not self._base_item:
            return
        verdict = Verdict(self._current.case_id, self._current.arm, self._base_item, value, reason)
        record = operations.adjudicate(parent=self, view=self._view, verdict=verdict)
        record.on_success(self._show_verdicts).disabling(self.panel.record).run()

    def _show_verdicts(self, verdicts: Verdicts) -> None:
        self._verdicts = verdicts
        if self._current is not None:
            self.panel.show_verdict(self._verdict(self._current))
        self._fill_table()

    # How it stands

    def _connect(self) -> None:
        self.locked.unlocked.connect(self.refresh)
        self.open_button.clicked.connect(self._open)
        self.choices.filter.filtered.connect(self._fill_table)
        self.choices.filter.look_after(self)
        self.table.row_chosen.connect(self._show_row)
        self.panel.switched.connect(self._draw_marks)
        self.panel.names_asked.connect(self._name)
        self.panel.verdict_given.connect(self._adjudicate)
        self._loader.loaded.connect(self._show_images)
        self.next.clicked.connect(lambda: self._step(1))
        self.previous.clicked.connect(lambda: self._step(-1))
        for key, act in self._keys().items():
            shortcut = QShortcut(QKeySequence(key), self)
            shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
            shortcut.activated.connect(act)

    def _keys(self) -> dict[str, Callable[[], object]]:
        """What keys do wherever on the page the focus is; a field that is typed into keeps its own."""
        stage = self.stage
        return {
            "Ctrl+Down": lambda: self._step(1),
            "Ctrl+Up": lambda: self._step(-1),
            "Ctrl+Right": lambda: stage.show_image(stage.active + 1),
            "Ctrl+Left": lambda: stage.show_image(stage.active - 1),
            "PgDown": lambda: stage.canvas.set_frame(stage.canvas.view.frame + 1),
            "PgUp": lambda: stage.canvas.set_frame(stage.canvas.view.frame - 1),
            "I": lambda: stage.canvas.invert(),
            "F": lambda: stage.canvas.fit(),
            "+": lambda: stage.canvas.zoom_by(1),
            "-": lambda: stage.canvas.zoom_by(-1),
        }

    def _arrange(self) -> None:
        self.item.setObjectName("dispute_item")
        self.item.setAccessibleName(self.tr("Item"))
        self.readers.setObjectName("dispute_readers")
        self.readers.setAccessibleName(self.tr("Between whom"))
        no_wider(self.item, self.readers, characters=14)
        top = QHBoxLayout()
        top.addWidget(self.item, 2)
        top.addWidget(self.readers, 1)
        top.addWidget(self.open_button)
        open_page = QWidget()
        column = QVBoxLayout(open_page)
        column.setContentsMargins(0, 0, 0, 0)
        column.addLayout(top)
        column.addWidget(self.choices)
        column.addWidget(self._split(), 1)
        self._state.addWidget(self.locked)
        self._state.addWidget(open_page)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(28, 22, 28, 8)
        layout.setSpacing(12)
        explanation = self.tr("Cases on which readers differ, without their names. That they were opened is recorded.")
        layout.addLayout(heading(self.tr("Disputes"), explanation))
        layout.addWidget(self._state, 1)
        self.stage.show_message(self.tr("Choose an item and open its disputed cases."))
        self.panel.show_dispute(None, None, None)

    def _split(self) -> QSplitter:
        left = QWidget()
        column = QVBoxLayout(left)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.outcome)
        column.addWidget(self.table, 1)
        column.addWidget(self.signs)
        steps = QHBoxLayout()
        steps.addWidget(self.previous)
        steps.addStretch(1)
        steps.addWidget(self.next)
        column.addLayout(steps)
        split = QSplitter(Qt.Orientation.Horizontal)
        split.setChildrenCollapsible(False)
        for widget, stretch in ((left, 0), (self.stage, 1), (self.panel, 0)):
            split.addWidget(widget)
            split.setStretchFactor(split.count() - 1, stretch)
        split.setSizes([430, 380, 280])
        return split


def _letter_column(letter: str) -> Column:
    def said(row: Row) -> str:
        voice = row["dispute"].voice(letter)
        return MISSING if voice is None else says_symbol(voice)

    return Column(letter, said, said, numeric=False)
