"""Words for commitments."""

from django import template

from thidua.pacts.content import commitment_content
from thidua.pacts.models import Commitment
from thidua.rules import pacts

register = template.Library()


@register.filter
def target_in_words(row: Commitment) -> str:
    """The target as people say it: “từ 85 % trở lên”; nothing for a commitment in words."""
    return pacts.target_in_words(commitment_content(row))
