"""Lists of sheets and the sheet itself say the same number of scored criteria."""

from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.factories.scoring import issue_table, score_of, sheet_of
from tests.factories.world import NOON
from tests.scoring.test_setting_aside import compared_table
from tests.scoring.test_terms import GOOD, put, termed_table
from tests.scoring.unit_forms import fact, filled, form_table
from thidua.rules.scoring import Claim
from thidua.scoring import services
from thidua.scoring.models import ScoreSheet
from thidua.scoring.queries import sheet_lines, sheet_view
from thidua.scoring.sheet_workbooks import read_unit_form


def save(one, sheet, code, facts=None, **parts):
    score = score_of(sheet, code)
    services.save_claim(
        score=score,
        claim=Claim(**{name: Decimal(text) for name, text in parts.items()}),
        facts=facts,
        explanation="",
        version=score.version,
        actor=one.officers[1],
        at=NOON,
    )


def listed(sheet):
    return next(
        line.scored for line in sheet_lines(sheet.criteria_set) if line.sheet.pk == sheet.pk
    )


def on_the_sheet(sheet):
    view = sheet_view(sheet_of_pk(sheet))
    return len(view.leaves) - len(view.missing)


def sheet_of_pk(sheet):
    return ScoreSheet.objects.select_related("criteria_set", "membership__year").get(pk=sheet.pk)


@pytest.mark.parametrize("table", [form_table, termed_table, compared_table])
def test_before_anything_is_typed_both_numbers_agree(world, table):
    issue_table(world.one, table())
    sheet = sheet_of(world.one, 1)

    assert listed(sheet) == on_the_sheet(sheet)


def test_what_figures_decide_counts_as_soon_as_the_figure_is_there(world):
    one = world.one
    issue_table(one, form_table())
    sheet = sheet_of(one, 1)

    save(one, sheet, "a1", {"ty_le": "95"})
    after_figure = (listed(sheet), on_the_sheet(sheet))
    save(one, sheet, "a1", {})
    after_none = (listed(sheet), on_the_sheet(sheet))

    assert (after_figure, after_none) == ((1, 1), (0, 0))


def test_what_only_waits_for_other_units_counts(world):
    one = world.one
    issue_table(one, compared_table())
    sheet = sheet_of(one, 1)

    save(one, sheet, "a1", {"thu_hoi": "10"})

    assert (listed(sheet), on_the_sheet(sheet)) == (1, 1)


def test_terms_of_the_unit_count_at_once(world):
    one = world.one
    issue_table(one, termed_table())
    sheet = sheet_of(one, 1)
    before = listed(sheet)

    put(one, GOOD)

    assert listed(sheet) == on_the_sheet(sheet) > before


def test_a_form_taken_over_is_counted(world):
    one = world.one
    issue_table(one, form_table())
    sheet = sheet_of(one, 1)
    reading = read_unit_form(sheet, filled(sheet, fact("ty_le", 95)), "bieu.xlsx")

    services.save_filling(sheet=sheet, filling=reading.filling, actor=one.officers[1], at=NOON)

    assert (listed(sheet), on_the_sheet(sheet)) == (1, 1)


def test_a_sheet_kept_before_counting_began_is_counted_by_what_is_filled_in(world):
    one = world.one
    issue_table(one, form_table())
    sheet = sheet_of(one, 1)
    save(one, sheet, "a1", {"ty_le": "95"})
    ScoreSheet.objects.update(scored_criteria=None)

    assert listed(sheet) == 1


def test_the_list_computes_no_points(world):
    one = world.one
    table = issue_table(one, form_table())

    with CaptureQueriesContext(connection) as queries:
        sheet_lines(table)

    assert len(queries) == 2
