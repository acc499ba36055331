"""Deny by default: a view that does not say who may open it is opened by nobody.

Every view carries one of the marks below. `AccessMiddleware` refuses a view without one, a system
check fails the build, and the access matrix in the tests covers each route by its mark.
Marks guard the route; which objects a person sees is decided by `visible_to`.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TypeVar

from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, URLResolver, get_resolver

from thidua.accounts.models import User

View = TypeVar("View", bound=Callable[..., object])
Predicate = Callable[[User], bool]


class SignedInRequest(HttpRequest):
    """A request behind `signed_in` or `requires`: there is a person."""

    user: User


@dataclass(frozen=True)
class Access:
    """Who may open a route: anybody, anybody signed in, or those the predicate lets in."""

    public: bool = False
    may: Predicate | None = None


def public(view: View) -> View:
    """Anybody, without signing in."""
    view.access = Access(public=True)  # type: ignore[attr-defined]
    return view


def signed_in(view: View) -> View:
    """Anybody signed in; the objects are limited by `visible_to`."""
    view.access = Access()  # type: ignore[attr-defined]
    return view


def requires(may: Predicate) -> Callable[[View], View]:
    """Those signed in whom the predicate lets in; the page does not exist (404) for others."""

    def mark(view: View) -> View:
        view.access = Access(may=may)  # type: ignore[attr-defined]
        return view

    return mark


def leaves_no_trace(view: View) -> View:
    """A request to this view is not noted in the session: it must not tell when it was made.

    For the one act whose moment may never be tied to a person: casting a secret vote (rule B3).
    """
    view.leaves_no_trace = True  # type: ignore[attr-defined]
    return view


def access_of(view: Callable[..., HttpResponse]) -> Access | None:
    """The mark of a view, or None where its author forgot it."""
    found = getattr(view, "access", None)
    return found if isinstance(found, Access) else None


def routes(
    resolver: URLResolver | None = None, namespace: str = ""
) -> Iterator[tuple[str, URLPattern]]:
    """Every route of the product with its full name (`scoring:sheet_list`)."""
    for pattern in (resolver or get_resolver()).url_patterns:
        if isinstance(pattern, URLResolver):
            inner = f"{namespace}{pattern.namespace}:" if pattern.namespace else namespace
            yield from routes(pattern, inner)
        else:
            yield f"{namespace}{pattern.name}", pattern
