"""The language of forms: what it reads, what it refuses and in which words, and that it reads back."""

import json
from contextlib import suppress
from copy import deepcopy
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.rules.test_reporting_sample import amount
from thidua.rules.reporting import (
    Basis,
    Behaviour,
    Filled,
    Kind,
    Shape,
    TemplateRefused,
    check_report,
    clashes,
    edition_to_data,
    editions,
    over_time,
    read_edition,
    read_template,
    template_to_data,
)

OWN = {
    "key": "giao-uoc",
    "title": "Kết quả thực hiện giao ước",
    "shape": "lines",
    "indicators": [
        {
            "code": "1",
            "key": "giao-uoc-ton-dau-ky",
            "heading": ["Kiến nghị", "Tồn đầu kỳ"],
            "measure": "kiến nghị",
            "behaviour": "S",
        },
        {
            "code": "2",
            "key": "giao-uoc-moi",
            "heading": ["Kiến nghị", "Mới trong kỳ"],
            "measure": "kiến nghị",
            "behaviour": "F",
        },
        {
            "code": "3",
            "key": "giao-uoc-tong",
            "heading": ["Kiến nghị", "Tổng số"],
            "measure": "kiến nghị",
            "behaviour": "T",
            "total": ["1 + 2"],
        },
        {
            "key": "giao-uoc-da-xong",
            "heading": ["Kiến nghị", "Đã xong"],
            "measure": "kiến nghị",
            "behaviour": "F",
        },
        {"key": "giao-uoc-ghi-chu", "heading": "Ghi chú", "behaviour": "X", "optional": True},
    ],
    "logical": [{"rule": "da-xong <= 3", "note": "Không thể xong nhiều hơn số phải làm."}],
    "carried": ["1 = 3 - giao-uoc-da-xong"],
}
SET = {
    "key": "cum-2-2026",
    "title": "Biểu của cụm",
    "valid_from": "2026-01-01",
    "templates": [OWN],
}
SENTENCES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3)
    ),
    max_leaves=6,
)
some = settings(max_examples=60, deadline=None)


def changed(path, value):
    """The own form with one place changed; `...` takes it away."""
    data = deepcopy(OWN)
    place = data
    for step in path[:-1]:
        place = place[step]
    if value is ...:
        del place[path[-1]]
    else:
        place[path[-1]] = value
    return data


def test_own_form_is_read_with_the_same_values_as_a_circulars():
    template = read_template(OWN)

    assert (template.shape, template.title) == (Shape.LINES, "Kết quả thực hiện giao ước")
    total = template.indicator("giao-uoc-tong")
    assert (total.behaviour, total.is_computed, total.places) == (Behaviour.TOTAL, True, 0)
    assert template.indicator("giao-uoc-ghi-chu").kind == Kind.TEXT
    assert [(check.rule, check.basis) for check in template.checks] == [
        ("3 = 1 + 2", Basis.PRINTED),
        ("da-xong <= 3", Basis.LOGICAL),
        ("1 = 3 - giao-uoc-da-xong", Basis.CARRIED),
    ]


def test_own_form_checks_and_rolls_up_like_any_other():
    edition = read_edition(SET)
    q1 = Filled(
        {"giao-uoc-ton-dau-ky": amount(5), "giao-uoc-moi": amount(3), "giao-uoc-da-xong": amount(4)}
    )
    q2 = Filled(
        {
            "giao-uoc-ton-dau-ky": amount(9),
            "giao-uoc-moi": amount(1),
            "giao-uoc-da-xong": amount(20),
        }
    )

    findings = check_report(edition, q2, previous=q1)
    half = over_time(edition, (("Quý I", q1), ("Quý II", q2)))

    assert [each.sentence for each in findings] == [
        "Biểu “Kết quả thực hiện giao ước”: chỉ tiêu “Kiến nghị – Đã xong” phải không quá chỉ tiêu 3, "
        "nhưng 20 so với 10, lệch 10 kiến nghị. Không thể xong nhiều hơn số phải làm.",
        "Biểu “Kết quả thực hiện giao ước”: chỉ tiêu 1 (Kiến nghị – Tồn đầu kỳ) phải bằng chỉ tiêu 3 − "
        "chỉ tiêu “Kiến nghị – Đã xong” của kỳ trước, nhưng 9 so với 8 − 4 = 4, lệch 5 kiến nghị.",
    ]
    assert half["giao-uoc-tong"].amount == amount(9)


def test_zero_rule_takes_single_columns_and_ranges():
    data = {**OWN, "logical": ["1 = 0 => 2 giao-uoc-da-xong = 0", "1 = 0 => 2..3 = 0"]}

    statements = [check.statement for check in read_template(data).checks[1:3]]

    assert [each.others for each in statements] == [
        ("giao-uoc-moi", "giao-uoc-da-xong"),
        ("giao-uoc-moi", "giao-uoc-tong"),
    ]


def test_own_form_survives_json():
    template = read_template(OWN)

    assert read_template(json.loads(json.dumps(template_to_data(template)))) == template


@pytest.mark.parametrize("each", editions(), ids=lambda each: each.key)
def test_every_edition_survives_json(each):
    assert read_edition(json.loads(json.dumps(edition_to_data(each)))) == each


@pytest.mark.parametrize(
    ("path", "value", "sentence"),
    [
        (("title",), "", "chưa ghi mục “title”"),
        (("title",), 5, "mục “title” phải là chữ"),
        (("shape",), "tròn", "mục “shape” phải là một trong: columns, lines, list"),
        (("key",), "Giao ước", "chỉ gồm chữ thường không dấu"),
        (("titel",), "x", "không có mục “titel”"),
        (("indicators",), [], "chưa có chỉ tiêu nào"),
        (("indicators",), "x", "chưa có chỉ tiêu nào"),
        (("indicators",), ["x"], "có chỉ tiêu không đúng dạng dữ liệu"),
        (("indicators",), [{}] * 301, "có hơn 300 chỉ tiêu"),
        (("indicators", 0, "key"), "ton-dau-ky", "khoá phải bắt đầu bằng “giao-uoc-”"),
        (("indicators", 0, "code"), "2", "mã cột 2 xuất hiện 2 lần"),
        (("indicators", 0, "measure"), ..., "chưa ghi đơn vị tính"),
        (
            ("indicators", 0, "behaviour"),
            "Z",
            "mục “behaviour” phải là một trong: F, S, E, T, R, X",
        ),
        (("indicators", 0, "heading"), [], "chưa có tiêu đề"),
        (("indicators", 0, "heading"), [""], "chưa có tiêu đề"),
        (("indicators", 0, "places"), 9, "số chữ số thập phân phải từ 0 đến 6"),
        (("indicators", 0, "kind"), "text", "cách cộng “S” không hợp với loại ô “text”"),
        (("indicators", 0, "unit"), "vụ", "không có mục “unit”"),
        (("indicators", 0, "outflow"), "2", "chỉ tổng có phần tồn (T)"),
        (("indicators", 2, "outflow"), "99", "không có cột “99”"),
        (("indicators", 2, "total"), ["1 + 9"], "không có cột “9”"),
        (("indicators", 2, "total"), ["1 +"], "thiếu số hạng"),
        (("indicators", 2, "total"), ["1 2"], "phải là dấu + hoặc −"),
        (("indicators", 2, "total"), 5, "cách tính phải là danh sách"),
        (("indicators", 2, "total"), ["3 + 1"], "được tính từ chính nó"),
        (("indicators", 4, "total"), ["1 + 2"], "chỉ ô số mới tính được"),
        (("logical",), "x", "mục “logical” phải là danh sách quy tắc"),
        (("logical",), [5], "có quy tắc không đúng dạng"),
        (("logical",), ["1 < 2"], "cần đúng một dấu =, <= hoặc >="),
        (("logical",), ["1 = 2 = 3"], "cần đúng một dấu"),
        (("logical",), ["1 = 0 => 3..2 = 0"], "phải đi từ nhỏ đến lớn"),
        (("logical",), ["1 = 0 => 2 3"], "phải kết thúc bằng “= 0”"),
        (("logical",), ["1 = " + "2 + " * 40 + "3"], "Quy tắc quá dài"),
        (("logical",), ["2 <= 3", "2  <=  3"], "quy tắc “giao-uoc/2<=3” xuất hiện 2 lần"),
        (("logical",), ["2 only with 1"], "không dùng được cho loại biểu này"),
        (("logical",), ["1 = giao-uoc-ghi-chu"], "có cột không phải là ô số"),
    ],
)
def test_what_is_wrong_is_said_with_form_and_place(path, value, sentence):
    with pytest.raises(TemplateRefused, match="Biểu “") as refused:
        read_template(changed(path, value))

    assert any(sentence in problem for problem in refused.value.problems)


def test_all_problems_are_said_at_once():
    data = changed(("indicators", 0, "measure"), "")
    data["title"] = ""

    with pytest.raises(TemplateRefused) as refused:
        read_template(data)

    assert len(refused.value.problems) == 2


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"templates": []}, "chưa có biểu nào"),
        ({"templates": ["x"]}, "không đúng dạng dữ liệu"),
        ({"templates": [OWN, OWN]}, "Khoá biểu mẫu “giao-uoc” xuất hiện 2 lần"),
        ({"valid_from": ""}, "chưa ghi ngày bắt đầu áp dụng"),
        ({"valid_from": "1/1/2026"}, "phải là ngày dạng 2026-12-31"),
        ({"missing": "x"}, "mục “missing” phải là danh sách"),
        ({"key": ""}, "chưa ghi mục “key”"),
        ({"printed": ["giao-uoc:1 = khac:2"]}, "không có ô số “khac:2”"),
        ({"logical": ["rows giao-uoc = giao-uoc:1"]}, "chỉ đếm được dòng của biểu danh sách"),
    ],
)
def test_what_is_wrong_in_a_set_is_said(changes, sentence):
    with pytest.raises(TemplateRefused) as refused:
        read_edition({**SET, **changes})

    assert any(sentence in problem for problem in refused.value.problems)


def test_set_with_an_end_holds_until_that_day():
    edition = read_edition({**SET, "valid_to": "2026-12-31"})

    assert edition.holds_on(date(2026, 12, 31))
    assert not edition.holds_on(date(2027, 1, 1))
    assert not edition.holds_on(date(2025, 12, 31))


def test_long_rules_have_short_distinct_keys():
    long = "1 <= " + " + ".join(["giao-uoc-da-xong"] * 20)

    checks = read_template({**OWN, "logical": [long, f"{long} + 2"]}).checks

    assert {len(check.key) for check in checks[1:3]} == {200}
    assert checks[1].key != checks[2].key


def test_keys_of_the_circulars_are_taken():
    own = deepcopy(SET)
    own["templates"][0]["key"] = "ttr1"
    own["templates"][0]["indicators"] = [
        {**OWN["indicators"][1], "key": "ttr1-ket-luan"},
    ]
    own["templates"][0] |= {"logical": [], "carried": []}

    assert clashes(read_edition(SET)) == ()
    assert clashes(read_edition(own)) == (
        "Khoá biểu “ttr1” đã có trong biểu mẫu của Thanh tra Chính phủ.",
        "Khoá chỉ tiêu “ttr1-ket-luan” đã có trong biểu mẫu của Thanh tra Chính phủ.",
    )


@some
@given(st.data())
def test_junk_at_any_place_is_read_or_refused_in_words_never_a_crash(data):
    paths = [("title",), ("indicators",), ("logical",), ("carried",), ("shape",), ("indicators", 2)]
    paths += [("indicators", 2, field) for field in OWN["indicators"][2]]
    path = data.draw(st.sampled_from(paths))

    # Anything but a refusal in words would come through and fail the test.
    with suppress(TemplateRefused):
        read_template(changed(path, data.draw(SENTENCES)))


@some
@given(SENTENCES)
def test_junk_instead_of_a_form_is_refused(junk):
    with pytest.raises(TemplateRefused):
        read_template(junk)


def test_example_of_the_documentation_is_read():
    text = (Path(__file__).parents[2] / "docs" / "bieu-mau.md").read_text("utf-8")

    edition = read_edition(json.loads(text.split("```json")[1].split("```")[0]))

    assert [check.rule for check in edition.every_check()] == ["2 <= 1", "1 >= 1 - 2"]
