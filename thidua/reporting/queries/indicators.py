"""Indicators of the installation, and the names of figures that they may be linked to."""

from collections.abc import Iterator
from dataclasses import dataclass

from thidua.reporting.models import Indicator, OwnForms
from thidua.rules.reporting import Edition, editions
from thidua.rules.reporting.language import read_template
from thidua.rules.reporting.sources import LATENESS
from thidua.rules.reporting.sources.language import rates
from thidua.rules.reporting.templates import Template


def is_used(indicator: Indicator) -> bool:
    """Whether any record points at it; asked of the database, since areas below own those records."""
    return any(
        relation.related_model._base_manager.filter(**{relation.field.name: indicator}).exists()
        for relation in indicator._meta.related_objects
    )


def form_keys() -> frozenset[str]:
    """The figures of every cluster's own forms that were issued."""
    return frozenset(each.key for template in _own_templates() for each in template.numbers)


def _own_templates() -> Iterator[Template]:
    issued = OwnForms.objects.filter(state=OwnForms.State.ISSUED).order_by("pk")
    for forms in issued:
        for data in forms.data["templates"]:
            yield read_template(data)


@dataclass(frozen=True)
class Names:
    """Everything a source may name: rates and lateness with their words, forms by edition."""

    rates: tuple[tuple[str, str], ...]
    lateness: tuple[tuple[str, str], ...]
    editions: tuple[Edition, ...]
    own: tuple[Template, ...]


def names() -> Names:
    """One query; the newest version of each own form last."""
    return Names(
        rates=tuple((key, each.name) for key, each in rates().items()),
        lateness=tuple(LATENESS.items()),
        editions=editions(),
        own=tuple({each.key: each for each in _own_templates()}.values()),
    )
