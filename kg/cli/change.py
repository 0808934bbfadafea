"""Commands that change a home: ingest, promote, assign, undo, graph rebuild, demo."""

from typing import Any

import click

from kg.assign import assign as assign_to
from kg.bulk_load import bulk_load
from kg.cli import output
from kg.demo import run_demo
from kg.files import IngestSummary
from kg.home import Home
from kg.identify import Identified
from kg.ingest import CatalogInput, DocumentInput, ingest_catalog, ingest_documents
from kg.projection import rebuild_graph
from kg.promote import promote as promote_entity
from kg.undo import undo as undo_run

as_json = click.option("--json", "as_json", is_flag=True, help="Print JSON.")
strict = click.option("--strict", is_flag=True, help="Stop at the first bad row; nothing of its file is taken.")


def _mapping(_: click.Context, __: click.Parameter, values: tuple[str, ...]) -> dict[str, str]:
    columns = {}
    for value in values:
        ours, equals, theirs = value.partition("=")
        if not equals or not ours or not theirs:
            message = f"{value!r} is not ours=theirs, such as name=artist_name"
            raise click.BadParameter(message)
        columns[ours.strip()] = theirs.strip()
    return columns


columns_option = click.option(
    "--map",
    "columns",
    multiple=True,
    callback=_mapping,
    metavar="OURS=THEIRS",
    help="Field name in the file.",
)


@click.group()
def ingest() -> None:
    r"""Take in catalog files and documents; unchanged files cost nothing, changed ones replace their rows."""


@ingest.command()
@click.argument("files", nargs=-1, metavar="FILE...")
@click.option("--source", default="catalog", show_default=True, help="Name of the source; a source column wins.")
@click.option("--type", "type_name", default="", help="Entity type of rows that do not say.")
@columns_option
@click.option("--relations", multiple=True, metavar="FILE", help="JSONL or CSV with subject, relation, object.")
@strict
@as_json
@click.pass_obj
def catalog(
    home: Home,
    /,
    files: tuple[str, ...],
    source: str,
    type_name: str,
    columns: dict[str, str],
    relations: tuple[str, ...],
    **flags: bool,
) -> None:
    r"""Take in catalog records (JSONL, CSV, TSV, Parquet) and relations; builds the index.

    \b
    Example:
      kg ingest catalog artists.csv --source label_db --map name=artist_name --relations credits.jsonl
    """
    if not files and not relations:
        message = "give at least one FILE, or --relations FILE"
        raise click.UsageError(message)
    given = CatalogInput(files, relations, source, columns or None, type_name, flags["strict"])
    _show_ingest(ingest_catalog(home, given), as_json=flags["as_json"])


@ingest.command()
@click.argument("paths", nargs=-1, required=True, metavar="PATH...")
@click.option(
    "--mentions",
    "spans",
    metavar="SPANS",
    help="Given mentions (doc_id, start, end [, type]): no extraction.",
)
@columns_option
@click.option("--kind", default="", help="Kind of the documents, such as transcript, notes, article.")
@click.option("--language", default="", help="BCP 47 tag of the language.")
@strict
@as_json
@click.pass_obj
def documents(
    home: Home,
    /,
    paths: tuple[str, ...],
    spans: str | None,
    columns: dict[str, str],
    kind: str,
    language: str,
    **flags: bool,
) -> None:
    r"""Take in documents and extract their mentions: files, folders, globs, or - for standard input.

    Reads WebVTT, SRT, Whisper JSON, Podcasting 2.0 JSON, Markdown, plain text and JSONL.

    \b
    Example:
      kg ingest documents transcripts/ notes/*.md
      cat articles.jsonl | kg ingest documents -
    """
    given = DocumentInput(paths, spans, columns, kind, language, flags["strict"])
    _show_ingest(ingest_documents(home, given), as_json=flags["as_json"])


def _show_ingest(summary: IngestSummary, *, as_json: bool) -> None:
    if as_json:
        output.echo_json(summary)
    else:
        rows = ", ".join(f"{number:,} {name}" for name, number in summary.rows.items()) or "nothing new"
        files = ", ".join(f"{number} {name}" for name, number in summary.files.items() if number) or "none"
        click.echo(f"taken in: {rows}  (files: {files})")
        if any(summary.removed.values()):
            click.echo("removed: " + ", ".join(f"{n:,} {name}" for name, n in summary.removed.items() if n))
    for text in summary.errors:
        output.notice(f"bad: {text}")
    if summary.bad_rows:
        output.notice(f"{summary.bad_rows:,} rows or files could not be read; the others were taken")
    for text in summary.notices:
        output.notice(text)


dry_run = click.option("--dry-run", is_flag=True, help="Say what would be, write nothing.")


@click.command()
@click.argument("provisional_id", metavar="PROVISIONAL_ID")
@click.option("--type", "type_name", help="Entity type; without it, what its mentions speak for.")
@click.option("--name", help="Name; without it, what its mentions speak for.")
@click.option("--id", "entity_id", help="Id of the new entity; without it, the digits of the provisional id.")
@dry_run
@as_json
@click.pass_obj
def promote(
    home: Home,
    /,
    provisional_id: str,
    type_name: str | None,
    name: str | None,
    entity_id: str | None,
    **flags: bool,
) -> None:
    r"""Make a provisional entity an entity of the catalog; its mentions link to it at once.

    PROVISIONAL_ID may be its exact name. The new record has source "promoted" and is undone by `kg undo`.

    \b
    Example:
      kg promote nil/3f9a... --type person --id marta-quill
    """
    done = promote_entity(
        home, provisional_id, type=type_name, name=name, entity_id=entity_id, dry_run=flags["dry_run"]
    )
    _show_identified(done, "promoted", as_json=flags["as_json"])


@click.command()
@click.argument("provisional_id", metavar="PROVISIONAL_ID")
@click.argument("entity_id", metavar="ENTITY_ID")
@dry_run
@as_json
@click.pass_obj
def assign(home: Home, /, provisional_id: str, entity_id: str, **flags: bool) -> None:
    r"""Give a provisional entity to an entity of the catalog: its names become aliases, its mentions link at once.

    Both may be exact names. The aliases stand in a record of source "assigned" and are undone by `kg undo`.

    \b
    Example:
      kg assign nil/3f9a... marta-quill
    """
    done = assign_to(home, provisional_id, entity_id, dry_run=flags["dry_run"])
    _show_identified(done, "assigned", as_json=flags["as_json"])


def _show_identified(done: Identified, verb: str, *, as_json: bool) -> None:
    if as_json:
        output.echo_json(done)
        return
    would = "would be " if done.dry_run else ""
    click.echo(
        f"{done.provisional_id} {would}{verb}: {done.entity_id}, {done.name} ({done.type or 'no type'}); "
        f"{done.mentions:,} mentions of {done.documents:,} documents"
    )
    if done.aliases:
        click.echo(f"aliases: {', '.join(done.aliases)}")
    if done.run_id:
        click.echo(f"run {done.run_id}; `kg undo {done.run_id[:12]}` takes it back")


@click.command()
@click.argument("given", metavar="RUN|DECISION")
@as_json
@click.pass_obj
def undo(home: Home, given: str, as_json: bool) -> None:
    r"""Take back a run, or one decision of a person about two records: what was decided before it holds again.

    Runs that took in files are not undone: ingest the former files again. `kg runs` lists the runs,
    `kg review --decided` the decisions.

    \b
    Example:
      kg undo 3f9a
    """
    summary = undo_run(home, given)
    if as_json:
        output.echo_json(summary)
    else:
        click.echo(
            f"undone {summary.undone}: {summary.restored:,} mentions have their former decision, "
            f"{summary.withdrawn:,} are undecided again; {summary.records:,} decisions about records are as before"
        )


@click.group()
def graph() -> None:
    """Care for the graph, which is a projection of the mention store."""


@graph.command()
@click.option(
    "--bulk", is_flag=True, help="Neo4j's offline importer writes it: the server must be stopped, its database empty."
)
@click.option(
    "--admin", metavar="COMMAND", default="", help="neo4j-admin, where it is not found by itself; with --bulk."
)
@click.option("--overwrite", is_flag=True, help="Replace what the database holds; with --bulk.")
@as_json
@click.pass_obj
def rebuild(home: Home, bulk: bool, admin: str, overwrite: bool, as_json: bool) -> None:
    r"""Clear the graph and make it again from the mention store.

    \b
    Example:
      kg graph rebuild
      kg --graph neo4j://localhost:7687 graph rebuild --bulk
    """
    if (admin or overwrite) and not bulk:
        raise click.UsageError("--admin and --overwrite go with --bulk")
    change = bulk_load(home, admin=admin, overwrite=overwrite) if bulk else rebuild_graph(home)
    if as_json:
        output.echo_json(change)
        return
    output.echo_facts(dict(sorted(change.written.items())), title="written")
    if bulk:
        output.notice("start the server; the next command of kg makes the indexes, `kg resolve` the vectors")


@click.command()
@as_json
@click.pass_obj
def demo(home: Home, as_json: bool) -> None:
    r"""Load the shipped catalog and transcripts, resolve them, compare with the gold, and query the graph.

    \b
    Example:
      kg --home demo-home demo
    """
    report: dict[str, Any] = run_demo(home, tell=(lambda _: None) if as_json else output.notice)
    if as_json:
        output.echo_json(report)
        return
    output.echo_facts(report["gold"], title="against the gold")
    for query in report["queries"]:
        click.echo()
        click.echo(click.style(query["question"], bold=True))
        click.echo(query["cypher"])
        output.echo_rows(query["columns"], query["rows"])


COMMANDS: tuple[click.Command, ...] = (ingest, promote, assign, undo, graph, demo)
