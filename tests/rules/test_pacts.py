"""A pact as a value: its fingerprint, and the readable difference of two versions."""

import hashlib
import json
import unicodedata
from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from thidua.rules.pacts import (
    CommitmentContent,
    GroupContent,
    Kind,
    Line,
    PactContent,
    Piece,
    canonical_json,
    difference,
    fingerprint,
    sentence,
    target_in_words,
    words_changed,
)

MEASURED = CommitmentContent(
    "k1", "Hoàn thành kế hoạch thanh tra", "Tỷ lệ hoàn thành", "từ … trở lên", "99.5", "%"
)
SAID = CommitmentContent("k2", "Chuyển kịp thời hồ sơ")
PACT = PactContent(
    cluster="Cụm một",
    year=2026,
    title="Giao ước thi đua",
    preamble="Các đơn vị thống nhất",
    groups=(GroupContent("Thanh tra", (MEASURED, SAID)), GroupContent("Phong trào", ())),
    closing="",
    members=("Thanh tra tỉnh An", "Thanh tra tỉnh Bình"),
)
TEXT = st.text(st.characters(codec="utf-8"), max_size=30)
WORDS = st.lists(st.sampled_from(["thi", "đua", "kỷ", "cương", "mới"]), max_size=12).map(" ".join)


def with_commitments(*commitments):
    return replace(PACT, groups=(GroupContent("Thanh tra", commitments), PACT.groups[1]))


def test_canonical_json_is_what_anybody_can_write_by_hand():
    small = PactContent("C", 2026, "T", "", (GroupContent("N", (SAID,)),), "", ("A",))

    assert canonical_json(small).decode() == (
        '{"closing":"","cluster":"C","groups":[{"commitments":[{"comparison":"","indicator":"",'
        '"key":"k2","measure":"","target":"","text":"Chuyển kịp thời hồ sơ"}],"title":"N"}],'
        '"members":["A"],"preamble":"","title":"T","year":2026}'
    )


def test_fingerprint_is_the_sha256_of_the_canonical_bytes():
    assert fingerprint(PACT) == hashlib.sha256(canonical_json(PACT)).hexdigest()


@given(TEXT, TEXT)
def test_fingerprint_differs_exactly_where_the_text_does(one, other):
    same = unicodedata.normalize("NFC", one) == unicodedata.normalize("NFC", other)

    left, right = (fingerprint(replace(PACT, preamble=text)) for text in (one, other))

    assert (left == right) is same


@given(TEXT)
def test_canonical_json_reads_back_as_it_was(text):
    read = json.loads(canonical_json(replace(PACT, closing=text)))

    assert read["closing"] == unicodedata.normalize("NFC", text)


def test_fingerprint_does_not_depend_on_how_letters_are_composed():
    composed, decomposed = (unicodedata.normalize(form, "Kỷ cương") for form in ("NFC", "NFD"))

    assert composed != decomposed
    assert fingerprint(replace(PACT, title=composed)) == fingerprint(
        replace(PACT, title=decomposed)
    )


def test_fingerprint_sees_the_order_of_commitments():
    assert fingerprint(with_commitments(MEASURED, SAID)) != fingerprint(
        with_commitments(SAID, MEASURED)
    )


def test_sentence_writes_the_target_with_its_amount_inside_the_comparison():
    assert sentence(SAID) == "Chuyển kịp thời hồ sơ"
    assert target_in_words(SAID) == ""
    assert sentence(MEASURED) == (
        "Hoàn thành kế hoạch thanh tra [Tỷ lệ hoàn thành: từ 99,5 % trở lên]"
    )
    assert sentence(replace(MEASURED, comparison="không quá")).endswith("không quá 99,5 %]")


def test_difference_of_equal_versions_is_nothing():
    assert difference(PACT, PACT) == ()


def test_difference_shows_changed_words_of_every_part():
    new = replace(
        PACT,
        title="Giao ước thi đua mới",
        preamble="Các đơn vị cùng thống nhất",
        closing="Hết",
        members=("Thanh tra tỉnh An",),
    )

    assert [line.where for line in difference(PACT, new)] == [
        "Tên giao ước",
        "Phần mở đầu",
        "Phần cuối",
        "Đơn vị thành viên",
    ]
    assert difference(PACT, new)[1].pieces == (
        Piece("Các đơn vị", Kind.SAME),
        Piece("cùng", Kind.ADDED),
        Piece("thống nhất", Kind.SAME),
    )


def test_difference_shows_a_changed_target():
    new = with_commitments(replace(MEASURED, target="100"), SAID)

    [line] = difference(PACT, new)

    assert (line.where, line.kind) == ("Thanh tra", Kind.CHANGED)
    assert Piece("99,5", Kind.REMOVED) in line.pieces
    assert Piece("100", Kind.ADDED) in line.pieces


def test_difference_shows_added_and_removed_commitments():
    new = with_commitments(MEASURED, CommitmentContent("k3", "Cam kết mới"))

    assert difference(PACT, new) == (
        Line("Thanh tra", Kind.ADDED, (Piece("Cam kết mới", Kind.ADDED),)),
        Line("Thanh tra", Kind.REMOVED, (Piece("Chuyển kịp thời hồ sơ", Kind.REMOVED),)),
    )


def test_difference_shows_a_commitment_moved_to_another_group():
    new = replace(
        PACT, groups=(GroupContent("Thanh tra", (MEASURED,)), GroupContent("Phong trào", (SAID,)))
    )

    [line] = difference(PACT, new)

    assert (line.where, line.kind) == ("Phong trào", Kind.MOVED)
    assert "Chuyển từ nhóm “Thanh tra”" in line.pieces[0].text


def test_difference_of_a_renamed_group_is_a_new_name_not_a_move():
    new = replace(
        PACT, groups=(GroupContent("Công tác thanh tra", (MEASURED, SAID)), PACT.groups[1])
    )

    [line] = difference(PACT, new)

    assert (line.where, line.kind) == ("Tên nhóm", Kind.CHANGED)
    assert line.pieces == (
        Piece("Thanh", Kind.REMOVED),
        Piece("Công tác thanh", Kind.ADDED),
        Piece("tra", Kind.SAME),
    )


def test_difference_shows_groups_without_commitments():
    new = replace(PACT, groups=(PACT.groups[0], GroupContent("Nhân rộng điển hình", ())))

    assert [(line.where, line.kind) for line in difference(PACT, new)] == [
        ("Nhóm cam kết", Kind.ADDED),
        ("Nhóm cam kết", Kind.REMOVED),
    ]


def test_difference_shows_another_order_of_groups():
    [line] = difference(PACT, replace(PACT, groups=PACT.groups[::-1]))

    assert (line.where, line.kind) == ("Thứ tự", Kind.MOVED)


def test_difference_shows_changed_blanks():
    assert difference(PACT, replace(PACT, preamble="Các đơn vị\nthống nhất")) != ()


COMMITMENTS = st.lists(
    st.builds(CommitmentContent, key=st.sampled_from("abcd"), text=WORDS),
    max_size=4,
    unique_by=lambda c: c.key,
)


@st.composite
def pacts(draw):
    commitments = draw(COMMITMENTS)
    cut = draw(st.integers(0, len(commitments)))
    titles = draw(
        st.lists(st.sampled_from(["Một", "Hai", "Ba"]), min_size=2, max_size=2, unique=True)
    )
    return replace(
        PACT,
        preamble=draw(WORDS),
        groups=(
            GroupContent(titles[0], tuple(commitments[:cut])),
            GroupContent(titles[1], tuple(commitments[cut:])),
        ),
    )


@given(pacts(), pacts())
def test_difference_is_empty_exactly_for_one_fingerprint(old, new):
    assert (difference(old, new) == ()) is (fingerprint(old) == fingerprint(new))


def test_difference_shows_another_order():
    [line] = difference(PACT, with_commitments(SAID, MEASURED))

    assert (line.where, line.kind) == ("Thứ tự", Kind.MOVED)


def test_difference_of_an_order_left_by_removal_is_only_the_removal():
    [line] = difference(PACT, with_commitments(SAID))

    assert line.kind == Kind.REMOVED


@given(WORDS, WORDS)
def test_words_changed_tells_both_texts(old, new):
    pieces = words_changed(old, new)

    kept_old = " ".join(piece.text for piece in pieces if piece.kind != Kind.ADDED)
    kept_new = " ".join(piece.text for piece in pieces if piece.kind != Kind.REMOVED)
    assert (kept_old, kept_new) == (old, new)


def test_words_changed_tells_paragraphs_apart():
    assert words_changed("a b", "a\nb") == (Piece("a b", Kind.REMOVED), Piece("a\nb", Kind.ADDED))
