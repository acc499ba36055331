"""Fetching through what a person may see: the rest does not exist (404)."""

from collections.abc import Callable
from dataclasses import dataclass

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import get_object_or_404

from thidua.accounts.access import SignedInRequest
from thidua.organisations.models import EmulationYear
from thidua.organisations.scope import year_or_404
from thidua.rules.errors import RuleError
from thidua.scoring.models import CriterionScore, ScoreSheet

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
PDF = "application/pdf"


@dataclass(frozen=True)
class Found:
    """The year and the sheet a page is about."""

    year: EmulationYear
    sheet: ScoreSheet


def sheet_or_404(request: SignedInRequest, year: int, sheet: int) -> Found:
    """The sheet, if the person may see it."""
    found = year_or_404(request.user, year)
    return Found(
        found,
        get_object_or_404(
            ScoreSheet.objects.visible_to(request.user, found).select_related(
                "criteria_set",
                "membership__organisation",
                "membership__year__cluster",
                "submitted_by",
                "finalised_by",
            ),
            pk=sheet,
        ),
    )


def score_or_404(
    request: SignedInRequest, year: int, sheet: int, score: int
) -> tuple[Found, CriterionScore]:
    """The sheet and one of its scores."""
    found = sheet_or_404(request, year, sheet)
    score_row = get_object_or_404(
        CriterionScore.objects.select_related("criterion", "changed_by"),
        pk=score,
        sheet=found.sheet,
    )
    score_row.sheet = found.sheet
    return found, score_row


def acted(request: SignedInRequest, act: Callable[[], object], done: str) -> None:
    """Do it and say so, or say why not. An act that is not the person's does not exist for them."""
    try:
        act()
    except RuleError as error:
        messages.error(request, str(error))
    except PermissionDenied:
        raise Http404 from None
    else:
        messages.success(request, done)
