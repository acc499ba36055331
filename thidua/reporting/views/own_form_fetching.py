"""Fetching own forms through what a person may see."""

from django.http import Http404
from django.shortcuts import get_object_or_404

from thidua.accounts.access import SignedInRequest
from thidua.organisations.models import EmulationYear
from thidua.organisations.scope import year_or_404
from thidua.reporting.models import OwnForms
from thidua.reporting.permissions import can_draft_own_forms
from thidua.reporting.queries.own_forms import OwnForm, forms_of


def form_or_404(own: OwnForms, form: str) -> OwnForm:
    """A form of a version by its key."""
    found = next((each for each in forms_of(own.data) if each.template.key == form), None)
    if found is None:
        raise Http404
    return found


def draft_or_404(request: SignedInRequest, year: int) -> tuple[EmulationYear, OwnForms]:
    """The draft of the year, for those who write it."""
    found = year_or_404(request.user, year)
    if not can_draft_own_forms(request.user, found):
        raise Http404
    return found, get_object_or_404(OwnForms, year=found, state=OwnForms.State.DRAFT)


def version_sent(request: SignedInRequest) -> int:
    """The version of the draft that the person saw; 0, which is none, where it is broken."""
    text = request.POST.get("version", "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 9 else 0
