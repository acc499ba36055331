"""Checks across forms: people name a form by its printed code, the language by its key."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from thidua.rules.reporting.language.checks import cross_checks
from thidua.rules.reporting.own.reading import rule_data, rule_line
from thidua.rules.reporting.templates import Template


def cross_data(
    level: str, lines: Iterable[str], templates: Sequence[Template]
) -> tuple[list[Any], list[str]]:
    """The rules of one level as data, and a sentence for each that cannot be read.

    `templates`: every form the rules may speak of, the sector's among them.
    """
    keys = {each.code: each.key for each in templates if each.code}
    rules = [_renamed(rule_data(line), keys) for line in lines if line.strip()]
    problems: list[str] = []
    cross_checks({level: rules}, tuple(templates), problems)
    return rules, [_spoken(each, templates) for each in problems]


def cross_lines(rules: Iterable[Any], templates: Sequence[Template]) -> tuple[str, ...]:
    """Stored rules as people write them."""
    codes = {each.key: each.code for each in templates if each.code}
    return tuple(rule_line(_renamed(rule, codes)) for rule in rules)


def _renamed(rule: Any, names: Mapping[str, str]) -> Any:
    if isinstance(rule, str):
        return _words(rule, names)
    return {**rule, "rule": _words(rule["rule"], names)}


def _words(rule: str, names: Mapping[str, str]) -> str:
    words = rule.split()
    named = [_word(word, names) for word in words]
    return " ".join(
        names.get(word, word) if place and words[place - 1] == "rows" else named[place]
        for place, word in enumerate(words)
    )


def _word(word: str, names: Mapping[str, str]) -> str:
    form, colon, cell = word.rpartition(":")
    return f"{names.get(form, form)}:{cell}" if colon else word


def _spoken(sentence: str, templates: Sequence[Template]) -> str:
    """The sentence with the codes of forms that people know."""
    for each in templates:
        if each.code:
            sentence = sentence.replace(f"{each.key}:", f"{each.code}:")
    return sentence
