"""The journal: what one entry holds, and that nothing changes it."""

import ast
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest
from django.db import DatabaseError, connection, transaction
from django.db.models import ProtectedError
from django.utils import timezone

from tests.factories.world import HANOI, NOON
from thidua.audit.models import Action, Entry
from thidua.audit.queries import filtered, history_of
from thidua.audit.services import record
from thidua.home.templatetags.journal import NAMES, detail_value

ROOT = Path(__file__).parents[2] / "thidua"


@pytest.fixture
def entry(world):
    return record(world.one.lead_head, Action.LAUNCH_DRAFTED, world.one.year, at=NOON, reason="thử")


def test_record_holds_who_what_when_and_the_year(world, entry):
    assert (entry.actor, entry.actor_label) == (world.one.lead_head, "Trưởng An")
    assert (entry.at, entry.action) == (NOON, Action.LAUNCH_DRAFTED)
    assert (entry.subject_type, entry.subject_id) == (
        "organisations.emulationyear",
        world.one.year.pk,
    )
    assert (entry.subject_label, entry.year_id) == ("Cụm một năm 2026", world.one.year.pk)
    assert entry.details == {"reason": "thử"}
    assert str(entry) == "Soạn phát động: Cụm một năm 2026"


def test_record_without_a_person_is_the_systems_own(world):
    entry = record(None, Action.DEMO_LOADED, world.stranger)

    assert (entry.actor, entry.actor_label, entry.year_id) == (None, "Hệ thống", None)
    assert timezone.now() - entry.at < timedelta(minutes=1)


def test_record_cuts_a_subject_too_long_to_store(world):
    world.stranger.full_name = "Ê" * 400

    assert record(None, Action.PERSON_ADDED, world.stranger).subject_label == "Ê" * 300


def test_T18_code_changes_no_entry(entry):
    for act in (
        lambda: Entry.objects.update(actor_label="Kẻ khác"),
        lambda: Entry.objects.filter(pk=entry.pk).delete(),
        lambda: Entry.objects.bulk_update([entry], ["actor_label"]),
        entry.save,
        entry.delete,
    ):
        with pytest.raises(TypeError, match="Nhật ký chỉ ghi thêm"), transaction.atomic():
            act()

    assert Entry.objects.get(pk=entry.pk).actor_label == "Trưởng An"


ROW = "SELECT id, at, actor_id, 'Kẻ khác', action, subject_type, subject_id, subject_label, "
REPLACE = (
    "REPLACE INTO audit_entry (id, at, actor_id, actor_label, action, subject_type, subject_id, "
    f"subject_label, year_id, details) {ROW} year_id, details FROM audit_entry"
)


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE audit_entry SET actor_label = 'Kẻ khác'",
        "UPDATE audit_entry SET at = at",
        "DELETE FROM audit_entry",
        pytest.param(REPLACE, id="REPLACE"),
    ],
)
def test_T18_the_database_itself_changes_no_entry(entry, statement):
    if statement is REPLACE and connection.vendor != "sqlite":
        pytest.skip("REPLACE is SQLite's")
    before = list(Entry.objects.values())

    with (
        pytest.raises(DatabaseError, match="Nhật ký chỉ ghi thêm"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(statement)

    assert list(Entry.objects.values()) == before


def test_T18_entry_of_a_person_keeps_the_person(world, entry):
    with pytest.raises(ProtectedError):
        world.one.lead_head.delete()


def test_history_is_of_these_objects_only_newest_first_in_one_query(
    world, entry, django_assert_num_queries
):
    later = record(world.superior, Action.YEAR_CHANGED, world.one.year, at=NOON)
    record(world.superior, Action.YEAR_CHANGED, world.two.year, at=NOON)
    about = record(world.superior, Action.PERSON_ADDED, world.stranger, at=NOON)

    with django_assert_num_queries(1):
        found = history_of(world.one.year, world.stranger)

    assert found == [about, later, entry]
    assert history_of(world.one.year, limit=1) == [later]
    assert history_of() == []


def test_filter_by_day_includes_both_ends_in_vietnamese_time(world):
    def at(day, hour):
        moment = datetime(2026, 3, day, hour, 30, tzinfo=HANOI)
        return record(world.superior, Action.YEAR_CHANGED, world.one.year, at=moment)

    before, first, last, after = at(1, 23), at(2, 0), at(3, 23), at(4, 0)

    found = filtered(Entry.objects.all(), since=date(2026, 3, 2), until=date(2026, 3, 3))

    assert set(found) == {first, last}
    assert not {before, after} & set(found)


@pytest.mark.parametrize("typed", ["đinh", "Đinh", "dinh ngoc", "ĐINH NGỌC VĂN", "van"])
def test_filter_by_name_ignores_tones_and_capitals(world, typed):
    world.one.lead_head.full_name = "Đinh Ngọc Văn"
    mine = record(world.one.lead_head, Action.YEAR_CHANGED, world.one.year)
    record(world.superior, Action.YEAR_CHANGED, world.one.year)

    assert list(filtered(Entry.objects.all(), person=typed)) == [mine]


def test_filter_by_action(world, entry):
    record(world.superior, Action.YEAR_CHANGED, world.one.year)

    assert list(filtered(Entry.objects.all(), action="launch_drafted")) == [entry]


def details_recorded():
    """Every name under which a service of the product records a detail, with its file."""
    for path in ROOT.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if not isinstance(node, ast.Call):
                continue
            name = getattr(node.func, "id", getattr(node.func, "attr", ""))
            if name in {"record", "_record", "keep"}:
                for keyword in node.keywords:
                    if keyword.arg not in {None, "at", "year", "actor", "subject", "action"}:
                        yield keyword.arg, path.relative_to(ROOT)


def test_every_detail_that_is_recorded_has_a_vietnamese_name():
    found = dict(details_recorded())

    assert "lead" in found
    assert {name: str(path) for name, path in found.items() if name not in NAMES} == {}


@pytest.mark.parametrize(
    ("stored", "shown"),
    [
        ("2026-03-15", "15/03/2026"),
        ("2026-99-99", "2026-99-99"),
        ("chữ", "chữ"),
        (["An", "Bình"], "An, Bình"),
        ([], "không có"),
        ({"base": "3", "bonus": None, "deduction": "0,5"}, "điểm 3; trừ 0,5"),
        ({}, "chưa có"),
        (None, "chưa có"),
        ("", "chưa có"),
        (0, "0"),
        (7, "7"),
    ],
)
def test_details_are_shown_as_people_write_them(stored, shown):
    assert detail_value(stored) == shown
