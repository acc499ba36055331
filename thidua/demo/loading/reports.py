"""The year's reports, act by act as its calendar goes: begun, handed in, returned, accepted."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import partial
from typing import Any

from django.utils import timezone

from thidua.accounts.models import User
from thidua.demo.figures import Made, made_reports
from thidua.demo.loading.scene import BETWEEN_MEMBERS, Scene
from thidua.demo.people import script_file
from thidua.organisations.models import Membership
from thidua.reporting.models import Report, ReportingPeriod
from thidua.reporting.queries.narratives import outlines_of
from thidua.reporting.queries.reports import contents_of, findings_of, past_of, said_of
from thidua.reporting.services import (
    Typed,
    accept_report,
    allow_late,
    explain_finding,
    import_report,
    open_periods,
    return_report,
    rows_token,
    save_figures,
    save_rows,
    save_section,
    start_report,
    submit_report,
)
from thidua.rules.reporting import completed, edition
from thidua.rules.reporting.narrative import figure_sentences
from thidua.workbooks.reports import Sent

NO_WORDS = "Không có nội dung cần nêu riêng (lời minh hoạ của bản dùng thử)."
# Days from the last day of the data, or from the due date, and the hour.
FILLED = (1, time(13, 30))
HANDED_IN = (-1, time(14, 0))
LATE_ALLOWED = (1, time(9, 0))
LATE_FILLED = (1, time(13, 30))
LATE_HANDED_IN = (2, time(8, 0))
RETURNED = (1, time(9, 0))
CORRECTED = (2, time(9, 0))
HANDED_IN_AGAIN = (3, time(9, 0))
ACCEPTED = (5, time(14, 0))


@dataclass(frozen=True)
class Act:
    """Something that happens at a moment."""

    at: datetime
    do: Callable[[datetime], object]


@dataclass(frozen=True)
class Place:
    """One unit in one period, and what the script says of it."""

    number: int
    member: Membership
    period: ReportingPeriod
    made: Made
    script: Mapping[str, Any]

    def said(self, kind: str) -> Mapping[str, Any] | None:
        """The script's row of that kind."""
        name = self.member.organisation.short_name
        return next(
            (
                row
                for row in self.script.get(kind, ())
                if (row["unit"], row["period"]) == (name, self.period.code)
            ),
            None,
        )

    def at(self, day: date, when: tuple[int, time]) -> datetime:
        """A moment so many days from a day; units follow one another."""
        moment = datetime.combine(day + timedelta(when[0]), when[1])
        return timezone.make_aware(moment) + BETWEEN_MEMBERS * self.number

    def report(self) -> Report:
        """As stored at this moment."""
        found = Report.objects.select_related("membership__organisation", "period__year")
        return found.get(membership=self.member, period=self.period)


class ReportsPlay:
    """The reports of a year in the order of their moments; what is yet to come is left out."""

    def __init__(self, scene: Scene) -> None:
        self.scene = scene
        self.script: Mapping[str, Any] = scene.script["reports"]
        self.forms = edition(self.script["edition"])
        self.acts: list[Act] | None = None

    def play(self, until: datetime) -> None:
        """Everything up to that moment that has not happened yet."""
        reached = min(until, self.scene.now)
        if self.acts is None:
            if reached < self.script["opened"]:
                return
            self.acts = self._opened()
        for act in self.acts:
            if act.at <= reached:
                act.do(act.at)
        self.acts = [act for act in self.acts if act.at > reached]

    def _opened(self) -> list[Act]:
        """The lead opens the periods; then follows what happens in them."""
        scene, opened = self.scene, self.script["opened"]
        periods = open_periods(year=scene.year, actor=scene.officer(), at=opened)
        acts = [
            act
            for number, member in enumerate(scene.members)
            for act in self._of_member(number, member, periods)
        ]
        return sorted(acts, key=lambda act: act.at)

    def _of_member(
        self, number: int, member: Membership, periods: Sequence[ReportingPeriod]
    ) -> Iterator[Act]:
        name, year = member.organisation.short_name, self.scene.year.year
        made = made_reports(self.script, year=year, unit=name)
        for period in periods:
            yield from self._course(Place(number, member, period, made[period.code], self.script))

    def _course(self, place: Place) -> Iterator[Act]:
        """What becomes of one report."""
        period = place.period
        if place.said("missing"):
            return
        if half := place.said("half_filled"):
            yield self._begun(place, half["forms"])
            return
        if late := place.said("late"):
            yield from self._late(place, late)
            if not late.get("handed_in", True):
                return
        else:
            yield Act(place.at(period.last_on, FILLED), partial(self._fill, place))
            yield Act(place.at(period.due_on, HANDED_IN), partial(self._hand_in, place))
        if returned := place.said("returned"):
            yield from self._returned(place, returned)
            if not returned.get("corrected", True):
                return
        if not place.said("awaiting"):
            yield Act(place.at(period.due_on, ACCEPTED), partial(self._accept, place))

    def _begun(self, place: Place, forms: Sequence[str]) -> Act:
        """Some forms only; of a period that is not over yet, at the hour of loading."""
        begun = min(place.at(place.period.last_on, FILLED), self.scene.now)
        return Act(begun, partial(self._fill, place, forms=forms))

    def _late(self, place: Place, row: Mapping[str, Any]) -> Iterator[Act]:
        due = place.period.due_on
        yield Act(place.at(due, LATE_ALLOWED), partial(self._allow, place, row["reason"]))
        yield Act(place.at(due, LATE_FILLED), partial(self._fill, place))
        if row.get("handed_in", True):
            yield Act(place.at(due, LATE_HANDED_IN), partial(self._hand_in, place))

    def _returned(self, place: Place, row: Mapping[str, Any]) -> Iterator[Act]:
        due = place.period.due_on
        yield Act(place.at(due, RETURNED), partial(self._give_back, place, row["reason"]))
        if row.get("corrected", True):
            yield Act(place.at(due, CORRECTED), partial(self._correct, place, row))
            yield Act(place.at(due, HANDED_IN_AGAIN), partial(self._hand_in, place))

    # --- Acts --------------------------------------------------------------------------------
    def _fill(self, place: Place, at: datetime, forms: Sequence[str] | None = None) -> None:
        """By the officer; a figure that will be returned is wrong at first.

        Taken over at once, as from a workbook: form by form would take twice as long.
        """
        officer = self.scene.officer(place.member)
        report = start_report(period=place.period, membership=place.member, actor=officer, at=at)
        wrong = self._wrong(place)
        cells = {
            form: {key: wrong.get(key, text) for key, text in texts.items()}
            for form, texts in place.made.cells.items()
            if forms is None or form in forms
        }
        import_report(
            report=report,
            sent=Sent(report.version, cells),
            name=script_file(f"reports_{self.scene.year.year}").name,
            replace=False,
            actor=officer,
            at=at,
        )
        for form, rows in place.made.rows.items():
            if forms is None or form in forms:
                self._list(report, form, rows, officer, at)
        if forms is None:
            self._write(report, officer, at)

    def _write(self, report: Report, officer: User, at: datetime) -> None:
        """The narrative: what the figures say, in sentences, and that the rest is illustration."""
        outlines = outlines_of(report)
        if not outlines:
            return
        values = completed(self.forms, contents_of(report).filled.values)
        for outline in outlines:
            for section in outline.texts:
                save_section(
                    report=report,
                    outline=outline.key,
                    section=section.key,
                    text="\n".join(figure_sentences(section, self.forms, values)) or NO_WORDS,
                    seen=0,
                    actor=officer,
                    at=at,
                )

    def _wrong(self, place: Place) -> dict[str, str]:
        row = place.said("returned")
        return {self._key(row): row["wrong"]} if row else {}

    def _key(self, row: Mapping[str, Any]) -> str:
        indicators = self.forms.template(row["form"]).indicators
        return next(each.key for each in indicators if each.code == row["code"])

    def _list(
        self,
        report: Report,
        form: str,
        rows: Sequence[Mapping[str, str]],
        officer: User,
        at: datetime,
    ) -> None:
        save_rows(report=report, form=form, rows=rows, seen=rows_token([]), actor=officer, at=at)

    def _hand_in(self, place: Place, at: datetime) -> None:
        """By the head, after the officer has given the script's word on what was asked."""
        report = place.report()
        if words := self._words(place):
            self._explain(report, words, self.scene.officer(place.member), at)
        submit_report(report=report, actor=self.scene.head(place.member), at=at)

    def _words(self, place: Place) -> str:
        explained, returned = place.said("explained"), place.said("returned")
        words: str = (explained or {}).get("text", "") or (returned or {}).get("said", "")
        return words

    def _explain(self, report: Report, words: str, officer: User, at: datetime) -> None:
        for each in said_of(report, findings_of(contents_of(report), past_of(report))):
            if each.finding.explainable:
                check = each.finding.check
                explain_finding(report=report, check=check, text=words, actor=officer, at=at)

    def _allow(self, place: Place, reason: str, at: datetime) -> None:
        allow_late(
            period=place.period,
            membership=place.member,
            reason=reason,
            actor=self._above(place),
            at=at,
        )

    def _give_back(self, place: Place, reason: str, at: datetime) -> None:
        return_report(report=place.report(), reason=reason, actor=self._above(place), at=at)

    def _correct(self, place: Place, row: Mapping[str, Any], at: datetime) -> None:
        report, key = place.report(), self._key(row)
        cell = Typed(key, place.made.cells[row["form"]][key], version=1)
        officer = self.scene.officer(place.member)
        save_figures(
            report=report, form=row["form"], cells=[cell], actor=officer, at=at, why=row["why"]
        )

    def _accept(self, place: Place, at: datetime) -> None:
        accept_report(report=place.report(), actor=self._above(place), at=at)

    def _above(self, place: Place) -> User:
        """The lead's head; for the lead itself the superior."""
        if place.member.role == Membership.Role.LEAD:
            return self.scene.cast.superior
        return self.scene.head()
