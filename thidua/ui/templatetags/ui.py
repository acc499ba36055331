"""Tags and filters that components use."""

from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from functools import lru_cache
from uuid import uuid4

from django import forms, template
from django.forms.boundfield import BoundField
from django.utils.html import format_html
from django.utils.safestring import SafeString
from lucide.templatetags.lucide import lucide

from thidua.rules.numbers import vietnamese
from thidua.ui.states import tone_of
from thidua.ui.timeline import Milestone, Row, Tick, rows, ticks

register = template.Library()

CONTROL_CLASSES: tuple[tuple[type[forms.Widget], str], ...] = (
    (forms.CheckboxSelectMultiple, "choices"),
    (forms.RadioSelect, "choices"),
    (forms.CheckboxInput, "form-check-input"),
    (forms.Select, "form-select"),
    (forms.FileInput, "form-control"),
    (forms.Widget, "form-control"),
)


@lru_cache(maxsize=256)
def _svg(name: str) -> SafeString:
    return SafeString(
        lucide(name, size=20, **{"class": "icon", "aria_hidden": "true", "focusable": "false"})
    )


@register.simple_tag
def icon(name: str) -> SafeString:
    """A lucide icon in the colour and size of the text; words stand beside it."""
    return _svg(str(name))


@register.simple_tag
def idempotency_key() -> SafeString:
    """A hidden field that makes two equal posts one act (threat model R11)."""
    return format_html('<input type="hidden" name="idempotency_key" value="{}">', uuid4().hex)


@register.filter
def points(value: Decimal | int | str | None) -> str:
    """Points as people write them: 12,5; "—" where there are none."""
    if value is None or value == "":
        return "—"
    return vietnamese(Decimal(value))


@register.filter
def tone(state: str) -> str:
    """The tone of a state (neutral, info, ok, warn, bad)."""
    return tone_of(str(state))


@register.filter
def timeline_rows(milestones: Iterable[Milestone], today: date) -> list[Row]:
    """Milestones in order, with today in its place."""
    return rows(milestones, today)


@register.filter
def timeline_ticks(milestones: Iterable[Milestone], today: date) -> list[Tick]:
    """The months under the line."""
    return ticks(milestones, today)


@register.filter
def control(field: BoundField) -> SafeString:
    """The widget of a field with the class its kind needs."""
    widget = field.field.widget
    name = next(css for kind, css in CONTROL_CLASSES if isinstance(widget, kind))
    classes = [name, str(widget.attrs.get("class", ""))]
    if field.errors and name != "choices":
        classes.append("is-invalid")
    return field.as_widget(attrs={"class": " ".join(filter(None, classes))})


@register.filter
def control_kind(field: BoundField) -> str:
    """How a field is laid out: hidden, choices, check, file or text."""
    widget = field.field.widget
    if isinstance(widget, forms.RadioSelect | forms.CheckboxSelectMultiple):
        return "choices"
    if isinstance(widget, forms.CheckboxInput):
        return "check"
    return "file" if isinstance(widget, forms.FileInput) else "text"
