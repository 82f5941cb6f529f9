"""The first column of a table, kept in sight while the rest scrolls sideways: without it a number has no name."""

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtWidgets import QAbstractItemView, QFrame, QHeaderView, QTableView

from readerapp import theme


class FrozenColumn(QTableView):
    """Lies over the left edge of `table` while that is scrolled sideways; shares its model, selection and sorting."""

    def __init__(self, table: QTableView) -> None:
        super().__init__(table)
        self._table = table
        self.setModel(table.model())
        self.setSelectionModel(table.selectionModel())
        self.setObjectName("frozen_column")
        self.setAccessibleName(self.tr("First column"))
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setStyleSheet(f"#frozen_column {{ border: 0; border-right: 2px solid {theme.COLORS.line}; }}")
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setAlternatingRowColors(True)
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.verticalHeader().hide()
        self.verticalHeader().setDefaultSectionSize(table.verticalHeader().defaultSectionSize())
        self._dress_header()
        self._follow()
        self.hide()

    def fit(self) -> None:
        """Take over the first column's width and its place; the others stay hidden."""
        for section in range(1, self.model().columnCount()):
            self.setColumnHidden(section, True)
        self._place()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Resize:
            self._place()
        return super().eventFilter(watched, event)

    def _place(self) -> None:
        table = self._table
        width = min(table.columnWidth(0), table.viewport().width() * 2 // 3)
        height = table.viewport().height() + table.horizontalHeader().height()
        self.setColumnWidth(0, width)
        self.setGeometry(table.frameWidth(), table.frameWidth(), width, height)
        self._show_where_scrolled(table.horizontalScrollBar().value())

    def _show_where_scrolled(self, value: int) -> None:
        self.setVisible(value > 0)
        self.verticalScrollBar().setValue(self._table.verticalScrollBar().value())

    def _dress_header(self) -> None:
        header = self.horizontalHeader()
        header.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        header.setHighlightSections(False)
        header.setSectionsClickable(True)
        header.setSortIndicatorShown(True)
        header.setSortIndicator(-1, Qt.SortOrder.AscendingOrder)

    def _follow(self) -> None:
        """Scrolling, sorting and widths of each go with the other."""
        table = self._table
        table.horizontalScrollBar().valueChanged.connect(self._show_where_scrolled)
        table.verticalScrollBar().valueChanged.connect(self.verticalScrollBar().setValue)
        self.verticalScrollBar().valueChanged.connect(table.verticalScrollBar().setValue)
        table.horizontalHeader().sectionResized.connect(lambda *_: self._place())
        own, whole = self.horizontalHeader(), table.horizontalHeader()
        whole.sortIndicatorChanged.connect(lambda section, order: own.setSortIndicator(section, order))
        own.sortIndicatorChanged.connect(lambda section, order: whole.setSortIndicator(section, order))
        table.viewport().installEventFilter(self)
