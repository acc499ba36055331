"""The clocks in force here: those of the law, with the administrator's settings laid over them."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from django.db.models import QuerySet
from django.utils import timezone

from thidua.reporting.models import ClockSetting
from thidua.rules.deadlines import (
    VARIANTS,
    Basis,
    Clock,
    parse_period,
    shipped_clocks,
    with_setting,
)
from thidua.rules.errors import RuleError


@dataclass(frozen=True)
class LoadedClocks:
    """Clocks by code in their order, and the settings that were applied, by code."""

    clocks: Mapping[str, Clock]
    settings: Mapping[str, ClockSetting]


def loaded_clocks() -> LoadedClocks:
    """Every clock as it counts here; one query.

    A setting that a newer release no longer allows, because the law was read meanwhile, is left out.
    """
    rows = ClockSetting.objects.select_related("set_by").order_by("code", "number")
    clocks, applied = shipped_clocks(), {}
    for setting in {row.code: row for row in rows}.values():
        if not setting.lengths:
            continue
        try:
            clocks = apply_setting(clocks, setting)
        except RuleError:
            continue
        applied[setting.code] = setting
    return LoadedClocks(clocks, applied)


def apply_setting(clocks: Mapping[str, Clock], setting: ClockSetting) -> dict[str, Clock]:
    """The clocks with one setting, which is said in the notes of every answer. Raises `RuleError`."""
    lengths = {variant: parse_period(text) for variant, text in setting.lengths.items()}
    found = with_setting(clocks, setting.code, lengths)
    clock = found[setting.code]
    versions = tuple(
        replace(each, note=" ".join(filter(None, (each.note, told(setting)))))
        if each.basis is Basis.SETTING
        else each
        for each in clock.versions
    )
    return {**found, setting.code: replace(clock, versions=versions)}


def told(setting: ClockSetting) -> str:
    """Who set which length, when and why, as one sentence."""
    on = timezone.localtime(setting.set_at)
    cases = ", ".join(
        f"{VARIANTS.get(variant, variant)}: {text}" for variant, text in setting.lengths.items()
    )
    reason = setting.reason.rstrip(" .")
    return f"Đặt bởi {setting.set_by} ngày {on:%d/%m/%Y} ({cases}). Căn cứ: {reason}."


def setting_history(code: str) -> QuerySet[ClockSetting]:
    """Every time the clock was set, the newest first."""
    return ClockSetting.objects.filter(code=code).select_related("set_by").order_by("-number")
