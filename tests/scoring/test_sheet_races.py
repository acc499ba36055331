"""Forms taken over and units set aside by several people at the same moment."""

import pytest

from tests.factories.scoring import issue_table, name_appraiser, score_of, sheet_of
from tests.factories.world import NOON, make_world
from tests.scoring.test_cross_reviews_races import together
from tests.scoring.test_setting_aside import (
    appraise,
    close,
    compared_table,
    hand_in,
    set_aside,
    take_back,
)
from tests.scoring.unit_forms import claim, fact, filled, form_table
from thidua.audit.models import Action, Entry
from thidua.scoring import services
from thidua.scoring.models import ScoreSheet
from thidua.scoring.sheet_workbooks import read_unit_form

pytestmark = pytest.mark.django_db(transaction=True)


def test_R08_forms_taken_over_at_once_are_not_mixed(files_dir):
    one = make_world().one
    issue_table(one, form_table())
    sheet = sheet_of(one, 1)
    fillings = [
        read_unit_form(
            sheet,
            filled(sheet, claim("B", "base", place), fact("ty_le", 90 + place)),
            f"bieu-{place}.xlsx",
        ).filling
        for place in range(1, 5)
    ]

    answers = together(
        *(
            lambda filling=filling: services.save_filling(
                sheet=sheet, filling=filling, actor=one.officers[1], at=NOON
            )
            for filling in fillings
        )
    )

    assert sorted(answers) == ["StaleFilling"] * 3 + ["done"]
    won = answers.index("done") + 1
    assert score_of(sheet, "B").base == won
    assert score_of(sheet, "a1").facts == {"ty_le": str(90 + won)}
    taken = Entry.objects.get(action=Action.SELF_SCORE_IMPORTED)
    assert taken.details["file"] == f"bieu-{won}.xlsx"


def test_T04_a_form_and_the_hand_in_at_once_leave_no_half(files_dir):
    one = make_world().one
    issue_table(one, compared_table())
    sheet = sheet_of(one, 1)
    first, second = (
        read_unit_form(sheet, filled(sheet, fact("thu_hoi", number)), "bieu.xlsx").filling
        for number in (100, 200)
    )
    services.save_filling(sheet=sheet, filling=first, actor=one.officers[1], at=NOON)
    stale = score_of(sheet, "a1").version
    second = services.Filling(
        lines=tuple(
            services.FilledLine(line.score, stale, line.claim, line.facts, line.explanation)
            for line in second.lines
        ),
        figures=None,
        figures_version=1,
        name="bieu.xlsx",
        sha256=second.sha256,
    )

    answers = together(
        lambda: services.submit_self_score(sheet=sheet, actor=one.heads[1], at=NOON),
        lambda: services.save_filling(sheet=sheet, filling=second, actor=one.officers[1], at=NOON),
    )

    assert answers[0] == "done"
    kept = "200" if answers[1] == "done" else "100"
    assert score_of(sheet, "a1").facts == {"thu_hoi": kept}


def test_T03_closing_and_taking_back_at_once_leave_one_truth(files_dir):
    one = make_world().one
    issue_table(one, compared_table())
    name_appraiser(one, "A")
    members = [each for each in range(len(one.memberships)) if each != 1]
    for place, member in enumerate(members):
        hand_in(one, member, str(100 + place))
    set_aside(one, 1)
    for member in members:
        appraise(one, member)

    answers = together(lambda: close(one, members[0]), lambda: take_back(one, 1))

    states = set(
        ScoreSheet.objects.filter(membership__year=one.year).values_list("state", flat=True)
    )
    if answers[0] == "done":
        assert answers[1] == "RuleError"
        assert sheet_of(one, 1).is_set_aside
        assert states == {"draft", "finalised"}
    else:
        assert answers == ["RuleError", "done"]
        assert states == {"draft", "submitted"}
