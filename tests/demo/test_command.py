"""The commands of the demo, from an empty folder to an empty folder."""

import sqlite3
from contextlib import closing

from tests.config.test_settings import run


def launches(data):
    """By year: whether its launch was published."""
    with closing(sqlite3.connect(data / "thidua.sqlite3")) as database:
        rows = database.execute(
            "SELECT year, published_at IS NOT NULL FROM movements_launch "
            "JOIN organisations_emulationyear AS y ON y.id = year_id ORDER BY year"
        ).fetchall()
    return [(year, bool(published)) for year, published in rows]


def reports(data):
    """The years that have any."""
    with closing(sqlite3.connect(data / "thidua.sqlite3")) as database:
        rows = database.execute(
            "SELECT DISTINCT year FROM reporting_report "
            "JOIN reporting_reportingperiod AS p ON p.id = period_id "
            "JOIN organisations_emulationyear AS y ON y.id = p.year_id"
        ).fetchall()
    return [year for (year,) in rows]


def test_demo_is_loaded_once_kept_from_real_work_and_removed(tmp_path):
    data = tmp_path / "data"
    demo = {"THIDUA_MODE": "demo", "THIDUA_SECRET_KEY": ""}

    loaded = run(tmp_path, "-m", "thidua", "demo", "load", "--before-launch", **demo)
    assert loaded.returncode == 0, loaded.stderr
    size = (data / "thidua.sqlite3").stat().st_size
    keys = sorted((data / "chung-thu-dung-thu").iterdir())
    assert len(keys) == 14
    assert launches(data) == [(2024, False), (2026, True)]
    assert reports(data) == [2026]

    again = run(tmp_path, "-m", "thidua", "demo", "load", **demo)
    assert (again.returncode, again.stdout) == (0, "")
    assert (data / "thidua.sqlite3").stat().st_size == size

    real = run(tmp_path, "-c", "import config.wsgi", THIDUA_MODE="production")
    assert real.returncode != 0
    assert "là bản dùng thử nên không chạy ở chế độ làm việc thật" in real.stderr

    reset = run(tmp_path, "-m", "thidua", "demo", "reset", "--yes", **demo)
    assert (reset.returncode, reset.stdout) == (0, "Đã xoá bản dùng thử.\n")
    assert not (data / "thidua.sqlite3").exists()
    assert not (data / "chung-thu-dung-thu").exists()

    unmarked = run(tmp_path, "-c", "import config.wsgi", **demo)
    assert unmarked.returncode != 0
    assert "không phải bản dùng thử" in unmarked.stderr
