"""The navigation of every page: the year at hand and its rooms."""

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse

from thidua.organisations.models import EmulationYear
from thidua.organisations.permissions import can_read_journal, can_set_up_year

LAST_YEAR = "last_year_id"


@dataclass(frozen=True)
class Item:
    """One entry of the navigation."""

    label: str
    url: str
    icon: str
    active: bool = False


ROOMS = (
    ("Tổng quan", "home:year", "layout-dashboard"),
    ("Phát động", "movements:launch", "megaphone"),
    ("Giao ước", "pacts:board", "file-signature"),
    ("Bảng điểm", "scoring:scale", "list-checks"),
    ("Chấm điểm", "scoring:sheet_list", "clipboard-check"),
    ("Xếp hạng", "scoring:ranking", "trophy"),
)


def current_year(request: HttpRequest) -> EmulationYear | None:
    """The year named by the address, else the one last looked at, else the newest."""
    if not request.user.is_authenticated:
        return None
    visible = EmulationYear.objects.visible_to(request.user).select_related("cluster")
    match = request.resolver_match
    named = match.kwargs.get("year") if match else None
    if named is not None:
        found = visible.filter(pk=named).first()
        if found is not None and request.session.get(LAST_YEAR) != found.pk:
            request.session[LAST_YEAR] = found.pk
        return found
    last = request.session.get(LAST_YEAR)
    found = visible.filter(pk=last).first() if last else None
    return found or visible.first()


def navigation(request: HttpRequest) -> dict[str, Any]:
    """Context processor: `navigation`, `header_context`, `current_year`."""
    if not getattr(request, "user", None) or not request.user.is_authenticated:
        return {"navigation": []}
    year = current_year(request)
    if year is None:
        return {"navigation": []}
    rooms = list(ROOMS)
    if can_set_up_year(request.user, year):
        rooms.append(("Thiết lập năm", "organisations:year_setup", "settings-2"))
    if can_read_journal(request.user, year):
        rooms.append(("Nhật ký", "home:journal", "scroll-text"))
    space = request.resolver_match.namespace if request.resolver_match else ""
    here = request.path
    return {
        "navigation": [
            item for room in rooms if (item := _item(room, year, space, here)) is not None
        ],
        "header_context": str(year),
        "current_year": year,
    }


def _item(room: tuple[str, str, str], year: EmulationYear, space: str, here: str) -> Item | None:
    label, name, icon = room
    try:
        url = reverse(name, args=[year.pk])
    except NoReverseMatch:
        return None
    return Item(label, url, icon, active=here.startswith(url) and url != "/")
