"""People, their first passwords and their roles: the administrator's pages."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST

from thidua.accounts.access import SignedInRequest, requires
from thidua.accounts.adapter import is_dormant
from thidua.accounts.models import User
from thidua.accounts.once import once
from thidua.audit.queries import history_of
from thidua.organisations.forms import AssignmentForm, EndAssignmentForm, PersonForm
from thidua.organisations.models import Assignment
from thidua.organisations.permissions import is_administrator
from thidua.organisations.queries import people
from thidua.organisations.services import (
    add_person,
    end_assignment,
    give_assignment,
    renew_password,
    set_active,
)
from thidua.rules.errors import RuleError


@requires(is_administrator)
def person_list(request: SignedInRequest) -> HttpResponse:
    """Everybody who may sign in, with their roles."""
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
        try:
            user, password = add_person(
                username=form.cleaned_data["username"],
                full_name=form.cleaned_data["full_name"],
                email=form.cleaned_data["email"],
                actor=request.user,
                at=timezone.now(),
            )
        except RuleError as error:
            form.add_error("username", str(error))
        else:
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
            "is_open": found.is_active and not is_dormant(found),
            "activate": {"active": "1"},
        },
    )


@requires(is_administrator)
@require_POST
@once
def assignment_end(request: SignedInRequest, pk: int) -> HttpResponse:
    """The last day of a role."""
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
        said = " ".join(map(str, form.errors["last_day"]))
        messages.error(request, f"Vai trò chưa thay đổi: ngày cuối cùng không đọc được. {said}")
    return redirect("organisations:person", assignment.user_id)


@requires(is_administrator)
@require_POST
@once
def person_active(request: SignedInRequest, pk: int) -> HttpResponse:
    """Close an account, or open it again (`active` is 1)."""
    found = get_object_or_404(User, pk=pk)
    active = request.POST.get("active") == "1"
    try:
        set_active(user=found, active=active, actor=request.user, at=timezone.now())
    except RuleError as error:
        messages.error(request, str(error))
    else:
        done = "Đã mở lại tài khoản" if active else "Đã khoá tài khoản"
        messages.success(request, f"{done} của {found.full_name}.")
    return redirect("organisations:person", found.pk)


@requires(is_administrator)
@require_POST
def person_password(request: SignedInRequest, pk: int) -> HttpResponse:
    """Not `once`, as above: a second post makes a second password, and the page shows that one."""
    found = get_object_or_404(User, pk=pk)
    try:
        password = renew_password(user=found, actor=request.user, at=timezone.now())
    except RuleError as error:
        messages.error(request, str(error))
        return redirect("organisations:person", found.pk)
    return _show_password(request, found, password)
