"""One cell: no data, 0, a number and what stood before it; refusals name form, row and column."""

import unicodedata
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from thidua.rules.errors import RuleError
from thidua.rules.numbers import vietnamese
from thidua.rules.reporting import Amount, Qualifier, checked, edition, in_words, read_amount, where
from thidua.rules.reporting.amounts import added, less, slack

FORM = edition("TT06-2025").template("ttr1")
MONEY = FORM.indicator("ttr1-vi-pham-tien")
HERE = where(FORM, MONEY, "Thanh tra tỉnh An")


def read(text, places=6):
    return read_amount(text, where=HERE, places=places)


def test_where_names_form_row_and_column():
    assert (
        HERE == "Biểu 01/TTr, dòng “Thanh tra tỉnh An”, cột 8 (Tổng số vi phạm về kinh tế – Tiền)"
    )
    lines = edition("TT06-2025").template("pctn1")
    assert where(lines, lines.indicator("pctn1-tuyen-truyen-lop")).startswith(
        "Biểu 01/PCTN, chỉ tiêu 4 ("
    )
    unnumbered = where(lines, lines.indicator("pctn1-kiem-tra-noi-bo-thanh-tra-vu"))
    assert unnumbered.endswith("Trong đó: trong cơ quan thanh tra, số vụ”")


@pytest.mark.parametrize(
    ("text", "number", "qualifier"),
    [
        ("0", "0", ""),
        ("4.910", None, None),  # one thousand or one and a bit: asked, never guessed
        ("4910", "4910", ""),
        ("1.234.567,5", "1234567.5", ""),
        ("hơn 44,2", "44.2", "more"),
        ("Trên 15,3", "15.3", "more"),
        (">1000", "1000", "more"),
        ("gần 100", "100", "nearly"),
        ("khoảng 8900", "8900", "about"),
        ("~ 100,7", "100.7", "about"),
        ("xấp  xỉ 5", "5", "about"),
    ],
)
def test_what_people_write_is_read_with_its_qualifier(text, number, qualifier):
    if number is None:
        with pytest.raises(RuleError, match="là 4910 hay 4,910"):
            read(text)
    else:
        assert read(text) == Amount(Decimal(number), Qualifier(qualifier))


def test_letters_composed_otherwise_read_the_same():
    assert read(unicodedata.normalize("NFD", "khoảng 5")) == read("khoảng 5")


@pytest.mark.parametrize("text", ["", "   ", "…", "...", "Chưa có số liệu", "không có số liệu"])
def test_nothing_and_words_for_it_are_no_data_and_not_zero(text):
    assert read(text) is None
    assert in_words(read(text)) == "chưa có số liệu"
    assert in_words(read("0")) == "0"


@pytest.mark.parametrize("dash", ["-", "–", "—"])
def test_a_dash_is_asked_about_since_it_may_mean_none_or_unknown(dash):
    with pytest.raises(RuleError, match="là 0 hay chưa có số liệu"):
        read(dash)


@pytest.mark.parametrize(
    ("text", "places", "reason"),
    [
        ("-5", 6, "số liệu không được âm, đang là −5"),
        ("2,5", 0, "phải là số nguyên, đang là 2,5"),
        ("2,125", 2, "chỉ nhận 2 chữ số thập phân, đang là 2,125"),
        ("1000000000000000", 6, "số quá lớn"),
        ("5 tỷ", 6, "không phải là số"),
        ("hơn", 6, "không phải là số"),
        ("hơn -5", 6, "không được âm"),
        ("=1+1", 6, "không phải là số"),
        ("1e5", 6, "không phải là số"),
        ("NaN", 6, "không phải là số"),
    ],
)
def test_what_cannot_stand_in_the_cell_is_refused_with_its_place(text, places, reason):
    with pytest.raises(RuleError) as refused:
        read(text, places)

    assert str(refused.value).startswith(f"{HERE}: ")
    assert reason in str(refused.value)


def test_trailing_zeros_are_no_decimals():
    assert read("2,500", places=1) == Amount(Decimal("2.500"))


def test_numbers_from_a_workbook_pass_the_same_gate():
    assert checked(Amount(Decimal("-0")), where=HERE, places=0) == Amount(Decimal(0))
    with pytest.raises(RuleError, match="phải là số nguyên"):
        checked(Amount(Decimal("0.1")), where=HERE, places=0)


@given(st.decimals(min_value=0, max_value=10**9, places=3), st.sampled_from(Qualifier))
def test_an_amount_reads_back_as_it_was_written(number, qualifier):
    amount = Amount(number, qualifier)
    written = str(amount) if amount.number != 0 else str(Amount(Decimal(0), qualifier))

    # Three digits after one dot are a question to the person, by design.
    plain = written.replace(vietnamese(number), vietnamese(number, grouped=False))

    assert read(plain) == amount


@pytest.mark.parametrize(
    ("written", "places", "off"),
    [
        ("33", 6, "0.5"),
        ("33.4", 6, "0.05"),
        ("33.40", 6, "0.05"),
        ("0", 6, "0"),
        ("33", 0, "0"),
    ],
)
def test_slack_is_half_a_unit_of_the_last_written_decimal(written, places, off):
    assert slack(Amount(Decimal(written)), places=places) == Decimal(off)


def test_slack_of_a_qualified_number_is_one_unit_of_its_last_digit():
    assert slack(Amount(Decimal("470000"), Qualifier.MORE), places=0) == 10_000
    assert slack(Amount(Decimal("44.2"), Qualifier.ABOUT), places=6) == Decimal("0.1")


@pytest.mark.parametrize(
    ("kinds", "together"),
    [
        (("", ""), ""),
        (("more", ""), "more"),
        (("nearly", "", "nearly"), "nearly"),
        (("more", "nearly"), "about"),
        (("about", ""), "about"),
    ],
)
def test_a_sum_says_how_sure_it_is(kinds, together):
    total = added(Amount(Decimal(5), Qualifier(kind)) for kind in kinds)

    assert total == Amount(Decimal(5 * len(kinds)), Qualifier(together))


def test_what_is_taken_away_turns_its_qualifier_round():
    whole = Amount(Decimal(10))

    assert less(whole, Amount(Decimal(4), Qualifier.MORE)) == Amount(Decimal(6), Qualifier.NEARLY)


def test_more_digits_than_every_store_keeps_are_refused_not_rounded():
    assert read("1234567890,12345") == Amount(Decimal("1234567890.12345"))
    assert read("100000000000000,0") == Amount(Decimal("100000000000000"))
    with pytest.raises(RuleError, match="chỉ lưu đúng được 15 chữ số"):
        read("12345678901,123456")
