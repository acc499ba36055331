"""An own form for reading: its blank paper, and its indicators in words."""

from collections.abc import Sequence
from dataclasses import dataclass

from thidua.reporting.documents.forms import Paper
from thidua.reporting.queries.own_forms import OwnForm
from thidua.rules.reporting import Behaviour, Shape, Template, header, outline
from thidua.rules.reporting.own import BEHAVIOUR_HELP, TypedIndicator


def blank_paper(template: Template) -> Paper:
    """The form as it is printed before anybody wrote in it."""
    if template.shape == Shape.LINES:
        return Paper(template, (), (), (), [(row, "") for row in outline(template)])
    codes = [each.code for each in template.indicators]
    blank = ["" for _ in codes]
    return Paper(template, header(template), codes, [blank], ())


@dataclass(frozen=True)
class InWords:
    """One indicator: as written, and what its way of adding means."""

    typed: TypedIndicator
    adds: str


def lines_in_words(form: OwnForm) -> Sequence[InWords]:
    """The indicators of the form in order."""
    return [
        InWords(typed, BEHAVIOUR_HELP.get(indicator.behaviour, ""))
        if indicator.behaviour != Behaviour.TEXT
        else InWords(typed, "")
        for typed, indicator in zip(form.typed.indicators, form.template.indicators, strict=True)
    ]
