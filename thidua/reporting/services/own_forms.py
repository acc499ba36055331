"""A cluster's own forms: drafted by the lead, issued by its head, then frozen."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone

from thidua.accounts.models import User
from thidua.audit.models import Action
from thidua.audit.services import record
from thidua.organisations.models import EmulationYear
from thidua.organisations.permissions import heads_lead
from thidua.reporting.models import OwnForms, Report
from thidua.reporting.permissions import can_draft_own_forms, can_issue_own_forms
from thidua.reporting.queries.editions import issued_own_forms
from thidua.reporting.queries.own_forms import (
    NOTHING,
    draft_of,
    fingerprint_of,
    forms_of,
    last_years,
    losses,
    moving,
    sector_edition,
    unsound,
)
from thidua.rules.errors import RuleError
from thidua.rules.reporting.own import Placed, TypedForm, cross_data, differences, form_data

MOST_FORMS = 20
SHOWN = 5
CHANGES_KEPT = 100
CROSS = ("printed", "logical")


class FormRefused(RuleError):
    """The form as typed cannot be kept; `problems` say where."""

    def __init__(self, problems: Sequence[Placed]) -> None:
        self.problems = tuple(problems)
        super().__init__(_some([each.sentence for each in problems]))


class StaleOwnForms(RuleError):
    """Somebody changed the draft meanwhile (R08)."""

    def __init__(self, own: OwnForms) -> None:
        moment = timezone.localtime(own.changed_at)
        super().__init__(
            f"{own.changed_by} vừa sửa dự thảo này lúc {moment:%H:%M %d/%m/%Y}. Nội dung bạn nhập chưa "
            "được lưu; hãy mở trang trong thẻ khác, so hai bên rồi ghi lại."
        )


def _some(sentences: Sequence[str]) -> str:
    more = len(sentences) - SHOWN
    return " ".join(sentences[:SHOWN]) + (f" Và {more} chỗ khác." if more > 0 else "")


@transaction.atomic
def start_own_forms(
    *, year: EmulationYear, actor: User, at: datetime, from_last_year: bool = False
) -> OwnForms:
    """A new draft: a copy of the version in force, of last year's forms, or empty.

    RuleError where a draft is open already, or there is nothing to copy.
    """
    year = EmulationYear.objects.select_for_update(of=("self",)).get(pk=year.pk)
    if not can_draft_own_forms(actor, year):
        raise PermissionDenied
    if draft_of(year):
        raise RuleError("Đang có một dự thảo biểu mẫu riêng. Hãy soạn tiếp dự thảo đó.")
    source = last_years(year) if from_last_year else issued_own_forms(year)
    if from_last_year and source is None:
        raise RuleError("Các năm trước cụm chưa ban hành biểu mẫu riêng nào để chép.")
    data: dict[str, Any] = dict(source.data if source else NOTHING)
    if from_last_year:
        data = _holding(year, data)
    last = OwnForms.objects.filter(year=year).order_by("-number").first()
    own = OwnForms.objects.create(
        year=year,
        number=last.number + 1 if last else 1,
        data=data,
        fingerprint=fingerprint_of(data),
        started_by=actor,
        started_at=at,
        changed_by=actor,
        changed_at=at,
    )
    own.authors.add(actor)
    record(actor, Action.OWN_FORMS_STARTED, own, at=at, origin=_origin(source))
    return own


def _holding(year: EmulationYear, data: dict[str, Any]) -> dict[str, Any]:
    """Last year's forms without the checks across forms that this year's sector forms do not bear."""
    kept = {name: value for name, value in data.items() if name not in CROSS}
    for level in CROSS:
        rules = [
            rule
            for rule in data.get(level, ())
            if not unsound(year, {**kept, "printed": [], "logical": [], level: [rule]})
        ]
        if rules:
            kept[level] = rules
    return kept


def _origin(source: OwnForms | None) -> str:
    return f"phiên bản {source.number} năm {source.year.year}" if source else "trang trắng"


def _open_draft(own: OwnForms, version: int, actor: User) -> OwnForms:
    """The draft locked for a change. The year first, as issuing and starting do."""
    year = EmulationYear.objects.select_for_update(of=("self",)).get(pk=own.year_id)
    if not can_draft_own_forms(actor, year):
        raise PermissionDenied
    found = (
        OwnForms.objects.select_for_update(of=("self",))
        .select_related("year__cluster", "changed_by")
        .filter(pk=own.pk)
        .first()
    )
    if found is None:
        raise RuleError("Dự thảo này đã bị bỏ. Hãy soạn phiên bản mới.")
    if found.is_issued:
        raise RuleError("Phiên bản này đã ban hành. Muốn thay đổi, hãy soạn phiên bản mới.")
    if found.version != version:
        raise StaleOwnForms(found)
    return found


@transaction.atomic
def save_own_form(
    *, own: OwnForms, form: TypedForm, version: int, actor: User, at: datetime
) -> OwnForms:
    """Keep one form of the draft whole; `form.key` is "" for a new one.

    Raises FormRefused with the place of every problem, StaleOwnForms, RuleError.
    """
    own = _open_draft(own, version, actor)
    data = _with_form(own, form)
    return _keep(own, data, Action.OWN_FORMS_CHANGED, actor, at)


def _with_form(own: OwnForms, form: TypedForm) -> dict[str, Any]:
    templates = list(own.data["templates"])
    keys = [each["key"] for each in templates]
    if form.key and form.key not in keys:
        raise RuleError("Biểu này không còn trong dự thảo.")
    if not form.key and len(templates) >= MOST_FORMS:
        raise RuleError(f"Cụm có không quá {MOST_FORMS} biểu riêng.")
    made, periods, problems = form_data(form, taken=keys)
    if problems:
        raise FormRefused(problems)
    if form.key:
        templates[keys.index(form.key)] = made
    else:
        templates.append(made)
    return _content(own.data, templates, {**_periods(own.data), made["key"]: periods})


def _periods(data: Mapping[str, Any]) -> dict[str, Sequence[str]]:
    return dict(data.get("periods", {}))


def _content(
    before: Mapping[str, Any],
    templates: Sequence[Mapping[str, Any]],
    periods: Mapping[str, Sequence[str]],
) -> dict[str, Any]:
    """Stored data with other forms; the checks across them stay. What is empty is left out."""
    there = {each["key"] for each in templates}
    asked = {key: list(codes) for key, codes in periods.items() if codes and key in there}
    data = {name: before[name] for name in CROSS if before.get(name)}
    return {"templates": list(templates), **data, **({"periods": asked} if asked else {})}


def _keep(
    own: OwnForms, data: dict[str, Any], action: Action, actor: User, at: datetime, **details: Any
) -> OwnForms:
    """Store sound data in the locked draft, with what changed in the journal."""
    problems = unsound(own.year, data)
    if problems:
        raise RuleError(_some(problems))
    changes = differences(own.data, data)
    if not changes:
        return own
    own.data, own.fingerprint = data, fingerprint_of(data)
    own.changed_by, own.changed_at = actor, at
    # The row is locked, so nothing is lost (R10).
    own.version += 1
    own.save(update_fields=["data", "fingerprint", "changed_by", "changed_at", "version"])
    own.authors.add(actor)
    record(actor, action, own, at=at, **details, changes=list(changes[:CHANGES_KEPT]))
    return own


@transaction.atomic
def remove_own_form(
    *, own: OwnForms, form: str, version: int, actor: User, at: datetime
) -> OwnForms:
    """Take one form out of the draft. What has been reported on it is looked at when issuing."""
    own = _open_draft(own, version, actor)
    templates = [each for each in own.data["templates"] if each["key"] != form]
    if len(templates) == len(own.data["templates"]):
        raise RuleError("Biểu này không còn trong dự thảo.")
    data = _content(own.data, templates, _periods(own.data))
    if not templates:
        data = {"templates": []}
    return _keep(own, data, Action.OWN_FORMS_CHANGED, actor, at)


@transaction.atomic
def save_own_checks(
    *,
    own: OwnForms,
    lines: Mapping[str, Sequence[str]],
    version: int,
    actor: User,
    at: datetime,
) -> OwnForms:
    """Keep the checks across forms, by level (`printed`, `logical`), one rule a line."""
    own = _open_draft(own, version, actor)
    data = _content({}, own.data["templates"], _periods(own.data))
    data |= cross_of_lines(own.year, [each.template for each in forms_of(own.data)], lines)
    return _keep(own, data, Action.OWN_FORMS_CHANGED, actor, at)


def cross_of_lines(
    year: EmulationYear, templates: Sequence[Any], lines: Mapping[str, Sequence[str]]
) -> dict[str, list[Any]]:
    """The rules as data. FormRefused naming the level of each that cannot be read."""
    everything = (*sector_edition(year).templates, *templates)
    rules: dict[str, list[Any]] = {}
    problems: list[Placed] = []
    for level in CROSS:
        made, wrong = cross_data(level, lines.get(level, ()), everything)
        problems += [Placed(0, level, sentence) for sentence in wrong]
        if made:
            rules[level] = made
    if problems:
        raise FormRefused(problems)
    return rules


@dataclass(frozen=True)
class Described:
    """What a workbook describes: whole forms as data with their periods, and checks across them."""

    templates: Sequence[Mapping[str, Any]]
    periods: Mapping[str, Sequence[str]]
    cross: Mapping[str, Sequence[Any]]


@transaction.atomic
def replace_own_forms(
    *, own: OwnForms, described: Described, file: str, version: int, actor: User, at: datetime
) -> OwnForms:
    """Put what a workbook describes in the place of everything in the draft, or nothing of it."""
    own = _open_draft(own, version, actor)
    if len(described.templates) > MOST_FORMS:
        raise RuleError(f"Cụm có không quá {MOST_FORMS} biểu riêng.")
    data = _content({}, described.templates, described.periods)
    data |= {level: list(rules) for level, rules in described.cross.items() if rules}
    return _keep(own, data, Action.OWN_FORMS_IMPORTED, actor, at, file=file)


@transaction.atomic
def discard_own_forms(*, own: OwnForms, version: int, actor: User, at: datetime) -> None:
    """Throw the draft away; what was issued stays in force."""
    own = _open_draft(own, version, actor)
    record(actor, Action.OWN_FORMS_DISCARDED, own, at=at, fingerprint=own.fingerprint)
    own.delete()


@transaction.atomic
def issue_own_forms(*, own: OwnForms, version: int, actor: User, at: datetime) -> OwnForms:
    """Freeze the draft and ask it of every report that was never handed in and is not past due.

    Reports handed in, or given back, stay on the forms they have. Refused where an indicator with
    figures of this year would be lost, and to whoever wrote in the version (four eyes).
    """
    year = EmulationYear.objects.select_for_update(of=("self",)).get(pk=own.year_id)
    if not heads_lead(actor, year):
        raise PermissionDenied
    own = _issuable(own, version, actor)
    today = timezone.localdate(at)
    reports = moving(year, today)
    # Locked, so that no figure is being saved on the old version meanwhile.
    list(
        Report.objects.select_for_update(of=("self",))
        .filter(pk__in=[each.pk for each in reports])
        .order_by("pk")
    )
    reports = moving(year, today)
    if lost := losses(own, today):
        raise RuleError(f"Chưa ban hành được vì làm mất số liệu đã có. {_some(lost)}")
    own.state = OwnForms.State.ISSUED
    own.issued_by, own.issued_at = actor, at
    own.save(update_fields=["state", "issued_by", "issued_at"])
    moved = Report.objects.filter(pk__in=[each.pk for each in reports]).update(own_forms=own)
    record(
        actor,
        Action.OWN_FORMS_ISSUED,
        own,
        at=at,
        fingerprint=own.fingerprint,
        form=[each.template.code for each in forms_of(own.data)],
        reports=moved,
    )
    return own


def _issuable(own: OwnForms, version: int, actor: User) -> OwnForms:
    own = _open_draft(own, version, actor)
    if not can_issue_own_forms(actor, own):
        raise RuleError(
            "Người soạn, người sửa biểu mẫu riêng không tự ban hành. Hãy để cán bộ của đơn vị soạn, "
            "thủ trưởng ban hành."
        )
    in_force = issued_own_forms(own.year)
    if not own.data["templates"] and in_force is None:
        raise RuleError("Dự thảo chưa có biểu nào. Hãy thêm biểu rồi ban hành.")
    if in_force and in_force.fingerprint == own.fingerprint:
        raise RuleError("Dự thảo giống hệt phiên bản đang dùng nên không cần ban hành.")
    if problems := unsound(own.year, own.data):
        raise RuleError(_some(problems))
    return own
