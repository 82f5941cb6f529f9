"""What a diffusion run draws while it trains: its newest sheet of samples, and the same large."""

from pathlib import Path

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QImage, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QDialog, QSizePolicy, QVBoxLayout, QWidget

from readerapp.lab import operations
from readerapp.page import labelled
from readerapp.theme import COLORS
from readerapp.viewer.captions import watermark
from readerapp.viewer.overlay import paint_watermark

__all__ = ["SamplesView"]

_ROWS = 3  # images, drawn again, drawn from other noise (`engine.training.diffusion`)
_LARGE = 0.9  # of the window


class Sheet(QWidget):
    """A sheet as large as fits; all rows but the first bear the watermark. `pressed`: click, Enter or Space."""

    pressed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("samples_sheet")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.picture = QImage()

    def sizeHint(self) -> QSize:
        return QSize(512, 192)

    def minimumSizeHint(self) -> QSize:
        return QSize(160, 60)

    def show_picture(self, picture: QImage) -> None:
        self.picture = picture
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHints(QPainter.RenderHint.Antialiasing | QPainter.RenderHint.SmoothPixmapTransform)
        if not self.picture.isNull():
            self._paint_sheet(painter)
        if self.hasFocus():
            painter.setPen(QPen(QColor(COLORS.accent), 2))
            painter.drawRect(QRectF(self.rect()).adjusted(1, 1, -1, -1))
        painter.end()

    def _paint_sheet(self, painter: QPainter) -> None:
        size = self.picture.size().scaled(self.size() - QSize(6, 6), Qt.AspectRatioMode.KeepAspectRatio)
        place = QRectF(
            (self.width() - size.width()) / 2, (self.height() - size.height()) / 2, size.width(), size.height()
        )
        painter.drawImage(place, self.picture)
        side = place.height() / _ROWS
        for row in range(1, _ROWS):
            for column in range(round(place.width() / side)):
                tile = QRectF(place.left() + column * side, place.top() + row * side, side, side)
                paint_watermark(painter, tile, watermark(), self.font())

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        self.pressed.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space):
            self.pressed.emit()
        else:
            super().keyPressEvent(event)


class SamplesView(QWidget):
    """The newest sheet of a run and what its rows are; a click or Enter shows it large."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._path: Path | None = None
        self.words = labelled(
            self.tr(
                "First row: images of the validation split. Second row: the same, drawn again from their code and "
                "their own noise. Third row: drawn from their code and other noise: what the code alone says."
            ),
            "muted",
        )
        self.sheet = Sheet()
        self.sheet.setAccessibleName(self.tr("Newest samples; Enter shows them large"))
        self.sheet.pressed.connect(self.enlarge)
        layout = QVBoxLayout(self)
        layout.addWidget(self.words)
        layout.addWidget(self.sheet, 1)

    def show_sheet(self, path: Path | None) -> None:
        """Another sheet, read in the background; None: there is none."""
        if path == self._path:
            return
        self._path = path
        if path is None:
            self.sheet.show_picture(QImage())
        else:
            read = operations.read_picture(parent=self, path=path)
            read.on_success(lambda picture: self._show(path, picture)).quietly().run()

    def enlarge(self) -> None:
        """A window of its own; Esc, a click or Enter closes it."""
        if self.sheet.picture.isNull():
            return
        large = QDialog(self)
        large.setWindowTitle(self.tr("Samples"))
        sheet = Sheet()
        sheet.setAccessibleName(self.tr("Samples; Enter closes them"))
        sheet.show_picture(self.sheet.picture)
        sheet.pressed.connect(large.accept)
        layout = QVBoxLayout(large)
        layout.addWidget(sheet, 1)
        layout.addWidget(labelled(self.words.text(), "muted"))
        large.resize(self.window().size() * _LARGE)
        large.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        large.open()

    def _show(self, path: Path, picture: QImage) -> None:
        if path == self._path:
            self.sheet.show_picture(picture)
            if picture.isNull():  # was being written: it is read again with the next look
                self._path = None
