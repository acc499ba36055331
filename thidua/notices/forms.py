"""What people type about their notices."""

from django import forms


class AddressForm(forms.Form):
    """Where letters go; empty: notices are shown in the product only."""

    email = forms.EmailField(
        label="Thư điện tử",
        required=False,
        help_text="Để trống nếu chỉ muốn xem thông báo trong phần mềm.",
        error_messages={
            "invalid": "Địa chỉ thư điện tử chưa đúng. Ví dụ đúng: nguyen.van.a@tinh.gov.vn."
        },
    )
