"""Pages that read across areas: the front page and the journal."""

from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone

from thidua.accounts.access import SignedInRequest, requires, signed_in
from thidua.audit.models import Entry
from thidua.audit.queries import filtered
from thidua.home.forms import JournalFilter
from thidua.home.queries import dashboard
from thidua.organisations.context import current_year
from thidua.organisations.permissions import can_read_journal, is_administrator
from thidua.organisations.scope import year_or_404

PER_PAGE = 50


@signed_in
def front(request: SignedInRequest) -> HttpResponse:
    """To the year at hand, or to the list of years where there is none."""
    year = current_year(request)
    if year is None:
        return redirect("organisations:year_list")
    return redirect("home:year", year.pk)


@signed_in
def year(request: SignedInRequest, year: int) -> HttpResponse:
    """Due from me, waiting for me, where we stand, the year with today on it."""
    found = year_or_404(request.user, year)
    today = timezone.localdate()
    return render(
        request,
        "home/year.html",
        {
            "year": found,
            "today": today,
            "board": dashboard(request.user, found, today),
        },
    )


def _journal(request: SignedInRequest, title: str, year_id: int | None) -> HttpResponse:
    form = JournalFilter(request.GET or None)
    entries = filtered(Entry.objects.filter(year_id=year_id), **form.values())
    page = Paginator(entries, PER_PAGE).get_page(request.GET.get("page"))
    query = request.GET.copy()
    query.pop("page", None)
    return render(
        request,
        "home/journal.html",
        {
            "title": title,
            "form": form,
            "page": page,
            "shows_system": year_id is not None and is_administrator(request.user),
            "query": f"{query.urlencode()}&" if query else "",
        },
    )


@signed_in
def journal(request: SignedInRequest, year: int) -> HttpResponse:
    """Every act of the year; for lead, superior and administrator."""
    found = year_or_404(request.user, year)
    if not can_read_journal(request.user, found):
        raise Http404
    return _journal(request, f"Nhật ký {found}", found.pk)


@requires(is_administrator)
def system_journal(request: SignedInRequest) -> HttpResponse:
    """Acts outside any year: people, roles, sign-in."""
    return _journal(request, "Nhật ký hệ thống", None)
