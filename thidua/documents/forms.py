"""What people hand in: signed papers, papers to verify, public certificates."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from thidua.organisations.models import Assignment

LARGEST_CERTIFICATE = 64 * 1024
PDF_INPUT = forms.FileInput(attrs={"accept": "application/pdf,.pdf"})


def _bytes(file: Any) -> bytes:
    data: bytes = file.read()
    return data


class SignedPdfForm(forms.Form):
    """One PDF. What it is worth is judged by `documents.signing`, not by its name."""

    pdf = forms.FileField(
        label="Tệp PDF đã ký",
        allow_empty_file=True,
        error_messages={"required": "Hãy chọn tệp PDF đã ký."},
        widget=PDF_INPUT,
    )

    def data_sent(self) -> bytes:
        """The content of the file."""
        return _bytes(self.cleaned_data["pdf"])


class VerifyForm(SignedPdfForm):
    pdf = forms.FileField(
        label="Tệp PDF cần kiểm tra",
        allow_empty_file=True,
        error_messages={"required": "Hãy chọn tệp PDF cần kiểm tra."},
        widget=PDF_INPUT,
    )


class HeadChoice(forms.ModelChoiceField):  # type: ignore[type-arg]
    """A head with post and organisation."""

    def label_from_instance(self, obj: Any) -> str:
        return f"{obj.organisation.short_name}: {obj.user.full_name} ({obj.post or 'Thủ trưởng'})"


class CertificateForm(forms.Form):
    """A public certificate and the head of a member to whom it belongs."""

    head = HeadChoice(
        label="Thủ trưởng đơn vị",
        queryset=Assignment.objects.none(),
        empty_label="Chọn người giữ chứng thư",
        error_messages={"invalid_choice": "Người này không phải thủ trưởng đơn vị thành viên."},
    )
    certificate = forms.FileField(
        label="Chứng thư công khai",
        allow_empty_file=True,
        help_text="Tệp .cer, .crt hoặc .pem do nơi cấp chứng thư giao. Không gửi tệp .p12, .pfx: "
        "tệp đó chứa khoá riêng của người ký.",
        error_messages={"required": "Hãy chọn tệp chứng thư công khai."},
        widget=forms.FileInput(attrs={"accept": ".cer,.crt,.pem,.der"}),
    )

    def __init__(self, *args: Any, heads: list[Assignment], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["head"]
        assert isinstance(field, HeadChoice)  # noqa: S101 - for the type checker
        field.queryset = Assignment.objects.filter(
            pk__in=[head.pk for head in heads]
        ).select_related("user", "organisation")

    def clean_certificate(self) -> Any:
        file = self.cleaned_data["certificate"]
        if file.size > LARGEST_CERTIFICATE:
            raise ValidationError(
                f"Tệp “{file.name}” quá lớn so với một chứng thư công khai. Hãy kiểm tra lại tệp."
            )
        return file

    def data_sent(self) -> bytes:
        """The content of the certificate file."""
        return _bytes(self.cleaned_data["certificate"])
