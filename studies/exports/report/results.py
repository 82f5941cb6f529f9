"""The sections of a report that hold results: the tables of the export, chosen and laid out for paper."""

from collections.abc import Iterator

import pandas as pd
from reportlab.platypus import Flowable, KeepTogether, Spacer

from engine.rounding import NOT_ESTIMABLE, estimate, number, with_interval
from engine.tables import Table
from studies.exports.changes import ChangeTables, changes_printed, in_view_printed
from studies.exports.figures import NamedFigure, concordance_figures, forest_figures
from studies.exports.finding_figures import finding_figures
from studies.exports.printing import AGREEMENT_NOTE, Labels, agreement_printed, item_label, line_label
from studies.exports.report.layout import CAPTION, HEIGHT, captioned, text
from studies.exports.report.sections import heading
from studies.exports.report.vector import VectorFigure
from studies.exports.statistics import StatisticsOrder, StatisticsTables
from studies.statistics.changes import ALL_ITEMS
from studies.statistics.prevalence import ANY, MAJORITY
from studies.statistics.questions import LEFT_OUT
from studies.statistics.ratings import ALL

_DIGITS = 2  # of coefficients, as the figures and the other tables of the report have them
_FOREST_ROWS = 36  # rows of a forest that fill a page at full size
_PAIRS_ACROSS = 3  # of more pairs of readers than these the extremes are shown: all are in pairwise.csv
_READERS_ACROSS = 5
_POOLED = {ALL: "All readings", MAJORITY: "Majority", ANY: "Any reader"}  # of the prevalence table
_ABOUT = ("Item", "Category", "Stratum", "Arm")


def published_section(published: list[Table]) -> Iterator[Flowable]:
    """Tables 1 and 2 of DiffChest, where the protocol has confounder maps."""
    if not published:
        return
    yield from heading("tables")
    for table in published:
        if table.printed is not None:
            yield from captioned(table.title, table.printed, table.note)


def changes_section(changes: ChangeTables, labels: Labels) -> Iterator[Flowable]:
    """Answers changed with the explanation in view, by direction; and how long it was in view."""
    if changes.pairs.empty:
        return
    yield from heading("changes")
    table = changes_printed(changes.changes, labels)
    if table.printed is not None:
        counts = [name for name in table.printed if "κ" not in name]
        yield from captioned("Changes by direction", table.printed[counts], table.note)
        of_one = table.printed["Item"] != item_label(ALL_ITEMS, labels)
        pooled = table.printed[(table.printed["Reader"] == ALL) & of_one]
        kappas = ["Item", "Arm", "n", *(name for name in table.printed if "κ" in name)]
        yield from captioned("Agreement between readers before and after", pooled[kappas])
    yield from captioned("Explanations in view", in_view_printed(changes.in_view), "Time away left out.")


def agreement_section(tables: StatisticsTables, labels: Labels) -> Iterator[Flowable]:
    """The agreement block: specific agreement, then every coefficient with its interval."""
    chosen = _whole(tables.agreement)
    yield from heading("agreement")
    printed = agreement_printed(chosen, labels, _DIGITS).printed
    if printed is None:
        return
    about = [name for name in _ABOUT if name in printed]
    counts = ["Cases", "Readings", "Present (%)", "Observed agreement", "Positive agreement", "Negative agreement"]
    coefficients = ["Fleiss' κ (95 % CI)", "Bootstrap CI", "AC1 (95 % CI)", "PABAK", "Krippendorff's α (95 % CI)"]
    note = "All cases; uncertain, not assessable and missing answers left out. Present: positive of all valid readings."
    yield from captioned("Readings and specific agreement", printed[[*about, *counts]], note)
    yield from captioned("Coefficients", printed[[*about, *coefficients]], AGREEMENT_NOTE)
    yield from _remarks(printed, about)
    yield from _uncertain(tables.agreement, labels)


def _whole(frame: pd.DataFrame) -> pd.DataFrame:
    """Rows over all strata with uncertain answers left out; of several arms each, never pooled."""
    rows = frame[(frame["stratum"] == ALL) & (frame["uncertain_as"] == LEFT_OUT)]
    return rows[rows["arm"] != ALL] if (rows["arm"] != ALL).any() else rows


def _remarks(printed: pd.DataFrame, about: list[str]) -> Iterator[Flowable]:
    """What could not be estimated, and why: a reason with its items, as many items share one."""
    rows = printed[printed["Remark"] != ""]
    reasons: dict[str, list[str]] = {}
    for row in rows.to_dict("records"):
        reasons.setdefault(row["Remark"], []).append(", ".join(row[name] for name in about if row[name]))
    frame = pd.DataFrame([{"Remark": why, "Items": "; ".join(items)} for why, items in reasons.items()])
    if not frame.empty:
        yield from captioned("Remarks on these tables", frame, wide=("Items",))


def _uncertain(agreement: pd.DataFrame, labels: Labels) -> Iterator[Flowable]:
    """Fleiss' kappa with uncertain answers counted three ways, for items that have any."""
    rows = agreement[(agreement["stratum"] == ALL) & (agreement["category"] == "") & (agreement["n_uncertain"] > 0)]
    rows = rows[rows["arm"] != ALL] if (rows["arm"] != ALL).any() else rows
    lines: dict[tuple[str, str], dict[str, str]] = {}
    for row in rows.to_dict("records"):
        line = lines.setdefault((row["item"], row["arm"]), {"Item": item_label(row["item"], labels)})
        if row["arm"] != ALL:
            line["Arm"] = row["arm"]
        line["Uncertain"] = str(row["n_uncertain"])
        line[f"κ, as {row['uncertain_as']}" if row["uncertain_as"] != LEFT_OUT else "κ, left out"] = with_interval(
            row["fleiss_kappa"], row["fleiss_kappa_low"], row["fleiss_kappa_high"], 2
        )
    note = "Uncertain: readings answered uncertain. κ: Fleiss' kappa (95 % interval)."
    yield from captioned("How uncertain answers are counted", pd.DataFrame(list(lines.values())), note)


def figures_section(tables: StatisticsTables, order: StatisticsOrder) -> Iterator[Flowable]:
    """Forest, confounders by finding and concordance, as lines and text."""
    labels = order.labels
    forests = list(forest_figures(tables.agreement, labels, _FOREST_ROWS))
    figures: list[NamedFigure] = [
        *forests,
        *finding_figures(tables.prevalence, labels, order.confounders, order.findings),
        *concordance_figures(tables.pairs["concordance"], labels),
    ]
    for place, named in enumerate(figures, start=1):
        if named in forests:
            caption = f"Figure {place}. {named.title}: Fleiss' κ and Gwet's AC1"
        else:
            named.figure.suptitle("")
            caption = f"Figure {place}. {named.title}"
        first = list(heading("figures")) if place == 1 else []
        drawn = VectorFigure(named.figure, HEIGHT - 60)
        yield KeepTogether([*first, text(caption, CAPTION), Spacer(1, 4), drawn])
        yield Spacer(1, 8)


def pairs_section(tables: StatisticsTables, labels: Labels) -> Iterator[Flowable]:
    """Cohen's kappa of each pair, how often each reader says present, and tests of reader effects."""
    pairs = _whole(tables.pairs["pairwise"])
    yield from heading("pairs")
    note = "95 % interval; Fleiss, Cohen and Everitt 1969, terms summed by patient. Every pair: pairwise.csv."
    yield from captioned("Cohen's κ of each pair of readers", _pair_matrix(pairs, labels), note)
    note = (
        "95 % intervals: Wilson's, adjusted where patients repeat; of all readings the percentile bootstrap over "
        "patients. A tied majority is not present. Every reader: prevalence.csv."
    )
    yield from captioned("Present, % (95 % interval)", _by_reader(_whole(tables.prevalence), labels), note)
    effects = _whole(tables.pairs["reader_effects"])
    note = (
        "Light: mean of the pairwise Cohen kappas. Cochran's Q: do readers differ in how often they say present "
        "(complete cases only, taken as independent)."
    )
    yield from captioned("Reader effects", _effects(effects, labels), note)


def _about(row: dict, labels: Labels) -> dict[str, str]:
    arm = {"Arm": row["arm"]} if row.get("arm", ALL) != ALL else {}
    return {"Item": line_label(item_label(row["item"], labels), row.get("category") or ""), **arm}


def _lines(rows: pd.DataFrame) -> Iterator[tuple[dict, list[dict]]]:
    """The rows of each line of a table: one item, category and arm; with the first of them."""
    for _, of_line in rows.groupby(["item", "category", "arm"], sort=False):
        found = of_line.to_dict("records")
        yield found[0], found


def _pair_matrix(pairs: pd.DataFrame, labels: Labels) -> pd.DataFrame:
    """A column a pair where few readers read; else the pairs that agree least and most."""
    lines = []
    for first, rows in _lines(pairs):
        line = _about(first, labels)
        kappas = {f"{row['reader_a']} – {row['reader_b']}": row for row in rows}
        if len(kappas) <= _PAIRS_ACROSS:
            line |= {pair: _kappa(row) for pair, row in kappas.items()}
        else:
            known = {pair: row for pair, row in kappas.items() if not pd.isna(row["cohen_kappa"])}
            line |= {"Pairs": f"{len(known)} of {len(kappas)}"}
            for name, choose in (("Lowest κ", min), ("Highest κ", max)):
                pair = choose(known, key=lambda one: known[one]["cohen_kappa"]) if known else ""
                line[name] = f"{_kappa(known[pair])}\n{pair}" if known else NOT_ESTIMABLE
        lines.append(line)
    return pd.DataFrame(lines).fillna("")


def _kappa(row: dict) -> str:
    return with_interval(row["cohen_kappa"], row["cohen_kappa_low"], row["cohen_kappa_high"], 2)


def _by_reader(prevalence: pd.DataFrame, labels: Labels) -> pd.DataFrame:
    """All readings, majority, any reader; a column a reader, or of many the least and the most."""
    lines = []
    for first, rows in _lines(prevalence.assign(category="")):
        line = _about(first, labels)
        shares = {row["reader_id"]: row for row in rows}
        line |= {title: _share(shares.pop(who)) for who, title in _POOLED.items()}
        if len(shares) <= _READERS_ACROSS:
            line |= {reader: _share(row) for reader, row in shares.items()}
        else:
            known = {reader: row for reader, row in shares.items() if not pd.isna(row["prevalence"])}
            for name, choose in (("Lowest", min), ("Highest", max)):
                reader = choose(known, key=lambda one: known[one]["prevalence"]) if known else ""
                line[name] = f"{_share(known[reader])}\n{reader}" if known else NOT_ESTIMABLE
        lines.append(line)
    return pd.DataFrame(lines).fillna("")


def _share(row: dict) -> str:
    return with_interval(100 * row["prevalence"], 100 * row["low"], 100 * row["high"], 0)


def _effects(effects: pd.DataFrame, labels: Labels) -> pd.DataFrame:
    rows = [
        {
            **_about(row, labels),
            "Light's κ": estimate(row["light_kappa"], 2),
            "Conger's κ": estimate(row["conger_kappa"], 2),
            **_cochran(row),
        }
        for row in effects.to_dict("records")
    ]
    return pd.DataFrame(rows)


def _cochran(row: dict) -> dict[str, str]:
    """Cochran's Q asks of one answer, present or not: an item of several categories has it for each, not as a whole."""
    if pd.isna(row["n_complete_cases"]):
        return {"Complete cases": "", "Cochran's Q": "", "p": ""}
    p = row["cochran_p"]
    return {
        "Complete cases": f"{row['n_complete_cases']:.0f}",
        "Cochran's Q": estimate(row["cochran_q"], 2),
        "p": "" if pd.isna(p) else "<0.001" if p < 0.001 else number(p),
    }


def repeats_section(tables: StatisticsTables, labels: Labels) -> Iterator[Flowable]:
    """Agreement of readers with themselves on hidden repeats: all readers, and each by their observed agreement."""
    rows = tables.pairs["intra_reader"]
    rows = rows[(rows["uncertain_as"] == LEFT_OUT) & (rows["n_pairs"] > 0)] if not rows.empty else rows
    if rows.empty:
        return
    yield from heading("repeats")
    note = (
        "First reading and hidden repeat of the same case; uncertain answers left out. Agreement: observed, of all "
        "readers; under a reader's name, their own with its number of pairs. Each reader's κ and AC1: intra_reader.csv."
    )
    yield from captioned("Hidden repeats", _repeats(rows, labels), note)


def _repeats(rows: pd.DataFrame, labels: Labels) -> pd.DataFrame:
    readers = [reader for reader in dict.fromkeys(rows["reader_id"]) if reader != ALL]
    lines: dict[tuple[str, str], dict[str, str]] = {}
    for row in rows.to_dict("records"):
        line = lines.setdefault((row["item"], row["category"]), _about(row, labels))
        observed = number(row["observed_agreement"], 2)
        if row["reader_id"] == ALL:
            line |= {
                "Pairs": str(row["n_pairs"]),
                "Agreement": observed,
                "Cohen's κ": with_interval(row["cohen_kappa"], row["cohen_kappa_low"], row["cohen_kappa_high"], 2),
                "AC1": with_interval(row["ac1"], row["ac1_low"], row["ac1_high"], 2),
            }
        elif len(readers) <= _READERS_ACROSS:
            line[row["reader_id"]] = f"{observed}\u00a0[{row['n_pairs']}]"
    columns = ["Item", "Pairs", "Agreement", "Cohen's κ", "AC1", *(readers if len(readers) <= _READERS_ACROSS else [])]
    return pd.DataFrame(list(lines.values()), columns=columns).fillna("")
