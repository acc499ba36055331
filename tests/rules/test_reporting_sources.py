"""Sources: how tables and commitments name figures, what those come to, and what they say."""

from contextlib import suppress
from dataclasses import replace
from datetime import date
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from thidua.rules.errors import RuleError
from thidua.rules.reporting import Amount, Filled, Qualifier, edition, share
from thidua.rules.reporting.sources import (
    Accepted,
    Link,
    Sent,
    UnitYear,
    course_of,
    problem_of,
    read_source,
    reading,
    to_date,
)
from thidua.rules.reporting.sources.language import in_words, rates

FORMS = edition("TT06-2025")
OLD_FORMS = edition("TT01-2024")
PLACES = {"q1": 1, "q2": 2, "6m": 3, "q3": 4, "9m": 5, "q4": 6, "year": 7}
DUE = "ttr2-nsnn-tien-phai-thu"
PAID = "ttr2-nsnn-tien-da-thu"
RECOVERED = "ty-le-thu-hoi-tien-nsnn"


def report(code, forms=FORMS, qualifier=Qualifier.EXACT, **values):
    amounts = {
        name.replace("_", "-"): Amount(Decimal(text), qualifier) for name, text in values.items()
    }
    said = "Lê Hồng Chuyên chấp nhận 09:00 18/12/2026"
    return Accepted(code, f"Báo cáo {code} 2026", forms, Filled(amounts), said, PLACES[code])


def unit(*reports, sent=(), on=date(2026, 12, 31), aliases=None):
    return UnitYear(on, {each.code: each for each in reports}, sent, aliases or {})


def paid(code, due, collected):
    return report(code, ttr2_nsnn_tien_phai_thu=due, ttr2_nsnn_tien_da_thu=collected)


# --- Reading what is written -----------------------------------------------------------------
@pytest.mark.parametrize(
    ("text", "same"),
    [
        ("ttr1-cuoc", "ttr1-cuoc"),
        ("  ttr1-cuoc@Q1 ", "ttr1-cuoc@q1"),
        ("ttr1-cuoc+ttr1-ket-luan", "ttr1-cuoc + ttr1-ket-luan"),
        ("ttr1-cuoc − ttr1-ket-luan", "ttr1-cuoc - ttr1-ket-luan"),
        ("a / b * 100", "a / b * 100"),
        ("a / (b * 100)", "a / (b * 100)"),
        ("(a + b) / (c + d) * 100", "(a + b) / (c + d) * 100"),
        ("a - (b - c)", "a - (b - c)"),
        ("2,5 * a", "2,5 * a"),
    ],
)
def test_a_source_is_read_as_it_is_meant(text, same):
    assert in_words(read_source(text).ways[0]) == same


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("", "thiếu một chỉ tiêu"),
        ("3", "không nêu chỉ tiêu nào"),
        ("a +", "thiếu một chỉ tiêu"),
        ("a b", "thừa “b”"),
        ("(a", "thiếu dấu đóng ngoặc"),
        ("a ; b", "không đọc được từ “; b”"),
        ("a@q5", "không có kỳ “q5”"),
        ("bao-cao-nop-muon@q1", "không ghi kỳ"),
        ("a" * 301, "dài quá 300"),
        (" + ".join(f"a{n}" for n in range(13)), "quá 12 chỉ tiêu"),
        ("(" * 21 + "a" + ")" * 21, "quá 20 lớp ngoặc"),
        ("__import__('os')", "không đọc được"),
        ("a |", "thiếu một chỉ tiêu"),
    ],
)
def test_what_is_no_source_is_refused_with_its_reason(text, why):
    with pytest.raises(RuleError, match=why.replace("(", r"\(")):
        read_source(text)


@given(st.text(max_size=60))
@settings(max_examples=150, deadline=None)
def test_any_text_is_read_or_refused_in_a_sentence(text):
    with suppress(RuleError):
        read_source(text)
    assert isinstance(reading(text, unit()).words, tuple)


def test_unknown_names_are_told_with_the_nearest_known_one():
    assert problem_of("ty-le-thu-hoi-tien-nsn") == (
        "không có chỉ tiêu báo cáo “ty-le-thu-hoi-tien-nsn”. Có phải “ty-le-thu-hoi-tien-nsnn” không?"
    )
    assert problem_of("rieng-cua-cum", own={"rieng-cua-cum"}) == ""
    assert problem_of("bao-cao-nop-muon + so-ngay-nop-muon@q1") == ""
    assert "thừa" in problem_of("a b")


# --- Figures ---------------------------------------------------------------------------------
def test_the_years_own_report_comes_first_and_says_form_column_and_who_accepted():
    found = reading("ttr1-ket-luan", unit(report("year", ttr1_ket_luan="12"), report("q1")))

    assert found.value == 12
    assert found.words == (
        "Biểu 01/TTr, cột 6 (Số kết luận thanh tra đã ban hành): 12 kết luận – Báo cáo year 2026, "
        "Lê Hồng Chuyên chấp nhận 09:00 18/12/2026.",
    )
    assert found.reports == (Link(7, "Báo cáo year 2026"),)
    assert found.missing == ()


def test_without_the_years_report_it_is_rebuilt_and_says_so():
    quarters = [
        report(code, ttr1_ket_luan=str(n)) for n, code in enumerate(("q1", "q2", "q3", "q4"), 1)
    ]

    found = reading("ttr1-ket-luan", unit(*quarters))

    assert found.value == 10
    assert (
        "tính lại cho kỳ năm từ báo cáo quý I, quý II, quý III, quý IV (cộng các kỳ)"
        in found.words[0]
    )
    assert "vì chưa có báo cáo năm được chấp nhận" in found.words[0]
    assert [each.split(":")[0] for each in found.words[1:]] == [
        f"Biểu 01/TTr, cột 6, quý {n}" for n in ("I", "II", "III", "IV")
    ]
    assert len(found.reports) == 4


def test_a_missing_quarter_is_named_and_there_is_no_value():
    found = reading(
        "ttr1-ket-luan", unit(report("q1", ttr1_ket_luan="1"), report("q3", ttr1_ket_luan="1"))
    )

    assert found.value is None
    assert found.missing == (
        "Chưa có báo cáo năm được chấp nhận, cũng chưa tính lại được từ các kỳ: thiếu báo cáo quý II, "
        "quý IV.",
    )


def test_a_cell_without_data_is_named_and_is_not_zero():
    whole = reading("ttr1-ket-luan", unit(report("year", ttr1_cuoc="3")))
    parts = reading("ttr1-ket-luan@6m", unit(report("q1", ttr1_ket_luan="1"), report("q2")))

    assert (whole.value, parts.value) == (None, None)
    assert whole.missing == (
        "Biểu 01/TTr, cột 6 (Số kết luận thanh tra đã ban hành): Báo cáo year 2026 chưa có số liệu.",
    )
    assert parts.missing == (
        "Biểu 01/TTr, cột 6 (Số kết luận thanh tra đã ban hành): Quý II chưa có số liệu.",
    )


def test_stocks_are_rebuilt_not_added():
    found = reading(f"{DUE}@6m", unit(paid("q1", "100", "40"), paid("q2", "80", "30")))

    assert found.value == 120
    assert "tính lại vì có phần tồn, không cộng các kỳ" in found.words[0]


def test_a_computed_cell_is_filled_from_its_parts():
    found = reading(
        "ttr1-cuoc", unit(report("year", ttr1_cuoc_ky_truoc="2", ttr1_cuoc_trong_ky="5"))
    )

    assert found.value == 7


def test_a_rate_shows_both_counts():
    found = reading(RECOVERED, unit(paid("year", "140", "70")))

    assert found.value == 50
    assert found.words[-1] == (
        "Tỷ lệ thu hồi tiền về ngân sách nhà nước: 70/140 triệu đồng = 50 %."
    )
    assert len(found.words) == 3


def test_a_rate_over_nothing_has_no_value_and_says_why():
    found = reading(RECOVERED, unit(paid("year", "0", "0")))

    assert found.value is None
    assert "mẫu số bằng 0" in found.missing[0]


def test_arithmetic_is_exact_and_written_out():
    found = reading(f"({PAID} + 1) / {DUE} * 100", unit(paid("year", "3", "1")))

    assert found.value == Fraction(200, 3)
    assert found.words[-1] == (
        "Tính: (02/TTr cột 6 + 1) ÷ 02/TTr cột 5 × 100 = (1 + 1) ÷ 3 × 100 = ≈66,666667."
    )


def test_arithmetic_names_lateness_rates_and_periods_in_words():
    found = reading(f"bao-cao-nop-muon + {RECOVERED}@q1", unit(paid("q1", "140", "70"), sent=SENT))

    assert found.words[-1].startswith(
        "Tính: số báo cáo trong năm nộp lần đầu sau hạn + tỷ lệ thu hồi tiền về ngân sách nhà nước "
        "(quý I) = "
    )


def test_division_by_a_figure_of_zero_is_told():
    found = reading(f"{PAID} / {DUE}", unit(paid("year", "0", "1")))

    assert found.value is None
    assert found.missing == ("Mẫu số bằng 0 (1 ÷ 0) nên không tính được.",)


def test_qualifiers_stay_in_words():
    found = reading(
        "ttr1-ket-luan", unit(report("year", qualifier=Qualifier.MORE, ttr1_ket_luan="12"))
    )

    assert (found.value, found.is_about) == (12, True)
    assert "hơn 12 kết luận" in found.words[0]
    assert "tính theo đúng con số đã ghi" in found.words[-1]


def test_other_forms_are_told_and_the_second_way_is_taken():
    old = report("year", OLD_FORMS, tt01_kqgq1_rut_don="4")

    alone = reading("gqkn3-rut-don-dinh-chi", unit(old))
    both = reading("gqkn3-rut-don-dinh-chi | tt01-kqgq1-rut-don", unit(old))

    assert alone.missing[0].endswith("ở đó không có chỉ tiêu “gqkn3-rut-don-dinh-chi”.")
    assert both.value == 4


def test_quarters_on_other_forms_are_not_added():
    found = reading(
        "ttr1-ket-luan@6m", unit(report("q1", OLD_FORMS), report("q2", ttr1_ket_luan="1"))
    )

    assert found.value is None
    assert "không có chỉ tiêu" in found.missing[0]


def test_an_installations_indicator_stands_for_its_figure():
    aliases = {"thu-hoi": RECOVERED, "chua-gan": "", "vong": "vong + 1"}
    found = [reading(key, unit(paid("year", "4", "1"), aliases=aliases)) for key in aliases]

    assert [each.value for each in found] == [25, None, None]
    assert found[1].missing == ("Chỉ tiêu “chua-gan” chưa gắn với số liệu báo cáo.",)
    assert found[2].missing == ("Chỉ tiêu “vong” gắn vòng với chính nó.",)


def test_the_period_to_date_is_the_longest_with_a_value():
    known = unit(paid("q1", "100", "40"), paid("q2", "80", "30"))

    code, found = to_date(PAID, known)

    assert (code, found.value) == ("6m", 70)
    assert course_of(PAID, known) == (
        ("Quý I", 40),
        ("6 tháng", 70),
        ("9 tháng", None),
        ("Năm", None),
    )
    assert to_date(PAID, unit())[0] == "year"


# --- Lateness --------------------------------------------------------------------------------
SENT = (
    Sent(
        "q1",
        "Báo cáo quý I 2026",
        date(2026, 3, 20),
        date(2026, 3, 25),
        1,
        "Được cho nộp muộn: bão.",
    ),
    Sent("q2", "Báo cáo quý II 2026", date(2026, 6, 20), date(2026, 6, 20), 2),
    Sent("q3", "Báo cáo quý III 2026", date(2026, 9, 20), None, 0),
    Sent("q4", "Báo cáo quý IV 2026", date(2026, 12, 20), None, 0),
)


def test_late_reports_are_counted_with_their_dates_and_those_never_sent_are_named():
    found = reading("bao-cao-nop-muon", unit(sent=SENT, on=date(2026, 10, 1)))

    assert found.value == 1
    assert found.words == (
        "Báo cáo nộp lần đầu sau hạn: 1/4.",
        "Báo cáo quý I 2026: hạn 20/03/2026, nộp lần đầu 25/03/2026, muộn 5 ngày. Được cho nộp muộn: bão.",
        "Chưa tính 1 báo cáo quá hạn mà đến ngày 01/10/2026 chưa nộp: Báo cáo quý III 2026.",
    )
    assert found.reports == (Link(1, "Báo cáo quý I 2026"),)


def test_reports_never_sent_are_a_figure_of_their_own():
    found = reading("bao-cao-nop-muon + bao-cao-chua-nop", unit(sent=SENT, on=date(2026, 12, 31)))

    assert found.value == 3


def test_the_course_of_lateness_counts_each_report_from_its_own_period_on():
    sent = (*SENT[:2], replace(SENT[2], first_on=date(2026, 9, 30)), SENT[3])
    known = unit(sent=sent, on=date(2026, 12, 31))

    late = [value for _, value in course_of("bao-cao-nop-muon", known)]
    never = [value for _, value in course_of("bao-cao-chua-nop", known)]

    assert (late, never) == ([1, 1, 2, 2], [0, 0, 0, 1])


@pytest.mark.parametrize(("code", "days"), [("q1", 5), ("q2", 0), ("q3", None), ("q4", None)])
def test_days_late_of_one_report(code, days):
    found = reading(f"so-ngay-nop-muon@{code}", unit(sent=SENT, on=date(2026, 10, 1)))

    assert found.value == days
    if code == "q3":
        assert found.missing == ("Báo cáo quý III 2026 chưa nộp, đã quá hạn (hạn 20/09/2026).",)


def test_a_year_without_periods_counts_nothing():
    assert "chưa mở kỳ báo cáo" in reading("bao-cao-nop-muon", unit()).missing[0]
    assert "chưa mở kỳ báo cáo năm" in reading("so-ngay-nop-muon", unit()).missing[0]


# --- Properties ------------------------------------------------------------------------------
@given(st.lists(st.integers(0, 10**6), min_size=4, max_size=4))
@settings(max_examples=40, deadline=None)
def test_a_flow_over_four_quarters_is_their_sum(amounts):
    quarters = [
        report(code, ttr1_ket_luan=str(n))
        for code, n in zip(("q1", "q2", "q3", "q4"), amounts, strict=True)
    ]

    assert reading("ttr1-ket-luan", unit(*quarters)).value == sum(amounts)


@given(st.integers(0, 10**6), st.integers(0, 10**6))
@settings(max_examples=40, deadline=None)
def test_every_rate_agrees_with_the_rules_of_rates(numerator, denominator):
    values = {PAID: Amount(Decimal(numerator)), DUE: Amount(Decimal(denominator))}
    known = unit(paid("year", str(denominator), str(numerator)))

    ratio = share(rates()[RECOVERED], values).ratio

    assert reading(RECOVERED, known).value == (None if ratio is None else ratio * 100)
