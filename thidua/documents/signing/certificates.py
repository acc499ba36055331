"""A public certificate: what it says, and whether it may be registered."""

import hashlib
import warnings
from dataclasses import dataclass
from datetime import datetime

from asn1crypto import pkcs12
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import NameOID

from thidua.rules.errors import RuleError

DEMO_MARK = "CHỨNG THƯ DÙNG THỬ"
LIMIT = 64 * 1024

_PRIVATE_KEY_MARK = b"PRIVATE KEY-----"
_REVOCATION_LIST_MARK = b"-----BEGIN X509 CRL-----"
_CERTIFICATE_MARK = b"-----BEGIN CERTIFICATE-----"


@dataclass(frozen=True, slots=True, kw_only=True)
class CertificateFacts:
    """What a certificate states; stating is not proving."""

    subject_name: str
    organisation: str
    issuer_name: str
    serial: str
    """Hexadecimal, capitals."""
    fingerprint: str
    """SHA-256 of the DER form, hexadecimal."""
    valid_from: datetime
    valid_to: datetime
    der: bytes
    is_ca: bool
    usable_for_signing: bool
    demo: bool
    """Issued by the demonstration authority, by its own words."""


def read_certificate(data: bytes, *, at: datetime) -> CertificateFacts:
    """The facts of an uploaded certificate, PEM or DER, fit to be registered for a signer.

    Raises RuleError for a private key, a key store, a certificate authority, a certificate that does
    not sign, that is not valid at the moment `at` (aware), and for anything else.
    """
    _refuse_secrets(data)
    facts = parse_certificate(data)
    if facts.is_ca:
        raise RuleError(
            "Đây là chứng thư của tổ chức cấp chứng thư, không phải của người ký. "
            "Hãy chọn chứng thư của chính người ký."
        )
    if not facts.usable_for_signing:
        raise RuleError("Chứng thư này không được cấp để ký số. Hãy chọn chứng thư dùng để ký số.")
    if at > facts.valid_to:
        raise RuleError(
            f"Chứng thư đã hết hạn ngày {facts.valid_to:%d/%m/%Y}. Hãy chọn chứng thư còn hiệu lực."
        )
    if at < facts.valid_from:
        raise RuleError(
            f"Chứng thư đến ngày {facts.valid_from:%d/%m/%Y} mới có hiệu lực. "
            "Hãy đăng ký từ ngày đó."
        )
    return facts


def certificate_facts(der: bytes) -> CertificateFacts:
    """The facts of a certificate, without judgement. Raises ValueError when it cannot be read."""
    with warnings.catch_warnings():
        # The library warns of small breaches of the standard; none of them bears on these facts.
        warnings.simplefilter("ignore")
        certificate = x509.load_der_x509_certificate(der)
        return CertificateFacts(
            subject_name=_name(certificate.subject, NameOID.COMMON_NAME)
            or certificate.subject.rfc4514_string(),
            organisation=_name(certificate.subject, NameOID.ORGANIZATION_NAME),
            issuer_name=_name(certificate.issuer, NameOID.COMMON_NAME)
            or certificate.issuer.rfc4514_string(),
            serial=f"{certificate.serial_number:X}",
            fingerprint=hashlib.sha256(der).hexdigest(),
            valid_from=certificate.not_valid_before_utc,
            valid_to=certificate.not_valid_after_utc,
            der=der,
            is_ca=_is_ca(certificate),
            usable_for_signing=_may_sign(certificate),
            demo=DEMO_MARK in _name(certificate.subject, NameOID.ORGANIZATIONAL_UNIT_NAME),
        )


def parse_revocation_list(data: bytes, authority: bytes) -> bytes:
    """A revocation list (PEM or DER) as DER; RuleError unless the authority itself signed it."""
    try:
        loaded = (
            x509.load_pem_x509_crl(data)
            if _REVOCATION_LIST_MARK in data
            else x509.load_der_x509_crl(data)
        )
        key = x509.load_der_x509_certificate(authority).public_key()
        is_its_own = loaded.is_signature_valid(key)  # type: ignore[arg-type]
    except (ValueError, TypeError) as error:
        raise RuleError(
            "Không đọc được danh sách thu hồi trong tệp này. Hãy dùng tệp .crl do tổ chức chứng "
            "thực công bố."
        ) from error
    if not is_its_own:
        raise RuleError("Danh sách thu hồi này không do tổ chức chứng thực đó ký.")
    return loaded.public_bytes(Encoding.DER)


def _refuse_secrets(data: bytes) -> None:
    if len(data) > LIMIT:
        raise RuleError("Tệp chứng thư quá lớn (trên 64 KB). Hãy chọn tệp .cer, .crt hoặc .pem.")
    if _PRIVATE_KEY_MARK in data:
        raise RuleError(
            "Tệp này chứa khoá bí mật. Hệ thống không nhận và không lưu khoá bí mật của bất kỳ ai. "
            "Hãy chỉ tải lên chứng thư công khai (.cer, .crt, .pem)."
        )
    if _is_key_store(data):
        raise RuleError(
            "Tệp PKCS#12 (.p12, .pfx) chứa khoá bí mật nên không được nhận trên máy chủ. Hãy xuất "
            "riêng chứng thư công khai (.cer, .crt, .pem) rồi tải lên."
        )


def _is_key_store(data: bytes) -> bool:
    try:
        return bool(pkcs12.Pfx.load(data)["version"].native == "v3")
    except (ValueError, TypeError, KeyError):
        return False


def parse_certificate(data: bytes) -> CertificateFacts:
    """The facts of a certificate handed in as PEM or DER; RuleError when it cannot be read."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            if _CERTIFICATE_MARK in data:
                from_text = x509.load_pem_x509_certificate(data)
                return certificate_facts(_der(from_text))
        return certificate_facts(data)
    except (ValueError, TypeError, x509.DuplicateExtension) as error:
        raise RuleError(
            "Không đọc được chứng thư trong tệp này. Hãy chọn tệp chứng thư công khai "
            "(.cer, .crt hoặc .pem)."
        ) from error


def _der(certificate: x509.Certificate) -> bytes:
    return certificate.public_bytes(Encoding.DER)


def _name(name: x509.Name, oid: x509.ObjectIdentifier) -> str:
    return ", ".join(str(attribute.value) for attribute in name.get_attributes_for_oid(oid))


def _is_ca(certificate: x509.Certificate) -> bool:
    try:
        return certificate.extensions.get_extension_for_class(x509.BasicConstraints).value.ca
    except x509.ExtensionNotFound:
        return False


def _may_sign(certificate: x509.Certificate) -> bool:
    """Some authorities give the one usage, some the other; none given means all."""
    try:
        usage = certificate.extensions.get_extension_for_class(x509.KeyUsage).value
    except x509.ExtensionNotFound:
        return True
    return usage.digital_signature or usage.content_commitment
