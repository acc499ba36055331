"""What the lead sets for one unit: targets, sizes, criteria not assigned, ranking group."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone

from thidua.accounts.models import User
from thidua.audit.models import Action
from thidua.audit.services import record
from thidua.organisations.models import Membership
from thidua.rules.errors import RuleError
from thidua.rules.scoring import plain, vietnamese
from thidua.scoring.models import CriteriaSet, ScoreSheet, UnitTerms
from thidua.scoring.permissions import can_set_terms
from thidua.scoring.queries.terms import Settable, settable
from thidua.scoring.services.progress import count_scored
from thidua.scoring.services.ties import refuse_superseded_table
from thidua.scoring.tables import to_table

GROUP_LIMIT = 100


class StaleTerms(RuleError):
    """Somebody changed the same terms meanwhile; `current` holds what is stored now (R08)."""

    def __init__(self, current: UnitTerms) -> None:
        self.current = current
        when = timezone.localtime(current.changed_at) if current.changed_at else None
        at = f" lúc {when:%H:%M %d/%m/%Y}" if when else ""
        super().__init__(
            f"{current.changed_by or 'Người khác'} vừa sửa thông số của đơn vị này{at}. Nội dung bạn "
            "nhập chưa được lưu; hãy xem bản đang lưu ghi bên dưới rồi lưu lại nếu vẫn cần."
        )


@dataclass(frozen=True)
class Terms:
    """What is to hold for one unit; targets in the measure of their inputs."""

    targets: Mapping[str, Decimal] = field(default_factory=dict)
    not_assigned: frozenset[str] = frozenset()
    tiers: Mapping[str, str] = field(default_factory=dict)
    group: str = ""


@transaction.atomic
def set_terms(
    *,
    criteria_set: CriteriaSet,
    member: Membership,
    terms: Terms,
    version: int,
    actor: User,
    at: datetime,
) -> UnitTerms:
    """Store what holds for a unit until it hands in its sheet.

    `version` is the one the person saw, 0 where nothing was set. The same content sent again is
    answered like the first time (R11). Raises StaleTerms when somebody saved meanwhile, RuleError
    for a value the table does not know or after the sheet was handed in.
    """
    # One lock for the whole table: rows may not exist yet.
    criteria_set = (
        CriteriaSet.objects.select_for_update(of=("self",))
        .select_related("year__cluster")
        .get(pk=criteria_set.pk)
    )
    if member.year_id != criteria_set.year_id or not can_set_terms(actor, criteria_set.year):
        raise PermissionDenied
    refuse_superseded_table(criteria_set)
    sheet = _open_sheet_of(criteria_set, member)
    stored = criteria_set.unit_terms.select_related("changed_by").filter(membership=member).first()
    found = settable(to_table(criteria_set))
    wanted = _stored_form(terms)
    known = stored.version if stored else 0
    if stored and _content(stored) == wanted and version in {known, known - 1}:
        return stored
    if version != known:
        nothing = UnitTerms(criteria_set=criteria_set, membership=member, version=0)
        raise StaleTerms(stored or nothing)
    _refuse(found, terms)
    kept = stored or UnitTerms(criteria_set=criteria_set, membership=member)
    old = in_words(found, _content(kept))
    for name, value in wanted.items():
        setattr(kept, name, value)
    kept.version = known + 1
    kept.changed_by, kept.changed_at = actor, at
    kept.save()
    if sheet is not None:
        count_scored(sheet)
    record(
        actor,
        Action.TERMS_SET,
        kept,
        at=at,
        year=criteria_set.year_id,
        old=old,
        new=in_words(found, wanted),
    )
    return kept


def _stored_form(terms: Terms) -> dict[str, Any]:
    return {
        "targets": {key: plain(value) for key, value in sorted(terms.targets.items())},
        "not_assigned": sorted(terms.not_assigned),
        "tiers": dict(sorted(terms.tiers.items())),
        "group": terms.group.strip(),
    }


def _content(stored: UnitTerms) -> dict[str, Any]:
    return {
        "targets": stored.targets,
        "not_assigned": sorted(stored.not_assigned),
        "tiers": stored.tiers,
        "group": stored.group,
    }


def in_words(found: Settable, content: Mapping[str, Any]) -> dict[str, str]:
    """Terms as the journal and people read them: label and value."""
    labels = {each.key: each.label for each in found.targets}
    said = {
        f"Mục tiêu {labels.get(key, key)}": vietnamese(Decimal(text))
        for key, text in content["targets"].items()
    }
    said |= {f"Cỡ theo {name}": tier for name, tier in content["tiers"].items()}
    if content["not_assigned"]:
        said["Không giao"] = ", ".join(content["not_assigned"])
    if content["group"]:
        said["Nhóm xếp hạng"] = content["group"]
    return said


def _open_sheet_of(criteria_set: CriteriaSet, member: Membership) -> ScoreSheet | None:
    """The member's sheet, locked too: it may be handed in at this moment, and then is refused."""
    sheet = (
        ScoreSheet.objects.select_for_update(of=("self",))
        .select_related("criteria_set", "membership__year")
        .filter(criteria_set=criteria_set, membership=member)
        .first()
    )
    if sheet is not None and sheet.state != ScoreSheet.State.DRAFT:
        raise RuleError(
            "Đơn vị này đã nộp bảng tự chấm nên thông số không thay đổi được nữa. Nếu cần sửa, hãy "
            "trả lại bảng tự chấm cho đơn vị trước."
        )
    return sheet


def _refuse(found: Settable, terms: Terms) -> None:
    labels = {each.key: each.label for each in found.targets}
    for key, target in terms.targets.items():
        if key not in labels:
            raise RuleError(f"Bảng điểm không có mục tiêu nào cho số liệu “{key}”.")
        if target <= 0:
            raise RuleError(
                f"Mục tiêu “{labels[key]}” phải lớn hơn 0; để trống nếu đơn vị không có mục tiêu."
            )
    for name, tier in terms.tiers.items():
        if tier not in found.tiers.get(name, ()):
            raise RuleError(f"Bảng điểm không có cỡ “{tier}” theo “{name}”.")
    for path in terms.not_assigned:
        if path not in found.exempt:
            raise RuleError(
                f"Bảng điểm không quy định cách tính khi không giao tiêu chí {path} nên không đánh dấu "
                "được."
            )
    if len(terms.group.strip()) > GROUP_LIMIT:
        raise RuleError(f"Tên nhóm xếp hạng dài quá {GROUP_LIMIT} ký tự.")
