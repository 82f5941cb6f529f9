"""What readers said of a disputed case, under letters: their marks on and off, their names on request, the verdict."""

from collections.abc import Mapping
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, QSize, Qt, Signal
from PySide6.QtGui import QColor, QIcon, QPainter, QPixmap
from PySide6.QtWidgets import QCheckBox, QComboBox, QFrame, QLineEdit, QVBoxLayout, QWidget

from readerapp import theme
from readerapp.desk.curves import line_pen
from readerapp.desk.voice_marks import VoiceMarks
from readerapp.page import button, labelled
from readerapp.wording import answer_word

if TYPE_CHECKING:
    from studies.protocol import Item
    from studies.reading.disputes import Dispute, Verdict, Voice
    from studies.reading.mask_overlap import MaskOverlap

translate = QCoreApplication.translate

_SHORTEST_REASON = 10
_MOST_OVERLAPS = 12
_SAMPLE = QSize(34, 14)


class VoicesPanel(QFrame):
    """Voices of one case. It never knows a reader's name before it is asked for."""

    switched = Signal()
    names_asked = Signal()
    verdict_given = Signal(str, str)  # value, reason

    def __init__(self, items: "Mapping[str, Item]", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._items = items
        self._dispute: Dispute | None = None
        self.boxes: dict[str, QCheckBox] = {}
        self._voices = QVBoxLayout()
        self.title = labelled("", "heading")
        self.names = button(self.tr("Name the readers (recorded)"), "quiet", "name_readers")
        self._dealt = labelled(self.tr("Letters are dealt anew for each case."), "small")
        self.overlaps = labelled("", "small")
        self.legend = labelled("", "muted")
        self.given = labelled("", "good")
        self._form = QWidget()
        self.value = QComboBox()
        self.reason = QLineEdit()
        self.problem = labelled("", "error")
        self.record = button(self.tr("Record the verdict"), "", "record_verdict")
        self._arrange()
        self.names.clicked.connect(self.names_asked)
        self.record.clicked.connect(self._give)
        self.reason.returnPressed.connect(self._give)

    def show_dispute(self, dispute: "Dispute | None", item: "Item | None", verdict: "Verdict | None") -> None:
        """A case; `item` is the one a verdict can be given for, None where the line stands for several."""
        self._dispute = dispute
        self.legend.clear()
        self.problem.clear()
        self.reason.clear()
        for part in (self.names, self._dealt):
            part.setVisible(dispute is not None)
        self.title.setText(self.tr("Case {case}").format(case=dispute.case_id) if dispute else "")
        self._show_voices()
        self.overlaps.setText("\n".join(self._overlap_lines()))
        self.overlaps.setVisible(bool(self.overlaps.text()))
        self._offer(item)
        self.show_verdict(verdict)

    def show_names(self, names: Mapping[str, str]) -> None:
        """The legend, once it was asked for."""
        told = self.tr("{letter} is {reader}")
        letters = [voice.letter for voice in self._dispute.voices] if self._dispute else []
        lines = [told.format(letter=letter, reader=names[letter]) for letter in letters if letter in names]
        self.legend.setText("\n".join(lines))

    def show_verdict(self, verdict: "Verdict | None") -> None:
        """What was adjudicated so far."""
        if verdict is None:
            self.given.clear()
            return
        text = self.tr("Adjudicated: {value}. {reason}")
        self.given.setText(text.format(value=answer_word(verdict.value), reason=verdict.reason))
        self.value.setCurrentIndex(self.value.findData(verdict.value))

    @property
    def marks(self) -> list[VoiceMarks]:
        """The voices whose marks are switched on."""
        voices = self._dispute.voices if self._dispute else ()
        return [
            VoiceMarks(voice.letter, number, voice.marks)
            for number, voice in enumerate(voices)
            if self.boxes[voice.letter].isChecked()
        ]

    def _show_voices(self) -> None:
        while (entry := self._voices.takeAt(0)) is not None:
            if widget := entry.widget():
                widget.hide()  # it goes with the next round of events only
                widget.deleteLater()
        self.boxes = {}
        for number, voice in enumerate(self._dispute.voices if self._dispute else ()):
            box = QCheckBox(_voice_text(voice))
            box.setObjectName(f"voice_{voice.letter}")
            box.setIcon(_sample(number))
            box.setIconSize(_SAMPLE)
            box.setChecked(True)
            box.setToolTip(self.tr("marks of {letter} on or off").format(letter=voice.letter))
            box.toggled.connect(self.switched)
            self.boxes[voice.letter] = box
            self._voices.addWidget(box)
            if len(voice.answers) > 1:
                self._voices.addWidget(labelled(self._each(voice), "small"))

    def _each(self, voice: "Voice") -> str:
        """The answers behind a composite."""
        said = [(self._items[item].text, given_word(value)) for item, value in voice.answers.items()]
        return "\n".join(f"      {text}: {word}" for text, word in said)

    def _overlap_lines(self) -> list[str]:
        """How far painted regions agree, a line a pair and place; where there are many, the first of them."""
        found = self._dispute.overlaps if self._dispute else ()
        several = len({(o.item_id, o.image, o.frame) for o in found}) > 1
        lines = [self._overlap_line(overlap, several) for overlap in found[:_MOST_OVERLAPS]]
        if len(found) > _MOST_OVERLAPS:
            lines.append(self.tr("and {n} more: mask_overlap.csv has all").format(n=len(found) - _MOST_OVERLAPS))
        return [self.tr("Overlap of painted regions (Dice):"), *lines] if lines else []

    def _overlap_line(self, overlap: "MaskOverlap", several: bool) -> str:
        text = self.tr("{a} and {b}: {dice}").format(a=overlap.a, b=overlap.b, dice=f"{overlap.dice:.2f}")
        if not several:
            return text
        place = self.tr("image {image}, slice {slice}").format(image=overlap.image + 1, slice=overlap.frame + 1)
        return f"{text}   {self._items[overlap.item_id].text}, {place}"

    def _offer(self, item: "Item | None") -> None:
        values = item.values if item and item.kind != "multi" else ()
        self._form.setVisible(bool(values))
        self.value.clear()
        for value in values:
            self.value.addItem(answer_word(value), value)
        self.value.setCurrentIndex(-1)  # nothing is filled in before the team has decided

    def _give(self) -> None:
        reason = self.reason.text().strip()
        if self.value.currentIndex() < 0:
            self.problem.setText(self.tr("Choose the answer that was agreed on."))
            self.value.setFocus()
            return
        if len(reason) < _SHORTEST_REASON:
            self.problem.setText(
                self.tr("Write at least {n} characters on why: it stands beside the verdict.").format(
                    n=_SHORTEST_REASON
                )
            )
            return
        self.problem.clear()
        self.verdict_given.emit(str(self.value.currentData()), reason)

    def _arrange(self) -> None:
        theme.set_role(self, "card")
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 14, 16, 14)
        column.setSpacing(8)
        column.addWidget(self.title)
        column.addWidget(self._dealt)
        self._voices.setSpacing(6)
        column.addLayout(self._voices)
        column.addWidget(self.overlaps)
        column.addWidget(self.names, 0, Qt.AlignmentFlag.AlignLeft)
        column.addWidget(self.legend)
        column.addSpacing(6)
        self._arrange_form()
        column.addWidget(self._form)
        column.addWidget(self.given)
        column.addStretch(1)

    def _arrange_form(self) -> None:
        self.value.setObjectName("verdict_value")
        self.value.setAccessibleName(self.tr("Adjudicated answer"))
        self.value.setPlaceholderText(self.tr("answer, as agreed"))
        self.reason.setObjectName("verdict_reason")
        self.reason.setAccessibleName(self.tr("Reason of the verdict"))
        self.reason.setPlaceholderText(self.tr("reason, as agreed"))
        form = QVBoxLayout(self._form)
        form.setContentsMargins(0, 0, 0, 0)
        form.addWidget(labelled(self.tr("ADJUDICATION"), "group"))
        note = self.tr("Goes into the journal and is exported; no reading is changed.")
        for widget in (labelled(note, "small"), self.value, self.reason, self.problem):
            form.addWidget(widget)
        form.addWidget(self.record, 0, Qt.AlignmentFlag.AlignLeft)


def given_word(value: str) -> str:
    """An answer in words; what a multi item has chosen stays as the protocol has it."""
    return answer_word(value) if value else translate("DisputesPage", "unanswered")


def says_text(voice: "Voice") -> str:
    """What a voice says: the answer itself, or of several items the composite."""
    if len(voice.answers) == 1:
        return given_word(next(iter(voice.answers.values())))
    return answer_word(voice.says) if voice.says else translate("DisputesPage", "neither")


def says_symbol(voice: "Voice") -> str:
    """The symbol of an answer; an option of the protocol stays a word."""
    value = next(iter(voice.answers.values())) if len(voice.answers) == 1 else voice.says
    return theme.ANSWER_MARKS[value].symbol if value in theme.ANSWER_MARKS else value


def _voice_text(voice: "Voice") -> str:
    mark = theme.answer_look(next(iter(voice.answers.values())) if len(voice.answers) == 1 else voice.says).symbol
    said = f"{voice.letter}   {mark} {says_text(voice)}"
    if not voice.marks:
        return said
    if len(voice.marks) == 1:
        return said + translate("DisputesPage", "   (1 mark)")
    return said + translate("DisputesPage", "   ({n} marks)").format(n=len(voice.marks))


def _sample(number: int) -> QIcon:
    """The line that a voice's marks are drawn with."""
    picture = QPixmap(_SAMPLE * 2)
    picture.setDevicePixelRatio(2)
    picture.fill(QColor(0, 0, 0, 0))
    painter = QPainter(picture)
    painter.setPen(line_pen(number, 2.4))
    painter.drawLine(1, _SAMPLE.height() // 2, _SAMPLE.width() - 1, _SAMPLE.height() // 2)
    painter.end()
    return QIcon(picture)
