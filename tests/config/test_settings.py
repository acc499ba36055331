"""What the environment must say before a server starts, and how Vietnamese is written."""

import os
import re
import stat
import subprocess
import sys
from datetime import date, datetime

import pytest
from django.apps import apps
from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.core.management import call_command
from django.template import Context, Template
from django.utils import formats

from tests.factories.world import HANOI


def run(tmp_path, *arguments, **changes):
    """One command in a process and an environment of its own."""
    environment = {
        **os.environ,
        "THIDUA_DATA": str(tmp_path / "data"),
        "DATABASE_URL": "",
        "THIDUA_SECRET_KEY": "k9!" + "aB3_xY7-" * 9,
        "THIDUA_HOSTS": "thidua.example",
        **changes,
    }
    # Set by the browser of another test, and refused by the check of a deployment.
    environment.pop("DJANGO_ALLOW_ASYNC_UNSAFE", None)
    return subprocess.run(
        [sys.executable, *arguments], env=environment, capture_output=True, text=True, check=False
    )


LOAD = ("-c", "import config.settings as s; print(s.DEMO, s.DEBUG, s.ALLOWED_HOSTS)")


def test_T20_production_does_not_start_without_a_secret(tmp_path):
    done = run(tmp_path, *LOAD, THIDUA_MODE="production", THIDUA_SECRET_KEY="")

    assert done.returncode != 0
    assert "Chưa đặt THIDUA_SECRET_KEY" in done.stderr


ADDRESS = ("-c", "import config.settings as s; print(s.PUBLIC_URL)")


@pytest.mark.parametrize(
    ("hosts", "named", "printed"),
    [
        ("thidua.example,khac.example", "", "https://thidua.example"),
        (".example.vn", "", "https://example.vn"),
        ("thidua.example", "https://cong-khai.example/", "https://cong-khai.example"),
    ],
)
def test_qr_codes_of_production_never_lead_to_the_readers_own_machine(
    tmp_path, hosts, named, printed
):
    named_in = {"THIDUA_PUBLIC_URL": named} if named else {}

    done = run(tmp_path, *ADDRESS, THIDUA_MODE="production", THIDUA_HOSTS=hosts, **named_in)

    assert done.stdout.strip() == printed


def test_R06_sqlite_is_not_opened_by_address_past_its_safe_settings(tmp_path):
    done = run(tmp_path, *LOAD, THIDUA_MODE="production", DATABASE_URL="sqlite:///x.sqlite3")

    assert done.returncode != 0
    assert "DATABASE_URL chỉ nhận địa chỉ PostgreSQL" in done.stderr


def test_production_is_the_mode_where_none_is_named(tmp_path):
    environment = {"THIDUA_MODE": ""}
    named = run(tmp_path, *LOAD, **environment)
    os_less = run(
        tmp_path,
        "-c",
        "import os; os.environ.pop('THIDUA_MODE'); " + LOAD[1],
        THIDUA_MODE="x",
    )

    assert "THIDUA_MODE nhận một trong: production, demo, test." in named.stderr
    assert os_less.stdout.split() == ["False", "False", "['thidua.example']"]


def test_demo_answers_on_this_machine_only(tmp_path):
    done = run(tmp_path, *LOAD, THIDUA_MODE="demo")

    assert done.stdout.strip() == "True False ['127.0.0.1', 'localhost']"


def test_T20_demo_makes_its_own_secret_once_and_keeps_it_to_itself(tmp_path):
    key = ("-c", "import config.settings as s; print(s.SECRET_KEY)")

    first = run(tmp_path, *key, THIDUA_MODE="demo", THIDUA_SECRET_KEY="").stdout
    second = run(tmp_path, *key, THIDUA_MODE="demo", THIDUA_SECRET_KEY="").stdout

    assert first == second
    assert len(first.strip()) > 60
    path = tmp_path / "data" / "secret_key"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700


def test_T20_production_passes_djangos_own_check(tmp_path):
    done = run(
        tmp_path,
        *("-W", "error", "-m", "thidua", "manage"),
        *("check", "--deploy", "--fail-level", "WARNING"),
        THIDUA_MODE="production",
    )

    assert done.returncode == 0, done.stderr


@pytest.mark.django_db
def test_R18_models_and_migrations_agree():
    call_command("makemigrations", check=True, dry_run=True, verbosity=0)


def test_days_and_moments_are_written_day_first():
    day = date(2026, 3, 2)
    moment = datetime(2026, 3, 2, 9, 5, tzinfo=HANOI)
    template = Template("{{ day }} | {{ day|date:'SHORT_DATE_FORMAT' }} | {{ moment }}")

    shown = template.render(Context({"day": day, "moment": moment}))

    assert shown == "02/03/2026 | 02/03/2026 | 09:05 02/03/2026"


def test_days_are_read_day_first():
    assert formats.get_format("DATE_INPUT_FORMATS")[0] == "%d/%m/%Y"


def test_years_and_keys_are_written_without_dots():
    assert Template("{{ year }} {{ key }}").render(Context({"year": 2026, "key": 12345})) == (
        "2026 12345"
    )
    assert Template('{{ n|floatformat:"2g" }}').render(Context({"n": 1234.5})) == "1.234,50"


def test_collected_static_files_are_those_that_pages_load():
    ignored = apps.get_app_config("staticfiles").ignore_patterns
    collected = {path for finder in get_finders() for path, _ in finder.list(ignored)}
    named = {
        name
        for template in (settings.BASE_DIR / "thidua").rglob("*.html")
        for name in re.findall(r'{% static "([^"]+)" %}', template.read_text(encoding="utf-8"))
    }

    assert named <= collected
    foreign = {path for path in collected if path.startswith(("bootstrap/", "django_htmx/"))}
    # Source maps of what is loaded come with it, because the names in the files are resolved.
    assert {path.removesuffix(".map") for path in foreign} <= named
