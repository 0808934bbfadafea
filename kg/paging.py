"""Opaque tokens for the next page: the place where a page ended, never an offset."""

from typing import Any

import orjson

from schemas.errors import PageError

MOST_CHARACTERS = 8_192


def token_of(*place: str | int | float) -> str:
    """Return the token of a place.

    >>> place_of(token_of("a", 2), str, int)
    ['a', 2]
    """
    return orjson.dumps(place).hex()


def place_of(token: str, *kinds: type) -> list[Any] | None:
    """Return the place that a token stands for, None for "" (the first page).

    kinds: the type of each part. Raises PageError for a token that `token_of` has not made of such parts.
    """
    if not token:
        return None
    try:
        place = orjson.loads(bytes.fromhex(token)) if len(token) <= MOST_CHARACTERS else None
    except ValueError:
        place = None
    if not isinstance(place, list) or [type(part) for part in place] != list(kinds) or token_of(*place) != token:
        raise PageError(token)
    return place
