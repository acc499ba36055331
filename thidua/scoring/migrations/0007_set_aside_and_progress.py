"""Units that hand in nothing, and how far a sheet is; columns added without a rewrite."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from thidua.audit.triggers import guard

SET_ASIDE = "Đơn vị được ghi nhận không nộp bảng tự chấm nên bảng này không nộp, không chốt được."


class Migration(migrations.Migration):
    dependencies = [
        ("scoring", "0006_evidence_dates"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name="scoresheet",
            name="scored_criteria",
            field=models.PositiveSmallIntegerField(null=True, verbose_name="Số tiêu chí đã chấm"),
        ),
        migrations.AddField(
            model_name="scoresheet",
            name="set_aside_at",
            field=models.DateTimeField(null=True, verbose_name="Ghi nhận không nộp lúc"),
        ),
        migrations.AddField(
            model_name="scoresheet",
            name="set_aside_by",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="scoresheet",
            name="set_aside_reason",
            field=models.TextField(null=True, verbose_name="Lý do không nộp bảng tự chấm"),
        ),
        guard(
            "scoring_scoresheet",
            ["UPDATE"],
            SET_ASIDE,
            "NEW.set_aside_at IS NOT NULL AND NEW.state <> 'draft'",
            name="scoring_set_aside_no",
        ),
    ]
