"""What a paper is and whose certificate signed it never changes; received files are kept (T03)."""

from django.db import migrations

from thidua.audit.triggers import guard

ROUND = "Văn bản đã mở ký không được thay đổi."
CERTIFICATE = "Chứng thư số đã đăng ký không được thay đổi, chỉ được thu hồi."


def changed(*names: str) -> str:
    """One of these columns, none of which may be NULL, takes another value."""
    return " OR ".join(f"OLD.{name} <> NEW.{name}" for name in names)


class Migration(migrations.Migration):
    dependencies = [("documents", "0002_what_was_signed_stays")]

    operations = [
        guard("documents_storedfile", ["DELETE"], "Tệp đã tiếp nhận không được xoá."),
        guard("documents_signingplace", ["UPDATE", "DELETE"], ROUND),
        guard("documents_signinground", ["DELETE"], ROUND),
        guard(
            "documents_signinground",
            ["UPDATE"],
            ROUND,
            changed("year_id", "title", "token", "content_fingerprint", "opened_at")
            # Once it takes no more signatures, it never does again.
            + " OR (OLD.is_closed AND NOT NEW.is_closed)",
        ),
        guard("documents_signercertificate", ["DELETE"], CERTIFICATE),
        guard(
            "documents_signercertificate",
            ["UPDATE"],
            CERTIFICATE,
            changed("holder_id", "organisation_id", "fingerprint", "der", "registered_at")
            + " OR (OLD.withdrawn_at IS NOT NULL AND NEW.withdrawn_at IS NULL)",
        ),
    ]
