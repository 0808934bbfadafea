"""What a secret looks like where it was told: as it is, percent-encoded, in base64, and as the text of bytes."""

import base64
import json
from collections.abc import Iterable
from urllib.parse import quote, quote_plus


def forms(secrets: Iterable[str], users: Iterable[str]) -> list[bytes]:
    """Return the forms of secrets, alone and after the name of each user."""
    found: list[bytes] = []
    known = tuple(users)
    for secret in secrets:
        raw = secret.encode()
        pairs = [f"{user}{between}{secret}".encode() for user in known for between in (":", "\0")]
        found += [raw, quote(secret).encode(), quote_plus(secret).encode(), quote(secret, safe="").encode()]
        found += [json.dumps(secret)[1:-1].encode(), repr(raw)[2:-1].encode()]
        found += [
            encoded.rstrip(b"=")
            for text in (raw, *pairs)
            for encoded in (base64.b64encode(text), base64.urlsafe_b64encode(text))
        ]
    return found
