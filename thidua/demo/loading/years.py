"""The years of the demo with their members, before anybody does anything in them."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from thidua.demo.loading.scene import Scene
from thidua.demo.people import Cast, make_people
from thidua.organisations.models import Organisation
from thidua.organisations.services import open_year, set_members
from thidua.reporting.models import Indicator


def make_indicators(data: Mapping[str, Any]) -> None:
    """What the pact measures."""
    for row in data["indicator"]:
        Indicator.objects.create(
            **row, source="Mức phấn đấu của Cụm số IV năm 2020, thanhtra.com.vn bài 161493"
        )


def open_scene(
    number: int,
    data: Mapping[str, Any],
    names: Mapping[str, Organisation],
    cast: Cast,
    now: datetime,
) -> Scene:
    """The year, its members and their people; organisations by short name as they are that year."""
    script = data[f"year_{number}"]
    at = script["moments"].get("set_up", now)
    members = [names[name] for name in script["members"]]
    make_people(cast, data, members, at)
    year = open_year(
        cluster=cast.cluster, year=number, members_as_of=script["as_of"], actor=None, at=at
    )
    year.note = script["note"]
    year.save(update_fields=["note"])
    set_members(
        year=year,
        organisations=members,
        lead=names[script["lead"]],
        deputy=names[script["deputy"]],
        members_as_of=script["as_of"],
        actor=None,
        at=at,
    )
    year.refresh_from_db()
    return Scene(year, data, script, cast, now)
