"""National total of one form: the product's roll-up against hand-written SQL, same data, same run.

34 provinces × 100 communes × 12 forms × 4 quarters × 3 years on PostgreSQL (`DATABASE_URL`, which
must name an empty database of its own); a tenth of the communes on SQLite without it. Rows are made
inside the database. Two worlds: all units have data in the same cells, then one unit in 50 lacks
one, as real years do. The hand-written SQL gives sums and counts alone: no names of who lacks, no
sums that the form prescribes, no plan over time.
"""

import os
import shutil
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))
ON_SERVER = bool(os.environ.get("DATABASE_URL"))
UNITS = int(os.environ.get("UNITS", "3400" if ON_SERVER else "340"))
YEARS = (2026, 2027, 2028)
ROUNDS = int(os.environ.get("ROUNDS", "7"))
FORM = "ttr1"
OF_OTHERS = 10
NOW = datetime(2026, 11, 20, 9, 0, tzinfo=ZoneInfo("Asia/Ho_Chi_Minh"))


def prepare() -> str:
    """Settings over an empty temporary data directory, database migrated."""
    place = tempfile.mkdtemp(prefix="thidua-bench-")
    Path(place, "static").mkdir()
    os.environ.update(
        THIDUA_MODE="test", THIDUA_DATA=place, DJANGO_SETTINGS_MODULE="config.settings"
    )
    import django

    django.setup()
    from django.core.management import call_command

    call_command("migrate", verbosity=0, skip_checks=True)
    return place


def fill() -> int:
    """Units, years, quarters and reports by Django; figures inside the database. Out: how many."""
    from django.db import connection

    from thidua.accounts.models import User
    from thidua.organisations.models import Cluster, EmulationYear, Membership, Organisation
    from thidua.reporting.models import Report, ReportingPeriod

    person = User.objects.create_user("nguoi-nop", "Người nộp")
    units = Organisation.objects.bulk_create(
        Organisation(
            kind="other",
            full_name=f"Uỷ ban nhân dân xã số {number}",
            short_name=f"Xã số {number}",
            valid_from=date(2020, 1, 1),
        )
        for number in range(UNITS)
    )
    cluster = Cluster.objects.create(name="Toàn quốc", short_name="TQ", superior=units[0])
    for number in YEARS:
        year = EmulationYear.objects.create(
            cluster=cluster, year=number, members_as_of=date(number, 1, 1)
        )
        members = Membership.objects.bulk_create(
            Membership(year=year, organisation=unit, order=order, role="member")
            for order, unit in enumerate(units, start=1)
        )
        for order in range(4):
            first, last = date(number, 1 + 3 * order, 1), date(number, 3 + 3 * order, 28)
            period = ReportingPeriod.objects.create(
                year=year,
                code=f"q{order + 1}",
                order=order,
                first_on=first,
                last_on=last,
                local_due_on=last,
                due_on=last,
                has_narrative=False,
            )
            Report.objects.bulk_create(
                (
                    Report(
                        membership=member,
                        period=period,
                        edition="TT06-2025",
                        started_at=NOW,
                        started_by=person,
                    )
                    for member in members
                ),
                batch_size=2000,
            )
    with connection.cursor() as cursor:
        if ON_SERVER:
            # Guards and foreign keys look at every row; here millions of them are made at once.
            cursor.execute("ALTER TABLE reporting_figure DISABLE TRIGGER ALL")
        _figures(cursor, person.pk)
        if ON_SERVER:
            cursor.execute("ALTER TABLE reporting_figure ENABLE TRIGGER ALL")
        cursor.execute(
            "UPDATE reporting_report SET state='accepted', submitted_at=%s, submitted_by_id=%s, "
            "accepted_at=%s, accepted_by_id=%s",
            [NOW, person.pk, NOW, person.pk],
        )
        cursor.execute("ANALYZE")
        cursor.execute("SELECT COUNT(*) FROM reporting_figure")
        return int(cursor.fetchone()[0])


def _figures(cursor, person: int) -> None:
    """The typed figures of the form, ten of every other form; sums are left to be computed."""
    from thidua.rules.reporting import edition

    keys = []
    for template in edition("TT06-2025").templates:
        typed = [each.key for each in template.numbers if not each.is_computed]
        keys += typed if template.key == FORM else typed[:OF_OTHERS]
    cursor.execute("CREATE TEMPORARY TABLE wanted (place integer, name varchar(60))")
    cursor.executemany("INSERT INTO wanted (place, name) VALUES (%s, %s)", list(enumerate(keys)))
    cursor.execute(
        "INSERT INTO reporting_figure (report_id, indicator_key, row, value, qualifier, text, "
        "version, changed_by_id, changed_at) "
        "SELECT r.id, w.name, '', (r.id * 7 + w.place * 13) %% 1000, '', '', 1, %s, %s "
        "FROM reporting_report r CROSS JOIN wanted w",
        [person, NOW],
    )


def some_lack(year_number: int) -> None:
    """One unit in 50 has no data in one cell: with triggers set aside, as before hand-in."""
    from django.db import connection

    aside, back = (
        (
            "ALTER TABLE reporting_figure DISABLE TRIGGER USER",
            "ALTER TABLE reporting_figure ENABLE TRIGGER USER",
        )
        if connection.vendor == "postgresql"
        else ("", "")
    )
    with connection.cursor() as cursor:
        guards = []
        if aside:
            cursor.execute(aside)
        else:
            cursor.execute(
                "SELECT name, sql FROM sqlite_master WHERE type='trigger' "
                "AND tbl_name='reporting_figure'"
            )
            guards = cursor.fetchall()
            for name, _ in guards:
                cursor.execute(f'DROP TRIGGER "{name}"')
        cursor.execute(
            "UPDATE reporting_figure SET value = NULL WHERE indicator_key = 'ttr1-ket-luan' "
            "AND report_id %% 50 = 0 AND report_id IN (SELECT r.id FROM reporting_report r "
            "JOIN reporting_reportingperiod p ON p.id = r.period_id "
            "JOIN organisations_emulationyear y ON y.id = p.year_id WHERE y.year = %s)",
            [year_number],
        )
        if back:
            cursor.execute(back)
        for _, sql in guards:
            cursor.execute(sql)
        cursor.execute("ANALYZE")


def question(year_number: int, codes: tuple[str, ...]):
    """What the page would ask, for somebody who sees every report."""
    from thidua.organisations.models import EmulationYear
    from thidua.reporting.models import Report
    from thidua.reporting.queries.rollup import Asked, forms_of, in_order

    year = EmulationYear.objects.get(year=year_number)
    periods = tuple(year.reporting_periods.filter(code__in=codes))
    forms = forms_of(year, periods[-1])
    return Asked(
        forms=forms,
        template=forms.template(FORM),
        periods=periods,
        members=in_order(year),
        reports=Report.objects.filter(period__year=year, state="accepted"),
    )


def by_hand(asked) -> list[tuple]:
    """Sum and count of every typed cell of the form, as one would write it in SQL."""
    from django.db import connection

    keys = [each.key for each in asked.template.numbers if not each.is_computed]
    marks = ", ".join(["%s"] * len(keys))
    periods = ", ".join(str(each.pk) for each in asked.periods)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT f.indicator_key, SUM(f.value), COUNT(f.value) FROM reporting_figure f "
            "JOIN reporting_report r ON r.id = f.report_id "
            f"WHERE r.period_id IN ({periods}) AND r.state = 'accepted' "
            f"AND f.indicator_key IN ({marks}) GROUP BY f.indicator_key",
            keys,
        )
        return cursor.fetchall()


def agree(asked) -> None:
    """The two say the same of a figure that only adds; anything else is no measurement."""
    from thidua.reporting.queries.rollup import rolled_up

    totals = rolled_up(asked)
    sums = {key: (total, count) for key, total, count in by_hand(asked)}
    total = totals["ttr1-don-vi"]
    if total.amount is None or (total.amount.number, len(total.counted)) != sums["ttr1-don-vi"]:
        if not asked.is_rebuilt:
            raise SystemExit(f"the two differ: {total.amount} and {sums['ttr1-don-vi']}")
        if total.amount is None or total.amount.number != sums["ttr1-don-vi"][0]:
            raise SystemExit("the two differ over time")


def seconds(act: Callable[[], object]) -> float:
    start = time.perf_counter()
    act()
    return time.perf_counter() - start


def measured(name: str, asked) -> None:
    """Medians of both, turn by turn, and their ratio."""
    from thidua.reporting.queries.rollup import rolled_up

    agree(asked)
    ours, theirs = [], []
    for _ in range(ROUNDS):
        ours.append(seconds(lambda: rolled_up(asked)))
        theirs.append(seconds(lambda: by_hand(asked)))
    own, other = (statistics.median(each) * 1000 for each in (ours, theirs))
    print(f"  {name:42} {own:8.1f} ms   by hand {other:8.1f} ms   ratio {own / other:5.2f}")


def main() -> None:
    place = prepare()
    try:
        started = time.perf_counter()
        figures = fill()
        from django.db import connection

        spent = time.perf_counter() - started
        print(
            f"{connection.vendor}: {UNITS} units × 4 quarters × {len(YEARS)} years, "
            f"{figures:,} figures made in {spent:.0f} s; medians of {ROUNDS}"
        )
        some_lack(2028)
        for year, name in ((2026, "all alike"), (2028, "1 in 50 lacks a cell")):
            measured(f"one quarter, {name}", question(year, ("q1",)))
            measured(f"year from four quarters, {name}", question(year, ("q1", "q2", "q3", "q4")))
    finally:
        shutil.rmtree(place, ignore_errors=True)


if __name__ == "__main__":
    main()
