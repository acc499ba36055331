"""Urging (đôn đốc): from a due date and a calendar to who is reminded on which day, and why not.

Start with `urgings_on(day, Base(due_on=…, closes_on=…), shipped_rule(), shipped_calendar())`.
"""

from thidua.rules.urging.due import (
    Base,
    DueStep,
    Planned,
    Urgings,
    closes_on,
    planned,
    urgings_on,
)
from thidua.rules.urging.lateness import Lateness, lateness
from thidua.rules.urging.steps import (
    CHANNELS,
    LEVELS,
    Channel,
    Level,
    Rule,
    Side,
    Step,
    check_rule,
    differences,
    read_rule,
    rule_to_data,
    shipped_rule,
)

__all__ = [
    "CHANNELS",
    "LEVELS",
    "Base",
    "Channel",
    "DueStep",
    "Lateness",
    "Level",
    "Planned",
    "Rule",
    "Side",
    "Step",
    "Urgings",
    "check_rule",
    "closes_on",
    "differences",
    "lateness",
    "planned",
    "read_rule",
    "rule_to_data",
    "shipped_rule",
    "urgings_on",
]
