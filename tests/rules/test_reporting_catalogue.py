"""The forms that come with the software: complete where they say so, partial where they say so."""

import re
from datetime import date

import pytest

from thidua.rules.errors import RuleError
from thidua.rules.reporting import (
    Basis,
    Behaviour,
    Kind,
    Mark,
    Shape,
    edition,
    edition_on,
    editions,
)

# Columns of each form, notes included (indicators.md section 3).
COLUMNS = {
    "01/TTr": 27,
    "02/TTr": 35,
    "03/TTr": 18,
    "01/TCD": 22,
    "02/XLD": 26,
    "03/GQKN": 24,
    "04/GQTC": 26,
    "05/KQTH": 32,
    "06/QLKNTC": 18,
}
SUB_CODES = "43.1 43.2 82.1 82.2 82.3 84.1 84.2 84.3 84.4 91.1 91.2 92.1 92.2"


def test_tt06_has_its_twelve_forms_with_all_columns():
    forms = {template.code: template for template in edition("TT06-2025").templates}

    assert len(forms) == 12
    assert {code: len(forms[code].indicators) for code in COLUMNS} == COLUMNS
    for code, many in COLUMNS.items():
        assert [each.code for each in forms[code].indicators] == list(map(str, range(1, many + 1)))
        assert forms[code].indicators[-1].heading == ("Ghi chú",)
    assert (len(forms["02/PCTN"].indicators), len(forms["03/PCTN"].indicators)) == (5, 7)


def test_tt06_form_01_pctn_has_108_indicators_13_sub_codes_and_two_lines_without_code():
    lines = edition("TT06-2025").template("pctn1")

    whole = [each.code for each in lines.indicators if each.code.isdigit()]
    parts = [each.code for each in lines.indicators if "." in each.code]
    rest = [each for each in lines.indicators if not each.code]

    assert lines.shape == Shape.LINES
    assert whole == list(map(str, range(1, 109)))
    assert " ".join(parts) == SUB_CODES
    assert [(each.optional, each.measure) for each in rest] == [(True, "vụ"), (True, "người")]


def test_tt06_state_bank_lines_are_asked_of_nobody_else():
    only = {each.code: each.only_for for each in edition("TT06-2025").numbers() if each.only_for}

    assert only == {"38": "Ngân hàng Nhà nước", "39": "Ngân hàng Nhà nước"}


@pytest.mark.parametrize(
    ("form", "behaviour", "codes"),
    [
        ("ttr1", Behaviour.OPENING, "2"),
        ("ttr1", Behaviour.TOTAL, "1 4 5"),
        ("ttr2", Behaviour.CLOSING, "4"),
        ("ttr2", Behaviour.TOTAL, "1 5 7 9 11 13 15 17 18 19 23 24 25 33"),
        ("ttr3", Behaviour.TOTAL, "6 13"),
        ("tcd1", Behaviour.TOTAL, ""),
        ("xld2", Behaviour.TOTAL, "1"),
        ("gqkn3", Behaviour.CLOSING, "3"),
        ("gqtc4", Behaviour.TOTAL, "2 4"),
        ("kqth5", Behaviour.TOTAL, "1 3 4 7 8 16 18 19 22 23"),
        ("ql6", Behaviour.TOTAL, "6 7 13"),
        ("pctn1", Behaviour.TOTAL, "31 64"),
        ("pctn1", Behaviour.CLOSING, "87 88 101"),
    ],
)
def test_tt06_columns_add_as_the_facts_say(form, behaviour, codes):
    found = [
        each.code
        for each in edition("TT06-2025").template(form).indicators
        if each.behaviour == behaviour
    ]

    assert " ".join(found) == codes


# How many checks each form has: printed (its sums among them), logical, against the period before.
@pytest.mark.parametrize(
    ("form", "printed", "logical", "carried"),
    [
        ("ttr1", 8, 4, 1),
        ("ttr2", 10, 9, 12),
        ("ttr3", 0, 3, 1),
        ("tcd1", 4, 9, 0),
        ("xld2", 12, 0, 1),
        ("gqkn3", 5, 0, 0),
        ("gqtc4", 5, 0, 0),
        ("kqth5", 6, 8, 10),
        ("ql6", 1, 2, 1),
        ("pctn1", 0, 15, 0),
        ("pctn2", 0, 0, 0),
        ("pctn3", 1, 1, 0),
    ],
)
def test_tt06_forms_have_the_checks_of_the_facts(form, printed, logical, carried):
    checks = edition("TT06-2025").template(form).checks

    found = [sum(check.basis == basis for check in checks) for basis in Basis]

    assert found == [printed, logical, carried]


def test_tt06_cross_form_checks_are_four_printed_and_the_rows_of_the_list():
    found = [(check.rule, check.basis) for check in edition("TT06-2025").checks]

    assert found == [
        ("gqkn3:1 = xld2:6", Basis.PRINTED),
        ("gqtc4:1 = xld2:12", Basis.PRINTED),
        ("kqth5:1 >= gqkn3:7", Basis.PRINTED),
        ("kqth5:16 >= gqtc4:7", Basis.PRINTED),
        ("rows pctn2 = pctn1:44 + pctn1:46", Basis.LOGICAL),
    ]


def test_doubtful_printed_rule_on_fines_is_read_the_other_way_and_only_warns():
    checks = {check.rule: check for check in edition("TT06-2025").template("ttr2").checks}

    assert "17 <= 20" not in checks
    assert checks["20 <= 17"].basis == Basis.LOGICAL
    assert "in “(17) <= (20)”" in checks["20 <= 17"].note


@pytest.mark.parametrize("each", editions(), ids=lambda each: each.key)
def test_every_number_has_a_measure_and_every_form_reads_as_its_shape_says(each):
    for template in each.templates:
        for indicator in template.indicators:
            is_text = indicator.behaviour == Behaviour.TEXT
            assert bool(indicator.measure) != is_text
            assert (indicator.kind == Kind.NUMBER) != is_text
            assert re.fullmatch(rf"{template.key}(-[a-z0-9]+)+", indicator.key)
        if template.shape == Shape.LIST:
            assert template.numbers == ()


def test_money_takes_one_dong_land_two_decimals_counts_none():
    places = {each.measure: each.places for each in edition("TT06-2025").numbers()}

    assert (places["triệu đồng"], places["m²"], places["%"], places["vụ"]) == (6, 2, 2, 0)
    assert {
        many for measure, many in places.items() if measure not in {"triệu đồng", "m²", "%"}
    } == {0}


@pytest.mark.parametrize(
    ("day", "key"),
    [
        (date(2021, 5, 10), "TT02-2021"),
        (date(2024, 3, 4), "TT02-2021"),
        (date(2024, 3, 5), "TT01-2024"),
        (date(2025, 9, 29), "TT01-2024"),
        (date(2025, 9, 30), "TT06-2025"),
        (date(2027, 1, 1), "TT06-2025"),
    ],
)
def test_edition_of_a_day_is_the_one_in_force(day, key):
    assert edition_on(day).key == key


def test_edition_of_a_day_before_all_is_refused_not_guessed():
    with pytest.raises(RuleError, match="chưa có bộ biểu mẫu áp dụng cho ngày 09/05/2021"):
        edition_on(date(2021, 5, 9))


def test_unknown_edition_is_refused():
    with pytest.raises(RuleError, match="TT99-2099"):
        edition("TT99-2099")


def test_older_editions_say_that_they_are_partial_and_what_is_missing():
    partial = {each.key: each.missing for each in editions() if each.partial}

    assert set(partial) == {"TT01-2024", "TT02-2021"}
    assert any("07/TTr" in line for line in partial["TT01-2024"])
    assert any("02/TCD" in line for line in partial["TT02-2021"])
    assert not edition("TT06-2025").missing


def test_what_is_not_verified_stays_marked():
    marks = {
        (template.code, each.code): each.mark
        for template in edition("TT06-2025").templates
        for each in template.indicators
        if each.mark != Mark.READ
    }

    assert {code for _, code in marks if code} == {"31", "39", "64", "87", "88", "101"}
    assert edition("TT01-2024").indicator("tt01-xld2-don-ky-truoc").mark == Mark.GENERAL
