"""Commands by which people decide about records: review, merge, split."""

import sys
from collections.abc import Callable, Iterator

import click

from kg.cli import output
from kg.cli.change import as_json
from kg.home import Home
from kg.merge import Merged
from kg.merge import merge as merge_entities
from kg.merge import split as split_entity
from kg.review import ReviewPair, ReviewSession, review_queue, verdicts_of
from schemas.batches import VERDICTS
from schemas.record import Record

KEYS = {"m": "must-link", "c": "cannot-link", "u": "unsure", "s": "skip", "q": "quit"}
_ASK = "[m]ust-link: one thing   [c]annot-link: two   [u]nsure   [s]kip   [q]uit "


@click.command()
@click.option("--limit", default=50, show_default=True, type=click.IntRange(1), help="Pairs at most.")
@click.option("--list", "only_list", is_flag=True, help="Print the queue and ask nothing.")
@click.option("--decided", is_flag=True, help="Print what people decided, with ids for `kg undo`, and ask nothing.")
@as_json
@click.pass_obj
def review(home: Home, limit: int, only_list: bool, decided: bool, as_json: bool) -> None:
    r"""Decide pairs of records, the most informative first; what is decided wins over all later runs.

    On a terminal one key answers: m (must-link: one thing), c (cannot-link: two), u (unsure), s (skip), q (quit).
    From a pipe each line answers the next pair, by key or word; a line "VERDICT<tab>LEFT<tab>RIGHT" decides any two
    records, given as source:record_id. Entities, index, links and graph follow when the review ends.

    \b
    Example:
      kg review
      kg review --list --json
      printf 'm\nc\nq\n' | kg review
    """
    if only_list and decided:
        message = "--list and --decided exclude each other"
        raise click.UsageError(message)
    if decided:
        _show_decided(home, as_json=as_json)
    elif only_list:
        _show_queue(review_queue(home, limit), as_json=as_json)
    else:
        _ask_all(home, limit, as_json=as_json)


def _show_decided(home: Home, *, as_json: bool) -> None:
    rows = verdicts_of(home)
    if as_json:
        output.echo_json(rows)
    else:
        columns = ("decision", "verdict", "left", "right", "run")
        shown = [(r["decision_id"][:12], r["verdict"], r["left"], r["right"], r["run_id"][:12]) for r in rows]
        output.echo_rows(columns, shown)


def _show_queue(pairs: list[ReviewPair], *, as_json: bool) -> None:
    if as_json:
        output.echo_json(pairs)
        return
    columns = ("left", "name", "right", "name", "probability", "decision", "records", "evidence")
    rows = [
        (p.left.key, p.left.name, p.right.key, p.right.name, p.probability, p.decision, p.records_affected, p.evidence)
        for p in pairs
    ]
    output.echo_rows(columns, rows)


def _ask_all(home: Home, limit: int, *, as_json: bool) -> None:
    is_terminal = sys.stdin.isatty()
    with home.writing():
        queue = review_queue(home, limit)
        if not queue and is_terminal:
            output.notice("nothing to review: no pair is in doubt")
        with ReviewSession(home) as session:
            if is_terminal:
                ask(queue, session, click.getchar)
            else:
                _take(queue, session, iter(sys.stdin))
    counted = {"answers": session.answers, "run_id": session.run_id}
    if as_json:
        output.echo_json(counted)
    elif session.answers:
        click.echo(f"{session.answers:,} decided; run {session.run_id}; `kg undo {session.run_id[:12]}` takes it back")
    else:
        click.echo("nothing decided")


def ask(queue: list[ReviewPair], session: ReviewSession, key_pressed: Callable[[], str]) -> None:
    """Show pair after pair and take a key for each, until the queue or the person ends."""
    for number, pair in enumerate(queue, start=1):
        _show_pair(pair, f"{number} of {len(queue)}")
        click.echo(_ASK, nl=False)
        answer = ""
        while answer not in KEYS:
            answer = key_pressed().lower()
        click.echo(KEYS[answer])
        if KEYS[answer] == "quit":
            return
        if KEYS[answer] in VERDICTS:
            session.answer(pair.left.key, pair.right.key, KEYS[answer])


def _take(queue: list[ReviewPair], session: ReviewSession, lines: Iterator[str]) -> None:
    waiting = iter(queue)
    for line in lines:
        word, *keys = line.rstrip("\r\n").split("\t")
        verdict = KEYS.get(word.strip().lower(), word.strip().lower())
        if not verdict:
            continue
        if verdict == "quit":
            return
        if verdict not in KEYS.values() or len(keys) not in (0, 2):
            message = f"{line.strip()!r} is no answer; valid are {', '.join(KEYS)}, or VERDICT<tab>LEFT<tab>RIGHT"
            raise click.UsageError(message)
        if not keys:
            pair = next(waiting, None)
            if pair is None:
                output.notice("more answers than pairs; the rest is not read")
                return
            keys = [pair.left.key, pair.right.key]
        if verdict in VERDICTS:
            session.answer(keys[0], keys[1], verdict)


def _show_pair(pair: ReviewPair, title: str) -> None:
    left, right = _fields(pair.left), _fields(pair.right)
    rows = [(name, left.get(name), right.get(name)) for name in dict.fromkeys([*left, *right])]
    click.echo()
    output.echo_rows(("", pair.left.key, pair.right.key), rows, title=f"{title}: one thing?")
    click.echo(f"probability {pair.probability:.3f}, decided {pair.decision}; {pair.evidence or 'no evidence noted'}")


def _fields(record: Record) -> dict[str, object]:
    named = {
        "name": record.name,
        "type": record.type,
        "aliases": list(record.aliases),
        "description": record.description,
        "popularity": record.popularity,
    }
    return {name: value for name, value in {**named, **record.properties}.items() if value not in ("", None, [], ())}


@click.command()
@click.argument("first", metavar="ENTITY")
@click.argument("second", metavar="ENTITY")
@as_json
@click.pass_obj
def merge(home: Home, first: str, second: str, as_json: bool) -> None:
    r"""Make two entities one: the older id stays, the other leads to it, links and relations follow.

    Both may be ids, record ids or exact names.

    \b
    Example:
      kg merge artist/prince artist/tafkap
    """
    _show_merged(merge_entities(home, first, second), "leads to it now", as_json=as_json)


@click.command()
@click.argument("entity", metavar="ENTITY")
@click.argument("records", metavar="RECORD...", nargs=-1, required=True)
@as_json
@click.pass_obj
def split(home: Home, entity: str, records: tuple[str, ...], as_json: bool) -> None:
    r"""Part RECORDs from an entity; together they are another one. The larger part keeps the id.

    A RECORD is source:record_id, or its record_id where that is clear. `kg show ENTITY` lists the records.

    \b
    Example:
      kg split artist/prince directory:artist/prince
    """
    _show_merged(split_entity(home, entity, records), "was split off", as_json=as_json)


def _show_merged(done: Merged, what: str, *, as_json: bool) -> None:
    if as_json:
        output.echo_json(done)
        return
    click.echo(f"{done.entity_id} stays, {done.other_id} {what}; records: {', '.join(done.records)}")
    click.echo(f"run {done.run_id}; `kg undo {done.run_id[:12]}` takes it back")


COMMANDS: tuple[click.Command, ...] = (review, merge, split)
