import pytest

from readerapp.reading.pages import paragraphs


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("Read\nalone.\n\nSay what\nyou see.\n", "Read alone.\n\nSay what you see."),
        ("Remember:\n- one\n- two", "Remember:\n- one\n- two"),
        ("1 first\n2 second", "1 first\n2 second"),
        ("", ""),
    ],
)
def test_lines_of_a_paragraph_are_joined_and_lists_kept(text: str, shown: str) -> None:
    assert paragraphs(text) == shown
