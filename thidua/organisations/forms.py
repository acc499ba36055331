"""What the people who set up a year type."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Model

from thidua.accounts.models import User
from thidua.organisations.models import (
    Assignment,
    Cluster,
    EmulationYear,
    Membership,
    Milestone,
    Organisation,
)
from thidua.ui.fields import VietnameseDateField


class AsOfForm(forms.Form):
    """The day on which members are looked up."""

    as_of = VietnameseDateField(label="Thành viên tính đến ngày")


class OpenYearForm(forms.Form):
    """A new year of a cluster."""

    cluster = forms.ModelChoiceField(
        Cluster.objects.all(), label="Cụm thi đua", empty_label="Chọn cụm"
    )
    year = forms.IntegerField(label="Năm thi đua", min_value=1990, max_value=2200)
    as_of = VietnameseDateField(label="Thành viên tính đến ngày")


@dataclass(frozen=True)
class Candidate:
    """One row of the member picker."""

    organisation: Organisation
    chosen: bool
    order: str
    is_lead: bool
    is_deputy: bool


NOT_THERE = {
    "invalid_choice": "Đơn vị đã chọn không tồn tại vào ngày này. Hãy xem lại danh sách.",
    "invalid_pk_value": "Đơn vị đã chọn không có trong danh sách. Hãy mở lại trang.",
}


class MembersForm(forms.Form):
    """The picker: which organisations, in which order, who leads, who is deputy."""

    as_of = VietnameseDateField(label="Ngày", widget=forms.HiddenInput)
    version = forms.IntegerField(label="Lần sửa", widget=forms.HiddenInput)
    member = forms.ModelMultipleChoiceField(
        Organisation.objects.none(),
        label="Đơn vị thành viên",
        error_messages={"required": "Hãy chọn các đơn vị thành viên.", **NOT_THERE},
    )
    lead = forms.ModelChoiceField(
        Organisation.objects.none(),
        label="Cụm trưởng",
        error_messages={"required": "Hãy chọn cụm trưởng.", **NOT_THERE},
    )
    deputy = forms.ModelChoiceField(
        Organisation.objects.none(), label="Cụm phó", required=False, error_messages=NOT_THERE
    )

    def __init__(
        self, *args: Any, year: EmulationYear, choices: Sequence[Organisation], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.year = year
        self.choices = list(choices)
        allowed = Organisation.objects.filter(pk__in=[choice.pk for choice in choices])
        for name in ("member", "lead", "deputy"):
            self.fields[name].queryset = allowed  # type: ignore[attr-defined]

    def rows(self) -> list[Candidate]:
        """The rows to show: what was sent, else what is stored; the chosen first, in order."""
        rows = self._sent() if self.is_bound else self._stored()
        return sorted(rows, key=lambda row: (not row.chosen, _number(row.order)))

    def _sent(self) -> list[Candidate]:
        chosen = set(self.data.getlist("member"))  # type: ignore[attr-defined]
        lead, deputy = self.data.get("lead"), self.data.get("deputy")
        return [
            Candidate(
                organisation,
                chosen=key in chosen,
                order=str(self.data.get(f"order-{key}", "")),
                is_lead=lead == key,
                is_deputy=deputy == key,
            )
            for organisation in self.choices
            for key in [str(organisation.pk)]
        ]

    def _stored(self) -> list[Candidate]:
        stored = {m.organisation_id: m for m in self.year.memberships.all()}
        rows = []
        for organisation in self.choices:
            membership = stored.get(organisation.pk)
            role = membership.role if membership else ""
            rows.append(
                Candidate(
                    organisation,
                    chosen=membership is not None,
                    order=str(membership.order) if membership else "",
                    is_lead=role == Membership.Role.LEAD,
                    is_deputy=role == Membership.Role.DEPUTY,
                )
            )
        return rows

    def members(self) -> list[Organisation]:
        """The chosen organisations in their order; those without a number come last."""
        chosen: list[Organisation] = list(self.cleaned_data["member"])
        return sorted(chosen, key=lambda o: _number(str(self.data.get(f"order-{o.pk}", ""))))

    def clean(self) -> dict[str, Any] | None:
        for organisation in self.cleaned_data.get("member", []):
            typed = str(self.data.get(f"order-{organisation.pk}", "")).strip()
            if typed and not typed.isdecimal():
                raise ValidationError(
                    f"Thứ tự của {organisation.short_name} phải là số, bạn ghi “{typed[:20]}”."
                )
        return self.cleaned_data


def _number(typed: str) -> int:
    return int(typed) if typed.strip().isdecimal() else 999


class MilestonesForm(forms.Form):
    """One date per milestone."""

    version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, milestones: Sequence[Milestone], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for milestone in milestones:
            self.fields[milestone.kind] = VietnameseDateField(
                label=milestone.get_kind_display(),
                initial=milestone.due_on,
                help_text=milestone.source,
            )

    def dates(self) -> dict[str, date]:
        """The typed dates by kind."""
        return {name: value for name, value in self.cleaned_data.items() if isinstance(value, date)}


class PersonForm(forms.Form):
    """A new person who may sign in."""

    username = forms.RegexField(
        r"^[a-z0-9][a-z0-9._-]{2,63}$",
        label="Tên đăng nhập",
        help_text="Chữ thường không dấu, số, dấu chấm hoặc gạch; ít nhất 3 ký tự.",
        error_messages={
            "invalid": "Tên đăng nhập chỉ gồm chữ thường không dấu, số, dấu chấm, gạch; "
            "ít nhất 3 ký tự."
        },
    )
    full_name = forms.CharField(label="Họ và tên", max_length=120)
    email = forms.EmailField(label="Thư điện tử", required=False)

    def clean_username(self) -> str:
        username: str = self.cleaned_data["username"]
        if User.objects.filter(username=username).exists():
            raise ValidationError(f"Tên đăng nhập “{username}” đã có người dùng.")
        return username


class OrganisationThroughTimeField(forms.ModelChoiceField):  # type: ignore[type-arg]
    """Organisations of every time: two of one name are told apart by when they ended."""

    def label_from_instance(self, obj: Model) -> str:
        ended = getattr(obj, "valid_to", None)
        return f"{obj} (đến hết {ended:%d/%m/%Y})" if ended else str(obj)


class AssignmentForm(forms.Form):
    """A role for a person."""

    role = forms.ChoiceField(
        label="Vai trò",
        choices=Assignment.Role.choices,
        help_text="Cán bộ phụ trách, thủ trưởng, cán bộ cấp trên: chọn đơn vị. "
        "Người thẩm định, thành viên hội đồng: chọn cụm. Quản trị hệ thống: để trống cả hai.",
    )
    organisation = OrganisationThroughTimeField(
        Organisation.objects.all(), label="Đơn vị", required=False, empty_label="(không)"
    )
    cluster = forms.ModelChoiceField(
        Cluster.objects.all(), label="Cụm thi đua", required=False, empty_label="(không)"
    )
    post = forms.CharField(label="Chức vụ", max_length=120, required=False)
    valid_from = VietnameseDateField(label="Từ ngày")


class EndAssignmentForm(forms.Form):
    """The last day of a role."""

    last_day = VietnameseDateField(label="Ngày cuối cùng")
