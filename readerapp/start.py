"""The start page: recent studies, and the way in as a reader or as the coordinator."""

from pathlib import Path

from PySide6.QtCore import (
    QAbstractListModel,
    QCoreApplication,
    QEvent,
    QModelIndex,
    QPersistentModelIndex,
    QRect,
    QSize,
    Qt,
    Signal,
)
from PySide6.QtGui import QColor, QPainter, QPen
from PySide6.QtWidgets import (
    QComboBox,
    QFileDialog,
    QFrame,
    QHBoxLayout,
    QLineEdit,
    QListView,
    QStackedWidget,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QVBoxLayout,
    QWidget,
)

from readerapp import operations, theme, trouble
from readerapp.demo_study import demo_passphrases, unaided_only
from readerapp.operations import COORDINATOR, StudyCard
from readerapp.page import button, labelled, research_only
from readerapp.recent import Memory
from readerapp.sentences import told
from readerapp.wording import QT_TRANSLATE_NOOP

_STATES = {
    "draft": QT_TRANSLATE_NOOP("StudyState", "draft, not sealed yet"),
    "sealed": QT_TRANSLATE_NOOP("StudyState", "sealed, open for reading"),
    "pack": QT_TRANSLATE_NOOP("StudyState", "one reader's pack, open for reading"),
    "missing": QT_TRANSLATE_NOOP("StudyState", "not found: moved or deleted?"),
}


def _state_words(state: str) -> str:
    return QCoreApplication.translate("StudyState", _STATES[state])


_TOP = QModelIndex()


class RecentModel(QAbstractListModel):
    """The recent studies, the latest first."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._cards: list[StudyCard] = []

    def show(self, cards: list[StudyCard]) -> None:
        self.beginResetModel()
        self._cards = list(cards)
        self.endResetModel()

    def card(self, index: QModelIndex | QPersistentModelIndex) -> StudyCard | None:
        return self._cards[index.row()] if index.isValid() and index.row() < len(self._cards) else None

    def rowCount(self, parent: QModelIndex | QPersistentModelIndex = _TOP) -> int:
        return 0 if parent.isValid() else len(self._cards)

    def data(self, index: QModelIndex | QPersistentModelIndex, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        card = self.card(index)
        if card is None:
            return None
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
            return f"{card.title}, {_state_words(card.state)}"
        return card if role == Qt.ItemDataRole.UserRole else None


class CardDelegate(QStyledItemDelegate):
    """Draws a study in three lines: title, state, folder."""

    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> QSize:
        return QSize(200, round(option.fontMetrics.height() * 4.6))

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        card: StudyCard = index.data(Qt.ItemDataRole.UserRole)
        painter.save()
        rect: QRect = option.rect.adjusted(0, 0, 0, -1)
        if option.state & QStyle.StateFlag.State_Selected:
            painter.fillRect(rect, QColor(theme.COLORS.focus))
            painter.fillRect(QRect(rect.left(), rect.top(), 3, rect.height()), QColor(theme.COLORS.accent))
        painter.setPen(QPen(QColor(theme.COLORS.line)))
        painter.drawLine(rect.bottomLeft(), rect.bottomRight())
        self._lines(painter, option, rect.adjusted(18, 8, -14, -8), card)
        painter.restore()

    def _lines(self, painter: QPainter, option: QStyleOptionViewItem, rect: QRect, card: StudyCard) -> None:
        metrics = option.fontMetrics
        state = {"sealed": theme.COLORS.good, "pack": theme.COLORS.good, "draft": theme.COLORS.warning}.get(
            card.state, theme.COLORS.error
        )
        readers = "  ·  " + self.tr("{n} readers").format(n=len(card.readers)) if len(card.readers) > 1 else ""
        lines = [
            (card.title, theme.COLORS.text, Qt.TextElideMode.ElideRight),
            (_state_words(card.state) + readers, state, Qt.TextElideMode.ElideRight),
            (str(card.root), theme.COLORS.muted, Qt.TextElideMode.ElideMiddle),
        ]
        height = rect.height() // len(lines)
        for number, (text, color, elide) in enumerate(lines):
            place = QRect(rect.left(), rect.top() + number * height, rect.width(), height)
            painter.setPen(QColor(color))
            painter.setFont(theme.scaled(option.font, 1.08) if number == 0 else theme.scaled(option.font, 0.92))
            painter.drawText(place, Qt.AlignmentFlag.AlignVCenter, metrics.elidedText(text, elide, rect.width() - 10))


class WayIn(QFrame):
    """The card of the chosen study: who opens it, and the passphrase."""

    reading_opened = Signal(object)  # ReadingSession
    desk_opened = Signal(object, str)  # CoordinatorView, passphrase (packing asks for it again)
    draft_asked = Signal(object)  # Path

    def __init__(self, memory: Memory, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        theme.set_role(self, "card")
        self._memory = memory
        self._card: StudyCard | None = None
        self._title = labelled("", "heading")
        self._state = labelled("", "muted")
        self._hint = labelled("", "small")
        self._hint.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.who = QComboBox()
        self.who.setObjectName("who")
        self.who.setAccessibleName(self.tr("Open as"))
        self.passphrase = QLineEdit()
        self.passphrase.setObjectName("passphrase")
        self.passphrase.setAccessibleName(self.tr("Passphrase"))
        self.passphrase.setEchoMode(QLineEdit.EchoMode.Password)
        self.passphrase.setPlaceholderText(self.tr("passphrase"))
        self.open_button = button(self.tr("Open"), "primary", "open")
        self.continue_button = button(self.tr("Continue setting up …"), "primary", "continue")
        self.bring_back = button(self.tr("Write the readings to bring back …"), "", "bring_back")
        self.message = labelled("", "error")
        self._form = QWidget()
        self._arrange()
        self.open_button.clicked.connect(self._open)
        self.passphrase.returnPressed.connect(self._open)
        self.continue_button.clicked.connect(self._continue)
        self.bring_back.clicked.connect(self._choose_file_to_bring_back)
        self.show_card(None)

    def show_card(self, card: StudyCard | None) -> None:
        """Offer a study; None: nothing is chosen."""
        self._card = card
        self.message.clear()
        self.passphrase.clear()
        self.setVisible(card is not None)
        if card is None:
            return
        self._title.setText(card.title)
        self._state.setText(_state_words(card.state))
        self.who.clear()
        for reader in card.readers:
            self.who.addItem(self.tr("Reader: {reader}").format(reader=reader), reader)
        if card.state != "pack":
            self.who.addItem(self.tr("Coordinator"), COORDINATOR)
        self._form.setVisible(card.state in ("sealed", "pack"))
        self.bring_back.setVisible(card.state == "pack")
        self.continue_button.setVisible(card.state == "draft")
        self._hint.setText(_demo_hint(card.root))
        self._hint.setVisible(bool(self._hint.text()))

    def _arrange(self) -> None:
        form = QVBoxLayout(self._form)
        form.setContentsMargins(0, 0, 0, 0)
        form.setSpacing(8)
        fields: tuple[tuple[str, QWidget], ...] = (
            (self.tr("Open as"), self.who),
            (self.tr("Passphrase"), self.passphrase),
        )
        for name, widget in fields:
            form.addWidget(labelled(name, "small"))
            form.addWidget(widget)
        form.addSpacing(4)
        form.addWidget(self.open_button)
        form.addWidget(self.bring_back)
        form.addWidget(self.message)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(22, 20, 22, 20)
        layout.setSpacing(10)
        parts: tuple[QWidget, ...] = (self._title, self._state, self._form, self.continue_button, self._hint)
        for widget in parts:
            layout.addWidget(widget)

    def _continue(self) -> None:
        if self._card:
            self.draft_asked.emit(self._card.root)

    def _open(self) -> None:
        card, passphrase = self._card, self.passphrase.text()
        if card is None or not self.open_button.isEnabled():
            return
        self.message.clear()
        if not passphrase:
            self._say(self.tr("Enter the passphrase the coordinator gave you."), "error")
            return
        if self.who.currentData() == COORDINATOR:
            desk = operations.open_desk(parent=self, root=card.root, passphrase=passphrase)
            desk.on_success(lambda view: self._desk(card, view, passphrase))
            desk.on_failure(self._refused).disabling(self.open_button).run()
            return
        room = operations.open_reading(
            parent=self, root=card.root, reader_id=self.who.currentData(), passphrase=passphrase
        )
        room.on_success(lambda session: self._reading(card, session))
        room.on_failure(self._refused).disabling(self.open_button).run()

    def _choose_file_to_bring_back(self) -> None:
        if self._card is None:
            return
        if not self.passphrase.text():
            self._say(self.tr("Enter your passphrase first: only you can write your readings to a file."), "error")
            return
        usual = str(self._card.root.parent / f"{self.who.currentData()}-readings.pack")
        name = QFileDialog.getSaveFileName(self, self.tr("Readings to bring back"), usual, self.tr("Packs (*.pack)"))[0]
        if name:
            self.write_readings(Path(name))

    def write_readings(self, out: Path) -> None:
        """Write what was read from a pack to a file that the coordinator merges."""
        if self._card is None:
            return
        write = operations.pack_reader(
            parent=self,
            root=self._card.root,
            reader_id=self.who.currentData(),
            out=out,
            passphrase=self.passphrase.text(),
        )
        write.on_success(
            lambda file: self._say(
                self.tr("Written: {file}. Send this file to the coordinator.").format(file=file), "good"
            )
        )
        write.on_failure(self._refused).disabling(self.bring_back).run()

    def _say(self, text: str, role: str) -> None:
        self.message.setText(text)
        theme.set_role(self.message, role)

    def _desk(self, card: StudyCard, view: object, passphrase: str) -> None:
        self._memory.remember(card.root)
        self.passphrase.clear()
        self.desk_opened.emit(view, passphrase)

    def _reading(self, card: StudyCard, session: object) -> None:
        self._memory.remember(card.root)
        self.passphrase.clear()
        self.reading_opened.emit(session)

    def _refused(self, error: BaseException) -> None:
        if not isinstance(error, trouble.EXPECTED):
            trouble.log_error(error)
        self._say(trouble.sentence(error), "error")
        self.passphrase.selectAll()
        self.passphrase.setFocus()


class StartPage(QWidget):
    """Recent studies, the way in, and what a newcomer needs to know."""

    new_study_asked = Signal()
    demo_asked = Signal()
    lab_asked = Signal()
    preferences_asked = Signal()

    def __init__(self, memory: Memory, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._memory = memory
        self.way_in = WayIn(memory)
        self._model = RecentModel(self)
        self.list = QListView()
        self.list.setObjectName("recent")
        self.list.setAccessibleName(self.tr("Recent studies"))
        self.list.setModel(self._model)
        self.list.setItemDelegate(CardDelegate(self.list))
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.list.selectionModel().currentChanged.connect(self._chosen)
        self._empty = labelled(self._newcomer())
        self._empty.setObjectName("newcomer")
        self._farewell_card = QFrame()
        self._farewell_card.setObjectName("farewell")
        self._farewell = labelled("", "good")
        self.head = QLineEdit()
        self.head.setReadOnly(True)
        self.head.setAccessibleName(self.tr("Where your journal ends"))
        self._middle = QStackedWidget()
        self.open_other = button(self.tr("Open a study …"), "", "open_other")
        self.open_pack = button(self.tr("Open a pack …"), "", "open_pack")
        self.new_study = button(self.tr("New study …"), "", "new_study")
        self.demo = button(self.tr("Try the demo"), "", "demo")
        self.lab = button(self.tr("Lab …"), "", "lab")
        self.lab.setAccessibleName(self.tr("Lab: cohorts, training, results, explanations"))
        self.preferences = button(self.tr("Preferences …"), "", "preferences")
        self.forget = button(self.tr("Remove from this list"), "quiet", "forget")
        self._arrange()
        self.open_other.clicked.connect(self._choose_folder)
        self.open_pack.clicked.connect(self._choose_pack)
        self.new_study.clicked.connect(self.new_study_asked)
        self.demo.clicked.connect(self.demo_asked)
        self.lab.clicked.connect(self.lab_asked)
        self.preferences.clicked.connect(self.preferences_asked)
        self.forget.clicked.connect(self._forget)
        self._wanted: Path | None = None
        self.show_farewell("", "")

    def show_farewell(self, text: str, head: str) -> None:
        """What a reader who has just left is told, with the head of their journal to copy; "" takes it away."""
        self._farewell.setText(text)
        theme.set_role(self._farewell, "good" if head else "warning")
        self.head.setText(head)
        self.head.setCursorPosition(0)
        self.head.setVisible(bool(head))
        self._farewell_card.setVisible(bool(text))

    def say_closing(self) -> None:
        """Beside the farewell: the window stayed open so that it could be read."""
        again = self.tr("Close the window once more to leave the program.")
        self._farewell.setText(f"{self._farewell.text()} {again}")

    def refresh(self, choose: Path | None = None) -> None:
        """Look at the recent studies again; `choose` is selected when they are shown."""
        self._wanted = choose or self._wanted
        look = operations.look_at_studies(parent=self, roots=self._memory.recent_studies())
        look.on_success(self._show_cards).run()

    def offer(self, place: Path) -> None:
        """Offer a study, or a reader's pack, that may not be in the list yet; one sentence where it is neither."""
        look = operations.look_at_study(parent=self, place=place)
        look.on_success(self._offered).disabling(self.open_other, self.open_pack).run()

    def _offered(self, card: StudyCard) -> None:
        self._memory.remember(card.root)
        self.refresh(choose=card.root.resolve())

    def _show_cards(self, cards: list[StudyCard]) -> None:
        self._model.show(cards)
        self._middle.setCurrentIndex(1 if cards else 0)
        self.forget.setVisible(bool(cards))
        rows = [number for number, card in enumerate(cards) if card.root == self._wanted]
        self._wanted = None
        if cards:
            self.list.setCurrentIndex(self._model.index(rows[0] if rows else 0))
            self.way_in.passphrase.setFocus()
        else:
            self.way_in.show_card(None)

    def _chosen(self, index: QModelIndex, _before: QModelIndex) -> None:
        self.way_in.show_card(self._model.card(index))

    def _choose_folder(self) -> None:
        folder = QFileDialog.getExistingDirectory(self, self.tr("Choose a study's folder"))
        if folder:
            self.offer(Path(folder))

    def _choose_pack(self) -> None:
        name = QFileDialog.getOpenFileName(
            self, self.tr("Choose a reader's pack"), "", self.tr("Packs (*.pack);;All files (*)")
        )[0]
        if name:
            self.offer(Path(name))

    def _forget(self) -> None:
        card = self._model.card(self.list.currentIndex())
        if card:
            self._memory.forget(card.root)
            self.refresh()

    def _arrange(self) -> None:
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        self._side_rail = self._rail()
        row.addWidget(self._side_rail)
        row.addLayout(self._centre(), 1)
        side = QVBoxLayout()
        side.setContentsMargins(0, 84, 36, 36)
        side.addWidget(self.way_in)
        side.addStretch(1)
        row.addLayout(side)
        self._fit()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() in (QEvent.Type.FontChange, QEvent.Type.StyleChange):
            self._fit()

    def resizeEvent(self, event: QEvent) -> None:  # type: ignore[override]
        self._fit()

    def _fit(self) -> None:
        """The columns at both sides as wide as the size of text asks for, and the list in the middle never squeezed."""
        most = max(self.width(), 900)
        self._side_rail.setFixedWidth(min(theme.wide(280), round(most * 0.3)))
        self.way_in.setFixedWidth(min(theme.wide(360), round(most * 0.36)))

    def _newcomer(self) -> str:
        steps = [
            self.tr("<b>New study</b>: choose a protocol and a cohort of images, check the counts, seal it."),
            self.tr("Each <b>reader</b> opens it here with a passphrase and reads in a private random order."),
            self.tr("The <b>coordinator</b> watches progress and exports agreement and prevalence tables."),
        ]
        listed = "<br>".join(f"{number}.&nbsp; {step}" for number, step in enumerate(steps, start=1))
        none = self.tr("No study on this computer yet.")
        demo = self.tr("<b>Try the demo</b> makes a small simulated study, so that you can see all three in a minute.")
        return f'<div style="line-height: 150%"><b>{none}</b><br><br>{listed}<br><br>{demo}</div>'

    def _rail(self) -> QFrame:
        rail = QFrame()
        theme.set_role(rail, "panel")
        layout = QVBoxLayout(rail)
        layout.setContentsMargins(28, 32, 28, 24)
        layout.setSpacing(10)
        layout.addWidget(labelled("readerapp", "title"))
        layout.addWidget(labelled(self.tr("Confounder reader studies in medical imaging"), "muted"))
        layout.addSpacing(22)
        for widget in (self.open_other, self.open_pack, self.new_study, self.demo):
            layout.addWidget(widget)
        layout.addSpacing(14)
        layout.addWidget(self.lab)
        layout.addStretch(1)
        layout.addWidget(self.preferences)
        layout.addSpacing(8)
        layout.addWidget(labelled(research_only(), "small"))
        return rail

    def _centre(self) -> QVBoxLayout:
        newcomer = QWidget()
        inner = QVBoxLayout(newcomer)
        inner.setContentsMargins(0, 0, 0, 0)
        self._empty.setMaximumWidth(680)
        inner.addWidget(self._empty)
        inner.addStretch(1)
        self._middle.addWidget(newcomer)
        self._middle.addWidget(self.list)
        column = QVBoxLayout()
        column.setContentsMargins(36, 32, 28, 28)
        column.setSpacing(16)
        farewell = QVBoxLayout(self._farewell_card)
        farewell.setContentsMargins(16, 14, 16, 14)
        theme.set_role(self._farewell_card, "card")
        farewell.addWidget(self._farewell)
        farewell.addWidget(self.head)
        column.addWidget(self._farewell_card)
        column.addWidget(labelled(self.tr("Recent studies"), "heading"))
        column.addWidget(self._middle, 1)
        column.addWidget(self.forget, 0, Qt.AlignmentFlag.AlignRight)  # beside the heading, large text had no room
        return column


def _demo_hint(root: Path) -> str:
    phrases = demo_passphrases(root)
    if not phrases:
        return ""
    listed = "<br>".join(f"{who}: <b>{phrase}</b>" for who, phrase in phrases.items())
    words = QCoreApplication.translate(
        "DemoHint", "Demonstration study on simulated images. Passphrases, shown for the demo only:"
    )
    if why := unaided_only(root):
        listed += "<br>" + QCoreApplication.translate("DemoHint", "Without explanations: {why}").format(why=told(why))
    return f"{words}<br>{listed}"
