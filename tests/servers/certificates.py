"""A certificate authority of the tests' own, and what servers and clients need of it, as files.

PEM for Neo4j and for clients (Python's ssl, librdkafka), PKCS12 key stores and a trust store for servers in Java.
"""

import ipaddress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import pkcs12
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

LOCAL_HOSTS = ("localhost", "127.0.0.1")
STORE_PASSWORD = "only-for-tests"
# Clocks of tests may be shifted by hours.
VALID = timedelta(days=2)


@dataclass(frozen=True, slots=True)
class Identity:
    """Files by which a server (or a client) proves who it is.

    certificate: PEM, followed by the authority's. key: PEM, PKCS8, without a password.
    key_store:   PKCS12 with both, under STORE_PASSWORD.
    """

    certificate: Path
    key: Path
    key_store: Path


class CertificateAuthority:
    """Signs certificates; whoever trusts `ca_file` trusts them.

    folder: where its files and those of the certificates go; made when it is missing.
    name:   its common name; two authorities of one name do not trust each other's certificates.
    """

    def __init__(self, folder: Path, name: str = "kg tests") -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self._folder = folder
        self._key = ec.generate_private_key(ec.SECP256R1())
        self._subject = _named(name)
        usage = x509.KeyUsage(
            digital_signature=True,
            content_commitment=False,
            key_encipherment=False,
            data_encipherment=False,
            key_agreement=False,
            key_cert_sign=True,
            crl_sign=True,
            encipher_only=False,
            decipher_only=False,
        )
        builder = self._builder(self._subject, self._key.public_key())
        builder = builder.add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        self._certificate = builder.add_extension(usage, critical=True).sign(self._key, hashes.SHA256())
        self.ca_file = folder / "ca.pem"
        self.ca_file.write_bytes(_pem(self._certificate))
        self.trust_store = folder / "trust.p12"
        trusted = [pkcs12.PKCS12Certificate(self._certificate, b"ca")]
        self.trust_store.write_bytes(pkcs12.serialize_java_truststore(trusted, _encryption()))

    def issue(self, name: str, hosts: tuple[str, ...] = LOCAL_HOSTS) -> Identity:
        """Write the files of a certificate for these host names and addresses; `name` names the files too."""
        key = ec.generate_private_key(ec.SECP256R1())
        public = key.public_key()
        builder = self._builder(_named(name), public)
        usages = x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH, ExtendedKeyUsageOID.CLIENT_AUTH])
        certificate = (
            builder.add_extension(x509.SubjectAlternativeName([_host(host) for host in hosts]), critical=False)
            .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
            .add_extension(usages, critical=False)
            .sign(self._key, hashes.SHA256())
        )
        made = Identity(*(self._folder / f"{name}{ending}" for ending in (".pem", ".key", ".p12")))
        made.certificate.write_bytes(_pem(certificate) + _pem(self._certificate))
        private = serialization.PrivateFormat.PKCS8
        made.key.write_bytes(key.private_bytes(serialization.Encoding.PEM, private, serialization.NoEncryption()))
        made.key.chmod(0o600)
        stored = pkcs12.serialize_key_and_certificates(
            name.encode(), key, certificate, [self._certificate], _encryption()
        )
        made.key_store.write_bytes(stored)
        return made

    def _builder(self, subject: x509.Name, public: ec.EllipticCurvePublicKey) -> x509.CertificateBuilder:
        now = datetime.now(UTC)
        own = x509.SubjectKeyIdentifier.from_public_key(self._key.public_key())
        return (
            x509.CertificateBuilder()
            .subject_name(subject)
            .issuer_name(self._subject)
            .public_key(public)
            .serial_number(x509.random_serial_number())
            .not_valid_before(now - VALID)
            .not_valid_after(now + VALID)
            .add_extension(x509.SubjectKeyIdentifier.from_public_key(public), critical=False)
            .add_extension(x509.AuthorityKeyIdentifier.from_issuer_subject_key_identifier(own), critical=False)
        )


def _named(name: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])


def _host(host: str) -> x509.GeneralName:
    try:
        return x509.IPAddress(ipaddress.ip_address(host))
    except ValueError:
        return x509.DNSName(host)


def _pem(certificate: x509.Certificate) -> bytes:
    return certificate.public_bytes(serialization.Encoding.PEM)


def _encryption() -> serialization.KeySerializationEncryption:
    return serialization.BestAvailableEncryption(STORE_PASSWORD.encode())
