"""Why a signed file is not accepted."""

from enum import StrEnum

from thidua.rules.errors import RuleError


class RefusalCode(StrEnum):
    NOT_A_PDF = "not_a_pdf"
    TOO_LARGE = "too_large"
    ENCRYPTED = "encrypted"
    SAME_AS_CURRENT = "same_as_current"
    OTHER_DOCUMENT = "other_document"
    ALTERED = "altered"
    STALE_REVISION = "stale_revision"
    ADDED_CONTENT = "added_content"
    LOCKS_DOCUMENT = "locks_document"
    INVALID_SIGNATURE = "invalid_signature"
    EXPIRED = "expired"
    NOT_YET_VALID = "not_yet_valid"
    UNTRUSTED = "untrusted"
    REVOKED = "revoked"
    REVOCATION_UNKNOWN = "revocation_unknown"
    UNREGISTERED_SIGNER = "unregistered_signer"
    ALREADY_SIGNED = "already_signed"
    WRONG_FIELD = "wrong_field"


class UploadRefused(RuleError):
    """The file is not accepted; `code` is stable, the message is for the person."""

    def __init__(self, code: RefusalCode, sentence: str) -> None:
        super().__init__(sentence)
        self.code = code
