"""What people type of an indicator."""

from typing import Any

from django import forms

from thidua.reporting.models import Indicator
from thidua.reporting.services.indicators import IndicatorText
from thidua.rules.reporting.sources.language import LONGEST


class IndicatorForm(forms.Form):
    """Words and figure of an indicator; its key only while it is new."""

    key = forms.SlugField(
        label="Khoá",
        max_length=60,
        help_text="Chữ thường không dấu, số, gạch nối; không đổi được về sau. Ví dụ giai-quyet-to-cao.",
        error_messages={"invalid": "Khoá chỉ gồm chữ không dấu, số, dấu gạch nối và gạch dưới."},
    )
    name = forms.CharField(label="Tên chỉ tiêu", max_length=300)
    measure = forms.CharField(
        label="Đơn vị tính", max_length=40, help_text="Ví dụ %, vụ việc, triệu đồng."
    )
    computation = forms.CharField(
        label="Cách tính",
        max_length=400,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text="Bằng lời, ví dụ: số vụ đã giải quyết chia số vụ thuộc thẩm quyền.",
    )
    figure = forms.CharField(
        label="Lấy từ số liệu báo cáo",
        max_length=LONGEST,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2, "spellcheck": "false"}),
        help_text="Tên ở danh mục bên dưới, ví dụ a / b * 100. Để trống nếu báo cáo không có.",
    )
    source = forms.CharField(
        label="Nguồn", max_length=300, required=False, help_text="Văn bản đặt ra chỉ tiêu."
    )
    version = forms.IntegerField(min_value=1, required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, indicator: Indicator | None = None, **kwargs: Any) -> None:
        if indicator is not None:
            names = ("name", "measure", "computation", "figure", "source", "version")
            kwargs["initial"] = {name: getattr(indicator, name) for name in names}
        super().__init__(*args, **kwargs)
        if indicator is not None:
            del self.fields["key"]

    def text(self) -> IndicatorText:
        """The indicator as a value."""
        names = ("name", "measure", "computation", "source", "figure")
        return IndicatorText(**{name: self.cleaned_data[name] for name in names})
