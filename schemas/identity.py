"""Ids that are the same on every machine: a hash of what identifies the thing."""

import hashlib

ID_LENGTH = 32


def content_id(*parts: str) -> str:
    """Return 32 lower-case hexadecimal digits (128 bits of SHA-256) that identify `parts` in order.

    Each part is preceded by its length in bytes, so ("ab", "c") and ("a", "bc") differ.

    >>> content_id("ab", "c") == content_id("a", "bc")
    False
    """
    digest = hashlib.sha256()
    for part in parts:
        encoded = part.encode("utf-8", "surrogatepass")
        digest.update(len(encoded).to_bytes(8, "big"))
        digest.update(encoded)
    return digest.hexdigest()[:ID_LENGTH]


def mention_id(doc_id: str, start: int, end: int, surface: str) -> str:
    """Return the id of the mention `surface` at [start, end) of document `doc_id`."""
    return content_id("mention", doc_id, str(start), str(end), surface)
