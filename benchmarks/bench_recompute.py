"""One figure changed: totals and places of 34 units × 176 leaves with 20 leader-relative rules.

What is timed is a change through `Cluster` until every total and place is known again: of an
ordinary figure; of one that moves the lead, and with it all units beyond their target; and of one
that moves the lead of all 20 rules at once. Then the same on a table with caps over groups,
conditional groups, a unit to which a criterion was not assigned, and ties by bonus and deduction,
with the ranking of all units added up from stored points. The floor is a straight evaluation of
the same formulas in floats, all leaves of all units at once by NumPy; where NumPy is not
installed, by plain Python, and the print says so. Run it with NumPy:
`uv run --with numpy python benchmarks/bench_recompute.py`; rules need the standard library only.
"""

import random
import statistics
import sys
import time
from collections.abc import Callable
from decimal import Decimal
from itertools import pairwise
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
from benchmarks.ruled_table import ruled_members, ruled_table
from thidua.rules.scoring import CriterionNode, Facts, Table, Unit, table_rules
from thidua.rules.scoring.cluster import Cluster, Member
from thidua.rules.scoring.placing import Entrant, placings
from thidua.rules.scoring.ranking import Contender, rank_groups
from thidua.rules.scoring.stored import add_up_stored

try:
    import numpy as np
except ImportError:
    np = None

UNITS, ROUNDS, LIMIT_MS = 34, 40, 50
LEADER, LINEAR, BANDS, CASES, RATES = 20, 60, 40, 40, 16  # 176
KINDS = ["leader"] * LEADER + ["linear"] * LINEAR + ["bands"] * BANDS
KINDS += ["cases"] * CASES + ["rates"] * RATES
BAND_ROWS = [("0", "50", "0"), ("50", "80", "0.5"), ("80", "1000", "1")]


def rule(kind: str, key: str) -> dict[str, object]:
    """The rule of one leaf of one point, with its input's name."""
    if kind == "bands":
        return {"kind": "bands", "input": key, "bands": "bac"}
    if kind == "cases":
        deduction = [{"kind": "per_case", "input": key, "points": "0.1", "cap": "0.5"}]
        return {"kind": "full", "deduction": deduction}
    if kind == "rates":
        return {"kind": "all_or_nothing", "input": f"{key}_ty_le", "threshold": "90"}
    return {"kind": kind, "input": key}


def make_table(*, shared: bool = False) -> Table:
    """`shared`: one figure decides all leader-relative leaves, the worst a change can meet."""
    inputs, leaves = [], []
    for place, kind in enumerate(KINDS):
        key = f"x{place}"
        inputs.append({"key": key, "label": f"Số liệu {place}", "kind": "figure"})
        if kind == "rates":
            inputs.append({"key": f"{key}_tong", "label": f"Tổng {place}", "kind": "figure"})
            formula = f"{key} / {key}_tong * 100"
            inputs.append(
                {
                    "key": f"{key}_ty_le",
                    "label": f"Tỷ lệ {place}",
                    "kind": "formula",
                    "formula": formula,
                }
            )
        leaves.append(
            CriterionNode(
                f"c{place}",
                f"Tiêu chí {place}",
                Decimal(1),
                rule=rule(kind, "x1" if shared and kind == "leader" else key),
                has_deduction=kind == "cases",
            )
        )
    groups = tuple(
        CriterionNode(f"g{number}", f"Nhóm {number}", children=tuple(leaves[number * 11 :][:11]))
        for number in range(16)
    )
    bands = [{"low": low, "high": high, "points": points} for low, high, points in BAND_ROWS]
    # Leaves are kept to a millionth, so that rounding does not hide an error of the comparison.
    rules = {
        "inputs": inputs,
        "bands": {"bac": bands},
        "leaf_rounding": {"quantum": "0.000001"},
        "ties": [{"by": "node", "of": "g0"}],
    }
    return Table("Bảng đo", Decimal(len(KINDS)), groups, rules=rules)


def make_members(seed: int) -> dict[int, Member]:
    draw = random.Random(seed)
    members = {}
    for unit in range(UNITS):
        facts, targets = {}, {}
        for place, kind in enumerate(KINDS):
            key = f"x{place}"
            most = 8 if kind == "cases" else 120
            facts[key] = str(draw.randint(0, most))
            if kind == "rates":
                facts[f"{key}_tong"] = str(draw.randint(1, 120))
            if kind == "linear" or (kind == "leader" and unit % 3):
                targets[key] = Decimal(draw.randint(50, 100))
        members[unit] = Member({}, facts, Unit(targets))
    return members


def arrays(members: dict[int, Member]) -> tuple[list[list[float]], ...]:
    """Values, targets (0: none), totals of rates: a row a unit, a column a leaf."""
    values, targets, wholes = [], [], []
    for member in members.values():
        facts, goal = member.facts, member.unit.targets
        values.append([float(facts[f"x{place}"]) for place in range(len(KINDS))])
        targets.append([float(goal.get(f"x{place}", 0)) for place in range(len(KINDS))])
        wholes.append([float(facts.get(f"x{place}_tong", 1)) for place in range(len(KINDS))])
    return values, targets, wholes


def by_numpy(values: object, targets: object, wholes: object) -> Callable[[], list[float]]:
    """All points of all units in floats, then the totals and the order."""
    v, t, w = (np.array(each) for each in (values, targets, wholes))
    ends = [0]
    for count in (LEADER, LINEAR, BANDS, CASES, RATES):
        ends.append(ends[-1] + count)
    lead, lin, band, case, rate = (slice(a, b) for a, b in pairwise(ends))

    def run() -> list[float]:
        a, g = v[:, lead], t[:, lead]
        has = g > 0
        exceed = np.where(has, a / np.where(has, g, 1) - 1, 0)
        top = np.maximum(exceed.max(axis=0), 1e-300)
        best = np.maximum(np.where(has, 0, a).max(axis=0), 1e-300)
        aimed = np.where(exceed > 0, 0.5 + 0.5 * exceed / top, 0.5 * (exceed + 1))
        total = np.where(has, aimed, a / best).sum(axis=1)
        total = total + np.minimum(v[:, lin] / t[:, lin], 1).sum(axis=1)
        total = total + np.select([v[:, band] >= 80, v[:, band] >= 50], [1, 0.5], 0).sum(axis=1)
        total = total + (1 - np.minimum(v[:, case] * 0.1, 0.5)).sum(axis=1)
        total = total + (v[:, rate] / w[:, rate] * 100 >= 90).sum(axis=1)
        np.argsort(-total)
        return list(total)

    return run


def by_python(
    values: list[list[float]], targets: list[list[float]], wholes: list[list[float]]
) -> Callable[[], list[float]]:
    """The same leaf by leaf."""

    def point(unit: int, place: int, top: list[float], best: list[float]) -> float:
        kind, v, t = KINDS[place], values[unit][place], targets[unit][place]
        if kind == "leader":
            if not t:
                return v / best[place]
            exceed = v / t - 1
            return 0.5 + 0.5 * exceed / top[place] if exceed > 0 else 0.5 * v / t
        if kind == "linear":
            return min(v / t, 1)
        if kind == "bands":
            return 1 if v >= 80 else 0.5 if v >= 50 else 0
        if kind == "cases":
            return 1 - min(v * 0.1, 0.5)
        return float(v / wholes[unit][place] * 100 >= 90)

    def run() -> list[float]:
        units, tiny = range(UNITS), 1e-300
        top, best = [], []
        for place in range(LEADER):
            pairs = [(values[unit][place], targets[unit][place]) for unit in units]
            top.append(max([v / t - 1 for v, t in pairs if t] + [tiny]))
            best.append(max([v for v, t in pairs if not t] + [tiny]))
        totals = [
            sum(point(unit, place, top, best) for place in range(len(KINDS))) for unit in units
        ]
        sorted(totals, reverse=True)
        return totals

    return run


def leading_change(cluster: Cluster[int]) -> Callable[[int], None]:
    """Each round the same unit goes further beyond all others: all who exceed move with it."""

    def change(number: int) -> None:
        cluster.change(1, "x1", str(1000 + number))
        places(cluster)

    return change


def places(cluster: Cluster[int]) -> dict[int, int]:
    """Totals and places as the product ranks them."""
    contenders = {
        key: Contender(result.rounded, subtotals=result.subtotals)
        for key, result in cluster.results().items()
    }
    return dict(rank_groups(contenders, table_rules(cluster.table).ties).places)


def under_every_rule() -> dict[str, float]:
    """Milliseconds on the table with caps, conditions, exceptions, gates, classes, written ties."""
    table = ruled_table()
    members = ruled_members(table)
    start = time.perf_counter()
    cluster = Cluster(table, 2026, members)
    found = {"everything anew": (time.perf_counter() - start) * 1000}

    def placed() -> None:
        facts = cluster.facts()
        placings(table, {key: Entrant(each, facts[key]) for key, each in cluster.results().items()})

    def change(key: int, name: str, text: str) -> None:
        cluster.change(key, name, text)
        placed()

    stored = {
        key: {path: leaf.points for path, leaf in each.leaves.items() if leaf.points is not None}
        for key, each in cluster.results().items()
    }

    def ranked_from_stored(_: int) -> None:
        entrants = {}
        for key, member in members.items():
            facts = Facts(table_rules(table), member.facts, member.unit, year=2026)
            result = add_up_stored(table, stored[key], {}, facts, cluster.leads)
            entrants[key] = Entrant(result, facts)
        placings(table, entrants)

    found["ranking from stored points"] = median_ms(ranked_from_stored, 10)
    found["ordinary figure"] = median_ms(lambda n: change(n % UNITS, "x5_3", str(40 + n)))
    found["figure of the leader"] = median_ms(lambda n: change(1, "x7_0", str(1000 + n)))
    found["condition of 4 groups"] = median_ms(
        lambda n: change(3, "co_bien", "yes" if n % 2 else "no")
    )
    return found


def median_ms(act: Callable[[int], object], rounds: int = ROUNDS) -> float:
    spent = []
    for number in range(rounds):
        start = time.perf_counter()
        act(number)
        spent.append(time.perf_counter() - start)
    return statistics.median(spent) * 1000


def main() -> None:
    table, members = make_table(), make_members(2026)
    start = time.perf_counter()
    cluster = Cluster(table, 2026, members)
    whole = (time.perf_counter() - start) * 1000
    ordinary = f"x{LEADER + 3}"

    def change_ordinary(number: int) -> None:
        cluster.change(number % UNITS, ordinary, str(40 + number))
        places(cluster)

    plain, leading = median_ms(change_ordinary), median_ms(leading_change(cluster))
    worst = median_ms(leading_change(Cluster(make_table(shared=True), 2026, members)))
    floor = (by_numpy if np else by_python)(*arrays(cluster.members()))
    found, exact = floor(), [float(result.total) for result in cluster.results().values()]
    if max(abs(a - b) for a, b in zip(found, exact, strict=True)) > 0.0005:
        raise SystemExit("the floor evaluates other formulas")
    bottom = median_ms(lambda _: floor(), 200 if np else ROUNDS)
    name = "NumPy" if np else "plain Python (NumPy is not installed)"
    print(f"recompute {UNITS} × {len(KINDS)}, {LEADER} leader-relative rules, {ROUNDS} rounds")
    print(f"  everything anew      {whole:8.2f} ms (once)")
    print(f"  ordinary figure      {plain:8.2f} ms (median), with places")
    print(
        f"  figure of the leader {leading:8.2f} ms (median), with places; all beyond their target move"
    )
    print(f"  figure of 20 leaders {worst:8.2f} ms (median), the same for all 20 rules at once")
    print(f"  floor                {bottom:8.3f} ms, all leaves in floats by {name}")
    print(f"  ordinary / floor     {plain / bottom:8.2f}")
    print(f"  leader / floor       {leading / bottom:8.2f}")
    ruled = under_every_rule()
    print("under caps, conditions, exceptions, gates, classes and ties by bonus and deduction")
    for what, spent in ruled.items():
        print(f"  {what:<27}{spent:8.2f} ms, with places and classes")
    worst = max(worst, *(spent for what, spent in ruled.items() if "figure" in what))
    print(f"  limit                {LIMIT_MS:8.2f} ms: {'kept' if worst <= LIMIT_MS else 'BROKEN'}")


if __name__ == "__main__":
    main()
