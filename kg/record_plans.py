"""How the records of a home are compared, kind by kind, as TOML that people edit."""

from collections.abc import Mapping
from pathlib import Path

from kg.home import Home
from kg.pair_decisions import catalog_plan
from kg.pair_models import fitted_pairs
from kg.record_tables import record_tables
from kg.toml_file import read_toml
from linkers.records import Plan
from schemas.errors import ConfigError, InputError

UNTYPED = "untyped"
"""The name, in a file, of the kind of records without a type."""


def record_plans(home: Home) -> dict[str, Plan]:
    """Return the plan of each kind of records: the one in use while it fits the records, else what is seen in them."""
    fitted = fitted_pairs(home)
    plans = {}
    for part in record_tables(home, list(home.mentions.records())):
        past = fitted.get(part.kind)
        if not part.is_alone or (past is not None and past.given):
            in_use = past is not None and (past.given or past.fits(part.table))
            plans[part.kind] = past.plan if past is not None and in_use else catalog_plan(part.table)
    return plans


def plans_toml(plans: Mapping[str, Plan]) -> str:
    """Return plans as TOML: a table `kind.NAME` for each kind, which `read_plans` reads."""
    parts = []
    for kind, plan in sorted(plans.items()):
        name = f"kind.{kind or UNTYPED}"
        text = plan.to_toml().replace("\n[[column]]", f"\n[[{name}.column]]")
        parts.append(f"[{name}]\n" + text.replace("\n[[source]]", f"\n[[{name}.source]]"))
    return "\n".join(parts)


def write_plans(plans: Mapping[str, Plan], path: Path) -> None:
    """Write plans as TOML. Raises InputError."""
    try:
        path.write_text(plans_toml(plans), encoding="utf-8")
    except OSError as error:
        raise InputError(path, f"cannot be written: {error.strerror}") from error


def read_plans(path: Path) -> dict[str, Plan]:
    """Return the plans of a file, by kind. Raises ConfigError for what is no plan, NotFoundError."""
    tree = read_toml(path)
    kinds = tree.get("kind")
    if not isinstance(kinds, dict) or not kinds or not all(isinstance(table, dict) for table in kinds.values()):
        raise ConfigError(str(path), "names no kind of records; `kg resolve --explain-plan FILE` writes such a file")
    place = str(path)
    return {
        "" if kind == UNTYPED else kind: Plan.from_tables(table, place=f"{place}: kind.{kind}")
        for kind, table in kinds.items()
    }
