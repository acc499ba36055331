"""The pact from draft to the frozen version that is signed."""

import uuid
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import F, Max
from django.utils import timezone

from thidua.accounts.models import User
from thidua.audit.models import Action
from thidua.audit.services import record
from thidua.documents.models import new_token
from thidua.documents.rendering import pact_pdf
from thidua.documents.services import open_signing_round
from thidua.documents.signing.fields import add_signature_fields
from thidua.organisations.models import Assignment, EmulationYear, Membership, valid_on
from thidua.pacts.content import content_fingerprint, content_of, groups_of
from thidua.pacts.documents import pact_document, signing_places
from thidua.pacts.models import (
    Agreement,
    Comment,
    Commitment,
    CommitmentGroup,
    PactVersion,
)
from thidua.pacts.permissions import can_agree, can_comment, can_draft_pact, can_freeze_pact
from thidua.reporting.models import Indicator
from thidua.rules.errors import RuleError
from thidua.rules.pacts import canonical_json, fingerprint

State = PactVersion.State
FROZEN = "Giao ước đã chốt nên không sửa được. Muốn thay đổi, hãy lập phiên bản mới."
STALE = (
    "Người khác vừa sửa giao ước nên việc bạn vừa làm chưa được ghi nhận. "
    "Hãy xem bản đang lưu rồi làm lại."
)


def _locked(pact: PactVersion, actor: User, version: int | None = None) -> PactVersion:
    """The version's row locked, for an act of the lead on a pact that may still change."""
    pact = PactVersion.objects.select_for_update(of=("self",)).get(pk=pact.pk)
    if not can_draft_pact(actor, pact.year):
        raise PermissionDenied
    if pact.state == State.FROZEN:
        raise RuleError(FROZEN)
    if version is not None and version != pact.version:
        raise RuleError(STALE)
    return pact


def _touch(pact: PactVersion, actor: User, at: datetime, what: str, **details: Any) -> None:
    pact.version += 1
    pact.save(update_fields=["version"])
    record(actor, Action.PACT_DRAFTED, pact, at=at, what=what, **details)


@transaction.atomic
def start_pact(*, year: EmulationYear, title: str, actor: User, at: datetime) -> PactVersion:
    """The first version, or the next one as a copy of the frozen one: a new round of comments."""
    if not can_draft_pact(actor, year):
        raise PermissionDenied
    year = EmulationYear.objects.select_for_update(of=("self",)).get(pk=year.pk)
    last = year.pact_versions.order_by("-number").first()
    if last is not None and last.state != State.FROZEN:
        raise RuleError("Đang có một phiên bản chưa chốt. Hãy làm tiếp trên phiên bản đó.")
    pact = PactVersion.objects.create(
        year=year,
        number=last.number + 1 if last else 1,
        title=title,
        preamble=last.preamble if last else "",
        closing=last.closing if last else "",
    )
    if last is not None:
        _copy_commitments(last, pact)
    action = Action.PACT_VERSION_STARTED if last else Action.PACT_DRAFTED
    record(actor, action, pact, at=at)
    return pact


def _copy_commitments(old: PactVersion, new: PactVersion) -> None:
    for group in groups_of(old):
        copied = CommitmentGroup.objects.create(pact=new, order=group.order, title=group.title)
        Commitment.objects.bulk_create(
            Commitment(
                group=copied,
                order=row.order,
                key=row.key,
                text=row.text,
                indicator=row.indicator,
                comparison=row.comparison,
                target=row.target,
                measure=row.measure,
            )
            for row in group.commitments.all()
        )


@transaction.atomic
def save_pact_text(
    *,
    pact: PactVersion,
    title: str,
    preamble: str,
    closing: str,
    document_number: str,
    dated_on: date | None,
    version: int,
    actor: User,
    at: datetime,
) -> PactVersion:
    """Keep title, opening, closing, number and date."""
    pact = _locked(pact, actor, version)
    pact.title, pact.preamble, pact.closing = title, preamble, closing
    pact.document_number, pact.dated_on = document_number, dated_on
    pact.save(update_fields=["title", "preamble", "closing", "document_number", "dated_on"])
    _touch(pact, actor, at, "Lời mở đầu và kết")
    return pact


@transaction.atomic
def save_group(
    *,
    pact: PactVersion,
    group: CommitmentGroup | None,
    title: str,
    actor: User,
    at: datetime,
    version: int | None = None,
) -> CommitmentGroup:
    """Add a group at the end, or rename one. `version` is the one the person saw."""
    pact = _locked(pact, actor, version)
    if group is None:
        last = pact.groups.aggregate(last=Max("order"))["last"] or 0
        group = CommitmentGroup.objects.create(pact=pact, order=last + 1, title=title)
        _touch(pact, actor, at, "Thêm nhóm cam kết", new=title)
        return group
    group = pact.groups.get(pk=group.pk)
    old, group.title = group.title, title
    group.save(update_fields=["title"])
    _touch(pact, actor, at, "Đổi tên nhóm cam kết", old=old, new=title)
    return group


@transaction.atomic
def remove_group(*, pact: PactVersion, group: CommitmentGroup, actor: User, at: datetime) -> None:
    """Take out an empty group."""
    pact = _locked(pact, actor)
    group = pact.groups.get(pk=group.pk)
    if group.commitments.exists():
        raise RuleError("Nhóm này còn cam kết. Hãy bỏ hoặc chuyển các cam kết trước.")
    title = group.title
    group.delete()
    _touch(pact, actor, at, "Bỏ nhóm cam kết", old=title)


@dataclass(frozen=True)
class CommitmentText:
    """What the lead types for one commitment; all four target parts or none."""

    text: str
    indicator: Indicator | None = None
    comparison: str = ""
    target: Decimal | None = None
    measure: str = ""


@transaction.atomic
def save_commitment(
    *,
    pact: PactVersion,
    group: CommitmentGroup,
    commitment: Commitment | None,
    text: CommitmentText,
    actor: User,
    at: datetime,
    version: int | None = None,
) -> Commitment:
    """Add a commitment at the end of its group, or change one; its key stays.

    `version` is the one the person saw: what another wrote meanwhile is not overwritten.
    """
    pact = _locked(pact, actor, version)
    group = pact.groups.get(pk=group.pk)
    old = ""
    if commitment is None:
        last = group.commitments.aggregate(last=Max("order"))["last"] or 0
        commitment = Commitment(group=group, order=last + 1, key=uuid.uuid4().hex)
    else:
        commitment = Commitment.objects.get(pk=commitment.pk, group__pact=pact)
        old = commitment.text
        if commitment.group_id != group.pk:
            last = group.commitments.aggregate(last=Max("order"))["last"] or 0
            commitment.group, commitment.order = group, last + 1
    _check_target(text)
    commitment.text = text.text
    commitment.indicator = text.indicator
    commitment.comparison = text.comparison
    commitment.target = text.target
    commitment.measure = text.measure
    commitment.save()
    _touch(pact, actor, at, "Sửa cam kết" if old else "Thêm cam kết", old=old, new=text.text)
    return commitment


def _check_target(text: CommitmentText) -> None:
    parts = [
        text.indicator is not None,
        bool(text.comparison),
        text.target is not None,
        bool(text.measure),
    ]
    if any(parts) and not all(parts):
        raise RuleError(
            "Cam kết đo được cần đủ bốn phần: chỉ tiêu, cách so sánh, mức phấn đấu và đơn vị tính. "
            "Hãy điền đủ, hoặc để trống cả bốn nếu là cam kết bằng lời."
        )


@transaction.atomic
def remove_commitment(
    *, pact: PactVersion, commitment: Commitment, actor: User, at: datetime
) -> None:
    """Take out a commitment that nobody has commented on."""
    pact = _locked(pact, actor)
    commitment = Commitment.objects.get(pk=commitment.pk, group__pact=pact)
    if commitment.comments.exists():
        raise RuleError(
            "Cam kết này đã có góp ý nên không bỏ được. Hãy trả lời góp ý và sửa nội dung cam kết."
        )
    text = commitment.text
    commitment.delete()
    _touch(pact, actor, at, "Bỏ cam kết", old=text)


@transaction.atomic
def move_commitment(
    *, pact: PactVersion, commitment: Commitment, up: bool, actor: User, at: datetime
) -> None:
    """One place up or down within its group."""
    pact = _locked(pact, actor)
    commitment = Commitment.objects.get(pk=commitment.pk, group__pact=pact)
    rows = list(commitment.group.commitments.all())
    here = rows.index(commitment)
    there = here - 1 if up else here + 1
    if not 0 <= there < len(rows):
        return
    other = rows[there]
    mine, theirs = commitment.order, other.order
    # A spare number first: two rows may not stand at one place, even for a moment.
    spare = max(row.order for row in rows) + 1
    for row, order in ((commitment, spare), (other, mine), (commitment, theirs)):
        row.order = order
        row.save(update_fields=["order"])
    _touch(pact, actor, at, "Đổi thứ tự cam kết", new=commitment.text)


@transaction.atomic
def open_pact(*, pact: PactVersion, version: int, actor: User, at: datetime) -> PactVersion:
    """Send the draft to the members for comments."""
    pact = _locked(pact, actor, version)
    if pact.state != State.DRAFT:
        raise RuleError("Giao ước này đã được gửi lấy ý kiến.")
    if not Commitment.objects.filter(group__pact=pact).exists():
        raise RuleError("Giao ước chưa có cam kết nào. Hãy thêm cam kết trước khi lấy ý kiến.")
    pact.state = State.CONSULTING
    pact.opened_at = at
    pact.version += 1
    pact.save(update_fields=["state", "opened_at", "version"])
    record(actor, Action.PACT_OPENED, pact, at=at, fingerprint=content_fingerprint(pact))
    return pact


def _consulting(pact: PactVersion) -> PactVersion:
    pact = PactVersion.objects.select_for_update(of=("self",)).get(pk=pact.pk)
    if pact.state != State.CONSULTING:
        raise RuleError("Giao ước hiện không trong thời gian lấy ý kiến.")
    return pact


@transaction.atomic
def comment(
    *, commitment: Commitment, membership: Membership, text: str, actor: User, at: datetime
) -> Comment:
    """A member's word on one commitment."""
    pact = commitment.group.pact
    if not can_comment(actor, pact, membership):
        raise PermissionDenied
    pact = _consulting(pact)
    written = Comment.objects.create(
        commitment=commitment,
        membership=membership,
        text=text,
        written_by=actor,
        written_at=at,
    )
    record(
        actor,
        Action.PACT_COMMENTED,
        pact,
        at=at,
        organisation=str(membership.organisation),
        commitment=commitment.text,
        text=text,
    )
    return written


@transaction.atomic
def answer(*, comment: Comment, text: str, actor: User, at: datetime) -> Comment:
    """The lead's answer; one that was given is replaced, the journal keeps both."""
    pact = comment.commitment.group.pact
    if not can_draft_pact(actor, pact.year):
        raise PermissionDenied
    pact = _consulting(pact)
    comment = Comment.objects.select_for_update(of=("self",)).get(pk=comment.pk)
    old = comment.answer
    comment.answer, comment.answered_by, comment.answered_at = text, actor, at
    comment.save(update_fields=["answer", "answered_by", "answered_at"])
    record(actor, Action.PACT_ANSWERED, pact, at=at, question=comment.text, old=old, new=text)
    return comment


@transaction.atomic
def agree(
    *, pact: PactVersion, membership: Membership, content: str, actor: User, at: datetime
) -> Agreement:
    """The head agrees to the pact as it stood on the page (`content` is its fingerprint)."""
    if not can_agree(actor, pact, membership):
        raise PermissionDenied
    pact = _consulting(pact)
    if content != content_fingerprint(pact):
        raise RuleError(
            "Giao ước vừa được sửa sau khi bạn mở trang. Hãy tải lại trang, đọc bản mới "
            "rồi mới thống nhất."
        )
    if pact.agreements.filter(membership=membership, content=content).exists():
        raise RuleError("Đơn vị đã thống nhất với nội dung này.")
    agreement = Agreement.objects.create(
        pact=pact, membership=membership, content=content, agreed_by=actor, agreed_at=at
    )
    record(
        actor,
        Action.PACT_AGREED,
        pact,
        at=at,
        organisation=str(membership.organisation),
        fingerprint=content,
    )
    return agreement


def heads_of(year: EmulationYear) -> list[tuple[Membership, str, str]]:
    """(membership, post, full name) of each member's head today, in the order of the members.

    Raises RuleError naming the units without a head.
    """
    memberships = list(year.memberships.select_related("organisation"))
    heads = {
        row.organisation_id: row
        for row in Assignment.objects.filter(
            valid_on(timezone.localdate()),
            role=Assignment.Role.HEAD,
            organisation__in=[m.organisation_id for m in memberships],
        ).select_related("user")
    }
    missing = [m.organisation.full_name for m in memberships if m.organisation_id not in heads]
    if missing:
        raise RuleError(
            "Chưa có thủ trưởng trong danh sách vai trò: "
            + "; ".join(missing)
            + ". Hãy nhờ người quản trị giao vai trò trước khi chốt."
        )
    return [
        (m, heads[m.organisation_id].post, heads[m.organisation_id].user.full_name)
        for m in memberships
    ]


@transaction.atomic
def freeze_pact(*, pact: PactVersion, version: int, actor: User, at: datetime) -> PactVersion:
    """Freeze under the fingerprint, make the PDF with its signature fields, open the signing.

    Refused while a comment has no answer or a member has not agreed to the present content.
    """
    pact = _locked(pact, actor, version)
    if not can_freeze_pact(actor, pact):
        raise PermissionDenied
    if pact.state != State.CONSULTING:
        raise RuleError("Giao ước phải qua lấy ý kiến trước khi chốt.")
    # Choosing members locks the same row: who must agree is who is bound.
    EmulationYear.objects.select_for_update(of=("self",)).get(pk=pact.year_id)
    _check_consultation(pact)
    value = content_of(pact)
    content = fingerprint(value)
    places = signing_places(heads_of(pact.year))
    token = new_token()
    rendered = pact_pdf(
        pact_document(pact, places=places, fingerprint=content, token=token, demo=settings.DEMO)
    )
    _close_earlier_rounds(pact)
    pact.signing = open_signing_round(
        year=pact.year,
        title=f"{pact.title} năm {pact.year.year} (phiên bản {pact.number})",
        token=token,
        pdf=add_signature_fields(rendered.pdf, rendered.boxes),
        content_fingerprint=content,
        places=places,
        at=at,
        actor=actor,
    )
    pact.state = State.FROZEN
    pact.fingerprint = content
    pact.canonical = canonical_json(value).decode()
    pact.frozen_at = at
    pact.frozen_by = actor
    pact.version = F("version") + 1
    pact.save()
    pact.refresh_from_db()
    record(actor, Action.PACT_FROZEN, pact, at=at, fingerprint=content, number=pact.number)
    return pact


def _check_consultation(pact: PactVersion) -> None:
    open_comments = Comment.objects.filter(commitment__group__pact=pact, answered_at=None).count()
    if open_comments:
        raise RuleError(f"Còn {open_comments} góp ý chưa trả lời. Hãy trả lời trước khi chốt.")
    content = content_fingerprint(pact)
    agreed = set(pact.agreements.filter(content=content).values_list("membership", flat=True))
    waiting = [
        membership.organisation.short_name
        for membership in pact.year.memberships.select_related("organisation")
        if membership.pk not in agreed
    ]
    if waiting:
        raise RuleError(
            "Chưa thống nhất với nội dung hiện tại: " + ", ".join(waiting) + ". "
            "Mọi đơn vị phải thống nhất trước khi chốt."
        )


def _close_earlier_rounds(pact: PactVersion) -> None:
    """What was signed on an earlier version stays; it takes no more signatures."""
    for earlier in pact.year.pact_versions.exclude(signing=None).select_related("signing"):
        signing = earlier.signing
        if signing is not None and not signing.is_closed:
            signing.is_closed = True
            signing.save(update_fields=["is_closed"])
