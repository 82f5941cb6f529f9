"""Ready-made items to build a protocol from: the vocabularies that ship with the program."""

import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from resources.files import shipped_file, shipped_files
from studies.errors import ProtocolError
from studies.protocol import Item
from studies.protocol_sentences import nearest, sentences


@dataclass(frozen=True)
class Vocabulary:
    """A list of items with a version, so that a protocol can say which wording its readers had."""

    name: str
    version: str
    title: str
    source: str
    items: tuple[Item, ...]
    modalities: tuple[str, ...] = ()  # of the images it is made for, as DICOM writes them (0008,0060)
    body_parts: tuple[str, ...] = ()  # as DICOM writes them (0018,0015); empty for any

    def fits(self, modalities: Sequence[str], body_parts: Sequence[str]) -> bool:
        """Whether it is made for a cohort of these; a body part that a cohort does not tell excludes none."""
        told = {part.upper() for part in body_parts if part}
        of_part = not self.body_parts or not told or bool(told & set(self.body_parts))
        return bool({name.upper() for name in modalities} & set(self.modalities)) and of_part


class _File(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)
    version: str = Field(min_length=1)
    title: str = Field(min_length=1)
    source: str = ""
    modalities: tuple[str, ...] = ()
    body_parts: tuple[str, ...] = ()
    items: tuple[Item, ...] = Field(min_length=1)


def vocabulary_names() -> tuple[str, ...]:
    """Names of the shipped vocabularies, e.g. `chest_confounders`."""
    return tuple(file.stem for file in shipped_files("vocabularies") if file.suffix == ".toml")


def shipped_vocabulary(name: str) -> Vocabulary:
    """A shipped vocabulary. Raises ProtocolError for a name that does not exist."""
    if name not in vocabulary_names():
        raise ProtocolError(f"there is no vocabulary '{name}'; {nearest(name, vocabulary_names())}")
    return load_vocabulary(shipped_file(f"vocabularies/{name}.toml"))


def load_vocabulary(path: Path) -> Vocabulary:
    """A vocabulary from a TOML file. Raises ProtocolError naming the wrong entry."""
    try:
        file = _File.model_validate(tomllib.loads(path.read_text(encoding="utf-8")))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise ProtocolError(f"the vocabulary {path.name} cannot be read: {error}") from error
    except ValidationError as error:
        raise ProtocolError(f"{path.name}: {sentences(error)}") from error
    for what, names in (("id", [i.id for i in file.items]), ("key", [i.key for i in file.items if i.key])):
        if twice := [name for name in names if names.count(name) > 1]:
            raise ProtocolError(f"{path.name}: item {what} '{twice[0]}' is given twice")
    return Vocabulary(path.stem, file.version, file.title, file.source, file.items, file.modalities, file.body_parts)
