"""Errors of reader studies: one base, small leaves; messages say what happened, with the value, and what to do."""


class StudyError(Exception):
    """Anything a study cannot do with what it was given; the message is shown to a person as it is."""


class ProtocolError(StudyError):
    """A protocol that is not valid; the message names the entry and the value."""


class AccessError(StudyError):
    """A wrong passphrase, an unknown reader, or something a reader may not see."""


class SealError(StudyError):
    """A study that is not sealed, is sealed already, or whose seal is not the one expected."""


class ReadingError(StudyError):
    """An answer, mark or move the protocol does not allow."""


class RatingsError(StudyError):
    """A table of readings that cannot be understood."""
