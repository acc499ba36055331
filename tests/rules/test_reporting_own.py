"""What people write of own forms, read and written back; every problem at its place."""

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from thidua.rules.errors import RuleError
from thidua.rules.reporting import edition, read_template
from thidua.rules.reporting.own import (
    BEHAVIOUR_WORDS,
    TypedForm,
    TypedIndicator,
    cross_data,
    cross_lines,
    differences,
    form_data,
    form_key,
    indicator_key,
    read_tick,
    rule_in_words,
    slug,
    spaced,
    typed_form,
)

FORM = TypedForm(
    code="01/GƯ",
    title="Giao ước",
    shape="Theo dòng",
    periods="Quý I, Năm",
    indicators=(
        TypedIndicator("1", "Kiến nghị > Phải làm", "việc", "Số", "Tổng có tồn", outflow="2"),
        TypedIndicator("2", "Kiến nghị > Đã làm", "việc", "Số", "Phát sinh"),
        TypedIndicator("3", "Tiền", "triệu đồng", "Số", "Tồn cuối kỳ", "4 + 5", required="Không"),
        TypedIndicator("4", "Tiền tỉnh", "triệu đồng", "Số", "Tồn cuối kỳ"),
        TypedIndicator("5", "Tiền xã", "triệu đồng", "Số", "Tồn cuối kỳ"),
        TypedIndicator("6", "Tên", kind="Chữ", note="ghi tắt"),
        TypedIndicator("7", "Có kế hoạch", kind="Có/Không"),
    ),
    printed=("2 <= 1",),
    logical=("3 = 0 => 4..5 = 0 | vì sao",),
    carried=("4 = 5",),
)


def problems(typed, **given):
    return [(each.row, each.field, each.sentence) for each in form_data(typed, **given)[2]]


def changed(row, **fields):
    """The form with one of its rows changed."""
    rows = [replace(e, **fields) if n == row else e for n, e in enumerate(FORM.indicators, 1)]
    return replace(FORM, indicators=tuple(rows))


def test_a_form_is_read_and_written_back_the_same():
    data, periods, wrong = form_data(FORM)
    template = read_template(data)

    again = typed_form(template, data, periods)

    assert wrong == []
    assert periods == ("q1", "year")
    assert [each.key for each in template.indicators][:2] == [
        "rieng-01-gu-kien-nghi-phai-lam",
        "rieng-01-gu-kien-nghi-da-lam",
    ]
    assert [each.places for each in template.numbers] == [0, 0, 6, 6, 6]
    assert again.indicators[2].total == "4 + 5"
    assert form_data(again) == (data, periods, [])


@pytest.mark.parametrize(
    ("row", "fields", "found"),
    [
        (1, {"code": ""}, (1, "code", "Mã chỉ tiêu phải có")),
        (1, {"code": "1 a"}, (1, "code", "không có dấu cách")),
        (1, {"heading": " > "}, (1, "heading", "Chưa ghi tên chỉ tiêu.")),
        (2, {"measure": ""}, (2, "measure", "Chưa ghi đơn vị tính")),
        (2, {"kind": "Sổ"}, (2, "kind", "Không có loại ô “Sổ”; ghi một trong: Số, Chữ")),
        (2, {"behaviour": "cộng"}, (2, "behaviour", "Không có cách cộng “cộng”")),
        (2, {"behaviour": ""}, (2, "behaviour", "Chưa chọn cách cộng")),
        (2, {"outflow": "1"}, (2, "outflow", "Chỉ ghi cho chỉ tiêu “Tổng có tồn”.")),
        (2, {"places": "x"}, (2, "places", "số nguyên từ 0 đến")),
        (2, {"places": "99"}, (2, "places", "số nguyên từ 0 đến")),
        (2, {"required": "chắc"}, (2, "required", "Không có bắt buộc “chắc”")),
        (3, {"total": "4 + 9"}, (3, "total", "không có cột “9”")),
        (3, {"total": "4 5"}, (3, "total", "phải là dấu +")),
        (4, {"total": "3"}, (3, "total", "chỉ tiêu “3” được tính từ chính nó")),
        (1, {"outflow": "77"}, (1, "outflow", "không có cột “77”")),
        (6, {"total": "1"}, (6, "total", "Chỉ ô số mới tính được")),
        (3, {"total": "4 + 6"}, (3, "total", "có cột không phải là ô số")),
    ],
)
def test_every_slip_in_a_row_is_told_at_its_field(row, fields, found):
    told = problems(changed(row, **fields))

    assert (told[0][:2], found[2] in told[0][2]) == (found[:2], True), told


@pytest.mark.parametrize(
    ("change", "field", "sentence"),
    [
        ({"code": ""}, "code", "Chưa ghi mã biểu"),
        ({"code": "01 GƯ"}, "code", "không có dấu cách"),
        ({"title": " "}, "title", "Chưa ghi tên biểu."),
        ({"shape": "tròn"}, "shape", "Không có loại biểu “tròn”"),
        ({"periods": "Quý V"}, "periods", "không có kỳ báo cáo “Quý V”"),
        ({"indicators": ()}, "indicators", "Biểu chưa có chỉ tiêu nào."),
        ({"printed": ("2 <= 77",)}, "printed", "không có cột “77”"),
        ({"logical": ("2 77",)}, "logical", "cần đúng một dấu"),
        ({"carried": ("2 =",)}, "carried", "thiếu số hạng"),
        ({"printed": ("6 <= 2",)}, "printed", "có cột không phải là ô số"),
        ({"printed": ("1 chỉ khi 2",)}, "printed", "không dùng được cho loại biểu này"),
    ],
)
def test_every_slip_of_the_form_is_told(change, field, sentence):
    told = problems(replace(FORM, **change))

    assert any(each[1] == field and sentence in each[2] for each in told), told


def test_a_code_used_twice_is_told_on_both_rows():
    assert [each[:2] for each in problems(changed(2, code="1", outflow=""))] == [
        (1, "code"),
        (2, "code"),
    ]


def test_rows_without_a_key_keep_the_one_their_heading_had():
    data, _, _ = form_data(FORM)
    keys = {"Tiền": "rieng-01-gu-so-cu"}

    read, _, wrong = form_data(replace(FORM, key="rieng-01-gu"), keys=keys)

    assert wrong == []
    assert read["indicators"][2]["key"] == "rieng-01-gu-so-cu"
    assert data["indicators"][2]["key"] == "rieng-01-gu-tien"


def test_a_key_of_another_form_is_refused():
    told = problems(changed(2, key="ttr1-ket-luan"))

    assert told[0][:2] == (2, "key")
    assert "khoá phải bắt đầu bằng “rieng-01-gu-”" in told[0][2]


def test_a_list_form_has_rules_of_rows():
    form = TypedForm(
        code="02/GƯ",
        title="Vụ việc",
        shape="danh sách",
        indicators=(
            TypedIndicator("1", "Nội dung", kind="Chữ"),
            TypedIndicator("2", "Xong", kind="có/không"),
            TypedIndicator("3", "Chưa xong", kind="Có/Không"),
        ),
        printed=("1 chỉ khi 2", "đúng một trong 2 3"),
    )

    data, periods, wrong = form_data(form)

    assert wrong == []
    assert data["printed"] == ["1 only with 2", "one of 2 3"]
    assert typed_form(read_template(data), data, periods).printed == form.printed


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("1=2+3", "1 = 2 + 3"),
        ("2≤1", "2 <= 1"),
        ("6 = 0 ⇒ 7..9 = 0", "6 = 0 => 7..9 = 0"),
        ("9>=5×8", "9 >= 5 * 8"),
        ("1 = 2 − 3", "1 = 2 - 3"),
        ("số dòng 02/PCTN = 4", "rows 02/PCTN = 4"),
    ],
)
def test_rules_are_read_as_people_write_them(written, read):
    assert spaced(written) == read
    assert spaced(rule_in_words(read)) == read


def test_ticks_are_read_as_people_answer():
    assert [read_tick(each, where="Ô") for each in ("x", " Có ", "không", "")] == ["x", "x", "", ""]
    with pytest.raises(RuleError, match="Ô: ghi x nếu có"):
        read_tick("sẽ có", where="Ô")


def test_keys_are_made_of_words_and_never_twice():
    assert slug("Đơn thư, KHIẾU NẠI") == "don-thu-khieu-nai"
    assert form_key("01/GƯ", []) == "rieng-01-gu"
    assert form_key("01/GƯ", ["rieng-01-gu", "rieng-01-gu-2"]) == "rieng-01-gu-3"
    assert form_key("…", []) == "rieng-bieu"
    assert len(indicator_key("rieng-01-gu", "rất dài " * 30, [])) <= 57


@settings(max_examples=40, deadline=None)
@given(
    st.lists(st.text(max_size=30), min_size=1, max_size=6),
    st.sampled_from(list(BEHAVIOUR_WORDS.values())),
    st.text(max_size=12),
)
def test_whatever_is_written_is_read_or_told(headings, behaviour, total):
    rows = tuple(
        TypedIndicator(str(number), text, "vụ", "Số", behaviour, total if number == 1 else "")
        for number, text in enumerate(headings, 1)
    )

    data, _, wrong = form_data(TypedForm(code="01", title="x", indicators=rows))

    assert wrong or read_template(data)
    assert all(0 <= each.row <= len(rows) and each.sentence for each in wrong)


def test_checks_across_forms_name_forms_by_their_code():
    data, _, _ = form_data(FORM)
    templates = (*edition("TT06-2025").templates, read_template(data))

    rules, wrong = cross_data(
        "logical", ["01/GƯ:2 <= 01/TTr:6 | vì", "số dòng 02/PCTN = 01/GƯ:4"], templates
    )

    assert wrong == []
    assert rules == [
        {"rule": "rieng-01-gu:2 <= ttr1:6", "note": "vì"},
        "rows pctn2 = rieng-01-gu:4",
    ]
    assert cross_lines(rules, templates) == (
        "01/GƯ:2 <= 01/TTr:6 | vì",
        "số dòng 02/PCTN = 01/GƯ:4",
    )
    assert (
        "không có ô số “01/GƯ:9”" in cross_data("printed", ["01/GƯ:9 = 01/TTr:6"], templates)[1][0]
    )


def test_differences_are_told_in_words():
    def stored(*forms, **more):
        read = [form_data(each) for each in forms]
        periods = {data["key"]: list(asked) for data, asked, _ in read if asked}
        return {"templates": [data for data, _, _ in read], "periods": periods, **more}

    other = TypedForm(
        code="02", title="B", indicators=(TypedIndicator("1", "a", "vụ", "Số", "Phát sinh"),)
    )
    now = replace(changed(2, measure="vụ"), periods="", printed=("1 >= 2",), title="Giao ước mới")
    new = TypedIndicator("8", "Lớp", "lớp", "Số", "Phát sinh")
    now = replace(now, indicators=(now.indicators[1], now.indicators[0], *now.indicators[2:6], new))

    assert differences(stored(FORM, other), stored(FORM, other)) == ()
    assert differences(stored(FORM, other, logical=["a:1 = b:2"]), stored(now)) == (
        "Bỏ biểu 02 (B), 1 chỉ tiêu.",
        "Biểu 01/GƯ: tên biểu “Giao ước” → “Giao ước mới”.",
        "Biểu 01/GƯ: các kỳ “Quý I, Năm” → “Mọi kỳ”.",
        "Biểu 01/GƯ: thêm chỉ tiêu 8 (Lớp).",
        "Biểu 01/GƯ: bỏ chỉ tiêu 7 (Có kế hoạch).",
        "Biểu 01/GƯ, chỉ tiêu 2: đơn vị tính “việc” → “vụ”.",
        "Biểu 01/GƯ: thứ tự các chỉ tiêu thay đổi.",
        "Biểu 01/GƯ: thêm kiểm tra (Lỗi) 1 >= 2.",
        "Biểu 01/GƯ: bỏ kiểm tra (Lỗi) 2 <= 1.",
        "Bỏ kiểm tra giữa các biểu (Cảnh báo): a:1 = b:2.",
    )


def test_more_indicators_than_a_form_takes_are_told():
    rows = [TypedIndicator(str(n), f"a {n}", "vụ", "Số", "Phát sinh") for n in range(301)]

    told = problems(replace(FORM, indicators=tuple(rows), printed=(), logical=(), carried=()))

    assert any("có hơn 300 chỉ tiêu" in each[2] and each[0] == 0 for each in told)


def test_all_periods_by_name_or_by_silence_are_every_period():
    for words in ("", "Mọi kỳ", "Quý I, Quý II, 6 tháng, Quý III, 9 tháng, Quý IV, Năm"):
        assert form_data(replace(FORM, periods=words))[1] == ()


def test_a_form_without_code_is_spoken_of_by_its_key():
    data, _, _ = form_data(FORM)
    bare = replace(read_template(data), code="")

    _, wrong = cross_data("printed", ["rieng-01-gu:99 = rieng-01-gu:4"], [bare])

    assert "“rieng-01-gu:99”" in wrong[0]
