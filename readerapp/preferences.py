"""Preferences: which keymap and its editor, the size of text, the language, the places of windows.

All take effect at once but the language, which is for the next start.
"""

from pathlib import Path

from PySide6.QtCore import QEvent, QLocale, Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import (
    QApplication,
    QBoxLayout,
    QComboBox,
    QFileDialog,
    QFrame,
    QHBoxLayout,
    QVBoxLayout,
    QWidget,
)

from readerapp import keymaps, theme, translation
from readerapp.fields import no_wider
from readerapp.page import button, labelled, scrolled
from readerapp.preferences_keys import Edit, KeymapEditor
from readerapp.settings import SCREENS, settings
from readerapp.viewer.hands import Hands
from readerapp.viewer.keymap import Keymap, KeymapError, load_keymap

__all__ = ["PreferencesPanel"]


class PreferencesPanel(QWidget):
    """`person`: the reader whose keymap it is; "" for whoever sits at this computer.

    `files` False: nothing here opens a dialog of files, whose folders a blinded reader must not see.
    """

    keymap_changed = Signal(object)  # Keymap
    scale_changed = Signal(int)  # percent

    def __init__(self, person: str = "", files: bool = True, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._person = person
        self._id, self._keymap = keymaps.chosen(person)
        self.chooser = QComboBox()
        self.chooser.setObjectName("keymap")
        self.chooser.setAccessibleName(self.tr("Keymap"))
        self.chooser.setMinimumContentsLength(14)
        self.editor = KeymapEditor()
        self.editor.edited.connect(self._edit)
        self.reset_all = button(self.tr("Remove my changes"), "", "reset_keymap")
        self.reset_all.clicked.connect(self._remove_own)
        self.import_button = button(self.tr("Import …"), "", "import_keymap")
        self.import_button.clicked.connect(self._choose_import)
        self.export_button = button(self.tr("Export …"), "", "export_keymap")
        self.export_button.clicked.connect(self._choose_export)
        if not files:  # never shown here: without a parent they would be windows of their own
            self.import_button.hide()
            self.export_button.hide()
        self.level_up = _choice(self.tr("Dragging raises the window's centre"))
        self.level_up.setObjectName("level_up")
        self.level_up.addItem(self.tr("upwards"), "up")
        self.level_up.addItem(self.tr("downwards"), "down")
        self.double_click = _choice(self.tr("Double click"))
        self.double_click.setObjectName("double_click")
        self.double_click.addItem(self.tr("one image large, or all"), "maximise")
        self.double_click.addItem(self.tr("does nothing"), "nothing")
        self.scale = self._make_scale()
        self.language = self._make_language()
        self._note = labelled("", "small")
        self.forget_screens = button(self.tr("Forget where windows were"), "", "forget_screens")
        self.forget_screens.clicked.connect(self._forget_screens)
        self._lay_out()
        self._offer()
        self.chooser.activated.connect(self._chosen)
        self.level_up.activated.connect(lambda: self._edit(lambda keymap: _with_hands(keymap, self._hands())))
        self.double_click.activated.connect(lambda: self._edit(lambda keymap: _with_hands(keymap, self._hands())))

    @property
    def keymap(self) -> Keymap:
        """The keymap in use."""
        return self._keymap

    def import_file(self, file: Path) -> None:
        """Take in a keymap and use it; one sentence where it is refused."""
        try:
            self._use(keymaps.import_keymap(file))
        except KeymapError as error:
            self.editor.say(str(error))

    def export_file(self, file: Path) -> None:
        """Write the keymap in use to a file."""
        try:
            keymaps.export_keymap(self._id, file)
        except KeymapError as error:
            self.editor.say(str(error))
        else:
            self.editor.say(self.tr("Written: {file}").format(file=file.name))

    # Building

    def _make_scale(self) -> QComboBox:
        box = _choice(self.tr("Size of text"))
        box.setObjectName("scale")
        for percent in range(theme.SCALES[0], theme.SCALES[1] + 1, 10):
            box.addItem(f"{percent} %", percent)
        box.setCurrentIndex(box.findData(theme.kept_scale()))
        box.activated.connect(lambda: self._set_scale(box.currentData()))
        return box

    def _make_language(self) -> QComboBox:
        box = _choice(self.tr("Language"))
        box.setObjectName("language")
        box.addItem(self.tr("as the system"), "")
        for code in translation.LANGUAGES:
            box.addItem(QLocale(code).nativeLanguageName(), code)
        box.setCurrentIndex(max(box.findData(translation.chosen_language()), 0))
        box.activated.connect(lambda: self._set_language(box.currentData()))
        return box

    def _lay_out(self) -> None:
        self._top = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        self._top.setSpacing(8)
        choice = QHBoxLayout()
        choice.addWidget(labelled(self.tr("Keymap"), "small"))
        choice.addWidget(self.chooser, 1)
        self._top.addLayout(choice)
        buttons = QHBoxLayout()
        for made in (self.reset_all, self.import_button, self.export_button):
            buttons.addWidget(made)
        buttons.addStretch(1)
        self._top.addLayout(buttons, 1)
        left = QVBoxLayout()
        left.setSpacing(10)
        left.addLayout(self._top)
        left.addWidget(self.editor, 1)
        self._content = QWidget()
        self._row = QBoxLayout(QBoxLayout.Direction.LeftToRight, self._content)
        self._row.setContentsMargins(0, 0, 0, 0)
        self._row.setSpacing(24)
        self._row.addLayout(left, 3)
        self._row.addWidget(self._side(), 1)
        self._area = scrolled(self._content, self.tr("Keys, mouse and preferences"))
        self._area.setFocusPolicy(Qt.FocusPolicy.NoFocus)  # its fields are reached by Tab, which scrolls to them
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self._area)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fold()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() in (QEvent.Type.FontChange, QEvent.Type.StyleChange):
            self._fold()

    def _fold(self) -> None:
        """Side by side where there is the width, below one another where text is large or the window narrow."""
        across, down = QBoxLayout.Direction.LeftToRight, QBoxLayout.Direction.TopToBottom
        for row in (self._row, self._top):
            row.setDirection(across)
        room = self._area.viewport().width()
        if self._content.minimumSizeHint().width() > room:
            self._row.setDirection(down)
        if self._content.minimumSizeHint().width() > room:
            self._top.setDirection(down)

    def _side(self) -> QFrame:
        side = QFrame()
        column = QVBoxLayout(side)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(6)
        for box in (self.level_up, self.double_click, self.scale, self.language):
            column.addWidget(labelled(box.accessibleName(), "small"))
            column.addWidget(box)
            column.addSpacing(8)
        column.addWidget(self.forget_screens)
        column.addWidget(self._note)
        column.addStretch(1)
        return side

    # Keymaps

    def _offer(self) -> None:
        """Fills in what is there and what is in use."""
        self.chooser.clear()
        for entry in keymaps.entries():
            if not entry.broken:
                self.chooser.addItem(entry.name, entry.id)
        self.chooser.setCurrentIndex(self.chooser.findData(self._id))
        self.reset_all.setEnabled(not keymaps.is_shipped(self._id))
        self.level_up.setCurrentIndex(self.level_up.findData(self._keymap.hands.level_up))
        self.double_click.setCurrentIndex(self.double_click.findData(self._keymap.hands.double_click))
        self.editor.show_keymap(self._keymap, load_keymap(self._keymap.base))

    def _chosen(self) -> None:
        self._use(self.chooser.currentData())

    def _use(self, keymap_id: str) -> None:
        try:
            self._keymap = keymaps.choose(keymap_id, self._person)
        except KeymapError as error:
            self.editor.say(str(error))
            return
        self._id = keymap_id
        self._offer()
        self.keymap_changed.emit(self._keymap)

    def _edit(self, edit: Edit) -> None:
        try:
            keymap_id = keymaps.change(self._id, edit, self.tr("{name}, my own"))
        except KeymapError as error:
            self.editor.say(str(error))
            return
        target = self.editor.target
        self._use(keymap_id)
        if target is not None:
            self.editor.select(target)

    def _remove_own(self) -> None:
        """Back to the keymap it was made from."""
        base = self._keymap.base
        keymaps.remove(self._id)
        self._use(base)

    def _hands(self) -> Hands:
        kept = self._keymap.hands
        return Hands(kept.drags, kept.wheel, self.double_click.currentData(), self.level_up.currentData())

    def _choose_import(self) -> None:
        name = QFileDialog.getOpenFileName(self, self.tr("Choose a keymap"), "", self.tr("Keymaps (*.toml)"))[0]
        if name:
            self.import_file(Path(name))

    def _choose_export(self) -> None:
        usual = f"{self._keymap.name}.toml".replace("/", "-")
        name = QFileDialog.getSaveFileName(self, self.tr("Write the keymap"), usual, self.tr("Keymaps (*.toml)"))[0]
        if name:
            self.export_file(Path(name))

    # The rest

    def _set_scale(self, percent: int) -> None:
        theme.keep_scale(percent)
        application = QApplication.instance()
        if isinstance(application, QApplication):
            theme.apply(application, percent)
        self.scale_changed.emit(percent)

    def _set_language(self, code: str) -> None:
        translation.choose_language(code)
        self._note.setText(self.tr("The language changes when the program is started again."))

    def _forget_screens(self) -> None:
        kept = settings()
        kept.remove(SCREENS)
        kept.sync()
        self._note.setText(self.tr("Windows open where the system puts them, the next time they are opened."))


def _choice(name: str) -> QComboBox:
    box = QComboBox()
    box.setAccessibleName(name)
    no_wider(box, characters=12)
    box.setContextMenuPolicy(Qt.ContextMenuPolicy.NoContextMenu)
    return box


def _with_hands(keymap: Keymap, hands: Hands) -> Keymap:
    return Keymap(keymap.name, keymap.actions, keymap.windows, hands, keymap.base)
