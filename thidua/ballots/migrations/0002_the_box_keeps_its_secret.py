"""The database itself keeps the secret and the order of a ballot (rules B3, B6, B7).

Papers have no row number on SQLite; what is frozen stays; what is closed never opens again.
"""

from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps

from thidua.audit.triggers import SqlOnly, guard

BOX = "ballots_ballotpaper"
ROLL = "Danh sách bỏ phiếu đã chốt nên không thay đổi được."
BALLOT = "Cuộc bỏ phiếu đã mở nên nội dung, khóa và mã phiếu không thay đổi được."
BACK = "Cuộc bỏ phiếu không thể quay lại bước trước."
RESULT = "Kết quả kiểm phiếu không thay đổi được."
PAPER = "Phiếu đã bỏ không thay đổi được, chỉ nhận phiếu khi đang bỏ phiếu."
COUNT = "Số phiếu giấy chỉ nhập được khi cuộc bỏ phiếu đã đóng và chưa kiểm xong."
PARTIAL = "Phần mở phiếu đã nhận không thay đổi được."

STATE = "(SELECT b.state FROM ballots_ballot b WHERE b.id = {row}.ballot_id)"
STATE_OF_QUESTION = (
    "(SELECT b.state FROM ballots_ballot b JOIN ballots_question q ON q.ballot_id = b.id "
    "WHERE q.id = {row}.question_id)"
)
STARTED = "('open', 'closed', 'tallied', 'concluded')"


def same(*names: str) -> str:
    """Columns that keep their value; never NULL itself."""
    return " AND ".join(
        f"COALESCE(OLD.{name} = NEW.{name}, OLD.{name} IS NULL AND NEW.{name} IS NULL)"
        for name in names
    )


def without_row_numbers(apps: StateApps, editor: BaseDatabaseSchemaEditor) -> None:
    """SQLite numbers rows in the order they come; a table WITHOUT ROWID does not (B3)."""
    if editor.connection.vendor != "sqlite":
        return
    with editor.connection.cursor() as cursor:
        cursor.execute(
            "SELECT type, sql FROM sqlite_master WHERE tbl_name = %s AND sql IS NOT NULL", [BOX]
        )
        found = cursor.fetchall()
    table = next(sql for kind, sql in found if kind == "table")
    editor.execute(f'DROP TABLE "{BOX}"')
    editor.execute(f"{table} WITHOUT ROWID", params=None)
    for kind, sql in found:
        if kind == "index":
            editor.execute(sql, params=None)


def without_packing(apps: StateApps, editor: BaseDatabaseSchemaEditor) -> None:
    """PostgreSQL packs long texts; the box is written anew with each vote, and packing takes longest."""
    if editor.connection.vendor == "postgresql":
        editor.execute(
            f'ALTER TABLE "{BOX}" ALTER COLUMN content SET STORAGE EXTERNAL', params=None
        )


def nothing(apps: StateApps, editor: BaseDatabaseSchemaEditor) -> None:
    """The table goes with the model."""


class Migration(migrations.Migration):
    dependencies = [("ballots", "0001_initial")]

    operations = [
        SqlOnly(without_row_numbers, nothing),
        SqlOnly(without_packing, nothing),
        guard(BOX, ["UPDATE"], PAPER),
        guard(BOX, ["INSERT"], PAPER, f"{STATE.format(row='NEW')} <> 'open'"),
        guard(BOX, ["DELETE"], PAPER, f"{STATE.format(row='OLD')} NOT IN ('open', 'concluded')"),
        guard(
            "ballots_ballot",
            ["UPDATE"],
            BALLOT,
            f"OLD.state IN {STARTED} AND NOT ("
            + same(
                "year_id",
                "uuid",
                "election",
                "trustees",
                "threshold",
                "opened_at",
                "script_sha256",
                "quorum_numerator",
                "quorum_denominator",
                "members_total",
            )
            + " AND (NEW.destroyed_at IS NOT NULL OR "
            + same("credentials")
            + "))",
            name="ballots_started_no",
        ),
        guard(
            "ballots_ballot",
            ["UPDATE"],
            BACK,
            "(OLD.state = 'open' AND NEW.state NOT IN ('open', 'closed', 'annulled')) OR "
            "(OLD.state = 'closed' AND NEW.state NOT IN ('closed', 'tallied', 'annulled')) OR "
            "(OLD.state = 'tallied' AND NEW.state NOT IN ('tallied', 'concluded', 'annulled')) OR "
            "(OLD.state IN ('concluded', 'annulled') AND NEW.state <> OLD.state)",
            name="ballots_back_no",
        ),
        guard(
            "ballots_ballot",
            ["UPDATE"],
            RESULT,
            f"OLD.result IS NOT NULL AND NOT ({same('result')})",
            name="ballots_result_no",
        ),
        guard("ballots_ballot", ["DELETE"], BALLOT, "OLD.state <> 'setup'"),
        guard(
            "ballots_elector",
            ["INSERT"],
            ROLL,
            f"{STATE.format(row='NEW')} <> 'setup'",
        ),
        guard(
            "ballots_elector",
            ["DELETE"],
            ROLL,
            f"{STATE.format(row='OLD')} <> 'setup'",
        ),
        guard(
            "ballots_elector",
            ["UPDATE"],
            ROLL,
            f"({STATE.format(row='OLD')} <> 'setup' AND NOT ("
            + same("ballot_id", '"order"', "membership_id", "user_id", "name", "mandate")
            + f")) OR ({STATE.format(row='OLD')} NOT IN ('setup', 'frozen', 'open') AND NOT ("
            + same("way", "is_present")
            + "))",
        ),
        *(
            guard(
                table,
                [event],
                ROLL,
                f"{state.format(row='NEW' if event == 'INSERT' else 'OLD')} <> 'setup'",
            )
            for table, state in (
                ("ballots_question", STATE),
                ("ballots_candidate", STATE_OF_QUESTION),
            )
            for event in ("INSERT", "UPDATE", "DELETE")
        ),
        guard("ballots_teller", ["INSERT"], ROLL, f"{STATE.format(row='NEW')} <> 'setup'"),
        guard("ballots_teller", ["DELETE"], ROLL, f"{STATE.format(row='OLD')} <> 'setup'"),
        guard(
            "ballots_teller",
            ["UPDATE"],
            PARTIAL,
            f"({STATE.format(row='OLD')} <> 'setup' AND NOT ("
            + same("ballot_id", '"order"', "user_id", "name", "certificate")
            + ")) OR (OLD.partial <> '' AND NEW.partial <> OLD.partial AND "
            + f"{STATE.format(row='OLD')} <> 'concluded')",
        ),
        guard(
            "ballots_papercount",
            ["INSERT", "UPDATE"],
            COUNT,
            f"{STATE.format(row='NEW')} <> 'closed'",
        ),
        guard("ballots_papercount", ["DELETE"], COUNT, f"{STATE.format(row='OLD')} <> 'closed'"),
    ]
