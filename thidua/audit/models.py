"""The journal: who did what to which record."""

from typing import Any, NoReturn

from django.conf import settings
from django.db import models


class Action(models.TextChoices):
    """Every act the product knows, in the words of the journal."""

    YEAR_OPENED = "year_opened", "Mở năm thi đua"
    YEAR_CHANGED = "year_changed", "Sửa thiết lập năm thi đua"
    MEMBERS_SET = "members_set", "Chọn đơn vị thành viên"
    LEADERSHIP_SET = "leadership_set", "Phân công cụm trưởng, cụm phó"
    MILESTONES_SET = "milestones_set", "Đặt các mốc trong năm"
    ORGANISATION_ADDED = "organisation_added", "Thêm đơn vị"
    ORGANISATION_ENDED = "organisation_ended", "Kết thúc đơn vị"
    SUCCESSION_RECORDED = "succession_recorded", "Ghi kế thừa giữa các đơn vị"
    CLUSTER_ADDED = "cluster_added", "Thêm cụm thi đua"
    ASSIGNMENT_GIVEN = "assignment_given", "Giao vai trò"
    ASSIGNMENT_ENDED = "assignment_ended", "Kết thúc vai trò"
    PERSON_ADDED = "person_added", "Thêm người dùng"
    PERSON_DISABLED = "person_disabled", "Khoá tài khoản"
    PERSON_ENABLED = "person_enabled", "Mở lại tài khoản"
    PASSWORD_RENEWED = "password_renewed", "Cấp lại mật khẩu"
    SESSION_ENDED = "session_ended", "Kết thúc phiên đăng nhập"
    PASSWORD_CHANGED = "password_changed", "Đổi mật khẩu"
    SIGNED_IN = "signed_in", "Đăng nhập"
    LOCKED_OUT = "locked_out", "Tạm khoá sau nhiều lần sai mật khẩu"
    CERTIFICATE_REGISTERED = "certificate_registered", "Đăng ký chứng thư số"
    CERTIFICATE_WITHDRAWN = "certificate_withdrawn", "Thu hồi chứng thư số"
    TRUST_ANCHOR_ADDED = "trust_anchor_added", "Thêm tổ chức chứng thực được tin cậy"
    FILE_RECEIVED = "file_received", "Tiếp nhận tệp"
    LAUNCH_DRAFTED = "launch_drafted", "Soạn phát động"
    LAUNCH_PUBLISHED = "launch_published", "Công bố phát động"
    LAUNCH_RECEIVED = "launch_received", "Xác nhận đã nhận phát động"
    PACT_DRAFTED = "pact_drafted", "Soạn giao ước"
    PACT_OPENED = "pact_opened", "Gửi giao ước lấy ý kiến"
    PACT_COMMENTED = "pact_commented", "Góp ý cam kết"
    PACT_ANSWERED = "pact_answered", "Trả lời góp ý"
    PACT_AGREED = "pact_agreed", "Thống nhất giao ước"
    PACT_FROZEN = "pact_frozen", "Chốt giao ước"
    PACT_VERSION_STARTED = "pact_version_started", "Lập phiên bản giao ước mới"
    SIGNATURE_ACCEPTED = "signature_accepted", "Tiếp nhận chữ ký số"
    SIGNATURE_REFUSED = "signature_refused", "Từ chối tệp ký"
    SCALE_IMPORTED = "scale_imported", "Nhập bảng điểm"
    SCALE_DRAFTED = "scale_drafted", "Soạn phiên bản bảng điểm mới"
    SCALE_CHANGED = "scale_changed", "Sửa dự thảo bảng điểm"
    SCALE_ISSUED = "scale_issued", "Ban hành bảng điểm"
    APPRAISERS_SET = "appraisers_set", "Phân công thẩm định"
    SHEETS_OPENED = "sheets_opened", "Mở bảng tự chấm"
    SELF_SCORE_SAVED = "self_score_saved", "Lưu điểm tự chấm"
    EVIDENCE_ADDED = "evidence_added", "Thêm minh chứng"
    EVIDENCE_REMOVED = "evidence_removed", "Bỏ minh chứng"
    SELF_SCORE_IMPORTED = "self_score_imported", "Nạp biểu tự chấm từ tệp Excel"
    SELF_SCORE_SUBMITTED = "self_score_submitted", "Nộp bảng tự chấm"
    APPRAISED = "appraised", "Thẩm định điểm"
    SECTION_COMPLETED = "section_completed", "Hoàn thành thẩm định một phần"
    EXPLAINED = "explained", "Giải trình"
    SHEET_RETURNED = "sheet_returned", "Trả lại bảng tự chấm"
    FIGURES_FED = "figures_fed", "Lấy số liệu từ báo cáo vào bảng tự chấm"
    FIGURES_CORRECTED = "figures_corrected", "Sửa số liệu bảng chấm điểm theo báo cáo"
    SHEET_FIGURES_SAVED = "sheet_figures_saved", "Ghi số liệu chung"
    SHEET_FIGURES_DECIDED = "sheet_figures_decided", "Xác nhận số liệu chung"
    SHEET_FINALISED = "sheet_finalised", "Chốt bảng điểm"
    SHEET_SET_ASIDE = "sheet_set_aside", "Ghi nhận không nộp bảng tự chấm"
    SHEET_TAKEN_BACK = "sheet_taken_back", "Bỏ ghi nhận không nộp bảng tự chấm"
    CROSS_REVIEW_MADE = "cross_review_made", "Lập vòng chấm chéo"
    CROSS_REVIEW_CHANGED = "cross_review_changed", "Sửa vòng chấm chéo"
    CONFLICT_DECLARED = "conflict_declared", "Khai báo xung đột lợi ích"
    CONFLICT_WITHDRAWN = "conflict_withdrawn", "Rút khai báo xung đột lợi ích"
    CROSS_REVIEW_OPENED = "cross_review_opened", "Mở vòng chấm chéo"
    CROSS_SCORE_SAVED = "cross_score_saved", "Lưu điểm chấm chéo"
    CROSS_REVIEW_HANDED_IN = "cross_review_handed_in", "Nộp phiếu chấm chéo"
    CROSS_REVIEW_CLOSED = "cross_review_closed", "Đóng vòng chấm chéo"
    DISAGREEMENT_SETTLED = "disagreement_settled", "Kết luận về chênh lệch điểm chấm chéo"
    CORRECTION_SHOWN = "correction_shown", "Bật, tắt điểm hiệu chỉnh chấm chéo"
    TERMS_SET = "terms_set", "Đặt thông số đơn vị"
    TERMS_COPIED = "terms_copied", "Chép thông số đơn vị sang bảng điểm mới"
    TIE_DECIDED = "tie_decided", "Quyết định thứ tự khi bằng điểm"
    CALENDAR_YEAR_STORED = "calendar_year_stored", "Nạp lịch làm việc của một năm"
    CLOCK_SET = "clock_set", "Đặt lại thời hạn"
    PERIODS_OPENED = "periods_opened", "Mở các kỳ báo cáo"
    PERIOD_CHANGED = "period_changed", "Sửa kỳ báo cáo"
    REPORT_STARTED = "report_started", "Bắt đầu báo cáo"
    FIGURES_SAVED = "figures_saved", "Ghi số liệu báo cáo"
    REPORT_IMPORTED = "report_imported", "Nạp báo cáo từ tệp Excel"
    LIST_SAVED = "list_saved", "Ghi danh sách của báo cáo"
    FINDING_EXPLAINED = "finding_explained", "Giải trình số liệu"
    REPORT_SUBMITTED = "report_submitted", "Nộp báo cáo"
    REPORT_RETURNED = "report_returned", "Trả lại báo cáo"
    REPORT_ACCEPTED = "report_accepted", "Chấp nhận báo cáo"
    LATE_REPORT_ALLOWED = "late_report_allowed", "Cho nộp báo cáo muộn"
    REMINDERS_SENT = "reminders_sent", "Đôn đốc theo quy tắc"
    UNITS_URGED = "units_urged", "Đôn đốc nộp báo cáo"
    URGING_RULE_SET = "urging_rule_set", "Đặt các bước đôn đốc"
    NARRATIVE_SAVED = "narrative_saved", "Ghi phần lời của báo cáo"
    NARRATIVE_OUTLINE_SET = "narrative_outline_set", "Đặt đề cương phần lời"
    REPORT_FILE_ADDED = "report_file_added", "Kèm tệp vào báo cáo"
    REPORT_FILE_REMOVED = "report_file_removed", "Bỏ tệp kèm báo cáo"
    ADDRESS_SET = "address_set", "Đặt địa chỉ nhận thư"
    LETTER_SENT_AGAIN = "letter_sent_again", "Gửi lại thư thông báo"
    JOB_RUN_AGAIN = "job_run_again", "Chạy lại việc nền"
    OWN_FORMS_STARTED = "own_forms_started", "Soạn phiên bản biểu mẫu riêng"
    OWN_FORMS_CHANGED = "own_forms_changed", "Sửa dự thảo biểu mẫu riêng"
    OWN_FORMS_IMPORTED = "own_forms_imported", "Nạp biểu mẫu riêng từ tệp Excel"
    OWN_FORMS_DISCARDED = "own_forms_discarded", "Bỏ dự thảo biểu mẫu riêng"
    OWN_FORMS_ISSUED = "own_forms_issued", "Ban hành biểu mẫu riêng"
    INDICATOR_ADDED = "indicator_added", "Thêm chỉ tiêu"
    INDICATOR_CHANGED = "indicator_changed", "Sửa chỉ tiêu"
    BALLOT_MADE = "ballot_made", "Lập cuộc bỏ phiếu"
    BALLOT_CHANGED = "ballot_changed", "Sửa cuộc bỏ phiếu"
    BALLOT_ROLL_CHANGED = "ballot_roll_changed", "Sửa danh sách người bỏ phiếu"
    BALLOT_QUESTION_SAVED = "ballot_question_saved", "Ghi nội dung bỏ phiếu"
    BALLOT_QUESTION_REMOVED = "ballot_question_removed", "Bỏ nội dung bỏ phiếu"
    BALLOT_CANDIDATE_WITHDRAWN = "ballot_candidate_withdrawn", "Rút khỏi danh sách bỏ phiếu"
    BALLOT_TELLERS_NAMED = "ballot_tellers_named", "Cử tổ kiểm phiếu"
    BALLOT_KEY_STEP = "ballot_key_step", "Lập khóa hòm phiếu"
    BALLOT_KEY_AGAIN = "ballot_key_again", "Lập lại khóa hòm phiếu"
    BALLOT_REHEARSED = "ballot_rehearsed", "Diễn tập mở phiếu"
    BALLOT_FROZEN = "ballot_frozen", "Chốt danh sách bỏ phiếu"
    BALLOT_UNFROZEN = "ballot_unfrozen", "Mở lại danh sách bỏ phiếu"
    BALLOT_ROLL_CHECKED = "ballot_roll_checked", "Kiểm tra danh sách, nhận mã phiếu"
    BALLOT_ROLL_OBJECTED = "ballot_roll_objected", "Nêu danh sách bỏ phiếu chưa đúng"
    BALLOT_ROLL_CALLED = "ballot_roll_called", "Điểm danh người bỏ phiếu"
    BALLOT_OPENED = "ballot_opened", "Mở bỏ phiếu"
    BALLOT_CLOSED = "ballot_closed", "Đóng bỏ phiếu"
    BALLOT_PARTIAL_SENT = "ballot_partial_sent", "Mở phần khóa của người kiểm phiếu"
    BALLOT_PAPER_COUNTED = "ballot_paper_counted", "Nhập số phiếu giấy"
    BALLOT_TALLIED = "ballot_tallied", "Kiểm phiếu xong"
    BALLOT_DECIDED = "ballot_decided", "Quyết định khi phiếu bằng nhau"
    BALLOT_CONCLUDED = "ballot_concluded", "Nhận biên bản kiểm phiếu đã ký"
    BALLOT_DESTROYED = "ballot_destroyed", "Tiêu hủy phiếu mã hóa"
    BALLOT_ANNULLED = "ballot_annulled", "Hủy cuộc bỏ phiếu"
    POINTS_AND_VOTES_SET = "points_and_votes_set", "Đặt quy tắc kết hợp điểm và phiếu"
    DEMO_LOADED = "demo_loaded", "Nạp dữ liệu dùng thử"


def actions() -> list[tuple[str, str]]:
    """The choices of `Entry.action`; by name, so that a new action needs no migration."""
    return Action.choices


class EntryQuerySet(models.QuerySet["Entry"]):
    def update(self, **kwargs: Any) -> NoReturn:
        raise TypeError("Nhật ký chỉ ghi thêm, không sửa.")

    def delete(self) -> NoReturn:
        raise TypeError("Nhật ký chỉ ghi thêm, không xoá.")


class Entry(models.Model):
    """Nhật ký: one act. Appended in the act's own transaction, never changed (design D6).

    The database refuses UPDATE and DELETE by trigger. The subject is named by type and key rather
    than by a foreign key, because areas below this one own the subjects.
    """

    at = models.DateTimeField("Lúc")
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        verbose_name="Người thực hiện",
        related_name="+",
    )
    actor_label = models.CharField("Họ tên khi thực hiện", max_length=200)
    action = models.CharField("Việc", max_length=40, choices=actions)
    subject_type = models.CharField(max_length=60)
    subject_id = models.BigIntegerField()
    subject_label = models.CharField("Đối tượng", max_length=300)
    # The emulation year in which it happened; null for acts on the system itself.
    year_id = models.BigIntegerField(null=True)
    details = models.JSONField("Chi tiết", default=dict)

    objects = EntryQuerySet.as_manager()

    class Meta:
        ordering = ["-id"]
        indexes = [
            models.Index(fields=["subject_type", "subject_id"]),
            models.Index(fields=["year_id", "-id"]),
        ]

    def __str__(self) -> str:
        return f"{self.get_action_display()}: {self.subject_label}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        if not self._state.adding:
            raise TypeError("Nhật ký chỉ ghi thêm, không sửa.")
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> NoReturn:
        raise TypeError("Nhật ký chỉ ghi thêm, không xoá.")
