"""Sets of bands: overlaps and holes, labels missing or repeated, tiers that no size has."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise
from math import ceil, floor

from thidua.rules.scoring.kinds import span
from thidua.rules.scoring.language import Band, InputKind, Kind, Line
from thidua.rules.scoring.lint.declared import Declared
from thidua.rules.scoring.lint.findings import Finding, Findings, table_error, table_warning
from thidua.rules.scoring.numbers import words

BY_DATE = {Kind.LATE, Kind.EARLY}


@dataclass
class Use:
    """How the lines of a table use one set of bands: for labels, for sizes of units (computed from
    an input: `as_sizes`), for the worth of numbers, of whole numbers only, from `least` up."""

    is_used: bool = True
    as_labels: bool = False
    as_tiers: bool = False
    as_sizes: bool = False
    as_values: bool = False
    all_whole: bool = True
    least: Fraction = Fraction(1)
    most: Fraction | None = Fraction(0)
    tier_sets: tuple[str, ...] = ()


def uses_of(lines: Iterable[Line], known: Declared) -> Mapping[str, Use]:
    """Every set that is used, with how; a choice offers the labels of its set."""
    found: dict[str, Use] = {}

    def use(name: str) -> Use:
        return found.setdefault(name, Use())

    for each in known.inputs.values():
        if each.kind is InputKind.CHOICE:
            use(each.options).as_labels = True
    for line in lines:
        if line.kind is Kind.OPTIONS:
            use(line.bands).as_labels = True
            continue
        if line.kind in {Kind.BANDS, Kind.MATRIX, *BY_DATE} and line.bands:
            _value_use(use(line.bands), line, known)
        if line.kind is Kind.MATRIX:
            tiers = use(line.tiers)
            tiers.as_tiers = True
            use(line.bands).tier_sets += (line.tiers,)
            if line.tier_input:
                tiers.as_sizes, tiers.least = True, Fraction(0)
                _whole_or_not(tiers, line.tier_input, known)
    return found


def _value_use(use: Use, line: Line, known: Declared) -> None:
    use.as_values = True
    if line.kind in BY_DATE:
        use.most = None
        return
    use.least = Fraction(0)
    _whole_or_not(use, line.input, known)


def _whole_or_not(use: Use, key: str, known: Declared) -> None:
    use.all_whole = use.all_whole and known.is_whole(key)
    most = known.most(key)
    use.most = None if most is None or use.most is None else max(use.most, most)


def lint_bands(lines: Iterable[Line], known: Declared) -> Findings:
    """What is wrong in the sets of bands, in the order they are declared."""
    uses = uses_of(lines, known)
    for name, bands in known.bands.items():
        # A set that nothing uses may be half written: only what can never be is said.
        use = uses.get(name, Use(is_used=False, as_values=True))
        if found := _of_set(name, bands, use, known):
            yield found


def _of_set(name: str, bands: tuple[Band, ...], use: Use, known: Declared) -> Finding | None:
    """The first error of a set, else its holes; one slip is said once."""
    where = f"bands.{name}"
    if not bands:
        return table_error(where, f"bộ bậc “{name}” chưa có bậc nào.")
    if reason := _wrong_set(bands, use, known):
        return table_error(where, f"bộ bậc “{name}”: {reason}")
    holes = _holes(bands, use, known) if use.is_used and (use.as_values or use.as_sizes) else ""
    if not holes:
        return None
    return table_warning(
        where, f"bộ bậc “{name}” không quy định mức: {holes}; gặp mức đó thì người quyết định."
    )


def _wrong_set(bands: tuple[Band, ...], use: Use, known: Declared) -> str:
    if use.as_labels or use.as_tiers:
        reason = _wrong_labels(bands)
    else:
        reason = _without_worth(bands) or _wrong_tier(bands, use, known)
    if not reason and (use.as_values or use.as_sizes):
        reason = _overlap(bands)
    return reason


def _wrong_labels(bands: tuple[Band, ...]) -> str:
    if any(not band.label.strip() for band in bands):
        return "có bậc chưa ghi tên mức."
    counts = Counter(band.label.casefold() for band in bands)
    repeated = next((band.label for band in bands if counts[band.label.casefold()] > 1), "")
    return f"mức “{repeated}” bị lặp." if repeated else ""


def _without_worth(bands: tuple[Band, ...]) -> str:
    for band in bands:
        if band.points is None and band.share is None and not band.label:
            return f"bậc {span(band)} chưa ghi điểm hoặc tỷ lệ điểm."
    return ""


def _wrong_tier(bands: tuple[Band, ...], use: Use, known: Declared) -> str:
    sets = [name for name in use.tier_sets if name in known.bands]
    if not sets or len(sets) < len(use.tier_sets):
        return ""
    labels = {band.label for name in sets for band in known.bands[name]}
    for band in bands:
        if not band.tier:
            return f"bậc {span(band)} chưa ghi cỡ đơn vị."
        if band.tier not in labels:
            return f"cỡ “{band.tier}” không có trong “{sets[0]}”."
    return ""


def _by_tier(bands: tuple[Band, ...]) -> dict[str, list[Band]]:
    """The bands of each size from low to high."""
    tiers: dict[str, list[Band]] = {}
    for band in bands:
        tiers.setdefault(band.tier, []).append(band)
    for rows in tiers.values():
        rows.sort(key=lambda band: (band.low is not None, band.low or 0, not band.low_in))
    return tiers


def _overlap(bands: tuple[Band, ...]) -> str:
    for tier, rows in _by_tier(bands).items():
        for one, two in pairwise(rows):
            if one.high is not None and two.low is not None:
                both = one.high_in and two.low_in
                if one.high < two.low or (one.high == two.low and not both):
                    continue
            at = f" của cỡ “{tier}”" if tier else ""
            return f"hai bậc{at} chồng nhau: {span(one)} và {span(two)}."
    return ""


def _holes(bands: tuple[Band, ...], use: Use, known: Declared) -> str:
    """Every hole in words; one that all sizes have is said once."""
    tiers = {tier: tuple(_gaps(rows, use)) for tier, rows in _by_tier(bands).items()}
    missing = [
        f"mọi mức của cỡ “{band.label}”"
        for name in dict.fromkeys(use.tier_sets)
        for band in known.bands.get(name, ())
        if band.label not in tiers
    ]
    gaps = list(tiers.values())
    if len(set(gaps)) == 1:
        return ", ".join((*gaps[0], *missing))
    said = [f"{gap} (cỡ “{tier}”)" for tier, rows in tiers.items() for gap in rows]
    return ", ".join((*said, *missing))


def _gaps(rows: list[Band], use: Use) -> Iterable[str]:
    """The values within the bounds of the use that no band of one size holds."""
    first, last, least, whole = rows[0], rows[-1], use.least, use.all_whole
    if first.low is not None and first.low >= least:
        yield from _gap(least, True, first.low, not first.low_in, whole=whole)
    for one, two in pairwise(rows):
        if one.high is not None and two.low is not None and two.low >= least:
            yield from _gap(one.high, not one.high_in, two.low, not two.low_in, whole=whole)
    if last.high is None:
        return
    ends = (100, use.most)  # A share in per cent ends at 100 by itself.
    if not (last.high_in and last.high in ends):
        yield f"{'trên' if last.high_in else 'từ'} {words(last.high)}"


def _gap(
    low: Fraction, low_in: bool, high: Fraction, high_in: bool, *, whole: bool
) -> Iterable[str]:
    """The hole between two ends in words, where there is one; of whole numbers if `whole`."""
    if whole:
        first, final = ceil(low), floor(high)
        first += first == low and not low_in
        final -= final == high and not high_in
        low, low_in, high, high_in = Fraction(first), True, Fraction(final), True
    if low == high and low_in and high_in:
        yield f"đúng {words(low)}"
    elif low < high:
        start = f"{'từ' if low_in else 'trên'} {words(low)}"
        yield f"{start} đến {'' if high_in else 'dưới '}{words(high)}"
