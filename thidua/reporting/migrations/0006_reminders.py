from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("reporting", "0005_own_forms")]
    operations: list = []
