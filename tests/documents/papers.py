"""Papers to render in tests: made-up content of the real kind and length."""

from datetime import date

from thidua.documents.content import (
    Align,
    Column,
    Commitment,
    CommitmentGroup,
    Header,
    PactDocument,
    Panel,
    Row,
    RowKind,
    SignatureBlock,
    TableDocument,
    Target,
    field_name_for,
    split_columns,
)

PLACES = (
    "tỉnh Bắc Ninh", "tỉnh Hưng Yên", "thành phố Hải Phòng", "tỉnh Quảng Ninh", "tỉnh Ninh Bình",
    "tỉnh Thái Bình", "tỉnh Nam Định", "tỉnh Hà Nam", "thành phố Hồ Chí Minh",
)  # fmt: skip
NAMES = (
    "Nguyễn Thị Hương Giang", "Trần Văn Quyết", "Phạm Đức Thuỷ", "Lê Hoàng Mỹ Duyên", "Vũ Quốc Khánh",
    "Đặng Thị Bích Ngọc", "Hoàng Xuân Trường", "Bùi Thế Vinh", "Đỗ Hữu Nghĩa",
)  # fmt: skip


def signatories(count: int) -> tuple[SignatureBlock, ...]:
    return tuple(
        SignatureBlock(
            organisation=f"Thanh tra {PLACES[index % len(PLACES)]}",
            post="Phó Chánh Thanh tra phụ trách" if index % 4 == 3 else "Chánh Thanh tra",
            full_name=NAMES[index % len(NAMES)],
            field_name=field_name_for(index + 1),
        )
        for index in range(count)
    )


def pact(members: int = 9, *, demo: bool = True) -> PactDocument:
    return PactDocument(
        header=Header(
            parent="Thanh tra Chính phủ",
            issuer="Cụm thi đua số 3",
            number="05/GƯ-CTĐ",
            place="Hải Phòng",
            dated=date(2026, 2, 5),
        ),
        year=2026,
        title="Giao ước thi đua",
        subject="Thực hiện nhiệm vụ công tác thanh tra năm 2026",
        theme="Đoàn kết, kỷ cương, trách nhiệm, đổi mới, hiệu quả",
        grounds=(
            "Căn cứ Luật Thi đua, khen thưởng ngày 15 tháng 6 năm 2022",
            "Căn cứ Kế hoạch phát động phong trào thi đua năm 2026 của Thanh tra Chính phủ",
        ),
        opening="Các đơn vị thành viên Cụm thi đua số 3 thống nhất ký kết giao ước thi đua năm 2026 "
        "với những nội dung sau đây:",
        groups=(
            CommitmentGroup(
                label="I.",
                title="Công tác thanh tra, tiếp công dân, giải quyết khiếu nại, tố cáo",
                commitments=(
                    Commitment(
                        label="1.",
                        text="Hoàn thành kế hoạch thanh tra được cấp có thẩm quyền phê duyệt, bảo đảm "
                        "chất lượng, đúng tiến độ; không để xảy ra chồng chéo trong hoạt động thanh tra.",
                        targets=(
                            Target(
                                indicator="Tỷ lệ cuộc thanh tra hoàn thành theo kế hoạch",
                                comparison="=",
                                value="100",
                                measure="%",
                            ),
                            Target(
                                indicator="Tỷ lệ kiến nghị thu hồi về kinh tế được thực hiện",
                                comparison="≥",
                                value="82,5",
                                measure="%",
                            ),
                        ),
                    ),
                    Commitment(
                        label="2.",
                        text="Tiếp công dân thường xuyên, định kỳ và đột xuất theo quy định; giải quyết "
                        "kịp thời các vụ việc phức tạp, kéo dài ngay từ cơ sở.",
                    ),
                ),
            ),
            CommitmentGroup(
                label="II.",
                title="Xây dựng lực lượng và phong trào thi đua",
                commitments=tuple(
                    Commitment(
                        label=f"{number}.",
                        text="Tổ chức quán triệt, triển khai đầy đủ, kịp thời chủ trương của Đảng, pháp "
                        "luật của Nhà nước về công tác thi đua, khen thưởng; phát hiện, bồi dưỡng "
                        "và nhân rộng điển hình tiên tiến trong toàn Cụm.",
                    )
                    for number in range(1, 6)
                ),
            ),
        ),
        closing="Các đơn vị cam kết thực hiện nghiêm túc các nội dung trên; giao Cụm trưởng theo dõi, "
        "đôn đốc và báo cáo Thanh tra Chính phủ kết quả thực hiện.",
        signatories=signatories(members),
        recipients=(
            "Thanh tra Chính phủ (để báo cáo)",
            "Các đơn vị thành viên",
            "Lưu: VT, CTĐ",
        ),
        fingerprint="9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
        verification_url="https://thidua.example.gov.vn/kiem-tra/9f86d081884c7d65/",
        demo=demo,
    )


def matrix(units: int = 34, criteria: int = 20, *, per_panel: int = 20) -> TableDocument:
    columns = (
        Column(title="TT", width=1, align=Align.CENTRE),
        Column(title="Đơn vị", width=5.5),
        *(
            Column(
                title=f"{1 + number // 8}.{1 + number % 8}",
                width=1.35,
                align=Align.RIGHT,
                group=f"Mục {1 + number // 8}",
            )
            for number in range(criteria)
        ),
    )
    rows = tuple(
        Row(
            cells=(
                str(index + 1),
                f"Thanh tra {PLACES[index % len(PLACES)]}",
                *(
                    f"{(index * 7 + number * 3) % 40 / 4:.2f}".replace(".", ",")
                    for number in range(criteria)
                ),
            )
        )
        for index in range(units)
    )
    return TableDocument(
        header=Header(
            parent="Thanh tra Chính phủ",
            issuer="Cụm thi đua số 3",
            number="07/BC-CTĐ",
            place="Hải Phòng",
            dated=date(2026, 11, 30),
        ),
        title="Bảng điểm chi tiết",
        subject="Chấm điểm thi đua các đơn vị thành viên năm 2026",
        lead="Điểm của từng đơn vị theo từng tiêu chí sau thẩm định như sau:",
        panels=split_columns(
            columns, rows, fixed=2, per_panel=per_panel, caption="Điểm theo tiêu chí"
        ),
        footnotes=("Điểm đã được thẩm định và khoá ngày 28/11/2026.",),
        landscape=True,
        text_size=8.5,
        fingerprint="2c26b46b68ffc68ff99b453c1d30413413422d706483bfa0f98a5e886266e7ae",
        verification_url="https://thidua.example.gov.vn/kiem-tra/2c26b46b68ffc68f/",
    )


def ranking(units: int = 9) -> TableDocument:
    rows = [Row(cells=("I. Cờ thi đua của Chính phủ", "", "", "", ""), kind=RowKind.GROUP)]
    rows += [
        Row(
            cells=(
                str(index + 1),
                f"Thanh tra {PLACES[index % len(PLACES)]}",
                f"{98.75 - index * 1.5:.2f}".replace(".", ","),
                f"{96.5 - index * 1.5:.2f}".replace(".", ","),
                "Đề nghị tặng Cờ thi đua" if index < 2 else "",
            )
        )
        for index in range(units)
    ]
    rows.append(Row(cells=("", "Bình quân", "92,75", "90,50", ""), kind=RowKind.TOTAL))
    return TableDocument(
        header=Header(
            parent="Thanh tra Chính phủ",
            issuer="Cụm thi đua số 3",
            number="",
            place="Hải Phòng",
            dated=None,
            year=2026,
        ),
        title="Bảng xếp hạng",
        subject="Kết quả chấm điểm thi đua năm 2026",
        lead="Căn cứ kết quả thẩm định, Cụm thi đua số 3 xếp hạng các đơn vị thành viên như sau:",
        panels=(
            Panel(
                columns=(
                    Column(title="Hạng", width=1, align=Align.CENTRE),
                    Column(title="Đơn vị", width=5),
                    Column(title="Tự chấm", width=1.7, align=Align.RIGHT, group="Tổng điểm"),
                    Column(title="Thẩm định", width=1.7, align=Align.RIGHT, group="Tổng điểm"),
                    Column(title="Ghi chú", width=3),
                ),
                rows=tuple(rows),
            ),
        ),
        text_size=12,
        signer=SignatureBlock(
            organisation="TM. Cụm thi đua",
            post="Cụm trưởng",
            full_name="Phạm Đức Thuỷ",
        ),
        recipients=("Thanh tra Chính phủ", "Các đơn vị thành viên", "Lưu: VT, CTĐ"),
    )
