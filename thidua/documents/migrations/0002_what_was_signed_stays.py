"""Received files, revisions and signatures are never changed or deleted."""

from django.db import migrations

from thidua.audit.triggers import guard


class Migration(migrations.Migration):
    dependencies = [("documents", "0001_initial")]

    operations = [
        guard("documents_revision", ["UPDATE", "DELETE"], "Bản đã tiếp nhận không được thay đổi."),
        guard("documents_signature", ["UPDATE", "DELETE"], "Chữ ký đã nhận không được thay đổi."),
        guard("documents_storedfile", ["UPDATE"], "Tệp đã tiếp nhận không được thay đổi."),
    ]
