"""What measurements and the probe say, in words: lengths in mm only where the header gives a spacing."""

from collections.abc import Callable, Sequence

from PySide6.QtCore import QCoreApplication, QObject, QThreadPool, Signal

from engine.images.image import Image
from engine.images.measuring import Measured, RegionStatistics, measured, region_statistics, value_at
from studies.reading.marks import MEASUREMENTS, Point
from studies.reading.masks import Mask, area_px

__all__ = ["MarkValues", "probe_text"]

translate = QCoreApplication.translate  # by the name that `pyside6-lupdate` looks for

_AT_ONCE = 300_000  # pixels of a region whose statistics take a few ms; larger ones are worked out aside
_KEPT = 64
Lines = tuple[str, ...]


class MarkValues(QObject):
    """Texts of the measurements on one canvas; statistics of large regions come when they are worked out."""

    changed = Signal()
    _worked_out = Signal(object, object)

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._image: Image | None = None
        self._known: dict[object, Lines] = {}
        self._asked: object = None
        self._worked_out.connect(self._take)

    def show(self, image: Image | None) -> None:
        """Another image."""
        self._image = image
        self._known.clear()
        self._asked = None

    def lines(self, kind: str, points: Sequence[Point], frame: int, selected: bool) -> Lines:
        """What a mark says beside its label; a selected box or ellipse tells its statistics too."""
        image = self._image
        is_region = kind == "region" or (selected and kind in ("box", "ellipse"))
        if image is None or not (kind in MEASUREMENTS or is_region):
            return ()
        key = (id(image), kind, tuple(points), frame)
        if key not in self._known:
            self._work_out(image, key, kind, points, frame, is_region)
        return self._known[key]

    def area(self, mask: Mask) -> Lines:
        """The area of a painted region."""
        image = self._image
        if image is None:
            return ()
        rows, columns = image.spacing_mm or (1.0, 1.0)
        return (_value_text(Measured(area_px(mask) * rows * columns, "mm²" if image.spacing_mm else "px²"), image),)

    def _work_out(
        self, image: Image, key: object, kind: str, points: Sequence[Point], frame: int, is_region: bool
    ) -> None:
        while len(self._known) >= _KEPT:
            del self._known[next(iter(self._known))]
        value = measured(kind, points, image.spacing_mm)
        if not is_region:
            self._known[key] = (_value_text(value, image),)
            return

        def work() -> Lines:
            shape = "box" if kind == "box" else "ellipse"
            return _region_lines(image, value, region_statistics(image, frame, shape, points))  # type: ignore[arg-type]

        if measured("box", points, None).value <= _AT_ONCE:
            self._known[key] = work()
        else:
            self._known[key] = (_value_text(value, image), "…")
            self._aside(key, work)

    def _aside(self, key: object, work: Callable[[], Lines]) -> None:
        """Only what was asked last is worked out: a drag asks at every step."""
        self._asked = key

        def run() -> None:
            if self._asked == key:
                lines = work()
                try:
                    self._worked_out.emit(key, lines)
                except RuntimeError:  # the canvas is gone
                    return

        QThreadPool.globalInstance().start(run)

    def _take(self, key: object, lines: Lines) -> None:
        if key in self._known:
            self._known[key] = lines
            self.changed.emit()


def probe_text(image: Image, frame: int, point: Point) -> str:
    """The value under a point with its unit: "−612 HU", "R 12  G 8  B 200"; "" outside the image."""
    if not (-0.5 <= point[0] < image.columns - 0.5 and -0.5 <= point[1] < image.rows - 0.5):
        return ""
    values = value_at(image, frame, point)
    if values is None:
        return translate("Measured", "no value")
    if len(values) == 3:
        return "R {:.0f}  G {:.0f}  B {:.0f}".format(*values)
    return f"{_number(values[0])}{_unit(image)}"


def _value_text(value: Measured, image: Image) -> str:
    number = f"{value.value:.0f}" if value.value >= 1000 else f"{value.value:.1f}"
    text = f"{number}{'' if value.unit == '°' else ' '}{value.unit}"
    if value.unit.startswith("mm") and not image.spacing_calibrated:
        return f"{text} " + translate("Measured", "at the detector")
    return text


def _region_lines(image: Image, area: Measured, found: RegionStatistics | None) -> Lines:
    if found is None:
        return (_value_text(area, image),)
    unit = _unit(image)
    mean = translate("Measured", "mean {mean}{unit}  SD {sd}").format(
        mean=_number(found.mean), unit=unit, sd=_number(found.sd)
    )
    ends = translate("Measured", "min {least}  max {most}").format(least=_number(found.least), most=_number(found.most))
    return _value_text(area, image), mean, ends


def _unit(image: Image) -> str:
    return f" {image.units}" if image.units and image.units != "US" else ""


def _number(value: float) -> str:
    text = f"{value:.0f}" if value == round(value) or abs(value) >= 1000 else f"{value:.4g}"
    return text.replace("-", "−")
