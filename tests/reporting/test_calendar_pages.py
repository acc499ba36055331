"""Years of the working calendar: read by everybody, added and replaced by the administrator."""

from datetime import date

import pytest
from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import DatabaseError, transaction
from django.urls import reverse

from tests.factories.world import NOON
from tests.movements.browser import Browser, words
from thidua.audit.models import Action, Entry
from thidua.reporting.models import StoredCalendarYear
from thidua.reporting.queries import (
    current_year_of,
    fingerprint_of,
    loaded_calendar,
    loaded_years,
)
from thidua.reporting.services import StaleCalendar, store_calendar_year
from thidua.rules.deadlines import (
    Block,
    CalendarFileError,
    CalendarGap,
    CalendarYear,
    Status,
    read_calendar_year,
    shipped_calendar,
    shipped_years,
)
from thidua.rules.errors import RuleError

TET = Block(date(2028, 1, 1), date(2028, 1, 3), "Tết Dương lịch")
NEW_YEAR = CalendarYear(2028, Status.OFFICIAL, ("Công văn 1/VPCP-KGVX",), (TET,))
TYPED = {
    "year": "2028",
    "status": "official",
    "documents": "Công văn 1/VPCP-KGVX",
    "off": "01/01/2028 – 03/01/2028 | Tết Dương lịch",
    "swap": "",
    "open": "",
    "note": "",
    "base": "",
    "seen": "",
    "file_name": "",
}
FILE = """year = 2028
status = "official"
documents = ["Công văn 1/VPCP-KGVX"]

[[off]]
from = 2028-01-01
to = 2028-01-03
reason = "Tết Dương lịch"
"""


def page(name, *args):
    return reverse(f"reporting:{name}", args=args)


def store(world, year=NEW_YEAR, base="", actor=None):
    return store_calendar_year(year=year, base=base, actor=actor or world.administrator, at=NOON)


@pytest.fixture
def admin(world):
    return Browser(world.administrator)


def upload(browser, text):
    data = text if isinstance(text, bytes) else text.encode()
    return browser.post(
        page("calendar_upload"), {"calendar": SimpleUploadedFile("lich-2028.toml", data)}
    )


def test_stored_year_is_counted_with_at_once(world):
    assert loaded_calendar() is shipped_calendar()

    store(world)

    assert not loaded_calendar().is_working(date(2028, 1, 3))
    assert loaded_calendar().is_working(date(2028, 1, 4))
    with pytest.raises(CalendarGap):
        shipped_calendar().is_working(date(2028, 1, 3))


def test_stored_year_takes_the_place_of_the_shipped_one_and_the_newest_counts(world):
    shipped = current_year_of(2027)
    official = CalendarYear(2027, Status.OFFICIAL, ("Công văn 2",))
    later = CalendarYear(
        2027,
        Status.OFFICIAL,
        ("Công văn 3",),
        (Block(TET.first_on.replace(year=2027), date(2027, 1, 1), "Tết"),),
    )

    first = store(world, official, shipped.fingerprint)
    second = store(world, later, first.fingerprint)

    assert [row.number for row in StoredCalendarYear.objects.filter(year=2027)] == [2, 1]
    assert current_year_of(2027).stored == second
    assert current_year_of(2027).content == later
    assert loaded_calendar().years[2027] == later
    assert loaded_calendar().years[2026] == shipped_calendar().years[2026]
    assert [each.content.year for each in loaded_years()] == [each.year for each in shipped_years()]


def test_loaded_calendar_is_put_together_once_a_process(world, django_assert_num_queries):
    store(world)
    first = loaded_calendar()

    with django_assert_num_queries(1):
        assert loaded_calendar() is first


def test_a_year_taken_back_with_its_transaction_is_not_counted_with(world):
    with transaction.atomic():
        store(world)
        assert 2028 in loaded_calendar().years
        transaction.set_rollback(True)

    assert 2028 not in loaded_calendar().years
    store(world, CalendarYear(2028, Status.PROVISIONAL))
    assert loaded_calendar().is_working(date(2028, 1, 3))


def test_storing_a_year_is_journalled_with_both_fingerprints(world):
    shipped = current_year_of(2027)
    official = CalendarYear(2027, Status.OFFICIAL, ("Công văn 2",))

    stored = store(world, official, shipped.fingerprint)

    entry = Entry.objects.get(action=Action.CALENDAR_YEAR_STORED)
    assert (entry.actor, entry.at, entry.subject_id) == (world.administrator, NOON, stored.pk)
    assert entry.details == {
        "old": fingerprint_of(shipped.content),
        "new": stored.fingerprint,
        "status": "Chính thức",
        "documents": ["Công văn 2"],
    }


def test_storing_a_year_is_refused_to_everybody_but_the_administrator(world):
    for actor in (world.one.lead_head, world.superior, world.one.appraiser, world.stranger):
        with pytest.raises(PermissionDenied):
            store(world, actor=actor)

    assert not StoredCalendarYear.objects.exists()


@pytest.mark.parametrize(
    ("year", "base", "kind"),
    [
        (NEW_YEAR, "f" * 64, StaleCalendar),
        (CalendarYear(2027, Status.PROVISIONAL), "", StaleCalendar),
        (CalendarYear(2028, Status.OFFICIAL), "", CalendarFileError),
        (shipped_years()[-1], fingerprint_of(shipped_years()[-1]), RuleError),
    ],
)
def test_storing_a_year_unseen_contradictory_or_unchanged_is_refused(world, year, base, kind):
    with pytest.raises(kind):
        store(world, year, base)

    assert not StoredCalendarYear.objects.exists()
    assert not Entry.objects.filter(action=Action.CALENDAR_YEAR_STORED).exists()


def test_R12_the_database_keeps_every_stored_year_as_it_was(world):
    stored = store(world)

    for change in (
        lambda: StoredCalendarYear.objects.filter(pk=stored.pk).update(content=""),
        lambda: StoredCalendarYear.objects.filter(pk=stored.pk).delete(),
    ):
        with pytest.raises(DatabaseError), transaction.atomic():
            change()

    assert StoredCalendarYear.objects.get().content == stored.content


def test_everybody_reads_the_years_and_only_the_administrator_is_offered_changes(world, admin):
    store(world)
    person = Browser(world.stranger)

    listed = person.get(page("calendar_list")).context["years"]
    text = person.text(page("calendar_year", 2028))

    assert [loaded.content.year for loaded, _ in listed] == [2028, 2027, 2026, 2025, 2024, 2023]
    assert "Tết Dương lịch" in text
    assert "Công văn 1/VPCP-KGVX" in text
    assert page("calendar_edit", 2028) not in text
    assert page("calendar_edit", 2028) in admin.text(page("calendar_year", 2028))
    assert person.get(page("calendar_year", 2040)).status_code == 404
    assert person.get(page("calendar_new")).status_code == 404


def test_calendar_pages_ask_as_much_for_many_stored_years_as_for_one(world, admin):
    stored = store(world)
    addresses = (
        page("calendar_list"),
        page("calendar_year", 2028),
        reverse("reporting:deadline") + "?clock=complaint-acceptance&start=01/07/2026",
    )
    before = [admin.queries(address) for address in addresses]
    for number in range(3):
        stored = store(
            world, CalendarYear(2028, Status.OFFICIAL, (f"Công văn {number}",)), stored.fingerprint
        )
        store(world, CalendarYear(2030 + number, Status.PROVISIONAL))

    assert [admin.queries(address) for address in addresses] == before


def test_downloaded_file_reads_back_as_the_same_year(admin):
    answer = admin.get(page("calendar_file", 2026))

    assert answer.headers["Content-Disposition"] == 'attachment; filename="lich-2026.toml"'
    assert read_calendar_year(answer.content.decode()) == current_year_of(2026).content


def test_typed_year_is_shown_first_and_stored_when_sent_again(admin):
    shown = admin.post(page("calendar_new"), TYPED)
    assert not StoredCalendarYear.objects.exists()
    assert "Xem trước lịch năm 2028" in words(shown)

    seen = shown.context["form"]["seen"].value()
    answer = admin.post(page("calendar_new"), {**TYPED, "seen": seen})

    assert answer.url == page("calendar_year", 2028)
    assert admin.said(answer) == ["Đã lưu lịch làm việc năm 2028."]
    assert current_year_of(2028).content == NEW_YEAR


def test_what_was_not_seen_is_not_stored(admin):
    seen = admin.post(page("calendar_new"), TYPED).context["form"]["seen"].value()
    changed = {**TYPED, "off": "01/01/2028 | Tết Dương lịch", "seen": seen}

    answer = admin.post(page("calendar_new"), changed)

    assert "Nội dung đã đổi sau lần xem trước" in words(answer)
    assert not StoredCalendarYear.objects.exists()


def test_replacing_shows_which_days_change(admin):
    address = page("calendar_edit", 2027)
    form = admin.get(address).context["form"]
    typed = {name: form[name].value() or "" for name in form.fields}

    typed["off"] += "\n04/02/2027 | Tết Nguyên đán"
    typed["open"] = typed["open"].replace("04/02/2027 | Tết Nguyên đán: chưa có thông báo\n", "")
    shown = admin.post(address, typed)

    assert shown.context["changes"] == [
        "Thứ Năm 04/02/2027: đang là ngày làm việc, sẽ là ngày nghỉ (Tết Nguyên đán)"
    ]
    answer = admin.post(address, {**typed, "seen": shown.context["form"]["seen"].value()})
    assert answer.url == page("calendar_year", 2027)


@pytest.mark.parametrize("year", [each.year for each in shipped_years()])
def test_a_shipped_year_as_lines_is_the_same_year(admin, year):
    address = page("calendar_edit", year)
    form = admin.get(address).context["form"]
    typed = {name: form[name].value() or "" for name in form.fields}

    answer = admin.post(address, typed)

    assert answer.context["changes"] == []
    assert answer.context["form"].calendar_year() == current_year_of(year).content


@pytest.mark.parametrize(
    ("changes", "field", "said"),
    [
        ({"year": "28"}, "year", "từ 2000 đến 2100"),
        ({"year": "2026", "off": ""}, "year", "Năm 2026 đã có lịch"),
        ({"status": "co-le"}, "status", ""),
        ({"documents": " "}, "documents", "phải nêu văn bản"),
        ({"off": "\n01/01/2028"}, "off", "Dòng 2: thiếu lý do"),
        ({"off": "32/01/2028 | Tết"}, "off", "Dòng 1: Không có ngày “32/01/2028”"),
        ({"off": "01/01/2028 | a | b | c"}, "off", "Dòng 1: có 4 phần"),
        ({"off": "01/01/2028 | a\n\n05/05/2027 | b"}, "off", "Dòng 3: Đợt nghỉ “b”"),
        ({"off": "01/01/2028 – 03/01/2028 | a\n02/01/2028 | b"}, "off", "Dòng 2: Ngày 02/01/2028"),
        ({"swap": "02/05/2028 | nối"}, "swap", "Dòng 1: cần hai ngày"),
        ({"swap": "02/05/2028 -> 03/05/2028"}, "swap", "Dòng 1: Hoán đổi nghỉ thứ Ba"),
        ({"open": "03/01/2028 | a"}, "open", "Dòng 1: Ngày 03/01/2028 đã ghi rõ"),
        ({"off": "01/01/2028 | a\n" * 101}, "off", "Dòng 101: đã quá 100 dòng"),
    ],
)
def test_a_wrong_line_is_refused_with_its_number(admin, changes, field, said):
    answer = admin.post(page("calendar_new"), {**TYPED, **changes})

    assert answer.status_code == 422
    assert list(answer.context["form"].errors) == [field]
    assert said in answer.context["form"].errors[field][0]
    assert not StoredCalendarYear.objects.exists()


def test_every_unreadable_line_is_named_at_once(admin):
    answer = admin.post(page("calendar_new"), {**TYPED, "off": "mai | a\n01/01/2028 | b\nx"})

    assert [said.split(":")[0] for said in answer.context["form"].errors["off"]] == [
        "Dòng 1",
        "Dòng 3",
    ]


def test_rows_pasted_from_a_workbook_are_read(admin):
    pasted = {
        **TYPED,
        "off": "01-01-2028 đến 03-01-2028\tTết Dương lịch\t",
        "swap": "2028-05-02 - 2028-05-06\tnối kỳ nghỉ",
    }

    year = admin.post(page("calendar_new"), pasted).context["form"].calendar_year()

    assert year.blocks == (TET,)
    assert [(s.off_on, s.worked_on) for s in year.swaps] == [(date(2028, 5, 2), date(2028, 5, 6))]


def test_file_is_shown_in_the_form_and_stored_from_there(admin):
    shown = upload(admin, FILE)
    assert not StoredCalendarYear.objects.exists()
    form = shown.context["form"]

    answer = admin.post(
        page("calendar_new"), {name: form[name].value() or "" for name in form.fields}
    )

    assert answer.url == page("calendar_year", 2028)
    stored = StoredCalendarYear.objects.get()
    assert (stored.file_name, current_year_of(2028).content) == ("lich-2028.toml", NEW_YEAR)
    assert Entry.objects.get(action=Action.CALENDAR_YEAR_STORED).details["file"] == "lich-2028.toml"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (FILE.replace('status = "official"', "status = official"), "ở dòng 2"),
        (FILE.replace('reason = "Tết Dương lịch"', ""), "Dòng 5 của tệp: Khối [[off]] thứ 1"),
        (FILE.replace("to = 2028-01-03", "to = 2027-01-03"), "Dòng 6 của tệp: Đợt nghỉ"),
        ("", "phải ghi năm"),
        ("x" * 300_000, "quá lớn"),
        (b"year = 2028 \xff", "mã hóa UTF-8"),
        (b"\x00\x01", "sai cách viết TOML"),
        ("[" * 50_000, "sai cách viết TOML"),
    ],
)
def test_T14_a_wrong_file_is_refused_with_its_line_and_nothing_is_stored(admin, text, said):
    answer = upload(admin, text)

    assert answer.status_code == 422
    assert said in answer.context["form"].errors["calendar"][0]
    assert not StoredCalendarYear.objects.exists()


def test_a_page_left_open_while_another_stored_the_year_is_refused(world, admin):
    address = page("calendar_edit", 2027)
    form = admin.get(address).context["form"]
    typed = {name: form[name].value() or "" for name in form.fields} | {"note": "mới"}
    seen = admin.post(address, typed).context["form"]["seen"].value()
    store(world, CalendarYear(2027, Status.PROVISIONAL), typed["base"])

    answer = admin.post(address, {**typed, "seen": seen})

    assert "vừa được một người khác nạp" in words(answer)
    assert StoredCalendarYear.objects.count() == 1
