"""Plots as SVG elements, drawn without a library: reliability, the sweep of thresholds, slices."""

from collections.abc import Sequence
from dataclasses import dataclass
from xml.etree.ElementTree import Element, SubElement

from linkers.evaluation import Calibration, Counts
from linkers.evaluation.sweep import SweepPoint

WIDTH, HEIGHT = 520, 340
_LEFT, _RIGHT, _TOP, _BOTTOM = 56, 16, 16, 48
_ROW = 26
_MOST_SLICES = 40
_LINES = (("precision", "#1f5fa8"), ("recall", "#b8500c"), ("f1", "#2e7d4f"))


@dataclass(frozen=True, slots=True)
class _Frame:
    """Maps values to places within the axes; x rises to the right, y from the bottom."""

    low: tuple[float, float]
    high: tuple[float, float]

    def at(self, x: float, y: float) -> tuple[float, float]:
        across = (x - self.low[0]) / (self.high[0] - self.low[0])
        up = (y - self.low[1]) / (self.high[1] - self.low[1])
        return (
            round(_LEFT + across * (WIDTH - _LEFT - _RIGHT), 2),
            round(HEIGHT - _BOTTOM - up * (HEIGHT - _TOP - _BOTTOM), 2),
        )


def reliability_plot(calibration: Calibration, items: str = "mentions") -> Element:
    """Return the share of right answers against their mean probability, one dot a bin, its area by items."""
    frame = _Frame((0.0, 0.0), (1.0, 1.0))
    svg = _svg(HEIGHT, "Reliability: share of right answers by probability")
    _axes(svg, frame, "mean probability of the bin", "share right")
    _path(svg, [frame.at(0.0, 0.0), frame.at(1.0, 1.0)], "even")
    bins = [each for each in calibration.bins if each.probability is not None and each.right is not None]
    _path(svg, [frame.at(each.probability or 0.0, each.right or 0.0) for each in bins], "line")
    for each in bins:
        x, y = frame.at(each.probability or 0.0, each.right or 0.0)
        radius = 3.0 + 9.0 * (each.mentions / calibration.mentions) ** 0.5
        dot = SubElement(svg, "circle", {"cx": str(x), "cy": str(y), "r": f"{radius:.2f}", "class": "dot"})
        SubElement(dot, "title").text = (
            f"{each.low:.1f} to {each.high:.1f}: {each.mentions} {items}, "
            f"mean probability {each.probability:.3f}, right {each.right:.3f}"
        )
    return svg


def sweep_plot(points: Sequence[SweepPoint], items: str = "links") -> Element:
    """Return precision, recall and F1 of links, or other items, against the threshold."""
    frame = _Frame((0.0, 0.0), (1.0, 1.0))
    svg = _svg(HEIGHT, f"{items.capitalize()} by threshold: precision, recall, F1")
    _axes(svg, frame, f"least probability of {items}", "share")
    for number, (name, colour) in enumerate(_LINES):
        places = [(point, frame.at(point.threshold, getattr(point, name))) for point in points]
        _path(svg, [place for _, place in places], "line", colour)
        for point, (x, y) in places:
            dot = SubElement(svg, "circle", {"cx": str(x), "cy": str(y), "r": "3", "fill": colour})
            SubElement(
                dot, "title"
            ).text = f"threshold {point.threshold:g}: {name} {getattr(point, name):.3f}, {point.links} {items}"
        beside = _LEFT + 12 + 110 * number
        low = HEIGHT - _BOTTOM - 24
        SubElement(svg, "rect", {"x": str(beside), "y": str(low), "width": "12", "height": "12", "fill": colour})
        _text(svg, beside + 18, low + 10, name, "legend")
    return svg


def slices_plot(slices: Sequence[tuple[str, Counts]]) -> Element:
    """Return a bar of each slice: its outcomes as shares of its gold mentions; the first 40."""
    shown = slices[:_MOST_SLICES]
    height = _TOP + _ROW * (len(shown) + 1) + 8
    svg = _svg(height, "Slices: outcomes as shares of the gold mentions", width=760)
    left, width = 250, 400
    outcomes = ("right", "review", "missed", "wrong")
    for number, outcome in enumerate(outcomes):
        beside = left + 100 * number
        SubElement(svg, "rect", {"x": str(beside), "y": str(_TOP), "width": "12", "height": "12", "class": outcome})
        _text(svg, beside + 18, _TOP + 10, outcome, "legend")
    for row, (name, counts) in enumerate(shown, start=1):
        y = _TOP + _ROW * row
        _text(svg, left - 8, y + 14, name if len(name) <= 34 else name[:33] + "…", "label", anchor="end")
        x = float(left)
        for outcome in outcomes:
            number = getattr(counts, outcome)
            size = width * number / counts.gold
            if number:
                place = {"x": f"{x:.2f}", "y": str(y), "width": f"{size:.2f}", "height": "18", "class": outcome}
                bar = SubElement(svg, "rect", place)
                SubElement(bar, "title").text = f"{name}: {number} of {counts.gold} {outcome}"
            x += size
        _text(svg, left + width + 8, y + 14, f"{counts.right / counts.gold:.0%} of {counts.gold}", "label")
    return svg


def _svg(height: float, title: str, width: float = WIDTH) -> Element:
    svg = Element("svg", {"viewBox": f"0 0 {width:g} {height:g}", "width": f"{width:g}", "role": "img"})
    svg.set("xmlns", "http://www.w3.org/2000/svg")
    svg.set("aria-label", title)
    return svg


def _axes(svg: Element, frame: _Frame, across: str, up: str) -> None:
    for step in range(0, 11, 2):
        value = step / 10
        for start, end in (((0.0, value), (1.0, value)), ((value, 0.0), (value, 1.0))):
            (x1, y1), (x2, y2) = frame.at(*start), frame.at(*end)
            SubElement(svg, "line", {"x1": str(x1), "y1": str(y1), "x2": str(x2), "y2": str(y2), "class": "grid"})
        x, y = frame.at(value, 0.0)
        _text(svg, x, y + 16, f"{value:g}", "tick", anchor="middle")
        x, y = frame.at(0.0, value)
        _text(svg, x - 8, y + 4, f"{value:g}", "tick", anchor="end")
    _text(svg, (_LEFT + WIDTH - _RIGHT) / 2, HEIGHT - 10, across, "label", anchor="middle")
    turned = _text(svg, 14, (_TOP + HEIGHT - _BOTTOM) / 2, up, "label", anchor="middle")
    turned.set("transform", f"rotate(-90 14 {(_TOP + HEIGHT - _BOTTOM) / 2:g})")


def _path(svg: Element, places: Sequence[tuple[float, float]], kind: str, colour: str = "") -> None:
    if places:
        line = SubElement(svg, "polyline", {"points": " ".join(f"{x},{y}" for x, y in places), "class": kind})
        if colour:
            line.set("style", f"stroke: {colour}")  # a class of the style sheet would win over an attribute


def _text(svg: Element, x: float, y: float, text: str, kind: str, anchor: str = "start") -> Element:
    element = SubElement(svg, "text", {"x": f"{x:g}", "y": f"{y:g}", "class": kind, "text-anchor": anchor})
    element.text = text
    return element
