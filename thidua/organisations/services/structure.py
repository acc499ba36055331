"""Organisations through time and clusters: what comes into being, ends, follows."""

import unicodedata
from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta

from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.utils import timezone

from thidua.accounts.models import User
from thidua.audit.models import Action
from thidua.audit.services import record
from thidua.organisations.models import Cluster, Organisation, Succession
from thidua.organisations.permissions import can_keep_structure
from thidua.rules.errors import RuleError


@transaction.atomic
def add_organisation(
    *,
    kind: Organisation.Kind,
    full_name: str,
    short_name: str,
    abbreviation: str = "",
    governing_body: str = "",
    parent: Organisation | None = None,
    place: str = "",
    valid_from: date,
    source: str = "",
    actor: User,
    at: datetime,
) -> Organisation:
    """A new organisation from a day on; refused while another one bears the full name."""
    if not can_keep_structure(actor):
        raise PermissionDenied
    if kind == Organisation.Kind.DEPARTMENT and parent is None:
        raise RuleError(f"Loại “{kind.label}” cần cơ quan cấp trên: hãy chọn cơ quan ấy.")
    if parent is not None:
        (parent,) = _lock([parent])
        if not parent.exists_on(valid_from):
            raise RuleError(
                f"Cơ quan cấp trên “{parent}” không tồn tại vào ngày {valid_from:%d/%m/%Y}."
            )
    _check_name_is_free(full_name, valid_from)
    try:
        with transaction.atomic():
            added = Organisation.objects.create(
                kind=kind,
                full_name=full_name,
                short_name=short_name,
                abbreviation=abbreviation,
                governing_body=governing_body,
                parent=parent,
                place=place,
                valid_from=valid_from,
                source=source,
            )
    except IntegrityError:
        # Somebody added it between the question and this line.
        raise RuleError(_taken(full_name, valid_from)) from None
    record(
        actor,
        Action.ORGANISATION_ADDED,
        added,
        at=at,
        kind=kind.label,
        parent=str(parent) if parent else None,
        valid_from=valid_from.isoformat(),
        source=source,
    )
    return added


def _check_name_is_free(full_name: str, valid_from: date) -> None:
    """Nobody bears the name on the first day or later: two of one name never live together."""
    wanted = _same(full_name)
    for other in Organisation.objects.exclude(valid_to__lt=valid_from):
        if _same(other.full_name) != wanted:
            continue
        if other.valid_from >= valid_from:
            raise RuleError(_taken(full_name, other.valid_from))
        raise RuleError(
            f"“{other}” đang có trong danh mục từ ngày {other.valid_from:%d/%m/%Y}. Nếu đơn vị mới "
            "giữ nguyên tên cũ, hãy ghi ngày kết thúc của đơn vị cũ trước."
        )


def _same(name: str) -> str:
    """One spelling of names that look alike: capitals, and tones typed as letters of their own."""
    return unicodedata.normalize("NFC", name).casefold()


def _taken(full_name: str, valid_from: date) -> str:
    return f"“{full_name}” từ ngày {valid_from:%d/%m/%Y} đã có trong danh mục."


@transaction.atomic
def end_organisation(
    *, organisation: Organisation, last_day: date, actor: User, at: datetime
) -> None:
    """The organisation exists until the end of `last_day`; years and roles keep its name."""
    if not can_keep_structure(actor):
        raise PermissionDenied
    (organisation,) = _lock([organisation])
    if organisation.valid_to is not None:
        raise RuleError(f"“{organisation}” đã kết thúc ngày {organisation.valid_to:%d/%m/%Y}.")
    if last_day < organisation.valid_from:
        raise RuleError(
            f"“{organisation}” có từ ngày {organisation.valid_from:%d/%m/%Y}: "
            "ngày cuối cùng phải từ ngày ấy trở đi."
        )
    _end(organisation, last_day, actor, at)


def _lock(organisations: Iterable[Organisation]) -> list[Organisation]:
    """The rows as they are now, locked in one order, so that two acts never wait in a circle."""
    keys = [organisation.pk for organisation in organisations]
    return list(Organisation.objects.select_for_update().filter(pk__in=keys).order_by("pk"))


def _end(organisation: Organisation, last_day: date, actor: User, at: datetime) -> None:
    organisation.valid_to = last_day
    organisation.save(update_fields=["valid_to"])
    record(actor, Action.ORGANISATION_ENDED, organisation, at=at, last_day=last_day.isoformat())


@transaction.atomic
def record_succession(
    *,
    kind: Succession.Kind,
    predecessors: Sequence[Organisation],
    successor: Organisation,
    on: date,
    source: str = "",
    actor: User,
    at: datetime,
) -> list[Succession]:
    """From a day on the successor carries what the predecessors were; they end the day before.

    A split is recorded once for each successor. Refused where the successor does not exist on
    the day, a predecessor did not exist the day before, or a link is there already.
    """
    if not can_keep_structure(actor):
        raise PermissionDenied
    _check_sides(kind, predecessors, successor)
    locked = {organisation.pk: organisation for organisation in _lock([*predecessors, successor])}
    successor = locked.pop(successor.pk)
    before = [locked[predecessor.pk] for predecessor in predecessors]
    last_day = on - timedelta(days=1)
    if not successor.exists_on(on):
        raise RuleError(f"Đơn vị sau “{successor}” không tồn tại vào ngày {on:%d/%m/%Y}.")
    for predecessor in before:
        _check_predecessor(predecessor, successor, last_day)
    for predecessor in before:
        if predecessor.valid_to is None:
            _end(predecessor, last_day, actor, at)
    made = Succession.objects.bulk_create(
        Succession(predecessor=predecessor, successor=successor, kind=kind, on=on, source=source)
        for predecessor in before
    )
    record(
        actor,
        Action.SUCCESSION_RECORDED,
        successor,
        at=at,
        kind=kind.label,
        predecessors=[predecessor.full_name for predecessor in before],
        on=on.isoformat(),
        source=source,
    )
    return made


def _check_sides(
    kind: Succession.Kind, predecessors: Sequence[Organisation], successor: Organisation
) -> None:
    if not predecessors:
        raise RuleError("Hãy chọn ít nhất một đơn vị trước.")
    if len({predecessor.pk for predecessor in predecessors}) < len(predecessors):
        raise RuleError("Một đơn vị trước được chọn hai lần.")
    if successor in predecessors:
        raise RuleError(f"“{successor}” không thể vừa là đơn vị trước vừa là đơn vị sau.")
    if kind != Succession.Kind.MERGE and len(predecessors) > 1:
        raise RuleError(f"Hình thức “{kind.label}” chỉ có một đơn vị trước.")


def _check_predecessor(predecessor: Organisation, successor: Organisation, last_day: date) -> None:
    if predecessor.successions.filter(successor=successor).exists():
        raise RuleError(f"Việc “{successor}” kế thừa “{predecessor}” đã được ghi.")
    if predecessor.valid_to is not None and predecessor.valid_to != last_day:
        raise RuleError(
            f"“{predecessor}” đã kết thúc ngày {predecessor.valid_to:%d/%m/%Y}, "
            f"không phải ngày {last_day:%d/%m/%Y}. Hãy kiểm tra lại ngày kế thừa."
        )
    if predecessor.valid_from > last_day:
        raise RuleError(
            f"Đơn vị trước “{predecessor}” có từ ngày {predecessor.valid_from:%d/%m/%Y}, "
            f"nên chưa tồn tại vào ngày {last_day:%d/%m/%Y}."
        )


@transaction.atomic
def add_cluster(
    *,
    name: str,
    short_name: str,
    symbol: str,
    superior: Organisation,
    source: str = "",
    actor: User,
    at: datetime,
) -> Cluster:
    """A new cluster under a superior that exists today; refused where the name is taken."""
    if not can_keep_structure(actor):
        raise PermissionDenied
    # Two who add the same cluster wait here for each other, and the second is told.
    (superior,) = _lock([superior])
    today = timezone.localdate(at)
    if not superior.exists_on(today):
        raise RuleError(f"Cấp trên “{superior}” không tồn tại vào ngày {today:%d/%m/%Y}.")
    names = Cluster.objects.values_list("name", flat=True)
    if _same(name) in {_same(taken) for taken in names}:
        raise RuleError(f"Cụm “{name}” đã có trong danh mục.")
    added = Cluster.objects.create(
        name=name, short_name=short_name, symbol=symbol, superior=superior, source=source
    )
    record(
        actor,
        Action.CLUSTER_ADDED,
        added,
        at=at,
        symbol=symbol,
        superior=superior.full_name,
        source=source,
    )
    return added
