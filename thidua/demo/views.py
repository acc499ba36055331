"""Signing in as each role, in the demo only."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST

from thidua.accounts.access import public
from thidua.accounts.models import User
from thidua.accounts.services import sign_in as sign_in_without_password
from thidua.demo.facts import demo_facts
from thidua.demo.guard import is_demo
from thidua.demo.people import certificates_dir, demo_data, teller_keys_dir
from thidua.demo.queries import casts
from thidua.organisations.context import LAST_YEAR


@public
def sign_in(request: HttpRequest) -> HttpResponse:
    """Every role of both years, one button each."""
    if not is_demo():
        raise Http404
    return render(
        request,
        "demo/sign_in.html",
        {
            "casts": casts(),
            "passphrase": demo_data()["passphrase"],
            "keys": certificates_dir(),
            "teller_keys": teller_keys_dir(),
        },
    )


@public
@require_POST
def sign_in_as(request: HttpRequest, pk: int, year: int) -> HttpResponse:
    """Sign in without a password; exists only where both keys of the demo are turned."""
    if not is_demo():
        raise Http404
    user = get_object_or_404(User, pk=pk, is_active=True)
    sign_in_without_password(request, user)
    request.session[LAST_YEAR] = year
    return redirect("home:year", year)


@public
def about(request: HttpRequest) -> HttpResponse:
    """What is real, with its source, and what is made up."""
    if not is_demo():
        raise Http404
    return render(request, "demo/about.html", {"facts": demo_facts()})
