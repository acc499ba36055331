"""Urging: by rule on the schedule, by hand in one's own words, and setting the steps of a year."""

from thidua.reporting.services.urging.by_hand import LONGEST_TEXT, urge_now
from thidua.reporting.services.urging.by_rule import urge_due
from thidua.reporting.services.urging.setting import change_urging_rule

__all__ = ["LONGEST_TEXT", "change_urging_rule", "urge_due", "urge_now"]
