"""Urging: by rule with a moved clock, by hand, setting the steps; once, and with proof."""

from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta

import pytest
import time_machine
from django.core.exceptions import PermissionDenied
from django.db import DatabaseError, connection, transaction
from django.db.models import ProtectedError

from tests.factories.world import HANOI, assign, make_user
from tests.reporting.made import MARCH, open_periods, submit
from thidua.audit.models import Action, Entry
from thidua.notices.models import Delivery, Notice
from thidua.notices.schedules import registered
from thidua.organisations.models import Assignment, EmulationYear, Membership
from thidua.reporting import services
from thidua.reporting.models import Reminder, UrgingRule
from thidua.reporting.permissions import urgeable
from thidua.reporting.services import Dates
from thidua.rules.errors import RuleError
from thidua.rules.urging import Channel, Level, shipped_rule

# Quarter I of 2026 is due on Friday 20/03; the step before it would be Tuesday 17/03.
BEFORE, DUE, AFTER_1, AFTER_3, AFTER_7 = 17, 20, 23, 23, 27


def moment(day, hour=9, minute=0, month=3, year=2026):
    return datetime(year, month, day, hour, minute, tzinfo=HANOI)


@contextmanager
def on(at):
    with time_machine.travel(at, tick=False):
        yield at


@pytest.fixture
def one(world):
    """Cluster one with only quarter I open to urging: the other periods are far away."""
    with on(MARCH):
        open_periods(world.one)
    return world.one


@pytest.fixture
def quarter(one):
    return one.year.reporting_periods.get(code="q1")


def run(at):
    with on(at):
        services.urge_due(at)


def told(at=None):
    """(unit, level, step, who) of each urging, of one moment if given."""
    rows = Reminder.objects.select_related("recipient", "membership__organisation").order_by("pk")
    if at is not None:
        rows = rows.filter(urged_at=at)
    return [
        (each.membership.organisation.short_name, each.level, each.step, each.recipient.full_name)
        for each in rows
    ]


def only_binh_is_missing(one):
    """An and Cường have handed in."""
    for member in (0, 2):
        submit(one, member=member)


def test_officer_head_lead_superior_each_hear_when_their_step_comes(world, one, quarter):
    only_binh_is_missing(one)

    for day in range(16, 31):
        run(moment(day))

    steps = [(f"{each.urged_at.astimezone(HANOI):%d/%m}", each.level) for each in urgings()]
    assert steps == [
        ("17/03", "officer"),
        ("20/03", "officer"),
        ("20/03", "head"),
        # Saturday and Sunday are quiet: the first and the second step after both come on Monday.
        ("23/03", "head"),
        ("23/03", "lead"),
        ("23/03", "lead"),
        ("27/03", "superior"),
    ]
    assert {each[0] for each in told()} == {"Bình"}
    assert told(moment(AFTER_7)) == [("Bình", "superior", "late-3", "Cán bộ cấp trên")]


def urgings():
    return list(Reminder.objects.order_by("pk"))


def test_what_each_reader_is_told(world, one, quarter):
    only_binh_is_missing(one)
    for day in (BEFORE, DUE, AFTER_3):
        run(moment(day))

    texts = {each.recipient.full_name: each for each in Notice.objects.order_by("pk")}
    assert [each.title for each in Notice.objects.filter(recipient=one.officers[1])][::-1] == [
        "Báo cáo quý I năm 2026: còn 3 ngày là đến hạn",
        "Hôm nay là hạn gửi báo cáo quý I năm 2026",
    ]
    head = texts["Trưởng Bình"]
    assert head.title == "Báo cáo quý I năm 2026 đã quá hạn 3 ngày (1 ngày làm việc)"
    assert "Hạn gửi: thứ Sáu 20/03/2026 (theo Thông tư 06/2025/TT-TTCP, Điều 7)" in head.body
    assert "đề nghị cụm trưởng cho nộp muộn" in head.body
    lead = texts["Trưởng An"]
    assert lead.title == "Bình chưa nộp báo cáo quý I năm 2026"
    assert "- Thanh tra tỉnh Bình: chưa làm, quá hạn 3 ngày (1 ngày làm việc)" in lead.body
    assert lead.url.endswith(f"/ky/{quarter.pk}/don-doc/")
    assert (lead.year, lead.kind) == (one.year, "don-doc")


def test_lead_hears_of_all_units_in_one_notice_with_a_reminder_for_each(one, quarter):
    submit(one, member=0)

    run(moment(AFTER_3))

    notice = Notice.objects.get(recipient=one.heads[0])
    assert notice.title == "2 đơn vị chưa nộp báo cáo quý I năm 2026"
    units = [each.membership.organisation.short_name for each in notice.reminders.order_by("pk")]
    assert units == ["Bình", "Cường"]


def test_over_the_lead_itself_the_superior_hears_at_the_lead_s_step(world, one, quarter):
    for member in (1, 2):
        submit(one, member=member)

    run(moment(AFTER_3))
    run(moment(AFTER_7))

    above = [(step, level) for _, level, step, who in told() if who == "Cán bộ cấp trên"]
    assert above == [("late-2", "superior"), ("late-3", "superior")]
    assert all(level != "lead" for _, level, _, _ in told())


def test_who_is_officer_and_head_is_told_once_by_the_step_furthest_along(one, quarter):
    only_binh_is_missing(one)
    assign(one.heads[1], Assignment.Role.OFFICER, organisation=one.memberships[1].organisation)

    run(moment(AFTER_1))
    run(moment(AFTER_1, hour=10))

    mine = [(level, step) for _, level, step, who in told() if who == "Trưởng Bình"]
    assert mine == [("head", "late-1")]


def test_nothing_goes_out_at_night_on_days_off_or_to_who_has_handed_in(one, quarter):
    only_binh_is_missing(one)

    for at in (moment(BEFORE, 7, 29), moment(BEFORE, 17), moment(21), moment(22, 10)):
        run(at)
    submit_late = moment(BEFORE)
    submit(one, member=1)
    run(submit_late)

    assert told() == []
    assert not Notice.objects.exists()


def test_R15_run_again_urges_nobody_twice(one, quarter):
    run(moment(DUE))
    first = told()

    run(moment(DUE, 10))
    run(moment(DUE, 9))

    assert first
    assert told() == first


def test_R15_a_stop_half_way_leaves_nothing_half_done(one, quarter, monkeypatch):
    from thidua.reporting.services.urging import by_rule

    made, notify = [], by_rule.notify

    def stops_at_the_third(**told):
        if len(made) == 2:
            raise SystemError("điện mất")
        made.append(notify(**told))
        return made[-1]

    monkeypatch.setattr(by_rule, "notify", stops_at_the_third)
    with pytest.raises(SystemError):
        run(moment(DUE))
    assert (Reminder.objects.count(), Notice.objects.count()) == (0, 0)
    monkeypatch.undo()

    run(moment(DUE, 10))

    assert len(told()) == 6
    assert Notice.objects.count() == 6


def test_after_days_without_the_server_everybody_hears_one_thing(world, one, quarter):
    only_binh_is_missing(one)

    run(moment(30))

    assert sorted(told()) == [
        ("Bình", "head", "late-1", "Trưởng Bình"),
        ("Bình", "lead", "late-2", "Cán bộ An"),
        ("Bình", "lead", "late-2", "Trưởng An"),
        ("Bình", "officer", "due", "Cán bộ Bình"),
        ("Bình", "superior", "late-3", "Cán bộ cấp trên"),
    ]
    officer = Notice.objects.get(recipient=one.officers[1])
    assert officer.title == "Báo cáo quý I năm 2026 đã quá hạn 10 ngày (6 ngày làm việc)"


def test_tet_between_the_steps_moves_them_to_the_first_day_worked(world, one, quarter):
    with on(moment(2, month=2)):
        services.change_period(
            period=quarter,
            dates=Dates(
                date(2025, 12, 15), date(2026, 2, 10), date(2026, 2, 11), date(2026, 2, 12)
            ),
            reason="Thử Tết",
            version=1,
            actor=one.lead_officer,
            at=moment(2, month=2),
        )

    for day in range(9, 28):
        run(moment(day, month=2))

    days = sorted(
        (f"{each.urged_at.astimezone(HANOI):%d/%m}", each.step)
        for each in Reminder.objects.filter(membership=one.memberships[1])
    )
    assert days == [
        ("09/02", "before"),
        ("12/02", "due"),
        ("12/02", "due"),
        ("13/02", "late-1"),
        # Saturday 14/02 to Sunday 22/02 are off: both steps that fall there wait.
        ("23/02", "late-2"),
        ("23/02", "late-2"),
        ("23/02", "late-3"),
    ]
    above = Notice.objects.get(recipient=world.superior)
    assert "Thanh tra tỉnh Bình: chưa làm, quá hạn 11 ngày (2 ngày làm việc)" in above.body


def test_a_due_date_moved_by_the_lead_starts_the_steps_again(one, quarter):
    only_binh_is_missing(one)
    run(moment(BEFORE))
    with on(moment(18)):
        services.change_period(
            period=quarter,
            dates=Dates(quarter.first_on, quarter.last_on, quarter.local_due_on, date(2026, 4, 10)),
            reason="Công văn cho lùi hạn",
            version=1,
            actor=one.lead_officer,
            at=moment(18),
        )

    for day in (19, 20, 23, 24):
        run(moment(day))
    run(moment(7, month=4))

    assert [(step, who) for _, _, step, who in told()] == [("before", "Cán bộ Bình")] * 2


def test_a_permission_to_be_late_counts_the_steps_after_anew_from_its_day(one, quarter):
    only_binh_is_missing(one)
    run(moment(AFTER_3))
    before = len(told())
    with on(moment(6, month=4)):
        services.allow_late(
            period=quarter,
            membership=one.memberships[1],
            reason="Mưa bão",
            actor=one.lead_head,
            at=moment(6, month=4),
        )
        services.urge_due(moment(6, month=4))
    assert len(told()) == before

    run(moment(7, month=4))

    assert told()[before:] == [("Bình", "head", "late-1", "Trưởng Bình")]
    notice = Notice.objects.filter(recipient=one.heads[1]).first()
    assert notice.title == "Báo cáo quý I năm 2026 đã quá hạn 18 ngày (12 ngày làm việc)"
    assert "cho nộp muộn" not in notice.body


def test_a_permission_stays_good_when_the_due_date_is_moved_past_its_day(one, quarter):
    only_binh_is_missing(one)
    with on(moment(6, month=4)) as at:
        services.allow_late(
            period=quarter,
            membership=one.memberships[1],
            reason="Mưa bão",
            actor=one.lead_head,
            at=at,
        )
    with on(moment(7, month=4)) as at:
        services.change_period(
            period=quarter,
            dates=Dates(quarter.first_on, quarter.last_on, quarter.local_due_on, date(2026, 4, 9)),
            reason="Công văn cho lùi hạn",
            version=1,
            actor=one.lead_officer,
            at=at,
        )

    run(moment(10, month=4))

    notice = Notice.objects.get(recipient=one.heads[1])
    assert "đã quá hạn 1 ngày" in notice.title
    # Entry is open to the unit: it need not ask again.
    assert "không ghi thêm được" not in notice.body


def test_a_returned_report_is_not_urged_by_rule(one, quarter):
    only_binh_is_missing(one)
    report = submit(one, member=1)
    with on(moment(19)):
        services.return_report(
            report=report, reason="Sai cột 5", actor=one.lead_head, at=moment(19)
        )

    for day in (DUE, AFTER_3, AFTER_7):
        run(moment(day))

    assert told() == []


def test_R19_at_the_turn_of_the_year_the_old_reminders_stop_and_the_new_count_their_own(world):
    one = world.one
    with on(MARCH):
        open_periods(one)
    new = EmulationYear.objects.create(
        cluster=one.cluster, year=2027, members_as_of=date(2027, 1, 1)
    )
    Membership.objects.create(
        year=new,
        organisation=one.memberships[1].organisation,
        role=Membership.Role.LEAD,
        order=1,
    )
    last = one.year.reporting_periods.get(code="year")
    with on(moment(1, month=12)):
        services.change_period(
            period=last,
            dates=Dates(last.first_on, last.last_on, last.local_due_on, date(2026, 12, 29)),
            reason="Lùi hạn",
            version=1,
            actor=one.lead_officer,
            at=moment(1, month=12),
        )
    with on(moment(4, month=1, year=2027)):
        services.open_periods(year=new, actor=one.heads[1], at=moment(4, month=1, year=2027))
    run(moment(31, month=12))
    old = len(told())

    for day in range(4, 15):
        run(moment(day, month=1, year=2027))
    run(moment(22, month=3, year=2027))

    assert old
    fresh = Reminder.objects.order_by("pk")[old:]
    assert {each.period.year.year for each in fresh} == {2027}
    assert {each.membership.year_id for each in fresh} == {new.pk}


def test_R19_a_due_date_early_in_the_new_year_is_warned_of_in_the_old(world):
    one = world.one
    new = EmulationYear.objects.create(
        cluster=one.cluster, year=2027, members_as_of=date(2027, 1, 1)
    )
    Membership.objects.create(
        year=new,
        organisation=one.memberships[1].organisation,
        role=Membership.Role.LEAD,
        order=1,
    )
    at = moment(1, month=12)
    with on(at):
        first = services.open_periods(year=new, actor=one.heads[1], at=at)[0]
        services.change_period(
            period=first,
            # The step before, on Friday 01/01, makes way for the holiday.
            dates=Dates(first.first_on, date(2026, 12, 31), date(2026, 12, 31), date(2027, 1, 4)),
            reason="Báo cáo sớm",
            version=1,
            actor=one.heads[1],
            at=at,
        )

    run(moment(31, month=12))

    assert told() == [("Bình", "officer", "before", "Cán bộ Bình")]


def test_trouble_with_one_period_does_not_keep_the_others_waiting(one, quarter, monkeypatch):
    from thidua.reporting.services.urging import by_rule

    only_binh_is_missing(one)
    later = one.year.reporting_periods.get(code="q2")
    one.year.reporting_periods.filter(pk=later.pk).update(
        last_on=date(2026, 3, 20), local_due_on=date(2026, 3, 20), due_on=date(2026, 3, 21)
    )
    original = by_rule.waiting_of

    def waiting_of(period, *asked):
        if period.pk == quarter.pk:
            raise ValueError("hỏng")
        return original(period, *asked)

    monkeypatch.setattr(by_rule, "waiting_of", waiting_of)
    with pytest.raises(ValueError, match="hỏng"):
        run(moment(AFTER_1))

    assert {each.period for each in urgings()} == {later}


def test_R19_who_no_longer_holds_a_part_is_not_urged(world, one, quarter):
    only_binh_is_missing(one)
    one.officers[1].assignments.update(valid_to=date(2026, 3, 10))
    one.heads[1].is_active = False
    one.heads[1].save()
    successor = make_user("moi", "Người mới")
    assign(
        successor,
        Assignment.Role.HEAD,
        organisation=one.memberships[1].organisation,
        valid_from=date(2026, 3, 11),
    )

    run(moment(DUE))

    assert told() == [("Bình", "head", "due", "Người mới")]


def test_R12_day_and_hour_are_those_of_hanoi_whatever_zone_the_machine_speaks(one, quarter):
    only_binh_is_missing(one)

    # Still Monday in UTC, already Tuesday in Hà Nội, but at night.
    run(datetime(2026, 3, 16, 17, 45, tzinfo=UTC))
    assert told() == []
    run(datetime(2026, 3, 17, 1, 0, tzinfo=UTC))

    assert [step for _, _, step, _ in told()] == ["before"]


def test_R12_a_clock_set_back_a_day_repeats_nothing(one, quarter):
    only_binh_is_missing(one)
    run(moment(AFTER_3))
    sent = told()

    run(moment(DUE))

    assert told() == sent


def test_R21_the_letter_waits_in_the_outbox_and_work_goes_on(one, quarter):
    only_binh_is_missing(one)
    one.heads[1].email = "truong@binh.gov.vn"
    one.heads[1].save()

    run(moment(DUE))

    states = dict(Delivery.objects.values_list("notice__recipient__full_name", "state"))
    assert states == {"Trưởng Bình": "waiting", "Cán bộ Bình": "no_address"}


def test_a_step_in_the_product_alone_sends_no_letter(one, quarter):
    only_binh_is_missing(one)
    steps = tuple(replace(each, channel=Channel.PRODUCT) for each in shipped_rule().steps)
    set_rule(one, replace(shipped_rule(), steps=steps))

    run(moment(DUE))

    assert len(told()) == 2
    assert not Delivery.objects.exists()


def test_without_the_calendar_nobody_is_urged(one, quarter, monkeypatch):
    from thidua.reporting.services.urging import by_rule
    from thidua.rules.deadlines import WorkingCalendar

    monkeypatch.setattr(by_rule, "loaded_calendar", WorkingCalendar)

    run(moment(DUE))

    assert told() == []


def test_the_journal_says_which_step_which_units_and_who(one, quarter):
    run(moment(DUE))

    entry = Entry.objects.get(action=Action.REMINDERS_SENT)
    assert (entry.actor_label, entry.subject_id, entry.year_id) == (
        "Hệ thống",
        quarter.pk,
        one.year.pk,
    )
    assert entry.details == {
        "step": "Nhắc ngày đến hạn",
        "organisations": ["An", "Bình", "Cường"],
        "recipients": [
            name
            for unit in ("An", "Bình", "Cường")
            for name in (f"Cán bộ {unit}", f"Trưởng {unit}")
        ],
    }


@pytest.mark.parametrize(
    "statement", ["UPDATE reporting_reminder SET text = 'x'", "DELETE FROM reporting_reminder"]
)
def test_an_urging_is_neither_changed_nor_removed(one, quarter, statement):
    run(moment(DUE))

    with (
        pytest.raises(DatabaseError, match="chỉ ghi thêm"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(statement)
    with pytest.raises(ProtectedError):
        one.memberships[1].delete()


def test_the_schedule_of_the_product_runs_it_every_hour():
    schedule = next(each for each in registered() if each.name == "don-doc")

    assert (schedule.run, schedule.every) == (services.urge_due, timedelta(hours=1))


# By hand


def urge(one, quarter, *members, actor=None, text="Đề nghị nộp ngay trong hôm nay.", at=None):
    at = at or moment(AFTER_1, 19)
    with on(at):
        return services.urge_now(
            period=quarter,
            memberships=[one.memberships[each] for each in members],
            text=text,
            actor=actor or one.lead_officer,
            at=at,
        )


def test_the_lead_urges_in_own_words_at_any_hour(one, quarter):
    sent = urge(one, quarter, 1, 2)

    assert told() == [
        ("Bình", "officer", "", "Cán bộ Bình"),
        ("Bình", "head", "", "Trưởng Bình"),
        ("Cường", "officer", "", "Cán bộ Cường"),
        ("Cường", "head", "", "Trưởng Cường"),
    ]
    assert {each.urged_by for each in sent} == {one.lead_officer}
    notice = Notice.objects.get(recipient=one.heads[1])
    assert notice.title == "Đôn đốc nộp báo cáo quý I năm 2026"
    assert notice.body == (
        "Đề nghị nộp ngay trong hôm nay.\n\nCán bộ An đôn đốc Thanh tra tỉnh Bình. Hạn gửi: thứ Sáu "
        "20/03/2026, quá hạn 3 ngày (1 ngày làm việc)."
    )
    entry = Entry.objects.get(action=Action.UNITS_URGED)
    assert (entry.actor, entry.details["organisations"], entry.details["text"]) == (
        one.lead_officer,
        ["Bình", "Cường"],
        "Đề nghị nộp ngay trong hôm nay.",
    )


@pytest.mark.parametrize(
    "text", ["Làm rõ đơn tố cáo của bà Nguyễn Thị Mai.", "Người có CCCD 001085012345 hỏi lại."]
)
def test_T09_words_that_tell_who_a_person_is_are_not_sent(one, quarter, text):
    with pytest.raises(RuleError, match="không ghi danh tính"):
        urge(one, quarter, 1, text=text)

    assert not Notice.objects.exists()
    assert not Entry.objects.filter(action=Action.UNITS_URGED).exists()


def test_T09_a_number_to_call_may_be_sent(one, quarter):
    assert urge(one, quarter, 1, text="Vướng mắc gọi 0912 345 678.")


def test_an_urging_by_hand_does_not_stand_in_for_a_step(one, quarter):
    only_binh_is_missing(one)
    urge(one, quarter, 1, at=moment(DUE, 8))

    run(moment(DUE))

    assert [step for _, _, step, _ in told()] == ["", "", "due", "due"]


def test_a_returned_report_may_be_urged_by_hand(one, quarter):
    report = submit(one, member=1)
    with on(moment(19)):
        services.return_report(report=report, reason="Sai", actor=one.lead_head, at=moment(19))

    assert len(urge(one, quarter, 1)) == 2


def test_the_superior_urges_every_unit_the_lead_too(world, one, quarter):
    assert len(urge(one, quarter, 0, 1, actor=world.superior)) == 4


@pytest.mark.parametrize("who", ["officer", "stranger", "other", "own", "other_year"])
def test_who_may_not_urge(world, one, quarter, who):
    actor, member = {
        "officer": (one.officers[2], one.memberships[1]),
        "stranger": (world.stranger, one.memberships[1]),
        "other": (world.two.lead_head, one.memberships[1]),
        "own": (one.lead_head, one.memberships[0]),
        "other_year": (one.lead_head, world.two.memberships[1]),
    }[who]

    with on(moment(AFTER_1)), pytest.raises(PermissionDenied):
        services.urge_now(
            period=quarter, memberships=[member], text="Nộp", actor=actor, at=moment(AFTER_1)
        )

    assert told() == []


def test_nobody_but_lead_and_superior_may_urge_anybody(world, one):
    def may(user):
        found = urgeable(user, one.year, [*one.memberships, *world.two.memberships])
        return [each.organisation.short_name for each in found]

    with on(MARCH):
        assert may(one.lead_officer) == ["Bình", "Cường"]
        assert may(world.superior) == ["An", "Bình", "Cường"]
        assert may(one.heads[1]) == may(world.stranger) == []


@pytest.mark.parametrize(
    ("members", "text", "said"),
    [
        ((), "Nộp", "chọn ít nhất một đơn vị"),
        ((1,), "  ", "ghi lời đôn đốc"),
        ((1,), "x" * 2001, "dài quá 2000"),
        ((1, 2), "Nộp", "Cường đã nộp báo cáo này"),
    ],
)
def test_an_urging_that_makes_no_sense_is_refused(one, quarter, members, text, said):
    submit(one, member=2)

    with pytest.raises(RuleError, match=said):
        urge(one, quarter, *members, text=text)

    assert told() == []


def test_a_unit_with_nobody_in_charge_is_named(one, quarter):
    Assignment.objects.filter(organisation=one.memberships[1].organisation).update(
        valid_to=date(2026, 3, 1)
    )

    with pytest.raises(RuleError, match="Bình chưa có cán bộ hay thủ trưởng"):
        urge(one, quarter, 1, 2)


# Setting the steps


def set_rule(one, rule, number=0, reason="Cụm thống nhất", actor=None):
    with on(MARCH):
        return services.change_urging_rule(
            year=one.year,
            rule=rule,
            reason=reason,
            number=number,
            actor=actor or one.lead_officer,
            at=MARCH,
        )


def changed(**step):
    """The shipped rule with its last step changed."""
    *others, last = shipped_rule().steps
    return replace(shipped_rule(), steps=(*others, replace(last, **step)))


def test_the_lead_sets_the_steps_of_a_year_and_the_next_run_follows_them(one, quarter):
    only_binh_is_missing(one)

    setting = set_rule(one, changed(offset=5, to=(Level.HEAD,)))
    run(moment(25))

    assert (setting.number, setting.rule.steps[-1].offset) == (1, 5)
    assert [(step, level) for _, level, step, _ in told() if level == "head"] == [
        ("late-3", "head")
    ]
    entry = Entry.objects.get(action=Action.URGING_RULE_SET)
    assert entry.details == {
        "old": "Quá hạn, lần 3: sau hạn 7 ngày, cấp trên, trong phần mềm và thư điện tử",
        "new": "Quá hạn, lần 3: sau hạn 5 ngày, thủ trưởng đơn vị, trong phần mềm và thư điện tử",
        "reason": "Cụm thống nhất",
    }


def test_what_was_sent_stays_sent_when_the_steps_change(one, quarter):
    only_binh_is_missing(one)
    run(moment(AFTER_3))
    sent = told()
    steps = tuple(
        replace(each, offset=2) if each.key == "late-2" else each for each in shipped_rule().steps
    )

    set_rule(one, replace(shipped_rule(), steps=steps))
    run(moment(24))

    assert told() == sent


def test_a_step_that_was_sent_is_not_sent_again_on_its_new_day(one, quarter):
    only_binh_is_missing(one)
    run(moment(AFTER_3))
    sent = told()
    moved = {"late-1": 4, "late-2": 5}
    steps = tuple(
        replace(each, offset=moved.get(each.key, each.offset)) for each in shipped_rule().steps
    )

    set_rule(one, replace(shipped_rule(), steps=steps))
    run(moment(25))
    assert told() == sent
    run(moment(AFTER_7))

    assert [step for _, _, step, _ in told()[len(sent) :]] == ["late-3"]


@pytest.mark.parametrize("who", ["officer", "superior", "other"])
def test_only_the_lead_sets_the_steps(world, one, who):
    actor = {
        "officer": one.officers[1],
        "superior": world.superior,
        "other": world.two.lead_head,
    }[who]

    with pytest.raises(PermissionDenied):
        set_rule(one, changed(offset=5), actor=actor)


@pytest.mark.parametrize(
    ("rule", "number", "reason", "said"),
    [
        (changed(offset=5), 1, "Lý do", "Người khác vừa đặt lại"),
        (changed(offset=5), 0, " ", "ghi lý do"),
        (changed(), 0, "Lý do", "không có gì khác"),
        (changed(offset=2), 0, "Lý do", "ít nhất một ngày"),
        (replace(shipped_rule(), from_time=time(18)), 0, "Lý do", "Giờ bắt đầu"),
    ],
)
def test_a_setting_that_makes_no_sense_is_refused(one, rule, number, reason, said):
    with pytest.raises(RuleError, match=said):
        set_rule(one, rule, number, reason)

    assert not UrgingRule.objects.exists()


def test_a_setting_is_neither_changed_nor_removed(one):
    set_rule(one, changed(offset=5))

    with pytest.raises(DatabaseError, match="chỉ ghi thêm"), transaction.atomic():
        UrgingRule.objects.update(reason="x")
    set_rule(one, changed(offset=6), number=1)
    assert [each.number for each in UrgingRule.objects.all()] == [2, 1]


@pytest.mark.parametrize("handed_in", [(), (0, 2)])
def test_an_hour_in_which_everybody_has_been_told_costs_the_same_for_one_unit_and_for_three(
    one, quarter, django_assert_num_queries, handed_in
):
    for member in handed_in:
        submit(one, member=member)
    run(moment(AFTER_7))

    # Calendar and periods; of the one near: rule, reports, members twice, people, urgings.
    with on(moment(AFTER_7, 10)), django_assert_num_queries(8):
        services.urge_due(moment(AFTER_7, 10))
