"""Clusters, years, organisations through time, people and their roles."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST

from thidua.accounts.access import SignedInRequest, requires, signed_in
from thidua.accounts.models import User
from thidua.accounts.once import once
from thidua.audit.queries import history_of
from thidua.organisations.forms import (
    AsOfForm,
    AssignmentForm,
    EndAssignmentForm,
    MembersForm,
    MilestonesForm,
    OpenYearForm,
    PersonForm,
)
from thidua.organisations.models import Assignment, EmulationYear, Organisation
from thidua.organisations.permissions import (
    can_open_year,
    can_set_up_year,
    is_administrator,
)
from thidua.organisations.queries import candidates, members_of, organisation_page, people
from thidua.organisations.scope import year_or_404
from thidua.organisations.services import (
    add_person,
    end_assignment,
    give_assignment,
    open_year,
    renew_password,
    set_active,
    set_members,
    set_milestones,
)
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
    found = year_or_404(request.user, year)
    if not can_set_up_year(request.user, found):
        raise PermissionDenied
    as_of = AsOfForm(request.GET or None, initial={"as_of": found.members_as_of})
    day = as_of.cleaned_data["as_of"] if as_of.is_valid() else found.members_as_of
    if request.method == "POST":
        posted = AsOfForm({"as_of": request.POST.get("as_of", "")})
        day = posted.cleaned_data["as_of"] if posted.is_valid() else day
    form = MembersForm(
        request.POST or None,
        year=found,
        choices=candidates(day),
        initial={"as_of": day, "version": found.version},
    )
    if request.method == "POST" and form.is_valid():
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
    return render(
        request,
        "organisations/year_setup.html",
        {
            "year": found,
            "as_of": as_of,
            "day": day,
            "form": form,
            "rows": form.rows(),
            "history": history_of(found, limit=20),
        },
    )


@signed_in
@once
def milestones_edit(request: SignedInRequest, year: int) -> HttpResponse:
    found = year_or_404(request.user, year)
    if not can_set_up_year(request.user, found):
        raise PermissionDenied
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
    found = get_object_or_404(
        Organisation.objects.visible_to(request.user).select_related("parent"), pk=pk
    )
    return render(
        request,
        "organisations/organisation.html",
        {"page": organisation_page(found, request.user), "organisation": found},
    )


@requires(is_administrator)
def person_list(request: SignedInRequest) -> HttpResponse:
    return render(
        request,
        "organisations/person_list.html",
        {"people": people(), "today": timezone.localdate()},
    )


@requires(is_administrator)
def person_new(request: SignedInRequest) -> HttpResponse:
    """Not `once`: that would keep the answer, and the answer holds a password."""
    form = PersonForm(request.POST or None)
    if form.is_valid():
        user, password = add_person(
            username=form.cleaned_data["username"],
            full_name=form.cleaned_data["full_name"],
            email=form.cleaned_data["email"],
            actor=request.user,
            at=timezone.now(),
        )
        return _show_password(request, user, password)
    return render(request, "organisations/person_new.html", {"form": form})


def _show_password(request: HttpRequest, user: User, password: str) -> HttpResponse:
    """The only page on which a password is ever read; stored nowhere, cached nowhere."""
    return render(
        request, "organisations/first_password.html", {"person": user, "password": password}
    )


@requires(is_administrator)
@once
def person(request: SignedInRequest, pk: int) -> HttpResponse:
    """One person: roles through time; give another."""
    found = get_object_or_404(User, pk=pk)
    form = AssignmentForm(request.POST or None, initial={"valid_from": timezone.localdate()})
    if form.is_valid():
        try:
            give_assignment(
                user=found,
                role=Assignment.Role(form.cleaned_data["role"]),
                organisation=form.cleaned_data["organisation"],
                cluster=form.cleaned_data["cluster"],
                post=form.cleaned_data["post"],
                valid_from=form.cleaned_data["valid_from"],
                actor=request.user,
                at=timezone.now(),
            )
        except RuleError as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, "Đã giao vai trò.")
            return redirect("organisations:person", found.pk)
    assignments = list(found.assignments.select_related("organisation", "cluster"))
    return render(
        request,
        "organisations/person.html",
        {
            "person": found,
            "assignments": assignments,
            "form": form,
            "end_form": EndAssignmentForm(initial={"last_day": timezone.localdate()}),
            "history": history_of(found, *assignments, limit=50),
            "is_self": found == request.user,
            "activate": {"active": "1"},
        },
    )


@requires(is_administrator)
@require_POST
@once
def assignment_end(request: SignedInRequest, pk: int) -> HttpResponse:
    assignment = get_object_or_404(Assignment, pk=pk)
    form = EndAssignmentForm(request.POST)
    if form.is_valid():
        try:
            end_assignment(
                assignment=assignment,
                last_day=form.cleaned_data["last_day"],
                actor=request.user,
                at=timezone.now(),
            )
        except RuleError as error:
            messages.error(request, str(error))
        else:
            messages.success(request, "Đã ghi ngày kết thúc vai trò.")
    else:
        messages.error(request, "Ngày kết thúc không đúng; vai trò chưa thay đổi.")
    return redirect("organisations:person", assignment.user_id)


@requires(is_administrator)
@require_POST
@once
def person_active(request: SignedInRequest, pk: int) -> HttpResponse:
    found = get_object_or_404(User, pk=pk)
    try:
        set_active(
            user=found,
            active=request.POST.get("active") == "1",
            actor=request.user,
            at=timezone.now(),
        )
    except RuleError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, "Đã đổi trạng thái tài khoản.")
    return redirect("organisations:person", found.pk)


@requires(is_administrator)
@require_POST
def person_password(request: SignedInRequest, pk: int) -> HttpResponse:
    found = get_object_or_404(User, pk=pk)
    try:
        password = renew_password(user=found, actor=request.user, at=timezone.now())
    except RuleError as error:
        messages.error(request, str(error))
        return redirect("organisations:person", found.pk)
    return _show_password(request, found, password)
