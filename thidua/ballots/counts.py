"""A ballot's counts put together: machine, paper and written opinions, and what they decide."""

from dataclasses import dataclass
from typing import Any

from thidua.ballots.models import (
    Ballot,
    Candidate,
    Elector,
    PaperCount,
    PersonDecision,
    Question,
    Teller,
)
from thidua.rules.ballots.results import (
    ChannelCount,
    LastWord,
    Outcome,
    ResultRule,
    Voters,
    decide,
    electronic,
    may_be_shown_apart,
    together,
)

Way = Elector.Way
PAPER_WAYS = {PaperCount.Channel.PAPER: Way.PAPER, PaperCount.Channel.WRITTEN: Way.WRITTEN}


@dataclass(frozen=True)
class Settled:
    """One question of a counted ballot: its figures, what they decide, and what people decided."""

    question: Question
    candidates: list[Candidate]
    rule: ResultRule
    channels: dict[str, ChannelCount]
    total: ChannelCount
    outcome: Outcome
    decision: PersonDecision | None
    goes_on: bool
    """Another ballot was called for what this one left open."""

    @property
    def needs_human(self) -> bool:
        return self.outcome.needs_human and not self.is_decided

    @property
    def is_decided(self) -> bool:
        """Decided by who has the last word; head and deputy must both have said so."""
        if self.decision is None:
            return False
        both = self.outcome.who_decides == LastWord.HEAD_AND_DEPUTY
        return not both or self.decision.agreed_by_id is not None

    @property
    def needs_second_round(self) -> bool:
        return bool(self.outcome.second_round) and not self.goes_on

    @property
    def is_open(self) -> bool:
        return self.needs_human or self.needs_second_round

    @property
    def elected(self) -> list[Candidate]:
        """By votes, then by decision."""
        decided = list(self.decision.candidates.all()) if self.decision and self.is_decided else []
        return [self.candidates[one] for one in self.outcome.elected] + decided

    def verdict(self, place: int) -> str:
        """What became of the candidate at a place of the list, in a word or two."""
        if self.candidates[place] in self.elected:
            return "Đạt"
        if place not in self.outcome.undecided:
            return "Không đạt"
        if self.goes_on or self.needs_second_round:
            return "Bỏ phiếu lại"
        return "Không đạt" if self.is_decided else "Chưa quyết định"

    @property
    def shows_numbers(self) -> bool:
        """Whether totals are for everybody."""
        return self.question.reveal == Question.Reveal.TOTALS

    @property
    def shows_channels(self) -> bool:
        """Whether each way of voting may be told apart without telling who voted how."""
        return may_be_shown_apart(self.channels.values())


def agreed_counts(ballot: Ballot) -> dict[str, list[ChannelCount]]:
    """Of each paper channel the figures that two tellers entered alike; others are left out."""
    entered: dict[str, list[dict[str, object]]] = {}
    for one in ballot.paper_counts.all():
        entered.setdefault(one.channel, []).append(one.content)
    found = {}
    for channel, contents in entered.items():
        same = next((one for one in contents if contents.count(one) > 1), None)
        if same is not None:
            found[channel] = [
                ChannelCount.from_json(one)
                for one in same["questions"]  # type: ignore[attr-defined]
            ]
    return found


def withholds_totals(ballot: Ballot) -> bool:
    """Some question is reported as passed or not passed only: its numbers are for who ran the count."""
    return ballot.questions.filter(reveal=Question.Reveal.PASSED).exists()


PARTS = {
    "returned": "số phiếu thu về",
    "valid": "phiếu hợp lệ",
    "blank": "phiếu trắng",
    "invalid": "phiếu không hợp lệ",
}


def difference(ballot: Ballot, channel: PaperCount.Channel, teller: Teller) -> list[str]:
    """Where the teller's figures differ from another's; empty while nobody else has entered any.

    Names the boxes, never the other's figures: who errs counts again instead of copying.
    """
    entered = {one.teller_id: one for one in ballot.paper_counts.filter(channel=channel)}
    mine = entered.pop(teller.pk, None)
    if mine is None or not entered or any(one.content == mine.content for one in entered.values()):
        return []
    other = next(iter(entered.values()))
    questions = list(ballot.questions.prefetch_related("candidates"))
    boxes = [
        f"nội dung {place}: {box}"
        for place, (question, own, theirs) in enumerate(
            zip(questions, mine.content["questions"], other.content["questions"], strict=True), 1
        )
        for box in _different(question, own, theirs)
    ]
    return [
        f"Số bạn đếm khác số của người kiểm phiếu kia ở {'; '.join(boxes)}. Hai người hãy đếm lại rồi "
        "nhập lại; hai bên giống nhau mới được nhận."
    ]


def _different(question: Question, own: dict[str, Any], theirs: dict[str, Any]) -> list[str]:
    names = [one.name for one in question.candidates.all() if one.is_standing]
    found = [label for key, label in PARTS.items() if own[key] != theirs[key]]
    pairs = zip(names, own["votes"], theirs["votes"], strict=True)
    return found + [name for name, one, two in pairs if one != two]


def settled(ballot: Ballot) -> list[Settled]:
    """Every question of a counted ballot, in order; a fixed number of queries."""
    questions = list(
        ballot.questions.prefetch_related("candidates", "decisions__candidates").order_by("order")
    )
    ways = list(ballot.electors.values_list("way", flat=True))
    papers = ways.count(Way.ONLINE)
    on_paper = agreed_counts(ballot)
    voters = Voters(members=ballot.members_total, took_part=sum(bool(way) for way in ways))
    goes_on = Ballot.objects.filter(previous=ballot).exists()
    return [
        _settle(
            ballot,
            question,
            {
                **(
                    {Way.ONLINE.value: electronic(ballot.result[index], papers)}
                    if ballot.result is not None
                    else {}
                ),
                **{channel: counts[index] for channel, counts in on_paper.items()},
            },
            voters,
            goes_on,
        )
        for index, question in enumerate(questions)
    ]


def _settle(
    ballot: Ballot,
    question: Question,
    channels: dict[str, ChannelCount],
    voters: Voters,
    goes_on: bool,
) -> Settled:
    standing = [one for one in question.candidates.all() if one.is_standing]
    rule = ResultRule.from_json(question.rule)
    total = together(channels.values(), len(standing))
    return Settled(
        question=question,
        candidates=standing,
        rule=rule,
        channels=channels,
        total=total,
        outcome=decide(
            rule,
            total,
            voters,
            [one.name for one in standing],
            round_number=ballot.round,
        ),
        decision=next(iter(question.decisions.all()), None),
        goes_on=goes_on,
    )


def settled_question(question: Question) -> Settled:
    """One question of a counted ballot."""
    return next(one for one in settled(question.ballot) if one.question.pk == question.pk)
