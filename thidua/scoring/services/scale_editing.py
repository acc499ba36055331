"""A points table written on screen: a new draft, and each change of one."""

from collections.abc import Iterator, Sequence
from datetime import datetime

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from thidua.accounts.models import User
from thidua.audit.models import Action
from thidua.audit.services import record
from thidua.organisations.models import EmulationYear
from thidua.rules.errors import RuleError
from thidua.rules.scoring import Table, fingerprint
from thidua.rules.scoring.lint import NODE_LENGTHS, PATH_LENGTH, TABLE_LENGTHS
from thidua.scoring.models import CriteriaSet
from thidua.scoring.permissions import can_edit_scale
from thidua.scoring.scale_changes import changes_in_words
from thidua.scoring.tables import store_table, to_table

ISSUED = (
    "Bảng điểm này đã ban hành nên không sửa được nữa. Hãy soạn phiên bản mới chép từ bảng này."
)


class StaleScale(RuleError):
    """Somebody changed the draft meanwhile; nothing was written (R08)."""

    def __init__(self, current: CriteriaSet) -> None:
        self.current = current
        who = current.changed_by or "Người khác"
        when = timezone.localtime(current.changed_at) if current.changed_at else None
        at = f" lúc {when:%H:%M %d/%m/%Y}" if when else ""
        super().__init__(
            f"{who} vừa sửa dự thảo này{at}. Nội dung bạn nhập chưa được lưu và không đè lên bản "
            "mới; hãy mở lại trang, xem bản mới rồi sửa tiếp."
        )


@transaction.atomic
def draft_scale(
    *, year: EmulationYear, table: Table, origin: str, actor: User, at: datetime
) -> CriteriaSet:
    """A new draft version holding `table`; `origin` says in words where it was taken from."""
    criteria_set = add_version(year=year, table=table, warnings=(), actor=actor, at=at)
    record(
        actor,
        Action.SCALE_DRAFTED,
        criteria_set,
        at=at,
        origin=origin,
        fingerprint=criteria_set.fingerprint,
    )
    return criteria_set


def add_version(
    *, year: EmulationYear, table: Table, warnings: Sequence[str], actor: User, at: datetime
) -> CriteriaSet:
    """The next version of the year as a draft; inside the transaction of who records it."""
    if not can_edit_scale(actor, year):
        raise PermissionDenied
    refuse_unstorable(table)
    year = EmulationYear.objects.select_for_update(of=("self",)).get(pk=year.pk)
    last = year.criteria_sets.aggregate(last=Max("number"))["last"] or 0
    criteria_set = CriteriaSet(
        year=year, number=last + 1, imported_by=actor, imported_at=at, warnings=list(warnings)
    )
    store_table(criteria_set, table)
    criteria_set.authors.add(actor)
    return criteria_set


@transaction.atomic
def save_scale(
    *, criteria_set: CriteriaSet, table: Table, version: int, actor: User, at: datetime
) -> tuple[str, ...]:
    """Put `table` in the place of what the draft holds; the changes in words, none when equal.

    `version` is the one on the page: StaleScale when somebody saved since (R08). RuleError when
    the version is issued (T03) or a text is longer than can be kept.
    """
    criteria_set = (
        CriteriaSet.objects.select_for_update(of=("self",))
        .select_related("year", "changed_by")
        .get(pk=criteria_set.pk)
    )
    if not can_edit_scale(actor, criteria_set.year):
        raise PermissionDenied
    if criteria_set.state == CriteriaSet.State.ISSUED:
        raise RuleError(ISSUED)
    if criteria_set.version != version:
        raise StaleScale(criteria_set)
    if fingerprint(table) == criteria_set.fingerprint:
        return ()
    refuse_unstorable(table)
    changes = changes_in_words(to_table(criteria_set), table)
    _replace(criteria_set, table, actor, at)
    record(
        actor,
        Action.SCALE_CHANGED,
        criteria_set,
        at=at,
        version=criteria_set.version,
        changes=list(changes),
        fingerprint=criteria_set.fingerprint,
    )
    return changes


def _replace(criteria_set: CriteriaSet, table: Table, actor: User, at: datetime) -> None:
    """The caller holds the lock on the row, so no change is lost (R10)."""
    criteria_set.version += 1
    criteria_set.changed_by = actor
    criteria_set.changed_at = at
    # They spoke of cells of the file that was imported; what is wrong now is looked up anew.
    criteria_set.warnings = []
    criteria_set.criteria.all().delete()
    store_table(criteria_set, table)
    criteria_set.authors.add(actor)


def refuse_unstorable(table: Table) -> None:
    """RuleError naming the first text that is longer than the database keeps."""
    for sentence in _too_long(table):
        raise RuleError(sentence)


def _too_long(table: Table) -> Iterator[str]:
    for name, limit in TABLE_LENGTHS.items():
        if len(getattr(table, name)) > limit:
            yield f"Thông tin chung của bảng có nội dung dài quá {limit} ký tự. Hãy rút gọn."
    for node in table.walk():
        for name, limit in NODE_LENGTHS.items():
            if len(getattr(node, name)) > limit:
                yield (f"Tiêu chí {node.code[:40]} có nội dung dài quá {limit} ký tự. Hãy rút gọn.")
        if len(node.path) > PATH_LENGTH:
            yield (
                f"Các mã từ gốc tới tiêu chí {node.code[:40]} dài quá {PATH_LENGTH} ký tự. "
                "Hãy dùng mã ngắn hơn."
            )
