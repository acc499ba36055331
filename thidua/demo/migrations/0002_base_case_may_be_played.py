from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("demo", "0001_initial")]

    operations = [
        migrations.AddField(
            model_name="demomark",
            name="base_case_played",
            field=models.BooleanField(default=False),
        ),
    ]
