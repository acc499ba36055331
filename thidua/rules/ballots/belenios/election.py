"""The election (specification, sections 4.9 and 4.10): what is asked, and under which key."""

import unicodedata
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Any

from thidua.rules.ballots.belenios.base58 import is_uuid
from thidua.rules.ballots.belenios.group import (
    NAME,
    FixedBase,
    P,
    all_members,
    fixed,
    number,
)
from thidua.rules.ballots.belenios.refusals import InvalidElection, Malformed, refusing
from thidua.rules.ballots.belenios.wire import (
    element,
    fields,
    fingerprint,
    read,
    rows,
    whole,
    words,
    written,
)

MOST_QUESTIONS = 30
MOST_ANSWERS = 100
_LONGEST = 1000
_LONGEST_TEXT = 500_000


@dataclass(frozen=True)
class Question:
    """A question answered by ticking `least` … `most` of the answers, or by a blank vote."""

    text: str
    answers: tuple[str, ...]
    least: int
    most: int
    blank: bool = True

    @property
    def width(self) -> int:
        """How many numbers an answer has: one per answer, before them the blank vote if any."""
        return len(self.answers) + self.blank

    def as_json(self) -> dict[str, Any]:
        blank = {"blank": True} if self.blank else {}
        return {
            "answers": list(self.answers),
            **blank,
            "min": self.least,
            "max": self.most,
            "question": self.text,
        }


@dataclass(frozen=True)
class Election:
    """An election that can be voted on. Raises InvalidElection when made of what it must not be."""

    uuid: str
    name: str
    description: str
    public_key: int
    questions: tuple[Question, ...]

    def __post_init__(self) -> None:
        with refusing(
            InvalidElection,
            "Nội dung cuộc bỏ phiếu không dùng được",
            "Hãy sửa lại ở bước chuẩn bị, trước khi mở bỏ phiếu.",
        ):
            _check(self)

    @cached_property
    def text(self) -> str:
        """The one text that is published, and that every ballot refers to."""
        return written(
            {
                "version": 1,
                "description": self.description,
                "name": self.name,
                "group": NAME,
                "public_key": str(self.public_key),
                "questions": [question.as_json() for question in self.questions],
                "uuid": self.uuid,
            }
        )

    @cached_property
    def fingerprint(self) -> str:
        return fingerprint(self.text)

    @property
    def key(self) -> FixedBase:
        """Powers of the public key."""
        return fixed(number(str(self.public_key)))


@lru_cache(maxsize=16)
def read_election(text: str) -> Election:
    """The election of its published text. Raises InvalidElection unless it is one of ours."""
    with refusing(
        InvalidElection,
        "Nội dung cuộc bỏ phiếu không đọc được",
        "Hãy lấy lại tệp từ trang cuộc bỏ phiếu.",
    ):
        version, description, name, group, key, questions, uuid = fields(
            read(text, _LONGEST_TEXT),
            *("version", "description", "name", "group", "public_key", "questions", "uuid"),
        )
        if whole(version, 0, 9) != 1 or group != NAME:
            raise Malformed(f"chỉ nhận phiên bản 1 và nhóm {NAME}")
        return Election(
            words(uuid),
            words(name),
            words(description),
            int(element(key)),
            tuple(_question(each) for each in rows(questions)),
        )


def _question(value: Any) -> Question:
    blank = isinstance(value, dict) and value.get("blank") is True
    between = ["blank"] if blank else []
    answers, *_, least, most, text = fields(value, "answers", *between, "min", "max", "question")
    return Question(
        words(text),
        tuple(words(each) for each in rows(answers)),
        whole(least, 0, MOST_ANSWERS),
        whole(most, 0, MOST_ANSWERS),
        blank,
    )


def _check(election: Election) -> None:
    """Raises Malformed with what is wrong."""
    if not is_uuid(election.uuid):
        raise Malformed("mã của cuộc bỏ phiếu phải có ít nhất 14 chữ và số dễ phân biệt")
    if not 1 < election.public_key < P or not all_members([election.public_key]):
        raise Malformed("khóa công khai không thuộc nhóm số của giao thức")
    if not 1 <= len(election.questions) <= MOST_QUESTIONS:
        raise Malformed(f"phải có từ 1 đến {MOST_QUESTIONS} câu hỏi")
    for text in (election.name, election.description):
        _check_text(text)
    for question in election.questions:
        _check_question(question)


def _check_question(question: Question) -> None:
    for text in (question.text, *question.answers):
        _check_text(text)
    if not 1 <= len(question.answers) <= MOST_ANSWERS:
        raise Malformed(f"mỗi câu hỏi phải có từ 1 đến {MOST_ANSWERS} lựa chọn")
    if not 0 <= question.least <= question.most <= len(question.answers) or question.most == 0:
        raise Malformed("số lựa chọn ít nhất, nhiều nhất không khớp với số lựa chọn của câu hỏi")


def _check_text(text: str) -> None:
    """Control letters are spelled differently by different programs; the text must have one spelling."""
    if len(text) > _LONGEST:
        raise Malformed(f"mỗi đoạn chữ dài tối đa {_LONGEST} ký tự")
    if any(unicodedata.category(letter) in {"Cc", "Cs"} for letter in text):
        raise Malformed("đoạn chữ có ký tự điều khiển (xuống dòng, thẻ tab …)")
