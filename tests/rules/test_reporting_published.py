"""Real figures: they pass, or the one place where the source contradicts itself is named."""

from decimal import Decimal

import pytest

from tests.rules.test_reporting_sample import TT06, amount, figures, key
from thidua.rules.errors import RuleError
from thidua.rules.reporting import (
    Filled,
    all_rates,
    check_report,
    compare,
    edition,
    read_edition,
    read_published,
    share,
)

RATES = {rate.key: rate for rate in all_rates()}


def bn(text):
    """Billion VND as million."""
    return Decimal(text) * 1000


def ha(text):
    """Hectares as m²."""
    return Decimal(text) * 10_000


# indicators.md 7.1: violation = to recover + other handling; money in billion VND, land in ha.
@pytest.mark.parametrize(
    ("period", "money", "land", "broken"),
    [
        ("2022", ("85998", "26654", "59344"), ("8777", "574", "8203"), []),
        ("2023", ("257703", "188607", "69096"), ("616", "166", "450"), []),
        ("6 tháng 2023", ("179006", "148206", "30800"), ("404", "9", "395"), []),
        ("9 tháng 2024", ("106672", "71155", "35517"), ("296", "25", "271"), []),
        # The one the source itself gets wrong: 24.9 + 252.5 = 277.4, not 292.5 ha.
        (
            "6 tháng 2024",
            ("92783.1", "59431.6", "33351.5"),
            ("292.5", "24.9", "252.5"),
            ["ttr1/9=11+17"],
        ),
    ],
)
def test_national_totals_hold_except_where_the_source_is_inconsistent(period, money, land, broken):
    values = figures(ttr1={8: bn(money[0]), 10: bn(money[1]), 16: bn(money[2])}) | figures(
        ttr1={9: ha(land[0]), 11: ha(land[1]), 17: ha(land[2])}
    )

    assert [each.check for each in check_report(TT06, Filled(values))] == broken, period


def test_inconsistent_land_of_2024_is_said_with_its_gap_and_not_mended():
    values = figures(ttr1={9: ha("292.5"), 11: ha("24.9"), 17: ha("252.5")})

    (finding,) = check_report(TT06, Filled(values))

    assert finding.arithmetic == "2.925.000 ≠ 249.000 + 2.525.000 = 2.774.000"
    assert "lệch 151.000 m²" in finding.sentence


def test_cases_without_a_named_person_are_no_finding():
    # 9 months 2024: 154 cases, 125 persons.
    assert check_report(TT06, Filled(figures(ttr1={24: 154, 25: 125}))) == ()


def test_thai_binh_first_quarter_2024_holds():
    values = figures(
        ttr1={1: 29, 2: 18, 3: 11, 8: 4910, 10: 2233, 16: 2677},
        tcd1={1: 976, 2: 1460, 3: 679, 4: 13},
    )
    older = {
        "tt01-xld1-don": amount(1002),
        "tt01-xld1-don-ky-truoc": amount(87),
        "tt01-xld1-don-trong-ky": amount(915),
        "tt01-xld1-du-dieu-kien-don": amount(811),
        "tt01-xld1-khieu-nai": amount(80),
        "tt01-xld1-to-cao": amount(74),
        "tt01-xld1-kien-nghi": amount(657),
    }

    assert check_report(TT06, Filled(values)) == ()
    assert check_report(edition("TT01-2024"), Filled(older)) == ()


def test_quang_ninh_2023_follow_up_holds_with_its_qualifiers():
    values = figures(ttr2={1: 235, 3: 95, 7: 400, 8: 400, 15: 45000, 16: 45000, 24: 255, 25: 739})
    values |= figures(ttr2={27: 246, 28: 724, 33: 4, 34: 4, 29: 1})
    values |= {
        key("ttr2", 5): amount(100_700, "about"),
        key("ttr2", 6): amount(44_200, "more"),
        key("ttr2", 13): amount(136_000, "more"),
        key("ttr2", 14): amount(57_100, "more"),
    }

    assert check_report(TT06, Filled(values)) == ()


def test_nam_dinh_2017_parts_that_exceed_the_printed_total_are_said():
    parts = ["6375.11", "3980.16", "808.19"]
    keys = [f"nd-{name}" for name in ("thu-hoi", "phat", "giam-tru")]
    template = {
        "key": "nd",
        "title": "Vi phạm về kinh tế",
        "indicators": [
            {"code": str(n), "key": k, "heading": [k], "measure": "triệu đồng", "behaviour": "F"}
            for n, k in enumerate(["nd-vi-pham", *keys], start=1)
        ],
    }
    template["indicators"][0]["total"] = ["2 + 3 + 4"]
    own = read_edition(
        {"key": "nd", "title": "Nam Định", "valid_from": "2017-01-01", "templates": [template]}
    )
    values = {"nd-vi-pham": amount("11062.78")} | {
        k: amount(number) for k, number in zip(keys, parts, strict=True)
    }

    (finding,) = check_report(own, Filled(values))

    assert "11.062,78 so với 6.375,11 + 3.980,16 + 808,19 = 11.163,46" in finding.sentence
    assert "lệch 100,68 triệu đồng" in finding.sentence


def test_eligible_petitions_of_2022_by_kind_add_up():
    values = figures(xld2={4: 286950, 6: 41952, 12: 17628, 19: 227370})

    assert check_report(TT06, Filled(values)) == ()


@pytest.mark.parametrize(
    ("key_of_rate", "values", "percent", "sentence"),
    [
        (
            "ty-le-giai-quyet-khieu-nai",
            figures(gqkn3={2: 21374, 7: 17463, 6: 0}),
            "81.7",
            "17.463/21.374 vụ việc = 81,7 %",
        ),
        (
            "ty-le-giai-quyet-to-cao",
            figures(gqtc4={2: 7666, 7: 6618, 6: 0}),
            "86.3",
            "6.618/7.666 vụ việc = 86,3 %",
        ),
        (
            "ty-le-don-du-dieu-kien",
            figures(xld2={1: 446805, 3: 342437}),
            "76.6",
            "342.437/446.805 đơn = 76,6 %",
        ),
        (
            "ty-le-ket-luan-hoan-thanh",
            figures(ttr2={1: 8691, 3: 5442}),
            "62.6",
            "5.442/8.691 kết luận = 62,6 %",
        ),
        (
            "ty-le-thu-hoi-tien-nsnn",
            {key("ttr2", 5): amount(100_700, "about"), key("ttr2", 6): amount(44_200, "more")},
            "43.9",
            "hơn 44.200/khoảng 100.700 triệu đồng = khoảng 43,9 %",
        ),
        (
            "ty-le-xu-ly-trach-nhiem",
            figures(ttr2={24: 255, 25: 739, 27: 246, 28: 724}),
            "97.6",
            "970/994 lượt = 97,6 %",
        ),
        (
            "ty-le-thu-truong-tiep",
            figures(tcd1={11: 19903, 17: 3878}),
            "83.7",
            "19.903/23.781 lượt = 83,7 %",
        ),
    ],
)
def test_rates_of_the_national_summaries_come_out_with_both_counts(
    key_of_rate, values, percent, sentence
):
    worked_out = share(RATES[key_of_rate], values)

    assert (worked_out.percent(), worked_out.sentence) == (Decimal(percent), sentence)


def test_rate_is_an_exact_fraction():
    ratio = share(RATES["ty-le-ket-luan-hoan-thanh"], figures(ttr2={1: 3, 3: 1})).ratio

    assert (ratio.numerator, ratio.denominator) == (1, 3)


@pytest.mark.parametrize(
    ("values", "sentence"),
    [
        (figures(ttr2={1: 0, 3: 0}), "0/0 kết luận: mẫu số bằng 0, không tính tỷ lệ"),
        (figures(ttr2={1: 5}), "chưa có số liệu/5 kết luận: chưa tính được tỷ lệ"),
        ({}, "chưa có số liệu/chưa có số liệu kết luận: chưa tính được tỷ lệ"),
    ],
)
def test_rate_without_a_divisor_or_data_is_none_and_says_why(values, sentence):
    worked_out = share(RATES["ty-le-ket-luan-hoan-thanh"], values)

    assert (worked_out.ratio, worked_out.percent(), worked_out.sentence) == (None, None, sentence)


def test_rates_are_unique_and_of_figures_with_one_measure():
    assert len(RATES) == 16
    for rate in RATES.values():
        keys = {term.key for term in (*rate.numerator, *rate.denominator)}
        assert all(each in edition(rate.edition) for each in keys)


@pytest.mark.parametrize(
    ("written", "measure", "ours", "agrees", "gap"),
    [
        ("hơn 15,3", "tỷ đồng", "15342.7", True, "42.7"),
        ("hơn 15,3", "tỷ đồng", "15500", False, "200"),
        ("15,3", "tỷ đồng", "15342.7", True, "42.7"),
        ("15,3", "tỷ đồng", "15360", False, "60"),
        ("2233", "triệu đồng", "2233", True, "0"),
        ("2233", "triệu đồng", "2234", False, "1"),
    ],
)
def test_published_money_agrees_within_what_was_written(written, measure, ours, agrees, gap):
    indicator = TT06.indicator(key("ttr1", 12))
    published = {indicator.key: read_published(written, written_in=measure, indicator=indicator)}

    (difference,) = compare(TT06, figures(ttr1={12: ours}), published)

    assert (difference.agrees, difference.gap) == (agrees, Decimal(gap))


def test_difference_says_both_figures_and_the_gap():
    indicator = TT06.indicator(key("ttr1", 24))
    published = {indicator.key: read_published("497", written_in="vụ", indicator=indicator)}

    (gap,) = compare(TT06, figures(ttr1={24: 495}), published)
    (none,) = compare(TT06, {}, published)

    assert gap.sentence == (
        "Biểu 01/TTr, cột 24 (Chuyển cơ quan điều tra – Vụ): công bố 497 vụ, tổng hợp 495, lệch −2."
    )
    assert (none.agrees, none.gap) == (False, None)
    assert none.sentence.endswith("tổng hợp chưa có số liệu.")


def test_land_in_hectares_is_compared_in_square_metres():
    indicator = TT06.indicator(key("ttr1", 9))

    published = read_published("292,5", written_in="ha", indicator=indicator)

    assert published.amount == amount(2_925_000)
    assert published.rounding == 500


@pytest.mark.parametrize(
    ("text", "measure", "reason"),
    [
        ("5", "ha", "Không đổi được “ha” sang “triệu đồng”"),
        ("", "triệu đồng", "đang trống"),
        ("năm", "triệu đồng", "không phải là số"),
    ],
)
def test_published_figure_that_cannot_be_read_is_refused(text, measure, reason):
    with pytest.raises(RuleError, match=reason):
        read_published(text, written_in=measure, indicator=TT06.indicator(key("ttr1", 12)))
