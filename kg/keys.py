"""Keys of the server: who may ask, and who may change. Kept in the home, each as a salted hash.

A key is shown once, when it is made. It holds 256 random bits, so that one round of a plain hash is as hard to turn
back as many would be; the salt keeps equal lists in two homes from being told to be equal.
"""

import hashlib
import hmac
import os
import re
import secrets
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Literal, get_args

import orjson

from kg.gold_rows import locked
from kg.home import Home
from kg.runs import now
from schemas.errors import ConfigError, NotFoundError, TakenError

Role = Literal["reader", "reviewer", "editor"]
ROLES: tuple[Role, ...] = get_args(Role)
"""In rising order: reader asks, reviewer decides mentions, editor changes the catalog and undoes runs too."""

FILE = "keys.json"
_KEY = re.compile(r"kg_(?P<id>[0-9a-f]{12})_(?P<secret>[A-Za-z0-9_-]{43})\Z")
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._ -]{0,63}\Z")


@dataclass(frozen=True, slots=True)
class Key:
    """A key as the home keeps it; salt and hash in hexadecimal, the secret itself is nowhere."""

    id: str
    name: str
    role: Role
    created: str
    salt: str
    hash: str

    def may(self, role: Role) -> bool:
        """Whether the key may do what a role may."""
        return ROLES.index(self.role) >= ROLES.index(role)


def add_key(home: Home, name: str, role: Role) -> tuple[Key, str]:
    """Make a key; returns what is kept, and the key itself, which cannot be had again.

    name: letters, digits, dot, dash, underscore, space; 64 at most. Raises ConfigError, TakenError.
    """
    if not _NAME.match(name):
        raise ConfigError("keys.name", f"{name!r} is not 1 to 64 letters, digits, spaces, dots, dashes or underscores")
    with locked(_path(home)):
        present = keys(home)
        if any(key.name == name for key in present):
            raise TakenError(name, "choose another name, or remove the key of that name")
        key_id, secret, salt = secrets.token_hex(6), secrets.token_urlsafe(32), secrets.token_bytes(16)
        key = Key(key_id, name, role, now(), salt.hex(), _hash(salt, secret))
        _write(home, [*present, key])
    return key, f"kg_{key_id}_{secret}"


def remove_key(home: Home, given: str) -> Key:
    """Remove a key by its name or id; a server that runs refuses it from then on. Raises NotFoundError."""
    with locked(_path(home)):
        present = keys(home)
        for key in present:
            if given in (key.id, key.name):
                _write(home, [other for other in present if other != key])
                return key
    raise NotFoundError("key", given, [key.name for key in present][:10])


def keys(home: Home) -> list[Key]:
    """Return the keys in the order they were made. Raises ConfigError when their file cannot be read."""
    path = _path(home)
    try:
        rows = orjson.loads(path.read_bytes())["keys"]
        return [Key(**row) for row in rows]
    except FileNotFoundError:
        return []
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise ConfigError(FILE, f"{str(path)!r} cannot be read: {error}; remove it and make keys anew") from error


def match_key(present: Sequence[Key], given: str) -> Key | None:
    """Return the key that was given, None when it is none of those present; takes equally long for each wrong one."""
    parts = _KEY.match(given)
    if parts is None:
        return None
    found = next((key for key in present if key.id == parts["id"]), None)
    salt = bytes.fromhex(found.salt) if found else b""
    right = hmac.compare_digest(_hash(salt, parts["secret"]), found.hash if found else "")
    return found if right else None


def _hash(salt: bytes, secret: str) -> str:
    return hashlib.sha256(salt + secret.encode("ascii")).hexdigest()


def _path(home: Home) -> Path:
    return home.folder / FILE


def _write(home: Home, present: Sequence[Key]) -> None:
    path = _path(home)
    unfinished = path.with_name(FILE + ".unfinished")
    body = orjson.dumps({"keys": [asdict(key) for key in present]}, option=orjson.OPT_INDENT_2)
    unfinished.unlink(missing_ok=True)
    handle = os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "wb") as out:
        out.write(body + b"\n")
        out.flush()
        os.fsync(out.fileno())
    unfinished.replace(path)
