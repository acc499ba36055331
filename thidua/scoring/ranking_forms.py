"""What people type on the pages of the ranking: orders of tied units, trials, units' terms."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any, cast

from django import forms
from django.http import QueryDict

from thidua.rules.scoring.numbers import DECIMALS, LIMIT
from thidua.scoring.queries.terms import NA_NAMES, Settable
from thidua.scoring.services.terms import GROUP_LIMIT, Terms
from thidua.ui.fields import VietnameseDecimalField

TEXT_LIMIT = 4000
LARGEST_SEED = 2**31 - 1
BOUNDS = (10, 20, 30)
INDENT = "\u2003"


class TieForm(forms.Form):
    """Tied units, each given its place among them, and why."""

    def __init__(self, names: Mapping[int, str], data: Any = None) -> None:
        # Several ties may stand on one page: their fields keep apart.
        apart = "-".join(str(key) for key in names)
        super().__init__(data, auto_id=f"tie-{apart}-%s")
        self.names = names
        choices = [(str(place), str(place)) for place in range(1, len(names) + 1)]
        for number, (key, name) in enumerate(names.items(), start=1):
            self.fields[f"place_{key}"] = forms.ChoiceField(
                label=f"Thứ tự của {name}",
                choices=choices,
                initial=str(number),
                error_messages={
                    "required": f"Hãy chọn thứ tự của {name}.",
                    "invalid_choice": f"Thứ tự của {name} không có trong danh sách.",
                },
            )
        self.fields["reason"] = forms.CharField(
            label="Lý do",
            max_length=TEXT_LIMIT,
            widget=forms.Textarea(attrs={"rows": 3}),
            error_messages={"required": "Hãy ghi lý do xếp thứ tự như vậy."},
        )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        given = [cleaned.get(f"place_{key}") for key in self.names]
        if None not in given and len(set(given)) != len(given):
            self.add_error(
                None, "Hai đơn vị đang cùng một thứ tự; mỗi đơn vị một thứ tự khác nhau."
            )
        return cleaned

    def order(self) -> list[int]:
        """Keys of memberships, best first."""
        return sorted(self.names, key=lambda key: int(self.cleaned_data[f"place_{key}"]))


class RobustnessForm(forms.Form):
    """Bound of the weights in per cent, and the seed."""

    bound = forms.TypedChoiceField(
        label="Trọng số thay đổi đến",
        coerce=int,
        choices=[(each, f"±{each} %") for each in BOUNDS],
        error_messages={"invalid_choice": "Mức thay đổi là 10, 20 hoặc 30 %%."},
    )
    seed = forms.IntegerField(
        label="Số mầm",
        min_value=0,
        max_value=LARGEST_SEED,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
        error_messages={
            "required": "Hãy ghi số mầm.",
            "invalid": "Số mầm phải là một số nguyên.",
            "min_value": "Số mầm không được âm.",
            "max_value": f"Số mầm không quá {LARGEST_SEED}.",
        },
    )


class TermsForm(forms.Form):
    """What holds for one unit: only what its table asks for; the version shown travels along."""

    version = forms.IntegerField(min_value=0, widget=forms.HiddenInput)

    def __init__(self, found: Settable, groups: Sequence[str], **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.found = found
        self.target_names = {f"target_{n}": each.key for n, each in enumerate(found.targets)}
        for name, each in zip(self.target_names, found.targets, strict=True):
            measure = f" ({each.measure})" if each.measure else ""
            self.fields[name] = VietnameseDecimalField(
                label=f"Mục tiêu: {each.label}{measure}",
                required=False,
                min_value=0,
                max_value=LIMIT - 1,
                decimal_places=DECIMALS,
                help_text="Để trống nếu đơn vị không có mục tiêu.",
            )
        self.tier_names = {f"tier_{n}": name for n, name in enumerate(found.tiers)}
        for field, tier in self.tier_names.items():
            options = [("", "Chưa xếp"), *((label, label) for label in found.tiers[tier])]
            self.fields[field] = forms.ChoiceField(
                label=f"Cỡ của đơn vị theo “{tier}”", choices=options, required=False
            )
        if found.exempt:
            self.fields["not_assigned"] = forms.MultipleChoiceField(
                label="Tiêu chí không giao cho đơn vị",
                required=False,
                widget=forms.CheckboxSelectMultiple,
                choices=[
                    (path, f"{INDENT * path.count('/')}{node.code}. {node.title} ({NA_NAMES[how]})")
                    for path, (node, how) in found.exempt.items()
                ],
                help_text="Chỉ liệt kê tiêu chí mà bảng điểm nói rõ cách tính khi không giao.",
            )
        known = f" Đang dùng: {', '.join(groups)}." if groups else ""
        self.fields["group"] = forms.CharField(
            label="Nhóm xếp hạng",
            required=False,
            max_length=GROUP_LIMIT,
            help_text=f"Các đơn vị cùng nhóm xếp hạng với nhau; để trống thì chung một bảng.{known}",
            error_messages={"max_length": f"Tên nhóm không quá {GROUP_LIMIT} ký tự."},
        )

    def show_anew(self, version: int) -> None:
        """Keep what was typed; sent again, it answers the version shown beside it."""
        data = cast("QueryDict", self.data).copy()
        data["version"] = str(version)
        self.data = data

    def terms(self) -> Terms:
        """What was typed."""
        cleaned = self.cleaned_data
        targets: dict[str, Decimal] = {
            key: cleaned[name]
            for name, key in self.target_names.items()
            if cleaned[name] is not None
        }
        tiers = {tier: cleaned[name] for name, tier in self.tier_names.items() if cleaned[name]}
        return Terms(
            targets, frozenset(cleaned.get("not_assigned", ())), tiers, cleaned["group"].strip()
        )

    @staticmethod
    def initial_of(found: Settable, stored: Any) -> dict[str, Any]:
        """The fields of what is stored (`UnitTerms` or None)."""
        if stored is None:
            return {"version": 0}
        initial: dict[str, Any] = {
            "version": stored.version,
            "group": stored.group,
            "not_assigned": stored.not_assigned,
        }
        for n, each in enumerate(found.targets):
            if each.key in stored.targets:
                initial[f"target_{n}"] = Decimal(stored.targets[each.key])
        initial |= {f"tier_{n}": stored.tiers.get(name, "") for n, name in enumerate(found.tiers)}
        return initial
