"""The demo loaded once for a module, since loading takes seconds."""

import pytest
from django.db import transaction
from django.test import override_settings

from thidua.demo.loading import load_demo
from thidua.organisations.models import EmulationYear


@pytest.fixture(scope="module")
def demo(django_db_setup, django_db_blocker, tmp_path_factory):
    """Both years by number; rolled back after the module.

    A module that uses it marks its tests `django_db`: the test database is made for those only.
    """
    place = tmp_path_factory.mktemp("demo")
    settings = override_settings(DEMO=True, DATA_DIR=place, FILES_DIR=place / "files")
    with django_db_blocker.unblock(), settings, transaction.atomic():
        load_demo()
        yield {year.year: year for year in EmulationYear.objects.all()}
        transaction.set_rollback(True)
