"""Scripts of ballots with their fingerprint, and codes that are read aloud."""

import base64
import json
from fractions import Fraction
from functools import cache
from hashlib import sha384
from pathlib import Path

from django import template
from django.db.models import Model
from django.templatetags.static import static
from django.utils.html import format_html
from django.utils.safestring import SafeString

from thidua.ballots.models import Ballot, Elector
from thidua.rules.ballots.results import percent as percent_words
from thidua.rules.ballots.results import two_decimals

register = template.Library()
STATIC = Path(__file__).parents[1] / "static" / "ballots"

TONES = {
    Ballot.State.SETUP: "neutral",
    Ballot.State.FROZEN: "info",
    Ballot.State.OPEN: "info",
    Ballot.State.CLOSED: "warn",
    Ballot.State.TALLIED: "warn",
    Ballot.State.CONCLUDED: "ok",
    Ballot.State.ANNULLED: "bad",
}


@cache
def _integrity() -> dict[str, str]:
    """Of every script of ours the value of its `integrity` attribute."""
    digests = {path.name: sha384(path.read_bytes()).digest() for path in STATIC.glob("*.js")}
    return {name: f"sha384-{base64.b64encode(one).decode()}" for name, one in digests.items()}


@register.simple_tag
def ballot_script(name: str) -> SafeString:
    """A script of ours that the browser runs only if it is what this server's page says it is."""
    return format_html(
        '<script src="{}" integrity="{}" defer></script>',
        static(f"ballots/{name}"),
        _integrity()[name],
    )


@register.filter
def as_json(value: object) -> str:
    """Data for a script, to be put into an attribute: nothing of it is ever run."""
    return json.dumps(value, ensure_ascii=False)


@register.filter
def ballot_tone(state: str) -> str:
    """The tone of a phase."""
    return TONES.get(Ballot.State(state), "neutral")


@register.filter
def percent_of(part: int, whole: int) -> str:
    """“66,67 %”."""
    return percent_words(part, whole)


@register.filter
def minus(whole: int, part: int) -> int:
    """What is left."""
    return whole - part


@register.simple_tag
def votes_of(one: object, place: int) -> int:
    """Votes of the candidate at a place of the list."""
    votes: int = one.total.votes[place]  # type: ignore[attr-defined]
    return votes


@register.simple_tag
def verdict_of(one: object, place: int) -> str:
    """What became of the candidate at a place of the list."""
    said: str = one.verdict(place)  # type: ignore[attr-defined]
    return said


@register.simple_tag
def dialog_id(what: str, row: Model) -> str:
    """The id of the dialog that acts on one row."""
    return f"{what}-{row.pk}"


@register.filter
def way_label(way: str) -> str:
    """A way of voting in words."""
    return Elector.Way(way).label


@register.filter
def score(value: Fraction) -> str:
    """A joined score with two decimals; places are decided on the exact fraction."""
    return two_decimals(value)
