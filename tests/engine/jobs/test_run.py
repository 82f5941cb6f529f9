import json
import subprocess
import sys
from pathlib import Path

import pytest

from engine.errors import JobError
from engine.jobs.making import make_spec
from engine.jobs.run import RunFolder, create_run, open_run, spec_sha256
from engine.jobs.specs import CohortSource, DiffusionSpec
from engine.locking import held, is_held

HOLDER = """
import sys
from pathlib import Path
from engine.locking import held
with held(Path(sys.argv[1]), "held"):
    print("held", flush=True)
    sys.stdin.read()
"""


@pytest.fixture
def run(tmp_path: Path) -> RunFolder:
    return create_run(tmp_path / "run", make_spec("race", settings={"epochs": 2}), {"torch": "2.11"})


def test_a_run_opens_as_it_was_made(run: RunFolder) -> None:
    assert open_run(run.path).spec == run.spec
    assert run.state() == "queued"
    assert run.predictions("chest", "val").relative_to(run.path) == Path("predictions/chest/val.csv")


def test_a_folder_with_something_in_it_is_refused(run: RunFolder) -> None:
    with pytest.raises(JobError, match="is not empty; choose another folder, or go on with `engine resume"):
        create_run(run.path, run.spec)


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        (None, "is not a run: it has no spec.json"),
        ("{", "cannot be read"),
        ('{"spec": {"task": "race", "epochs": 0}}', "epochs: Input should be greater than or equal to 1"),
        ('{"spec": {"task": "race", "import_me": "os"}}', "import_me: Extra inputs are not permitted"),
        ('{"spec": {"task": "dreaming"}}', "there is no task 'dreaming'"),
    ],
)
def test_what_is_no_run_is_named(tmp_path: Path, text: str | None, sentence: str) -> None:
    if text is not None:
        (tmp_path / "spec.json").write_text(text)
    with pytest.raises(JobError) as caught:
        open_run(tmp_path)
    assert sentence in str(caught.value)


def test_the_hash_of_a_spec_does_not_depend_on_where_cohorts_lie() -> None:
    here, there = (
        make_spec("race", [CohortSource(name="a", path=path, sha256="12")]) for path in ("/here/a", "D:\\there")
    )
    assert spec_sha256(here) == spec_sha256(there)
    assert spec_sha256(here) != spec_sha256(make_spec("race"))


def test_a_run_whose_process_was_killed_is_interrupted(run: RunFolder) -> None:
    """The lock is the system's: it is free as soon as its holder is dead, however it died."""
    holder = subprocess.Popen(
        [sys.executable, "-c", HOLDER, str(run.lock)], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    )
    assert holder.stdout is not None and holder.stdout.readline().strip() == b"held"
    run.log.say("state", state="running")
    assert run.state() == "running" and is_held(run.lock)
    with pytest.raises(JobError, match="taken"), held(run.lock, "taken"):
        pass
    holder.kill()
    holder.wait()
    assert run.state() == "interrupted"
    with held(run.lock, "taken"):
        assert is_held(run.lock)


def test_cancelling_is_a_file(run: RunFolder) -> None:
    assert not run.cancel_asked
    run.ask_to_cancel()
    assert run.cancel_asked


def test_an_entry_that_specs_gained_later_is_read_as_what_was_before(tmp_path: Path) -> None:
    """A diffusion run of before `places`: its network has none, though it is the default now, and its hash stays."""
    run = create_run(tmp_path / "run", make_spec("diffusion", settings={"places": False}))
    path = run.path / "spec.json"
    facts = json.loads(path.read_text(encoding="utf-8"))
    del facts["spec"]["places"]
    path.write_text(json.dumps(facts), encoding="utf-8")
    spec = open_run(run.path).spec
    assert isinstance(spec, DiffusionSpec) and not spec.places
    assert spec_sha256(spec) == facts["spec_sha256"] != spec_sha256(make_spec("diffusion"))
