"""Rules of a result, as data with their source: how many votes of whom, how many places, what on a tie."""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from fractions import Fraction
from typing import Any

from thidua.rules.ballots.results.words import fraction_words
from thidua.rules.errors import RuleError


class Base(StrEnum):
    """Of whom a share is taken."""

    ALL_MEMBERS = "all_members"
    PRESENT = "present"
    VALID_PAPERS = "valid_papers"


class LastWord(StrEnum):
    """Who decides when the votes do not, after the last round."""

    NOBODY = ""
    CHAIR = "chair"
    HEAD_AND_DEPUTY = "head_and_deputy"


BASE_WORDS = {
    Base.ALL_MEMBERS: "tổng số thành viên",
    Base.PRESENT: "số người tham gia bỏ phiếu",
    Base.VALID_PAPERS: "số phiếu hợp lệ",
}
LAST_WORD_WORDS = {
    LastWord.NOBODY: "không ai quyết định thay; suất đó để trống",
    LastWord.CHAIR: "lấy theo bên có ý kiến của người chủ trì",
    LastWord.HEAD_AND_DEPUTY: "cụm trưởng và cụm phó cùng quyết định",
}
MOST_ROUNDS = 2
"""At most two ballots (S33 in emulation-cluster.md §3)."""


@dataclass(frozen=True, kw_only=True)
class ResultRule:
    """What decides one question.

    `share` of `base`, at least – or, with `more_than`, strictly more. `places`: how many are elected
    at most, None for all who reach it; `quota`: at most this share of `quota_of`. `rounds`: ballots at
    most. `last_word`: who decides what is still open then. `article`: where the rule stands.
    """

    base: Base = Base.ALL_MEMBERS
    share: Fraction = Fraction(1, 2)
    more_than: bool = True
    places: int | None = None
    quota: Fraction | None = None
    rounds: int = MOST_ROUNDS
    last_word: LastWord = LastWord.NOBODY
    blank_is_valid: bool = False
    article: str = ""

    def __post_init__(self) -> None:
        if not 0 < self.share <= 1 or (self.more_than and self.share == 1):
            raise RuleError("Ô Tỷ lệ: phải lớn hơn 0 và không quá 100 %.")
        if self.places is not None and self.places < 1:
            raise RuleError("Ô Số suất: phải từ 1 trở lên, hoặc để trống nếu không giới hạn.")
        if self.quota is not None and not 0 < self.quota <= 1:
            raise RuleError("Ô Hạn mức: phải lớn hơn 0 và không quá 100 %.")
        if not 1 <= self.rounds <= MOST_ROUNDS:
            raise RuleError(f"Ô Số lần bỏ phiếu: từ 1 đến {MOST_ROUNDS}.")

    def to_json(self) -> dict[str, Any]:
        """As stored with the question; fractions as "4/5"."""
        return {
            "base": str(self.base),
            "share": str(self.share),
            "more_than": self.more_than,
            "places": self.places,
            "quota": None if self.quota is None else str(self.quota),
            "rounds": self.rounds,
            "last_word": str(self.last_word),
            "blank_is_valid": self.blank_is_valid,
            "article": self.article,
        }

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> "ResultRule":
        """What is left out has its ordinary value; RuleError where a value makes no sense."""
        try:
            quota = data.get("quota")
            return cls(
                base=Base(data["base"]),
                share=Fraction(data["share"]),
                more_than=bool(data.get("more_than", False)),
                places=data.get("places"),
                quota=None if quota is None else Fraction(quota),
                rounds=data.get("rounds", MOST_ROUNDS),
                last_word=LastWord(data.get("last_word", "")),
                blank_is_valid=bool(data.get("blank_is_valid", False)),
                article=data.get("article", ""),
            )
        except (KeyError, ValueError, TypeError, ZeroDivisionError) as error:
            raise RuleError(
                "Quy tắc kết quả chưa đủ: hãy chọn mẫu số và ghi tỷ lệ cần đạt."
            ) from error

    def needed(self, base: int) -> int:
        """Votes needed out of `base`, exactly: 80 % of 9 is 8."""
        exact = self.share * base
        return math.floor(exact) + 1 if self.more_than else max(math.ceil(exact), 1)

    def needed_words(self, base: int) -> str:
        """The arithmetic in words: "80 % của 9 (tổng số thành viên) là 7,2 → cần 8 phiếu"."""
        exact = self.share * base
        of = f"{fraction_words(self.share)} của {base} ({BASE_WORDS[self.base]})"
        more = "phải nhiều hơn" if self.more_than else "cần ít nhất"
        return f"{of} là {fraction_words(exact, share=False)}; {more} số đó, tức {self.needed(base)} phiếu"

    def words(self) -> str:
        """The rule in one sentence."""
        how = "quá" if self.more_than else "từ"
        said = f"Được {how} {fraction_words(self.share)} {BASE_WORDS[self.base]}"
        said += "" if self.more_than else " trở lên"
        if self.places is not None:
            said += f"; lấy {self.places} suất, từ số phiếu cao xuống"
        if self.quota is not None:
            said += f"; không quá {fraction_words(self.quota)} số ứng viên"
        if self.places is None and self.quota is None:
            return f"{said}; ai đạt tỷ lệ đều được."
        said += f"; tối đa {self.rounds} lần bỏ phiếu"
        return f"{said}; còn bằng phiếu thì {LAST_WORD_WORDS[self.last_word]}."

    def places_for(self, candidates: int) -> int:
        """How many may be elected among so many candidates: places and quota both hold."""
        limits = [candidates]
        if self.places is not None:
            limits.append(self.places)
        if self.quota is not None:
            limits.append(math.floor(self.quota * candidates))
        return min(limits)


@dataclass(frozen=True)
class Quorum:
    """Whether enough of those entitled are there, and the sentence that says so."""

    present: int
    needed: int
    is_met: bool
    sentence: str


def has_quorum(present: int, entitled: int, numerator: int, denominator: int) -> Quorum:
    """Present is at least the share of those entitled, exactly."""
    share = Fraction(numerator, denominator)
    needed = math.ceil(share * entitled)
    met = present >= needed and present > 0
    said = f"Có mặt {present}/{entitled}; cần ít nhất {needed} ({fraction_words(share)})"
    return Quorum(
        present,
        needed,
        met,
        f"{said}: đủ để tiến hành." if met else f"{said}: chưa đủ số người để mở bỏ phiếu.",
    )


@dataclass(frozen=True, kw_only=True)
class Preset:
    """A rule of the regulations or of practice, offered to be taken over; never silently applied."""

    key: str
    label: str
    rule: ResultRule
    valid_from: date | None = None
    valid_to: date | None = None
    is_verified: bool = True
    note: str = ""

    def is_valid_on(self, day: date) -> bool:
        """Whether the text behind it was in force on the day."""
        return (self.valid_from is None or day >= self.valid_from) and (
            self.valid_to is None or day <= self.valid_to
        )


N98_FROM, N98_TO = date(2024, 1, 1), date(2025, 6, 30)
N152_FROM = date(2025, 7, 1)
N98_ARTICLE = "Nghị định 98/2023/NĐ-CP, Điều 30 khoản 7"
N152_NOTE = (
    "Nghị định 152/2025/NĐ-CP thay Nghị định 98/2023/NĐ-CP từ 01/7/2025; chưa đối chiếu được nguyên văn "
    "điều tương ứng, nên hãy kiểm tra văn bản rồi ghi căn cứ."
)

PRESETS = (
    Preset(
        key="majority",
        label="Suy tôn: quá nửa tổng số thành viên",
        rule=ResultRule(places=1, last_word=LastWord.HEAD_AND_DEPUTY, article="Quy chế của cụm"),
        is_verified=False,
        note="Tỷ lệ suy tôn trong cụm do quy chế của cụm quy định.",
    ),
    Preset(
        key="n98-80",
        label="Cờ thi đua, Chiến sĩ thi đua cơ sở: từ 80 % tổng số thành viên",
        rule=ResultRule(
            share=Fraction(4, 5),
            more_than=False,
            last_word=LastWord.HEAD_AND_DEPUTY,
            article=N98_ARTICLE,
        ),
        valid_from=N98_FROM,
        valid_to=N98_TO,
    ),
    Preset(
        key="n98-90",
        label="Chiến sĩ thi đua toàn quốc, bộ, tỉnh; Anh hùng: từ 90 % tổng số thành viên",
        rule=ResultRule(share=Fraction(9, 10), more_than=False, article=N98_ARTICLE),
        valid_from=N98_FROM,
        valid_to=N98_TO,
    ),
    Preset(
        key="n152-80",
        label="Cờ thi đua, Chiến sĩ thi đua cơ sở: 80 % tổng số thành viên",
        rule=ResultRule(share=Fraction(4, 5), more_than=False, last_word=LastWord.HEAD_AND_DEPUTY),
        valid_from=N152_FROM,
        is_verified=False,
        note=N152_NOTE,
    ),
    Preset(
        key="n152-90",
        label="Chiến sĩ thi đua toàn quốc, bộ, tỉnh; Anh hùng: 90 % tổng số thành viên",
        rule=ResultRule(share=Fraction(9, 10), more_than=False),
        valid_from=N152_FROM,
        is_verified=False,
        note=N152_NOTE,
    ),
    Preset(
        key="present",
        label="Khen thưởng khác: quá nửa số người tham gia",
        rule=ResultRule(base=Base.PRESENT, article="Quy chế của hội đồng"),
        is_verified=False,
        note="Không tìm thấy tỷ lệ bắt buộc trong văn bản; theo quy chế của hội đồng.",
    ),
)


def presets_on(day: date) -> tuple[Preset, ...]:
    """Rules that may be offered for a ballot held on the day."""
    return tuple(one for one in PRESETS if one.is_valid_on(day))
