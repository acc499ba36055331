"""The computation in words: start, what was left out and why, raw end, moved end, article."""

from datetime import date, time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from thidua.rules.deadlines import (
    Circumstances,
    Suspension,
    compute,
    named,
    parse_period,
    shipped_calendar,
    shipped_clocks,
)

CLOCKS = shipped_clocks()


def trace(code, start, **circumstances):
    return compute(CLOCKS[code], Circumstances(start, **circumstances), shipped_calendar()).trace


def test_trace_of_working_days_names_rest_days_swaps_and_make_ups():
    assert trace("reception-answer", date(2026, 8, 20)) == (
        "Mốc tính: thứ Năm 20/08/2026, ngày tiếp nhận nội dung.",
        "Áp dụng: Luật Tiếp công dân 42/2013/QH13, Điều 28 khoản 1; hiệu lực từ 01/07/2014.",
        "Thời hạn: 10 ngày làm việc.",
        "Không tính ngày của mốc; ngày đầu tiên được tính là thứ Sáu 21/08/2026 "
        "(Bộ luật Dân sự 2015, Điều 147).",
        "Không tính ngày nghỉ: 23/08/2026 (nghỉ hằng tuần); 29/08/2026 đến 30/08/2026 (Quốc khánh); "
        "31/08/2026 (hoán đổi, làm bù ngày 22/08/2026); 01/09/2026 đến 02/09/2026 (Quốc khánh); "
        "05/09/2026 đến 06/09/2026 (nghỉ hằng tuần).",
        "Có tính thứ Bảy 22/08/2026, vì là ngày làm việc (làm bù cho ngày 31/08/2026).",
        "Ngày làm việc thứ 10: thứ Hai 07/09/2026.",
        "Hạn cuối: hết 24 giờ thứ Hai 07/09/2026 (Bộ luật Dân sự 2015, Điều 148).",
    )


def test_trace_of_days_names_the_raw_end_and_why_it_moved():
    assert trace("accountability", date(2026, 2, 1)) == (
        "Mốc tính: Chủ nhật 01/02/2026, ngày nhận được yêu cầu giải trình.",
        "Áp dụng: Nghị định 59/2019/NĐ-CP, Điều 13; hiệu lực từ 15/08/2019.",
        "Thời hạn (trường hợp thông thường): 15 ngày.",
        "Không tính ngày của mốc; ngày đầu tiên được tính là thứ Hai 02/02/2026 "
        "(Bộ luật Dân sự 2015, Điều 147).",
        "Thời hạn tính theo ngày, không phải ngày làm việc, nên ngày nghỉ nằm giữa thời hạn vẫn được "
        "tính.",
        "Đếm đủ 15 ngày: thứ Hai 16/02/2026.",
        "Ngày đó là ngày nghỉ nên thời hạn kết thúc vào ngày làm việc tiếp theo, thứ Hai 23/02/2026 "
        "(Bộ luật Dân sự 2015, Điều 148 khoản 5); bỏ qua: 16/02/2026 đến 22/02/2026 (Tết Nguyên đán).",
        "Hạn cuối: hết 24 giờ thứ Hai 23/02/2026 (Bộ luật Dân sự 2015, Điều 148).",
    )


@pytest.mark.parametrize(
    ("code", "start", "circumstances", "sentences"),
    [
        (
            "denunciation-settlement",
            date(2026, 3, 5),
            {"variant": "especially-complex", "extensions": 2},
            ("Gia hạn 2 lần (30 ngày, 30 ngày): đếm liên tục từ mốc tính, tổng cộng 90 ngày.",),
        ),
        (
            "denunciation-settlement",
            date(2026, 3, 5),
            {"variant": "complex"},
            ("Chưa ghi lần gia hạn nào; trường hợp này được gia hạn tối đa 1 lần.",),
        ),
        (
            "inspection-maximum-provincial",
            date(2026, 3, 5),
            {"variant": "complex", "extensions": (20,)},
            ("Gia hạn 1 lần (20 ngày): đếm liên tục từ mốc tính, tổng cộng 65 ngày.",),
        ),
        (
            "crime-report-decision",
            date(2025, 12, 31),
            {"variant": "complex"},
            (
                "Tháng 2/2026 không có ngày 31 nên kết thúc vào ngày cuối tháng (Bộ luật Dân sự 2015, "
                "Điều 148).",
                "Đếm đủ 2 tháng: thứ Bảy 28/02/2026.",
            ),
        ),
        (
            "petition-storage",
            date(2024, 2, 29),
            {},
            (
                "Tháng 2/2025 không có ngày 29 nên kết thúc vào ngày cuối tháng (Bộ luật Dân sự 2015, "
                "Điều 148).",
            ),
        ),
        (
            "accountability",
            date(2026, 8, 7),
            {},
            ("Ngày đó là ngày làm việc (làm bù cho ngày 31/08/2026) nên giữ nguyên.",),
        ),
        (
            "denunciation-crime-signs",
            date(2026, 3, 8),
            {},
            ("Luật yêu cầu làm ngay, không cho số ngày: hạn là chính ngày 08/03/2026.",),
        ),
        (
            "dialogue-notice",
            date(2026, 9, 12),
            {},
            ("Đếm lùi đủ 5 ngày: thứ Hai 07/09/2026.", "Chậm nhất: thứ Hai 07/09/2026."),
        ),
        (
            "dialogue-notice",
            date(2026, 9, 11),
            {},
            (
                "Ngày đó là ngày nghỉ (05/09/2026 đến 06/09/2026 (nghỉ hằng tuần)). Dời về sau "
                "thì thiếu ngày, nên phần mềm lấy ngày làm việc liền trước (quy ước, luật không nói).",
            ),
        ),
        (
            "online-reception-notice",
            date(2026, 9, 7),
            {},
            (
                "Phải làm trước ít nhất 5 ngày làm việc: đếm lùi từ hôm trước ngày của mốc, ngày của mốc "
                "không tính.",
                "Chậm nhất: thứ Tư 26/08/2026.",
            ),
        ),
        (
            "online-reception-link",
            date(2026, 9, 7),
            {"at": time(14)},
            ("Chậm nhất: 13:00 thứ Hai 07/09/2026.",),
        ),
        (
            "head-reception",
            date(2026, 9, 7),
            {"variant": "commune-chair"},
            (
                "Nghĩa vụ của từng tháng: ít nhất 2 ngày trong tháng 09/2026.",
                "Chậm nhất: thứ Tư 30/09/2026, ngày làm việc cuối cùng của tháng.",
            ),
        ),
        (
            "head-reception",
            date(2026, 10, 7),
            {},
            (
                "Không thể dời sang tháng sau; bỏ qua ngày nghỉ cuối tháng: 31/10/2026 (nghỉ hằng "
                "tuần).",
            ),
        ),
        (
            "inspection-granted",
            date(2026, 3, 2),
            {
                "granted": parse_period("3 ngày làm việc"),
                "suspensions": [Suspension(date(2026, 3, 4), date(2026, 3, 11))],
            },
            (
                "Thời hạn theo quyết định: 3 ngày làm việc.",
                "Ngày làm việc thứ 3: thứ Năm 12/03/2026.",
            ),
        ),
        (
            "complaint-first-effect",
            date(2026, 3, 2),
            {},
            ("Sau ngày này quyết định có hiệu lực pháp luật, nếu không có khiếu nại lần hai.",),
        ),
    ],
)
def test_trace_says(code, start, circumstances, sentences):
    told = trace(code, start, **circumstances)

    assert [each for each in sentences if each not in told] == []


def test_very_long_count_sums_up_what_it_cannot_list():
    told = trace("inspection-granted", date(2025, 7, 1), granted=parse_period("400 ngày làm việc"))

    left_out = next(each for each in told if each.startswith("Không tính ngày nghỉ"))
    assert "đợt nghỉ khác, tổng cộng" in left_out
    assert len(left_out) < 3000


def usual(code):
    clock = CLOCKS[code]
    return not clock.is_granted and "link" not in code and clock.versions[-1].valid_to is None


@settings(max_examples=60)
@given(
    st.sampled_from([code for code in CLOCKS if usual(code)]),
    st.dates(date(2026, 7, 1), date(2026, 9, 30)),
)
def test_every_trace_names_start_article_and_end_in_whole_sentences(code, start):
    found = compute(CLOCKS[code], Circumstances(start), shipped_calendar())
    told = "\n".join(found.trace)

    assert named(start) in found.trace[0]
    assert found.citation in found.trace[1]
    assert named(found.due_on) in told or "làm ngay" in told
    assert named(found.raw_end_on) in told or "làm ngay" in told
    assert all(each.endswith(".") and each[0].isupper() for each in (*found.trace, *found.notes))
