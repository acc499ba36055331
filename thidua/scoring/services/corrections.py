"""A report accepted after the hand-in: figures of sheets not yet final follow it, with its reason."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils import timezone

from thidua.accounts.models import User
from thidua.audit.models import Action
from thidua.audit.services import record
from thidua.notices.services import notify
from thidua.organisations.models import Assignment, valid_on
from thidua.reporting.models import Report
from thidua.rules.scoring import in_words
from thidua.scoring.models import CriterionScore, ScoreSheet
from thidua.scoring.queries.corrections import (
    Correction,
    corrections_for,
    scores_of,
    unit_sheet,
)
from thidua.scoring.queries.fed import fed_of, fed_places
from thidua.scoring.services.feeding import feed_sheets
from thidua.scoring.services.locks import stamp
from thidua.scoring.tables import to_table

State = ScoreSheet.State
Role = Assignment.Role
ACCEPTED_SINCE = "Báo cáo được chấp nhận sau khi đơn vị nộp bảng tự chấm."


def follow_report(report: Report, actor: User, at: datetime) -> None:
    """Put the accepted figures where they count: into a draft, or as corrections of a sheet that
    was handed in. What is final is left alone. Inside the transaction of the acceptance."""
    sheet = _locked(report)
    if sheet is None or sheet.is_set_aside or sheet.state == State.FINALISED:
        return
    table = to_table(sheet.criteria_set)
    if not fed_places(table):
        return
    if sheet.state == State.DRAFT:
        feed_sheets([sheet], table, actor=actor, at=at, because=f"{report.period} được chấp nhận")
        return
    year = report.membership.year
    scores = scores_of(sheet)
    day = timezone.localdate(at)
    fed = fed_of(year, table, [sheet.membership_id], on=day)[sheet.membership_id]
    corrections = corrections_for(sheet, table, scores, fed)
    if corrections:
        _correct(sheet, corrections, report, actor, at)


def follow_hand_in(report: Report, actor: User, at: datetime) -> None:
    """Lateness is known from the day of the hand-in: drafts follow at once, sheets handed in when
    somebody accepts the report."""
    sheet = _locked(report)
    if sheet is not None and not sheet.is_set_aside and sheet.state == State.DRAFT:
        table = to_table(sheet.criteria_set)
        feed_sheets([sheet], table, actor=actor, at=at, because=f"{report.period} được nộp")


def _locked(report: Report) -> ScoreSheet | None:
    """The unit's sheet, locked before anything is read from it."""
    sheet = unit_sheet(report)
    if sheet is None:
        return None
    return (
        ScoreSheet.objects.select_for_update(of=("self",))
        .select_related("criteria_set__year", "membership__organisation", "membership__year")
        .get(pk=sheet.pk)
    )


def _correct(
    sheet: ScoreSheet,
    corrections: Sequence[Correction],
    report: Report,
    actor: User,
    at: datetime,
) -> None:
    changed = _why(report)
    reasons = {each.key: _reason(each, report, changed, at) for each in corrections}
    why = " ".join(dict.fromkeys(reasons.values()))
    stored = dict(sheet.corrected or {})
    fields = ["corrected"]
    for each in corrections:
        stored[each.key] = _record(each, reasons[each.key], actor, at)
        if each.score is None:
            fields = [*fields, *_settle_sheet(sheet, each, actor, at)]
    sheet.corrected = stored
    sheet.save(update_fields=sorted(set(fields)))
    _settle_scores([each for each in corrections if not each.kept], actor, at)
    record(
        actor,
        Action.FIGURES_CORRECTED,
        sheet,
        at=at,
        old_facts={each.key: each.old for each in corrections if not each.kept},
        new_facts={each.key: each.fed.text for each in corrections if not each.kept},
        kept={each.key: each.old for each in corrections if each.kept},
        reason=why,
    )
    _inform(sheet, corrections, report, why, at)


def _record(each: Correction, why: str, actor: User, at: datetime) -> dict[str, Any]:
    """As it is kept with the sheet: a decision that was kept is kept together with its reason."""
    return {
        **each.fed.record(),
        "criterion": each.score.criterion_id if each.score else None,
        "old": each.old,
        "kept": each.kept,
        "why": why,
        "by": str(actor),
        "at": f"{timezone.localtime(at):%H:%M %d/%m/%Y}",
    }


def _settle_sheet(sheet: ScoreSheet, each: Correction, actor: User, at: datetime) -> list[str]:
    """A figure of the whole sheet: the confirmation follows where there is one."""
    if each.kept:
        return []
    if each.key in sheet.decided_facts:
        sheet.decided_facts = {**sheet.decided_facts, each.key: each.fed.text}
    # The row is locked, so nothing is lost (R10); an open form sees that it is out of date (R08).
    sheet.facts_version += 1
    sheet.facts_changed_by, sheet.facts_changed_at = actor, at
    return ["decided_facts", "facts_version", "facts_changed_by", "facts_changed_at"]


def _settle_scores(corrections: Iterable[Correction], actor: User, at: datetime) -> None:
    touched: dict[int, CriterionScore] = {}
    for each in corrections:
        if each.score is None:
            continue
        score = touched.setdefault(each.score.pk, each.score)
        if score.appraised_at is not None:
            score.appraised_facts = {**score.appraised_facts, each.key: each.fed.text}
    for score in touched.values():
        stamp(score, actor, at)
        score.save(update_fields=["appraised_facts", "version", "changed_by", "changed_at"])


def _reason(each: Correction, report: Report, changed: str, at: datetime) -> str:
    """A figure that was not read from this report has not the reasons of this report's changes."""
    if any(link.ref == report.pk for link in each.fed.reports):
        return changed
    day = f"{timezone.localtime(at):%d/%m/%Y}"
    return f"Các báo cáo được đọc lại ngày {day}, khi {report.period} được chấp nhận."


def _why(report: Report) -> str:
    """The unit's reasons for changing the report's figures, else that it came later."""
    if report.accepted_round is None:
        return ACCEPTED_SINCE
    changes = report.changes.filter(round__gt=report.accepted_round).order_by("pk")
    reasons = list(dict.fromkeys(changes.values_list("why", flat=True)))
    told = f"{report.period} được sửa: {'; '.join(reasons)}"
    return told if reasons else f"{report.period} được chấp nhận lại."


def _inform(
    sheet: ScoreSheet,
    corrections: Iterable[Correction],
    report: Report,
    why: str,
    at: datetime,
) -> None:
    """Tell the unit's people; the same acceptance is told once."""
    lines = [
        f"{each.fed.place.input.label}: {in_words(each.fed.place.input, each.old) or 'chưa có'} → "
        f"{in_words(each.fed.place.input, each.fed.text)}."
        for each in corrections
        if not each.kept
    ]
    if not lines:
        return
    people = User.objects.filter(
        assignments__in=Assignment.objects.filter(
            valid_on(timezone.localdate(at)),
            organisation=sheet.membership.organisation_id,
            role__in=[Role.HEAD, Role.OFFICER],
        )
    ).distinct()
    year = sheet.membership.year
    for person in people:
        notify(
            recipient=person,
            kind="figures-corrected",
            title="Số liệu trong bảng chấm điểm được sửa theo báo cáo",
            body="\n".join([*lines, f"Lý do: {why}"]),
            url=reverse("scoring:sheet", args=[year.pk, sheet.pk]),
            key=f"figures-corrected:{report.pk}:{report.round}:{person.pk}",
            at=at,
            year=year,
        )


__all__ = ["follow_hand_in", "follow_report"]
