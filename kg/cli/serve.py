"""Commands that serve a home: serve, keys, mcp."""

from dataclasses import replace

import click

from kg.cli import output
from kg.cli.change import as_json
from kg.home import Home
from kg.keys import ROLES, Role, add_key, remove_key
from kg.keys import keys as keys_of


@click.command()
@click.option("--host", help="Address to listen at.  [default: 127.0.0.1]")
@click.option("--port", type=click.IntRange(0, 65_535), help="Port; 0 takes a free one.  [default: 8765]")
@click.option("--private", is_flag=True, help="Reading needs a key too; changing always does.")
@click.option(
    "--allow-origin", "origins", multiple=True, metavar="ORIGIN", help="Web origin whose pages may ask (CORS)."
)
@click.option("--allow-host", "hosts", multiple=True, metavar="NAME", help='Host name it may be asked by; "*" for any.')
@click.pass_obj
def serve(
    home: Home, host: str | None, port: int | None, private: bool, origins: tuple[str, ...], hosts: tuple[str, ...]
) -> None:
    r"""Serve the home: the explorer at /, the API under /api/v1, measures at /metrics, /health and /ready.

    Whoever reaches the address may read, unless --private; changes need a key of the right role (`kg keys`).
    Every bound stands in section [serve] of kg.toml; docs/guides/api.md has them.

    \b
    Example:
      kg serve --port 8765
    """
    from kg.server.running import serve as run

    own = home.config.serve
    given = {"host": host, "port": port, "private": private or None}
    chosen = {name: value for name, value in given.items() if value is not None}
    settings = replace(own, origins=origins or own.origins, hosts=hosts or own.hosts, **chosen)  # type: ignore[arg-type]
    run(replace(home.config, serve=settings), lambda url: output.notice(f"kg serves {url}  (Ctrl-C ends it)"))


@click.group()
def keys() -> None:
    """Make, list and remove the keys of the server."""


@keys.command()
@click.argument("name")
@click.option("--role", type=click.Choice(ROLES), default="reader", show_default=True, help="What the key may do.")
@as_json
@click.pass_obj
def add(home: Home, name: str, role: Role, as_json: bool) -> None:
    r"""Make a key and print it; the home keeps its salted hash only, so it cannot be had again.

    reader: asks. reviewer: decides mentions too. editor: promotes, assigns and undoes too.

    \b
    Example:
      kg keys add curation-desk --role reviewer
    """
    key, secret = add_key(home, name, role)
    if as_json:
        output.echo_json({"id": key.id, "name": key.name, "role": key.role, "key": secret})
        return
    click.echo(secret)
    output.notice(f"key {key.id} ({key.name}, {key.role}); it is shown this once")


@keys.command(name="list")
@as_json
@click.pass_obj
def list_keys(home: Home, as_json: bool) -> None:
    r"""List the keys.

    \b
    Example:
      kg keys list
    """
    rows = [(key.id, key.name, key.role, key.created) for key in keys_of(home)]
    columns = ("id", "name", "role", "created")
    if as_json:
        output.echo_json([dict(zip(columns, row, strict=True)) for row in rows])
    else:
        output.echo_rows(columns, rows)


@keys.command()
@click.argument("key", metavar="NAME|ID")
@click.pass_obj
def remove(home: Home, key: str) -> None:
    r"""Remove a key; a server that runs refuses it from then on.

    \b
    Example:
      kg keys remove curation-desk
    """
    removed = remove_key(home, key)
    output.notice(f"removed {removed.id} ({removed.name}, {removed.role})")


@click.command()
@click.pass_obj
def mcp(home: Home) -> None:
    r"""Serve the home to an assistant by the Model Context Protocol, on standard input and output; reading only.

    Tools: search, entity, mentions, why, neighbourhood, cypher, link.

    \b
    Example:
      kg --home /data/kg mcp
    """
    from kg.server.assistant import serve_assistant

    serve_assistant(home.config)


COMMANDS: tuple[click.Command, ...] = (serve, keys, mcp)
