"""The pact from draft to frozen: who may, in which state, and what can never change again."""

import random
from contextlib import suppress
from decimal import Decimal
from functools import partial

import pytest
from django.core.exceptions import PermissionDenied
from django.db import DatabaseError, transaction

from tests.factories.world import NOON
from tests.pacts.pacts import (
    add,
    agree_all,
    consulting,
    draft,
    freeze,
    frozen,
    indicator,
    measured,
    say,
)
from thidua.audit.models import Action, Entry
from thidua.documents import storage
from thidua.documents.queries import current_revision
from thidua.organisations.models import Assignment
from thidua.pacts import services
from thidua.pacts.content import content_fingerprint, content_of
from thidua.pacts.models import Agreement, Comment, Commitment, CommitmentGroup, PactVersion
from thidua.pacts.services import CommitmentText
from thidua.rules.errors import RuleError
from thidua.rules.pacts import fingerprint


@pytest.fixture
def one(world, files_dir):
    return world.one


def texts(pact):
    return [commitment.text for _, commitment in content_of(pact).commitments()]


# --- Drafting --------------------------------------------------------------------------------
def test_start_pact_twice_is_refused(one):
    draft(one)

    with pytest.raises(RuleError, match="một phiên bản chưa chốt"):
        draft(one)


def test_start_pact_after_freezing_copies_everything_into_a_new_round(one):
    first = frozen(one)

    second = services.start_pact(
        year=one.year, title="Giao ước thi đua", actor=one.lead_officer, at=NOON
    )

    assert (second.number, second.state) == (2, PactVersion.State.DRAFT)
    assert content_of(second) == content_of(first)
    assert not second.agreements.exists()
    assert Entry.objects.first().action == Action.PACT_VERSION_STARTED


def test_pact_is_written_by_the_lead_only(one, world):
    pact = draft(one)
    group = pact.groups.get()
    row = group.commitments.first()

    for actor in (one.heads[1], world.two.lead_head, world.superior, world.administrator):
        given = {"actor": actor, "at": NOON}
        acts = [
            partial(services.start_pact, year=one.year, title="x", **given),
            partial(
                services.save_pact_text,
                pact=pact,
                title="x",
                preamble="",
                closing="",
                document_number="",
                dated_on=None,
                version=pact.version,
                **given,
            ),
            partial(services.save_group, pact=pact, group=None, title="x", **given),
            partial(services.remove_group, pact=pact, group=group, **given),
            partial(
                services.save_commitment,
                pact=pact,
                group=group,
                commitment=row,
                text=CommitmentText("x"),
                **given,
            ),
            partial(services.remove_commitment, pact=pact, commitment=row, **given),
            partial(services.move_commitment, pact=pact, commitment=row, up=True, **given),
            partial(services.open_pact, pact=pact, version=pact.version, **given),
            partial(services.freeze_pact, pact=pact, version=pact.version, **given),
        ]
        for act in acts:
            with pytest.raises(PermissionDenied):
                act()


def test_save_commitment_changes_the_text_and_keeps_the_key(one):
    pact = draft(one)
    row = Commitment.objects.first()

    changed = services.save_commitment(
        pact=pact,
        group=row.group,
        commitment=row,
        text=measured("Hoàn thành 100% kế hoạch thanh tra", "99.5"),
        actor=one.lead_head,
        at=NOON,
    )

    assert (changed.pk, changed.key, changed.target) == (row.pk, row.key, Decimal("99.5"))
    assert Entry.objects.first().details["old"] == row.text


def test_save_commitment_moves_it_to_the_end_of_another_group(one):
    pact = draft(one)
    other = services.save_group(
        pact=pact, group=None, title="Phong trào", actor=one.lead_officer, at=NOON
    )
    add(one, pact, CommitmentText("Có sẵn"), other)
    row = Commitment.objects.get(text__startswith="Hoàn thành")

    services.save_commitment(
        pact=pact,
        group=other,
        commitment=row,
        text=measured(),
        actor=one.lead_officer,
        at=NOON,
    )

    assert [c.text for c in other.commitments.all()] == ["Có sẵn", "Hoàn thành kế hoạch thanh tra"]


@pytest.mark.parametrize("missing", ["indicator", "comparison", "target", "measure"])
def test_save_commitment_with_half_a_target_is_refused(one, missing):
    pact = draft(one)
    parts = {
        "indicator": indicator(),
        "comparison": "at_least",
        "target": Decimal(80),
        "measure": "%",
    }
    parts[missing] = None if missing in {"indicator", "target"} else ""

    with pytest.raises(RuleError, match="đủ bốn phần"):
        add(one, pact, CommitmentText("Cam kết", **parts))


@pytest.mark.parametrize("act", ["text", "group", "commitment"])
def test_R08_writing_over_what_another_wrote_is_refused(one, act):
    pact = draft(one)
    seen = pact.version - 1
    given = {"pact": pact, "actor": one.lead_head, "at": NOON, "version": seen}
    acts = {
        "text": partial(
            services.save_pact_text,
            title="x",
            preamble="",
            closing="",
            document_number="",
            dated_on=None,
        ),
        "group": partial(services.save_group, group=pact.groups.get(), title="x"),
        "commitment": partial(
            services.save_commitment,
            group=pact.groups.get(),
            commitment=Commitment.objects.first(),
            text=CommitmentText("x"),
        ),
    }
    before = content_of(pact)

    with pytest.raises(RuleError, match="Người khác vừa sửa"):
        acts[act](**given)

    assert content_of(pact) == before


def test_remove_group_with_commitments_is_refused(one):
    pact = draft(one)

    with pytest.raises(RuleError, match="còn cam kết"):
        services.remove_group(pact=pact, group=pact.groups.get(), actor=one.lead_officer, at=NOON)


def test_remove_group_that_is_empty(one):
    pact = draft(one)
    empty = services.save_group(
        pact=pact, group=None, title="Trống", actor=one.lead_officer, at=NOON
    )

    services.remove_group(pact=pact, group=empty, actor=one.lead_officer, at=NOON)

    assert pact.groups.count() == 1


def test_remove_commitment_that_was_commented_on_is_refused(one):
    pact = consulting(one)
    comment = say(one, pact)

    with pytest.raises(RuleError, match="đã có góp ý"):
        services.remove_commitment(
            pact=pact, commitment=comment.commitment, actor=one.lead_officer, at=NOON
        )


def test_move_commitment_and_no_further_than_the_end(one):
    pact = draft(one)
    first, second = texts(pact)
    row = Commitment.objects.get(text=first)

    for up, expected in (
        (True, [first, second]),
        (False, [second, first]),
        (False, [second, first]),
    ):
        services.move_commitment(pact=pact, commitment=row, up=up, actor=one.lead_officer, at=NOON)
        assert texts(pact) == expected


# --- Consulting ------------------------------------------------------------------------------
def test_open_pact_without_commitments_is_refused(one):
    pact = services.start_pact(year=one.year, title="Giao ước", actor=one.lead_officer, at=NOON)

    with pytest.raises(RuleError, match="chưa có cam kết nào"):
        services.open_pact(pact=pact, version=1, actor=one.lead_officer, at=NOON)


def test_open_pact_twice_is_refused(one):
    pact = consulting(one)

    with pytest.raises(RuleError, match="đã được gửi lấy ý kiến"):
        services.open_pact(pact=pact, version=pact.version, actor=one.lead_officer, at=NOON)


def test_comment_and_answer(one):
    pact = consulting(one)
    comment = say(one, pact)

    answered = services.answer(comment=comment, text="Đã bổ sung", actor=one.lead_head, at=NOON)
    services.answer(comment=comment, text="Sửa lại", actor=one.lead_officer, at=NOON)

    assert (answered.answer, answered.answered_by) == ("Đã bổ sung", one.lead_head)
    assert Entry.objects.first().details["old"] == "Đã bổ sung"


def test_comment_for_another_unit_is_refused(one, world):
    pact = consulting(one)

    for actor in (one.heads[2], one.lead_head, world.superior, world.two.lead_head):
        with pytest.raises(PermissionDenied):
            services.comment(
                commitment=Commitment.objects.first(),
                membership=one.memberships[1],
                text="x",
                actor=actor,
                at=NOON,
            )
    with pytest.raises(PermissionDenied):
        services.comment(
            commitment=Commitment.objects.filter(group__pact=pact).first(),
            membership=world.two.memberships[0],
            text="x",
            actor=world.two.lead_head,
            at=NOON,
        )


def test_comment_and_agree_outside_the_consultation_are_refused(one):
    pact = draft(one)

    with pytest.raises(RuleError, match="không trong thời gian lấy ý kiến"):
        say(one, pact)
    with pytest.raises(RuleError, match="không trong thời gian lấy ý kiến"):
        agree_all(one, pact)


def test_answer_by_a_member_is_refused(one):
    comment = say(one, consulting(one))

    with pytest.raises(PermissionDenied):
        services.answer(comment=comment, text="x", actor=one.heads[1], at=NOON)


def agree(one, pact, position=1, actor=None, content=None):
    return services.agree(
        pact=pact,
        membership=one.memberships[position],
        content=content or content_fingerprint(pact),
        actor=actor or one.heads[position],
        at=NOON,
    )


def test_agree_by_an_officer_or_for_another_unit_is_refused(one, world):
    pact = consulting(one)

    for actor in (one.officers[1], one.heads[2], one.lead_head, world.superior):
        with pytest.raises(PermissionDenied):
            agree(one, pact, actor=actor)

    assert not Agreement.objects.exists()


def test_agree_twice_is_refused(one):
    pact = consulting(one)
    agree(one, pact)

    with pytest.raises(RuleError, match="đã thống nhất với nội dung này"):
        agree(one, pact)


def test_agree_to_a_content_that_changed_meanwhile_is_refused(one):
    pact = consulting(one)
    seen = content_fingerprint(pact)
    add(one, pact, CommitmentText("Thêm lúc đang lấy ý kiến"))

    with pytest.raises(RuleError, match="vừa được sửa sau khi bạn mở trang"):
        agree(one, pact, content=seen)


# --- Freezing --------------------------------------------------------------------------------
def test_freeze_pact_keeps_fingerprint_paper_and_signing_places(one):
    pact = frozen(one)

    assert pact.state == PactVersion.State.FROZEN
    assert pact.fingerprint == fingerprint(content_of(pact))
    assert pact.signing.content_fingerprint == pact.fingerprint
    assert [place.signer_name for place in pact.signing.places.all()] == [
        "Trưởng An",
        "Trưởng Bình",
        "Trưởng Cường",
    ]
    assert storage.get(current_revision(pact.signing).file.sha256).startswith(b"%PDF-")


def test_freeze_pact_is_for_the_head_of_the_lead(one):
    pact = consulting(one)
    agree_all(one, pact)

    with pytest.raises(PermissionDenied):
        services.freeze_pact(pact=pact, version=pact.version, actor=one.lead_officer, at=NOON)


def test_freeze_pact_that_was_never_out_for_comment_is_refused(one):
    with pytest.raises(RuleError, match="phải qua lấy ý kiến"):
        freeze(one, draft(one))


def test_freeze_pact_with_open_comments_is_refused(one):
    pact = consulting(one)
    say(one, pact)
    agree_all(one, pact)

    with pytest.raises(RuleError, match="Còn 1 góp ý chưa trả lời"):
        freeze(one, pact)


def test_freeze_pact_names_who_has_not_agreed(one):
    pact = consulting(one)
    agree(one, pact)

    with pytest.raises(RuleError, match="An, Cường"):
        freeze(one, pact)


def test_freeze_pact_changed_after_agreement_needs_it_again(one):
    pact = consulting(one)
    agree_all(one, pact)
    add(one, pact, CommitmentText("Thêm sau khi thống nhất"))
    pact.refresh_from_db()

    with pytest.raises(RuleError, match="An, Bình, Cường"):
        freeze(one, pact)


def test_freeze_pact_another_version_than_the_one_read_is_refused(one):
    pact = consulting(one)
    agree_all(one, pact)

    with pytest.raises(RuleError, match="Người khác vừa sửa"):
        services.freeze_pact(pact=pact, version=pact.version - 1, actor=one.lead_head, at=NOON)


def test_freeze_pact_without_a_head_names_the_unit(one):
    pact = consulting(one)
    agree_all(one, pact)
    Assignment.objects.filter(user=one.heads[2]).delete()

    with pytest.raises(RuleError, match=r"Chưa có thủ trưởng .*: .*Cường"):
        freeze(one, pact)


def test_freeze_pact_again_closes_the_earlier_round_and_keeps_it(one):
    first = frozen(one)
    second = services.start_pact(
        year=one.year, title="Giao ước thi đua", actor=one.lead_officer, at=NOON
    )
    add(one, second, CommitmentText("Thêm cam kết"))
    second.refresh_from_db()
    second = services.open_pact(
        pact=second, version=second.version, actor=one.lead_officer, at=NOON
    )
    agree_all(one, second)
    second = freeze(one, second)

    first.signing.refresh_from_db()
    assert first.signing.is_closed
    assert not second.signing.is_closed
    assert first.fingerprint != second.fingerprint


# --- T03 -------------------------------------------------------------------------------------
def test_T03_no_service_changes_a_frozen_pact(one):
    pact = frozen(one)
    before = content_of(pact)

    for act in everything_on(one, pact):
        with pytest.raises(RuleError):
            act()

    assert content_of(pact) == before


def everything_on(one, pact):
    """Every act that writes to a pact, by people who may."""
    group = pact.groups.first()
    row = group.commitments.first()
    given = {"actor": one.lead_officer, "at": NOON}
    return [
        partial(
            services.save_pact_text,
            pact=pact,
            title="Khác",
            preamble="Khác",
            closing="Khác",
            document_number="1",
            dated_on=None,
            version=pact.version,
            **given,
        ),
        partial(services.save_group, pact=pact, group=None, title="Nhóm mới", **given),
        partial(services.save_group, pact=pact, group=group, title="Tên khác", **given),
        partial(services.remove_group, pact=pact, group=group, **given),
        partial(
            services.save_commitment,
            pact=pact,
            group=group,
            commitment=None,
            text=CommitmentText("Thêm"),
            **given,
        ),
        partial(
            services.save_commitment,
            pact=pact,
            group=group,
            commitment=row,
            text=CommitmentText("Khác"),
            **given,
        ),
        partial(services.remove_commitment, pact=pact, commitment=row, **given),
        partial(services.move_commitment, pact=pact, commitment=row, up=False, **given),
        partial(services.open_pact, pact=pact, version=pact.version, **given),
        partial(
            services.comment,
            commitment=row,
            membership=one.memberships[1],
            text="Muộn",
            actor=one.heads[1],
            at=NOON,
        ),
        partial(
            services.agree,
            pact=pact,
            membership=one.memberships[1],
            content=pact.fingerprint,
            actor=one.heads[1],
            at=NOON,
        ),
        partial(
            services.freeze_pact, pact=pact, version=pact.version, actor=one.lead_head, at=NOON
        ),
    ]


@pytest.mark.parametrize("seed", range(6))
def test_T03_random_calls_never_alter_what_is_frozen(one, seed):
    chance = random.Random(seed)
    pact = frozen(one)
    before, paper = content_of(pact), current_revision(pact.signing).file.sha256
    acts = everything_on(one, pact)
    acts.append(
        partial(
            services.start_pact,
            year=one.year,
            title="Giao ước thi đua",
            actor=one.lead_officer,
            at=NOON,
        )
    )

    for _ in range(25):
        with suppress(RuleError, Commitment.DoesNotExist, CommitmentGroup.DoesNotExist):
            chance.choice(acts)()

    pact.refresh_from_db()
    assert content_of(pact) == before
    assert fingerprint(before) == pact.fingerprint
    assert current_revision(pact.signing).file.sha256 == paper


def test_T03_the_database_itself_refuses_to_change_a_frozen_pact(one):
    pact = frozen(one)
    group = pact.groups.get()
    row = group.commitments.first()
    attempts = [
        partial(PactVersion.objects.filter(pk=pact.pk).update, title="Khác"),
        partial(PactVersion.objects.filter(pk=pact.pk).update, state="draft"),
        partial(CommitmentGroup.objects.filter(pk=group.pk).update, title="Khác"),
        partial(Commitment.objects.filter(pk=row.pk).update, text="Khác"),
        partial(Commitment.objects.filter(pk=row.pk).update, target=Decimal(1)),
        partial(Commitment.objects.filter(pk=row.pk)._raw_delete, "default"),
        partial(CommitmentGroup.objects.filter(pk=group.pk)._raw_delete, "default"),
        partial(PactVersion.objects.filter(pk=pact.pk)._raw_delete, "default"),
        partial(Commitment.objects.create, group=group, order=99, key="k", text="Chen vào"),
        partial(CommitmentGroup.objects.create, pact=pact, order=99, title="Chen vào"),
    ]

    for attempt in attempts:
        with pytest.raises(DatabaseError, match="đã chốt"), transaction.atomic():
            attempt()

    assert content_of(PactVersion.objects.get(pk=pact.pk)) == content_of(pact)


def test_T03_a_commitment_cannot_be_moved_into_a_frozen_pact(one):
    pact = frozen(one)
    second = services.start_pact(
        year=one.year, title="Giao ước thi đua", actor=one.lead_officer, at=NOON
    )
    row = Commitment.objects.filter(group__pact=second).first()

    with pytest.raises(DatabaseError), transaction.atomic():
        Commitment.objects.filter(pk=row.pk).update(group=pact.groups.get(), order=50)


def test_T03_nothing_is_said_or_agreed_on_a_frozen_pact(one):
    pact = frozen(one)
    row = pact.groups.get().commitments.first()
    agreement = pact.agreements.first()
    word = {
        "commitment": row,
        "membership": one.memberships[1],
        "text": "Thêm sau khi chốt",
        "written_by": one.heads[1],
        "written_at": NOON,
    }
    again = {
        "pact": pact,
        "membership": agreement.membership,
        "content": "0" * 64,
        "agreed_by": agreement.agreed_by,
        "agreed_at": NOON,
    }

    for attempt in (
        partial(Comment.objects.create, **word),
        partial(Agreement.objects.create, **again),
    ):
        with pytest.raises(DatabaseError, match="đã chốt"), transaction.atomic():
            attempt()


def test_T03_a_comment_is_not_moved_into_a_frozen_pact(one):
    pact = frozen(one)
    second = services.start_pact(
        year=one.year, title="Giao ước thi đua", actor=one.lead_officer, at=NOON
    )
    comment = Comment.objects.create(
        commitment=Commitment.objects.filter(group__pact=second).first(),
        membership=one.memberships[1],
        text="Góp ý",
        written_by=one.heads[1],
        written_at=NOON,
    )

    with pytest.raises(DatabaseError, match="đã chốt"), transaction.atomic():
        Comment.objects.filter(pk=comment.pk).update(
            commitment=pact.groups.get().commitments.first()
        )
