"""Endpoints: runs, counts of the home, and evaluations against its golden sets."""

from typing import Annotated, Literal

from fastapi import APIRouter, Path, Query
from pydantic import Field
from starlette.responses import HTMLResponse

from kg import runs as runs_of
from kg.evaluate import evaluate
from kg.evaluation_report import report_html
from kg.golden_sets import golden_set, golden_sets
from kg.server.changes import RunId
from kg.server.contract import ANY, FOUND, Row, Told, needs, plain
from kg.server.desk import AskedDesk
from kg.stats import stats

REPORT_POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; frame-ancestors 'none'"
_NOT_TOLD = ("home", "graph", "mentions")
"""Where things lie is nobody's business."""

router = APIRouter(dependencies=[needs("reader")], tags=["runs"])
SetName = Annotated[str, Path(pattern="^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$", description="file in HOME/gold, no suffix")]
Compare = Annotated[str | None, Query(pattern="^[0-9a-f]{4,64}$", description="a run to compare the present with")]


class RunTold(Told):
    """One execution of a verb."""

    run_id: str
    kind: str
    sequence: int
    parent: str
    status: str
    started_at: str
    finished_at: str
    index_version: str
    model_version: str
    settings: dict[str, str]
    counts: dict[str, int]
    seconds: dict[str, float]


class RunPage(Told):
    """Runs, newest first; the sequence of the last one is `before` of the next page."""

    runs: list[RunTold]
    more: bool


class GoldenSets(Told):
    """Names of the golden sets that the home holds."""

    golden_sets: list[str]


class EvaluationTold(Told):
    """How the decisions agree with a golden set; every measure is defined in the guide to evaluation."""

    golden_set: str
    measures: dict[str, float | None] = Field(description="by name; null where there is nothing to measure")
    report: Row = Field(description="everything: counts, intervals, calibration, slices, errors, comparison")


@router.get("/runs", responses=ANY)
async def list_runs(
    desk: AskedDesk,
    limit: Annotated[int, Query(ge=1, le=500)] = 50,
    before: Annotated[int | None, Query(ge=1, le=2**53, description="only runs with a lower sequence")] = None,
) -> RunPage:
    """List runs, newest first."""
    found = await desk.read(lambda home: home.mentions.runs())
    later = [run for run in found if before is None or run.sequence < before]
    return RunPage(runs=[RunTold.model_validate(run) for run in later[:limit]], more=len(later) > limit)


@router.get("/runs/{run_id}", responses=FOUND)
async def one_run(run_id: RunId, desk: AskedDesk) -> RunTold:
    """Show a run."""
    return RunTold.model_validate(await desk.read(lambda home: runs_of.find(home.mentions, run_id)))


@router.get("/stats", responses=ANY)
async def counts(desk: AskedDesk) -> Row:
    """Count what the home holds and what waits to be done."""
    found = await desk.read_long(stats)
    told: Row = plain({name: value for name, value in found.items() if name not in _NOT_TOLD})
    return told


@router.get("/evaluations", responses=ANY)
async def list_golden_sets(desk: AskedDesk) -> GoldenSets:
    """List the golden sets that decisions can be compared with."""
    return GoldenSets(golden_sets=list(await desk.read(golden_sets)))


@router.get("/evaluations/{name}", responses=FOUND)
async def evaluation(
    name: SetName, desk: AskedDesk, spans: Literal["gold", "system"] = "system", compare: Compare = None
) -> EvaluationTold:
    """Compare the present decisions with a golden set, and if asked with those after a former run."""
    found = await desk.read_long(lambda home: evaluate(home, golden_set(home, name), spans=spans, compare=compare))
    return EvaluationTold(golden_set=name, measures=found.quality(), report=plain(found.as_dict()))


@router.get("/evaluations/{name}/report", responses=FOUND, response_class=HTMLResponse)
async def evaluation_report(
    name: SetName, desk: AskedDesk, spans: Literal["gold", "system"] = "system", compare: Compare = None
) -> HTMLResponse:
    """Show an evaluation as a page with plots."""
    found = await desk.read_long(lambda home: evaluate(home, golden_set(home, name), spans=spans, compare=compare))
    return HTMLResponse(report_html(found, title=name), headers={"Content-Security-Policy": REPORT_POLICY})
