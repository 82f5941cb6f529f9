"""The running text of a report: the methods paragraph, what a chain of hashes cannot prove, the GRRAS items."""

from collections.abc import Sequence
from dataclasses import dataclass

from engine.rounding import counted
from studies.exports.methods import software_sentence
from studies.exports.record import StudyRecord
from studies.planning.selection import condition_text
from studies.protocol import Protocol
from studies.statistics.ratings import Ratings

CANNOT_PROVE = (
    "Every event holds the SHA-256 of the event before it in its chain, so an event that was changed, removed or put "
    "in later breaks the chain, and the heads above stand for everything that came before them.",
    "The chains have no secret key. Somebody who can write to the study's folder could compute a chain anew from its "
    "beginning; only a head that was noted elsewhere at the time (by the reader at the end of a session, by the desk "
    "whenever it was opened, in an earlier export) shows that. Compare the heads above with such notes.",
    "Nor do they prove who sat at the workstation beyond knowing the passphrase, that its clock was right, that "
    "readers did not see the images or speak about them elsewhere, or that the images were the patients' before "
    "they were sealed. The journal is designed to support an audit; it is no claim of compliance with any regulation.",
)


def selection_sentences(protocol: Protocol) -> list[str]:
    """Which images became cases, as the sealed protocol says it."""
    chosen = protocol.selection
    lines = []
    if chosen.filter:
        lines.append("Filter: " + "; ".join(condition_text(*one) for one in chosen.filter.items()))
    for stratum in chosen.strata:
        where = "; ".join(condition_text(*one) for one in stratum.where.items())
        lines.append(f"{stratum.name}: {stratum.n} cases (or all, if fewer) with {where}")
    return lines or ["Every image of the cohort"]


def order_sentence(protocol: Protocol) -> str:
    """Each reader's order, spacing and hidden repeats."""
    order = protocol.order
    words = f"Each reader had a private random order (seed {order.seed})"
    if order.patient_spacing:
        words += f", with at least {counted(order.patient_spacing, 'other case')} between two cases of one patient"
    if not order.repeat_share:
        return words + "; no case was repeated"
    return (
        f"{words}; {100 * order.repeat_share:g} % of the unaided cases were shown a second time under a new code, at "
        f"least {counted(order.repeat_distance, 'place')} later"
    )


def navigation_sentence(protocol: Protocol) -> str:
    rules = protocol.navigation
    return "; ".join(
        (
            "a finished case may be reopened, which is recorded" if rules.back else "a finished case stays closed",
            "one key may answer the rest absent" if rules.rest_absent else "no key answers the rest absent",
            "every item has to be answered" if rules.require_complete else "items may be left open after one question",
        )
    )


def sessions_sentence(protocol: Protocol) -> str:
    sessions = protocol.sessions
    words = counted(sessions.parts, "part")
    if sessions.parts > 1 and sessions.washout_days:
        words += f", at least {sessions.washout_days:g} days apart"
    return words + (f"; a break after {counted(sessions.cap, 'case')}" if sessions.cap else "; no cap on a sitting")


BLINDING = (
    "Readers saw images under random codes, without names, identifiers, dates, diagnosis or sampling stratum, and "
    "never another reader's answers. Every item was asked of every case. Hidden repeats had codes of their own."
)


def methods_paragraphs(record: StudyRecord, ratings: Ratings, redraws: int, seed: int) -> list[str]:
    """Methods as a manuscript prints them, from the sealed design and what was counted."""
    return [_design(record, ratings), _readings(record), _statistics(record, ratings, redraws, seed), _software(record)]


def _design(record: StudyRecord, ratings: Ratings) -> str:
    protocol = record.protocol
    unit = {"image": "image", "study": "imaging study", "patient": "patient"}[protocol.case_unit]
    cases, patients = counted(len(ratings.case_ids), "case"), counted(len(ratings.patient_ids), "patient")
    readers = counted(len(ratings.reader_ids), "reader")
    return (
        f"A total of {cases} of {patients} (a case is one {unit}), {_sampling(protocol)}, "
        f"{'was' if len(ratings.case_ids) == 1 else 'were'} read by {readers} independently of each other. "
        f"The protocol asked {counted(len(protocol.items), 'item')} of every case, whatever its stratum; presence "
        "items were answered absent, present, uncertain or not assessable. Protocol, cases and every reader's order "
        "were fixed and hashed before the first reading."
    )


def _sampling(protocol: Protocol) -> str:
    strata = protocol.selection.strata
    if not strata:
        return "all that met the inclusion filter"
    sizes = [str(stratum.n) for stratum in strata]
    most = f"{sizes[0]} cases each" if len(set(sizes)) == 1 else f"{_listed(sizes)} cases"
    return (
        f"sampled from {counted(len(strata), 'stratum').replace('stratums', 'strata')} of up to {most} (seed "
        f"{protocol.selection.seed}; cases ranked by SHA-256)"
    )


def _readings(record: StudyRecord) -> str:
    protocol = record.protocol
    aided = [arm for arm in protocol.arms if arm.kind != "unaided"]
    sentences = [BLINDING, f"{order_sentence(protocol)}."]
    if aided:
        named = _listed([f"{arm.name} ({100 * arm.share:g} % of each reader's cases)" for arm in aided])
        sentences.append(
            f"After the unaided answers were locked, an explanation was shown: {named}, balanced by reader. Each "
            "answer was then confirmed or changed; none was filled in."
        )
        if any(arm.kind == "sham" for arm in aided):
            sentences.append(
                "Sham explanations came from the same network with random weights, drawn anew for each image, and "
                "looked alike."
            )
    if protocol.training:
        n = counted(protocol.training.n, "practice case")
        sentences.append(f"Reading began with {n} with feedback, which were not analysed.")
    sentences.append(
        "Time at work on a case ran from the first painting of its images to its end, without time during which the "
        f"window was inactive or no input came for more than {protocol.timing.away_limit_s:g} s."
    )
    return " ".join(sentences)


def _statistics(record: StudyRecord, ratings: Ratings, redraws: int, seed: int) -> str:
    repeats = (
        " Agreement of readers with themselves is Cohen's kappa and AC1 between first reading and hidden repeat; "
        "repeats entered nothing else."
        if len(ratings.repeats.case)
        else ""
    )
    ordered = (
        " Ordered options were taken as unordered: the coefficients are not weighted by how far two answers lie apart."
        if any(item.kind == "ordinal" for item in record.protocol.items)
        else ""
    )
    return (
        "Agreement between readers was measured by Fleiss' kappa with 95 % intervals from Gwet's linearised variance, "
        "terms summed by patient, and the t distribution on patients − 1 degrees of freedom; beside it stands the 95 % "
        f"percentile bootstrap over patients ({redraws} redraws, seed {seed}), withheld where more than 5 % of redraws "
        "had no kappa. Because kappa depends on prevalence, Gwet's AC1, the prevalence- and bias-adjusted kappa "
        "(PABAK), Krippendorff's alpha and specific positive and negative agreement are given with it. Prevalences "
        "have Wilson's intervals, adjusted for repeated patients. Uncertain answers were left out of the tables here "
        "(the exported tables also count them as present and as absent); not assessable and missing answers were left "
        "out. Coefficients that the data do not determine are reported as not estimable, with the reason. Readers were "
        f"taken as fixed: intervals speak of further cases read by these readers.{ordered}{repeats}"
    )


def _software(record: StudyRecord) -> str:
    design = record.design
    heads = "; ".join(f"{chain} {head[:16]}" for chain, head in sorted(record.heads.items()))
    return (
        f"The study was sealed at {design.sealed_at} by version {design.software} of readerapp with the allocation "
        f"{design.algorithm} (SHA-256, first 16 of 64 digits: seal {design.seal_hash[:16]}; protocol "
        f"{design.protocol_sha256[:16]}; cohort rows {design.cohort_sha256[:16]}). Every answer was kept in an "
        f"append-only journal with a hash chain for each reader, whose heads are {heads}. Statistics and figures: "
        f"{software_sentence()}."
    )


def _listed(names: Sequence[str]) -> str:
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"


@dataclass(frozen=True)
class Guideline:
    """An item of GRRAS, in our words, and where the report answers it (marks of headings); "" is for the authors."""

    number: str
    asks: str
    marks: tuple[str, ...]
    remark: str = ""


# Kottner J, Audigé L, Brorson S, et al. Guidelines for Reporting Reliability and Agreement Studies (GRRAS).
# J Clin Epidemiol 2011; 64: 96–106. Paraphrased.
GRRAS = (
    Guideline("1", "Title or abstract names agreement or reliability as the aim", (), "for the authors"),
    Guideline("2", "Names and describes the measurement of interest", ("design",), "items and definitions"),
    Guideline("3", "Specifies the population of subjects", ("design", "flow")),
    Guideline("4", "Specifies the population of raters", ("readers",)),
    Guideline("5", "Says what is known already and why the study is done", (), "for the authors"),
    Guideline("6", "Explains numbers of subjects, raters and replicates", ("design", "flow"), "their choice: authors"),
    Guideline("7", "Describes how subjects and raters were sampled", ("design", "flow"), "raters: authors"),
    Guideline(
        "8", "Describes the rating: interval between repeats, information at hand, blinding", ("design", "methods")
    ),
    Guideline("9", "Says whether ratings were made independently", ("design", "methods")),
    Guideline("10", "Describes the statistical analysis", ("methods",)),
    Guideline("11", "States the numbers of raters and subjects included, and of replicates", ("flow", "repeats")),
    Guideline("12", "Describes raters and subjects: training, experience", ("readers",), "subjects: authors"),
    Guideline("13", "Reports estimates with their uncertainty", ("tables", "agreement", "pairs")),
    Guideline("14", "Discusses what the results mean in practice", (), "for the authors"),
    Guideline("15", "Gives detailed results, if possible online", ("agreement", "proof"), "the exported tables"),
)
