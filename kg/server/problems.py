"""Errors as problem+json (RFC 9457): what went wrong in a sentence that tells nothing of the machine."""

import logging
import uuid
from http import HTTPStatus
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from pydantic import BaseModel, ConfigDict, Field
from starlette.exceptions import HTTPException
from starlette.responses import JSONResponse, Response

from schemas.errors import (
    ConfigError,
    GoldError,
    IndexMissingError,
    InputError,
    KgError,
    NotFoundError,
    OntologyError,
    PageError,
    QueryError,
    RunError,
    StoreUnavailable,
    TakenError,
)

log = logging.getLogger("kg.server")
MEDIA_TYPE = "application/problem+json"
_TYPES = "urn:kg:problem:"
_AGAIN_AFTER_S = 2


class FieldFault(BaseModel):
    """One thing wrong in a request: where, and what."""

    model_config = ConfigDict(extra="forbid")
    where: list[str | int]
    fault: str


class Problem(BaseModel):
    """A problem as RFC 9457 has it. `instance` names this one answer; the server's log has it with the cause."""

    model_config = ConfigDict(extra="forbid")
    type: str = Field(description="urn:kg:problem:NAME")
    title: str
    status: int = Field(ge=400, le=599)
    detail: str = ""
    instance: str
    nearest: list[str] | None = Field(default=None, description="what may have been meant instead")
    faults: list[FieldFault] | None = Field(default=None, description="what is wrong in the request, field by field")


class ApiError(Exception):
    """A request that is refused. name: of the problem type; headers go with the answer."""

    def __init__(
        self,
        status: int,
        name: str,
        detail: str,
        *,
        nearest: tuple[str, ...] = (),
        headers: dict[str, str] | None = None,
    ) -> None:
        self.status = status
        self.name = name
        self.detail = detail
        self.nearest = nearest
        self.headers = headers or {}
        super().__init__(detail)


def busy(detail: str, *, status: int = 503, name: str = "busy", after_s: int = _AGAIN_AFTER_S) -> ApiError:
    """Return the refusal of a request that may come again later."""
    return ApiError(status, name, detail, headers={"Retry-After": str(after_s)})


def problem_response(error: ApiError, faults: list[FieldFault] | None = None) -> JSONResponse:
    """Return an error as an answer; what is the server's fault goes into its log."""
    problem = Problem(
        type=_TYPES + error.name,
        title=HTTPStatus(error.status).phrase,
        status=error.status,
        detail=error.detail,
        instance=f"urn:uuid:{uuid.uuid4()}",
        nearest=list(error.nearest) or None,
        faults=faults,
    )
    if error.status >= 500:
        log.warning("%s %s: %s", problem.instance, problem.type, error.__cause__ or error.detail)
    body = problem.model_dump(exclude_none=True)
    return JSONResponse(body, error.status, headers=error.headers, media_type=MEDIA_TYPE)


def api_error(error: KgError) -> ApiError:
    """Return the refusal that one of kg's errors is; none of them tells a path, an address or a setting."""
    made = _of_request(error) or _of_home(error)
    made.__cause__ = error
    return made


def _of_request(error: KgError) -> ApiError | None:
    if isinstance(error, NotFoundError):
        return ApiError(404, "not-found", f"{error.what} {error.name!r} does not exist", nearest=error.nearest)
    if isinstance(error, RunError):
        missing = error.problem.startswith("does not exist")
        return ApiError(
            404 if missing else 409, "not-found" if missing else "run", f"run {error.run_id!r}: {error.problem}"
        )
    if isinstance(error, TakenError):
        return ApiError(409, "taken", f"{error.name!r} is in use already")
    if isinstance(error, QueryError):
        return ApiError(400, "query", error.problem)
    if isinstance(error, PageError):
        return ApiError(400, "page-token", str(error))
    if isinstance(error, OntologyError | GoldError):
        return ApiError(400, "name", str(error))
    if isinstance(error, InputError):
        where = f"row {error.line}: " if error.line else ""
        return ApiError(400, "input", where + error.problem)
    return None


def _of_home(error: KgError) -> ApiError:
    if isinstance(error, IndexMissingError):
        return busy("there is no catalog yet", name="no-catalog", after_s=30)
    if isinstance(error, StoreUnavailable):
        return busy("the store does not answer, or another process is writing to the home", name="store")
    if isinstance(error, ConfigError) and error.key in ("export", "format"):
        return ApiError(400, "format", error.problem)
    return bug(error)


def bug(error: BaseException) -> ApiError:
    """Return the refusal that an error is which nobody foresaw, or which is the home's own."""
    made = ApiError(500, "internal", "the server could not do this; its log says why")
    made.__cause__ = error
    return made


def install(app: FastAPI) -> None:
    """Let every error of an app leave as problem+json."""
    app.add_exception_handler(ApiError, _refused)
    app.add_exception_handler(KgError, _kg_error)
    app.add_exception_handler(RequestValidationError, _invalid)
    app.add_exception_handler(HTTPException, _http)


async def _refused(_: Request, error: Exception) -> Response:
    return problem_response(error if isinstance(error, ApiError) else bug(error))


async def _kg_error(_: Request, error: Exception) -> Response:
    return problem_response(api_error(error) if isinstance(error, KgError) else bug(error))


async def _invalid(_: Request, error: Exception) -> Response:
    found = error.errors() if isinstance(error, RequestValidationError) else []
    # the value itself stays out: a body may hold what nobody should read in a log
    faults = [FieldFault(where=list(fault["loc"]), fault=str(fault["msg"])) for fault in found[:20]]
    return problem_response(ApiError(422, "invalid", "the request is not as the API describes it"), faults)


async def _http(_: Request, error: Exception) -> Response:
    status = error.status_code if isinstance(error, HTTPException) else 500
    headers = dict(error.headers or {}) if isinstance(error, HTTPException) else {}
    detail = str(error.detail) if isinstance(error, HTTPException) and status in (400, 413) else ""
    name = HTTPStatus(status).phrase.lower().replace(" ", "-")
    return problem_response(ApiError(status, name, detail, headers=headers))


def responses(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """Return the OpenAPI description of problems by status."""
    schema = {"schema": {"$ref": "#/components/schemas/Problem"}}
    return {status: {"description": HTTPStatus(status).phrase, "content": {MEDIA_TYPE: schema}} for status in statuses}
