from pathlib import Path

import pytest

from engine.artifacts import file_part, file_stem


@pytest.mark.parametrize(
    ("name", "stem"),
    [
        ("film.dcm", "film"),
        ("FILM.DCM", "FILM"),
        ("brain.nii.gz", "brain"),
        ("a.b.png", "a.b"),
        ("1.2.840.113619.2.1.dcm", "1.2.840.113619.2.1"),
        ("1.2.840.113619.2.1", "1.2.840.113619.2.1"),  # files of a DICOM archive have no ending
        ("IM0001", "IM0001"),
        (".png", ".png"),
    ],
)
def test_two_images_named_by_their_uid_do_not_share_a_name(name: str, stem: str) -> None:
    assert file_stem(Path("folder.of") / name) == stem


def test_targets_are_safe_in_names_of_files() -> None:
    assert file_part("a/b\\c: d") == "a_b_c_d"
    assert file_part("pleural_effusion") == "pleural_effusion"
