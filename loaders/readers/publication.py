"""When a document was published."""

import datetime as dt
import re

_YEAR_OR_MONTH = re.compile(r"\d{4}(?:-(?:0[1-9]|1[0-2]))?\Z", re.ASCII)


def is_date(text: str) -> bool:
    """Return whether a text is an ISO 8601 date or time, a month or a year; "" is none that is known.

    >>> [is_date(text) for text in ("", "1875", "2024-05", "2024-05-31T10:00:00Z", "May 2024")]
    [True, True, True, True, False]
    """
    if not text or _YEAR_OR_MONTH.match(text):
        return True
    try:
        dt.datetime.fromisoformat(text)
    except ValueError:
        return False
    return True
