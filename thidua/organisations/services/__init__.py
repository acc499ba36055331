"""The acts of setting up: organisations and clusters; a year with its members; people."""

from thidua.organisations.services.people import (
    add_first_administrator,
    add_person,
    end_assignment,
    give_assignment,
    renew_password,
    set_active,
)
from thidua.organisations.services.structure import (
    add_cluster,
    add_organisation,
    end_organisation,
    record_succession,
)
from thidua.organisations.services.years import (
    has_taken_part,
    open_year,
    set_members,
    set_milestones,
)

__all__ = [
    "add_cluster",
    "add_first_administrator",
    "add_organisation",
    "add_person",
    "end_assignment",
    "end_organisation",
    "give_assignment",
    "has_taken_part",
    "open_year",
    "record_succession",
    "renew_password",
    "set_active",
    "set_members",
    "set_milestones",
]
