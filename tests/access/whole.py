"""A year of cluster one with one of everything, for tests that try every route on it."""

from dataclasses import dataclass, field, replace
from datetime import date, time, timedelta
from decimal import Decimal

from django_tasks_db.models import DBTaskResult

from tests.factories.world import NOON, World
from tests.reporting.own import FORM as OWN_FORM
from tests.reporting.own import draft as draft_own_forms
from tests.reporting.own import issued as issued_own_forms
from thidua.accounts.models import User
from thidua.documents import storage
from thidua.documents.models import (
    Revision,
    SignerCertificate,
    SigningPlace,
    SigningRound,
    StoredFile,
)
from thidua.movements.models import Goal, Launch
from thidua.notices.models import Delivery, JobFailure, Notice
from thidua.pacts.content import content_of
from thidua.pacts.models import Comment, Commitment, CommitmentGroup, PactVersion
from thidua.reporting.models import (
    Indicator,
    NarrativeAttachment,
    NarrativeSection,
    Report,
    ReportingPeriod,
)
from thidua.reporting.services.urging import change_urging_rule, urge_now
from thidua.rules.pacts import canonical_json
from thidua.rules.scoring import CriterionNode, Table
from thidua.rules.urging import shipped_rule
from thidua.scoring.models import (
    CriteriaSet,
    CriterionScore,
    Evidence,
    ScoreSheet,
    SectionAppraiser,
)
from thidua.scoring.services import issue_scale
from thidua.scoring.tables import store_table

TABLE = Table(
    title="Bảng điểm thử",
    scale=Decimal(10),
    nodes=(
        CriterionNode(
            code="1",
            title="Chuyên môn",
            maximum=Decimal(10),
            children=(
                CriterionNode(
                    code="1.1",
                    title="Kế hoạch",
                    maximum=Decimal(6),
                    has_bonus=True,
                    bonus_cap=Decimal(1),
                    bonus_guidance="Thưởng khi vượt",
                ),
                CriterionNode(code="1.2", title="Báo cáo", maximum=Decimal(4)),
            ),
        ),
    ),
    rules={
        "inputs": [{"key": "co", "label": "Cờ thi đua", "kind": "yes_no", "default": "no"}],
        "awards": [{"input": "co", "points": "10"}],
    },
)


@dataclass
class Whole:
    """The objects by the names that routes use; `actors` by the part they play."""

    world: World
    keys: dict[str, int | str] = field(default_factory=dict)
    actors: dict[str, User] = field(default_factory=dict)
    draft_sheet: ScoreSheet | None = None
    submitted_sheet: ScoreSheet | None = None


def make_whole(world: World) -> Whole:
    one = world.one
    whole = Whole(world)
    whole.actors = {
        "stranger": world.stranger,
        "other_head": world.two.heads[0],
        "other_officer": world.two.officers[1],
        "other_appraiser": world.two.appraiser,
        "lead_head": one.heads[0],
        "lead_officer": one.officers[0],
        "owner_head": one.heads[1],
        "owner_officer": one.officers[1],
        "neighbour_head": one.heads[2],
        "neighbour_officer": one.officers[2],
        "appraiser": one.appraiser,
        "superior": world.superior,
        "administrator": world.administrator,
    }
    whole.keys["year"] = one.year.pk
    launch = Launch.objects.create(
        year=one.year,
        plan_number="01/KH-CTĐ",
        plan_on=NOON.date(),
        slogan="Đoàn kết",
        theme="Kỷ cương",
    )
    Goal.objects.create(launch=launch, order=1, text="Hoàn thành kế hoạch")
    launch.published_at, launch.published_by = NOON, one.lead_head
    launch.save()
    _pact(whole)
    _certificate(whole)
    _points(whole)
    _reports(whole)
    _notices(whole)
    _own_forms(whole)
    _urging(whole)
    return whole


def _urging(whole: Whole) -> None:
    """The owner was urged by hand; the lead has set the steps of the year."""
    one = whole.world.one
    urge_now(
        period=ReportingPeriod.objects.get(pk=whole.keys["period"]),
        memberships=[one.memberships[1]],
        text="Đề nghị nộp báo cáo.",
        actor=one.lead_officer,
        at=NOON,
    )
    change_urging_rule(
        year=one.year,
        rule=replace(shipped_rule(), from_time=time(8)),
        reason="Cụm thống nhất",
        number=0,
        actor=one.lead_officer,
        at=NOON,
    )


def _own_forms(whole: Whole) -> None:
    """A version of own forms in force, and the draft of the next."""
    one = whole.world.one
    issued_own_forms(one, at=NOON)
    draft_own_forms(one, at=NOON)
    whole.keys["own_form"] = OWN_FORM


def _notices(whole: Whole) -> None:
    """The owner's officer has a notice, whose letter failed; a job was given up."""
    one = whole.world.one
    notice = Notice.objects.create(
        recipient=one.officers[1],
        kind="nhac",
        title="Báo cáo đến hạn",
        body="Còn 3 ngày",
        url="/",
        key="nhac",
        created_at=NOON,
        year=one.year,
    )
    letter = Delivery.objects.create(
        notice=notice,
        address="a@tinh.gov.vn",
        message_id="<1@tinh.gov.vn>",
        state="failed",
        next_try_at=NOON,
        last_error="Máy chủ thư từ chối kết nối.",
    )
    task = DBTaskResult.objects.create(
        status="FAILED",
        args_kwargs={"args": [], "kwargs": {}},
        task_path="thidua.notices.tidy.gone",
        backend_name="default",
        finished_at=NOON,
    )
    JobFailure.objects.create(task=task, number=3, at=NOON, reason="Hỏng.")
    whole.keys.update(notice=notice.pk, delivery=letter.pk, job=str(task.pk))


def _reports(whole: Whole) -> None:
    """A period with the owner's draft and the neighbour's report handed in."""
    one = whole.world.one
    period = ReportingPeriod.objects.create(
        year=one.year,
        code="q1",
        order=1,
        first_on=date(2025, 12, 15),
        last_on=date(2026, 3, 14),
        local_due_on=date(2026, 3, 17),
        due_on=date(2026, 3, 20),
        has_narrative=True,
    )
    draft, handed_in = (
        Report.objects.create(
            period=period,
            membership=membership,
            edition="TT06-2025",
            started_at=NOON,
            state=state,
            submitted_by=head if state == "submitted" else None,
            submitted_at=NOON if state == "submitted" else None,
        )
        for membership, head, state in (
            (one.memberships[1], one.heads[1], "draft"),
            (one.memberships[2], one.heads[2], "submitted"),
        )
    )
    whole.keys.update(
        period=period.pk,
        report=draft.pk,
        handed_in_report=handed_in.pk,
        report_member=draft.membership_id,
        report_form="ttr1",
        narrative_outline="mau01",
        report_attachment=_narrative(draft, one.officers[1]).pk,
    )


def _narrative(report: Report, officer: User) -> NarrativeAttachment:
    """A section written and a file beside it."""
    NarrativeSection.objects.create(
        report=report,
        outline_key="mau01",
        section_key="boi-canh",
        text="Tình hình chung",
        changed_by=officer,
        changed_at=NOON,
    )
    return NarrativeAttachment.objects.create(
        report=report,
        outline_key="mau01",
        section_key="boi-canh",
        file=stored(b"%PDF-1.7 kem theo", "kem-theo.pdf"),
        note="Danh mục kết luận",
        added_by=officer,
        added_at=NOON,
    )


def _pact(whole: Whole) -> None:
    year = whole.world.one.year
    indicator = Indicator.objects.create(key="thu-hoi", name="Tỷ lệ thu hồi", measure="%")
    for number in (1, 2):
        pact = PactVersion.objects.create(
            year=year,
            number=number,
            title="Giao ước",
            state=PactVersion.State.CONSULTING,
            opened_at=NOON,
        )
        group = CommitmentGroup.objects.create(pact=pact, order=1, title="Chuyên môn")
        commitment = Commitment.objects.create(
            group=group,
            order=1,
            key="a",
            text="Thu hồi",
            indicator=indicator,
            comparison="more_than",
            target=Decimal(70),
            measure="%",
        )
        if number == 1:
            pact.state = PactVersion.State.FROZEN
            pact.fingerprint = "f" * 64
            pact.canonical = canonical_json(content_of(pact)).decode()
            pact.frozen_at = NOON
            pact.signing = _round(whole)
            pact.save()
    comment = Comment.objects.create(
        commitment=commitment,
        membership=whole.world.one.memberships[1],
        text="Đề nghị làm rõ",
        written_by=whole.world.one.heads[1],
        written_at=NOON,
    )
    whole.keys.update(group=group.pk, commitment=commitment.pk, comment=comment.pk)


def _round(whole: Whole) -> SigningRound:
    one = whole.world.one
    signing = SigningRound.objects.create(
        year=one.year, title="Giao ước năm 2026", content_fingerprint="f" * 64, opened_at=NOON
    )
    for order, membership in enumerate(one.memberships, start=1):
        SigningPlace.objects.create(
            round=signing,
            organisation=membership.organisation,
            order=order,
            field_name=f"don-vi-{order:02}",
            post="Chánh Thanh tra",
            signer_name=one.heads[order - 1].full_name,
        )
    Revision.objects.create(
        round=signing, number=0, file=stored(b"%PDF-1.7 trong", "giao-uoc.pdf"), received_at=NOON
    )
    whole.keys.update(signing=signing.pk, token=signing.token)
    return signing


def stored(data: bytes, name: str) -> StoredFile:
    return StoredFile.objects.create(
        sha256=storage.put(data),
        size=len(data),
        name=name,
        media_type="application/pdf",
        received_at=NOON,
    )


def _certificate(whole: Whole) -> None:
    one = whole.world.one
    certificate = SignerCertificate.objects.create(
        holder=one.heads[1],
        organisation=one.memberships[1].organisation,
        subject="Trưởng Bình",
        issuer="CA",
        serial="01",
        fingerprint="c" * 64,
        der=b"der",
        valid_from=NOON,
        valid_to=NOON + timedelta(days=900),
        registered_by=whole.world.superior,
        registered_at=NOON,
    )
    whole.keys["certificate"] = certificate.pk


def _points(whole: Whole) -> None:
    one = whole.world.one
    for _ in range(2):
        number = CriteriaSet.objects.filter(year=one.year).count() + 1
        criteria_set = CriteriaSet(
            year=one.year, number=number, imported_by=one.lead_officer, imported_at=NOON
        )
        store_table(criteria_set, TABLE)
        if number == 1:
            section = criteria_set.criteria.get(path="1")
            SectionAppraiser.objects.create(criterion=section, user=one.appraiser)
            issue_scale(criteria_set=criteria_set, actor=one.lead_head, at=NOON)
            _sheets(whole, criteria_set)
            whole.keys["section"] = section.pk


def _sheets(whole: Whole, criteria_set: CriteriaSet) -> None:
    """The second member's sheet is a draft with evidence; the third's is submitted."""
    sheets = list(criteria_set.sheets.all())
    draft, submitted = sheets[1], sheets[2]
    score = draft.scores.first()
    evidence = Evidence.objects.create(
        score=score,
        file=stored(b"%PDF-1.7 minh chung", "minh-chung.pdf"),
        added_by=whole.world.one.officers[1],
        added_at=NOON,
    )
    CriterionScore.objects.filter(sheet=submitted).update(
        base=Decimal(1),
        appraised_base=Decimal(0),
        reason="Chưa có minh chứng",
        appraised_by=whole.world.one.appraiser,
        appraised_at=NOON,
    )
    submitted.state = ScoreSheet.State.SUBMITTED
    submitted.submitted_at = NOON
    submitted.self_score = Decimal(2)
    submitted.save()
    whole.draft_sheet, whole.submitted_sheet = draft, submitted
    whole.keys.update(
        draft=draft.pk,
        score=score.pk,
        evidence=evidence.pk,
        submitted=submitted.pk,
        submitted_score=submitted.scores.first().pk,
    )
