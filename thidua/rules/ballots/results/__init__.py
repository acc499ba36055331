"""What counted votes decide: rules with their articles, quorum, ties, second rounds, joined points."""

from thidua.rules.ballots.results.channels import (
    ChannelCount,
    check_channel,
    electronic,
    may_be_shown_apart,
    together,
)
from thidua.rules.ballots.results.deciding import Outcome, Voters, base_of, decide
from thidua.rules.ballots.results.joining import (
    Joined,
    JoiningRule,
    Standing,
    Way,
    join,
)
from thidua.rules.ballots.results.revealing import Asked, reveals
from thidua.rules.ballots.results.rule import (
    BASE_WORDS,
    LAST_WORD_WORDS,
    MOST_ROUNDS,
    PRESETS,
    Base,
    LastWord,
    Preset,
    Quorum,
    ResultRule,
    has_quorum,
    presets_on,
)
from thidua.rules.ballots.results.words import fraction_words, percent, two_decimals

__all__ = [
    "BASE_WORDS",
    "LAST_WORD_WORDS",
    "MOST_ROUNDS",
    "PRESETS",
    "Asked",
    "Base",
    "ChannelCount",
    "Joined",
    "JoiningRule",
    "LastWord",
    "Outcome",
    "Preset",
    "Quorum",
    "ResultRule",
    "Standing",
    "Voters",
    "Way",
    "base_of",
    "check_channel",
    "decide",
    "electronic",
    "fraction_words",
    "has_quorum",
    "join",
    "may_be_shown_apart",
    "percent",
    "presets_on",
    "reveals",
    "together",
    "two_decimals",
]
