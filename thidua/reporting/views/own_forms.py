"""A cluster's own forms: everybody reads what was issued, the lead drafts, its head issues."""

from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from thidua.accounts.access import SignedInRequest, signed_in
from thidua.accounts.once import once
from thidua.audit.queries import history_of
from thidua.documents.downloads import attachment, plain_name
from thidua.organisations.permissions import heads_lead
from thidua.organisations.scope import year_or_404
from thidua.reporting.documents.own_form import blank_paper, lines_in_words
from thidua.reporting.models import OwnForms
from thidua.reporting.permissions import (
    can_draft_own_forms,
    can_issue_own_forms,
    wrote_in_own_forms,
)
from thidua.reporting.queries.editions import issued_own_forms
from thidua.reporting.queries.own_forms import (
    changes_of,
    cross_of,
    draft_of,
    forms_of,
    last_years,
    losses,
    moving,
    versions_of,
)
from thidua.reporting.services import own_forms as services
from thidua.reporting.views.own_form_fetching import draft_or_404, form_or_404, version_sent
from thidua.reporting.views.report_fetching import acted
from thidua.workbooks.forms import sample_forms, write_forms

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
PROBLEMS_SHOWN = 200


@signed_in
@require_safe
def own_forms(request: SignedInRequest, year: int) -> HttpResponse:
    """The forms in force, and for the lead the draft with what it changes."""
    found = year_or_404(request.user, year)
    may_draft = can_draft_own_forms(request.user, found)
    issued = issued_own_forms(found)
    draft = draft_of(found) if may_draft else None
    versions = versions_of(found, with_draft=may_draft)
    return render(
        request,
        "reporting/own_forms.html",
        {
            "year": found,
            "issued": issued,
            "issued_forms": forms_of(issued.data) if issued else [],
            "cross": _across(issued),
            "versions": versions,
            "may_draft": may_draft,
            "last_year": last_years(found) if may_draft and not versions else None,
            "history": history_of(issued, limit=20) if issued and may_draft else [],
            **(_draft_context(request, draft) if draft else {}),
        },
    )


def _across(own: OwnForms | None) -> list[tuple[str, str]]:
    """The checks across forms, each with its level."""
    if own is None or not any(own.data.get(level) for level in ("printed", "logical")):
        return []
    words = {"printed": "lỗi", "logical": "cảnh báo"}
    return [(words[level], line) for level, lines in cross_of(own).items() for line in lines]


def _draft_context(request: SignedInRequest, draft: OwnForms) -> dict[str, Any]:
    today = timezone.localdate()
    return {
        "draft": draft,
        "draft_forms": forms_of(draft.data),
        "draft_cross": _across(draft),
        "changes": changes_of(draft),
        "losses": losses(draft, today),
        "moving": len(moving(draft.year, today)),
        "may_issue": can_issue_own_forms(request.user, draft),
        "written_by_me": wrote_in_own_forms(request.user, draft)
        and heads_lead(request.user, draft.year),
        "draft_history": history_of(draft, limit=20),
    }


@signed_in
@require_safe
def own_form(request: SignedInRequest, year: int, number: int, form: str) -> HttpResponse:
    """One form of one version: what it asks for, in words, and how the blank form looks."""
    found = year_or_404(request.user, year)
    versions = versions_of(found, with_draft=can_draft_own_forms(request.user, found))
    own = next((each for each in versions if each.number == number), None)
    if own is None:
        raise Http404
    shown = form_or_404(own, form)
    return render(
        request,
        "reporting/own_form.html",
        {
            "year": found,
            "own": own,
            "shown": shown,
            "typed": shown.typed,
            "lines": lines_in_words(shown),
            "paper": blank_paper(shown.template),
            "is_list": shown.template.shape == "list",
        },
    )


@signed_in
@require_POST
@once
def own_forms_start(request: SignedInRequest, year: int) -> HttpResponse:
    """Open a draft: from the version in force, from last year's, or empty."""
    found = year_or_404(request.user, year)
    acted(
        request,
        lambda: services.start_own_forms(
            year=found,
            actor=request.user,
            at=timezone.now(),
            from_last_year=bool(request.POST.get("last_year")),
        ),
        "Đã mở dự thảo biểu mẫu riêng. Thêm, sửa biểu rồi để thủ trưởng ban hành.",
    )
    return redirect("reports:own_forms", year=found.pk)


@signed_in
@require_POST
@once
def own_form_remove(request: SignedInRequest, year: int, form: str) -> HttpResponse:
    """Take a form out of the draft."""
    found, draft = draft_or_404(request, year)
    acted(
        request,
        lambda: services.remove_own_form(
            own=draft,
            form=form,
            version=version_sent(request),
            actor=request.user,
            at=timezone.now(),
        ),
        "Đã bỏ biểu khỏi dự thảo.",
    )
    return redirect("reports:own_forms", year=found.pk)


@signed_in
@require_safe
def own_forms_xlsx(request: SignedInRequest, year: int) -> HttpResponse:
    """The draft, else what is in force, as a workbook; a sample where there is neither."""
    found = year_or_404(request.user, year)
    draft = draft_of(found) if can_draft_own_forms(request.user, found) else None
    own = draft or issued_own_forms(found)
    forms = forms_of(own.data) if own else []
    data = write_forms([each.typed for each in forms], cross_of(own)) if own and forms else None
    name = plain_name(f"Biểu mẫu riêng năm {found.year}")
    return attachment(data or sample_forms(), name=f"{name}.xlsx", media_type=XLSX)


@signed_in
@require_POST
@once
def own_forms_discard(request: SignedInRequest, year: int) -> HttpResponse:
    """Throw the draft away."""
    found, draft = draft_or_404(request, year)
    acted(
        request,
        lambda: services.discard_own_forms(
            own=draft, version=version_sent(request), actor=request.user, at=timezone.now()
        ),
        "Đã bỏ dự thảo. Phiên bản đang dùng không thay đổi.",
    )
    return redirect("reports:own_forms", year=found.pk)


@signed_in
@require_POST
@once
def own_forms_issue(request: SignedInRequest, year: int) -> HttpResponse:
    """The head of the lead freezes the draft; open reports take it."""
    found, draft = draft_or_404(request, year)
    acted(
        request,
        lambda: services.issue_own_forms(
            own=draft, version=version_sent(request), actor=request.user, at=timezone.now()
        ),
        "Đã ban hành biểu mẫu riêng. Báo cáo chưa nộp của các kỳ còn hạn dùng phiên bản này.",
    )
    return redirect("reports:own_forms", year=found.pk)
