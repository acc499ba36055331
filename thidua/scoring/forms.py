"""What people type when they score, appraise and explain."""

from collections.abc import Collection, Mapping, Sequence
from decimal import Decimal
from typing import Any

from django import forms
from django.conf import settings
from django.core.files.uploadedfile import UploadedFile

from thidua.accounts.models import User
from thidua.rules.errors import RuleError
from thidua.rules.scoring import Claim, TableRules, read_fact
from thidua.rules.scoring.language import Input, InputKind
from thidua.rules.scoring.numbers import DECIMALS
from thidua.scoring.models import Criterion, CriterionScore
from thidua.ui.fields import VietnameseDateField, VietnameseDecimalField

TEXT_LIMIT = 4000
FACT_LIMIT = 2000
REQUIRED = {"required": "Hãy chọn tệp."}


class PointsForm(forms.Form):
    """The figures and points of one criterion. Figures are read by their kind; whether points keep
    to the table is for the service, which knows every figure of the sheet."""

    def __init__(
        self, score: CriterionScore, inputs: Sequence[Input], rules: TableRules, *args: Any
    ) -> None:
        super().__init__(*args)
        self.score = score
        self.inputs = inputs
        self.rules = rules
        for name, label, given in parts_asked(score.criterion):
            if given:
                self.fields[name] = VietnameseDecimalField(
                    label=label, required=False, min_value=0, decimal_places=DECIMALS
                )
        for number, each in enumerate(inputs):
            self.fields[f"fact_{number}"] = forms.CharField(
                label=each.label, required=False, max_length=FACT_LIMIT
            )

    version = forms.IntegerField(min_value=1, widget=forms.HiddenInput)
    # The version of somebody else that the person has seen and decided to replace (R08).
    seen = forms.IntegerField(min_value=1, required=False, widget=forms.HiddenInput)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        read_figures(self, self.inputs, self.rules, cleaned)
        return cleaned

    def _part(self, name: str) -> Decimal | None:
        value: Decimal | None = self.cleaned_data.get(name)
        return value

    def claim(self) -> Claim:
        """The points typed; an empty field is "not given"."""
        return Claim(self._part("base"), self._part("bonus"), self._part("deduction"))

    def facts(self) -> dict[str, str]:
        """Canonical figures by key; an empty field has none."""
        return figures_of(self.inputs, self.cleaned_data)

    def known_version(self) -> int:
        """The version the person saw last."""
        return int(self.cleaned_data["seen"] or self.cleaned_data["version"])


def parts_asked(criterion: Criterion) -> tuple[tuple[str, str, bool], ...]:
    """The three parts of a criterion: name, label, whether there is such a part."""
    return (
        ("base", "Điểm chuẩn", criterion.maximum is not None),
        ("bonus", "Điểm thưởng", criterion.has_bonus),
        ("deduction", "Điểm trừ", criterion.has_deduction),
    )


class ClaimForm(PointsForm):
    """What the unit claims for one criterion."""

    explanation = forms.CharField(
        label="Thuyết minh", required=False, max_length=TEXT_LIMIT, widget=forms.Textarea
    )

    def text(self) -> str:
        """The explanation, with one kind of line end."""
        return str(self.cleaned_data["explanation"]).replace("\r\n", "\n")


class AppraisalForm(PointsForm):
    """What the appraiser decides for one criterion."""

    reason = forms.CharField(
        label="Lý do thay đổi", required=False, max_length=TEXT_LIMIT, widget=forms.Textarea
    )

    def text(self) -> str:
        """The reason, with one kind of line end."""
        return str(self.cleaned_data["reason"]).replace("\r\n", "\n")


class SheetFiguresForm(forms.Form):
    """Figures that belong to no criterion: awards, conditions, what decides between equals."""

    version = forms.IntegerField(min_value=1, widget=forms.HiddenInput)
    reason = forms.CharField(
        label="Lý do (bắt buộc khi khác số đơn vị ghi)",
        required=False,
        max_length=TEXT_LIMIT,
        widget=forms.Textarea(attrs={"rows": 2}),
    )

    def __init__(
        self,
        inputs: Sequence[Input],
        rules: TableRules,
        stored: Mapping[str, str],
        version: int,
        data: Any = None,
        locked: Collection[str] = (),
    ) -> None:
        """`locked`: keys of inputs that accepted reports fill in; nobody types those."""
        initial = {f"fact_{place}": stored[each.key] for place, each in enumerate(inputs)}
        super().__init__(data, initial={**initial, "version": version})
        self.inputs = inputs
        self.rules = rules
        for place, each in enumerate(inputs):
            self.fields[f"fact_{place}"] = forms.CharField(
                label=each.label,
                required=False,
                max_length=FACT_LIMIT,
                help_text=_told(each, is_locked=each.key in locked),
                disabled=each.key in locked,
                widget=forms.Select(choices=[("", "—"), ("Có", "Có"), ("Không", "Không")])
                if each.kind is InputKind.YES_NO
                else forms.TextInput(),
            )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        read_figures(self, self.inputs, self.rules, cleaned)
        return cleaned

    def facts(self) -> dict[str, str]:
        """Canonical figures by key; an empty field has none."""
        return figures_of(self.inputs, self.cleaned_data)


def _told(each: Input, *, is_locked: bool) -> str:
    """The measure, and where the value comes from when nobody types it."""
    source = "lấy từ báo cáo đã chấp nhận" if is_locked else ""
    return ", ".join(filter(None, (each.measure, source)))


def read_figures(
    form: forms.Form, inputs: Sequence[Input], rules: TableRules, cleaned: dict[str, Any]
) -> None:
    """Put canonical text in place of what was typed; what cannot be read stands at its field."""
    for place, each in enumerate(inputs):
        name = f"fact_{place}"
        try:
            cleaned[name] = read_fact(each, cleaned.get(name, ""), rules.bands)
        except RuleError as error:
            form.add_error(name, str(error))


def figures_of(inputs: Sequence[Input], cleaned: Mapping[str, Any]) -> dict[str, str]:
    """Canonical figures by key; an empty field has none."""
    return {
        each.key: text for place, each in enumerate(inputs) if (text := cleaned[f"fact_{place}"])
    }


class ReplyForm(forms.Form):
    """The unit's answer to a changed point, as it stood on the page (R08)."""

    version = forms.IntegerField(min_value=1, widget=forms.HiddenInput)
    text = forms.CharField(
        label="Nội dung giải trình",
        max_length=TEXT_LIMIT,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": "Hãy ghi nội dung giải trình."},
    )

    def show_anew(self, version: int) -> None:
        """Keep what was typed; sent again, it answers the version shown beside it."""
        self.data = {**self.data, "version": str(version)}


class SeveralFilesInput(forms.FileInput):
    """A file input that takes several files at once."""

    allow_multiple_selected = True


class SeveralFilesField(forms.FileField):
    """One or more files. Out: list of uploaded files."""

    widget = SeveralFilesInput

    def clean(self, data: Any, initial: Any = None) -> Any:
        single = super().clean
        files = data if isinstance(data, list | tuple) else [data]
        return [single(each, initial) for each in files] if files else [single(None, initial)]


class EvidenceForm(forms.Form):
    """Files handed in for one criterion, with one line on what they are."""

    attached = SeveralFilesField(
        label="Tệp minh chứng",
        max_length=200,
        error_messages={**REQUIRED, "empty": "Tệp đã chọn rỗng. Hãy chọn tệp khác."},
    )
    description = forms.CharField(label="Nội dung tài liệu", required=False, max_length=300)
    dated_on = VietnameseDateField(
        label="Ngày của tài liệu",
        required=False,
        help_text="Ngày ghi trên văn bản; ngoài năm thi đua thì được đánh dấu.",
    )

    def contents(self) -> list[tuple[str, bytes]]:
        """Name and bytes of each file."""
        files: Sequence[UploadedFile[bytes]] = self.cleaned_data["attached"]
        return [(file.name or "tệp không tên", file.read()) for file in files]


class WorkbookForm(forms.Form):
    """A form with the field `workbook`: one file, within the limit."""

    def name(self) -> str:
        """The file's name as the person's machine calls it."""
        workbook: UploadedFile[bytes] = self.cleaned_data["workbook"]
        return workbook.name or "tệp không tên"

    def contents(self) -> bytes:
        """The bytes of the workbook. Raises RuleError over the limit."""
        workbook: UploadedFile[bytes] = self.cleaned_data["workbook"]
        if workbook.size is None or workbook.size > settings.WORKBOOK_LIMIT:
            megabytes = settings.WORKBOOK_LIMIT // (1024 * 1024)
            raise RuleError(f"Tệp “{workbook.name}” lớn hơn {megabytes} MB nên không được nhận.")
        content: bytes = workbook.read()
        return content


class ScaleImportForm(WorkbookForm):
    """A workbook with a points table."""

    workbook = forms.FileField(
        label="Tệp bảng điểm (.xlsx)",
        help_text=f"Theo tệp mẫu, tối đa {settings.WORKBOOK_LIMIT // (1024 * 1024)} MB.",
        widget=forms.FileInput(attrs={"accept": ".xlsx"}),
        error_messages={**REQUIRED, "empty": "Tệp đã chọn rỗng. Hãy chọn tệp khác."},
    )


class SheetFormUpload(WorkbookForm):
    """The unit's filled self-score form."""

    workbook = forms.FileField(
        label="Biểu tự chấm đã điền (.xlsx)",
        max_length=200,
        help_text=f"Tệp tải từ trang này, tối đa {settings.WORKBOOK_LIMIT // (1024 * 1024)} MB.",
        widget=forms.FileInput(attrs={"accept": ".xlsx"}),
        error_messages={
            **REQUIRED,
            "empty": "Tệp đã chọn rỗng. Hãy chọn tệp khác.",
            "max_length": "Tên tệp dài quá 200 ký tự. Hãy đổi tên ngắn hơn rồi chọn lại.",
        },
    )


class AppraisersForm(forms.Form):
    """Who appraises each section: one set of boxes per section."""

    def __init__(
        self,
        sections: Sequence[Criterion],
        candidates: Sequence[User],
        current: dict[int, list[User]],
        data: Any = None,
    ) -> None:
        super().__init__(data)
        self.sections = sections
        self.current = {key: {user.pk for user in users} for key, users in current.items()}
        self.people = {user.pk: user for user in candidates}
        # A person whose role has ended stays on the list until taken off, or a save would drop
        # them unseen.
        for users in current.values():
            self.people.update({user.pk: user for user in users})
        for section in sections:
            self.fields[f"section_{section.pk}"] = forms.TypedMultipleChoiceField(
                label=f"{section.code}. {section.title}",
                required=False,
                coerce=int,
                choices=[(user.pk, user.full_name) for user in self.people.values()],
                initial=sorted(self.current.get(section.pk, ())),
                widget=forms.CheckboxSelectMultiple,
                help_text=section.appraised_by and f"Bảng điểm ghi: {section.appraised_by}",
            )

    def changes(self) -> list[tuple[Criterion, list[User]]]:
        """The sections whose appraisers differ from now; those that only lose people come first."""
        found = []
        for section in self.sections:
            chosen = set(self.cleaned_data[f"section_{section.pk}"])
            if chosen != self.current.get(section.pk, set()):
                found.append((section, [self.people[key] for key in sorted(chosen)]))
        return sorted(found, key=lambda each: bool(each[1]))
