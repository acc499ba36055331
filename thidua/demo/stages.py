"""How far a member's scoring has come when the demo is loaded."""

from enum import StrEnum


class Stage(StrEnum):
    """One stop on the way of a sheet, from empty to final."""

    NOT_BEGUN = "not_begun"
    HALF_FILLED = "half_filled"
    FILLED = "filled"
    HANDED_IN = "handed_in"
    RETURNED = "returned"
    ONE_SECTION = "one_section"
    AWAITING_EXPLANATION = "awaiting_explanation"
    EXPLAINED = "explained"
    APPRAISED = "appraised"
    FINAL = "final"

    @property
    def words(self) -> str:
        """What the sign-in page says of it."""
        return WORDS[self]


WORDS = {
    Stage.NOT_BEGUN: "Chưa bắt đầu tự chấm",
    Stage.HALF_FILLED: "Tự chấm được một phần",
    Stage.FILLED: "Tự chấm xong, chưa nộp",
    Stage.HANDED_IN: "Vừa nộp, chờ thẩm định",
    Stage.RETURNED: "Bị trả lại, đang sửa để nộp lần 2",
    Stage.ONE_SECTION: "Thẩm định xong một phần",
    Stage.AWAITING_EXPLANATION: "Thẩm định xong, chờ đơn vị giải trình",
    Stage.EXPLAINED: "Đã giải trình, đang xem lại",
    Stage.APPRAISED: "Thẩm định xong, chờ chốt điểm",
    Stage.FINAL: "Đã chốt điểm",
}

NOT_HANDED_IN = frozenset({Stage.NOT_BEGUN, Stage.HALF_FILLED, Stage.FILLED})
WHOLLY_APPRAISED = frozenset(
    {Stage.AWAITING_EXPLANATION, Stage.EXPLAINED, Stage.APPRAISED, Stage.FINAL}
)
