"""One measured figure: what it is, its goal, and how it compares with the peer measured in the same run."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Figure:
    """`name` within its area; `goal` as printed ("<= 10", ">= 100"); `ok` whether the goal was met.

    `ratio` is the peer's cost over ours (above 1: we are cheaper), None where the figure has no peer.
    """

    name: str
    value: float
    unit: str
    goal: str
    ok: bool
    ratio: float | None = None
    note: str = ""  # what was sampled and scaled, where anything was

    def line(self, area: str) -> str:
        """`area.name  value  unit  goal  ratio-to-peer  ok|MISS`, fields two spaces apart; "-" where there is none."""
        ratio = "-" if self.ratio is None else f"{self.ratio:.4g}x"
        fields = [f"{area}.{self.name}", f"{self.value:.4g}", self.unit or "-", self.goal or "-", ratio]
        line = "  ".join([*fields, "ok" if self.ok else "MISS"])
        return f"{line}  ({self.note})" if self.note else line
