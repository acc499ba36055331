"""The figures of the demo's reports: consistent, the same everywhere, wrong only where it says so."""

from decimal import Decimal

import pytest

from thidua.demo.figures import made_reports
from thidua.demo.figures.recipes import About, Equal, Left, Parted, Share, read_line, recipes
from thidua.demo.figures.reports import NOTE
from thidua.demo.people import YEARS, demo_data
from thidua.rules.reporting import (
    Filled,
    Kind,
    Shape,
    check_against_parts,
    check_report,
    completed,
    edition,
    odd_figures,
    read_amount,
)
from thidua.rules.reporting.periods import BEFORE, WAYS
from thidua.rules.reporting.templates import Term

UNITS = [(year, unit) for year in YEARS for unit in demo_data()[year]["members"]]
QUARTERS = ("q1", "q2", "q3", "q4")
# Made odd on purpose; the script has a word for each.
MEANT = {
    ("year_2024", "Quảng Ninh"): {
        "tt01-kqgq1/don-vi-tinh:tt01-kqgq1-thu-hoi-tien",
        "tt01-kqgq2/don-vi-tinh:tt01-kqgq2-phai-thu-tien",
        "tt01-kqgq2/don-vi-tinh:tt01-kqgq2-da-thu-tien",
    },
    ("year_2026", "Quảng Ninh"): {
        "tcd1/luy-ke:tcd1-luot",
        "tcd1/luy-ke:tcd1-thuong-xuyen-luot",
    },
}


def made(year, unit):
    return made_reports(demo_data()[year]["reports"], year=int(year[-4:]), unit=unit)


def forms_of(year):
    return edition(demo_data()[year]["reports"]["edition"])


def filled(forms, report):
    """A report as rules read what is typed into it."""
    values = {}
    for cells in report.cells.values():
        for key, text in cells.items():
            indicator = forms.indicator(key)
            if indicator.kind == Kind.NUMBER:
                values[key] = read_amount(text, where=key, places=indicator.places)
    return Filled(values, report.rows)


@pytest.mark.parametrize(("year", "unit"), UNITS)
def test_figures_of_a_unit_pass_every_check_but_those_meant_to_be_asked_about(year, unit):
    forms = forms_of(year)
    reports = {code: filled(forms, each) for code, each in made(year, unit).items()}

    found = set()
    for code, report in reports.items():
        before = next((reports[c] for back, c in BEFORE[code] if not back), None)
        past = [reports[c].values for c in QUARTERS if code in QUARTERS and c < code]
        history = {key: [each[key] for each in past] for key in report.values} if past else {}
        found.update(
            finding.check
            for finding in (
                *check_report(forms, report, previous=before),
                *check_against_parts(forms, code, reports),
                *odd_figures(forms, report.values, history),
            )
        )

    assert found == MEANT.get((year, unit), set())


@pytest.mark.parametrize("year", YEARS)
def test_every_figure_asked_for_has_data_and_every_form_says_it_is_made_up(year):
    forms = forms_of(year)

    for report in made(year, demo_data()[year]["members"][0]).values():
        for template in forms.templates:
            if template.shape == Shape.LIST:
                assert template.key in report.rows
                continue
            cells = report.cells[template.key]
            typed = {
                each.key
                for each in template.numbers
                if not (each.is_computed or each.optional or each.only_for)
            }
            notes = {e.key for e in template.indicators if e.key.endswith("-ghi-chu")}
            assert set(cells) == typed | notes
            assert all(cells[key] == NOTE for key in notes)


def test_published_totals_of_thai_binh_come_out():
    forms = forms_of("year_2024")
    report = made("year_2024", "Thái Bình")["q1"]

    values = completed(forms, filled(forms, report).values)

    real = {
        "tt01-tcd1-luot": 976,
        "tt01-tcd1-nguoi": 1460,
        "tt01-tcd1-vu-viec": 679,
        "tt01-xld1-don": 1002,
        "tt01-xld1-don-ky-truoc": 87,
        "tt01-xld1-don-trong-ky": 915,
        "tt01-xld1-du-dieu-kien-don": 811,
        "tt01-xld1-khieu-nai": 80,
        "tt01-xld1-to-cao": 74,
        "tt01-xld1-kien-nghi": 657,
        "tt01-xld1-du-dieu-kien-vu-viec": 682,
    }
    assert {key: values[key].number for key in real} == real
    crowds = {"doan": 13, "doan-nguoi": 246}
    for name, total in crowds.items():
        who = ("thuong-xuyen", "thu-truong", "uy-quyen")
        assert sum(values[f"tt01-tcd1-{each}-{name}"].number for each in who) == total
    matters = [
        f"{who}-doan-{n}"
        for who in ("thuong-xuyen", "thu-truong", "uy-quyen")
        for n in ("lan-dau", "nhieu-lan")
    ]
    assert sum(values[f"tt01-tcd1-{each}"].number for each in matters) == 11
    assert "noichinh.vn" in report.cells["tt01-tcd1"]["tt01-tcd1-ghi-chu"]


def test_figures_are_the_same_on_every_machine():
    q1 = made("year_2024", "Bắc Ninh")["q1"].cells
    year = made("year_2026", "Phú Thọ")["year"].cells

    assert (q1["tt01-tcd1"]["tt01-tcd1-thuong-xuyen-luot"], year["ttr1"]["ttr1-ket-luan"]) == (
        "900",
        "146",
    )


def test_rows_of_a_longer_period_are_those_of_its_quarters():
    reports = made("year_2026", "Hải Phòng")

    assert [len(reports[code].rows["pctn2"]) for code in (*QUARTERS, *WAYS)] == [
        1, 0, 0, 0, 1, 1, 1,
    ]  # fmt: skip
    assert reports["year"].cells["pctn1"]["pctn1-phat-hien-vu"] == "1"


@pytest.mark.parametrize("key", ["TT01-2024", "TT06-2025"])
def test_recipes_speak_only_of_columns_of_their_edition(key):
    forms = edition(key)

    for recipe in recipes(key):
        template = forms.template(recipe.form)
        for line in recipe.lines:
            keys = [k for k, _ in line.parts] if isinstance(line, Parted) else [line.key]
            assert all(each.startswith("$") or each in template for each in keys), line


def test_lines_of_a_recipe_are_read():
    def resolve(written):
        return f"<{written}>"

    sum_of = (Term("<2>"), Term("<x:3>"))
    assert read_line("4 ~ 7.5", resolve) == About("<4>", Decimal("7.5"))
    assert read_line("1 = 2 + x:3", resolve) == Equal("<1>", sum_of)
    assert read_line("5 = 130 % of 2 + x:3", resolve) == Share("<5>", Decimal(130), sum_of)
    assert read_line("$a = before 2 + x:3 or 14", resolve) == Left("<$a>", sum_of, Decimal(14))
    assert read_line("6 -> 8 : 11, 9 : 89", resolve) == Parted("<6>", (("<8>", 11), ("<9>", 89)))
    with pytest.raises(ValueError, match="6 is 7"):
        read_line("6 is 7", resolve)


@pytest.mark.parametrize("year", YEARS)
def test_script_of_reports_speaks_of_members_and_their_sizes(year):
    script = demo_data()[year]
    reports = script["reports"]
    kinds = (
        "late",
        "returned",
        "explained",
        "missing",
        "half_filled",
        "awaiting",
        "fixed",
        "notes",
    )

    assert list(reports["sizes"]) == list(script["members"])
    for kind in (*kinds, "rows"):
        assert all(row["unit"] in script["members"] for row in reports.get(kind, ())), kind
