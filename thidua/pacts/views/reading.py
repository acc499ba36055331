"""Reading the pact: the board, its versions, their difference."""

from hashlib import sha256

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from thidua.accounts.access import SignedInRequest, signed_in
from thidua.audit.queries import history_of
from thidua.documents.downloads import attachment
from thidua.organisations.models import EmulationYear
from thidua.organisations.permissions import own_membership
from thidua.organisations.scope import year_or_404
from thidua.pacts.content import content_of
from thidua.pacts.forms import (
    StartForm,
)
from thidua.pacts.models import PactVersion
from thidua.pacts.permissions import (
    can_agree,
    can_comment,
    can_draft_pact,
    can_freeze_pact,
)
from thidua.pacts.progress import progress_of
from thidua.pacts.queries import PactBoard, difference_lines, pact_board, steps_of, versions_of
from thidua.pacts.views.fetching import (
    version_or_404,
)
from thidua.rules.pacts import canonical_json

State = PactVersion.State
NOT_AS_FROZEN = (
    "Nội dung lấy từ cơ sở dữ liệu không còn khớp mã băm lúc chốt nên không được giao ra. "
    "Văn bản PDF ở bàn ký vẫn nguyên vẹn; hãy báo người quản trị kiểm tra."
)


@signed_in
@require_safe
def board(request: SignedInRequest, year: int) -> HttpResponse:
    """The newest version the person may see, and what is to be done with it."""
    emulation_year = year_or_404(request.user, year)
    return board_page(request, emulation_year, StartForm(initial={"title": "Giao ước thi đua"}))


def board_page(request: SignedInRequest, year: EmulationYear, form: StartForm) -> HttpResponse:
    versions = versions_of(request.user, year)
    found = pact_board(versions[0]) if versions else None
    context: dict[str, object] = {
        "year": year,
        "board": found,
        "pact": found.pact if found else None,
        "steps": steps_of(found),
        "versions": versions,
        "earlier": versions[1:],
        "can_draft": can_draft_pact(request.user, year),
        "start_form": form,
        "milestone": year.milestones.filter(kind="pact").first(),
    }
    if found is not None:
        context |= _may(request, found)
    return render(request, "pacts/board.html", context)


def _may(request: SignedInRequest, found: PactBoard) -> dict[str, object]:
    """What this person may do with the version, for the templates."""
    pact, user = found.pact, request.user
    own = own_membership(user, pact.year)
    consulting = pact.state == State.CONSULTING
    drafts = can_draft_pact(user, pact.year)
    may_agree = consulting and own is not None and can_agree(user, pact, own)
    signing = found.signing
    return {
        "own": own,
        "own_agreed": found.has_agreed(own),
        "own_unsigned": signing is not None and signing.place_of(own) is not None,
        "can_edit": drafts and pact.state != State.FROZEN,
        "can_open": drafts and pact.state == State.DRAFT,
        "can_answer": drafts and consulting,
        "can_comment": consulting and own is not None and can_comment(user, pact, own),
        "can_agree": may_agree and not found.has_agreed(own),
        "can_freeze": consulting and can_freeze_pact(user, pact),
        "can_start": drafts and pact.state == State.FROZEN,
        "waiting_days": (timezone.now() - pact.opened_at).days if pact.opened_at else 0,
        "version_field": {"version": pact.version},
        "history": history_of(pact),
    }


@signed_in
@require_safe
def progress(request: SignedInRequest, year: int) -> HttpResponse:
    """Where the commitments stand: accepted figures against targets, each down to its report."""
    emulation_year = year_or_404(request.user, year)
    found = versions_of(request.user, emulation_year)
    frozen = [each for each in found if each.state == State.FROZEN]
    pact = next(iter((*frozen, *found)), None)
    return render(
        request,
        "pacts/progress_page.html",
        {
            "year": emulation_year,
            "pact": pact,
            "progress": progress_of(pact, request.user) if pact else None,
        },
    )


@signed_in
@require_safe
def version(request: SignedInRequest, year: int, number: int) -> HttpResponse:
    """Any version, to be read only."""
    found = version_or_404(request, year, number)
    context = {
        "year": found.year,
        "board": pact_board(found),
        "pact": found,
        "others": [v for v in versions_of(request.user, found.year) if v != found],
        "history": history_of(found),
    }
    return render(request, "pacts/version.html", context)


@signed_in
@require_safe
def version_json(request: SignedInRequest, year: int, number: int) -> HttpResponse:
    """The very bytes whose SHA-256 is the fingerprint."""
    found = version_or_404(request, year, number)
    data = canonical_json(content_of(found))
    if found.fingerprint and sha256(data).hexdigest() != found.fingerprint:
        messages.error(request, NOT_AS_FROZEN)
        return redirect("pacts:version", year=year, number=number)
    return attachment(
        data,
        name=f"giao-uoc-{found.year.year}-phien-ban-{number}.json",
        media_type="application/json",
    )


@signed_in
@require_safe
def difference(request: SignedInRequest, year: int, old: int, new: int) -> HttpResponse:
    """What changed from one version to another."""
    first, second = (version_or_404(request, year, number) for number in (old, new))
    context = {
        "year": first.year,
        "old": first,
        "new": second,
        "lines": difference_lines(first, second),
    }
    return render(request, "pacts/difference.html", context)
