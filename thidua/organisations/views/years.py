"""Years and their members; organisations through time."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone

from thidua.accounts.access import SignedInRequest, requires, signed_in
from thidua.accounts.once import once
from thidua.audit.queries import history_of
from thidua.organisations.forms import AsOfForm, MembersForm, MilestonesForm, OpenYearForm
from thidua.organisations.models import EmulationYear, Organisation
from thidua.organisations.permissions import (
    can_keep_structure,
    can_open_year,
    can_set_up_year,
)
from thidua.organisations.queries import candidates, members_of, organisation_page
from thidua.organisations.scope import year_or_404
from thidua.organisations.services import open_year, set_members, set_milestones
from thidua.rules.errors import RuleError


@signed_in
def year_list(request: SignedInRequest) -> HttpResponse:
    """Every year the person may see."""
    years = EmulationYear.objects.visible_to(request.user).select_related("cluster__superior")
    return render(
        request,
        "organisations/year_list.html",
        {"years": years, "can_open": can_open_year(request.user)},
    )


@requires(can_open_year)
@once
def year_open(request: SignedInRequest) -> HttpResponse:
    """A new year of a cluster, with the customary milestones."""
    form = OpenYearForm(request.POST or None)
    if form.is_valid():
        try:
            year = open_year(
                cluster=form.cleaned_data["cluster"],
                year=form.cleaned_data["year"],
                members_as_of=form.cleaned_data["as_of"],
                actor=request.user,
                at=timezone.now(),
            )
        except RuleError as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, f"Đã mở {year}. Tiếp theo, hãy chọn đơn vị thành viên.")
            return redirect("organisations:year_setup", year.pk)
    return render(request, "organisations/year_open.html", {"form": form})


@signed_in
def year_members(request: SignedInRequest, year: int) -> HttpResponse:
    """Names and structure as they were in that year, and what followed."""
    found = year_or_404(request.user, year)
    return render(
        request,
        "organisations/year_members.html",
        {
            "year": found,
            "members": members_of(found),
            "milestones": found.milestones.all(),
            "can_set_up": can_set_up_year(request.user, found),
        },
    )


@signed_in
@once
def year_setup(request: SignedInRequest, year: int) -> HttpResponse:
    """Members as of a day, lead and deputy."""
    found = _year_to_set_up(request, year)
    # A day typed and sent stays the day of the page when the post is refused.
    as_of = AsOfForm(request.POST or request.GET or None, initial={"as_of": found.members_as_of})
    day = as_of.cleaned_data["as_of"] if as_of.is_valid() else found.members_as_of
    form = MembersForm(
        request.POST or None,
        year=found,
        choices=candidates(day),
        initial={"as_of": day, "version": found.version},
    )
    if form.is_valid():
        try:
            set_members(
                year=found,
                organisations=form.members(),
                lead=form.cleaned_data["lead"],
                deputy=form.cleaned_data["deputy"],
                members_as_of=form.cleaned_data["as_of"],
                version=form.cleaned_data["version"],
                actor=request.user,
                at=timezone.now(),
            )
        except RuleError as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, "Đã lưu danh sách đơn vị thành viên.")
            return redirect("organisations:year_members", found.pk)
    rows = form.rows()
    changed_meanwhile = form.is_bound and form.cleaned_data.get("version") != found.version
    return render(
        request,
        "organisations/year_setup.html",
        {
            "year": found,
            "as_of": as_of,
            "day": day,
            "form": form,
            "rows": rows,
            "has_deputy": any(row.is_deputy for row in rows),
            "stored": members_of(found) if changed_meanwhile else (),
            "history": history_of(found, limit=20),
        },
    )


def _year_to_set_up(request: SignedInRequest, pk: int) -> EmulationYear:
    """The year, for those who may set it up; 403 for those who only see it."""
    found = year_or_404(request.user, pk)
    if not can_set_up_year(request.user, found):
        raise PermissionDenied
    return found


@signed_in
@once
def milestones_edit(request: SignedInRequest, year: int) -> HttpResponse:
    """The dates of the year, each with its source."""
    found = _year_to_set_up(request, year)
    form = MilestonesForm(
        request.POST or None,
        milestones=list(found.milestones.all()),
        initial={"version": found.version},
    )
    if form.is_valid():
        try:
            set_milestones(
                year=found,
                dates=form.dates(),
                version=form.cleaned_data["version"],
                actor=request.user,
                at=timezone.now(),
            )
        except RuleError as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, "Đã lưu các mốc trong năm.")
            return redirect("organisations:year_members", found.pk)
    return render(request, "organisations/milestones.html", {"year": found, "form": form})


@signed_in
def organisation(request: SignedInRequest, pk: int) -> HttpResponse:
    """One organisation through time: where it came from, what followed."""
    found = get_object_or_404(
        Organisation.objects.visible_to(request.user).select_related("parent"), pk=pk
    )
    return render(
        request,
        "organisations/organisation.html",
        {
            "page": organisation_page(found, request.user),
            "organisation": found,
            "can_end": found.valid_to is None and can_keep_structure(request.user),
        },
    )
