"""Each component says what it must to eyes and to screen readers."""

import re
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from django import forms
from django.template import Context, Template
from django.template.loader import render_to_string

import thidua.ui
from thidua.ui.states import tone_of
from thidua.ui.timeline import Milestone, rows, ticks


def text_of(html: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", html)).strip()


def tag(source: str, **context: object) -> str:
    return Template("{% load ui %}" + source).render(Context(context))


class DutyForm(forms.Form):
    title = forms.CharField(label="Tên cam kết", help_text="Ghi ngắn gọn.")
    note = forms.CharField(label="Ghi chú", required=False)
    role = forms.ChoiceField(
        label="Vai trò", choices=[("a", "Cụm trưởng"), ("b", "Cụm phó")], widget=forms.RadioSelect
    )
    secret = forms.CharField(widget=forms.HiddenInput)


def test_field_ties_label_help_and_error_to_the_control():
    html = render_to_string("ui/field.html", {"field": DutyForm({})["title"]})

    assert '<label class="form-label" for="id_title">Tên cam kết</label>' in html
    assert 'aria-describedby="id_title_helptext id_title_error"' in html
    assert 'aria-invalid="true"' in html
    assert 'id="id_title_helptext"' in html
    assert 'id="id_title_error"' in html
    assert "is-invalid" in html


def test_field_without_error_is_not_marked_invalid():
    form = DutyForm({"title": "x"})

    html = render_to_string("ui/field.html", {"field": form["title"]})

    assert "aria-invalid" not in html
    assert "is-invalid" not in html
    assert "_error" not in html


def test_field_not_required_says_so():
    assert "(không bắt buộc)" in render_to_string("ui/field.html", {"field": DutyForm()["note"]})
    assert "không bắt buộc" not in render_to_string("ui/field.html", {"field": DutyForm()["title"]})


def test_field_of_a_filter_says_nothing_of_being_optional():
    quiet = {"field": DutyForm()["note"], "quiet_optional": True}

    assert "không bắt buộc" not in render_to_string("ui/field.html", quiet)


def test_field_of_choices_is_a_named_group():
    html = render_to_string("ui/field.html", {"field": DutyForm({"role": "b"})["role"]})

    assert "<fieldset" in html
    assert '<legend class="form-label">Vai trò' in html
    assert html.count('type="radio"') == 2
    assert re.search(r'value="b"[^>]* checked', html)


def test_form_lists_every_error_with_a_way_to_its_field():
    form = DutyForm({"secret": "s"})
    form.add_error(None, "Giao ước này đã chốt.")

    html = render_to_string("ui/form.html", {"form": form})

    assert "Giao ước này đã chốt." in html
    assert 'href="#id_title"' in html
    assert 'href="#id_role"' in html
    assert 'id="id_role"' in html
    assert html.count('name="secret"') == 1


def test_t12_text_of_people_is_escaped_everywhere():
    evil = "<script>alert(1)</script>"
    form = DutyForm({"title": evil})
    form.fields["title"].help_text = evil
    form.fields["title"].label = evil
    parts = {
        "badge": {"state": evil, "label": evil},
        "alert": {"kind": "info", "text": evil, "title": evil},
        "empty": {"title": evil, "text": evil},
        "progress": {"done": 1, "total": 2, "label": evil, "note": evil},
        "file": {"name": evil, "url": "#", "note": evil},
        "provenance": {"real": True, "source": evil},
        "diff": {"parts": [("ins", evil), ("del", evil), ("same", evil)]},
        "breadcrumbs": {"crumbs": [(evil, "#"), (evil, "")]},
        "field": {"field": form["title"]},
        "form": {"form": form},
        "task": {"url": "#", "title": evil, "note": evil},
        "stat": {"label": evil, "value": evil},
        "timeline": {"milestones": [Milestone(date(2026, 1, 1), evil)], "today": date(2026, 2, 1)},
        "confirm": {"id": "x", "title": evil, "text": evil, "hidden": {"a": evil}},
        "fingerprint": {"value": evil, "label": evil},
    }

    for name, context in parts.items():
        html = render_to_string(f"ui/{name}.html", context)
        assert "<script" not in html, name
        assert "&lt;script&gt;" in html, name


@pytest.mark.parametrize(
    ("state", "expected"),
    [
        ("draft", "neutral"),
        ("SIGNED", "ok"),
        ("overdue", "bad"),
        ("warn", "warn"),
        ("?", "neutral"),
    ],
)
def test_badge_takes_its_tone_from_the_state(state, expected):
    html = render_to_string("ui/badge.html", {"state": state, "label": "Nhãn"})

    assert tone_of(state) == expected
    assert html.strip() == f'<span class="state tone-{expected}">Nhãn</span>'


def test_badge_tone_can_be_named():
    html = render_to_string("ui/badge.html", {"state": "draft", "label": "x", "tone": "bad"})

    assert "tone-bad" in html


def test_progress_says_how_many():
    html = render_to_string("ui/progress.html", {"done": 7, "total": 9, "label": "đã ký"})

    assert text_of(html) == "7/9 đã ký"
    assert re.search(r'<progress max="9"\s+value="7"\s+aria-label="7/9 đã ký">', html)
    assert "is-complete" not in html


def test_empty_says_what_to_do_next():
    html = render_to_string(
        "ui/empty.html",
        {"title": "Chưa có cam kết", "text": "Hãy thêm.", "url": "/them/", "action": "Thêm"},
    )

    assert text_of(html) == "Chưa có cam kết Hãy thêm. Thêm"
    assert 'href="/them/"' in html


def test_timeline_puts_today_between_what_was_and_what_comes():
    early, late = Milestone(date(2026, 3, 10), "Ký"), Milestone(date(2026, 12, 20), "Tổng kết")

    found = rows([late, early], date(2026, 7, 2))

    assert [(row.on, row.is_today, row.is_past, row.milestone) for row in found] == [
        (date(2026, 3, 10), False, True, early),
        (date(2026, 7, 2), True, False, None),
        (date(2026, 12, 20), False, False, late),
    ]
    assert found[1].position == "50.0"


def test_timeline_of_a_closed_year_has_no_today():
    found = rows([Milestone(date(2024, 3, 1), "Ký")], date(2026, 1, 1))

    assert [row.is_today for row in found] == [False]


def test_timeline_without_milestones_shows_the_year_of_today():
    assert [row.is_today for row in rows([], date(2026, 1, 1))] == [True]
    assert [tick.label for tick in ticks([], date(2026, 1, 1))][:3] == ["T1", "T2", "T3"]


def test_timeline_over_two_years_names_only_the_years():
    marks = ticks([Milestone(date(2025, 12, 1), "a"), Milestone(date(2026, 1, 1), "b")], date.max)

    assert len(marks) == 24
    assert [tick.label for tick in marks if tick.label] == ["2025", "2026"]


def test_timeline_marks_today_for_screen_readers():
    html = render_to_string(
        "ui/timeline.html",
        {"milestones": [Milestone(date(2026, 3, 10), "Ký")], "today": date(2026, 7, 2)},
    )

    assert re.search(r'is-today" aria-current="date">\s*<time datetime="2026-07-02">', html)
    assert "02/07/2026 Hôm nay" in text_of(html)
    assert 'cx="18.7%"' in html


def test_provenance_names_the_source_of_real_figures():
    real = render_to_string("ui/provenance.html", {"real": True, "source": "Báo cáo 12/BC-TTr"})
    made_up = render_to_string("ui/provenance.html", {"real": False})

    assert text_of(real) == "Số liệu thật – nguồn: Báo cáo 12/BC-TTr"
    assert text_of(made_up) == "Số liệu minh hoạ"


def test_fingerprint_shows_both_ends_and_keeps_the_whole():
    value = "0123456789abcdef" * 4

    html = render_to_string("ui/fingerprint.html", {"value": value})

    assert "01234567…89abcdef" in html
    assert html.count(value) == 3


def test_confirm_carries_token_and_key_and_asks_for_the_reason():
    html = render_to_string(
        "ui/confirm.html",
        {
            "id": "rut",
            "title": "Rút lại?",
            "action": "/rut/",
            "csrf_token": "TOKEN",
            "reason_label": "Lý do",
            "hidden": {"version": 3},
        },
    )

    assert 'name="csrfmiddlewaretoken" value="TOKEN"' in html
    assert re.search(r'name="idempotency_key" value="[0-9a-f]{32}"', html)
    assert 'name="version" value="3"' in html
    assert re.search(r'<textarea[^>]* name="reason"[^>]* required', html)
    assert 'aria-labelledby="rut-title"' in html


def test_r11_each_form_gets_a_key_of_its_own():
    assert tag("{% idempotency_key %}") != tag("{% idempotency_key %}")


def test_icon_is_hidden_from_screen_readers_and_has_no_inline_style():
    html = tag('{% icon "check" %}')

    assert html.startswith("<svg")
    assert 'aria-hidden="true"' in html
    assert "style=" not in html


@pytest.mark.parametrize(
    ("value", "shown"),
    [(Decimal("12.50"), "12,5"), (Decimal(0), "0"), (3, "3"), (None, "—"), ("", "—")],
)
def test_points_filter(value, shown):
    assert tag("{{ value|points }}", value=value) == shown


def test_diff_says_in_words_what_colour_shows():
    html = render_to_string("ui/diff.html", {"parts": [("del", "30 ngày"), ("ins", "20 ngày")]})

    assert text_of(html) == "bỏ: 30 ngày thêm: 20 ngày"


def test_breadcrumbs_mark_the_page_itself():
    html = render_to_string("ui/breadcrumbs.html", {"crumbs": [("Giao ước", "/g/"), ("2026", "")]})

    assert '<a href="/g/">Giao ước</a>' in html
    assert 'aria-current="page">2026</li>' in html


def test_t12_no_template_of_this_area_holds_inline_style_or_script():
    inline = re.compile(r"\sstyle=|<style|\son[a-z]+=|<script(?! src=)|https?://")
    pages = list((Path(thidua.ui.__file__).parent / "templates").rglob("*.html"))

    assert len(pages) > 20
    assert [str(path) for path in pages if inline.search(path.read_text("utf-8"))] == []
