"""The narrative of a report: an outline saved as it is typed, files beside it, the whole paper."""

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from thidua.accounts.access import SignedInRequest, signed_in
from thidua.accounts.once import once
from thidua.documents import storage
from thidua.documents.downloads import attachment as as_attachment
from thidua.documents.downloads import plain_name
from thidua.documents.whole_report import report_pdf
from thidua.organisations.scope import year_or_404
from thidua.reporting import services
from thidua.reporting.display.narrative import (
    Asked,
    change_lines,
    file_lines,
    headings,
    outline_line,
    section_lines,
    stamp_of,
)
from thidua.reporting.documents.report import report_document
from thidua.reporting.forms.narratives import AttachmentForm, SentSection, sent_section
from thidua.reporting.models import NarrativeAttachment, NarrativeSection, Report
from thidua.reporting.permissions import can_fill_report
from thidua.reporting.queries.narratives import (
    Narrative,
    also_sent,
    attachments_of,
    narrative_of,
    outlines_of,
)
from thidua.reporting.queries.reports import contents_of
from thidua.reporting.views.report_fetching import FoundReport, acted, report_or_404, seen_of
from thidua.reporting.views.report_pages import may_enter
from thidua.rules.errors import RuleError
from thidua.rules.reporting.narrative import Outline, words_in

PDF = "application/pdf"


@dataclass(frozen=True)
class Place:
    """The outline a request is about."""

    found: FoundReport
    narrative: Narrative
    outline: Outline
    fills: bool


def _place_or_404(request: SignedInRequest, year: int, report: int, outline: str) -> Place:
    found = report_or_404(request, year, report)
    narrative = narrative_of(found.report)
    of = next((each for each in narrative.outlines if each.key == outline), None)
    if of is None:
        raise Http404
    fills = can_fill_report(request.user, found.report) and may_enter(found.report)
    return Place(found, narrative, of, fills)


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def narrative(request: SignedInRequest, year: int, report: int, outline: str) -> HttpResponse:
    """GET: the outline. POST: keep one section of it (R08, R11)."""
    place = _place_or_404(request, year, report, outline)
    if request.method == "POST":
        if not can_fill_report(request.user, place.found.report):
            raise Http404
        return _save(request, place)
    return _page(request, place)


def _page(
    request: SignedInRequest, place: Place, asked: Asked | None = None, status: int = 200
) -> HttpResponse:
    report, outlines = place.found.report, list(place.narrative.outlines)
    attachments = attachments_of(report)
    at = outlines.index(place.outline)
    of_outline = [each for each in attachments if each.outline_key == place.outline.key]
    is_own = can_fill_report(request.user, report)
    also = {} if is_own else also_sent(report, of_outline)
    context = {
        "year": place.found.year,
        "report": report,
        "outline": place.outline,
        "line": outline_line(place.outline, place.narrative),
        "outlines": [outline_line(each, place.narrative) for each in outlines],
        "before": outlines[at - 1] if at else None,
        "after": outlines[at + 1] if at + 1 < len(outlines) else None,
        "lines": section_lines(
            place.outline, place.narrative, contents_of(report), attachments, asked
        ),
        "outside": place.narrative.outside(place.outline),
        "files": file_lines(outlines, of_outline, also),
        "changes": [
            each
            for each in change_lines(report, outlines)
            if each.change.outline_key == place.outline.key
        ],
        "fills": place.fills,
    }
    return render(request, "reporting/narrative.html", context, status=status)


def _save(request: SignedInRequest, place: Place) -> HttpResponse:
    sent = sent_section(request.POST)
    try:
        kept = services.save_section(
            report=place.found.report,
            outline=place.outline.key,
            section=sent.section,
            text=sent.text,
            seen=sent.seen,
            confirmed=sent.confirmed,
            actor=request.user,
            at=timezone.now(),
        )
    except PermissionDenied:
        raise Http404 from None
    except RuleError as error:
        return _refused(request, place, sent, error)
    if _wants_json(request):
        return JsonResponse(_saved(place, kept))
    messages.success(request, "Đã lưu mục.")
    return redirect(f"{request.path}#muc-{sent.section}")


def _wants_json(request: SignedInRequest) -> bool:
    return request.headers.get("Accept", "").startswith("application/json")


def _saved(place: Place, kept: NarrativeSection | None) -> dict[str, Any]:
    """What the page shows anew: version, stamp, how far section and outline are."""
    fresh = narrative_of(place.found.report)
    line = outline_line(place.outline, fresh)
    return {
        "seen": kept.version if kept else 0,
        "stamp": stamp_of(kept),
        "words": words_in(kept.text) if kept else 0,
        "progress": f"{line.written}/{line.asked} mục đã viết · {line.words} từ",
        "badge": render_to_string("ui/badge.html", {"state": line.state, "label": line.label}),
    }


def _refused(
    request: SignedInRequest, place: Place, sent: SentSection, error: RuleError
) -> HttpResponse:
    """Nothing was kept: 409 where another person was first, else 422."""
    theirs = error.current if isinstance(error, services.StaleSection) else None
    token = error.token if isinstance(error, services.AsksAboutPersons) else ""
    status = 409 if theirs else 422
    if not _wants_json(request):
        asked = Asked(sent.section, sent.text, str(error), theirs, token)
        return _page(request, place, asked, status)
    answer: dict[str, Any] = {"message": str(error), "token": token, "theirs": None}
    if theirs:
        answer["theirs"] = {
            "seen": theirs.version,
            "text": theirs.text,
            "stamp": stamp_of(theirs),
        }
    return JsonResponse(answer, status=status)


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
@once
def attachment_add(request: SignedInRequest, year: int, report: int) -> HttpResponse:
    """Receive a file beside the report, or refuse it with the reason (T14)."""
    found = report_or_404(request, year, report)
    if not can_fill_report(request.user, found.report):
        raise Http404
    if not may_enter(found.report) and request.method != "POST":
        return redirect("reports:report", year=found.year.pk, report=found.report.pk)
    places = headings(outlines_of(found.report))
    form = (
        AttachmentForm(places, request.POST, request.FILES)
        if request.method == "POST"
        else AttachmentForm(places, initial={"place": request.GET.get("muc", "")})
    )
    asks_again = False
    if form.is_valid():
        try:
            return _attached(request, found.report, form)
        except services.AsksAboutPersons as error:
            asks_again = True
            form.add_error("attached", str(error))
        except RuleError as error:
            form.add_error("attached", str(error))
        except PermissionDenied:
            raise Http404 from None
    return render(
        request,
        "reporting/narrative_attach.html",
        {"year": found.year, "report": found.report, "form": form, "asks_again": asks_again},
        status=422 if form.errors else 200,
    )


def _attached(request: SignedInRequest, report: Report, form: AttachmentForm) -> HttpResponse:
    outline, section = form.where()
    file = form.cleaned_data["attached"]
    kept = services.attach_file(
        report=report,
        outline=outline,
        section=section,
        data=file.read(),
        name=file.name or "tệp không tên",
        note=form.cleaned_data["note"],
        looked_again=form.cleaned_data["confirmed"],
        actor=request.user,
        at=timezone.now(),
    )
    messages.success(request, f"Đã nhận tệp “{kept.file.name}”.")
    return redirect(_home(report, kept))


def _home(report: Report, kept: NarrativeAttachment) -> str:
    """The page on which a file is listed."""
    year = report.period.year_id
    if kept.outline_key:
        return reverse("reports:narrative", args=[year, report.pk, kept.outline_key]) + "#tep"
    return reverse("reports:report", args=[year, report.pk]) + "#tep"


def _attachment_or_404(
    request: SignedInRequest, year: int, report: int, attachment: int
) -> NarrativeAttachment:
    """A file of a report the person may see."""
    found = year_or_404(request.user, year)
    return get_object_or_404(
        NarrativeAttachment.objects.select_related(
            "file", "report__period__year", "report__membership__organisation"
        ),
        pk=attachment,
        report=report,
        report__in=Report.objects.visible_to(request.user, found),
    )


@signed_in
@require_safe
def attachment_file(
    request: SignedInRequest, year: int, report: int, attachment: int
) -> HttpResponse:
    """The file exactly as received, to keep; never opened inside the product (T14)."""
    piece = _attachment_or_404(request, year, report, attachment)
    try:
        content = storage.get(piece.file.sha256)
    except RuleError as error:
        messages.error(request, str(error))
        return redirect(_home(piece.report, piece))
    return as_attachment(content, name=piece.file.name, media_type=piece.file.media_type)


@signed_in
@require_POST
@once
def attachment_remove(
    request: SignedInRequest, year: int, report: int, attachment: int
) -> HttpResponse:
    """Take a file off a report that is still a draft."""
    piece = _attachment_or_404(request, year, report, attachment)
    acted(
        request,
        lambda: services.remove_file(attachment=piece, actor=request.user, at=timezone.now()),
        f"Đã bỏ tệp “{piece.file.name}” khỏi báo cáo.",
    )
    return redirect(_home(piece.report, piece))


@signed_in
@require_safe
def paper_pdf(request: SignedInRequest, year: int, report: int) -> HttpResponse:
    """The whole report as a paper: narrative, forms as annexes; `?ky=tuq` is signed by authority."""
    found = report_or_404(request, year, report)
    seen = seen_of(found.report)
    document = report_document(
        found.report,
        seen.contents,
        seen.said,
        narrative_of(found.report),
        attachments_of(found.report),
        by_authority=request.GET.get("ky") == "tuq",
    )
    return as_attachment(
        report_pdf(document), name=f"{plain_name(str(found.report))}.pdf", media_type=PDF
    )
