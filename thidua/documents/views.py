"""Signing a paper, verifying one, and the certificates that signing rests on."""

from collections.abc import Callable
from typing import TypeVar

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from thidua.accounts.access import SignedInRequest, public, signed_in
from thidua.accounts.once import once
from thidua.audit.queries import history_of
from thidua.documents import storage
from thidua.documents.downloads import attachment, plain_name
from thidua.documents.forms import CertificateForm, SignedPdfForm, VerifyForm
from thidua.documents.models import Revision, SignerCertificate, SigningRound
from thidua.documents.permissions import can_upload_signature
from thidua.documents.queries import (
    certificate_board,
    current_revision,
    examine,
    heads_of_members,
    signing_board,
)
from thidua.documents.receiving import PDF
from thidua.documents.services import (
    accept_signed_pdf,
    register_certificate,
    withdraw_certificate,
)
from thidua.organisations.models import EmulationYear, Membership
from thidua.organisations.permissions import (
    can_register_certificates,
    is_head_of,
    own_membership,
)
from thidua.organisations.scope import year_or_404
from thidua.rules.errors import RuleError

View = TypeVar("View", bound=Callable[..., HttpResponse])
# The boundary lines and the token of a form that carries one file.
FORM_OVERHEAD = 64 * 1024
REFUSED = 422


def takes_a_pdf(view: View) -> View:
    """Lets who is not signed in send one PDF to this view (thidua/ui/middleware.py)."""
    view.body_limit = settings.SIGNED_PDF_LIMIT + FORM_OVERHEAD  # type: ignore[attr-defined]
    return view


# --- Signing ---------------------------------------------------------------------------------
def _signing_or_404(request: SignedInRequest, year: int, pk: int) -> SigningRound:
    emulation_year = year_or_404(request.user, year)
    rounds = SigningRound.objects.visible_to(request.user).select_related("year__cluster")
    return get_object_or_404(rounds, pk=pk, year=emulation_year)


def _file_name(revision: Revision) -> str:
    return f"{plain_name(revision.round.title)}-ban-{revision.number}.pdf"


@signed_in
@require_safe
def signing(request: SignedInRequest, year: int, pk: int) -> HttpResponse:
    """The board: who has signed, what to download, where to hand in."""
    found = _signing_or_404(request, year, pk)
    return _signing_page(request, found, SignedPdfForm())


def _signing_page(
    request: SignedInRequest,
    found: SigningRound,
    form: SignedPdfForm,
    refusal: str = "",
) -> HttpResponse:
    board = signing_board(found)
    current = current_revision(found)
    own = own_membership(request.user, found.year)
    place = board.place_of(own)
    context = {
        "year": found.year,
        "signing": found,
        "board": board,
        "current": current,
        "file_name": _file_name(current),
        "form": form,
        "refusal": refusal,
        "can_upload": can_upload_signature(request.user, found),
        "own_place": place,
        "own_is_head": own is not None and is_head_of(request.user, own.organisation_id),
        "has_certificate": _has_certificate(own),
        "waiting_days": (timezone.now() - found.opened_at).days,
        "limit": settings.SIGNED_PDF_LIMIT // (1024 * 1024),
        "history": history_of(found),
    }
    status = REFUSED if refusal or form.errors else 200
    return render(request, "documents/signing.html", context, status=status)


def _has_certificate(own: Membership | None) -> bool:
    if own is None:
        return False
    known = SignerCertificate.objects.in_force(timezone.now())
    return known.filter(organisation=own.organisation_id).exists()


@signed_in
@require_safe
def signing_download(request: SignedInRequest, year: int, pk: int) -> HttpResponse:
    """The current revision, to be signed next."""
    found = _signing_or_404(request, year, pk)
    current = current_revision(found)
    try:
        data = storage.get(current.file.sha256)
    except RuleError as error:
        messages.error(request, str(error))
        return redirect("documents:signing", year=year, pk=pk)
    return attachment(data, name=_file_name(current), media_type=PDF)


@signed_in
@require_POST
def signing_upload(request: SignedInRequest, year: int, pk: int) -> HttpResponse:
    """Take a signed PDF.

    Not `once`: the same bytes sent twice are one revision by themselves, and a refusal is written
    to the journal, which a rolled-back transaction would lose.
    """
    found = _signing_or_404(request, year, pk)
    if not can_upload_signature(request.user, found):
        raise PermissionDenied
    form = SignedPdfForm(request.POST, request.FILES)
    if not form.is_valid():
        return _signing_page(request, found, form)
    try:
        accepted = accept_signed_pdf(
            signing=found, pdf=form.data_sent(), actor=request.user, at=timezone.now()
        )
    except RuleError as error:
        return _signing_page(request, found, SignedPdfForm(), refusal=str(error))
    names = "; ".join(signature.place.organisation.full_name for signature in accepted)
    board = signing_board(found)
    messages.success(
        request,
        f"Đã tiếp nhận chữ ký hợp lệ của {names}. Đã ký {len(board.signed)}/{board.total}.",
    )
    return redirect("documents:signing", year=year, pk=pk)


# --- Verifying -------------------------------------------------------------------------------
@takes_a_pdf
@public
@require_http_methods(["GET", "HEAD", "POST"])
def verify(request: HttpRequest) -> HttpResponse:
    """What is this file? Anybody may ask; nothing is stored."""
    return _verify_page(request, None)


@takes_a_pdf
@public
@require_http_methods(["GET", "HEAD", "POST"])
def verify_token(request: HttpRequest, token: str) -> HttpResponse:
    """What the server knows of the paper whose QR code was read, and is this file that paper?"""
    rounds = SigningRound.objects.select_related("year__cluster")
    return _verify_page(request, get_object_or_404(rounds, token=token))


def _verify_page(request: HttpRequest, asked: SigningRound | None) -> HttpResponse:
    posted = request.method == "POST"
    form = VerifyForm(request.POST, request.FILES) if posted else VerifyForm()
    finding = None
    if form.is_valid():
        finding = examine(form.data_sent(), at=timezone.now())
    paper = asked or (finding.signing if finding else None)
    context = {
        "form": form,
        "finding": finding,
        "file_name": form.cleaned_data["pdf"].name if finding else "",
        "asked": asked,
        "is_other": bool(asked and finding and finding.signing != asked),
        "paper": paper,
        "board": signing_board(paper) if paper else None,
        "current": current_revision(paper) if paper else None,
        "limit": settings.SIGNED_PDF_LIMIT // (1024 * 1024),
    }
    return render(request, "documents/verify.html", context, status=REFUSED if form.errors else 200)


# --- Certificates ----------------------------------------------------------------------------
@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
@once
def certificates(request: SignedInRequest, year: int) -> HttpResponse:
    """The members' certificates; a superior registers one."""
    emulation_year = year_or_404(request.user, year)
    may = can_register_certificates(request.user, emulation_year)
    if request.method == "POST" and not may:
        raise PermissionDenied
    at = timezone.now()
    form = CertificateForm(
        request.POST or None,
        request.FILES or None,
        heads=heads_of_members(emulation_year, at) if may else [],
    )
    if form.is_valid() and _register(request, form, emulation_year):
        return redirect("documents:certificates", year=year)
    board = certificate_board(emulation_year, at)
    context = {
        "year": emulation_year,
        "board": board,
        "can_register": may,
        "form": form,
        "registered": sum(any(row.state == "valid" for row in line.rows) for line in board),
        "history": history_of(*(row.certificate for line in board for row in line.rows)),
    }
    return render(request, "documents/certificates.html", context)


def _register(request: SignedInRequest, form: CertificateForm, year: EmulationYear) -> bool:
    head = form.cleaned_data["head"]
    try:
        register_certificate(
            holder=head.user,
            organisation=head.organisation,
            data=form.data_sent(),
            year=year,
            actor=request.user,
            at=timezone.now(),
        )
    except RuleError as error:
        form.add_error("certificate", str(error))
        return False
    messages.success(request, f"Đã đăng ký chứng thư số của {head.user}, {head.organisation}.")
    return True


@signed_in
@require_POST
@once
def certificate_withdraw(request: SignedInRequest, year: int, pk: int) -> HttpResponse:
    """From now on the certificate is not accepted; signatures already taken stay."""
    emulation_year = year_or_404(request.user, year)
    certificate = get_object_or_404(
        SignerCertificate.objects.filter(organisation__memberships__year=emulation_year), pk=pk
    )
    try:
        withdraw_certificate(
            certificate=certificate, year=emulation_year, actor=request.user, at=timezone.now()
        )
    except RuleError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, f"Đã thu hồi chứng thư số của {certificate.holder}.")
    return redirect("documents:certificates", year=year)
