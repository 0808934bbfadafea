"""An evaluation as one HTML file that needs nothing else: tables and plots, no scripts, every text escaped."""

import re
from collections.abc import Iterable, Sequence
from pathlib import Path
from xml.etree.ElementTree import Element, SubElement, tostring

from kg.mistakes import answer_of, gold_of, interval_of, place_of
from kg.plots import reliability_plot, slices_plot, sweep_plot
from linkers.evaluation import Change, Evaluation
from schemas.errors import InputError

_UNPRINTABLE = re.compile(r"[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_STYLE = """
:root { color-scheme: light; }
body { font: 15px/1.45 system-ui, sans-serif; color: #1c2430; background: #fff; }
body { max-width: 1100px; margin: 2rem auto; padding: 0 1rem; }
h1 { font-size: 1.5rem; } h2 { font-size: 1.15rem; margin-top: 2.2rem; border-bottom: 1px solid #d5dae2; }
p.note { color: #55606f; max-width: 75ch; }
table { border-collapse: collapse; margin: .8rem 0; font-size: .9rem; }
th, td { text-align: left; padding: .25rem .8rem .25rem 0; vertical-align: top; border-bottom: 1px solid #eceff3; }
th { color: #55606f; font-weight: 600; } td.number { text-align: right; font-variant-numeric: tabular-nums; }
svg { max-width: 100%; height: auto; } svg text { font: 12px system-ui, sans-serif; fill: #38424f; }
.grid { stroke: #e3e7ec; stroke-width: 1; } .even { stroke: #98a2b0; stroke-dasharray: 5 4; fill: none; }
.line { fill: none; stroke: #1f5fa8; stroke-width: 2; } .dot { fill: #1f5fa8; fill-opacity: .75; }
.right { fill: #2e7d4f; } .review { fill: #d9a514; } .missed { fill: #98a2b0; } .wrong { fill: #b3322b; }
"""


def write_report(found: Evaluation, path: Path, *, title: str) -> None:
    """Write an evaluation as a self-contained HTML file, which appears only when it is whole. Raises InputError."""
    unfinished = path.with_name(path.name + ".unfinished")
    try:
        unfinished.write_text(report_html(found, title=title), encoding="utf-8")
        unfinished.replace(path)
    except OSError as error:
        raise InputError(path, f"cannot be written: {error.strerror}") from error
    finally:
        unfinished.unlink(missing_ok=True)


def report_html(found: Evaluation, *, title: str) -> str:
    """Return the report as HTML 5. title: what was evaluated, such as the name of the gold file."""
    page = Element("html", {"lang": "en"})
    head = SubElement(page, "head")
    SubElement(head, "meta", {"charset": "utf-8"})
    SubElement(head, "meta", {"name": "viewport", "content": "width=device-width, initial-scale=1"})
    _told(head, "title", f"kg evaluate {title}")
    SubElement(head, "style").text = _STYLE
    body = SubElement(page, "body")
    _told(body, "h1", f"Decisions against {title}")
    _told(body, "p", f"{found.all.gold} gold mentions, {found.spans} spans.", "note")
    _measures(body, found)
    _calibration(body, found)
    _sweep(body, found)
    _slices(body, found)
    _candidates(body, found)
    _comparison(body, found)
    _errors(body, found)
    for element in page.iter():
        element.text = _UNPRINTABLE.sub("\ufffd", element.text or "")
    return "<!DOCTYPE html>\n" + tostring(page, encoding="unicode", method="html") + "\n"


def _measures(body: Element, found: Evaluation) -> None:
    _told(body, "h2", "Measures")
    counts = [(name, value) for name, value in found.summary().items() if isinstance(value, int)]
    _table(body, [name for name, _ in counts], [[value for _, value in counts]])
    _told(body, "p", "Intervals: 95 %, by drawing documents again.", "note")
    rows = [(name, value, interval_of(found.intervals.get(name))) for name, value in found.quality().items()]
    _table(body, ("measure", "value", "95 % interval"), [row for row in rows if row[1] is not None])
    for what, ids in (("documents", found.unknown_documents), ("entities", found.unknown_entities)):
        if ids:
            _told(body, "p", f"The home does not hold these {what} of the gold: {', '.join(ids[:50])}", "note")


def _calibration(body: Element, found: Evaluation) -> None:
    _told(body, "h2", "Reliability")
    _told(
        body,
        "p",
        "How often the likeliest answer is right, by its probability, in ten bins of equal width. On the dashed line a "
        "probability means what it says.",
        "note",
    )
    body.append(reliability_plot(found.calibration))
    bins = [(f"{b.low:.1f} to {b.high:.1f}", b.mentions, b.probability, b.right) for b in found.calibration.bins]
    _table(body, ("probability", "mentions", "mean", "right"), bins)


def _sweep(body: Element, found: Evaluation) -> None:
    _told(body, "h2", "Threshold of links")
    _told(body, "p", "What would be linked if the likeliest entity were taken from this probability on.", "note")
    body.append(sweep_plot(found.sweep))
    points = [(f"{p.threshold:g}", p.links, p.right, p.precision, p.recall, p.f1) for p in found.sweep]
    _table(body, ("threshold", "links", "right", "precision", "recall", "f1"), points)


def _slices(body: Element, found: Evaluation) -> None:
    if not found.slices:
        return
    _told(body, "h2", "Slices")
    largest = sorted(found.slices.items(), key=lambda item: -item[1].gold)
    body.append(slices_plot(largest))
    columns = ("slice", "gold", "right", "wrong", "review", "missed", "accuracy", "precision", "recall")
    rows = [
        (name, c.gold, c.right, c.wrong, c.review, c.missed, c.accuracy, c.precision, c.recall)
        for name, c in found.slices.items()
    ]
    _table(body, columns, rows)


def _candidates(body: Element, found: Evaluation) -> None:
    if found.candidates is None or not found.candidates.mentions:
        return
    _told(body, "h2", "Candidates")
    _told(
        body,
        "p",
        f"Share of the {found.candidates.mentions} mentions with an entity for which it is among the first candidates "
        "of blocking, of each channel alone, and of what the decisions keep (in the ranker's order).",
        "note",
    )
    depths = list(found.candidates.recall)
    rows: list[list[object]] = [["blocking", *found.candidates.recall.values()]]
    rows += [[name, *recall.values()] for name, recall in found.candidates.channels.items()]
    rows.append(["kept by decisions", *(found.candidates.kept.get(depth) for depth in depths)])
    _table(body, ("found by", *(f"at {depth}" for depth in depths)), rows)


def _comparison(body: Element, found: Evaluation) -> None:
    if found.comparison is None:
        return
    _told(body, "h2", f"Since run {found.comparison.run_id[:12]}")
    views = (("asserted", found.comparison.asserted), ("likeliest answer", found.comparison.likeliest))
    columns = ("view", "before", "after", "difference", "95 % interval", "better", "worse", "McNemar p")
    _table(body, columns, [[name, *_change(change)] for name, change in views])
    for name, change in views:
        for direction, rows in (("better", change.better), ("worse", change.worse)):
            if rows:
                _told(body, "h3", f"{name}: {direction}")
                changed = [
                    (
                        place_of(row),
                        row["surface"],
                        gold_of(row),
                        *(answer_of(row[side]["decision"], row[side]["name"]) for side in ("before", "after")),
                    )
                    for row in rows
                ]
                _table(body, ("place", "surface", "gold", "before", "after"), changed)


def _change(change: Change) -> tuple[object, ...]:
    counts = (len(change.better), len(change.worse), change.p_value)
    return (change.before, change.after, change.difference, interval_of(change.interval), *counts)


def _errors(body: Element, found: Evaluation) -> None:
    if not found.errors:
        return
    _told(body, "h2", "Worst errors")
    columns = ("place", "surface", "gold", "answer", "probability", "outcome", "reason", "sentence")
    rows = [
        (
            *(place_of(row), row["surface"], gold_of(row), answer_of(row["decision"], row["answer_name"])),
            *(row["probability"], row["outcome"], row["reason"], row["sentence"]),
        )
        for row in found.errors
    ]
    _table(body, columns, rows)


def _table(body: Element, columns: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    table = SubElement(body, "table")
    header = SubElement(SubElement(table, "thead"), "tr")
    for column in columns:
        _told(header, "th", column)
    lines = SubElement(table, "tbody")
    for row in rows:
        line = SubElement(lines, "tr")
        for value in row:
            number = isinstance(value, (int, float))
            _told(line, "td", _shown(value), "number" if number else "")


def _shown(value: object) -> str:
    if value is None:
        return ""
    return f"{value:.4f}" if isinstance(value, float) else str(value)


def _told(parent: Element, tag: str, text: str, kind: str = "") -> None:
    element = SubElement(parent, tag, {"class": kind} if kind else {})
    element.text = text
