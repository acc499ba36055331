"""The database itself refuses to change or delete a journal entry (threat model T18)."""

from django.db import migrations

from thidua.audit.triggers import guard


class Migration(migrations.Migration):
    dependencies = [("audit", "0001_initial")]

    operations = [
        guard("audit_entry", ["UPDATE", "DELETE"], "Nhật ký chỉ ghi thêm, không sửa, không xoá.")
    ]
