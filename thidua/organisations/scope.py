"""Fetching through what a person may see: what is outside does not exist (404)."""

from django.shortcuts import get_object_or_404

from thidua.accounts.models import User
from thidua.organisations.models import EmulationYear


def year_or_404(user: User, pk: int) -> EmulationYear:
    """The emulation year with its cluster and superior, if the person may see it."""
    return get_object_or_404(
        EmulationYear.objects.visible_to(user).select_related("cluster__superior"), pk=pk
    )
