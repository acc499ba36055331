"""The last workbook a unit filled its report with."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("documents", "0003_papers_stay"),
        ("reporting", "0007_figures_into_points"),
    ]
    operations = [
        # Nullable and without a default: the table keeps its triggers on SQLite.
        migrations.AddField(
            model_name="report",
            name="workbook",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="documents.storedfile",
                verbose_name="Biểu đã nạp",
            ),
        ),
    ]
