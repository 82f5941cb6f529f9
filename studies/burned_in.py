"""Suspicion of text burned into the pixels: what a person should look at before a study goes to readers."""

from engine.images.image import Image


def suspect_burned_in(image: Image, *, declared: bool = False) -> str:
    """Why burned-in text is suspected, in one sentence; "" where it is not."""
    if declared:
        return "the header says that annotation is burned in (0028,0301)"
    return ""
