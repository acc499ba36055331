"""What the benchmarks of pages share: a database of their own, a cluster in it, pages timed in turn.

Import it before Django: `prepare` chooses the settings.
"""

import os
import shutil
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

ROOT = Path(__file__).resolve().parents[1]
if str(ROOT) not in sys.path:
    sys.path.insert(0, str(ROOT))
NOW = datetime(2026, 11, 20, 9, 0, tzinfo=ZoneInfo("Asia/Ho_Chi_Minh"))
BARE = "/tran/"


@contextmanager
def own_database() -> Iterator[None]:
    """Settings over an empty temporary data directory, database migrated; all gone afterwards."""
    place = tempfile.mkdtemp(prefix="thidua-bench-")
    Path(place, "static").mkdir()
    os.environ.update(
        THIDUA_MODE="test", THIDUA_DATA=place, DJANGO_SETTINGS_MODULE="config.settings"
    )
    os.environ.pop("DATABASE_URL", None)
    import django

    django.setup()
    from django.core.management import call_command

    call_command("migrate", verbosity=0, skip_checks=True)
    try:
        yield
    finally:
        shutil.rmtree(place, ignore_errors=True)


@dataclass
class Place:
    """A year of a cluster: its units in order, and a head of the first of them."""

    year: Any
    units: list[Any]
    person: Any


def cluster(size: int) -> Place:
    """A year of a cluster of so many units, without memberships yet."""
    from thidua.accounts.models import User
    from thidua.organisations.models import Assignment, Cluster, EmulationYear, Organisation

    units = [
        Organisation.objects.create(
            kind="other",
            full_name=f"Thanh tra tỉnh số {unit}",
            short_name=f"Tỉnh số {unit}",
            valid_from=date(2020, 1, 1),
        )
        for unit in range(size + 1)
    ]
    made = Cluster.objects.create(name="Cụm", short_name="Cụm", superior=units[-1])
    year = EmulationYear.objects.create(cluster=made, year=2026, members_as_of=date(2026, 1, 1))
    person = User.objects.create_user("nguoi-xem", "Người xem")
    Assignment.objects.create(
        user=person, role="head", organisation=units[0], valid_from=date(2020, 1, 1)
    )
    return Place(year, units[:size], person)


def members(place: Place) -> list[Any]:
    """Every unit as a member, the first of them as lead."""
    from thidua.organisations.models import Membership

    return [
        Membership.objects.create(
            year=place.year,
            organisation=unit,
            order=order,
            role=Membership.Role.LEAD if order == 1 else Membership.Role.MEMBER,
        )
        for order, unit in enumerate(place.units, start=1)
    ]


def issued_table(place: Place, table: Any) -> Any:
    """A points table stored and in force."""
    from thidua.scoring.models import CriteriaSet
    from thidua.scoring.tables import store_table

    issued = CriteriaSet(year=place.year, number=1, imported_at=NOW, imported_by=place.person)
    store_table(issued, table)
    issued.state, issued.issued_at = CriteriaSet.State.ISSUED, NOW
    issued.save()
    return issued


class Pages:
    """A signed-in client, and a bare page of the same bytes behind the same middleware."""

    def __init__(self, person: Any) -> None:
        from django.http import HttpResponse
        from django.test import Client
        from django.urls import path

        from config import urls
        from thidua.accounts.access import signed_in

        self._held = b""
        bare = signed_in(lambda request: HttpResponse(self._held))
        urls.urlpatterns.insert(0, path(BARE.strip("/") + "/", bare))
        self.client = Client(headers={"host": "localhost"})
        self.client.force_login(
            person, backend="allauth.account.auth_backends.AuthenticationBackend"
        )

    def whole(self, address: str, mark: bytes, least: int) -> bytes:
        """The page, once it is sure to be whole: `mark` at least so often. The bare page gives the same."""
        answer = self.client.get(address)
        found = answer.content.count(mark)
        if answer.status_code != 200 or found < least:
            raise SystemExit(f"{address} is not whole: {answer.status_code}, {found} × {mark!r}")
        self._held = answer.content
        if self.client.get(BARE).content != answer.content:
            raise SystemExit("the bare page differs")
        return answer.content

    def get(self, address: str) -> Callable[[], object]:
        return lambda: self.client.get(address)


@dataclass(frozen=True)
class Spent:
    """Medians, in seconds: by the clock, and by processor, which others on the machine disturb less."""

    clock: float
    processor: float


def timed(works: dict[str, Callable[[], object]], rounds: int) -> dict[str, Spent]:
    """Each work so many times, in turn, so that a slow moment falls on all alike."""
    spent: dict[str, list[tuple[float, float]]] = {name: [] for name in works}
    for _ in range(rounds):
        for name, act in works.items():
            clock, used = time.perf_counter(), time.process_time()
            act()
            spent[name].append((time.perf_counter() - clock, time.process_time() - used))
    return {
        name: Spent(*(statistics.median(each[side] for each in taken) for side in (0, 1)))
        for name, taken in spent.items()
    }


def show(title: str, spent: dict[str, Spent], base: str, *others: str) -> None:
    """Milliseconds, and the ratio to a work (with `others`: to their sum)."""
    floor = Spent(
        sum(spent[name].clock for name in (base, *others)),
        sum(spent[name].processor for name in (base, *others)),
    )
    named = " + ".join((base, *others))
    print(title)
    print(f"{'':<30}{'clock ms':>10}{'CPU ms':>10}{'ratio':>8}{'CPU ratio':>11}  to {named}")
    for name, taken in spent.items():
        print(
            f"{name:<30}{taken.clock * 1000:>10.2f}{taken.processor * 1000:>10.2f}"
            f"{taken.clock / floor.clock:>8.2f}{taken.processor / floor.processor:>11.2f}"
        )
