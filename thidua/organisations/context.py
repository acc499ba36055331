"""The navigation of every page: the year at hand and its rooms."""

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest
from django.urls import reverse

from thidua.organisations.models import EmulationYear
from thidua.organisations.permissions import is_administrator, part_in

LAST_YEAR = "last_year_id"


@dataclass(frozen=True)
class Item:
    """One entry of the navigation."""

    label: str
    url: str
    icon: str
    active: bool = False


@dataclass(frozen=True)
class Room:
    """A page of the year, and the areas whose other pages belong to it."""

    label: str
    name: str
    icon: str
    areas: tuple[str, ...] = ()
    of_year: bool = True


ROOMS = (
    Room("Tổng quan", "home:year", "layout-dashboard"),
    Room("Phát động", "movements:launch", "megaphone", ("movements",)),
    Room("Giao ước", "pacts:board", "signature", ("pacts", "documents")),
    Room("Báo cáo", "reports:list", "file-spreadsheet", ("reports",)),
    Room("Bảng điểm", "scoring:scale", "list-checks"),
    Room("Chấm điểm", "scoring:sheet_list", "clipboard-check", ("scoring",)),
    Room("Chấm chéo", "scoring:cross_reviews", "users-round"),
    Room("Xếp hạng", "scoring:ranking", "trophy"),
    Room("Bỏ phiếu", "ballots:list", "vote", ("ballots",)),
)
MEMBERS = Room("Thành viên", "organisations:year_members", "users")
JOURNAL = Room("Nhật ký", "home:journal", "scroll-text")
DEADLINES = Room("Thời hạn", "reporting:deadline", "calendar-clock", of_year=False)
PEOPLE = Room("Người dùng", "organisations:person_list", "user-cog", of_year=False)


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
    """Context processor: `navigation`, `header_context`, `current_year`; three queries."""
    if not getattr(request, "user", None) or not request.user.is_authenticated:
        return {"navigation": []}
    year = current_year(request)
    if year is None:
        rooms = [DEADLINES, PEOPLE] if is_administrator(request.user) else [DEADLINES]
        return {"navigation": _items(rooms, None, request)}
    part = part_in(request.user, year)
    rooms = [*ROOMS, DEADLINES, MEMBERS]
    if part.can_read_journal:
        rooms.append(JOURNAL)
    if part.is_administrator:
        rooms.append(PEOPLE)
    return {
        "navigation": _items(rooms, year, request),
        "header_context": str(year),
        "current_year": year,
    }


def _items(rooms: list[Room], year: EmulationYear | None, request: HttpRequest) -> list[Item]:
    """The rooms as links; the one whose address fits best is the one the person is in."""
    urls = {
        room: reverse(room.name, args=[year.pk] if room.of_year and year else []) for room in rooms
    }
    inside = [room for room in rooms if request.path.startswith(urls[room])]
    area = request.resolver_match.namespace if request.resolver_match else ""
    here = max(inside, key=lambda room: len(urls[room]), default=None) or next(
        (room for room in rooms if area in room.areas), None
    )
    return [Item(room.label, url, room.icon, room is here) for room, url in urls.items()]
