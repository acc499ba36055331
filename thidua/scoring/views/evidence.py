"""Evidence: handed in, taken off, handed out."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from thidua.accounts.access import SignedInRequest, signed_in
from thidua.accounts.once import once
from thidua.documents import storage
from thidua.documents.downloads import attachment
from thidua.organisations.scope import year_or_404
from thidua.rules.errors import RuleError
from thidua.scoring import services
from thidua.scoring.forms import EvidenceForm
from thidua.scoring.models import CriterionScore, Evidence, ScoreSheet
from thidua.scoring.permissions import can_fill_sheet
from thidua.scoring.views.fetching import acted, score_or_404


def _anchor(year: int, score: CriterionScore) -> str:
    return reverse("scoring:sheet", args=[year, score.sheet_id]) + f"#files-{score.pk}"


@signed_in
@once
def evidence_add(request: SignedInRequest, year: int, sheet: int, score: int) -> HttpResponse:
    """Receive files for one criterion: all of them, or none with the reason."""
    found, row = score_or_404(request, year, sheet, score)
    if not can_fill_sheet(request.user, found.sheet):
        raise Http404
    if found.sheet.state != ScoreSheet.State.DRAFT and request.method != "POST":
        return redirect(_anchor(found.year.pk, row))
    posted = request.method == "POST"
    form = EvidenceForm(request.POST, request.FILES) if posted else EvidenceForm()
    if form.is_valid():
        try:
            added = services.add_evidence_files(
                score=row,
                files=form.contents(),
                description=form.cleaned_data["description"],
                dated_on=form.cleaned_data["dated_on"],
                actor=request.user,
                at=timezone.now(),
            )
        except RuleError as error:
            form.add_error("attached", str(error))
        except PermissionDenied:
            raise Http404 from None
        else:
            messages.success(
                request, f"Đã nhận {len(added)} tệp minh chứng cho tiêu chí {row.criterion.code}."
            )
            return redirect(_anchor(found.year.pk, row))
    return render(
        request,
        "scoring/evidence_add.html",
        {"year": found.year, "sheet": found.sheet, "score": row, "form": form},
        status=422 if form.errors else 200,
    )


def _evidence_or_404(request: SignedInRequest, year: int, pk: int) -> Evidence:
    """A piece of evidence of a sheet the person may see."""
    found = year_or_404(request.user, year)
    return get_object_or_404(
        Evidence.objects.select_related(
            "file", "score__criterion", "score__sheet__membership__organisation"
        ),
        pk=pk,
        score__sheet__in=ScoreSheet.objects.visible_to(request.user, found),
    )


@signed_in
@require_safe
def evidence(request: SignedInRequest, year: int, pk: int) -> HttpResponse:
    """The file exactly as received, to keep; never opened inside the product (T14)."""
    piece = _evidence_or_404(request, year, pk)
    try:
        content = storage.get(piece.file.sha256)
    except RuleError as error:
        messages.error(request, str(error))
        return redirect(_anchor(year, piece.score))
    return attachment(content, name=piece.file.name, media_type=piece.file.media_type)


@signed_in
@require_POST
@once
def evidence_remove(request: SignedInRequest, year: int, pk: int) -> HttpResponse:
    """Take a file off a claim that is still open."""
    piece = _evidence_or_404(request, year, pk)
    acted(
        request,
        lambda: services.remove_evidence(evidence=piece, actor=request.user, at=timezone.now()),
        f"Đã bỏ tệp “{piece.file.name}” khỏi minh chứng.",
    )
    return redirect(_anchor(year, piece.score))
