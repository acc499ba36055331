"""Organisations and clusters as they are kept: the administrator's pages."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone

from thidua.accounts.access import SignedInRequest, requires
from thidua.accounts.once import once
from thidua.organisations.forms import (
    ClusterForm,
    EndOrganisationForm,
    OrganisationForm,
    StructureFilter,
    SuccessionForm,
)
from thidua.organisations.models import Organisation, Succession
from thidua.organisations.permissions import can_keep_structure
from thidua.organisations.queries import clusters, organisations_on
from thidua.organisations.services import (
    add_cluster,
    add_organisation,
    end_organisation,
    record_succession,
)
from thidua.rules.errors import RuleError


@requires(can_keep_structure)
def structure(request: SignedInRequest) -> HttpResponse:
    """Organisations that exist on a day, today unless said otherwise, and every cluster."""
    form = StructureFilter(request.GET or None)
    form.is_valid()
    typed = form.cleaned_data if form.is_bound else {}
    day = typed.get("day") or timezone.localdate()
    return render(
        request,
        "organisations/structure.html",
        {
            "form": form,
            "day": day,
            "organisations": organisations_on(day, typed.get("name", "")),
            "clusters": clusters(),
        },
    )


@requires(can_keep_structure)
@once
def organisation_new(request: SignedInRequest) -> HttpResponse:
    """A new organisation; what followed from which is recorded on a page of its own."""
    form = OrganisationForm(request.POST or None)
    if form.is_valid():
        values = form.cleaned_data
        try:
            added = add_organisation(
                kind=Organisation.Kind(values["kind"]),
                full_name=values["full_name"],
                short_name=values["short_name"],
                abbreviation=values["abbreviation"],
                governing_body=values["governing_body"],
                parent=values["parent"],
                place=values["place"],
                valid_from=values["valid_from"],
                source=values["source"],
                actor=request.user,
                at=timezone.now(),
            )
        except RuleError as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, f"Đã thêm {added}.")
            return redirect("organisations:organisation", added.pk)
    return render(request, "organisations/organisation_new.html", {"form": form})


@requires(can_keep_structure)
@once
def organisation_end(request: SignedInRequest, pk: int) -> HttpResponse:
    """The last day of an organisation."""
    found = get_object_or_404(Organisation, pk=pk)
    form = EndOrganisationForm(request.POST or None)
    if form.is_valid():
        try:
            end_organisation(
                organisation=found,
                last_day=form.cleaned_data["last_day"],
                actor=request.user,
                at=timezone.now(),
            )
        except RuleError as error:
            form.add_error("last_day", str(error))
        else:
            messages.success(request, f"Đã ghi ngày kết thúc của {found}.")
            return redirect("organisations:organisation", found.pk)
    return render(
        request, "organisations/organisation_end.html", {"organisation": found, "form": form}
    )


@requires(can_keep_structure)
@once
def succession_new(request: SignedInRequest) -> HttpResponse:
    """A merger, a split or a new name, between organisations that are both listed."""
    form = SuccessionForm(request.POST or None)
    if form.is_valid():
        values = form.cleaned_data
        try:
            record_succession(
                kind=Succession.Kind(values["kind"]),
                predecessors=list(values["predecessors"]),
                successor=values["successor"],
                on=values["on"],
                source=values["source"],
                actor=request.user,
                at=timezone.now(),
            )
        except RuleError as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, f"Đã ghi việc kế thừa thành {values['successor']}.")
            return redirect("organisations:organisation", values["successor"].pk)
    return render(request, "organisations/succession_new.html", {"form": form})


@requires(can_keep_structure)
@once
def cluster_new(request: SignedInRequest) -> HttpResponse:
    """A new cluster; its years are opened afterwards."""
    today = timezone.localdate()
    form = ClusterForm(request.POST or None, superiors=Organisation.objects.existing_on(today))
    if form.is_valid():
        values = form.cleaned_data
        try:
            added = add_cluster(
                name=values["name"],
                short_name=values["short_name"],
                symbol=values["symbol"],
                superior=values["superior"],
                source=values["source"],
                actor=request.user,
                at=timezone.now(),
            )
        except RuleError as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, f"Đã thêm {added}. Tiếp theo, hãy mở năm đầu tiên của cụm.")
            return redirect("organisations:year_open")
    return render(request, "organisations/cluster_new.html", {"form": form})
