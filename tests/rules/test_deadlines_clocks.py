"""Every statutory clock: its length, its article, its day, in force when."""

from datetime import date, time
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from thidua.rules.deadlines import (
    VARIANTS,
    BadCircumstances,
    Basis,
    CalendarNotLoaded,
    Circumstances,
    Deadline,
    OutsideValidity,
    Period,
    Suspension,
    Unit,
    UnknownClock,
    WorkingCalendar,
    compute,
    due_dates,
    find_clock,
    parse_period,
    shipped_calendar,
    shipped_clocks,
    with_setting,
)
from thidua.rules.deadlines.clockfile import read_clocks
from thidua.rules.errors import RuleError

CLOCKS = shipped_clocks()
CALENDAR = shipped_calendar()
# A Thursday before a make-up Saturday (22/8) and the block of 29/8–2/9.
START = date(2026, 8, 20)

# clock, variant, length, day due for START, article: sections 1.2–1.7 of the domain file
ROWS = [
    ("complaint-limitation", "ordinary", "90 ngày", "2026-11-18", "Điều 9"),
    (
        "complaint-acceptance",
        "ordinary",
        "7 ngày làm việc",
        "2026-08-28",
        "Luật 136/2025/QH15 Điều 2 khoản 15",
    ),
    ("complaint-first-settlement", "ordinary", "30 ngày", "2026-09-21", "Điều 28"),
    ("complaint-first-settlement", "complex", "45 ngày", "2026-10-05", "Điều 28"),
    ("complaint-first-settlement", "remote", "45 ngày", "2026-10-05", "Điều 28"),
    ("complaint-first-settlement", "remote-complex", "60 ngày", "2026-10-19", "Điều 28"),
    ("complaint-first-decision-sending", "ordinary", "3 ngày làm việc", "2026-08-24", "Điều 32"),
    ("complaint-second-filing", "ordinary", "30 ngày", "2026-09-21", "Điều 33"),
    ("complaint-second-filing", "remote", "45 ngày", "2026-10-05", "Điều 33"),
    ("complaint-second-settlement", "ordinary", "45 ngày", "2026-10-05", "Điều 37"),
    ("complaint-second-settlement", "complex", "60 ngày", "2026-10-19", "Điều 37"),
    ("complaint-second-settlement", "remote", "60 ngày", "2026-10-19", "Điều 37"),
    ("complaint-second-settlement", "remote-complex", "70 ngày", "2026-10-29", "Điều 37"),
    ("complaint-second-decision-sending", "ordinary", "7 ngày", "2026-08-27", "Điều 41"),
    ("complaint-first-effect", "ordinary", "30 ngày", "2026-09-21", "Điều 44 khoản 1"),
    ("complaint-first-effect", "remote", "45 ngày", "2026-10-05", "Điều 44 khoản 1"),
    ("complaint-second-effect", "ordinary", "30 ngày", "2026-09-21", "Điều 44 khoản 2"),
    ("complaint-second-effect", "remote", "45 ngày", "2026-10-05", "Điều 44 khoản 2"),
    ("disciplinary-limitation", "ordinary", "15 ngày", "2026-09-04", "Điều 48"),
    ("disciplinary-settlement", "ordinary", "30 ngày", "2026-09-21", "Điều 50"),
    ("disciplinary-settlement", "complex", "45 ngày", "2026-10-05", "Điều 50"),
    ("disciplinary-second-filing", "ordinary", "10 ngày", "2026-09-03", "Điều 48"),
    ("disciplinary-second-filing", "dismissal", "30 ngày", "2026-09-21", "Điều 48"),
    ("disciplinary-decision-sending", "ordinary", "7 ngày", "2026-08-27", "Điều 56"),
    ("dialogue-notice", "ordinary", "5 ngày", "2026-08-14", "Điều 28 (Nghị định 155/2026"),
    (
        "complaint-suspension-sending",
        "ordinary",
        "3 ngày làm việc",
        "2026-08-24",
        "Điều 28b",
    ),
    ("complaint-resumption", "ordinary", "30 ngày", "2026-09-21", "Điều 11 khoản 8"),
    ("denunciation-registration", "ordinary", "7 ngày làm việc", "2026-08-28", "Điều 24 khoản 1"),
    (
        "denunciation-registration",
        "several-places",
        "10 ngày làm việc",
        "2026-09-07",
        "Điều 24 khoản 1",
    ),
    ("denunciation-transfer", "ordinary", "5 ngày làm việc", "2026-08-26", "Điều 24 khoản 2"),
    ("denunciation-forwarded-reply", "ordinary", "20 ngày", "2026-09-09", "Điều 26 khoản 2"),
    (
        "denunciation-acceptance-notice",
        "ordinary",
        "5 ngày làm việc",
        "2026-08-26",
        "Điều 29 khoản 3",
    ),
    ("denunciation-settlement", "ordinary", "30 ngày", "2026-09-21", "Điều 30"),
    ("denunciation-settlement", "complex", "30 ngày", "2026-09-21", "Điều 30"),
    ("denunciation-settlement", "especially-complex", "30 ngày", "2026-09-21", "Điều 30"),
    (
        "denunciation-conclusion-sending",
        "ordinary",
        "5 ngày làm việc",
        "2026-08-26",
        "Điều 35 khoản 3",
    ),
    (
        "denunciation-conclusion-action",
        "ordinary",
        "7 ngày làm việc",
        "2026-08-28",
        "Điều 36 khoản 1",
    ),
    ("denunciation-crime-signs", "ordinary", "ngay", "2026-08-20", "Điều 27, Điều 36 khoản 2"),
    ("denunciation-result-report", "ordinary", "5 ngày làm việc", "2026-08-26", "Điều 36 khoản 3"),
    ("denunciation-publication", "ordinary", "7 ngày làm việc", "2026-08-28", "Điều 40"),
    ("continued-denunciation", "ordinary", "20 ngày", "2026-09-09", "Điều 37"),
    (
        "overdue-denunciation-request",
        "ordinary",
        "5 ngày làm việc",
        "2026-08-26",
        "Điều 38 khoản 2",
    ),
    ("overdue-denunciation-report", "ordinary", "5 ngày làm việc", "2026-08-26", "Điều 38 khoản 3"),
    ("reception-answer", "ordinary", "10 ngày làm việc", "2026-09-07", "Điều 28 khoản 1"),
    ("reception-settled-notice", "ordinary", "7 ngày làm việc", "2026-08-28", "Điều 27 khoản 2"),
    ("reception-citizen-notice", "ordinary", "5 ngày làm việc", "2026-08-26", "Điều 28 khoản 2"),
    ("reception-refusal-notice", "ordinary", "3 ngày làm việc", "2026-08-24", "Điều 4 khoản 3"),
    ("online-reception-notice", "ordinary", "5 ngày làm việc", "2026-08-13", "Điều 23"),
    ("online-reception-test", "ordinary", "1 ngày làm việc", "2026-08-19", "Điều 23"),
    ("online-reception-link", "ordinary", "1 giờ", "2026-08-20", "Điều 23"),
    ("head-reception", "ordinary", "1 ngày mỗi tháng", "2026-08-28", "Điều 18"),
    ("head-reception", "commune-chair", "2 ngày mỗi tháng", "2026-08-28", "Điều 18"),
    ("petition-left-unprocessed", "ordinary", "45 ngày", "2026-10-05", "Điều 41 khoản 3 điểm b"),
    ("petition-storage", "ordinary", "1 năm", "2027-08-20", "Điều 28"),
    ("inspection-maximum-ttcp", "ordinary", "60 ngày", "2026-10-19", "Điều 20"),
    ("inspection-maximum-ttcp", "complex", "60 ngày", "2026-10-19", "Điều 20"),
    ("inspection-maximum-ttcp", "especially-complex", "60 ngày", "2026-10-19", "Điều 20"),
    ("inspection-maximum-provincial", "ordinary", "45 ngày", "2026-10-05", "Điều 20"),
    ("inspection-maximum-provincial", "complex", "45 ngày", "2026-10-05", "Điều 20"),
    (
        "inspection-conclusion-drafting",
        "ordinary",
        "5 ngày làm việc",
        "2026-08-26",
        "Điều 34 khoản 1",
    ),
    ("inspection-conclusion", "ordinary", "15 ngày", "2026-09-04", "Điều 36 khoản 1"),
    ("inspection-conclusion", "ttcp", "30 ngày", "2026-09-21", "Điều 36 khoản 1"),
    ("inspection-head-opinion", "ordinary", "30 ngày", "2026-09-21", "Điều 36 khoản 1"),
    ("inspection-publication", "ordinary", "10 ngày", "2026-09-03", "Điều 37"),
    ("inspection-portal-display", "ordinary", "15 ngày", "2026-09-04", "Điều 37"),
    ("inspection-directive", "ordinary", "15 ngày", "2026-09-04", "Điều 53"),
    ("inspection-directive", "ttcp", "30 ngày", "2026-09-21", "Điều 53"),
    ("corruption-file-transfer", "ordinary", "ngay", "2026-08-20", "Điều 62"),
    ("crime-report-procuracy", "ordinary", "3 ngày", "2026-08-24", "Điều 146 khoản 5"),
    ("crime-report-decision", "ordinary", "20 ngày", "2026-09-09", "Điều 147"),
    ("crime-report-decision", "complex", "2 tháng", "2026-10-20", "Điều 147"),
    ("accountability", "ordinary", "15 ngày", "2026-09-04", "Điều 13"),
    ("accountability", "complex", "15 ngày", "2026-09-04", "Điều 13"),
]


def ask(code, start=START, *, calendar=CALENDAR, **circumstances):
    return compute(find_clock(CLOCKS, code), Circumstances(start, **circumstances), calendar)


def due(code, start, **circumstances):
    return ask(code, start, **circumstances).due_on


def hour_of(code, variant):
    versions = [each for each in CLOCKS[code].versions if each.covers(START)]
    return time(8) if versions[0].lengths[variant].unit is Unit.HOURS else None


@pytest.mark.parametrize(("code", "variant", "length", "day", "article"), ROWS)
def test_clock_gives_its_day_by_its_article(code, variant, length, day, article):
    found = ask(code, variant=variant, at=hour_of(code, variant))

    assert isinstance(found, Deadline)
    assert (str(found.period), found.due_on) == (length, date.fromisoformat(day))
    assert found.article.startswith(article)
    assert found.variant == variant
    assert found.trace


def test_table_above_holds_every_clock_and_variant_in_force():
    in_force = {
        (code, variant)
        for code, clock in CLOCKS.items()
        for version in clock.versions
        if version.covers(START)
        for variant in version.lengths
    }

    assert in_force == {(code, variant) for code, variant, *_ in ROWS}
    assert set(CLOCKS) - {code for code, *_ in ROWS} == {
        "inspection-maximum-district",  # the law of 2022 only
        "inspection-granted",  # its length stands in the decision
    }


@pytest.mark.parametrize("code", CLOCKS)
def test_versions_of_a_clock_follow_each_other_without_overlap(code):
    versions = CLOCKS[code].versions

    for before, after in pairwise(versions):
        assert (after.valid_from - before.valid_to).days == 1
    assert all(each.law and (each.article or code) for each in versions)
    assert all(set(each.extensions) <= set(each.lengths) <= set(VARIANTS) for each in versions)


@pytest.mark.parametrize("code", CLOCKS)
def test_day_before_the_first_version_is_refused_by_name(code):
    clock = CLOCKS[code]
    start = date.fromordinal(clock.versions[0].valid_from.toordinal() - 1)

    with pytest.raises(OutsideValidity) as refused:
        ask(code, start)

    assert clock.name in str(refused.value)
    assert clock.versions[0].law in str(refused.value)


def test_clock_that_has_ended_is_refused_after_its_last_day():
    with pytest.raises(OutsideValidity, match=r"đến 30/06/2025 .*01/07/2025"):
        ask("inspection-maximum-district", date(2025, 7, 1))


@pytest.mark.parametrize(
    ("code", "year"),
    [(code, int(day[:4])) for code, _, length, day, _ in ROWS if length not in ("ngay", "1 giờ")],
)
def test_unknown_year_is_answered_as_such(code, year):
    found = ask(code, calendar=WorkingCalendar())

    assert isinstance(found, CalendarNotLoaded)
    assert (found.clock, found.year) == (code, year)
    assert f"Chưa nạp lịch làm việc năm {year}" in found.message


def test_what_is_due_at_once_needs_no_calendar():
    assert ask("corruption-file-transfer", calendar=WorkingCalendar()).due_on == START


def test_deadline_far_beyond_any_calendar_is_not_loaded_rather_than_an_error():
    assert ask("accountability", date.max) == CalendarNotLoaded(
        "accountability", 9999, ask("accountability", date.max).message
    )


# -- which law -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("received", "length", "expected"),
    [
        (date(2026, 6, 19), "10 ngày", date(2026, 6, 29)),
        (date(2026, 6, 30), "10 ngày", date(2026, 7, 10)),
        (date(2026, 7, 1), "7 ngày làm việc", date(2026, 7, 10)),
    ],
)
def test_acceptance_follows_the_law_of_the_day_of_receipt(received, length, expected):
    found = ask("complaint-acceptance", received)

    assert (str(found.period), found.due_on) == (length, expected)


def test_acceptance_that_straddles_the_change_says_that_no_transitional_rule_was_seen():
    assert (
        "chưa thấy điều khoản chuyển tiếp"
        in ask("complaint-acceptance", date(2026, 6, 30)).notes[0]
    )
    assert ask("complaint-acceptance", date(2026, 6, 19)).notes == ()


def test_second_filing_names_the_amending_law_only_from_its_day():
    assert "136/2025" not in ask("complaint-second-filing", date(2026, 6, 30)).law
    assert "136/2025" in ask("complaint-second-filing", date(2026, 7, 1)).law


def test_inspection_begun_under_the_old_law_stays_under_it():
    begun = date(2025, 6, 2)

    old = ask("inspection-maximum-provincial", date(2025, 8, 4), began_on=begun)
    new = ask("inspection-maximum-provincial", date(2025, 8, 4))

    assert "11/2022" in old.law
    assert "Điều 64" in "".join(old.trace)
    assert old.notes == ()
    assert "84/2025" in new.law
    assert "hãy ghi ngày bắt đầu cuộc thanh tra" in new.notes[0]
    with pytest.raises(OutsideValidity, match="Ngày bắt đầu cuộc thanh tra là 02/06/2025"):
        ask("inspection-conclusion", date(2025, 8, 4), began_on=begun)


def test_inspection_of_the_old_law_needs_no_note_about_the_new_one():
    assert ask("inspection-maximum-district", date(2025, 3, 3)).notes == ()


def test_beginning_of_the_case_must_fit():
    with pytest.raises(BadCircumstances, match="muộn hơn ngày nhận được dự thảo"):
        ask("inspection-conclusion", date(2025, 8, 4), began_on=date(2025, 8, 5))
    with pytest.raises(BadCircumstances, match="không ghi ngày bắt đầu vụ việc"):
        ask("denunciation-settlement", began_on=date(2026, 1, 5))


def test_settings_are_marked_and_verified_numbers_are_not():
    settings_found = {
        code
        for code, clock in CLOCKS.items()
        if any(each.basis is Basis.SETTING for each in clock.versions)
    }

    assert settings_found == {
        "inspection-maximum-ttcp",
        "inspection-maximum-provincial",
        "inspection-maximum-district",
        "inspection-publication",
        "inspection-portal-display",
    }
    found = ask("inspection-publication")
    assert found.basis is Basis.SETTING
    assert "thiết lập của phần mềm" in found.trace[1]
    assert ask("inspection-conclusion").basis is Basis.LAW


def test_publication_under_the_law_of_2010_was_read_and_is_no_setting():
    clock = CLOCKS["inspection-publication"]
    version = clock.version_for(Circumstances(date(2023, 6, 30)))

    assert (version.basis, str(version.lengths["ordinary"])) == (Basis.LAW, "10 ngày")


# -- variants, extensions --------------------------------------------------------------------


@pytest.mark.parametrize(
    "typed",
    ["remote-complex", "complex-remote", "Complex, Remote", "vùng sâu, vùng xa và phức tạp"],
)
def test_variant_is_found_by_code_in_any_order_or_by_name(typed):
    assert ask("complaint-first-settlement", variant=typed).variant == "remote-complex"


def test_variant_left_out_is_the_ordinary_one():
    assert ask("complaint-first-settlement").variant == "ordinary"


def test_bad_variant_is_refused_with_the_ones_there_are():
    with pytest.raises(
        BadCircumstances, match=r"không có trường hợp “lạ”.*ordinary \(thông thường\)"
    ):
        ask("complaint-second-filing", variant="lạ")


def test_commune_chair_has_a_duty_of_its_own_only_from_july_2026():
    assert str(ask("head-reception", variant="commune-chair").period) == "2 ngày mỗi tháng"
    with pytest.raises(BadCircumstances, match="không có trường hợp"):
        ask("head-reception", date(2026, 6, 1), variant="commune-chair")


@pytest.mark.parametrize(
    ("variant", "extensions", "expected"),
    [
        ("ordinary", 0, date(2026, 4, 6)),  # 4/4 is a Saturday
        ("complex", 0, date(2026, 4, 6)),
        ("complex", 1, date(2026, 5, 4)),
        ("complex", (15,), date(2026, 4, 20)),  # 19/4 is a Sunday
        ("especially-complex", 1, date(2026, 5, 4)),
        ("especially-complex", 2, date(2026, 6, 3)),
        ("especially-complex", (30, 10), date(2026, 5, 14)),
    ],
)
def test_denunciation_is_extended_once_if_complex_twice_if_especially_so(
    variant, extensions, expected
):
    assert (
        due("denunciation-settlement", date(2026, 3, 5), variant=variant, extensions=extensions)
        == expected
    )


@pytest.mark.parametrize(
    ("circumstances", "sentence"),
    [
        ({"extensions": 1}, r"không được gia hạn.*complex \(phức tạp\)"),
        ({"variant": "complex", "extensions": 2}, "gia hạn tối đa 1 lần, đang ghi 2"),
        ({"variant": "complex", "extensions": -1}, "từ 0 trở lên"),
        ({"variant": "complex", "extensions": (31,)}, "từ 1 đến 30 ngày, đang ghi 31"),
        ({"variant": "complex", "extensions": (0,)}, "từ 1 đến 30 ngày"),
        ({"at": time(8)}, "tính theo ngày; không ghi giờ"),
        ({"granted": parse_period("5 ngày")}, "do luật định; không ghi số ngày"),
    ],
)
def test_circumstances_that_do_not_fit_are_refused(circumstances, sentence):
    with pytest.raises(BadCircumstances, match=sentence):
        ask("denunciation-settlement", **circumstances)


def test_clock_without_any_extension_says_only_that():
    with pytest.raises(BadCircumstances, match=r"không được gia hạn\.$"):
        ask("reception-answer", extensions=1)


def test_crime_report_is_decided_in_months_and_extended_on_one_scale():
    start = date(2025, 10, 31)

    assert due("crime-report-decision", start) == date(2025, 11, 20)
    assert due("crime-report-decision", start, variant="complex") == date(2025, 12, 31)
    assert due("crime-report-decision", start, variant="complex", extensions=1) == date(2026, 3, 2)


EXTENDABLE = [
    (code, variant, len(listed))
    for code, clock in CLOCKS.items()
    for version in clock.versions
    if version.valid_to is None
    for variant, listed in version.extensions.items()
]


@settings(max_examples=40)
@given(st.dates(date(2025, 7, 1), date(2026, 9, 1)), st.sampled_from(EXTENDABLE))
def test_extension_is_never_due_earlier(start, row):
    code, variant, most = row
    dues = [due(code, start, variant=variant, extensions=number) for number in range(most + 1)]

    assert dues == sorted(dues)
    assert dues[0] > start


# -- suspensions -----------------------------------------------------------------------------


def test_suspension_of_a_complaint_moves_the_end_by_its_days():
    stop, go = date(2026, 8, 10), date(2026, 8, 25)

    found = ask("complaint-first-settlement", date(2026, 7, 20), suspensions=[Suspension(stop, go)])

    assert (found.raw_end_on, found.due_on) == (date(2026, 9, 3), date(2026, 9, 3))
    assert any(
        "Không tính 15 ngày từ 10/08/2026 đến trước 25/08/2026" in line for line in found.trace
    )
    assert found.notes == ()


def test_suspension_also_applies_to_complaints_accepted_before_the_change():
    found = ask(
        "complaint-first-settlement",
        date(2026, 6, 15),
        suspensions=[Suspension(date(2026, 7, 6), date(2026, 7, 8))],
    )

    assert found.due_on == date(2026, 7, 17)
    assert "Nghị định 155/2026/NĐ-CP Điều 22" in found.notes[0]


def test_suspension_before_there_was_a_rule_for_it_is_refused():
    with pytest.raises(BadCircumstances, match=r"chỉ có từ 01/07/2026.*30/06/2026 chưa áp dụng"):
        ask(
            "complaint-first-settlement",
            date(2026, 6, 15),
            suspensions=[Suspension(date(2026, 6, 30), date(2026, 7, 8))],
        )


def test_obstacles_do_not_count_in_the_time_limit_to_complain():
    found = ask(
        "complaint-limitation",
        date(2026, 1, 5),
        suspensions=[
            Suspension(date(2026, 2, 2), date(2026, 2, 12)),
            Suspension(date(2026, 3, 2), date(2026, 3, 7)),
        ],
    )

    assert found.raw_end_on == date(2026, 4, 20)


@pytest.mark.parametrize(
    ("code", "suspensions", "sentence"),
    [
        ("reception-answer", [(1, 2)], "không có quy định về tạm đình chỉ"),
        ("denunciation-settlement", [(5, 3)], "Ngày tiếp tục .* sớm hơn ngày tạm dừng"),
        ("denunciation-settlement", [(-1, 3)], "là ngày bắt đầu thời hạn"),
        ("denunciation-settlement", [(2, 5), (4, 6)], "theo thứ tự thời gian"),
        ("denunciation-settlement", [(34, 40)], "sau khi đã hết thời hạn"),
        ("denunciation-settlement", [(n, n) for n in range(21)], "không quá 20 lần"),
    ],
)
def test_suspensions_that_do_not_fit_are_refused(code, suspensions, sentence):
    def day(number):
        return date.fromordinal(START.toordinal() + number)

    with pytest.raises(RuleError, match=sentence):
        ask(code, suspensions=[Suspension(day(first), day(last)) for first, last in suspensions])


def test_suspension_may_begin_on_the_day_an_end_was_moved_to():
    # 30 days end on Saturday 19/9 and roll to Monday 21/9: suspended on that Monday, still in time.
    found = ask(
        "denunciation-settlement", suspensions=[Suspension(date(2026, 9, 21), date(2026, 10, 1))]
    )

    assert (found.raw_end_on, found.due_on) == (date(2026, 10, 1), date(2026, 10, 1))


def test_pause_of_an_inspection_is_a_setting_and_too_long_a_pause_is_pointed_out():
    found = ask(
        "inspection-maximum-provincial",
        suspensions=[Suspension(date(2026, 9, 7), date(2026, 10, 8))],
    )

    assert found.due_on == date(2026, 11, 4)
    assert any("theo hiểu biết chung" in note for note in found.notes)
    assert any("31 ngày tạm dừng, quá mức 30 ngày" in note for note in found.notes)


def test_suspension_reaching_an_unloaded_year_is_answered_as_such():
    found = ask(
        "denunciation-settlement", suspensions=[Suspension(date(2026, 9, 1), date(2028, 9, 1))]
    )

    assert isinstance(found, CalendarNotLoaded)
    assert found.year == 2028


# -- hours, before, granted ------------------------------------------------------------------


def test_hour_before_a_session_crosses_midnight():
    found = ask("online-reception-link", date(2026, 9, 7), at=time(0, 30))

    assert (found.due_on, found.due_at) == (date(2026, 9, 6), time(23, 30))
    assert found.first_counted_on is None


def test_clock_in_hours_needs_an_hour():
    with pytest.raises(BadCircumstances, match="hãy ghi cả giờ"):
        ask("online-reception-link")


def test_clock_in_hours_after_an_event_runs_on_into_the_next_day():
    clock = next(
        read_clocks(
            'group = "x"\n[[clock]]\ncode = "x"\nname = "x"\nstart = "x"\n[[clock.version]]\n'
            'from = 2026-01-01\nlaw = "x"\narticle = ""\nlengths = { ordinary = "24 giờ" }'
        )
    )
    found = compute(clock, Circumstances(START, at=time(15)), CALENDAR)

    assert (found.due_on, found.due_at, found.citation) == (date(2026, 8, 21), time(15), "x")


def test_notice_of_dialogue_moves_back_from_a_day_off():
    found = ask("dialogue-notice", date(2026, 9, 7))

    assert (found.raw_end_on, found.due_on) == (date(2026, 9, 2), date(2026, 8, 28))


@pytest.mark.parametrize(
    ("granted", "expected"),
    [("70 ngày làm việc", date(2026, 11, 11)), ("30 ngày", date(2026, 9, 3))],
)
def test_inspection_granted_in_a_decision_is_counted_in_its_own_unit(granted, expected):
    found = ask("inspection-granted", date(2026, 8, 3), granted=parse_period(granted))

    assert (str(found.period), found.due_on) == (granted, expected)


@pytest.mark.parametrize(
    ("circumstances", "sentence"),
    [
        ({}, "hãy ghi số ngày đúng như quyết định"),
        ({"granted": parse_period("1 giờ")}, "không dùng được ở đây"),
        ({"granted": parse_period("9 ngày"), "variant": "complex"}, "không chia trường hợp"),
        (
            {"granted": parse_period("9 ngày"), "extensions": 1},
            r"thời hạn này: không được gia hạn\.$",
        ),
    ],
)
def test_granted_length_that_does_not_fit_is_refused(circumstances, sentence):
    with pytest.raises(BadCircumstances, match=sentence):
        ask("inspection-granted", **circumstances)


# -- open days and provisional years ---------------------------------------------------------


def test_open_day_that_would_change_the_end_is_said_with_the_other_end():
    found = ask("denunciation-registration", date(2026, 11, 20))

    assert found.due_on == date(2026, 12, 1)
    assert found.is_provisional
    assert "24/11/2026 (Ngày Văn hóa Việt Nam" in found.notes[0]
    assert "hạn là thứ Tư 02/12/2026" in found.notes[0]


def test_open_day_inside_a_period_in_days_changes_nothing_and_is_not_mentioned():
    found = ask("accountability", date(2026, 11, 20))

    assert (found.due_on, found.notes, found.is_provisional) == (date(2026, 12, 7), (), False)


def test_open_day_before_an_unloaded_year_leaves_the_other_end_unknown():
    short = WorkingCalendar([CALENDAR.years[2027]])
    found = ask("denunciation-registration", date(2027, 1, 27), calendar=short)
    open_at_the_end = WorkingCalendar(
        [
            type(short.years[2027])(
                2027, short.years[2027].status, open_days=(open_on(2027, 12, 31),)
            )
        ]
    )
    last = ask("denunciation-registration", date(2027, 12, 22), calendar=open_at_the_end)

    assert "hạn là" in found.notes[-1]
    assert last.due_on == date(2027, 12, 31)
    assert "cần lịch của năm sau" in last.notes[-1]


def open_on(year, month, day):
    return type(CALENDAR.years[2026].open_days[0])(date(year, month, day), "chưa rõ")


def test_open_day_met_without_moving_the_end_is_not_mentioned():
    found = ask("online-reception-test", date(2026, 11, 26))

    assert (found.due_on, found.notes) == (date(2026, 11, 25), ())


def test_provisional_year_is_said():
    found = ask("accountability", date(2027, 1, 4))

    assert found.is_provisional
    assert "Lịch làm việc năm 2027 mới là tạm" in found.notes[0]


def test_what_is_due_at_once_does_not_depend_on_a_provisional_year():
    found = ask("corruption-file-transfer", date(2027, 3, 1))

    assert (found.is_provisional, found.notes) == (False, ())


def test_storage_says_that_its_circular_should_be_checked():
    assert "hãy kiểm tra hiệu lực" in ask("petition-storage").notes[0]


def test_hours_do_not_depend_on_any_calendar():
    found = ask("online-reception-link", date(2031, 5, 5), at=time(9), calendar=WorkingCalendar())

    assert (found.due_on, found.is_provisional) == (date(2031, 5, 5), False)


# -- settings, finding, many at once ---------------------------------------------------------


def test_setting_may_be_changed_for_the_versions_that_rest_on_it():
    changed = with_setting(
        CLOCKS, "inspection-publication", {"ordinary": Period(5, Unit.WORKING_DAYS)}
    )
    clock = changed["inspection-publication"]

    assert [str(each.lengths["ordinary"]) for each in clock.versions] == [
        "10 ngày",
        "5 ngày làm việc",
        "5 ngày làm việc",
    ]
    assert compute(clock, Circumstances(START), CALENDAR).due_on == date(2026, 8, 26)
    assert CLOCKS["inspection-publication"] is not clock


@pytest.mark.parametrize(
    ("code", "variant", "period", "sentence"),
    [
        ("inspection-conclusion", "ordinary", "5 ngày", "quy định, không đặt lại được"),
        ("inspection-publication", "complex", "5 ngày", "không có trường hợp"),
        ("inspection-publication", "ordinary", "5 giờ", "phải cùng cách đếm"),
        (
            "inspection-maximum-ttcp",
            "complex",
            "70 ngày làm việc",
            "phải cùng cách đếm với “60 ngày”",
        ),
    ],
)
def test_what_a_law_says_or_what_cannot_be_counted_is_not_set(code, variant, period, sentence):
    with pytest.raises(RuleError, match=sentence):
        with_setting(CLOCKS, code, {variant: parse_period(period)})


@pytest.mark.parametrize(
    ("typed", "hint"),
    [
        ("complaint-aceptance", "complaint-acceptance"),
        ("reception", "reception-answer"),
        ("zzz", "thidua deadline --list"),
        ("x" * 300, "x… *”"),
    ],
)
def test_unknown_code_is_answered_with_a_way_on(typed, hint):
    with pytest.raises(UnknownClock, match=hint.replace("… *", "…")):
        find_clock(CLOCKS, typed)


def test_many_due_dates_are_the_same_as_one_by_one():
    starts = [date.fromordinal(START.toordinal() + n % 200) for n in range(600)]

    found = due_dates(CLOCKS["complaint-acceptance"], starts, CALENDAR)

    assert found == [due("complaint-acceptance", start) for start in starts]


def test_many_due_dates_leave_unloaded_years_empty():
    clock = CLOCKS["complaint-first-settlement"]

    assert due_dates(clock, [date(2027, 12, 20), START], CALENDAR, "complex") == [
        None,
        date(2026, 10, 5),
    ]


def test_slip_in_the_data_is_loud():
    head = 'group = "x"\n[[clock]]\ncode = "x"\nname = "x"\nstart = "x"\n[[clock.version]]\n'
    for bad, error in (
        ('from = 2026-01-01\nlaw = "x"\narticle = "x"\nlengths = { odd = "1 ngày" }', KeyError),
        ('law = "x"\narticle = "x"', KeyError),
        ('from = 2026-01-01\nlaw = "x"\narticle = "x"\nstradle = "x"', TypeError),
    ):
        with pytest.raises(error):
            list(read_clocks(head + bad))
