"""A sealed study with aided and sham arms that two readers have read: r1 follows what is shown, r2 confirms."""

from pathlib import Path

from readerapp.reading.session import ReadingSession
from studies.planning.sealing import create_study, seal_study
from studies.reading.study import open_as_reader
from tests.studies.made_cohorts import AIDED_AND_SHAM, passphrases, protocol_text, write_small_cohort
from tests.studies.made_maps import RuleExplainer, make_run

PHRASES = passphrases("r1", "r2")
CASES = 12
WIRES = '[[items]]\nid = "wires"\ntext = "Sternal wires"\ngroup = "treatment"\n'


def make_explained(folder: Path, share: float = 0.5, cases: int = CASES, items: str = "") -> Path:
    """Sealed, not read yet: of each reader's cases that share is aided, and as many are shams. items: more of them."""
    make_run(folder / "run")
    cohort = write_small_cohort(folder / "cohort", [f"p{n}" for n in range(cases)])
    (folder / "protocol.toml").write_text(protocol_text(AIDED_AND_SHAM.format(share=share), items), encoding="utf-8")
    root = create_study(folder / "protocol.toml", cohort, folder / "study")
    seal_study(root, PHRASES, explainer=RuleExplainer())
    return root


def read_explained(root: Path, reader: str) -> None:
    """Every case: first by turns absent and present; then r1 says present wherever a map was shown, r2 confirms."""
    view = open_as_reader(root, reader, PHRASES[reader])
    session = ReadingSession(view)
    films = sorted({image for p in view.presentations for image in p.images})
    while not session.finished:
        session.open_next()
        session.painted()
        session.answer("drain", "present" if films.index(session.presentation.images[0]) % 2 else "absent")
        session.answer_rest_absent()
        if session.finish().kind == "explained":
            session.show_explanation(True, 0.45)
            if reader == "r1":
                session.answer("drain", "present")
            session.confirm_rest()
            session.finish()
    session.end()
    view.close()
