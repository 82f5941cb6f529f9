"""The planted relations of a simulated cohort: who has which finding, which device goes with it, what sites leave.

A table states P(finding | group) and P(device | findings, group). Where several listed findings are present, the
largest probability holds, so that each entry is a floor that can be checked in the cohort.
"""

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field, fields, replace
from pathlib import Path
from typing import Any, Literal, get_args

from engine.errors import CohortError

Finding = Literal[
    "pleural_effusion", "pneumothorax", "cardiomegaly", "consolidation", "nodule", "congestion", "atelectasis"
]
Device = Literal[
    "endotracheal_tube",
    "central_venous_catheter_jugular",
    "central_venous_catheter_subclavian",
    "nasogastric_tube",
    "chest_drain",
    "single_chamber_pacemaker",
    "dual_chamber_pacemaker",
    "sternal_wires",
    "artificial_heart_valve",
    "ecg_leads",
]
Region = Literal["everywhere", "lungs", "outside_lungs", "heart"]
FINDINGS: tuple[Finding, ...] = get_args(Finding)
DEVICES: tuple[Device, ...] = get_args(Device)
REGIONS: tuple[Region, ...] = get_args(Region)
PACEMAKERS: tuple[Device, Device] = ("single_chamber_pacemaker", "dual_chamber_pacemaker")
CHRONIC = frozenset(
    {"cardiomegaly", "single_chamber_pacemaker", "dual_chamber_pacemaker", "sternal_wires", "artificial_heart_valve"}
)


@dataclass(frozen=True)
class DeviceRate:
    """P(device | findings) of one group: `otherwise` without any of the findings in `given`."""

    otherwise: float = 0.0
    given: Mapping[str, float] = field(default_factory=dict)

    def probability(self, findings: Iterable[str]) -> float:
        """The largest of the entries whose finding is present."""
        listed = [self.given[finding] for finding in findings if finding in self.given]
        return max(listed) if listed else self.otherwise


@dataclass(frozen=True)
class RaceSignal:
    """A texture that tells the race label and nothing else: same power for every group, another orientation.

    It fills the band of spatial frequencies `low` to `high` (cycles per cm at the detector) around an orientation that
    depends on the group, symmetric under flips, so that neither mean nor power gives the group away.
    """

    strength: float = 0.005  # root mean square inside the region, in presentation units [0, 1]; 0: no signal at all
    low: float = 1.5
    high: float = 3.0
    region: Region = "lungs"


@dataclass(frozen=True)
class Site:
    """What a hospital's equipment leaves in a picture."""

    brightness: float = 0.0  # shift of the tone curve's midpoint, presentation units
    contrast: float = 1.0  # factor on the tone curve's slope
    sharpening: float = 1.0  # factor on edge enhancement
    dose: float = 1.0  # factor on the photon count
    marker: Literal["plain", "framed", "initials"] = "plain"
    monochrome1: float = 0.0  # share of files stored as MONOCHROME1


@dataclass(frozen=True)
class ConfoundingTable:
    """Everything about the cohort that is planted. Probabilities are in [0, 1]; a group is a race label."""

    races: Mapping[str, float]  # share of patients
    findings: Mapping[str, Mapping[str, float]]  # finding → group → P(finding | group)
    devices: Mapping[str, Mapping[str, DeviceRate]]  # device → group → P(device | findings, group)
    sites: Mapping[str, Site]
    site_shares: Mapping[str, Mapping[str, float]]  # group → site → P(site | group)
    race_signal: RaceSignal = RaceSignal()
    female: float = 0.48  # P(sex = F)
    device_density: float = (
        1.0  # factor on what devices absorb: more, for experiments so small that a tube would vanish
    )

    def __post_init__(self) -> None:
        _check_shares("races", self.races)
        for group in self.races:
            _check_shares(f"site_shares.{group}", self.site_shares[group])
        for name, value in self._probabilities():
            if not 0 <= value <= 1:
                raise CohortError(f"confounding table: {name} = {value} is no probability; give a number from 0 to 1")
        if self.race_signal.strength < 0 or not 0 <= self.race_signal.low < self.race_signal.high:
            raise CohortError("confounding table: race_signal needs strength >= 0 and 0 <= low < high")
        if not self.device_density > 0:
            raise CohortError(f"confounding table: device_density = {self.device_density} must be above 0")
        if self.race_signal.region not in REGIONS:
            raise CohortError(f"confounding table: race_signal.region is one of {', '.join(REGIONS)}")
        for group in self.races:
            if sum(self._largest(kind, group) for kind in PACEMAKERS) > 1:
                raise CohortError(f"confounding table: {' and '.join(PACEMAKERS)} exclude each other; sum above 1")

    def _largest(self, device: str, group: str) -> float:
        rate = self.devices.get(device, {}).get(group, DeviceRate())
        return max(rate.otherwise, *rate.given.values(), 0.0)

    def _probabilities(self) -> Iterable[tuple[str, float]]:
        yield "female", self.female
        for finding, groups in self.findings.items():
            yield from ((f"findings.{finding}.{group}", value) for group, value in groups.items())
        for device, rates in self.devices.items():
            for group, rate in rates.items():
                yield f"devices.{device}.{group}.otherwise", rate.otherwise
                yield from ((f"devices.{device}.{group}.{finding}", value) for finding, value in rate.given.items())

    def finding_probability(self, finding: str, group: str) -> float:
        """P(finding | group)."""
        return self.findings.get(finding, {}).get(group, 0.0)

    def device_probability(self, device: str, findings: Iterable[str], group: str) -> float:
        """P(device | findings, group)."""
        rate = self.devices.get(device, {}).get(group)
        return rate.probability(findings) if rate else 0.0

    def to_json(self) -> dict[str, Any]:
        """Plain values, as `cohort.json` keeps them."""
        return asdict(self)


def _check_shares(name: str, shares: Mapping[str, float]) -> None:
    if not shares or min(shares.values()) < 0 or abs(sum(shares.values()) - 1) > 1e-6:
        raise CohortError(
            f"confounding table: the shares of {name} must be at least 0 and sum to 1; given {dict(shares)}"
        )


RACES = {"Asian": 0.2, "Black": 0.3, "White": 0.5}
FINDING_RATES = {
    "pleural_effusion": 0.26,
    "pneumothorax": 0.14,
    "cardiomegaly": 0.24,
    "consolidation": 0.20,
    "nodule": 0.10,
    "congestion": 0.20,
    "atelectasis": 0.18,
}
DEVICE_RATES: dict[str, tuple[float, dict[str, float]]] = {
    "endotracheal_tube": (0.06, {"consolidation": 0.35, "congestion": 0.20}),
    "central_venous_catheter_jugular": (0.10, {"pleural_effusion": 0.30, "consolidation": 0.35}),
    "central_venous_catheter_subclavian": (0.03, {"pneumothorax": 0.15}),
    "nasogastric_tube": (0.05, {"consolidation": 0.30, "atelectasis": 0.20}),
    "chest_drain": (0.01, {"pneumothorax": 0.70, "pleural_effusion": 0.25}),
    "single_chamber_pacemaker": (0.01, {"cardiomegaly": 0.12}),
    "dual_chamber_pacemaker": (0.02, {"cardiomegaly": 0.22}),
    "sternal_wires": (0.04, {"cardiomegaly": 0.30}),
    "artificial_heart_valve": (0.01, {"cardiomegaly": 0.15}),
    "ecg_leads": (0.10, {"congestion": 0.45, "pleural_effusion": 0.30}),
}
SITES = {
    "A": Site(),
    "B": Site(brightness=-0.04, contrast=1.12, sharpening=1.4, marker="framed", monochrome1=1.0),
    "C": Site(brightness=0.04, contrast=0.9, sharpening=0.7, dose=0.6, marker="initials", monochrome1=0.3),
}
SITE_SHARES = {
    "Asian": {"A": 0.5, "B": 0.25, "C": 0.25},
    "Black": {"A": 0.3, "B": 0.45, "C": 0.25},
    "White": {"A": 0.45, "B": 0.2, "C": 0.35},
}


def default_table() -> ConfoundingTable:
    """Devices that follow their findings as in a hospital, unequal sites, and a weak but learnable race signal.

    The signal's default is not zero, because an experiment about race needs something to find where the truth is known;
    Half a percent of the grey scale is hardly seen in the picture, where one hand-made feature ranks two groups with an
    area under the curve of about 0.75; at 1 % the eye sees a weave.
    """
    cardiomegaly = {"Asian": 0.20, "Black": 0.32, "White": 0.22}
    return ConfoundingTable(
        races=RACES,
        findings={name: dict.fromkeys(RACES, rate) for name, rate in FINDING_RATES.items()}
        | {"cardiomegaly": cardiomegaly},
        devices={name: dict.fromkeys(RACES, DeviceRate(*rate)) for name, rate in DEVICE_RATES.items()},
        sites=SITES,
        site_shares=SITE_SHARES,
    )


def flat_table() -> ConfoundingTable:
    """The same findings, devices and sites with nothing related to anything: what a study of no confounding needs."""
    marginal = {"chest_drain": 0.15, "single_chamber_pacemaker": 0.05, "dual_chamber_pacemaker": 0.08}
    return ConfoundingTable(
        races=RACES,
        findings={name: dict.fromkeys(RACES, rate) for name, rate in FINDING_RATES.items()},
        devices={name: dict.fromkeys(RACES, DeviceRate(marginal.get(name, 0.12))) for name in DEVICE_RATES},
        sites=SITES,
        site_shares={group: {"A": 0.4, "B": 0.3, "C": 0.3} for group in RACES},
        race_signal=RaceSignal(strength=0.0),
    )


TABLES = {"default": default_table, "flat": flat_table}
_SECTIONS = ("base", "female", "races", "findings", "devices", "sites", "site_shares", "race_signal", "device_density")


def load_table(path: Path) -> ConfoundingTable:
    """A table from TOML. `base = "default"` (or "flat") gives what the file leaves out.

    ::

        [findings]
        nodule = 0.2                                  # every group
        cardiomegaly = { Black = 0.5, White = 0.2, Asian = 0.2 }
        [devices.chest_drain]
        otherwise = 0.0
        pneumothorax = 0.9
        [devices.chest_drain.Black]                   # one group
        pneumothorax = 0.5
        [race_signal]
        strength = 0.02

    Before the first section may stand `female = 0.5` and `device_density = 6.0`, with which tubes are still seen at 64
    pixels. Raises CohortError with the entry that is wrong.
    """
    try:
        entries = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise CohortError(f"the confounding table {path} cannot be read: {error}") from error
    return table_from_entries(entries)


def table_from_entries(entries: Mapping[str, Any]) -> ConfoundingTable:
    """A table from the entries that `load_table` reads."""
    _reject_unknown("", entries, _SECTIONS)
    base = entries.get("base", "default")
    if base not in TABLES:
        raise CohortError(f"confounding table: base = '{base}' is unknown; it is one of {', '.join(TABLES)}")
    table = TABLES[base]()
    races = dict(entries.get("races", table.races))
    sites = {
        name: _filled(Site(), values, f"sites.{name}") for name, values in entries.get("sites", {}).items()
    } or table.sites
    even = dict.fromkeys(sites, 1 / len(sites))
    shares = {group: table.site_shares.get(group, even) if set(sites) == set(table.sites) else even for group in races}
    return ConfoundingTable(
        races=races,
        findings=_finding_rates(entries.get("findings", {}), table, races),
        devices=_device_rates(entries.get("devices", {}), table, races),
        sites=sites,
        site_shares=shares | _checked_groups("site_shares", entries.get("site_shares", {}), races, sites),
        race_signal=_filled(table.race_signal, entries.get("race_signal", {}), "race_signal"),
        female=_number(entries, "female", table.female),
        device_density=_number(entries, "device_density", table.device_density),
    )


def _number(entries: Mapping[str, Any], name: str, default: float) -> float:
    value = entries.get(name, default)
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise CohortError(f"confounding table: {name} = {value!r} is no number")
    return float(value)


def _reject_unknown(section: str, entries: Iterable[str], known: Iterable[str]) -> None:
    if odd := sorted(set(entries) - set(known)):
        raise CohortError(f"confounding table: [{section}] does not know '{odd[0]}'; it knows {', '.join(known)}")


def _filled(default: Any, values: Mapping[str, Any], section: str) -> Any:
    _reject_unknown(section, values, [f.name for f in fields(default)])
    return replace(default, **values)


def _checked_groups(
    section: str, entries: Mapping[str, Any], races: Iterable[str], inner: Iterable[str]
) -> dict[str, Any]:
    _reject_unknown(section, entries, races)
    for group, values in entries.items():
        _reject_unknown(f"{section}.{group}", values, inner)
    return dict(entries)


def _finding_rates(
    entries: Mapping[str, Any], table: ConfoundingTable, races: Iterable[str]
) -> dict[str, dict[str, float]]:
    _reject_unknown("findings", entries, FINDINGS)
    rates: dict[str, dict[str, float]] = {}
    for finding in FINDINGS:
        usual = table.findings[finding]
        mean = sum(usual.values()) / len(usual)
        entry = entries.get(finding, {})
        if isinstance(entry, Mapping):
            _reject_unknown(f"findings.{finding}", entry, races)
            rates[finding] = {group: float(entry.get(group, usual.get(group, mean))) for group in races}
        else:
            rates[finding] = dict.fromkeys(races, float(entry))
    return rates


def _device_rates(
    entries: Mapping[str, Any], table: ConfoundingTable, races: Iterable[str]
) -> dict[str, dict[str, DeviceRate]]:
    _reject_unknown("devices", entries, DEVICES)
    rates: dict[str, dict[str, DeviceRate]] = {}
    for device in DEVICES:
        entry = entries.get(device, {})
        _reject_unknown(f"devices.{device}", entry, ["otherwise", *FINDINGS, *races])
        usual = next(iter(table.devices[device].values()))
        rates[device] = _device_rate(table.devices[device], entry, usual, races)
    return rates


def _device_rate(
    usual_of: Mapping[str, DeviceRate], entry: Mapping[str, Any], fallback: DeviceRate, races: Iterable[str]
) -> dict[str, DeviceRate]:
    general = {key: value for key, value in entry.items() if not isinstance(value, Mapping)}
    rates = {}
    for group in races:
        usual = usual_of.get(group, fallback)
        stated = general | dict(entry.get(group, {}))
        otherwise = float(stated.pop("otherwise", usual.otherwise))
        rates[group] = DeviceRate(otherwise, {**usual.given, **{key: float(value) for key, value in stated.items()}})
    return rates
