"""Urging of a period: who has not handed in, who was urged, urging by hand, the letter, the steps."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from thidua.accounts.access import SignedInRequest, signed_in
from thidua.accounts.models import User
from thidua.accounts.once import once
from thidua.documents.downloads import attachment, plain_name
from thidua.documents.letters import LetterDocument, letter_docx, letter_pdf
from thidua.organisations.models import EmulationYear, Membership, Organisation
from thidua.organisations.permissions import leads, own_membership
from thidua.organisations.scope import year_or_404
from thidua.reporting import services
from thidua.reporting.display.urging import period_name
from thidua.reporting.documents.urging import urging_letter
from thidua.reporting.forms.urging import UrgeForm, UrgingRuleForm
from thidua.reporting.models import ReportingPeriod
from thidua.reporting.permissions import can_set_urging, can_watch_reports, urgeable
from thidua.reporting.queries.calendars import loaded_calendar
from thidua.reporting.queries.urging import (
    Urging,
    Waiting,
    reminders_of,
    urging_history,
    urging_of,
    urgings_in,
    waiting_of,
)
from thidua.reporting.views.report_fetching import FoundPeriod, period_or_404
from thidua.rules.errors import RuleError
from thidua.rules.urging import Base, closes_on, planned, urgings_on

SHOWN = 300
PDF = "application/pdf"
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
@once
def urging(request: SignedInRequest, year: int, period: int) -> HttpResponse:
    """Lead and superior see every unit and urge; a unit sees its own urgings; others nothing."""
    found = period_or_404(request, year, period)
    if can_watch_reports(request.user, found.year):
        return _watched(request, found)
    own = own_membership(request.user, found.year)
    if own is None or request.method == "POST":
        raise Http404
    return _own(request, found, own)


def _own(request: SignedInRequest, found: FoundPeriod, own: Membership) -> HttpResponse:
    mine = [each for each in _waiting(found.period) if each.membership.pk == own.pk]
    context = {
        "year": found.year,
        "period": found.period,
        "mine": mine[0] if mine else None,
        "history": urgings_in(reminders_of(found.period, own)[:SHOWN]),
    }
    return render(request, "reporting/urging_own.html", context)


def _watched(request: SignedInRequest, found: FoundPeriod) -> HttpResponse:
    waiting = _waiting(found.period)
    may = urgeable(request.user, found.year, [each.membership for each in waiting])
    form = UrgeForm(may, request.POST if request.method == "POST" else None, text=_text(found))
    if form.is_valid():
        try:
            _urge(request, found.period, form)
        except RuleError as error:
            form.add_error(None, str(error))
        else:
            return redirect("reports:urging", year=found.year.pk, period=found.period.pk)
    status = 422 if form.is_bound else 200
    return render(
        request, "reporting/urging.html", _context(request, found, waiting, form), status=status
    )


def _urge(request: SignedInRequest, period: ReportingPeriod, form: UrgeForm) -> None:
    try:
        sent = services.urge_now(
            period=period,
            memberships=form.chosen(),
            text=form.cleaned_data["text"],
            actor=request.user,
            at=timezone.now(),
        )
    except PermissionDenied:
        raise Http404 from None
    units = len({each.membership_id for each in sent})
    messages.success(request, f"Đã đôn đốc {units} đơn vị, {len(sent)} người nhận.")


def _text(found: FoundPeriod) -> str:
    return f"Đề nghị đơn vị hoàn thành và nộp {period_name(found.period)}."


def _context(
    request: SignedInRequest, found: FoundPeriod, waiting: list[Waiting], form: UrgeForm
) -> dict[str, Any]:
    loaded, calendar = urging_of(found.year), loaded_calendar()
    history = urgings_in(reminders_of(found.period)[:SHOWN])
    usual = Base(found.period.due_on, closes_on(found.year.year, found.period.due_on))
    return {
        "year": found.year,
        "period": found.period,
        "form": form,
        "rows": [(each, _last(each, history), _choice(each, form)) for each in waiting],
        "members": found.year.memberships.count(),
        "history": history,
        "plan": planned(usual, loaded.rule, calendar),
        "rule": loaded.rule,
        "stored": loaded.stored,
        "gaps": urgings_on(timezone.localdate(), usual, loaded.rule, calendar).gaps,
        "may_set": can_set_urging(request.user, found.year),
    }


def _last(waiting: Waiting, history: list[Urging]) -> Urging | None:
    """The unit's own latest urging; the history begins with the newest."""
    key = waiting.membership.pk
    return next((each for each in history if each.membership.pk == key and each.is_to_unit), None)


def _choice(waiting: Waiting, form: UrgeForm) -> dict[str, Any] | None:
    """The tick box of a unit that the person may urge."""
    key = str(waiting.membership.pk)
    return {"key": key, "is_on": key in form.chosen_keys} if key in form.members else None


def _waiting(period: ReportingPeriod) -> list[Waiting]:
    return waiting_of(period, timezone.localdate(), loaded_calendar())


@signed_in
@require_safe
def letter_pdf_file(request: SignedInRequest, year: int, period: int) -> HttpResponse:
    """The draft of the công văn as PDF, to be read and printed."""
    found = period_or_404(request, year, period)
    letter = _letter_or_404(request, found)
    if letter is None:
        return _nobody(request, found)
    return attachment(letter_pdf(letter), name=f"{_name(found.period)}.pdf", media_type=PDF)


@signed_in
@require_safe
def letter_docx_file(request: SignedInRequest, year: int, period: int) -> HttpResponse:
    """The draft of the công văn as DOCX, to be finished in a word processor."""
    found = period_or_404(request, year, period)
    letter = _letter_or_404(request, found)
    if letter is None:
        return _nobody(request, found)
    return attachment(letter_docx(letter), name=f"{_name(found.period)}.docx", media_type=DOCX)


def _letter_or_404(request: SignedInRequest, found: FoundPeriod) -> LetterDocument | None:
    """The draft; None where nobody is to be addressed."""
    if not can_watch_reports(request.user, found.year):
        raise Http404
    waiting = _waiting(found.period)
    may = {each.pk for each in urgeable(request.user, found.year, [w.membership for w in waiting])}
    waiting = [each for each in waiting if each.membership.pk in may]
    if not waiting:
        return None
    return urging_letter(
        found.period,
        waiting,
        issuer=_issuer(request.user, found.year),
        superior=found.year.cluster.superior,
        at=timezone.now(),
    )


def _issuer(user: User, year: EmulationYear) -> Organisation:
    """The lead drafts as the leading unit, the superior's officer as the body above."""
    lead = year.memberships.filter(role=Membership.Role.LEAD).select_related("organisation").first()
    return lead.organisation if lead and leads(user, year) else year.cluster.superior


def _nobody(request: SignedInRequest, found: FoundPeriod) -> HttpResponse:
    messages.info(request, "Không còn đơn vị nào cần gửi công văn đôn đốc.")
    return redirect("reports:urging", year=found.year.pk, period=found.period.pk)


def _name(period: ReportingPeriod) -> str:
    return plain_name(f"Công văn đôn đốc nộp {period_name(period)}")


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
@once
def urging_setting(request: SignedInRequest, year: int) -> HttpResponse:
    """The lead sets the steps of the year, with a reason."""
    found = year_or_404(request.user, year)
    if not can_set_urging(request.user, found):
        raise Http404
    loaded = urging_of(found)
    form = UrgingRuleForm(
        loaded.rule, loaded.number, request.POST if request.method == "POST" else None
    )
    if form.is_valid():
        try:
            services.change_urging_rule(
                year=found,
                rule=form.typed(),
                reason=form.cleaned_data["reason"],
                number=form.cleaned_data["number"],
                actor=request.user,
                at=timezone.now(),
            )
        except RuleError as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, "Đã đặt lại các bước đôn đốc của năm. Lần đã gửi giữ nguyên.")
            return redirect("reports:urging_setting", year=found.pk)
    context = {"year": found, "form": form, "stored": loaded.stored, "past": urging_history(found)}
    status = 422 if form.is_bound else 200
    return render(request, "reporting/urging_setting.html", context, status=status)
