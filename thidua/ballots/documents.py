"""What the papers of a ballot say: its minutes as data at the end of the count, and papers to vote on."""

from collections.abc import Sequence
from datetime import datetime

from django.conf import settings
from django.utils import timezone

from thidua.ballots.archives import archive_sha256
from thidua.ballots.counts import Settled, settled
from thidua.ballots.models import Ballot, Elector, Question
from thidua.ballots.queries.board import turnout_of
from thidua.documents import ballots as papers
from thidua.documents.ballots import (
    BallotPaperDocument,
    MinutesDocument,
    MinutesSection,
    PaperQuestion,
)
from thidua.documents.content import Align, Column, Header, Panel, Row, SignatureBlock
from thidua.organisations.models import Membership
from thidua.rules.ballots.belenios import read_election
from thidua.rules.ballots.results import (
    BASE_WORDS,
    LAST_WORD_WORDS,
    ChannelCount,
    fraction_words,
    percent,
)

ROMAN = ("I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X", "XI", "XII", "XIII", "XIV")
SPARE_PAPERS = 2
CENTRE = Align.CENTRE
BEFORE = "……"


def public_address(ballot: Ballot) -> str:
    """Where anybody checks the ballot; printed on its minutes."""
    return f"{settings.PUBLIC_URL}/bo-phieu/kiem-chung/{ballot.uuid}/"


def minutes_pdf(ballot: Ballot) -> bytes:
    """The minutes of a counted ballot, to be signed."""
    return papers.minutes_pdf(minutes_of(ballot))


def minutes_of(ballot: Ballot) -> MinutesDocument:
    """The minutes as data: who took part, every count, what it decides and why, how to check it.

    A question reported as passed or not passed only stands there without a number.
    """
    electors = list(ballot.electors.all())
    sections = [_people(ballot, electors), _course(ballot, electors)]
    if ballot.state == Ballot.State.ANNULLED:
        sections.append(_annulment(ballot))
        fingerprint = ""
    else:
        sections += [_question(ballot, one) for one in settled(ballot)]
        sections.append(_checking(ballot, electors))
        fingerprint = ballot.archive_sha256 or archive_sha256(ballot)
    return MinutesDocument(
        header=_header(ballot),
        subject=ballot.title,
        opening=(_opening(ballot),),
        sections=tuple(
            MinutesSection(
                title=one.title,
                label=f"{ROMAN[place]}." if place < len(ROMAN) else f"{place + 1}.",
                paragraphs=one.paragraphs,
                panels=one.panels,
                notes=one.notes,
            )
            for place, one in enumerate(sections)
        ),
        closing=(
            "Ý kiến khác của người tham gia kiểm phiếu (nếu có): …………………………………………………………",
            f"Biên bản kết thúc lúc {BEFORE} giờ {BEFORE} phút cùng ngày, đã đọc lại cho những người có tên "
            "trên cùng nghe và nhất trí ký tên./.",
        ),
        signers=_signers(ballot),
        fingerprint=fingerprint,
        verification_url=public_address(ballot),
        demo=settings.DEMO,
    )


def _header(ballot: Ballot) -> Header:
    year = ballot.year
    lead = year.memberships.filter(role=Membership.Role.LEAD).select_related("organisation").first()
    return Header(
        parent=year.cluster.superior.full_name,
        issuer=year.cluster.name,
        number=ballot.minutes_number or "        /BB-",
        place=lead.organisation.place if lead else "",
        dated=ballot.held_on,
    )


def _opening(ballot: Ballot) -> str:
    place = f", tại {ballot.place}" if ballot.place else ""
    return (
        f"Ngày {ballot.held_on:%d/%m/%Y}{place}, {ballot.year.cluster.name} tiến hành bỏ phiếu kín và "
        f"kiểm phiếu: {ballot.title}. {ballot.purpose}".strip()
    )


def _people(ballot: Ballot, electors: Sequence[Elector]) -> MinutesSection:
    turnout = turnout_of(list(electors))
    tellers = list(ballot.tellers.all())
    opened = [one.name for one in tellers if one.partial]
    missing = [one.name for one in tellers if not one.partial]
    lines = [
        f"1. Chủ trì: {ballot.chair.full_name}.",
        f"2. Điều hành kiểm phiếu: {(ballot.count_chair or ballot.chair).full_name}.",
        f"3. Thư ký: {ballot.secretary.full_name}.",
        f"4. Tổ kiểm phiếu ({len(tellers)} người, cần {ballot.threshold} người để mở phiếu): "
        + ", ".join(one.name for one in tellers)
        + ".",
    ]
    if ballot.encrypted_tally or ballot.destroyed_at:
        lines.append(
            f"Phiếu bỏ trên máy do {', '.join(opened)} mở"
            + (f"; không tham gia mở phiếu: {', '.join(missing)}." if missing else ".")
        )
    lines.append(
        f"5. Tổng số thành viên: {ballot.members_total}; trong danh sách bỏ phiếu: {turnout.entitled}; "
        f"có mặt khi mở: {turnout.present} (phải có từ {fraction_words(ballot.quorum)}); "
        f"tham gia bỏ phiếu: {turnout.voted}."
    )
    absent = [str(one) for one in electors if not one.is_present]
    if absent:
        lines.append(f"Vắng mặt: {', '.join(absent)}.")
    lines += [f"{one} bỏ phiếu thay theo {one.mandate}." for one in electors if one.mandate]
    return MinutesSection(title="Thành phần", paragraphs=tuple(lines))


def _course(ballot: Ballot, electors: Sequence[Elector]) -> MinutesSection:
    ways = [one.way for one in electors]
    used = [
        f"{ways.count(way)} {Elector.Way(way).label.lower()}"
        for way in (Elector.Way.ONLINE, Elector.Way.PAPER, Elector.Way.WRITTEN)
        if ways.count(way)
    ]
    lines = [
        f"Mở bỏ phiếu lúc {_moment(ballot.opened_at)}, đóng lúc {_moment(ballot.closed_at)}, "
        f"kiểm xong lúc {_moment(ballot.tallied_at)}.",
        f"Cách bỏ phiếu: {'; '.join(used) or 'không có phiếu nào'}. Mỗi người chỉ bỏ một phiếu.",
    ]
    if ballot.round > 1 and ballot.previous is not None:
        lines.append(
            f"Đây là lần bỏ phiếu thứ {ballot.round}, sau “{ballot.previous.title}” chưa ngã ngũ."
        )
    return MinutesSection(title="Quá trình bỏ phiếu", paragraphs=tuple(lines))


def _annulment(ballot: Ballot) -> MinutesSection:
    """A ballot that ended without a result: why, and that nothing was counted."""
    return MinutesSection(
        title="Hủy cuộc bỏ phiếu",
        paragraphs=(
            f"Chủ trì hủy cuộc bỏ phiếu lúc {_moment(ballot.annulled_at)}. "
            f"Lý do: {ballot.annulled_reason.rstrip('.')}.",
            "Không lá phiếu nào được mở riêng, không kết quả nào được tính.",
        ),
    )


def _moment(at: datetime | None) -> str:
    return f"{timezone.localtime(at):%H giờ %M ngày %d/%m/%Y}" if at else BEFORE


def _question(ballot: Ballot, one: Settled) -> MinutesSection:
    rule = one.rule
    withheld = one.question.reveal == Question.Reveal.PASSED
    paragraphs = [
        f"Quy tắc: {rule.words()}" + (f" Căn cứ: {rule.article}." if rule.article else "")
    ]
    panels: list[Panel] = []
    if withheld:
        paragraphs.append("Theo quy chế, nội dung này chỉ công bố đạt hoặc không đạt.")
    else:
        panels.append(_papers_table(one))
    panels.append(_votes_table(one, withheld=withheld))
    notes = () if withheld else one.outcome.trace[:1]
    return MinutesSection(
        title=f"Kết quả: {one.question.text}",
        paragraphs=(*paragraphs, *_withdrawn(one)),
        panels=tuple(panels),
        notes=(*notes, *_ending(one)),
    )


def _withdrawn(one: Settled) -> list[str]:
    return [
        f"{row.name} xin rút: {row.withdrawn_reason}."
        for row in one.question.candidates.all()
        if not row.is_standing
    ]


def _papers_table(one: Settled) -> Panel:
    heads = ("Cách bỏ phiếu", "Phát ra", "Thu về", "Hợp lệ", "Trắng", "Không hợp lệ")
    rows = [_papers_row("Cộng", one.total)]
    if one.shows_channels:
        rows = [
            *(
                _papers_row(Elector.Way(channel).label, count)
                for channel, count in one.channels.items()
            ),
            *rows,
        ]
    return Panel(
        columns=tuple(
            Column(title=head, width=2 if place == 0 else 1, align=CENTRE if place else Align.LEFT)
            for place, head in enumerate(heads)
        ),
        rows=tuple(rows),
    )


def _papers_row(label: str, count: ChannelCount) -> Row:
    figures = (count.issued, count.returned, count.valid, count.blank, count.invalid)
    return Row(cells=(label, *map(str, figures)))


def _votes_table(one: Settled, *, withheld: bool) -> Panel:
    approves = one.question.kind == Question.Kind.APPROVE
    heads = ["TT", "Tên"]
    if not withheld:
        heads += ["Đồng ý", "Không đồng ý"] if approves else ["Số phiếu"]
        heads += [f"Tỷ lệ trên {one.outcome.base} ({BASE_WORDS[one.rule.base]})"]
    heads.append("Kết quả")
    widths = {"TT": 0.5, "Tên": 3.0}
    rows = []
    for place, candidate in enumerate(one.candidates):
        votes = one.total.votes[place]
        cells = [str(place + 1), candidate.name]
        if not withheld:
            cells += [str(votes)] + ([str(one.total.valid - votes)] if approves else [])
            cells += [percent(votes, one.outcome.base)]
        rows.append(Row(cells=(*cells, one.verdict(place))))
    return Panel(
        columns=tuple(
            Column(
                title=head,
                width=widths.get(head, 1.3),
                align=Align.LEFT if head == "Tên" else CENTRE,
            )
            for head in heads
        ),
        rows=tuple(rows),
    )


def _ending(one: Settled) -> list[str]:
    """What happened where the votes left it open."""
    lines = []
    if one.goes_on:
        lines.append("Nội dung này được bỏ phiếu lại; kết quả theo biên bản của lần bỏ phiếu sau.")
    if one.decision is not None and one.is_decided:
        names = ", ".join(candidate.name for candidate in one.decision.candidates.all())
        who = ", ".join(
            str(person)
            for person in (one.decision.decided_by, one.decision.agreed_by)
            if person is not None
        )
        lines.append(
            f"Bằng phiếu, {LAST_WORD_WORDS[one.outcome.who_decides]}: {who} chọn {names}. "
            f"Lý do: {one.decision.reason}."
        )
    return lines


def _checking(ballot: Ballot, electors: Sequence[Elector]) -> MinutesSection:
    online = sum(one.way == Elector.Way.ONLINE for one in electors)
    if not online:
        return MinutesSection(
            title="Kiểm chứng",
            paragraphs=("Không có phiếu nào bỏ trên máy; mọi phiếu là phiếu giấy.",),
        )
    lines = [
        f"{online} phiếu mã hóa theo giao thức Belenios (phiên bản 1, nhóm BELENIOS-2048); không phiếu "
        "riêng lẻ nào được mở.",
        f"Mã cuộc bỏ phiếu: {ballot.uuid}; dấu nội dung: {read_election(ballot.election).fingerprint}.",
        f"SHA-256 hồ sơ kiểm chứng: {ballot.archive_sha256 or archive_sha256(ballot)}",
        f"SHA-256 chương trình bỏ phiếu: {ballot.script_sha256}",
        f"Ai cũng kiểm lại được tại {public_address(ballot)} hoặc bằng chương trình belenios-tool.",
    ]
    return MinutesSection(title="Kiểm chứng", paragraphs=tuple(lines))


def _signers(ballot: Ballot) -> tuple[SignatureBlock, ...]:
    def block(post: str, name: str) -> SignatureBlock:
        return SignatureBlock(organisation="", post=post, full_name=name)

    return (
        block("Thư ký", ballot.secretary.full_name),
        *(block("Người kiểm phiếu", one.name) for one in ballot.tellers.all()),
        block("Điều hành kiểm phiếu", (ballot.count_chair or ballot.chair).full_name),
    )


def ballot_paper_pdf(ballot: Ballot) -> bytes:
    """Papers for everybody on the roll and two to spare."""
    return papers.ballot_paper_pdf(
        BallotPaperDocument(
            issuer=ballot.year.cluster.name,
            title=ballot.title,
            dated=f"Ngày {ballot.held_on:%d/%m/%Y}",
            questions=tuple(
                _paper_question(one) for one in ballot.questions.prefetch_related("candidates")
            ),
            copies=max(ballot.electors.count(), 1) + SPARE_PAPERS,
            trial=ballot.state == Ballot.State.SETUP,
        )
    )


def _paper_question(question: Question) -> PaperQuestion:
    names = tuple(one.name for one in question.candidates.all() if one.is_standing)
    if question.kind == Question.Kind.APPROVE:
        return PaperQuestion(
            text=question.text,
            hint=(
                "Đánh dấu X vào một trong hai ô ở mỗi dòng. Dòng không đánh dấu tính là không đồng ý; "
                "không đánh dấu dòng nào là phiếu trắng; đánh cả hai ô ở một dòng thì phiếu không hợp lệ."
            ),
            names=names,
            columns=("Đồng ý", "Không đồng ý"),
        )
    most = min(question.most, len(names))
    return PaperQuestion(
        text=question.text,
        hint=(
            f"Đánh dấu X vào tối đa {most} ô. Không đánh dấu ô nào là phiếu trắng; đánh dấu nhiều hơn "
            f"{most} ô thì phiếu không hợp lệ."
        ),
        names=names,
        columns=("Chọn",),
    )
