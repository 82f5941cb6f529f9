"""Reader bias: whether readers differ in how often they call an item present, who does, and who lowers agreement."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtWidgets import QHBoxLayout, QSplitter, QVBoxLayout, QWidget

from readerapp.desk.columns import (
    MISSING,
    Column,
    Row,
    count,
    decimal,
    difference_axis,
    difference_text,
    drawn,
    kappa_axis,
    value_of,
    with_interval,
    words,
)
from readerapp.desk.pictures import copy_picture, titled
from readerapp.desk.results_page import Headings, ResultsPage
from readerapp.desk.tables import RowsTable
from readerapp.numbers import absent, not_estimable
from readerapp.page import button, labelled
from readerapp.results import line_of

if TYPE_CHECKING:
    from studies.reading.study import CoordinatorView

translate = QCoreApplication.translate


def p_text(value: object) -> str:
    """A p-value as journals print it."""
    if absent(value):
        return not_estimable()
    number = float(value)  # type: ignore[arg-type]
    return "< 0.001" if number < 0.001 else f"{number:.3f}"


def effect_columns() -> tuple[Column, ...]:
    """One row an item: do readers differ as a whole."""
    return (
        words(translate("BiasPage", "Item"), "name"),
        decimal(
            translate("BiasPage", "Cochran's Q"),
            "cochran_q",
            translate("BiasPage", "do readers differ in how often they say present; complete cases only"),
        ),
        count(translate("BiasPage", "df"), "cochran_df"),
        Column(
            translate("BiasPage", "p"),
            lambda row: p_text(row["cochran_p"]),
            value_of("cochran_p"),
            translate("BiasPage", "of Cochran's Q; cases are taken as independent, and items are not corrected for"),
        ),
        count(
            translate("BiasPage", "Complete"), "n_complete_cases", translate("BiasPage", "cases all readers answered")
        ),
        decimal(translate("BiasPage", "Light κ"), "light_kappa", translate("BiasPage", "mean of the pairwise kappas")),
        decimal(translate("BiasPage", "Conger κ"), "conger_kappa"),
        words(translate("BiasPage", "Remark"), "remark"),
    )


def bias_columns() -> tuple[Column, ...]:
    """One row a reader, of the item in hand."""
    return (
        words(translate("BiasPage", "Reader"), "reader_id"),
        drawn(
            translate("BiasPage", "●  difference"),
            (("bias", "bias_low", "bias_high"),),
            difference_axis,
            translate(
                "BiasPage",
                "the reader's prevalence less the mean of the others on the same cases, in percentage points; right of "
                "the line: says present more often",
            ),
        ),
        Column(translate("BiasPage", "Points (95 % CI)"), _bias_text, value_of("bias")),
        Column(
            translate("BiasPage", "Present / others"),
            lambda row: f"{share_text(row['prevalence'])} / {share_text(row['others_prevalence'])}",
            value_of("prevalence"),
        ),
    )


def left_out_columns() -> tuple[Column, ...]:
    """One row a reader left out, of the item in hand."""
    return (
        words(
            translate("BiasPage", "Without"),
            "reader_left_out",
            translate("BiasPage", "agreement of the other readers"),
        ),
        drawn(
            translate("BiasPage", "●  κ"),
            (("fleiss_kappa", "fleiss_kappa_low", "fleiss_kappa_high"),),
            kappa_axis,
        ),
        with_interval(translate("BiasPage", "κ (95 % CI)"), "fleiss_kappa", "fleiss_kappa_low", "fleiss_kappa_high"),
        Column(
            translate("BiasPage", "Change"),
            _change_text,
            value_of("change"),
            translate(
                "BiasPage", "against the kappa of all readers: above 0, the others agree better among themselves"
            ),
        ),
    )


def share_text(value: object) -> str:
    """A share in per cent, or a dash."""
    return MISSING if absent(value) else f"{value:.1%}"


def _bias_text(row: Row) -> str:
    if absent(row["bias"]):
        return not_estimable()
    if absent(row["bias_low"]):
        return difference_text(row["bias"])
    low, high = (difference_text(row[name], 0) for name in ("bias_low", "bias_high"))
    return translate("BiasPage", "{bias} ({low} to {high})").format(
        bias=difference_text(row["bias"]), low=low, high=high
    )


def _change_text(row: Row) -> str:
    return MISSING if absent(row["change"]) else f"{row['change']:+.2f}".replace("-", "−")


class BiasPage(ResultsPage):
    """The global test of each item; readers of the item in hand below."""

    what = "bias"

    def __init__(self, view: "CoordinatorView", parent: QWidget | None = None) -> None:
        super().__init__(view, parent)
        self.effects = RowsTable(effect_columns(), "effects_table", self.tr("Do readers differ, by item"))
        self.bias = RowsTable(bias_columns(), "bias_forest", self.tr("Bias of each reader"))
        self.left_out = RowsTable(left_out_columns(), "left_out_forest", self.tr("Agreement without each reader"))
        self._item = labelled("", "heading")
        self._verdict = labelled("", "muted")
        self.copy_plots = button(self.tr("Copy plots"), "quiet", "copy_plots")
        self._row: Row | None = None
        self._arrange()
        self.copies(self.effects)
        self.effects.row_chosen.connect(self._show_item)
        self.effects.row_opened.connect(self.ask_dispute)
        self.bias.row_opened.connect(self.ask_dispute)
        self.copy_plots.clicked.connect(self._copy_plots)

    def headings(self) -> Headings:
        """What the page is called."""
        return Headings(
            self.tr("Reader bias"),
            self.tr("Who calls an item present more often than the others, and how agreement is without them."),
            self.tr("Reader bias is locked"),
        )

    def show_rows(self) -> None:
        """The items of what is chosen; the item in hand stays in hand."""
        rows = [row for row in self.rows("effects") if not _is_whole_nominal(row)]
        before = self._row["name"] if self._row else ""
        self.effects.show_rows(rows)
        if rows:
            self.effects.choose(
                next((n for n, row in enumerate(self.effects.rows_model.rows) if row["name"] == before), 0)
            )

    def _show_item(self, row: Row) -> None:
        self._row = row
        self._item.setText(str(row["name"]))
        self._verdict.setText(_verdict_text(row))
        if self.results is None:
            return
        for table, name in ((self.bias, "bias"), (self.left_out, "left_out")):
            rows = self.results.rows(name, self.choices.chosen)
            table.show_rows([one for one in rows if line_of(one) == line_of(row)])

    def _copy_plots(self) -> None:
        if self._row is not None:
            copy_picture(titled(str(self._row["name"]), self.bias.picture(), self.left_out.picture()))

    def _arrange(self) -> None:
        below = QWidget()
        column = QVBoxLayout(below)
        column.setContentsMargins(0, 8, 0, 0)
        column.setSpacing(8)
        head = QHBoxLayout()
        head.addWidget(self._item, 1)
        head.addWidget(self.copy_plots)
        column.addLayout(head)
        column.addWidget(self._verdict)
        forests = QSplitter(Qt.Orientation.Horizontal)
        forests.setChildrenCollapsible(False)
        forests.addWidget(self.bias)
        forests.addWidget(self.left_out)
        forests.setSizes([576, 508])
        column.addWidget(forests, 1)
        split = QSplitter(Qt.Orientation.Vertical)
        split.setChildrenCollapsible(False)
        split.addWidget(self.effects)
        split.addWidget(below)
        split.setSizes([500, 500])
        self.body.addWidget(split, 1)


def _is_whole_nominal(row: Row) -> bool:
    """The line of an item of several categories as a whole: its categories have lines of their own."""
    return absent(row["n_complete_cases"])


def _verdict_text(row: Row) -> str:
    if absent(row["cochran_q"]):
        return str(row["remark"])
    sentence = translate(
        "BiasPage", "Cochran's Q = {q} with {df} degrees of freedom, p {p} over {n} cases that all readers answered."
    )
    return sentence.format(
        q=f"{row['cochran_q']:.2f}",
        df=int(row["cochran_df"]),
        p=p_text(row["cochran_p"]) if row["cochran_p"] < 0.001 else f"= {p_text(row['cochran_p'])}",
        n=f"{int(row['n_complete_cases']):,}",
    )
