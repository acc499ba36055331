"""The acts of setting up: a year with its members and dates; people with their roles."""

from thidua.organisations.services.people import (
    add_first_administrator,
    add_person,
    end_assignment,
    give_assignment,
    renew_password,
    set_active,
)
from thidua.organisations.services.years import (
    has_taken_part,
    open_year,
    set_members,
    set_milestones,
)

__all__ = [
    "add_first_administrator",
    "add_person",
    "end_assignment",
    "give_assignment",
    "has_taken_part",
    "open_year",
    "renew_password",
    "set_active",
    "set_members",
    "set_milestones",
]
