"""Filters of the journal."""

from typing import Any

from django import forms

from thidua.audit.models import Action
from thidua.ui.fields import VietnameseDateField


class JournalFilter(forms.Form):
    """Every part may be left empty."""

    action = forms.ChoiceField(
        label="Việc", required=False, choices=[("", "Mọi việc"), *Action.choices]
    )
    person = forms.CharField(label="Người thực hiện", required=False, max_length=100)
    since = VietnameseDateField(label="Từ ngày", required=False)
    until = VietnameseDateField(label="Đến ngày", required=False)

    def values(self) -> dict[str, Any]:
        """What was typed and understood; a part with an error filters nothing."""
        if not self.is_bound:
            return {}
        self.is_valid()
        return {name: value for name, value in self.cleaned_data.items() if value}
