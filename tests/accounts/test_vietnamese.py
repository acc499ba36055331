"""Nothing a person reads is left in English; dates read day first."""

import re
from datetime import date, datetime
from pathlib import Path

import django
import pytest
from allauth.account import adapter as allauth_adapter
from babel.messages.pofile import read_po
from django import forms
from django.conf import settings
from django.contrib.auth.password_validation import get_default_password_validators
from django.template import Context, Template
from django.utils.formats import date_format, get_format, localize
from django.utils.translation import gettext, ngettext, override, pgettext

from thidua.accounts.adapter import AccountAdapter
from thidua.accounts.forms import PasswordForm, SignInForm
from thidua.accounts.messages import compile_messages

ROOT = Path(django.__file__).parent
OURS = settings.LOCALE_PATHS[0] / "vi/LC_MESSAGES/django.po"
# Two English words of three letters in a row, without one Vietnamese letter in the whole.
ENGLISH = re.compile(r"\b[A-Za-z]{2,}\s+[A-Za-z]{3,}")
# Spelled alike in both languages.
SAME = {"IPv4", "IPv6", "…", "%(truncated_text)s…"}


def catalogue(path):
    with path.open("rb") as file:
        return {
            (message.id if isinstance(message.id, str) else message.id[0], message.context): message
            for message in read_po(file)
            if message.id
        }


def translated(message):
    said = message.string if isinstance(message.string, str) else "".join(message.string)
    return bool(said) and not message.fuzzy


def is_english(text):
    return text.isascii() and bool(ENGLISH.search(text))


@pytest.mark.parametrize(
    "area", ["conf", "contrib/auth", "contrib/contenttypes", "contrib/sessions"]
)
def test_every_message_django_leaves_in_english_has_ours(area):
    folder = ROOT / area / "locale"
    english = catalogue(folder / "en/LC_MESSAGES/django.po")
    theirs = catalogue(folder / "vi/LC_MESSAGES/django.po")
    missing = {key for key in english if key not in theirs or not translated(theirs[key])}
    ours = {key for key, message in catalogue(OURS).items() if translated(message)}

    assert missing
    assert missing - ours == set()


def test_ours_are_vietnamese():
    for (text, _), message in catalogue(OURS).items():
        said = message.string if isinstance(message.string, str) else message.string[0]
        assert text in SAME or said != text
        assert not is_english(said), said


def test_ours_are_what_people_get():
    with override("vi"):
        assert gettext("Enter a valid UUID.") == "Hãy nhập một mã UUID hợp lệ."
        assert ngettext("%(num)d day", "%(num)d days", 3) % {"num": 3} == "3 ngày"
        assert pgettext("field label", "Login") == "Đăng nhập"


def test_every_message_of_allauth_is_vietnamese():
    with override("vi"):
        for code in allauth_adapter.DefaultAccountAdapter.error_messages:
            said = str(AccountAdapter.error_messages[code])
            assert not is_english(said), code


class EveryField(forms.Form):
    """One field of each kind whose errors a person can meet."""

    text = forms.CharField(min_length=3, max_length=5)
    slug = forms.SlugField()
    whole = forms.IntegerField(min_value=1, max_value=9, step_size=2)
    number = forms.DecimalField(max_digits=4, decimal_places=2)
    real = forms.FloatField()
    day = forms.DateField()
    hour = forms.TimeField()
    moment = forms.DateTimeField()
    long = forms.DurationField()
    mail = forms.EmailField()
    site = forms.URLField(assume_scheme="https")
    ip = forms.GenericIPAddressField()
    uid = forms.UUIDField()
    data = forms.JSONField()
    one = forms.ChoiceField(choices=[("a", "A")])
    some = forms.MultipleChoiceField(choices=[("a", "A")])
    pattern = forms.RegexField(r"\d+")
    file = forms.FileField()
    image = forms.FileField(max_length=3)


BAD = [
    {},
    dict.fromkeys(EveryField.base_fields, "!! x") | {"some": ["z"]},
    {"text": "ab\x00", "whole": "100", "number": "12345.678", "day": "31/02/2026", "some": ["z"]},
    {"text": "x" * 9, "whole": "4", "number": "999.9", "moment": "25:00 01/01/2026"},
    {"text": "a", "whole": "0", "number": "1.234", "long": "999999999999 00:00:00"},
]


def errors_of(form):
    return [error for errors in form.errors.values() for error in errors]


@pytest.mark.parametrize("data", BAD)
def test_every_error_of_every_field_is_vietnamese(data):
    with override("vi"):
        said = errors_of(EveryField(data))

    assert said
    for sentence in said:
        assert not is_english(sentence), sentence


def test_every_error_of_rows_is_vietnamese():
    rows = forms.formset_factory(
        EveryField, min_num=2, max_num=3, validate_min=True, validate_max=True
    )
    with override("vi"):
        said = [
            *rows({}).non_form_errors(),
            *rows({"form-TOTAL_FORMS": 1, "form-INITIAL_FORMS": 0}).non_form_errors(),
            *rows({"form-TOTAL_FORMS": 9, "form-INITIAL_FORMS": 0}).non_form_errors(),
        ]

    assert len(said) >= 3
    for sentence in said:
        assert not is_english(sentence), sentence


def test_forms_of_the_account_are_vietnamese(user, rf):
    request = rf.post("/")
    pages = [
        SignInForm(request=request).as_p(),
        SignInForm({}, request=request).as_p(),
        PasswordForm(user).as_p(),
        PasswordForm(user, {}).as_p(),
    ]

    for page in pages:
        for sentence in re.sub(r"<[^>]+>", "\n", page).splitlines():
            assert not is_english(sentence), sentence


def test_the_rules_of_passwords_are_vietnamese():
    with override("vi"):
        for validator in get_default_password_validators():
            assert not is_english(str(validator.get_help_text()))


def test_dates_read_day_first():
    day = date(2026, 3, 2)
    moment = datetime.fromisoformat("2026-03-02T08:05+07:00")
    with override("vi"):
        assert localize(day) == "02/03/2026"
        assert date_format(day, "SHORT_DATE_FORMAT") == "02/03/2026"
        assert date_format(moment, "DATETIME_FORMAT") == "08:05 02/03/2026"
        page = Template("{{ day }} {{ year }} {{ points }}").render(
            Context({"day": day, "year": 2026, "points": 12.5})
        )
    assert page == "02/03/2026 2026 12,5"


@pytest.mark.parametrize("typed", ["02/03/2026", "02-03-2026", "2026-03-02", "2/3/2026"])
def test_typed_dates_read_day_first(typed):
    with override("vi"):
        assert forms.DateField().clean(typed) == date(2026, 3, 2)
        assert get_format("DATE_INPUT_FORMATS")[0] == "%d/%m/%Y"


def test_typed_moments_read_day_first():
    with override("vi"):
        read = forms.DateTimeField().clean("02/03/2026 08:05")

    assert (read.day, read.month, read.hour) == (2, 3, 8)


PO = """\
msgid ""
msgstr ""
"Content-Type: text/plain; charset=utf-8\\n"
"Plural-Forms: nplurals=1; plural=0;\\n"

#, python-format
msgid "%(num)d day"
msgstr "{translation}"
"""


def source(folder, translation):
    place = folder / "vi/LC_MESSAGES"
    place.mkdir(parents=True)
    (place / "django.po").write_text(PO.replace("{translation}", translation), encoding="utf-8")
    return place


def test_compile_messages_writes_what_is_missing_and_nothing_twice(tmp_path):
    place = source(tmp_path, "%(num)d ngày")

    assert compile_messages(tmp_path) == [place / "django.mo"]
    assert compile_messages(tmp_path) == []
    assert sorted(path.name for path in place.iterdir()) == ["django.mo", "django.po"]


def test_compile_messages_refuses_a_lost_placeholder(tmp_path):
    place = source(tmp_path, "%(so)d ngày")

    with pytest.raises(ValueError, match=r"%\(num\)d day"):
        compile_messages(tmp_path)
    assert not (place / "django.mo").exists()
