"""Organisations, their successions and clusters from the data that comes with the product."""

import tomllib
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from django.db import transaction

from thidua.organisations.models import Cluster, Organisation, Succession

DATA = Path(__file__).parent / "data" / "organisations.toml"


@dataclass
class Loaded:
    """What was found or made, by name: `before` and `after` the merger of 2025."""

    by_key: dict[str, Organisation] = field(default_factory=dict)
    before: dict[str, Organisation] = field(default_factory=dict)
    after: dict[str, Organisation] = field(default_factory=dict)
    clusters: dict[str, Cluster] = field(default_factory=dict)


@transaction.atomic
def load_organisations(path: Path = DATA) -> Loaded:
    """Make what is missing, change nothing that is there; loading twice is loading once."""
    data = tomllib.loads(path.read_text(encoding="utf-8"))
    loaded = Loaded()
    start: date = data["start_on"]
    for row in data["organisation"]:
        loaded.by_key[row["key"]] = _organisation(
            full_name=row["full_name"],
            valid_from=start,
            kind=row["kind"],
            short_name=row["short_name"],
            abbreviation=row["abbreviation"],
            place=row["place"],
            parent=loaded.by_key.get(row.get("parent", "")),
            source=data["start_note"],
        )
    for row in data["province"] + data["city"]:
        for name in row["names"]:
            loaded.before[name] = _inspectorate(
                name, start, city=row in data["city"], source=data["start_note"]
            )
    _load_mergers(data, loaded)
    for row in data["cluster"]:
        loaded.clusters[row["key"]], _ = Cluster.objects.get_or_create(
            name=row["name"],
            defaults={
                "short_name": row["short_name"],
                "symbol": row["symbol"],
                "superior": loaded.by_key[row["superior"]],
                "source": row["source"],
            },
        )
    return loaded


def _load_mergers(data: dict[str, Any], loaded: Loaded) -> None:
    day, source = data["merged_on"], data["merged_by"]
    for row in data["merger"]:
        successor = _inspectorate(row["into"], day, city=row.get("city", False), source=source)
        loaded.after[row["into"]] = successor
        for name in row["of"]:
            predecessor = loaded.before[name]
            if predecessor.valid_to is None:
                predecessor.valid_to = day - timedelta(days=1)
                predecessor.save(update_fields=["valid_to"])
            Succession.objects.get_or_create(
                predecessor=predecessor,
                successor=successor,
                defaults={"kind": Succession.Kind.MERGE, "on": day, "source": source},
            )
    for name, organisation in loaded.before.items():
        if organisation.valid_to is None:
            loaded.after[name] = organisation


def _inspectorate(name: str, start: date, *, city: bool, source: str) -> Organisation:
    place = "thành phố" if city else "tỉnh"
    return _organisation(
        full_name=f"Thanh tra {place} {name}",
        valid_from=start,
        kind=Organisation.Kind.PROVINCIAL_INSPECTORATE,
        short_name=name,
        abbreviation="TTr",
        place=name,
        governing_body=f"Ủy ban nhân dân {place} {name}",
        source=source,
    )


def _organisation(*, full_name: str, valid_from: date, **fields: Any) -> Organisation:
    found, _ = Organisation.objects.get_or_create(
        full_name=full_name, valid_from=valid_from, defaults=fields
    )
    return found
