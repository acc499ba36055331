"""What a unit reports: typed text to canonical text and values, or a sentence."""

from datetime import date
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.rules.engine import rules_of, some
from thidua.rules.errors import RuleError
from thidua.rules.scoring import Facts, Unit, in_words, read_fact
from thidua.rules.scoring.facts import roots_of, value_of

RULES = rules_of()


def read(key, typed):
    return read_fact(RULES.inputs[key], typed, RULES.bands)


@pytest.mark.parametrize(
    ("key", "typed", "canonical"),
    [
        ("so", "3,5", "3.5"),
        ("so", "3.5", "3.5"),
        ("so", " 1.234,50 ", "1234.5"),
        ("so", "  ", ""),
        ("ty_le", "97,5 %", "97.5"),
        ("dem", "12", "12"),
        ("dem", "3,0", "3"),
        ("ngay", "1/2/2026", "2026-02-01"),
        ("ngay", "01-02-2026", "2026-02-01"),
        ("ngay", "2026-02-01", "2026-02-01"),
        ("co", "Có", "yes"),
        ("co", "không", "no"),
        ("muc", "đạt", "Đạt"),
        ("lan", "8; 9 ;7,5", "8;9;7.5"),
    ],
)
def test_what_people_type_is_read(key, typed, canonical):
    assert read(key, typed) == canonical
    assert read(key, in_words(RULES.inputs[key], canonical)) == canonical


@pytest.mark.parametrize(
    ("key", "typed", "sentence"),
    [
        ("so", "1.234", "Số liệu: “1.234” là 1234 hay 1,234? Hãy viết 1234 nếu là số nguyên"),
        ("so", "ba", "Số liệu: “ba” không phải là số."),
        ("so", "-1", "Số liệu: số phải từ 0 trở lên."),
        ("dem", "−2", "Số lần chậm: số phải từ 0 trở lên."),
        ("dem", "1,5", "Số lần chậm: số đếm phải là số nguyên, đang là 1,5."),
        ("so", "9" * 12, "Số quá lớn"),
        ("so", "0,1234567", "tối đa 6 chữ số"),
        ("ngay", "31/02/2026", "Ngày gửi: “31/02/2026” không phải là ngày có trong lịch"),
        ("ngay", "hôm qua", "hãy viết ngày/tháng/năm"),
        ("co", "hơi hơi", "Đã làm: “hơi hơi” không rõ; hãy ghi Có hoặc Không."),
        ("muc", "Giỏi", "Mức hoàn thành: “Giỏi” không có trong các mức: Vượt; Đạt."),
        ("lan", "8;-1", "Điểm từng kỳ: số phải từ 0 trở lên."),
        ("lan", ";".join("1" * 401), "quá 400 lần"),
    ],
)
def test_what_cannot_be_read_says_which_input_and_why(key, typed, sentence):
    with pytest.raises(RuleError) as refused:
        read(key, typed)

    assert sentence in str(refused.value)


def test_values_of_a_unit():
    facts = Facts(
        RULES,
        {
            "so": "3.5",
            "ngay": "2026-01-31",
            "co": "yes",
            "muc": "Đạt",
            "lan": "8;7.5",
            "xong": "1",
            "tong": "3",
        },
        Unit(targets={"so": Decimal("4.5")}),
    )

    assert facts.value("so") == Fraction("3.5")
    assert facts.value("ngay") == date(2026, 1, 31)
    assert facts.value("co") is True
    assert facts.value("muc") == "Đạt"
    assert facts.value("lan") == (8, Fraction("7.5"))
    assert facts.value("ct") == Fraction(100, 3)
    assert facts.number("co") == 1
    assert facts.target("so") == Fraction("4.5")


def test_not_given_is_none_and_a_default_is_what_the_table_says():
    facts = Facts(RULES, {})

    assert facts.value("so") is None
    assert facts.value("ct") is None
    assert facts.value("dem") == 0
    assert facts.is_default("dem")
    assert not facts.is_default("so")


def test_an_input_that_is_not_declared_is_refused():
    with pytest.raises(RuleError, match="không khai báo số liệu “lạ”"):
        Facts(RULES, {}).value("lạ")


@pytest.mark.parametrize(
    ("key", "stored"),
    [
        ("so", "x"),
        ("so", "Infinity"),
        ("so", "NaN"),
        ("ngay", "31/01"),
        ("co", "1"),
        ("lan", "1;;2"),
    ],
)
def test_damaged_stored_text_is_refused_by_name(key, stored):
    with pytest.raises(RuleError, match=RULES.inputs[key].label):
        value_of(RULES.inputs[key], stored)


def formulas(**written):
    return rules_of(
        inputs=[
            {"key": key, "label": key, "kind": "formula", "formula": text}
            for key, text in written.items()
        ]
    )


@pytest.mark.parametrize(
    "rules", [formulas(a="a + 1"), formulas(a="b", b="c", c="a"), formulas(a="b - b", b="a * 2")]
)
def test_formulas_that_lead_back_to_themselves_are_refused(rules):
    with pytest.raises(RuleError, match="công thức vòng"):
        Facts(rules, {}).value("a")
    with pytest.raises(RuleError, match="công thức vòng: a → "):
        roots_of(rules, ["a"])


def test_a_chain_of_formulas_too_long_to_follow_is_refused():
    chain = {f"f{number}": f"f{number + 1} + 1" for number in range(300)}

    with pytest.raises(RuleError, match="gọi nhau quá nhiều lớp"):
        Facts(formulas(**chain, f300="1"), {}).value("f0")


def test_the_inputs_below_a_formula_are_found():
    assert roots_of(RULES, ["ct", "so"]) == ("xong", "tong", "so")
    with pytest.raises(RuleError, match="“lạ” chưa khai báo"):
        roots_of(RULES, ["lạ"])


@some
@given(st.decimals(0, 10**8, places=4))
def test_any_figure_is_read_back_as_written(number):
    canonical = read("so", in_words(RULES.inputs["so"], format(number.normalize(), "f")))

    assert Decimal(canonical) == number
