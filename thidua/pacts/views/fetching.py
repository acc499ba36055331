"""What every view of a pact begins with: fetch what the person may see, or 404."""

from collections.abc import Callable

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect

from thidua.accounts.access import SignedInRequest
from thidua.organisations.scope import year_or_404
from thidua.pacts.models import Commitment, CommitmentGroup, PactVersion
from thidua.pacts.permissions import (
    can_draft_pact,
)
from thidua.pacts.queries import versions_of
from thidua.rules.errors import RuleError


def version_or_404(request: SignedInRequest, year: int, number: int) -> PactVersion:
    emulation_year = year_or_404(request.user, year)
    visible = PactVersion.objects.visible_to(request.user, emulation_year)
    return get_object_or_404(
        visible.select_related("year__cluster", "signing", "frozen_by"), number=number
    )


def newest_or_404(request: SignedInRequest, year: int) -> PactVersion:
    versions = versions_of(request.user, year_or_404(request.user, year))
    if not versions:
        raise Http404
    return versions[0]


def pact_to_edit(request: SignedInRequest, year: int) -> PactVersion:
    """The newest version, for who may write it; the service refuses one that is frozen."""
    pact = newest_or_404(request, year)
    if not can_draft_pact(request.user, pact.year):
        raise PermissionDenied
    return pact


def group_or_404(request: SignedInRequest, year: int, pk: int) -> CommitmentGroup:
    """Of any version the person may see: an act on a frozen one is answered with the reason."""
    visible = PactVersion.objects.visible_to(request.user, year_or_404(request.user, year))
    groups = CommitmentGroup.objects.filter(pact__in=visible)
    return get_object_or_404(groups.select_related("pact__year__cluster"), pk=pk)


def commitment_or_404(request: SignedInRequest, year: int, pk: int) -> Commitment:
    visible = PactVersion.objects.visible_to(request.user, year_or_404(request.user, year))
    rows = Commitment.objects.filter(group__pact__in=visible)
    return get_object_or_404(rows.select_related("group__pact__year__cluster"), pk=pk)


def act(request: SignedInRequest, year: int, done: str, do: Callable[[], object]) -> HttpResponse:
    """Do it, say what happened, lead back to the board."""
    try:
        do()
    except RuleError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, done)
    return redirect("pacts:board", year=year)
