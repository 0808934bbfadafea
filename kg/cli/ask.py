"""Commands that ask: query, search, link, show, mentions, why, why-not, decisions."""

import sys
from typing import IO, Any

import click

from kg.cli import output
from kg.cli.change import as_json
from kg.cli.why_not import show_why_not
from kg.entities import mentions_of_document, mentions_of_entity, time_code
from kg.entities import show as show_entity
from kg.explain import Explanation
from kg.explain import why as explain
from kg.export import decision_rows
from kg.export.delimited import write_csv
from kg.export.jsonl import write_jsonl
from kg.home import Home
from kg.link import link as link_text
from kg.provenance import Provenance, provenance
from kg.search import SearchHit, search_many
from kg.search import search as search_name
from kg.why_not import why_not

ROWS_SHOWN = 1_000


def _parameters(_: click.Context, __: click.Parameter, values: tuple[str, ...]) -> dict[str, Any]:
    pairs = [value.partition("=") for value in values]
    for value, (name, equals, _text) in zip(values, pairs, strict=True):
        if not equals or not name:
            message = f"{value!r} is not NAME=VALUE"
            raise click.BadParameter(message)
    return {name: int(text) if text.lstrip("-").isdigit() else text for name, _, text in pairs}


@click.command()
@click.argument("cypher")
@click.option("--param", "parameters", multiple=True, callback=_parameters, metavar="NAME=VALUE", help="$NAME's value.")
@click.option("--limit", default=ROWS_SHOWN, show_default=True, type=click.IntRange(1), help="Rows at most.")
@click.option("--write", is_flag=True, help="Allow changes; the next rebuild takes them back.")
@click.option("--csv", "as_csv", is_flag=True, help="Print CSV.")
@as_json
@click.pass_obj
def query(
    home: Home, cypher: str, parameters: dict[str, Any], limit: int, write: bool, as_csv: bool, as_json: bool
) -> None:
    r"""Ask the graph in Cypher; read-only unless --write.

    \b
    Example:
      kg query "MATCH (e:Entity {type: 'artist'})<-[m:MENTIONS]-() RETURN e.name, sum(m.count) AS n ORDER BY n DESC"
    """
    result = home.graph.query(cypher, parameters, write=write, limit=limit)
    if as_json:
        output.echo_json([dict(zip(result.columns, row, strict=True)) for row in result.rows])
    elif as_csv:
        output.echo_csv(result.columns, result.rows)
    else:
        output.echo_rows(result.columns, result.rows)
    if result.truncated:
        output.notice(f"more rows than {limit:,}: give --limit")


@click.command(name="search")
@click.argument("name", required=False)
@click.option("--limit", default=10, show_default=True, type=click.IntRange(1), help="Hits of a name at most.")
@click.option("--batch", type=click.File(encoding="utf-8"), help="One name a line (- for standard input); JSONL out.")
@as_json
@click.pass_obj
def search_command(home: Home, name: str | None, limit: int, batch: IO[str] | None, as_json: bool) -> None:
    r"""Find the entities that a name may mean, typing and hearing errors included.

    \b
    Example:
      kg search "sigur ross"
    """
    if (name is None) == (batch is None):
        message = "give a NAME, or --batch FILE"
        raise click.UsageError(message)
    if batch is not None:
        names = [line.rstrip("\n") for line in batch]
        for queried, hits in zip(names, search_many(home, names, limit=limit), strict=True):
            output.echo_json({"query": queried, "results": [_hit(hit) for hit in hits]})
        return
    hits = search_name(home, name or "", limit=limit)
    if as_json:
        output.echo_json([_hit(hit) for hit in hits])
    else:
        output.echo_rows(
            ("id", "name", "type", "found as", "score"),
            [(h.id, h.name, h.type, h.alias, h.score) for h in hits],
        )


def _hit(hit: SearchHit) -> dict[str, Any]:
    return {"id": hit.id, "name": hit.name, "alias": hit.alias, "score": hit.score, "type": hit.type}


@click.command(name="link")
@click.argument("text")
@as_json
@click.pass_obj
def link_command(home: Home, text: str, as_json: bool) -> None:
    r"""Link the mentions of one TEXT (- for standard input); nothing is stored.

    \b
    Example:
      kg link "Nevermind is the second album by Nirvana."
    """
    rows = link_text(home, sys.stdin.read() if text == "-" else text)
    if as_json:
        output.echo_json(rows)
    else:
        columns = ("start", "end", "surface", "decision", "best_entity_id", "name", "probability", "reason")
        output.echo_rows(columns, [[row[column] for column in columns] for row in rows])


@click.command()
@click.argument("entity")
@click.option(
    "--limit",
    default=10,
    show_default=True,
    type=click.IntRange(1),
    help="Documents and co-mentions at most.",
)
@click.option(
    "--provenance", "sources", is_flag=True, help="Which record each value comes from, and what was not kept."
)
@as_json
@click.pass_obj
def show(home: Home, entity: str, limit: int, sources: bool, as_json: bool) -> None:
    r"""Show an entity: facts, relations, documents, co-mentions. ENTITY is an id or an exact name.

    \b
    Example:
      kg show artist/nirvana-us
      kg show artist/nirvana-us --provenance
    """
    if sources:
        _show_provenance(provenance(home, entity), as_json=as_json)
        return
    view = show_entity(home, entity, limit=limit)
    if as_json:
        output.echo_json(view)
        return
    facts = {name: value for name, value in view.facts.items() if value not in ("", None, [], {}) and name != "name"}
    output.echo_facts(facts | {"records": view.records}, title=view.facts["name"])
    for title, rows in (
        ("relations", view.relations),
        ("documents", view.documents),
        ("co-mentioned", view.co_mentions),
    ):
        if rows:
            click.echo()
            output.echo_rows(tuple(rows[0]), [tuple(row.values()) for row in rows], title=title)


def _show_provenance(found: Provenance, *, as_json: bool) -> None:
    if as_json:
        output.echo_json(found)
        return
    columns = ("record", "probability", "decided_by", "run_id")
    output.echo_rows(columns, [[row[c] for c in columns] for row in found.records], title=found.entity_id)
    click.echo()
    values = [(v.field, v.value, "kept" if v.kept else "", "|".join(v.records)) for v in found.values]
    output.echo_rows(("field", "value", "", "records"), values)


@click.command(name="mentions")
@click.option("--entity", help="Mentions that mean this entity (id or exact name).")
@click.option("--document", help="Mentions of this document, decided or not.")
@click.option("--limit", default=20, show_default=True, type=click.IntRange(1), help="Mentions of an entity at most.")
@click.option("--after", default="", help="Token of the page before.")
@as_json
@click.pass_obj
def mentions_command(
    home: Home, entity: str | None, document: str | None, limit: int, after: str, as_json: bool
) -> None:
    r"""List mentions with their text, time code and probability.

    \b
    Example:
      kg mentions --entity artist/bjork
      kg mentions --document episode-12
    """
    if (entity is None) == (document is None):
        message = "give --entity or --document"
        raise click.UsageError(message)
    token = ""
    if entity is not None:
        rows, token = mentions_of_entity(home, entity, limit=limit, after=after)
    else:
        rows = mentions_of_document(home, document or "")
    if as_json:
        output.echo_json({"mentions": rows, "next": token})
        return
    columns = ("doc_id", "start", "time", "speaker", "decision", "best_entity_id", "probability", "quote")
    output.echo_rows(columns, [[row[column] for column in columns] for row in rows])
    if token:
        output.notice(f"more: --after {token}")


@click.command()
@click.argument("mention")
@as_json
@click.pass_obj
def why(home: Home, mention: str, as_json: bool) -> None:
    r"""Explain the decision about a MENTION: its id, or DOCUMENT:START-END.

    \b
    Example:
      kg why episode-12:118-125
    """
    found = explain(home, mention)
    if as_json:
        output.echo_json(found)
        return
    _show_decision(found)
    columns = ("entity_id", "name", "alias", "channels", "score", "probability")
    if found.candidates:
        click.echo()
        output.echo_rows(columns, [[row[c] for c in columns] for row in found.candidates], title="candidates")
        click.echo()
        output.echo_facts(found.candidates[0]["features"], title=f"evidence for {found.candidates[0]['name']}")
    if found.runner_up:
        click.echo()
        output.echo_facts(found.runner_up["differences"], title=f"ahead of {found.runner_up['name']} by")
    if found.history:
        click.echo()
        output.echo_rows(tuple(found.history[0]), [tuple(row.values()) for row in found.history], title="history")


@click.command(name="why-not")
@click.argument("mention")
@click.argument("entity")
@as_json
@click.pass_obj
def why_not_command(home: Home, mention: str, entity: str, as_json: bool) -> None:
    r"""Say what spoke against an ENTITY for a MENTION: evidence beside the winner's, or why it was no candidate.

    MENTION is an id, or DOCUMENT:START-END. ENTITY is an id or an exact name.

    \b
    Example:
      kg why-not episode-12:118-125 artist/nirvana-uk
    """
    found = why_not(home, mention, entity)
    if as_json:
        output.echo_json(found)
    else:
        show_why_not(found)


def _show_decision(found: Explanation) -> None:
    mention = found.mention
    place = f"{mention['doc_id']}:{mention['start']}-{mention['end']}"
    facts = {
        "mention": mention["mention_id"],
        "place": place,
        "time": time_code(mention["start_ms"]),
        "found by": mention["extractor"],
        "type": mention["type"],
        "sentence": mention["sentence"],
    }
    if found.decision is None:
        facts["decision"] = "none yet: run `kg resolve`"
    else:
        for name in ("decision", "entity_id", "best_entity_id", "provisional_id", "probability", "reason"):
            facts[name] = found.decision[name]
    output.echo_facts(
        {name: value for name, value in facts.items() if value not in (None, "")}, title=mention["surface"]
    )


@click.command()
@click.option("--document", help="Only this document.")
@click.option("--format", "file_format", type=click.Choice(["jsonl", "csv"]), default="jsonl", show_default=True)
@click.pass_obj
def decisions(home: Home, document: str | None, file_format: str) -> None:
    r"""Print the current decision of every mention to standard output.

    \b
    Example:
      kg decisions > decisions.jsonl
    """
    write = write_csv if file_format == "csv" else write_jsonl
    write(decision_rows(home, document), sys.stdout.buffer)


COMMANDS: tuple[click.Command, ...] = (
    query, search_command, link_command, show, mentions_command, why, why_not_command, decisions,
)  # fmt: skip
