"""Which program wrote something, and when: what drafts, seals, packs and events record."""

from datetime import UTC, datetime
from importlib import metadata


def software_version() -> str:
    """Version of this program; "unknown" where it runs without having been installed."""
    try:
        return metadata.version("readerapp")
    except metadata.PackageNotFoundError:
        return "unknown"


def utc_now() -> datetime:
    """The workstation's wall clock, in UTC."""
    return datetime.now(UTC)


def wall_text(moment: datetime) -> str:
    """ISO 8601 in UTC, to the millisecond, e.g. "2026-03-01T09:30:00.125Z"."""
    return moment.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
