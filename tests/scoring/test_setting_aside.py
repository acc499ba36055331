"""A member that hands in nothing: recorded, left out of leads, of closing and of places."""

from datetime import timedelta
from decimal import Decimal
from uuid import uuid4

import pytest
from django.core.exceptions import PermissionDenied
from django.db import DatabaseError, transaction
from django.urls import reverse

from tests.factories.scoring import issue_table, name_appraiser, score_of, sheet_of
from tests.factories.world import NOON
from thidua.audit.models import Action, Entry
from thidua.rules.errors import RuleError
from thidua.rules.scoring import Claim, CriterionNode, Table
from thidua.rules.scoring.verification import differences
from thidua.rules.scoring.yearfile import read_year
from thidua.scoring import services
from thidua.scoring.models import ScoreSheet
from thidua.scoring.queries import ranking_seen_by, sheet_lines, standing_of
from thidua.scoring.yearfiles import year_file

LATER = NOON + timedelta(hours=3)
REASON = "Giải thể từ tháng 10"


def compared_table() -> Table:
    """One criterion of ten points, scored against whoever recovers most."""
    return Table(
        title="Bảng so với đơn vị dẫn đầu",
        scale=Decimal(10),
        nodes=(
            CriterionNode(
                code="A",
                title="Thu hồi",
                children=(
                    CriterionNode(
                        code="a1",
                        title="Thu hồi tiền",
                        maximum=Decimal(10),
                        rule={"kind": "leader", "input": "thu_hoi"},
                    ),
                ),
            ),
        ),
        rules={"inputs": [{"key": "thu_hoi", "label": "Tiền thu hồi", "kind": "figure"}]},
    )


@pytest.fixture
def one(world):
    issue_table(world.one, compared_table())
    name_appraiser(world.one, "A")
    return world.one


def hand_in(one, member, recovered):
    score = score_of(sheet_of(one, member), "a1")
    services.save_claim(
        score=score,
        claim=Claim(),
        facts={"thu_hoi": recovered},
        explanation="",
        version=score.version,
        actor=one.officers[member],
        at=NOON,
    )
    return services.submit_self_score(sheet=sheet_of(one, member), actor=one.heads[member], at=NOON)


def appraise(one, member):
    score = score_of(sheet_of(one, member), "a1")
    services.appraise(
        score=score,
        claim=Claim(),
        reason="",
        version=score.version,
        actor=one.appraiser,
        at=LATER,
    )


def set_aside(one, member, reason=REASON, actor=None):
    return services.set_aside_sheet(
        sheet=sheet_of(one, member), reason=reason, actor=actor or one.lead_head, at=LATER
    )


def take_back(one, member, actor=None):
    return services.take_back_sheet(
        sheet=sheet_of(one, member), actor=actor or one.lead_head, at=LATER
    )


def close(one, member):
    return services.finalise_sheet(sheet=sheet_of(one, member), actor=one.lead_head, at=LATER)


@pytest.fixture
def waiting(one):
    """Everybody handed in and was appraised but the second member."""
    members = [each for each in range(len(one.memberships)) if each != 1]
    for place, member in enumerate(members):
        hand_in(one, member, str(100 - 50 * place))
    return one, members


def test_closing_waits_for_a_member_until_it_is_set_aside(waiting):
    one, members = waiting
    with pytest.raises(RuleError, match="ghi nhận điều đó ở mục Chấm điểm"):
        close(one, members[0])

    set_aside(one, 1)
    for member in members:
        appraise(one, member)
    close(one, members[0])

    first, second = (sheet_of(one, member) for member in members[:2])
    assert (first.state, second.state) == ("finalised", "finalised")
    assert first.final_score == 10
    assert sheet_of(one, 1).state == "draft"
    stored = Entry.objects.get(action=Action.SHEET_SET_ASIDE)
    assert stored.details == {"reason": REASON}
    assert stored.actor == one.lead_head


def test_a_member_set_aside_has_no_place_and_everybody_reads_why(waiting):
    one, members = waiting
    set_aside(one, 1)
    for member in members:
        appraise(one, member)
    close(one, members[0])

    said = "Không xếp hạng: không nộp bảng tự chấm. Lý do: Giải thể từ tháng 10"
    standing = standing_of(sheet_of(one, 1))
    seen = ranking_seen_by(one.officers[members[-1]], one.year)

    assert standing.place is None
    assert standing.why[0].startswith(said)
    row = next(each for each in seen if each.sheet.membership_id == one.memberships[1].pk)
    assert (row.place, row.total) == (None, None)
    assert row.why[0].startswith(said)
    assert sum(each.place is not None for each in seen) == len(members)


def test_the_year_file_says_who_was_set_aside_and_verifies(waiting):
    one, members = waiting
    set_aside(one, 1)
    for member in members:
        appraise(one, member)
    close(one, members[0])

    content = read_year(year_file(one.year))

    assert differences(content) == []
    assert content["leads"]["decided"] is True
    unit = next(each for each in content["units"] if each["key"] == str(one.memberships[1].pk))
    assert (unit["state"], unit["results"]) == ("draft", None)
    assert unit["set_aside"]["reason"] == REASON
    assert unit["set_aside"]["by"] == one.lead_head.full_name


def test_a_member_set_aside_fills_in_and_hands_in_nothing_until_it_is_taken_back(one):
    set_aside(one, 1)

    with pytest.raises(RuleError, match="ghi nhận đơn vị không nộp"):
        hand_in(one, 1, "100")
    with pytest.raises(RuleError, match="ghi nhận đơn vị không nộp"):
        services.submit_self_score(sheet=sheet_of(one, 1), actor=one.heads[1], at=NOON)

    take_back(one, 1)
    assert hand_in(one, 1, "100").state == "submitted"
    assert Entry.objects.get(action=Action.SHEET_TAKEN_BACK).details == {"old": REASON}


def test_after_the_close_nothing_is_taken_back(waiting):
    one, members = waiting
    set_aside(one, 1)
    for member in members:
        appraise(one, member)
    close(one, members[0])

    with pytest.raises(RuleError, match="đã được chốt khi không tính đơn vị này"):
        take_back(one, 1)

    assert sheet_of(one, 1).is_set_aside


def test_T03_the_database_keeps_a_set_aside_sheet_from_being_handed_in(one):
    set_aside(one, 1)

    with pytest.raises(DatabaseError), transaction.atomic():
        ScoreSheet.objects.filter(pk=sheet_of(one, 1).pk).update(
            state="submitted", submitted_at=NOON, self_score=Decimal(1)
        )


def test_only_the_head_of_the_lead_sets_aside_with_a_reason_and_before_the_hand_in(one):
    for actor in (one.lead_officer, one.heads[1], one.appraiser):
        with pytest.raises(PermissionDenied):
            set_aside(one, 1, actor=actor)
        with pytest.raises(PermissionDenied):
            take_back(one, 1, actor=actor)
    with pytest.raises(RuleError, match="ghi lý do"):
        set_aside(one, 1, reason="  ")
    hand_in(one, 2, "100")
    with pytest.raises(RuleError, match="đã nộp bảng tự chấm"):
        set_aside(one, 2)


def test_R11_setting_aside_twice_is_one_entry(one):
    set_aside(one, 1)
    set_aside(one, 1, reason="Lý do khác")

    assert sheet_of(one, 1).set_aside_reason == REASON
    assert Entry.objects.filter(action=Action.SHEET_SET_ASIDE).count() == 1


def test_pages_set_aside_show_it_to_the_unit_and_take_it_back(one, client_of):
    lead, unit = client_of(one.lead_head), client_of(one.officers[1])
    sheet = sheet_of(one, 1)
    list_page = reverse("scoring:sheet_list", args=[one.year.pk])
    args = [one.year.pk, sheet.pk]
    offered = lead.get(list_page).content.decode()

    lead.post(
        reverse("scoring:sheet_set_aside", args=args),
        {"reason": REASON, "idempotency_key": uuid4().hex},
    )
    listed, own = (
        client.get(address).content.decode()
        for client, address in (
            (lead, list_page),
            (unit, reverse("scoring:sheet", args=args)),
        )
    )
    lead.post(reverse("scoring:sheet_take_back", args=args), {"idempotency_key": uuid4().hex})

    assert "Ghi nhận không nộp" in offered
    assert REASON in listed
    assert "Bỏ ghi nhận" in listed
    assert "không sửa, không nộp được" in own
    assert REASON in own
    assert "Tải biểu tự chấm" not in own
    assert not sheet_of(one, 1).is_set_aside


def test_only_the_head_of_the_lead_is_offered_it(one, client_of):
    page = client_of(one.lead_officer).get(reverse("scoring:sheet_list", args=[one.year.pk]))

    assert "Ghi nhận không nộp" not in page.content.decode()
    assert len(sheet_lines(sheet_of(one, 1).criteria_set)) == len(one.memberships)
