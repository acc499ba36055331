"""What the people who set up a year type."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Model, QuerySet

from thidua.accounts.models import User
from thidua.organisations.models import (
    Assignment,
    Cluster,
    EmulationYear,
    Membership,
    Milestone,
    Organisation,
    Succession,
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


NO_SUCH = {
    "invalid_choice": "Đơn vị đã chọn không có trong danh mục. Hãy mở lại trang.",
    "invalid_pk_value": "Đơn vị đã chọn không có trong danh mục. Hãy mở lại trang.",
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


def _with_its_end(organisation: Model) -> str:
    ended = getattr(organisation, "valid_to", None)
    return f"{organisation} (đến hết {ended:%d/%m/%Y})" if ended else str(organisation)


class OrganisationThroughTimeField(forms.ModelChoiceField):  # type: ignore[type-arg]
    """Organisations of every time: two of one name are told apart by when they ended."""

    def label_from_instance(self, obj: Model) -> str:
        return _with_its_end(obj)


class OrganisationsThroughTimeField(forms.ModelMultipleChoiceField):  # type: ignore[type-arg]
    """Several of them."""

    def label_from_instance(self, obj: Model) -> str:
        return _with_its_end(obj)


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


class StructureFilter(forms.Form):
    """Which organisations to list; every part may be left empty."""

    name = forms.CharField(label="Tên đơn vị", required=False, max_length=100)
    day = VietnameseDateField(label="Tồn tại vào ngày", required=False)


class OrganisationForm(forms.Form):
    """A new organisation."""

    kind = forms.ChoiceField(label="Loại", choices=Organisation.Kind.choices)
    full_name = forms.CharField(
        label="Tên đầy đủ", max_length=200, help_text="Như trong quyết định thành lập."
    )
    short_name = forms.CharField(
        label="Tên ngắn", max_length=80, help_text="Dùng trong bảng, ví dụ: Ninh Bình."
    )
    abbreviation = forms.CharField(
        label="Chữ viết tắt trong ký hiệu văn bản", max_length=20, required=False
    )
    governing_body = forms.CharField(
        label="Cơ quan chủ quản",
        max_length=200,
        required=False,
        help_text="In ở dòng trên tên đơn vị trong văn bản, ví dụ: Ủy ban nhân dân tỉnh Ninh Bình.",
    )
    parent = OrganisationThroughTimeField(
        Organisation.objects.all(),
        label="Cơ quan cấp trên",
        required=False,
        empty_label="(không)",
        help_text="Cần cho vụ, cục, đơn vị trực thuộc.",
        error_messages=NO_SUCH,
    )
    place = forms.CharField(
        label="Địa danh", max_length=80, required=False, help_text="Đứng trước ngày trong văn bản."
    )
    valid_from = VietnameseDateField(label="Có từ ngày")
    source = forms.CharField(
        label="Căn cứ", max_length=300, required=False, help_text="Số, ngày của quyết định."
    )


class EndOrganisationForm(forms.Form):
    """The last day of an organisation."""

    last_day = VietnameseDateField(label="Ngày cuối cùng")


class SuccessionForm(forms.Form):
    """Which organisations became which, and when."""

    kind = forms.ChoiceField(
        label="Hình thức",
        choices=Succession.Kind.choices,
        help_text="Hợp nhất, sáp nhập: một hoặc nhiều đơn vị trước. Chia, tách và đổi tên: một đơn "
        "vị trước; chia thành nhiều đơn vị thì ghi một lần cho mỗi đơn vị sau.",
    )
    successor = OrganisationThroughTimeField(
        Organisation.objects.all(),
        label="Đơn vị sau",
        empty_label="Chọn đơn vị",
        help_text="Chưa có trong danh mục thì hãy thêm đơn vị trước.",
        error_messages=NO_SUCH,
    )
    on = VietnameseDateField(label="Kế thừa từ ngày")
    source = forms.CharField(
        label="Căn cứ", max_length=300, required=False, help_text="Số, ngày của văn bản."
    )
    predecessors = OrganisationsThroughTimeField(
        Organisation.objects.all(),
        label="Đơn vị trước",
        help_text="Đơn vị chưa có ngày kết thúc sẽ kết thúc vào ngày liền trước ngày kế thừa.",
        error_messages={"required": "Hãy chọn ít nhất một đơn vị trước.", **NO_SUCH},
        widget=forms.CheckboxSelectMultiple,
    )


class ClusterForm(forms.Form):
    """A new cluster."""

    name = forms.CharField(label="Tên cụm", max_length=200)
    short_name = forms.CharField(label="Tên ngắn", max_length=60)
    symbol = forms.RegexField(
        r"^[^\W_]+(-[^\W_]+)*\Z",
        label="Ký hiệu trong số văn bản",
        max_length=20,
        initial="CTĐ",
        help_text="Ví dụ CTĐ2, đứng sau loại văn bản: 01/GƯ-CTĐ2.",
        error_messages={"invalid": "Ký hiệu chỉ gồm chữ và số, có thể nối bằng dấu gạch “-”."},
    )
    superior = forms.ModelChoiceField(
        Organisation.objects.none(),
        label="Cấp trên",
        empty_label="Chọn cơ quan",
        error_messages=NO_SUCH,
    )
    source = forms.CharField(
        label="Căn cứ", max_length=300, required=False, help_text="Số, ngày của văn bản."
    )

    def __init__(self, *args: Any, superiors: QuerySet[Organisation], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["superior"].queryset = superiors  # type: ignore[attr-defined]
