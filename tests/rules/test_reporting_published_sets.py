"""Published figures: shipped sets as their sources print them, and lines that people paste."""

from decimal import Decimal

import pytest

from thidua.rules.errors import RuleError
from thidua.rules.reporting import Amount, Qualifier, compare, edition, editions
from thidua.rules.reporting.published import (
    contradictions,
    places_known,
    published_in,
    published_sets,
    read_lines,
    why,
)

TT06 = edition("TT06-2025")
TTR1 = TT06.template("ttr1")
SETS = {each.key: each for each in published_sets()}


def test_sets_have_their_source_and_name_only_columns_there_are():
    assert places_known(published_sets()) == []
    assert all(each.source and each.figures for each in SETS.values())
    assert len(SETS) == len(published_sets()) == 8


def test_only_the_land_of_six_months_2024_contradicts_itself():
    found = {
        (key, each.key): [
            finding.check for finding in contradictions(each, published_in(each, one))
        ]
        for key, one in SETS.items()
        for each in editions()
    }

    assert {place: checks for place, checks in found.items() if checks} == {
        ("toan-quoc-6-thang-2024", "TT06-2025"): ["ttr1/9=11+17"],
        ("toan-quoc-6-thang-2024", "TT02-2021"): ["tt02-ttr1/9=11+13"],
    }


def test_a_set_is_read_in_the_measures_of_the_edition():
    found = published_in(TT06, SETS["quang-ninh-nam-2023"])

    assert found["ttr1-thu-hoi-tien"].amount == Amount(Decimal(15300), Qualifier.MORE)
    assert found["ttr1-thu-hoi-dat"].amount == Amount(Decimal(400))
    assert published_in(edition("TT01-2024"), SETS["toan-quoc-6-thang-2023"]) == {}


@pytest.mark.parametrize(
    ("line", "number"),
    [
        ("8: 4910", "4910"),
        ("cột 8 = 4.910.000 đồng", "4.91"),
        ("8\t4,91\ttỷ đồng", "4910"),
        ("8; hơn 4910", "4910"),
        ("Chỉ tiêu 8: 0", "0"),
    ],
)
def test_lines_are_read_as_people_write_and_paste_them(line, number):
    found = read_lines(TTR1, f"\n{line}\n")

    assert found["ttr1-vi-pham-tien"].amount.number == Decimal(number)


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("8: 5\ntám: 5", "Dòng 2 (“tám: 5”): hãy viết số cột"),
        ("99: 5", "Dòng 1: biểu 01/TTr không có cột 99."),
        ("8: 5\n8: 6", "Dòng 2: cột 8 đã có ở một dòng trên."),
        ("8: năm", "Dòng 1: Số liệu công bố"),
        ("8: 5\n" * 201, "tối đa 200 dòng"),
    ],
)
def test_a_line_that_cannot_be_read_is_named(text, sentence):
    with pytest.raises(RuleError) as refused:
        read_lines(TTR1, text)

    assert sentence in str(refused.value)


@pytest.mark.parametrize(
    ("line", "ours", "sentence"),
    [
        ("12: 15,3 tỷ đồng", "15342.7", "Khớp: nguồn làm tròn, cho phép lệch đến 50 triệu đồng."),
        ("12: 15,3 tỷ đồng", "15300", "Khớp đúng."),
        ("12: 15,3 tỷ đồng", "16000", "Lệch quá mức làm tròn của nguồn (50 triệu đồng)"),
        ("24: 5", "4", "Lệch: hãy xem đơn vị nào còn thiếu"),
        ("24: 5", None, "Tổng hợp chưa có số liệu này."),
    ],
)
def test_a_difference_is_explained(line, ours, sentence):
    published = read_lines(TTR1, line)
    (key,) = published
    values = {key: None if ours is None else Amount(Decimal(ours))}
    (difference,) = compare(TT06, values, published)

    assert why(difference, published[key], TT06.indicator(key)).startswith(sentence)
