"""How `kg why-not` is shown on a terminal."""

import click

from kg.cli import output
from kg.why_not import WhyNot


def show_why_not(found: WhyNot) -> None:
    """Print the verdict, and the evidence or the channels behind it."""
    place = f"{found.mention['doc_id']}:{found.mention['start']}-{found.mention['end']}"
    facts = {"mention": place, "sentence": found.mention["sentence"], "verdict": found.verdict}
    if found.decision:
        answer = found.decision["entity_id"] or found.decision["best_entity_id"] or ""
        facts["decided"] = f"{found.decision['decision']} {answer}".strip()
        facts["reason"] = found.decision["reason"]
    output.echo_facts(facts, title=f"{found.mention['surface']} -> {found.name} ({found.entity_id})")
    pair = [row for row in (found.candidate, found.winner) if row]
    if pair:
        click.echo()
        columns = ("entity_id", "name", "rank", "of", "score", "probability", "alias", "channels")
        rows = [[row[c] for c in columns] for row in (pair if found.contributions else pair[:1])]
        output.echo_rows(columns, rows, title="candidates")
    if found.contributions:
        click.echo()
        rows = [[r.feature, r.value, r.winner, r.weight, r.contribution] for r in found.contributions]
        output.echo_rows(
            ("feature", "its", "winner's", "weight", "contribution"), rows, title="against (-) and for (+) it"
        )
    if found.doubts:
        click.echo()
        rows = [list(row.values()) for row in found.doubts]
        output.echo_rows(("feature", "value", "weight", "contribution"), rows, title="whether the catalog holds it")
    if found.channels:
        click.echo()
        rows = [
            [c.channel, c.place, "; ".join(f"{k.budget} is {k.value}, needs {k.needed}" for k in c.cuts) or c.reason]
            for c in found.channels
        ]
        output.echo_rows(("channel", "place", "left out because"), rows, title="channels")
