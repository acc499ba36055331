"""Formulas and conditions as people write them: read exactly, or refused with a sentence."""

import contextlib
from datetime import date
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.rules.engine import some
from thidua.rules.errors import RuleError
from thidua.rules.scoring.formulas import (
    Comparison,
    DividedByZero,
    read_conditions,
    read_formula,
)


def compute(text, **values):
    return read_formula(text).evaluate(lambda name: values.get(name))


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("1 + 2 × 3", 7),
        ("(1 + 2) * 3", 9),
        ("10 : 4", Fraction(5, 2)),
        ("10 ÷ 4 − 1", Fraction(3, 2)),
        ("8 - 3 - 2", 3),
        ("-a + 1", -2),
        ("a / 7 * 7", 3),
        ("0,5 · a", Fraction(3, 2)),
        ("0.5 * a", Fraction(3, 2)),
        ("số_hộ / tổng.số * 100", 50),
    ],
)
def test_a_formula_is_computed_exactly(text, value):
    assert compute(text, a=Fraction(3), số_hộ=Fraction(1), **{"tổng.số": Fraction(2)}) == value


def test_a_formula_over_something_not_given_is_not_given():
    assert compute("a + b", a=Fraction(1)) is None


@pytest.mark.parametrize("text", ["1 / 0", "a / (b - b)"])
def test_a_formula_that_divides_by_zero_says_so(text):
    with pytest.raises(DividedByZero, match="chia cho số 0"):
        compute(text, a=Fraction(1), b=Fraction(2))


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("", "chưa viết hết"),
        ("a +", "chưa viết hết"),
        ("(a", "thiếu dấu “)”"),
        ("a b", "không đọc được từ chỗ “b”"),
        ("a ** b", "không đọc được từ chỗ “*”"),
        ("a ^ 2", "ký tự không dùng được"),
        ("1.234 * a", "1234 hay 1,234"),
        ("__import__('os')", "ký tự không dùng được"),
        ("a" * 501, "dài quá 500 ký tự"),
        ("(" * 60 + "1" + ")" * 60, "quá nhiều lớp ngoặc"),
    ],
)
def test_a_formula_that_cannot_be_read_says_where(text, sentence):
    with pytest.raises(RuleError) as refused:
        read_formula(text)

    assert sentence in str(refused.value)


def test_many_parentheses_one_after_another_are_no_depth():
    assert compute(" + ".join(["(1)"] * 60)) == 60


@pytest.mark.parametrize(
    ("text", "value", "holds"),
    [
        ("a >= 95", Fraction(95), True),
        ("a ≥ 95", Fraction(94), False),
        ("a < 0,5", Fraction(1, 4), True),
        ("a > 1", Fraction(1), False),
        ("a <= 1", Fraction(1), True),
        ("a != 1", Fraction(1), False),
        ("a = có", True, True),
        ("a = Không", True, False),
        ("a ≠ “Đạt”", "Vượt", True),
        ("a = Đạt yêu cầu", "Đạt yêu cầu", True),
        ("a <= 31/01/2026", date(2026, 1, 31), True),
    ],
)
def test_a_condition_compares(text, value, holds):
    (condition,) = read_conditions(text)

    assert condition.holds(value) is holds


def test_a_cell_may_hold_several_conditions():
    one, two = read_conditions("a >= 95; @diem_tru = 0;")

    assert (one.name, one.comparison, two.name) == ("a", Comparison.AT_LEAST, "@diem_tru")
    assert read_conditions("") == ()


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("a", "không đọc được. Viết như: ty_le >= 95"),
        ("95 <= a", "không đọc được"),
        ("a >= có", "chỉ so được bằng (=) hoặc khác (≠)"),
        ("a = 30/02/2026", "ngày “30/02/2026” không có trong lịch"),
        ("a > 1.234", "1234 hay 1,234"),
    ],
)
def test_a_condition_that_cannot_be_read_says_why(text, sentence):
    with pytest.raises(RuleError) as refused:
        read_conditions(text)

    assert sentence in str(refused.value)


def test_a_condition_on_another_kind_of_value_is_refused():
    (condition,) = read_conditions("a >= 95")

    with pytest.raises(RuleError, match="so hai thứ khác loại"):
        condition.holds(True)


@some
@given(st.text("ab12+-*/(),.;=<> @", max_size=30))
def test_any_text_is_read_or_refused_with_a_sentence(text):
    with contextlib.suppress(RuleError):
        read_formula(text)
    with contextlib.suppress(RuleError):
        read_conditions(text)
