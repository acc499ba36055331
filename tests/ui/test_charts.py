"""Charts say their numbers to eyes, to screen readers and beside them in a table."""

import re
from fractions import Fraction
from xml.etree import ElementTree

import pytest
from django.template.loader import render_to_string

from thidua.ui import charts

QUARTERS = [
    ("Quý I", Fraction(12)),
    ("Quý II", None),
    ("Quý III", Fraction(0)),
    ("Quý IV", Fraction(2469, 2)),
]
UNITS = [("An", Fraction(50)), ("Bình", None), ("Cường", Fraction(100, 3))]
EVIL = '<script>alert("x")</script>'


def tree(svg):
    return ElementTree.fromstring(str(svg))


def words(svg):
    return [each.text for each in tree(svg).iter() if each.tag == "text"]


def of_kind(svg, kind):
    return [each for each in tree(svg).iter() if kind in each.get("class", "").split()]


def everything():
    return [
        charts.course_chart(title="T", points=QUARTERS, target=Fraction(1000), measure="cuộc"),
        charts.bars_chart(title="T", rows=UNITS, target=Fraction(85), measure="%"),
        charts.completeness_chart(
            title="T", rows=[("An", [("Quý I", key) for key in charts.STATES])]
        ),
    ]


def test_course_writes_every_number_the_vietnamese_way():
    shown = words(
        charts.course_chart(title="Cuộc", points=QUARTERS, target=Fraction(1000), measure="cuộc")
    )

    assert shown == [
        "mức phấn đấu: 1.000 cuộc",
        *("Quý I", "chưa có", "Quý II", "Quý III", "Quý IV"),
        *("12", "0", "1.234,5"),
    ]


def test_course_draws_numbers_over_the_line_of_the_target():
    svg = charts.course_chart(title="T", points=QUARTERS, target=Fraction(1000), measure="cuộc")

    assert svg.index("graph-target") < svg.index('class="graph-value"')


def test_course_shows_a_gap_for_no_data_and_a_line_for_zero():
    svg = charts.course_chart(title="Cuộc", points=QUARTERS, target=None, measure="cuộc")

    heights = [each.get("height") for each in of_kind(svg, "graph-bar")]
    assert len(of_kind(svg, "graph-gap")) == 1
    assert heights == ["2", "2", "130"]
    assert not of_kind(svg, "graph-target")


def test_course_draws_the_target_as_high_as_its_number():
    svg = charts.course_chart(
        title="Cuộc", points=[("Quý I", Fraction(50))], target=Fraction(100), measure="cuộc"
    )

    legend, line = of_kind(svg, "graph-target")
    (bar,) = of_kind(svg, "graph-bar")
    base = int(bar.get("y")) + int(bar.get("height"))
    assert base - int(line.get("y1")) == 2 * int(bar.get("height"))
    assert legend.get("y1") == "9"


def test_course_without_periods_or_data_is_drawn_and_says_so():
    empty = charts.course_chart(title="Cuộc", points=[], target=None, measure="cuộc")
    blank = charts.course_chart(
        title="Cuộc", points=[("Quý I", None)], target=Fraction(5), measure="cuộc"
    )

    assert tree(empty).find("desc").text == "chưa có."
    assert tree(blank).find("desc").text == "Quý I: chưa có. Mức phấn đấu: 5 cuộc."


def test_bars_keep_their_order_and_end_with_their_number():
    svg = charts.bars_chart(title="Tỷ lệ", rows=UNITS, measure="%")

    assert words(svg) == ["An", "50 %", "Bình", "chưa có số liệu", "Cường", "33,33 %"]
    # A per cent is drawn of 100, whatever the highest of them is.
    assert [each.get("width") for each in of_kind(svg, "graph-bar")] == ["50%", "33.33%"]


def test_bars_mark_the_target_on_every_bar():
    svg = charts.bars_chart(title="Tỷ lệ", rows=UNITS, target=Fraction(85), measure="%")

    assert [each.get("x1") for each in of_kind(svg, "graph-mark")] == ["85%"] * 3
    assert words(svg)[0] == "mức phấn đấu: 85 %"


def test_completeness_says_each_state_by_a_word_and_explains_it():
    rows = [("An", [("Quý I", "accepted"), ("Quý II", "late")]), ("Bình", [("Quý I", "none")] * 2)]

    svg = charts.completeness_chart(title="Báo cáo", rows=rows)

    assert words(svg) == [
        *("Quý I", "Quý II", "An", "nhận", "muộn", "Bình", "chưa", "chưa"),
        *("chưa: chưa làm", "nhận: đã được chấp nhận", "muộn: nộp muộn"),
    ]
    assert tree(svg).find("desc").text == (
        "An: Quý I đã được chấp nhận, Quý II nộp muộn. Bình: Quý I chưa làm, Quý I chưa làm."
    )


def test_a_chart_is_an_image_with_title_and_description():
    for svg in everything():
        found = tree(svg)
        assert found.get("role") == "img"
        assert found.find("title").text == "T"
        assert found.find("desc").text


def test_t12_charts_carry_no_style_no_script_and_escape_what_people_wrote():
    svgs = [
        *everything(),
        charts.course_chart(title=EVIL, points=[(EVIL, None)], target=Fraction(1), measure=EVIL),
        charts.bars_chart(title=EVIL, rows=[(EVIL, Fraction(1))], measure=EVIL),
        charts.completeness_chart(title=EVIL, rows=[(EVIL, [(EVIL, "none")])]),
    ]

    for svg in svgs:
        assert not re.search(r"style=|<script|<style|\son\w+=|href=", str(svg))


def test_long_numbers_ask_for_a_wider_place():
    narrow = charts.course_chart(title="T", points=QUARTERS, target=None, measure="")
    wide = charts.course_chart(
        title="T",
        points=[(f"Quý {n}", Fraction(10**9)) for n in range(7)],
        target=None,
        measure="",
    )

    assert "graph-w1" in str(narrow)
    assert "graph-w4" in str(wide)


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (None, "chưa có"),
        (Fraction(2, 3), "0,67"),
        (Fraction(10**15), "1.000.000.000.000.000"),
        (Fraction(-1, 2), "−0,5"),
    ],
)
def test_numbers_are_written_with_at_most_two_decimals(value, text):
    assert charts.written(value) == text


def test_the_table_beside_a_chart_holds_its_numbers():
    chart = charts.course(
        title="Số cuộc", points=QUARTERS, target=Fraction(9), measure="cuộc", note="Thiếu Bình."
    )

    html = render_to_string("ui/chart.html", {"chart": chart})

    assert [tuple(row) for row in chart.rows] == [
        ("Quý I", "12"),
        ("Quý II", "chưa có"),
        ("Quý III", "0"),
        ("Quý IV", "1.234,5"),
        ("Mức phấn đấu", "9"),
    ]
    assert "<details open" in html.replace(' class="graph-table"', "")
    assert '<th scope="row">Quý I</th><td class="num">12</td>' in html
    assert "Thiếu Bình." in html
    assert "open" not in render_to_string("ui/chart.html", {"chart": chart, "closed": True})


def test_tables_of_units_and_of_states_spell_everything_out():
    bars = charts.bars(title="Tỷ lệ", rows=UNITS, target=Fraction(80), measure="%")
    states = charts.completeness(title="Báo cáo", rows=[("An", [("Quý I", "overdue")])])

    assert bars.heads == ("Đơn vị", "Số liệu (%)")
    assert bars.rows[1:] == [
        ("Bình", "chưa có số liệu"),
        ("Cường", "33,33"),
        ("Mức phấn đấu", "80"),
    ]
    assert (states.heads, states.rows) == (("Đơn vị", "Quý I"), [("An", "quá hạn, chưa nộp")])
    assert charts.completeness(title="Báo cáo", rows=[]).rows == []
