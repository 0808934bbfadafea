"""What the Kafka client's errors mean: refused for good, wrongly configured, or away for now."""

from typing import TYPE_CHECKING, Any

from loaders.streams.settings import KafkaSettings
from schemas.errors import ConfigError, StoreRejected, StoreUnavailable

if TYPE_CHECKING:
    from confluent_kafka import KafkaError

# How the client begins what went wrong on its own side, also within the text of another error.
_OWN = "Local: "
# An error of TLS that says so is not a connection that broke off.
_UNPROVED, _ALERT = "certificate verify failed", "alert"
_FILES = {
    "ssl.ca.location": "stream.ca_file",
    "ssl.certificate.location": "stream.certificate_file",
    "ssl.key.location": "stream.key_file",
}


class KafkaFailures:
    """Names the errors of a client. codes: confluent_kafka.KafkaError."""

    def __init__(self, settings: KafkaSettings, codes: Any) -> None:  # noqa: ANN401 - of an extra without types
        self._settings, self._codes = settings, codes

    def is_refusal(self, error: "KafkaError") -> bool:
        """Whether the broker, or this client, refuses the other, so that waiting does not help."""
        return not isinstance(self.named(error), StoreUnavailable)

    def is_serious(self, error: "KafkaError") -> bool:
        """Whether an error that the client tells by the way keeps messages from coming; others it mends by itself."""
        codes = self._codes
        return error.fatal() or error.code() in (
            codes._ALL_BROKERS_DOWN,
            codes._AUTHENTICATION,
            codes._SSL,
            codes._RESOLVE,
        )

    def named(self, error: "KafkaError") -> StoreUnavailable | StoreRejected | ConfigError:
        """Return our error for one of the library's."""
        codes, told = self._codes, error.str()
        if error.code() == codes._INVALID_ARG:
            return _wrong_setting(told)
        if error.code() in (codes.FENCED_INSTANCE_ID, codes._FENCED, codes.INVALID_PRODUCER_EPOCH):
            problem = f"another stream has started as {self._settings.instance!r} of group {self._settings.group!r}"
            return StoreRejected(self._settings.url, f"{problem}; give each a name of its own (--instance)")
        if problem := self._insecure(error):
            return StoreRejected(self._settings.url, problem)
        if error.fatal() or error.code() in (codes.TOPIC_AUTHORIZATION_FAILED, codes.GROUP_AUTHORIZATION_FAILED):
            return StoreRejected(self._settings.url, f"the broker refuses: {told}")
        return StoreUnavailable(self._settings.url, f"{told} ({error.name()})")

    def _insecure(self, error: "KafkaError") -> str:
        """Return why no secure connection can be made; "" when it broke off while it was made, or for other errors."""
        codes, told = self._codes, error.str()
        if error.code() == codes._AUTHENTICATION and _OWN not in told:
            return f"the broker refuses the login: {told}; check KG_KAFKA_USER, KG_KAFKA_PASSWORD and stream.mechanism"
        if error.code() != codes._SSL:
            return ""
        if _UNPROVED in told:
            mend = "name its authority by stream.ca_file, and the broker as its certificate does"
            return f"its certificate is not trusted or is for another host; {mend} ({told})"
        return f"no TLS connection: {told}; check stream.certificate_file" if _ALERT in told else ""


def _wrong_setting(told: str) -> ConfigError:
    for setting, key in _FILES.items():
        if setting in told:
            return ConfigError(key, f"cannot be used; name a PEM file ({told})")
    return ConfigError("stream", told)
