"""Numbers are read as written, or refused; never guessed."""

import contextlib
import re
from decimal import Decimal

import pytest
from django import forms
from django.core.exceptions import ValidationError
from hypothesis import given
from hypothesis import strategies as st

from thidua.rules.numbers import NotANumber, parse, vietnamese
from thidua.ui.fields import LONGEST, VietnameseDateField, VietnameseDecimalField

numbers = st.decimals(
    min_value=-(10**12), max_value=10**12, allow_nan=False, allow_infinity=False, places=4
)


@pytest.mark.parametrize(
    ("typed", "value"),
    [
        ("12", "12"),
        ("0,25", "0.25"),
        (",5", "0.5"),
        ("1.5", "1.5"),
        ("0.25", "0.25"),
        ("0.125", "0.125"),
        ("1234.567", "1234.567"),
        ("1.2345", "1.2345"),
        ("1.234.567", "1234567"),
        ("1.234,5", "1234.5"),
        ("12.345.678,05", "12345678.05"),
        ("1234,5", "1234.5"),
        ("007", "7"),
        ("-3,5", "-3.5"),
        ("\u22123,5", "-3.5"),
        ("+3", "3"),
        (" 1 234,5 ", "1234.5"),
        ("1\u00a0234\u202f567", "1234567"),
    ],
)
def test_parse_reads_vietnamese_numbers(typed, value):
    assert parse(typed) == Decimal(value)


@pytest.mark.parametrize(
    ("typed", "whole", "decimal"),
    [("1.234", "1234", "1,234"), ("12.500", "12500", "12,500"), ("-999.000", "999000", "999,000")],
)
def test_parse_of_what_may_be_thousands_or_decimals_asks_which(typed, whole, decimal):
    with pytest.raises(NotANumber) as refused:
        parse(typed)

    assert str(refused.value) == (
        f"“{typed}” là {whole} hay {decimal}? Hãy viết {whole} nếu là số nguyên, "
        f"{decimal} nếu là số thập phân."
    )


@pytest.mark.parametrize("typed", ["1,234,567", "1.23.456", "1,2.3", "1.234.", "12,", "1..2", ","])
def test_parse_refuses_misplaced_separators(typed):
    with pytest.raises(NotANumber, match="không đúng cách viết số"):
        parse(typed)


@pytest.mark.parametrize(
    "typed",
    ["", "abc", "NaN", "Infinity", "1e5", "12 điểm", "٣", "１２", "0x10", "--1", "1_000", "½"],
)
def test_parse_refuses_what_is_no_number(typed):
    with pytest.raises(NotANumber, match="Hãy nhập một số"):
        parse(typed)


@given(numbers)
def test_what_is_written_is_read_back_or_asked_about(value):
    assert parse(vietnamese(value, grouped=False)) == value
    written = vietnamese(value)
    if re.fullmatch(r"[−-]?\d{1,3}\.\d{3}", written):
        # One group of thousands alone may mean decimals too.
        with pytest.raises(NotANumber, match=" hay "):
            parse(written)
    else:
        assert parse(written) == value


@given(numbers)
def test_no_written_number_ends_in_needless_zeros(value):
    written = vietnamese(value)

    assert "," not in written or not written.endswith(("0", ","))
    assert written != "-0"


@given(st.text(max_size=20))
def test_any_text_is_a_number_or_refused(text):
    with contextlib.suppress(NotANumber):
        assert parse(text).is_finite()


@given(st.integers(0, 10**6), st.integers(0, 99))
def test_a_dot_and_a_comma_before_two_decimals_are_the_same_number(whole, hundredths):
    assert parse(f"{whole}.{hundredths:02d}") == parse(f"{whole},{hundredths:02d}")


@given(st.integers(1, 999), st.integers(0, 999))
def test_a_dot_before_three_digits_is_never_guessed(whole, rest):
    with pytest.raises(NotANumber, match=" hay "):
        parse(f"{whole}.{rest:03d}")


@pytest.mark.parametrize(
    ("value", "written"),
    [
        ("0", "0"),
        ("-0.00", "0"),
        ("98.50", "98,5"),
        ("100", "100"),
        ("1E+3", "1.000"),
        ("1234567.125", "1.234.567,125"),
        ("-0.5", "−0,5"),
    ],
)
def test_vietnamese_writes_a_comma_and_groups(value, written):
    assert vietnamese(Decimal(value)) == written


def refusal(field: forms.Field, typed: str) -> str:
    with pytest.raises(ValidationError) as refused:
        field.clean(typed)
    return str(refused.value.messages[0])


def test_field_returns_a_decimal():
    assert VietnameseDecimalField().clean(" 1.234,5 ") == Decimal("1234.5")


def test_field_left_empty_is_none_only_when_not_required():
    assert VietnameseDecimalField(required=False).clean("  ") is None
    assert refusal(VietnameseDecimalField(), "")


@pytest.mark.parametrize("typed", ["-0,01", "30,25"])
def test_field_out_of_range_says_both_ends(typed):
    field = VietnameseDecimalField(min_value=0, max_value=30)

    assert refusal(field, typed) == "Nhập một số từ 0 đến 30."


@pytest.mark.parametrize("typed", ["0", "30", "30,0"])
def test_field_takes_the_ends_of_its_range(typed):
    assert VietnameseDecimalField(min_value=0, max_value=30).clean(typed) is not None


def test_field_with_one_end_names_it():
    assert refusal(VietnameseDecimalField(min_value=1), "0") == "Nhập một số từ 1 trở lên."
    assert (
        refusal(VietnameseDecimalField(max_value=Decimal("1500.5")), "1501")
        == "Nhập một số không quá 1.500,5."
    )


def test_field_holds_to_its_step_and_places():
    assert refusal(VietnameseDecimalField(step=Decimal("0.25")), "0,3") == (
        "Nhập một bội số của 0,25."
    )
    assert refusal(VietnameseDecimalField(decimal_places=2), "0,125") == (
        "Nhập không quá 2 chữ số sau dấu phẩy."
    )
    assert refusal(VietnameseDecimalField(decimal_places=0), "0,5") == "Nhập một số nguyên."
    assert VietnameseDecimalField(step=Decimal("0.25"), decimal_places=2).clean("0,750") == (
        Decimal("0.75")
    )


def test_field_refuses_a_pasted_novel_without_reading_it():
    assert refusal(VietnameseDecimalField(), "9" * (LONGEST + 1)) == (
        "Số quá dài. Hãy kiểm tra lại."
    )


class PointsForm(forms.Form):
    points = VietnameseDecimalField(max_value=30)
    on = VietnameseDateField(required=False)


def test_field_shows_a_stored_number_with_a_comma_and_the_number_pad():
    html = str(PointsForm(initial={"points": Decimal("1234.50")})["points"])

    assert 'value="1234,5"' in html
    assert 'type="text"' in html
    assert 'inputmode="decimal"' in html


def test_field_shows_what_was_typed_when_refused():
    assert 'value="1.5"' in str(PointsForm({"points": "1.5"})["points"])


def test_field_has_changed_compares_numbers():
    form = PointsForm({"points": "12,50"}, initial={"points": Decimal("12.5")})

    assert not form.has_changed()


def test_field_refuses_a_float_from_our_own_code():
    with pytest.raises(TypeError, match="never float"):
        str(PointsForm(initial={"points": 0.1})["points"])


@pytest.mark.parametrize("typed", ["05/03/2026", "5/3/2026", "05-03-2026", "2026-03-05"])
def test_date_field_reads_the_day_first(typed):
    assert str(VietnameseDateField().clean(typed)) == "2026-03-05"


@pytest.mark.parametrize("typed", ["31/02/2026", "03/13/2026", "5.3", "mai"])
def test_date_field_refuses_days_that_are_not(typed):
    assert "ngày/tháng/năm" in refusal(VietnameseDateField(), typed)


def test_date_field_shows_the_day_first():
    assert 'value="05/03/2026"' in str(PointsForm(initial={"on": "05/03/2026"})["on"])
