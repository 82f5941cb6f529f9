"""Errors of the engine: one base, small leaves; messages say what happened, with the value, and what to do."""


class EngineError(Exception):
    """Anything the engine cannot do with what it was given; the message is shown to a person as it is."""


class ImageError(EngineError):
    """A file that cannot be opened as an image; the message names the file and what is wrong with it."""


class CohortError(EngineError):
    """A cohort that cannot be made or read."""


class JobError(EngineError):
    """A spec, a run folder or a training that cannot go on; the run folder stays as it is and can be resumed."""


class ExportError(EngineError):
    """Tables or figures that cannot be written; what was there before is untouched."""


class FrameError(EngineError):
    """Bytes from a process or file that are no frame of `engine.messages`; nothing after them can be trusted."""


class Cancelled(EngineError):
    """The person who asked for a long operation has asked to stop it."""
