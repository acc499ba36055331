"""Lines that look a value up: options, bands, size tiers with bands."""

from fractions import Fraction

from thidua.rules.errors import RuleError
from thidua.rules.scoring.kinds.env import Env, Open, Say, State
from thidua.rules.scoring.language import Band, Line
from thidua.rules.scoring.numbers import words


def options(line: Line, maximum: Fraction | None, env: Env, say: Say | None) -> Fraction:
    chosen = env.need(line.input)
    for band in bands_named(line.bands, env):
        if band.label == chosen:
            points = band.worth(maximum)
            if say:
                say(f"{env.label(line.input)}: {band.label} → {words(points)}.")
            return points
    raise Open(State.PERSON, f"mức “{chosen}” không có trong bộ bậc “{line.bands}”")


def banded(
    line: Line, maximum: Fraction | None, value: Fraction, env: Env, tier: str = ""
) -> tuple[Fraction, str]:
    """Points of the band that holds the value, and the band in words; Open in a hole."""
    for band in bands_named(line.bands, env):
        if band.tier == tier and band.holds(value):
            return band.worth(maximum), span(band)
    at = f", cỡ “{tier}”" if tier else ""
    raise Open(
        State.PERSON,
        f"bộ bậc “{line.bands}” không quy định mức {words(value)}{at}; cần người quyết định",
    )


def by_band(line: Line, maximum: Fraction | None, env: Env, say: Say | None) -> Fraction:
    points, where = banded(line, maximum, env.number(line.input), env)
    if say:
        say(f"{env.shown(line.input)}, thuộc bậc {where} → {words(points)}.")
    return points


def matrix(line: Line, maximum: Fraction | None, env: Env, say: Say | None) -> Fraction:
    tier = _tier(line, env)
    points, where = banded(line, maximum, env.number(line.input), env, tier)
    if say:
        say(f"Cỡ “{tier}”; {env.shown(line.input)}, thuộc bậc {where} → {words(points)}.")
    return points


def _tier(line: Line, env: Env) -> str:
    if not line.tier_input:
        tier = env.facts.unit.tiers.get(line.tiers, "")
        if not tier:
            raise Open(State.MISSING, f"chưa ghi cỡ của đơn vị theo “{line.tiers}”")
        return tier
    size = env.number(line.tier_input)
    for band in bands_named(line.tiers, env):
        if band.holds(size):
            return band.label
    raise Open(
        State.PERSON, f"“{line.tiers}” không quy định cỡ cho {words(size)}; cần người quyết định"
    )


def bands_named(name: str, env: Env) -> tuple[Band, ...]:
    """The bands of a set; RuleError when it is not declared."""
    found = env.facts.rules.bands.get(name)
    if found is None:
        raise RuleError(f"bộ bậc “{name}” chưa khai báo.")
    return found


def span(band: Band) -> str:
    """A band in words: “từ 80 đến dưới 90”."""
    if band.label and band.low is None and band.high is None:
        return band.label
    low = "" if band.low is None else f"{'từ' if band.low_in else 'trên'} {words(band.low)}"
    high = "" if band.high is None else f"{'đến' if band.high_in else 'dưới'} {words(band.high)}"
    if low and high and not band.high_in:
        high = f"đến {high}"
    return " ".join(filter(None, (low, high))) or "mọi mức"
