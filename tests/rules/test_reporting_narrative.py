"""The three outlines, what is unwritten, sentences of figures, signs of a person."""

from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from thidua.rules.errors import RuleError
from thidua.rules.reporting import Amount, Mark, Qualifier, completed, edition
from thidua.rules.reporting.narrative import (
    Section,
    adapted,
    check_sections,
    figure_sentences,
    of_period,
    section_to_data,
    shipped_outlines,
    unwritten,
    unwritten_sentence,
    words_in,
)
from thidua.rules.reporting.persons import concerns, new_concerns

TT06 = edition("TT06-2025")
FIRST, SECOND, THIRD = shipped_outlines("TT06-2025")


def values(**by_key: str):
    """Values by key with underscores."""
    found = {key.replace("_", "-"): Amount(Decimal(text)) for key, text in by_key.items()}
    return completed(TT06, found)


def said(section: str, figures, outline=FIRST) -> tuple[str, ...]:
    return figure_sentences(outline.section(section), TT06, figures)


def test_only_the_first_outline_claims_to_be_checked_and_the_others_say_so():
    assert [each.code for each in (FIRST, SECOND, THIRD)] == [
        "Mẫu số 01",
        "Mẫu số 02",
        "Mẫu số 03",
    ]
    assert [each.is_checked for each in (FIRST, SECOND, THIRD)] == [True, False, False]
    assert all("chưa đối chiếu" in each.source for each in (SECOND, THIRD))
    assert "Thông tư 06/2025/TT-TTCP" in FIRST.source


def test_older_forms_have_no_outline_and_none_is_guessed():
    assert shipped_outlines("TT01-2024") == ()
    assert shipped_outlines("TT02-2021") == ()


def test_the_first_outline_follows_the_circular():
    shown = [each.name for each in of_period(FIRST, "year").sections]

    assert shown == [
        "I. Khái quát tình hình và kế hoạch công tác trong kỳ",
        "II. Kết quả công tác thanh tra",
        "II.1. Việc triển khai các cuộc thanh tra",
        "II.2. Kết luận thanh tra",
        "II.3. Việc thực hiện kết luận thanh tra",
        "II.4. Công tác quản lý nhà nước về thanh tra",
        "III. Đánh giá",
        "III.1. Việc thực hiện kế hoạch thanh tra",
        "III.2. Xây dựng pháp luật, đào tạo, biên chế, thông tin báo cáo",
        "IV. Nguyên nhân",
        "V. Bài học kinh nghiệm",
        "VI. Phương hướng, nhiệm vụ kỳ tiếp theo",
        "VII. Đề xuất, kiến nghị",
    ]


@pytest.mark.parametrize("outline", [FIRST, SECOND, THIRD])
@pytest.mark.parametrize(("period", "asked"), [("q1", 0), ("6m", 0), ("9m", 0), ("year", 1)])
def test_lessons_are_asked_for_in_the_yearly_report_only(outline, period, asked):
    keys = [each.key for each in of_period(outline, period).texts]

    assert keys.count("bai-hoc") == asked


def test_a_title_under_which_nothing_is_left_is_dropped():
    outline = replace(
        FIRST,
        sections=(
            Section("a", "Kết quả", is_title=True),
            Section("b", "Chỉ cuối năm", under=True, yearly=True),
            Section("c", "Đề xuất"),
        ),
    )

    assert [each.name for each in of_period(outline, "q1").sections] == ["I. Đề xuất"]
    assert len(of_period(outline, "year").sections) == 3


def test_blank_text_counts_as_unwritten_and_what_is_not_required_is_not_asked_for():
    outline = of_period(FIRST, "q1")
    texts = {each.key: "Không phát sinh." for each in outline.texts}
    assert unwritten(outline, texts) == ()

    missing = unwritten(outline, {**texts, "ket-luan": " \n", "nguyen-nhan": ""})

    assert [each.key for each in missing] == ["ket-luan", "nguyen-nhan"]
    assert unwritten_sentence(outline, missing).startswith(
        "Mẫu số 01 (Công tác thanh tra): 2 mục chưa có lời (II.2, IV)."
    )
    free = replace(outline, sections=(Section("x", "Tùy ý", required=False),))
    assert unwritten(free, {}) == ()


def test_a_long_list_of_unwritten_sections_is_cut_and_counted():
    outline = of_period(FIRST, "year")

    sentence = unwritten_sentence(outline, unwritten(outline, {}))

    assert "11 mục chưa có lời" in sentence
    assert "và 3 mục khác" in sentence


def test_sentences_name_counts_with_their_measures_and_say_what_has_no_data():
    figures = values(ttr1_cuoc_ky_truoc="4", ttr1_cuoc_trong_ky="1230")

    assert said("trien-khai", figures) == (
        "Số cuộc thanh tra thực hiện trong kỳ: 1.234 cuộc (kỳ trước chuyển sang: 4 cuộc; triển khai "
        "trong kỳ: 1.230 cuộc).",
        "Cuộc thanh tra theo kế hoạch: chưa có số liệu.",
    )


def test_a_figure_that_lacks_beside_one_that_is_there_is_named():
    figures = values(ttr1_cuoc_ke_hoach="0")

    assert said("trien-khai", figures)[1] == (
        "Cuộc thanh tra theo kế hoạch: 0 cuộc; đột xuất: chưa có số liệu."
    )


def test_rates_come_with_both_counts_and_qualifiers_stay():
    figures = values(ttr2_ket_luan_xong="62", ttr2_ket_luan_chua_xong="38")
    assert "Tỷ lệ kết luận đã thực hiện xong: 62/100 kết luận = 62 %." in said(
        "thuc-hien-ket-luan", figures
    )
    assert "Tỷ lệ kết luận đã thực hiện xong: chưa có số liệu." in said("thuc-hien-ket-luan", {})

    about = completed(TT06, {"ttr1-phat-tien-to-chuc": Amount(Decimal(120), Qualifier.MORE)})
    assert any("tổ chức: hơn 120 triệu đồng" in each for each in said("ket-luan", about))


@pytest.mark.parametrize("outline", [FIRST, SECOND, THIRD])
def test_every_sentence_speaks_of_figures_the_forms_have(outline):
    one = completed(TT06, {each.key: Amount(Decimal(1)) for each in TT06.numbers()})

    for section in outline.texts:
        shown = figure_sentences(section, TT06, one)
        assert len(shown) == len(section.sentences)
        assert not any("{" in each or "chưa có số liệu" in each for each in shown)


def test_sentences_about_figures_another_edition_lacks_are_left_out():
    assert figure_sentences(FIRST.section("ket-luan"), edition("TT02-2021"), {}) == ()


def test_an_adapted_outline_keeps_the_figures_of_its_sections_and_says_whose_it_is():
    rows = [section_to_data(each) for each in FIRST.sections]
    rows[2]["heading"] = "Tiến hành thanh tra"
    rows.append(section_to_data(Section("them-1", "Chuyển đổi số")))

    own = adapted(FIRST, rows)

    assert own.section("trien-khai").heading == "Tiến hành thanh tra"
    assert own.section("trien-khai").sentences == FIRST.section("trien-khai").sentences
    assert own.section("them-1").sentences == ()
    assert own.mark == Mark.GENERAL
    assert "cụm trưởng" in own.source


def test_an_outline_as_shipped_is_stored_and_read_back_alike():
    own = adapted(FIRST, [section_to_data(each) for each in FIRST.sections])

    assert own.sections == FIRST.sections


@pytest.mark.parametrize(
    ("sections", "reason"),
    [
        ((Section("a", "Chỉ đề mục lớn", is_title=True),), "ít nhất một mục"),
        ((Section("a", "  "),), "Dòng 1: hãy ghi tên đề mục"),
        ((Section("a", "x" * 301),), "Dòng 1: tên đề mục dài quá 300"),
        ((Section("a", "A", help="x" * 1001),), "Dòng 1: lời gợi ý dài quá 1000"),
        ((Section("a", "A"), Section("a", "B")), "cùng một khoá"),
        ((Section("a", "A", under=True),), "mục con phải đứng sau"),
        (
            (Section("a", "A"), Section("b", "B", under=True, is_title=True)),
            "Dòng 2: đề mục lớn",
        ),
        (tuple(Section(f"a{n}", "A") for n in range(61)), "không quá 60"),
    ],
)
def test_an_outline_nobody_could_write_by_is_refused(sections, reason):
    with pytest.raises(RuleError, match=reason):
        check_sections(sections)


def test_words_are_counted_as_people_do():
    assert words_in(" Ban hành  12\nkết luận. ") == 5
    assert words_in("") == 0


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("Số căn cước 001085012345.", "so-dinh-danh"),
        ("CCCD: 001 085 012 345", "so-dinh-danh"),
        ("chứng minh nhân dân số 012345678", "so-dinh-danh"),
        ("liên hệ 0912 345 678", "so-dien-thoai"),
        ("gọi +84912345678", "so-dien-thoai"),
        ("thư gửi nguyen.a@example.vn", "thu-dien-tu"),
        ("người tố cáo là ông Nguyễn Văn A", "nguoi-to-cao"),
        ("Người tố cáo: Nguyễn Văn A", "nguoi-to-cao"),
        ("theo đơn tố cáo của bà Trần Thị B", "nguoi-to-cao"),
        ("ông Lê Văn C tố cáo cán bộ xã", "nguoi-to-cao"),
        ("vụ việc do bà Hoa tố cáo", "nguoi-to-cao"),
        ("địa chỉ của người tố cáo: thôn 3", "nguoi-to-cao"),
    ],
)
def test_T09_signs_of_a_person_are_noticed(text, key):
    assert [each.key for each in concerns(text)] == [key]


@pytest.mark.parametrize(
    "text",
    [
        "Thu hồi 1.234.567.890 đồng về ngân sách.",
        "Tổng vi phạm 912345678901 đồng",
        "Số người tố cáo được bảo vệ: 3 người.",
        "Ông Lê Văn C bị tố cáo không đúng sự thật.",
        "Đơn tố cáo của công dân được phân loại.",
        "Kết luận số 0123/KL-TTr ngày 01/02/2026.",
        "Giảm 0,1234567890 %.",
        "Giải quyết tố cáo: 12 vụ việc; tố cáo đúng: 3.",
        "",
    ],
)
def test_T09_figures_and_plain_words_ask_nothing(text):
    assert concerns(text) == ()


def test_T09_what_was_looked_at_before_is_not_asked_again_but_one_more_is():
    once = "Liên hệ 0912 345 678."

    assert new_concerns("", once)[0].count == 1
    assert new_concerns(once, once + " Bổ sung một ý.") == ()
    assert new_concerns(once, once + " Và 0987 654 321.")[0].count == 2
    assert new_concerns(once, "Đã bỏ.") == ()


def test_T09_what_is_told_of_a_sign_does_not_repeat_it():
    for each in concerns("người tố cáo là ông Nguyễn Văn A, CCCD 001085012345"):
        assert "Nguyễn" not in each.sentence
        assert "0010" not in each.sentence


@settings(max_examples=60)
@given(st.text(max_size=200))
def test_any_text_can_be_looked_at(text):
    assert new_concerns(text, text) == ()
    assert words_in(text) >= 0
