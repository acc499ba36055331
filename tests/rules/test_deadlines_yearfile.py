"""A year of the calendar as a file: read with reasons, written back the same."""

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from thidua.rules.deadlines import (
    Block,
    CalendarFileError,
    CalendarYear,
    OpenDay,
    Status,
    Swap,
    check_calendar_year,
    read_calendar_year,
    shipped_years,
    write_calendar_year,
)

HEAD = 'year = 2028\nstatus = "official"\n'


def test_year_is_read_with_its_documents_blocks_swaps_and_open_days():
    text = """
        year = 2028
        status = "provisional"
        documents = ["Công văn 1/VPCP-KGVX"]
        note = "chờ  thông báo"
        [[off]]
        from = 2028-01-01
        to = "03/01/2028"
        reason = "Tết Dương lịch"
        source = "1/VPCP-KGVX"
        [[swap]]
        off = 2028-05-02
        worked = 2028-05-06
        [[open]]
        on = 2028-11-24
        reason = "Ngày Văn hóa Việt Nam"
    """

    assert read_calendar_year(text) == CalendarYear(
        year=2028,
        status=Status.PROVISIONAL,
        documents=("Công văn 1/VPCP-KGVX",),
        blocks=(Block(date(2028, 1, 1), date(2028, 1, 3), "Tết Dương lịch", "1/VPCP-KGVX"),),
        swaps=(Swap(date(2028, 5, 2), date(2028, 5, 6)),),
        open_days=(OpenDay(date(2028, 11, 24), "Ngày Văn hóa Việt Nam"),),
        note="chờ thông báo",
    )


@pytest.mark.parametrize("year", shipped_years(), ids=lambda each: str(each.year))
def test_shipped_years_survive_being_written_and_read(year):
    assert read_calendar_year(write_calendar_year(year)) == year


@settings(max_examples=30)
@given(st.text(max_size=60), st.text(max_size=60))
def test_any_words_survive_being_written_and_read(reason, note):
    kept = " ".join("".join(c if c.isprintable() else " " for c in reason).split())
    year = CalendarYear(
        2028,
        Status.OFFICIAL,
        ("Công văn 1/VPCP-KGVX",),
        blocks=(Block(date(2028, 1, 3), date(2028, 1, 3), f"lý do {reason}"),),
        note=note,
    )

    assert read_calendar_year(write_calendar_year(year)).blocks[0].reason == f"lý do {kept}".strip()


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        (HEAD, "Lịch năm 2028 ghi là chính thức thì phải nêu văn bản"),
        (HEAD + 'documents = [" "]', "phải nêu văn bản"),
        ("year = ", "sai cách viết TOML"),
        (HEAD + "off\n[[off]]", "sai cách viết TOML ở dòng 3"),
        ("x = " + "[" * 5000, "sai cách viết TOML"),
        ("#" * 64_001, "quá lớn"),
        ('status = "official"', "phải ghi năm"),
        ('year = true\nstatus = "official"', "phải ghi năm"),
        ('year = 1999\nstatus = "official"', "từ 2000 đến 2100"),
        ("year = 2028", "phải ghi status"),
        ('year = 2028\nstatus = "chắc"', "phải ghi status"),
        (HEAD + 'tết = "x"', "sai cách viết TOML"),
        (HEAD + "holidays = []", "Tệp lịch: không hiểu mục “holidays”"),
        (HEAD + 'documents = "một"', "documents phải là danh sách"),
        (HEAD + "documents = [1]", "documents phải là danh sách"),
        (HEAD + "note = 5", "mục note phải là chữ"),
        (HEAD + f'note = "{"x" * 501}"', "không quá 500 ký tự"),
        (HEAD + "off = 5", r"từng khối \[\[off\]\]"),
        (HEAD + "off = [5]", r"từng khối \[\[off\]\]"),
        (HEAD + '[[off]]\nfrom = 2028-01-03\nreason = "x"\n' * 101, "quá 100 khối"),
        (HEAD + '[[off]]\nreason = "x"', r"Khối \[\[off\]\] thứ 1 thiếu ngày ở mục from"),
        (HEAD + '[[off]]\nfrom = 5\nreason = "x"', "thiếu ngày ở mục from"),
        (HEAD + '[[off]]\nfrom = 2028-01-03T08:00:00\nreason = "x"', "thiếu ngày ở mục from"),
        (HEAD + '[[off]]\nfrom = "31/02/2028"\nreason = "x"', "mục from: Không có ngày"),
        (HEAD + "[[off]]\nfrom = 2028-01-03", "thiếu lý do"),
        (HEAD + '[[off]]\nfrom = 2028-01-03\nreason = "x"\nwhy = 1', "không hiểu mục “why”"),
        (HEAD + '[[off]]\nfrom = 2028-01-04\nto = 2028-01-03\nreason = "x"', "không sớm hơn"),
        (HEAD + '[[off]]\nfrom = 2028-01-04\nto = 2028-03-03\nreason = "x"', "quá 31 ngày"),
        (HEAD + '[[off]]\nfrom = 2027-01-04\nreason = "x"', "không thuộc năm 2028"),
        (
            HEAD
            + '[[off]]\nfrom = 2028-01-03\nto = 2028-01-05\nreason = "x"\n'
            + '[[off]]\nfrom = 2028-01-05\nreason = "y"',
            "05/01/2028 được ghi nghỉ hai lần",
        ),
        (HEAD + "[[swap]]\noff = 2028-05-06\nworked = 2028-05-13", "thứ Hai đến thứ Sáu"),
        (HEAD + "[[swap]]\noff = 2028-05-02\nworked = 2028-05-05", "thứ Bảy hoặc Chủ nhật"),
        (HEAD + "[[swap]]\noff = 2028-05-02\nworked = 2028-08-05", "cách nhau quá 62 ngày"),
        (HEAD + "[[swap]]\noff = 2027-05-03\nworked = 2027-05-08", "không thuộc năm 2028"),
        (
            HEAD
            + "[[swap]]\noff = 2028-05-02\nworked = 2028-05-06\n"
            + "[[swap]]\noff = 2028-05-03\nworked = 2028-05-06",
            "06/05/2028 có trong hai lần hoán đổi",
        ),
        (
            HEAD
            + '[[off]]\nfrom = 2028-05-05\nto = 2028-05-07\nreason = "x"\n'
            + "[[swap]]\noff = 2028-05-02\nworked = 2028-05-06",
            "vừa ghi làm bù, vừa nằm trong một đợt nghỉ",
        ),
        (HEAD + '[[open]]\non = 2027-11-24\nreason = "x"', "không thuộc năm 2028"),
        (
            HEAD
            + '[[off]]\nfrom = 2028-11-24\nreason = "x"\n[[open]]\non = 2028-11-24\nreason = "x"',
            "không thể ghi là chưa rõ",
        ),
    ],
)
def test_bad_file_is_refused_with_a_sentence_that_names_the_place(text, sentence):
    with pytest.raises(CalendarFileError, match=sentence):
        read_calendar_year(text)


def test_year_typed_on_a_form_is_checked_like_a_file():
    typed = CalendarYear(2028, Status.OFFICIAL, swaps=(Swap(date(2028, 5, 2), date(2028, 5, 4)),))

    with pytest.raises(CalendarFileError, match="làm bù thứ Năm 04/05/2028"):
        check_calendar_year(typed)


@settings(max_examples=40)
@given(st.text(alphabet='[]="{}0123-\n xoff', max_size=200))
def test_junk_never_ends_in_anything_but_a_sentence(text):
    with pytest.raises(CalendarFileError, match=r"\."):
        read_calendar_year(text)
