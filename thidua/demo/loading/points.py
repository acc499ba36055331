"""The members' scoring, step by step, each member until the stage the script gives it."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from thidua.accounts.models import User
from thidua.demo.loading.evidence import add_demo_evidence
from thidua.demo.loading.scene import Scene
from thidua.demo.stages import NOT_HANDED_IN, WHOLLY_APPRAISED, Stage
from thidua.documents.storage import fingerprint
from thidua.organisations.models import Membership
from thidua.rules.scoring import Claim, Table, TableRules, read_fact, table_rules
from thidua.rules.scoring.homes import homes_of
from thidua.rules.scoring.language import Input
from thidua.scoring.models import CriteriaSet, CriterionScore, ScoreSheet
from thidua.scoring.queries import appraisal_sections
from thidua.scoring.services import (
    FilledLine,
    Filling,
    appraise,
    complete_section,
    explain,
    finalise_sheet,
    return_sheet,
    save_claim,
    save_filling,
    submit_self_score,
)
from thidua.scoring.tables import to_table


@dataclass(frozen=True)
class Part:
    """One member's sheet: whose, at which place of the script's lists, and how far it goes."""

    place: int
    member: Membership
    sheet: ScoreSheet
    stage: Stage

    def of(self, rows: Sequence[Mapping[str, Any]]) -> Iterator[Mapping[str, Any]]:
        """Rows of the script about this member."""
        name = self.member.organisation.short_name
        return (row for row in rows if row["unit"] == name)

    def score(self, path: str) -> CriterionScore:
        """As stored at this moment."""
        scores = self.sheet.scores.select_related("criterion", "sheet__membership")
        return scores.get(criterion__path=path)


def play_points(scene: Scene, criteria_set: CriteriaSet) -> None:
    """Each step for every member that comes so far, then the next step: as the calendar goes."""
    play = _Play(scene, criteria_set)
    sheets = criteria_set.sheets.select_related("membership__organisation", "membership__year")
    stages = [Stage(each) for each in scene.script["stages"]]
    parts = [
        Part(place, sheet.membership, sheet, stage)
        for place, (sheet, stage) in enumerate(zip(sheets, stages, strict=True))
    ]
    steps: list[tuple[Callable[[Part], None], Callable[[Stage], bool]]] = [
        (play.fill, lambda stage: stage is not Stage.NOT_BEGUN),
        (play.hand_in, lambda stage: stage not in NOT_HANDED_IN),
        (play.give_back, lambda stage: stage is Stage.RETURNED),
        (play.appraise, lambda stage: stage in {Stage.ONE_SECTION, *WHOLLY_APPRAISED}),
        (play.explain, lambda stage: stage in WHOLLY_APPRAISED),
        (play.look_again, lambda stage: stage in WHOLLY_APPRAISED),
        (play.close, lambda stage: stage is Stage.FINAL),
    ]
    for step, reached in steps:
        for part in parts:
            if reached(part.stage):
                step(part)


class _Play:
    """The steps of scoring under one table."""

    def __init__(self, scene: Scene, criteria_set: CriteriaSet) -> None:
        self.scene = scene
        self.script = scene.script
        self.table: Table = to_table(criteria_set)
        self.rules: TableRules = table_rules(self.table)
        self.inputs: Mapping[str, Sequence[Input]] = homes_of(self.table).own
        self.sections = appraisal_sections(list(criteria_set.criteria.all()))

    def fill(self, part: Part) -> None:
        """What the member has to say of each criterion; nothing where the table's word will do.

        Taken over at once, as from a workbook: typing every field would take most of the loading.
        """
        officer, at = self.scene.officer(part.member), self.scene.at("fill", part.place)
        save_filling(
            sheet=part.sheet,
            filling=Filling(
                lines=tuple(self._lines(part)),
                figures=None,
                figures_version=part.sheet.facts_version,
                name=self.scene.file.name,
                sha256=fingerprint(self.scene.file.read_bytes()),
            ),
            actor=officer,
            at=at,
        )
        papers = [(part.score(row["criterion"]), row) for row in part.of(self._rows("evidence"))]
        add_demo_evidence(papers, actor=officer, at=at)

    def _lines(self, part: Part) -> Iterator[FilledLine]:
        scores = list(part.sheet.scores.select_related("criterion"))
        if part.stage is Stage.HALF_FILLED:
            scores = scores[: len(scores) // 2]
        claims = {row["criterion"]: row for row in part.of(self._rows("claims"))}
        words = self.script["explanations"]
        for score in scores:
            path = score.criterion.path
            claim, facts = claims.get(path, {}), self._facts(path, part.place)
            if claim or facts:
                asked = {name: Decimal(claim[name]) for name in ("base", "bonus") if name in claim}
                explanation = claim.get("explanation", words.get(score.criterion.code, ""))
                yield FilledLine(score.pk, score.version, Claim(**asked), facts, explanation)

    def _rows(self, name: str) -> Sequence[Mapping[str, Any]]:
        rows: Sequence[Mapping[str, Any]] = self.script.get(name, [])
        return rows

    def _facts(self, path: str, place: int) -> dict[str, str]:
        typed = {
            each.key: figures[place]
            for each in self.inputs[path]
            if (figures := self.script["figures"].get(each.key)) and figures[place]
        }
        return self._read(path, typed)

    def _read(self, path: str, typed: Mapping[str, str]) -> dict[str, str]:
        """Figures of a criterion as stored, from what a person would type."""
        known = {each.key: each for each in self.inputs[path]}
        return {key: read_fact(known[key], text, self.rules.bands) for key, text in typed.items()}

    def hand_in(self, part: Part) -> None:
        """By the head."""
        submit_self_score(
            sheet=part.sheet,
            actor=self.scene.head(part.member),
            at=self.scene.at("hand_in", part.place),
        )

    def give_back(self, part: Part) -> None:
        """By the lead; the unit has begun to mend it."""
        for row in part.of(self.script["returns"]):
            return_sheet(
                sheet=part.sheet,
                reason=row["reason"],
                actor=self.scene.head(),
                at=self.scene.at("return", part.place),
            )
            score = part.score(row["criterion"])
            save_claim(
                score=score,
                claim=Claim(score.base, score.bonus, score.deduction),
                facts={**score.facts, **self._read(row["criterion"], row["facts"])},
                explanation=row["explanation"],
                version=score.version,
                actor=self.scene.officer(part.member),
                at=self.scene.at("correct", part.place),
            )

    def appraise(self, part: Part) -> None:
        """What the script changes is changed, the rest accepted; one section or all of them."""
        at = self.scene.at("appraise", part.place)
        for row in part.of(self.script["appraisals"]):
            self._decide(part, row["criterion"], row["facts"], row["reason"], "appraise")
        sections = self.sections[:1] if part.stage is Stage.ONE_SECTION else self.sections
        for section in sections:
            complete_section(
                sheet=part.sheet,
                section=section,
                accept_rest=True,
                actor=self._appraiser(section.path),
                at=at,
            )

    def _appraiser(self, path: str) -> User:
        """As the lead named them: in turn, section by section."""
        appraisers = self.scene.cast.appraisers
        sections = enumerate(self.sections)
        number = next(number for number, each in sections if each.contains(path))
        return appraisers[number % len(appraisers)]

    def _decide(
        self, part: Part, path: str, facts: Mapping[str, str], reason: str, act: str
    ) -> None:
        score = part.score(path)
        appraise(
            score=score,
            claim=Claim(),
            facts={**score.facts, **self._read(path, facts)},
            reason=reason,
            version=score.version,
            actor=self._appraiser(path),
            at=self.scene.at(act, part.place),
        )

    def explain(self, part: Part) -> None:
        """The unit answers some of the changed points."""
        for row in part.of(self.script["appraisals"]):
            if "reply" in row:
                explain(
                    score=part.score(row["criterion"]),
                    text=row["reply"],
                    actor=self.scene.officer(part.member),
                    at=self.scene.at("explain", part.place),
                )

    def look_again(self, part: Part) -> None:
        """The appraiser decides anew on some of the answers; others still wait."""
        for row in part.of(self.script["appraisals"]):
            if again := row.get("again"):
                self._decide(part, row["criterion"], again["facts"], again["reason"], "look_again")

    def close(self, part: Part) -> None:
        """By the head of the lead."""
        finalise_sheet(
            sheet=part.sheet,
            actor=self.scene.head(),
            at=self.scene.at("close", part.place),
        )
