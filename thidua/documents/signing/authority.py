"""Demonstration authority: certificates that every reader checks and nobody should trust.

For the demonstration year and for tests only. Each certificate says so in its own name.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)
from cryptography.hazmat.primitives.serialization.pkcs12 import serialize_key_and_certificates
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from thidua.documents.signing.certificates import DEMO_MARK


@dataclass(frozen=True, slots=True)
class Authority:
    certificate: bytes
    """DER: a trust anchor of the demonstration."""
    key: bytes
    """PEM, not encrypted."""


@dataclass(frozen=True, slots=True)
class IssuedSigner:
    certificate: bytes
    """DER."""
    pkcs12: bytes
    serial: int


def create_authority(*, name: str, at: datetime, days: int = 3650) -> Authority:
    """A root of its own, valid from `at` for so many days."""
    key = ec.generate_private_key(ec.SECP256R1())
    subject = _name(name=name, organisation=DEMO_MARK, unit=DEMO_MARK)
    builder = (
        _certificate(subject, subject, key.public_key(), at, days)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(_usage(authority=True), critical=True)
    )
    certificate = builder.sign(key, hashes.SHA256())
    pem = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    return Authority(certificate=certificate.public_bytes(Encoding.DER), key=pem)


def issue_signer(
    authority: Authority,
    *,
    name: str,
    organisation: str,
    post: str = "",
    at: datetime,
    days: int = 1825,
    passphrase: bytes,
) -> IssuedSigner:
    """A signer's certificate and the key store that only the signer should hold."""
    root, root_key = _load(authority)
    key = ec.generate_private_key(ec.SECP256R1())
    subject = _name(name=name, organisation=organisation, unit=DEMO_MARK, post=post)
    builder = (
        _certificate(subject, root.subject, key.public_key(), at, days)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(_usage(authority=False), critical=True)
        .add_extension(
            x509.ExtendedKeyUsage([ExtendedKeyUsageOID.EMAIL_PROTECTION]), critical=False
        )
        .add_extension(
            x509.AuthorityKeyIdentifier.from_issuer_public_key(root_key.public_key()),
            critical=False,
        )
    )
    certificate = builder.sign(root_key, hashes.SHA256())
    store = serialize_key_and_certificates(
        name.encode(), key, certificate, [root], BestAvailableEncryption(passphrase)
    )
    return IssuedSigner(
        certificate=certificate.public_bytes(Encoding.DER),
        pkcs12=store,
        serial=certificate.serial_number,
    )


def issue_crl(
    authority: Authority,
    *,
    at: datetime,
    days: int = 365,
    revoked: Mapping[int, datetime] | None = None,
) -> bytes:
    """A revocation list in DER, good from `at` for so many days; serial number → revoked when."""
    root, root_key = _load(authority)
    builder = (
        x509.CertificateRevocationListBuilder()
        .issuer_name(root.subject)
        .last_update(at)
        .next_update(at + timedelta(days=days))
        .add_extension(x509.CRLNumber(int(at.timestamp())), critical=False)
        .add_extension(
            x509.AuthorityKeyIdentifier.from_issuer_public_key(root_key.public_key()),
            critical=False,
        )
    )
    for serial, when in (revoked or {}).items():
        entry = x509.RevokedCertificateBuilder().serial_number(serial).revocation_date(when)
        builder = builder.add_revoked_certificate(entry.build())
    return builder.sign(root_key, hashes.SHA256()).public_bytes(Encoding.DER)


def _load(authority: Authority) -> tuple[x509.Certificate, ec.EllipticCurvePrivateKey]:
    key = load_pem_private_key(authority.key, None)
    if not isinstance(key, ec.EllipticCurvePrivateKey):
        raise TypeError("the demonstration authority holds an elliptic-curve key")
    return x509.load_der_x509_certificate(authority.certificate), key


def _name(*, name: str, organisation: str, unit: str, post: str = "") -> x509.Name:
    parts = [
        (NameOID.COUNTRY_NAME, "VN"),
        (NameOID.ORGANIZATION_NAME, organisation),
        (NameOID.ORGANIZATIONAL_UNIT_NAME, unit),
        (NameOID.TITLE, post),
        (NameOID.COMMON_NAME, name),
    ]
    # The standard allows 64 characters in each part.
    return x509.Name([x509.NameAttribute(oid, text[:64]) for oid, text in parts if text])


def _certificate(
    subject: x509.Name,
    issuer: x509.Name,
    key: ec.EllipticCurvePublicKey,
    at: datetime,
    days: int,
) -> x509.CertificateBuilder:
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key)
        .serial_number(x509.random_serial_number())
        .not_valid_before(at)
        .not_valid_after(at + timedelta(days=days))
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key), critical=False)
    )


def _usage(*, authority: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=not authority,
        content_commitment=not authority,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=authority,
        crl_sign=authority,
        encipher_only=False,
        decipher_only=False,
    )
