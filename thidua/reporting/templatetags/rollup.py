"""Numbers of the roll-up as people read them."""

from decimal import Decimal

from django import template

from thidua.rules import numbers
from thidua.rules.reporting import Amount, Share, in_words

register = template.Library()


@register.filter
def vietnamese(value: Decimal | None) -> str:
    """1.234,5; "—" where there is none."""
    return "—" if value is None else numbers.vietnamese(value)


@register.filter
def amount(value: Amount | None) -> str:
    """The number with its qualifier, or that there is no data."""
    return in_words(value)


@register.filter
def percent(share: Share) -> str:
    """“81,7 %”; "—" where there is no rate."""
    found = share.percent()
    return "—" if found is None else f"{numbers.vietnamese(found)} %"
