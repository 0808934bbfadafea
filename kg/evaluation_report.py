"""An evaluation as one HTML file that needs nothing else: tables and plots, no scripts, every text escaped."""

from pathlib import Path
from xml.etree.ElementTree import Element

from kg.html_page import html_of, new_page, table, told, write_page
from kg.mistakes import answer_of, gold_of, interval_of, place_of
from kg.plots import reliability_plot, slices_plot, sweep_plot
from linkers.evaluation import Change, Evaluation


def write_report(found: Evaluation, path: Path, *, title: str) -> None:
    """Write an evaluation as a self-contained HTML file, which appears only when it is whole. Raises InputError."""
    write_page(report_html(found, title=title), path)


def report_html(found: Evaluation, *, title: str) -> str:
    """Return the report as HTML 5. title: what was evaluated, such as the name of the gold file."""
    page, body = new_page(f"kg evaluate {title}")
    told(body, "h1", f"Decisions against {title}")
    told(body, "p", f"{found.all.gold} gold mentions, {found.spans} spans.", "note")
    _measures(body, found)
    _calibration(body, found)
    _sweep(body, found)
    _slices(body, found)
    _candidates(body, found)
    _comparison(body, found)
    _errors(body, found)
    return html_of(page)


def _measures(body: Element, found: Evaluation) -> None:
    told(body, "h2", "Measures")
    counts = [(name, value) for name, value in found.summary().items() if isinstance(value, int)]
    table(body, [name for name, _ in counts], [[value for _, value in counts]])
    told(body, "p", "Intervals: 95 %, by drawing documents again.", "note")
    rows = [(name, value, interval_of(found.intervals.get(name))) for name, value in found.quality().items()]
    table(body, ("measure", "value", "95 % interval"), [row for row in rows if row[1] is not None])
    for what, ids in (("documents", found.unknown_documents), ("entities", found.unknown_entities)):
        if ids:
            told(body, "p", f"The home does not hold these {what} of the gold: {', '.join(ids[:50])}", "note")


def _calibration(body: Element, found: Evaluation) -> None:
    told(body, "h2", "Reliability")
    told(
        body,
        "p",
        "How often the likeliest answer is right, by its probability, in ten bins of equal width. On the dashed line a "
        "probability means what it says.",
        "note",
    )
    body.append(reliability_plot(found.calibration))
    bins = [(f"{b.low:.1f} to {b.high:.1f}", b.mentions, b.probability, b.right) for b in found.calibration.bins]
    table(body, ("probability", "mentions", "mean", "right"), bins)


def _sweep(body: Element, found: Evaluation) -> None:
    told(body, "h2", "Threshold of links")
    told(body, "p", "What would be linked if the likeliest entity were taken from this probability on.", "note")
    body.append(sweep_plot(found.sweep))
    points = [(f"{p.threshold:g}", p.links, p.right, p.precision, p.recall, p.f1) for p in found.sweep]
    table(body, ("threshold", "links", "right", "precision", "recall", "f1"), points)


def _slices(body: Element, found: Evaluation) -> None:
    if not found.slices:
        return
    told(body, "h2", "Slices")
    largest = sorted(found.slices.items(), key=lambda item: -item[1].gold)
    body.append(slices_plot(largest))
    columns = ("slice", "gold", "right", "wrong", "review", "missed", "accuracy", "precision", "recall")
    rows = [
        (name, c.gold, c.right, c.wrong, c.review, c.missed, c.accuracy, c.precision, c.recall)
        for name, c in found.slices.items()
    ]
    table(body, columns, rows)


def _candidates(body: Element, found: Evaluation) -> None:
    if found.candidates is None or not found.candidates.mentions:
        return
    told(body, "h2", "Candidates")
    told(
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
    table(body, ("found by", *(f"at {depth}" for depth in depths)), rows)


def _comparison(body: Element, found: Evaluation) -> None:
    if found.comparison is None:
        return
    told(body, "h2", f"Since run {found.comparison.run_id[:12]}")
    views = (("asserted", found.comparison.asserted), ("likeliest answer", found.comparison.likeliest))
    columns = ("view", "before", "after", "difference", "95 % interval", "better", "worse", "McNemar p")
    table(body, columns, [[name, *_change(change)] for name, change in views])
    for name, change in views:
        for direction, rows in (("better", change.better), ("worse", change.worse)):
            if rows:
                told(body, "h3", f"{name}: {direction}")
                changed = [
                    (
                        place_of(row),
                        row["surface"],
                        gold_of(row),
                        *(answer_of(row[side]["decision"], row[side]["name"]) for side in ("before", "after")),
                    )
                    for row in rows
                ]
                table(body, ("place", "surface", "gold", "before", "after"), changed)


def _change(change: Change) -> tuple[object, ...]:
    counts = (len(change.better), len(change.worse), change.p_value)
    return (change.before, change.after, change.difference, interval_of(change.interval), *counts)


def _errors(body: Element, found: Evaluation) -> None:
    if not found.errors:
        return
    told(body, "h2", "Worst errors")
    columns = ("place", "surface", "gold", "answer", "probability", "outcome", "reason", "sentence")
    rows = [
        (
            *(place_of(row), row["surface"], gold_of(row), answer_of(row["decision"], row["answer_name"])),
            *(row["probability"], row["outcome"], row["reason"], row["sentence"]),
        )
        for row in found.errors
    ]
    table(body, columns, rows)
