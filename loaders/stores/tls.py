"""What a TLS connection is checked by, and what went wrong when it was not made."""

import socket
import ssl
from collections.abc import Iterator

from schemas.errors import ConfigError, StoreRejected

PROBE_S = 3.0


def trusting(ca_file: str, key: str) -> ssl.SSLContext:
    """Return a context that asks for a certificate of the right host, signed by an authority of a PEM file.

    ca_file: "" trusts the authorities of the system. key: the setting that named the file.
    Raises ConfigError when the file cannot be read or holds no certificate.
    """
    try:
        return ssl.create_default_context(cafile=ca_file or None)
    except (OSError, ValueError) as error:
        reason = "holds no certificate in PEM form"
        if isinstance(error, OSError) and not isinstance(error, ssl.SSLError):
            reason = f"cannot be read ({error.strerror})"
        raise ConfigError(key, f"{ca_file!r} {reason}; name a PEM file of the authorities to trust") from error


def tls_failure(store: str, error: BaseException, ca_setting: str) -> StoreRejected | None:
    """Return what to raise when an error, or one behind it, says that TLS was refused; None when none does.

    ca_setting: the setting that names the trusted authorities.
    """
    for cause in _chain(error):
        if isinstance(cause, ssl.SSLCertVerificationError):
            return StoreRejected(store, _unproved(cause, ca_setting))
        if isinstance(cause, ssl.SSLError):
            reason = cause.reason or str(cause)
            return StoreRejected(store, f"no TLS connection: {reason}; does the server speak TLS on this port?")
    return None


def refuse_unproved(store: str, address: tuple[str, int], context: ssl.SSLContext, ca_setting: str) -> None:
    """Shake hands with a server; raises StoreRejected when TLS is refused, nothing when the server is away."""
    try:
        with (
            socket.create_connection(address, timeout=PROBE_S) as plain,
            context.wrap_socket(plain, server_hostname=address[0]),
        ):
            return
    except OSError as error:
        if refused := tls_failure(store, error, ca_setting):
            raise refused from error


def _unproved(error: ssl.SSLCertVerificationError, ca_setting: str) -> str:
    told = error.verify_message.rstrip(".")
    if "ostname mismatch" in told or "IP address mismatch" in told:
        return f"its certificate is for another host ({told}); use the name that it was issued for, or issue another"
    return f"its certificate is not trusted ({told}); name its authority by {ca_setting}"


def _chain(error: BaseException) -> Iterator[BaseException]:
    seen: set[int] = set()
    waiting = [error]
    while waiting:
        each = waiting.pop()
        if id(each) in seen:
            continue
        seen.add(id(each))
        yield each
        waiting.extend(cause for cause in (each.__cause__, each.__context__) if cause is not None)
        told = getattr(each, "errors", None)
        waiting.extend(cause for cause in _listed(told) if isinstance(cause, BaseException))


def _listed(told: object) -> list[object]:
    if isinstance(told, dict):
        return list(told.values())
    return list(told) if isinstance(told, list | tuple) else []
