"""What is blank, what is computed, how far a report has got."""

from tests.rules.test_reporting_sample import TT06, amount, figures, key, sample_values
from thidua.rules.reporting import blank, completed, completeness

PCTN = TT06.template("pctn1")
REPORTS = TT06.template("ttr1")


def test_blank_asks_for_typed_figures_only():
    codes = [each.code for each in blank(REPORTS, {})]

    assert " ".join(codes) == "2 3 4 5 6 7 12 13 14 15 16 17 19 20 22 23 24 25 26"


def test_blank_asks_nobody_for_the_state_banks_lines_or_those_without_code():
    codes = {each.code for each in blank(PCTN, {})}

    assert len(codes) == 119
    assert codes.isdisjoint({"", "38", "39"})


def test_zero_is_an_answer_and_no_data_is_not():
    left = {each.code for each in blank(REPORTS, figures(ttr1={6: 0, 7: None}))}

    assert "6" not in left
    assert "7" in left


def test_completeness_counts_what_is_asked_for():
    assert completeness([REPORTS, PCTN], figures(ttr1={6: 0, 8: 5}, pctn1={1: 3, 38: 9})) == (
        2,
        138,
    )
    assert completeness(TT06.templates, sample_values()) == (
        completeness(TT06.templates, {})[1],
        completeness(TT06.templates, {})[1],
    )


def test_computed_cells_are_filled_through_several_levels():
    values = completed(
        TT06, figures(xld2={7: 3, 8: 1, 13: 2, 14: 0, 20: 1, 21: 1, 22: 1, 24: 4, 25: 5})
    )

    assert [values[key("xld2", code)] for code in (6, 12, 19, 4, 23, 3)] == [
        amount(number) for number in (4, 2, 3, 9, 9, 18)
    ]


def test_computed_cell_takes_the_second_way_where_the_first_lacks_data():
    values = completed(TT06, figures(xld2={9: 3, 10: 1, 11: 2}))

    assert values[key("xld2", 6)] == amount(6)


def test_computed_cell_of_incomplete_parts_has_no_data():
    assert completed(TT06, figures(ttr1={10: 5}))[key("ttr1", 8)] is None


def test_typed_total_stays_as_typed():
    assert completed(TT06, figures(ttr1={8: 9, 10: 5, 16: 2}))[key("ttr1", 8)] == amount(9)
