"""Figures read from accepted reports stand with the sheet, and are locked with its claims (T03)."""

from django.db import migrations, models

from thidua.audit.triggers import guard

FED = "Số liệu lấy từ báo cáo đã được nộp cùng bảng tự chấm nên không thay đổi được."
SAME = "COALESCE(OLD.fed = NEW.fed, OLD.fed IS NULL AND NEW.fed IS NULL)"


class Migration(migrations.Migration):
    dependencies = [("scoring", "0007_set_aside_and_progress")]

    operations = [
        # Nullable and without a default: the table keeps its triggers on SQLite.
        migrations.AddField(
            model_name="scoresheet",
            name="fed",
            field=models.JSONField(null=True, verbose_name="Số liệu lấy từ báo cáo"),
        ),
        migrations.AddField(
            model_name="scoresheet",
            name="corrected",
            field=models.JSONField(null=True, verbose_name="Số liệu sửa theo báo cáo"),
        ),
        guard(
            "scoring_scoresheet",
            ["UPDATE"],
            FED,
            f"OLD.state <> 'draft' AND NEW.state <> 'draft' AND NOT ({SAME})",
            name="scoring_fed_no",
        ),
    ]
