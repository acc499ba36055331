"""Indicators linked to reported figures; the round of a report that was accepted."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("reporting", "0006_reminders"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]
    operations = [
        migrations.AddField(
            model_name="indicator",
            name="changed_at",
            field=models.DateTimeField(null=True, verbose_name="Sửa lúc"),
        ),
        migrations.AddField(
            model_name="indicator",
            name="changed_by",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="indicator",
            name="figure",
            field=models.CharField(
                blank=True, default="", max_length=300, verbose_name="Lấy từ số liệu báo cáo"
            ),
        ),
        migrations.AddField(
            model_name="indicator",
            name="version",
            field=models.PositiveIntegerField(default=1),
        ),
        # Nullable and without a default: the table keeps its triggers on SQLite.
        migrations.AddField(
            model_name="report",
            name="accepted_round",
            field=models.PositiveSmallIntegerField(null=True, verbose_name="Lần nộp đã chấp nhận"),
        ),
    ]
