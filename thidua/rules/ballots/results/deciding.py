"""From counted votes to what they decide: who is elected, what is left open, and every step in words."""

from collections.abc import Sequence
from dataclasses import dataclass

from thidua.rules.ballots.results.channels import ChannelCount
from thidua.rules.ballots.results.rule import LAST_WORD_WORDS, Base, LastWord, ResultRule


@dataclass(frozen=True, kw_only=True)
class Voters:
    """The numbers a share may be taken of, beside the papers themselves."""

    members: int
    took_part: int


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """What the votes decide on one question; numbers are places in the list of candidates.

    `undecided` are those among whom `places_left` places are still to be given; `second_round` the
    ones who stand again, empty where the rule allows no further ballot; `needs_human` where the last
    word is a person's. `trace` is the computation in words.
    """

    base: int
    needed: int
    elected: tuple[int, ...]
    not_elected: tuple[int, ...]
    undecided: tuple[int, ...] = ()
    places_left: int = 0
    second_round: tuple[int, ...] = ()
    who_decides: LastWord = LastWord.NOBODY
    trace: tuple[str, ...] = ()

    @property
    def needs_human(self) -> bool:
        return bool(self.undecided) and not self.second_round and self.who_decides != ""

    @property
    def is_open(self) -> bool:
        return bool(self.second_round) or self.needs_human


def base_of(rule: ResultRule, count: ChannelCount, voters: Voters) -> int:
    """The denominator the rule states."""
    if rule.base == Base.ALL_MEMBERS:
        return voters.members
    if rule.base == Base.PRESENT:
        return voters.took_part
    return count.valid + (count.blank if rule.blank_is_valid else 0)


def decide(
    rule: ResultRule,
    count: ChannelCount,
    voters: Voters,
    names: Sequence[str],
    *,
    round_number: int = 1,
) -> Outcome:
    """Apply the rule to the votes of the candidates `names`, in the ballot of that number.

    More pass than there are places: from the highest down. A tie at the last place, or places that
    nobody reached, go to another ballot while the rule allows one, then to the last word.
    """
    base = base_of(rule, count, voters)
    needed = rule.needed(base)
    places = rule.places_for(len(names))
    article = f" ({rule.article})" if rule.article else ""
    trace = [f"{rule.needed_words(base)}{article}."]
    if rule.places is not None or rule.quota is not None:
        trace.append(_places_words(rule, len(names), places))
    order = sorted(range(len(names)), key=lambda one: (-count.votes[one], one))
    passed = [one for one in order if count.votes[one] >= needed]
    trace += [_line(names[one], count.votes[one], needed) for one in order]
    if len(passed) <= places:
        return _enough_places(rule, count, names, order, passed, places, base, trace, round_number)
    last = count.votes[passed[places - 1]] if places else count.votes[passed[0]] + 1
    sure = [one for one in passed if count.votes[one] > last]
    tied = [one for one in passed if count.votes[one] == last]
    if len(sure) + len(tied) == places or not places:
        elected = passed[:places]
        trace.append(f"{len(passed)} người đạt, lấy {places} người cao phiếu nhất.")
        return _outcome(base, needed, elected, order, trace)
    left = places - len(sure)
    trace.append(
        f"{_listed(names, tied)} cùng {last} phiếu, còn {left} suất: số phiếu chưa quyết định được."
    )
    return _left_open(rule, base, needed, sure, order, tied, left, trace, round_number)


def _enough_places(
    rule: ResultRule,
    count: ChannelCount,
    names: Sequence[str],
    order: list[int],
    passed: list[int],
    places: int,
    base: int,
    trace: list[str],
    round_number: int,
) -> Outcome:
    """All who passed are elected; places that are left open go on only where a number is fixed."""
    needed = rule.needed(base)
    left = places - len(passed)
    others = [one for one in order if one not in passed and count.votes[one] > 0]
    if rule.places is None or not left or not others:
        return _outcome(base, needed, passed, order, trace)
    # Those who stand again: twice as many as places, and whoever has as many votes as the last one.
    bar = count.votes[others[min(2 * left, len(others)) - 1]]
    again = [one for one in others if count.votes[one] >= bar]
    trace.append(f"Còn {left} suất chưa ai đạt đủ phiếu.")
    return _left_open(rule, base, needed, passed, order, again, left, trace, round_number)


def _left_open(
    rule: ResultRule,
    base: int,
    needed: int,
    elected: list[int],
    order: list[int],
    undecided: list[int],
    left: int,
    trace: list[str],
    round_number: int,
) -> Outcome:
    """The places left go to another ballot while there is one, else to the last word, else to nobody."""
    among = tuple(sorted(undecided))
    if round_number < rule.rounds:
        second = among
        trace.append(
            f"Quy tắc cho bỏ phiếu {rule.rounds} lần: bỏ phiếu lại trong {len(among)} người."
        )
    else:
        second = ()
        trace.append(f"Đã bỏ phiếu đủ {rule.rounds} lần: {LAST_WORD_WORDS[rule.last_word]}.")
        if rule.last_word == LastWord.NOBODY:
            return _outcome(base, needed, elected, order, trace)
    return _outcome(
        base,
        needed,
        elected,
        order,
        trace,
        undecided=among,
        places_left=left,
        second_round=second,
        who_decides=rule.last_word,
    )


def _outcome(
    base: int,
    needed: int,
    elected: list[int],
    order: list[int],
    trace: list[str],
    *,
    undecided: tuple[int, ...] = (),
    places_left: int = 0,
    second_round: tuple[int, ...] = (),
    who_decides: LastWord = LastWord.NOBODY,
) -> Outcome:
    return Outcome(
        base=base,
        needed=needed,
        elected=tuple(elected),
        not_elected=tuple(one for one in order if one not in elected and one not in undecided),
        undecided=undecided,
        places_left=places_left,
        second_round=second_round,
        who_decides=who_decides,
        trace=tuple(trace),
    )


def _places_words(rule: ResultRule, candidates: int, places: int) -> str:
    if rule.quota is None:
        return f"Lấy tối đa {places} suất."
    return f"Lấy tối đa {places} suất: hạn mức tính trên {candidates} ứng viên, làm tròn xuống."


def _line(name: str, votes: int, needed: int) -> str:
    verdict = "đạt" if votes >= needed else "không đạt"
    return f"{name}: {votes} phiếu, cần {needed}: {verdict}."


def _listed(names: Sequence[str], places: Sequence[int]) -> str:
    return ", ".join(names[one] for one in places)
