"""An evaluation of records as one HTML file, like that of mentions."""

from pathlib import Path

from kg.html_page import html_of, new_page, table, told, write_page
from kg.mistakes import interval_of
from kg.plots import reliability_plot, sweep_plot
from linkers.evaluation.record_measures import RecordEvaluation


def write_record_report(found: RecordEvaluation, path: Path, *, title: str) -> None:
    """Write an evaluation as a self-contained HTML file, which appears only when it is whole. Raises InputError."""
    write_page(record_report_html(found, title=title), path)


def record_report_html(found: RecordEvaluation, *, title: str) -> str:
    """Return the report as HTML 5. title: what was evaluated, such as the name of the gold file."""
    page, body = new_page(f"kg evaluate --records {title}")
    told(body, "h1", f"Entities against {title}")
    told(body, "p", f"{found.records} records, {found.entities} entities, {found.things} things.", "note")
    told(body, "h2", "Measures")
    counts = [(name, value) for name, value in found.summary().items() if isinstance(value, int)]
    table(body, [name for name, _ in counts], [[value for _, value in counts]])
    told(body, "p", "Intervals: 95 %, by drawing things again.", "note")
    rows = [(name, value, interval_of(found.intervals.get(name))) for name, value in found.quality().items()]
    table(body, ("measure", "value", "95 % interval"), [row for row in rows if row[1] is not None])
    if found.unknown:
        told(body, "p", f"The home does not hold these records of the gold: {', '.join(found.unknown[:50])}", "note")
    told(body, "h2", "Reliability")
    told(body, "p", "How often a proposed pair is one thing, by its probability, in ten bins of equal width.", "note")
    body.append(reliability_plot(found.calibration, "pairs"))
    bins = [(f"{b.low:.1f} to {b.high:.1f}", b.mentions, b.probability, b.right) for b in found.calibration.bins]
    table(body, ("probability", "pairs", "mean", "one thing"), bins)
    told(body, "h2", "Threshold of joins")
    told(body, "p", "What would be joined, pair by pair, from this probability on, before clustering.", "note")
    body.append(sweep_plot(found.sweep, "pairs"))
    points = [(f"{p.threshold:g}", p.links, p.right, p.precision, p.recall, p.f1) for p in found.sweep]
    table(body, ("threshold", "pairs", "right", "precision", "recall", "f1"), points)
    if found.errors:
        told(body, "h2", "Worst errors")
        columns = ("outcome", "left", "left_name", "right", "right_name", "probability")
        table(body, columns, [[row[column] for column in columns] for row in found.errors])
    return html_of(page)
