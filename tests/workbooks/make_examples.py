"""Two tables of our own making, typed into the empty template as docs/workbooks.md says.

Nothing of the product but the template is used: sheets, headings and words are those a person
reads in the documentation. Run it to write examples/*.xlsx again:
`python -m tests.workbooks.make_examples`.
"""

import io
from pathlib import Path

import openpyxl

from thidua.workbooks.scale import write_template

EXAMPLES = Path(__file__).resolve().parents[2] / "examples"

INSPECTORATES = {
    "Thông tin": {
        "Tên bảng": "Bảng chấm điểm thi đua Cụm thanh tra các tỉnh (ví dụ tự soạn, thang 1000)",
        "Thang điểm": 1000,
        "Không cho điểm âm": "Có",
        "Làm tròn đến": 0.1,
        "Nguồn": "Tự soạn để minh họa cách nhập; không phải văn bản của cơ quan nào",
        "Khi không giao": "Không tính vào tổng",
        "Khi không tính vào tổng": "Quy đổi về thang điểm",
        "Cơ sở xếp loại": "Tỷ lệ %",
        "Cách làm tròn tiêu chí": "Nửa làm tròn lên",
        "Làm tròn tiêu chí đến": 0.01,
    },
    "Tiêu chí": [
        {"Cấp": 1, "Mã": "I", "Tên tiêu chí": "Nhiệm vụ chính trị", "Điểm chuẩn": 750},
        {"Cấp": 2, "Mã": "1", "Tên tiêu chí": "Công tác thanh tra", "Điểm chuẩn": 400},
        {"Cấp": 3, "Mã": "a", "Tên tiêu chí": "Tiến hành thanh tra", "Điểm chuẩn": 250},
        {
            "Cấp": 4,
            "Mã": "1",
            "Tên tiêu chí": "Hoàn thành kế hoạch thanh tra",
            "Điểm chuẩn": 150,
            "Cách chấm": "Điểm chuẩn × số cuộc đã kết luận : số cuộc được giao, không quá 150.",
            "Điều khoản": "Mục I.1.a",
        },
        {
            "Cấp": 4,
            "Mã": "2",
            "Tên tiêu chí": "Thu hồi tiền qua thanh tra",
            "Điểm chuẩn": 100,
            "Cách chấm": "So với mục tiêu và với đơn vị vượt mục tiêu cao nhất cụm.",
        },
        {"Cấp": 3, "Mã": "b", "Tên tiêu chí": "Sau thanh tra", "Điểm chuẩn": 150},
        {
            "Cấp": 4,
            "Mã": "1",
            "Tên tiêu chí": "Tỷ lệ kết luận đã thực hiện xong",
            "Điểm chuẩn": 100,
        },
        {
            "Cấp": 4,
            "Mã": "2",
            "Tên tiêu chí": "Ban hành kết luận đúng hạn",
            "Điểm chuẩn": 50,
            "Quy tắc": "Đủ điểm chuẩn",
            "Trừ": "Có",
            "Trần trừ": 30,
            "Cách chấm điểm trừ": "Mỗi kết luận chậm: −5; chậm quá 30 ngày: −10; tổng không quá 30.",
        },
        {
            "Cấp": 2,
            "Mã": "2",
            "Tên tiêu chí": "Tiếp công dân, giải quyết khiếu nại, tố cáo",
            "Điểm chuẩn": 250,
            "Trần trừ": 60,
        },
        {"Cấp": 3, "Mã": "a", "Tên tiêu chí": "Giải quyết vụ việc", "Điểm chuẩn": 200},
        {
            "Cấp": 4,
            "Mã": "1",
            "Tên tiêu chí": "Tỷ lệ vụ việc đã giải quyết",
            "Điểm chuẩn": 150,
        },
        {
            "Cấp": 4,
            "Mã": "2",
            "Tên tiêu chí": "Giải quyết đúng hạn, đúng pháp luật",
            "Điểm chuẩn": 50,
            "Quy tắc": "Đủ điểm chuẩn",
            "Cách chấm điểm trừ": "Mỗi vụ chậm: −5. Mỗi vụ bị hủy quyết định: −20.",
        },
        {
            "Cấp": 3,
            "Mã": "b",
            "Tên tiêu chí": "Tiếp công dân định kỳ",
            "Điểm chuẩn": 50,
            "Quy tắc": "Đủ điểm chuẩn",
            "Cách chấm điểm trừ": "Mỗi kỳ người đứng đầu không tiếp: −10.",
        },
        {
            "Cấp": 2,
            "Mã": "3",
            "Tên tiêu chí": "Thanh tra tại cửa khẩu",
            "Điểm chuẩn": 100,
            "Điều kiện áp dụng": "co_cua_khau = có",
            "Khi không giao": "Không tính vào tổng",
        },
        {
            "Cấp": 3,
            "Mã": "a",
            "Tên tiêu chí": "Thực hiện kế hoạch kiểm tra cửa khẩu",
            "Điểm chuẩn": 100,
        },
        {"Cấp": 1, "Mã": "II", "Tên tiêu chí": "Xây dựng ngành", "Điểm chuẩn": 150},
        {"Cấp": 2, "Mã": "1", "Tên tiêu chí": "Đào tạo, bồi dưỡng", "Điểm chuẩn": 70},
        {
            "Cấp": 2,
            "Mã": "2",
            "Tên tiêu chí": "Chấp hành kỷ luật",
            "Điểm chuẩn": 80,
            "Quy tắc": "Đủ điểm chuẩn",
            "Cách chấm điểm trừ": "Có người bị kỷ luật: −40, không trừ nếu đơn vị tự phát hiện.",
        },
        {"Cấp": 1, "Mã": "III", "Tên tiêu chí": "Thi đua, khen thưởng", "Điểm chuẩn": 100},
        {
            "Cấp": 2,
            "Mã": "1",
            "Tên tiêu chí": "Tổ chức phong trào",
            "Điểm chuẩn": 60,
            "Quy tắc": "Nhập điểm",
            "Bước chấm": 5,
            "Cách chấm": "Hội đồng cho điểm theo bước 5.",
            "Đơn vị thẩm định": "Cụm trưởng",
        },
        {"Cấp": 2, "Mã": "2", "Tên tiêu chí": "Gửi báo cáo tổng kết", "Điểm chuẩn": 40},
    ],
    "Số liệu": [
        {
            "Mã số liệu": "so_cuoc",
            "Tên số liệu": "Số cuộc thanh tra đã kết luận",
            "Loại": "Số đếm",
            "Đơn vị tính": "cuộc",
        },
        {
            "Mã số liệu": "thu_hoi",
            "Tên số liệu": "Số tiền đã thu hồi",
            "Loại": "Số liệu",
            "Đơn vị tính": "triệu đồng",
        },
        {"Mã số liệu": "kl_xong", "Tên số liệu": "Số kết luận đã thực hiện xong", "Loại": "Số đếm"},
        {"Mã số liệu": "kl_tong", "Tên số liệu": "Số kết luận phải thực hiện", "Loại": "Số đếm"},
        {
            "Mã số liệu": "kl_ty_le",
            "Tên số liệu": "Tỷ lệ kết luận đã thực hiện xong",
            "Loại": "Công thức",
            "Đơn vị tính": "%",
            "Công thức": "kl_xong / kl_tong * 100",
        },
        {
            "Mã số liệu": "kl_cham",
            "Tên số liệu": "Số kết luận ban hành chậm",
            "Loại": "Số đếm",
            "Để trống là": "0",
        },
        {
            "Mã số liệu": "kl_cham_30",
            "Tên số liệu": "Trong đó chậm quá 30 ngày",
            "Loại": "Số đếm",
            "Để trống là": "0",
        },
        {
            "Mã số liệu": "vu_ty_le",
            "Tên số liệu": "Tỷ lệ vụ việc đã giải quyết",
            "Loại": "Tỷ lệ %",
            "Đơn vị tính": "%",
        },
        {
            "Mã số liệu": "vu_cham",
            "Tên số liệu": "Số vụ giải quyết chậm",
            "Loại": "Số đếm",
            "Để trống là": "0",
        },
        {
            "Mã số liệu": "vu_huy",
            "Tên số liệu": "Số vụ bị hủy quyết định",
            "Loại": "Số đếm",
            "Để trống là": "0",
        },
        {
            "Mã số liệu": "ky_vang",
            "Tên số liệu": "Số kỳ người đứng đầu không tiếp công dân",
            "Loại": "Số đếm",
            "Để trống là": "0",
        },
        {"Mã số liệu": "co_cua_khau", "Tên số liệu": "Tỉnh có cửa khẩu", "Loại": "Có hoặc không"},
        {
            "Mã số liệu": "cua_khau",
            "Tên số liệu": "Tỷ lệ thực hiện kế hoạch kiểm tra cửa khẩu",
            "Loại": "Tỷ lệ %",
            "Đơn vị tính": "%",
        },
        {
            "Mã số liệu": "dao_tao",
            "Tên số liệu": "Tỷ lệ công chức được bồi dưỡng",
            "Loại": "Tỷ lệ %",
            "Đơn vị tính": "%",
        },
        {
            "Mã số liệu": "bien_che",
            "Tên số liệu": "Biên chế được giao",
            "Loại": "Số đếm",
            "Đơn vị tính": "người",
        },
        {
            "Mã số liệu": "ky_luat",
            "Tên số liệu": "Có người bị kỷ luật",
            "Loại": "Có hoặc không",
            "Để trống là": "Không",
        },
        {
            "Mã số liệu": "tu_phat_hien",
            "Tên số liệu": "Đơn vị tự phát hiện và xử lý",
            "Loại": "Có hoặc không",
            "Để trống là": "Không",
        },
        {"Mã số liệu": "ngay_bc", "Tên số liệu": "Ngày gửi báo cáo tổng kết", "Loại": "Ngày"},
    ],
    "Quy tắc": [
        {
            "Tiêu chí": "I/1/a/1",
            "Phần": "Điểm chuẩn",
            "Cách tính": "Theo tỷ lệ mục tiêu",
            "Số liệu": "so_cuoc",
        },
        {
            "Tiêu chí": "I/1/a/2",
            "Phần": "Điểm chuẩn",
            "Cách tính": "So với đơn vị dẫn đầu",
            "Số liệu": "thu_hoi",
            "% khi đạt": 60,
        },
        {
            "Tiêu chí": "I/1/b/1",
            "Phần": "Điểm chuẩn",
            "Cách tính": "Theo bậc",
            "Số liệu": "kl_ty_le",
            "Bậc": "Tỷ lệ hoàn thành",
        },
        {
            "Tiêu chí": "I/1/b/2",
            "Phần": "Điểm trừ",
            "Cách tính": "Mỗi trường hợp",
            "Số liệu": "kl_cham",
            "Điểm": 5,
        },
        {
            "Tiêu chí": "I/1/b/2",
            "Phần": "Điểm trừ",
            "Cách tính": "Mỗi trường hợp",
            "Số liệu": "kl_cham_30",
            "Điểm": 5,
            "Nội dung": "Chậm quá 30 ngày trừ thêm 5, thành 10",
        },
        {
            "Tiêu chí": "I/2/a/1",
            "Phần": "Điểm chuẩn",
            "Cách tính": "Theo bậc",
            "Số liệu": "vu_ty_le",
            "Bậc": "Tỷ lệ hoàn thành",
        },
        {
            "Tiêu chí": "I/2/a/2",
            "Phần": "Điểm trừ",
            "Cách tính": "Mỗi trường hợp",
            "Số liệu": "vu_cham",
            "Điểm": 5,
            "Nhóm trần": "Chậm, hủy",
        },
        {
            "Tiêu chí": "I/2/a/2",
            "Phần": "Điểm trừ",
            "Cách tính": "Mỗi trường hợp",
            "Số liệu": "vu_huy",
            "Điểm": 20,
            "Nhóm trần": "Chậm, hủy",
        },
        {
            "Tiêu chí": "I/2/b",
            "Phần": "Điểm trừ",
            "Cách tính": "Mỗi trường hợp",
            "Số liệu": "ky_vang",
            "Điểm": 10,
        },
        {
            "Tiêu chí": "I/3/a",
            "Phần": "Điểm chuẩn",
            "Cách tính": "Đủ mức mới tính",
            "Số liệu": "cua_khau",
            "Ngưỡng": 100,
        },
        {
            "Tiêu chí": "II/1",
            "Phần": "Điểm chuẩn",
            "Cách tính": "Theo cỡ và bậc",
            "Số liệu": "dao_tao",
            "Bậc": "Bồi dưỡng theo cỡ",
            "Cỡ": "Cỡ theo biên chế",
            "Số liệu chọn cỡ": "bien_che",
        },
        {
            "Tiêu chí": "II/2",
            "Phần": "Điểm trừ",
            "Cách tính": "Đạt hoặc không",
            "Số liệu": "ky_luat",
            "Điểm": 40,
            "Miễn khi": "tu_phat_hien",
        },
        {
            "Tiêu chí": "III/2",
            "Phần": "Điểm chuẩn",
            "Cách tính": "Theo ngày sớm",
            "Số liệu": "ngay_bc",
            "Hạn": "06/12",
            "Ngưỡng": 1,
            "Điểm": 40,
            "Nội dung": "Gửi trước ngày 06/12 được đủ điểm, sau đó được 0",
        },
    ],
    "Nhóm trần": [{"Tiêu chí": "I/2/a/2", "Nhóm trần": "Chậm, hủy", "Trần": 45}],
    "Bậc": [
        {"Bộ bậc": "Tỷ lệ hoàn thành", "Từ": 95, "% điểm chuẩn": 100},
        {"Bộ bậc": "Tỷ lệ hoàn thành", "Từ": 85, "Đến": 95, "% điểm chuẩn": 80},
        {"Bộ bậc": "Tỷ lệ hoàn thành", "Từ": 70, "Đến": 85, "% điểm chuẩn": 60},
        {"Bộ bậc": "Tỷ lệ hoàn thành", "Đến": 70, "% điểm chuẩn": 0},
        {"Bộ bậc": "Cỡ theo biên chế", "Đến": 40, "Nhãn": "dưới 40 người"},
        {"Bộ bậc": "Cỡ theo biên chế", "Từ": 40, "Nhãn": "từ 40 người"},
        {"Bộ bậc": "Bồi dưỡng theo cỡ", "Cỡ": "dưới 40 người", "Từ": 60, "Điểm": 70},
        {"Bộ bậc": "Bồi dưỡng theo cỡ", "Cỡ": "dưới 40 người", "Đến": 60, "Điểm": 35},
        {"Bộ bậc": "Bồi dưỡng theo cỡ", "Cỡ": "từ 40 người", "Từ": 80, "Điểm": 70},
        {"Bộ bậc": "Bồi dưỡng theo cỡ", "Cỡ": "từ 40 người", "Đến": 80, "Điểm": 35},
    ],
    "Điều kiện xếp loại": [
        {"Khi": "@nop = không", "Nội dung": "Không gửi bảng tự chấm thì không xếp loại."},
        {
            "Khi": "ky_luat = có; tu_phat_hien = không",
            "Nội dung": "Có người bị kỷ luật thì không quá loại Khá.",
            "Cao nhất được": "Khá",
            "Điều khoản": "Điều 9",
        },
    ],
    "Xếp loại": [
        {"Mức": "Xuất sắc", "Từ": 95, "% mỗi tiêu chí": 70, "Xét ở cấp": 1, "% số đơn vị": 30},
        {"Mức": "Tốt", "Từ": 80, "% mỗi tiêu chí": 50},
        {"Mức": "Khá", "Từ": 65},
        {"Mức": "Trung bình", "Từ": 0},
    ],
    "Khi bằng điểm": [
        {"Xét theo": "Điểm tiêu chí cao hơn", "Của": "I/1"},
        {"Xét theo": "Số liệu cao hơn", "Của": "thu_hoi"},
        {"Xét theo": "Ít điểm trừ hơn"},
    ],
    "Kiểm thử": [
        {
            "Tên ví dụ": "Đạt 18 trên 20 cuộc: 150 × 18 : 20",
            "Tiêu chí": "I/1/a/1",
            "Số liệu": "so_cuoc = 18",
            "Mục tiêu": 20,
            "Kết quả": 135,
        },
        {
            "Tên ví dụ": "Vượt mục tiêu vẫn không quá 150",
            "Tiêu chí": "I/1/a/1",
            "Số liệu": "so_cuoc = 25",
            "Mục tiêu": 20,
            "Kết quả": 150,
        },
        {
            "Tên ví dụ": "Thu hồi chưa đạt mục tiêu: 60 × 400 : 500",
            "Tiêu chí": "I/1/a/2",
            "Số liệu": "thu_hoi = 400",
            "Mục tiêu": 500,
            "Kết quả": 48,
        },
        {
            "Tên ví dụ": "Thu hồi đúng mục tiêu: 60% của 100",
            "Tiêu chí": "I/1/a/2",
            "Số liệu": "thu_hoi = 500",
            "Mục tiêu": 500,
            "Kết quả": 60,
        },
        {
            "Tên ví dụ": "17 trên 20 kết luận là 85%: 80% của 100",
            "Tiêu chí": "I/1/b/1",
            "Số liệu": "kl_xong = 17; kl_tong = 20",
            "Kết quả": 80,
        },
        {
            "Tên ví dụ": "Không có kết luận nào phải thực hiện",
            "Tiêu chí": "I/1/b/1",
            "Số liệu": "kl_xong = 0; kl_tong = 0",
            "Kết quả": "Người quyết định",
        },
        {
            "Tên ví dụ": "Trừ 4 × 5 + 3 × 5 = 35, trần 30",
            "Tiêu chí": "I/1/b/2",
            "Số liệu": "kl_cham = 4; kl_cham_30 = 3",
            "Kết quả": 20,
        },
        {
            "Tên ví dụ": "69,9% thì 0",
            "Tiêu chí": "I/2/a/1",
            "Số liệu": "vu_ty_le = 69,9",
            "Kết quả": 0,
        },
        {
            "Tên ví dụ": "Nhóm trần: 2 × 5 + 2 × 20 = 50, trần 45",
            "Tiêu chí": "I/2/a/2",
            "Số liệu": "vu_cham = 2; vu_huy = 2",
            "Kết quả": 5,
        },
        {
            "Tên ví dụ": "75% với đơn vị 45 người: 35 điểm",
            "Tiêu chí": "II/1",
            "Số liệu": "dao_tao = 75; bien_che = 45",
            "Kết quả": 35,
        },
        {
            "Tên ví dụ": "75% với đơn vị 39 người: 70 điểm",
            "Tiêu chí": "II/1",
            "Số liệu": "dao_tao = 75; bien_che = 39",
            "Kết quả": 70,
        },
        {
            "Tên ví dụ": "Tự phát hiện thì không trừ",
            "Tiêu chí": "II/2",
            "Số liệu": "ky_luat = có; tu_phat_hien = có",
            "Kết quả": 80,
        },
        {
            "Tên ví dụ": "Gửi ngày 05/12, trước hạn 1 ngày",
            "Tiêu chí": "III/2",
            "Số liệu": "ngay_bc = 05/12/2026",
            "Kết quả": 40,
        },
    ],
}

SHORT = {
    "Thông tin": {
        "Tên bảng": "Bảng chấm điểm thi đua khối văn phòng (ví dụ tự soạn, thang 90)",
        "Thang điểm": 90,
        "Không cho điểm âm": "Không",
        "Cách làm tròn": "Nửa làm tròn về số chẵn",
        "Làm tròn đến": "0,01",
        "Nguồn": "Tự soạn để minh họa cách nhập",
        "Trần tự chấm": 85,
        "Nhiều thành tích": "Cộng tất cả",
    },
    "Tiêu chí": [
        {"Cấp": 1, "Mã": "A", "Tên tiêu chí": "Công việc thường xuyên", "Điểm chuẩn": 60},
        {
            "Cấp": 2,
            "Mã": "A1",
            "Tên tiêu chí": "Chất lượng tham mưu qua từng kỳ họp",
            "Điểm chuẩn": "12,99",
        },
        {
            "Cấp": 2,
            "Mã": "A2",
            "Tên tiêu chí": "Gửi báo cáo năm đúng hạn",
            "Điểm chuẩn": "17,01",
            "Quy tắc": "Đủ điểm chuẩn",
            "Cách chấm điểm trừ": "Chậm ngày đầu: −1; mỗi ngày sau: −0,5; không quá 5.",
        },
        {"Cấp": 2, "Mã": "A3", "Tên tiêu chí": "Mức độ hoàn thành chuyên đề", "Điểm chuẩn": 20},
        {"Cấp": 2, "Mã": "A4", "Tên tiêu chí": "Có quy chế làm việc", "Điểm chuẩn": 10},
        {"Cấp": 1, "Mã": "B", "Tên tiêu chí": "Phong trào", "Điểm chuẩn": 30, "Trần thưởng": 8},
        {
            "Cấp": 2,
            "Mã": "B1",
            "Tên tiêu chí": "Tin, bài đã đăng và bị trả lại",
            "Thấp nhất": -5,
            "Cao nhất": 5,
            "Cách chấm điểm thưởng": "Mỗi tin, bài được đăng: +0,5.",
            "Cách chấm điểm trừ": "Cứ 2 tin, bài bị trả lại: −1.",
        },
        {
            "Cấp": 2,
            "Mã": "B2",
            "Tên tiêu chí": "Sáng kiến",
            "Điểm chuẩn": 15,
            "Bước chấm": "0,5",
            "Cách chấm": "Hội đồng cho điểm.",
            "Cách chấm điểm thưởng": "Được công nhận cấp bộ +3, cấp tỉnh +2, cơ sở +1; chỉ lấy một.",
        },
        {
            "Cấp": 2,
            "Mã": "B3",
            "Tên tiêu chí": "Tham gia học tập trực tuyến",
            "Điểm chuẩn": 15,
            "Cách chấm điểm thưởng": "Trên 90%: +0,2; thêm mỗi 2%: +0,2; không quá 1.",
        },
    ],
    "Số liệu": [
        {
            "Mã số liệu": "ky_hop",
            "Tên số liệu": "Điểm tham mưu từng kỳ họp",
            "Loại": "Điểm từng lần",
        },
        {"Mã số liệu": "ngay_gui", "Tên số liệu": "Ngày gửi báo cáo năm", "Loại": "Ngày"},
        {
            "Mã số liệu": "han_gui",
            "Tên số liệu": "Hạn gửi theo công văn",
            "Loại": "Ngày",
            "Để trống là": "15/12/2026",
        },
        {
            "Mã số liệu": "chuyen_de",
            "Tên số liệu": "Mức hoàn thành chuyên đề",
            "Loại": "Chọn mức",
            "Bộ bậc để chọn": "Mức chuyên đề",
        },
        {
            "Mã số liệu": "quy_che",
            "Tên số liệu": "Đã ban hành quy chế làm việc",
            "Loại": "Có hoặc không",
        },
        {
            "Mã số liệu": "bai_dang",
            "Tên số liệu": "Số tin, bài được đăng",
            "Loại": "Số đếm",
            "Để trống là": 0,
        },
        {
            "Mã số liệu": "bai_tra",
            "Tên số liệu": "Số tin, bài bị trả lại",
            "Loại": "Số đếm",
            "Để trống là": 0,
        },
        {
            "Mã số liệu": "cap_bo",
            "Tên số liệu": "Có sáng kiến cấp bộ",
            "Loại": "Có hoặc không",
            "Để trống là": "không",
        },
        {
            "Mã số liệu": "cap_tinh",
            "Tên số liệu": "Có sáng kiến cấp tỉnh",
            "Loại": "Có hoặc không",
            "Để trống là": "không",
        },
        {
            "Mã số liệu": "co_so",
            "Tên số liệu": "Có sáng kiến cấp cơ sở",
            "Loại": "Có hoặc không",
            "Để trống là": "không",
        },
        {
            "Mã số liệu": "hoc",
            "Tên số liệu": "Tỷ lệ người học đủ",
            "Loại": "Tỷ lệ %",
            "Đơn vị tính": "%",
        },
        {
            "Mã số liệu": "bang_khen",
            "Tên số liệu": "Số bằng khen trong năm",
            "Loại": "Số đếm",
            "Để trống là": 0,
        },
        {
            "Mã số liệu": "co_thi_dua",
            "Tên số liệu": "Được tặng cờ thi đua",
            "Loại": "Có hoặc không",
            "Để trống là": "không",
        },
    ],
    "Quy tắc": [
        {
            "Tiêu chí": "A1",
            "Phần": "Điểm chuẩn",
            "Cách tính": "Trung bình các lần",
            "Số liệu": "ky_hop",
        },
        {
            "Tiêu chí": "A2",
            "Phần": "Điểm trừ",
            "Cách tính": "Theo ngày chậm",
            "Số liệu": "ngay_gui",
            "Hạn": "han_gui",
            "Mỗi": 1,
            "Điểm đầu": 1,
            "Điểm": "0,5",
            "Trần": 5,
        },
        {
            "Tiêu chí": "A3",
            "Phần": "Điểm chuẩn",
            "Cách tính": "Chọn mức",
            "Số liệu": "chuyen_de",
            "Bậc": "Mức chuyên đề",
        },
        {
            "Tiêu chí": "A4",
            "Phần": "Điểm chuẩn",
            "Cách tính": "Đạt hoặc không",
            "Số liệu": "quy_che",
        },
        {
            "Tiêu chí": "B1",
            "Phần": "Điểm thưởng",
            "Cách tính": "Mỗi trường hợp",
            "Số liệu": "bai_dang",
            "Điểm": 0.5,
        },
        {
            "Tiêu chí": "B1",
            "Phần": "Điểm trừ",
            "Cách tính": "Mỗi trường hợp",
            "Số liệu": "bai_tra",
            "Điểm": 1,
            "Mỗi": 2,
        },
        {
            "Tiêu chí": "B2",
            "Phần": "Điểm thưởng",
            "Cách tính": "Đạt hoặc không",
            "Số liệu": "cap_bo",
            "Điểm": 3,
            "Chỉ lấy một": "Cấp công nhận",
        },
        {
            "Tiêu chí": "B2",
            "Phần": "Điểm thưởng",
            "Cách tính": "Đạt hoặc không",
            "Số liệu": "cap_tinh",
            "Điểm": 2,
            "Chỉ lấy một": "Cấp công nhận",
        },
        {
            "Tiêu chí": "B2",
            "Phần": "Điểm thưởng",
            "Cách tính": "Đạt hoặc không",
            "Số liệu": "co_so",
            "Điểm": 1,
            "Chỉ lấy một": "Cấp công nhận",
        },
        {
            "Tiêu chí": "B3",
            "Phần": "Điểm chuẩn",
            "Cách tính": "Theo bậc",
            "Số liệu": "hoc",
            "Bậc": "Học trực tuyến",
        },
        {
            "Tiêu chí": "B3",
            "Phần": "Điểm thưởng",
            "Cách tính": "Lũy tiến",
            "Số liệu": "hoc",
            "Ngưỡng": 90,
            "Điểm đầu": 0.2,
            "Mỗi": 2,
            "Điểm": 0.2,
            "Trần": 1,
        },
    ],
    "Bậc": [
        {"Bộ bậc": "Mức chuyên đề", "Nhãn": "Vượt yêu cầu", "Điểm": 20},
        {"Bộ bậc": "Mức chuyên đề", "Nhãn": "Đạt yêu cầu", "Điểm": 16},
        {"Bộ bậc": "Mức chuyên đề", "Nhãn": "Chưa đạt", "Điểm": 0},
        {
            "Bộ bậc": "Học trực tuyến",
            "Từ": 80,
            "Gồm mốc từ": "Không",
            "Đến": 100,
            "Gồm mốc đến": "Có",
            "Điểm": 15,
        },
        {"Bộ bậc": "Học trực tuyến", "Từ": 50, "Đến": 80, "Gồm mốc đến": "Có", "Điểm": 10},
        {"Bộ bậc": "Học trực tuyến", "Từ": 0, "Đến": 50, "Điểm": 0},
    ],
    "Điểm cộng": [
        {"Số liệu": "bang_khen", "Điểm cộng": 2, "Thành tích": "Mỗi bằng khen"},
        {"Số liệu": "co_thi_dua", "Điểm cộng": 5, "Thành tích": "Cờ thi đua"},
    ],
    "Xếp loại": [
        {"Mức": "Loại A", "Từ": 80, "Số suất": 2},
        {"Mức": "Loại B", "Từ": 60},
        {"Mức": "Loại C", "Từ": 0},
    ],
    "Khi bằng điểm": [{"Xét theo": "Nhiều điểm thưởng hơn"}],
    "Kiểm thử": [
        {
            "Tên ví dụ": "(12,99 + 10,99) : 2",
            "Tiêu chí": "A1",
            "Số liệu": "ky_hop = 12,99; 10,99",
            "Kết quả": "11,99",
        },
        {
            "Tên ví dụ": "Chậm 3 ngày: 17,01 − (1 + 2 × 0,5)",
            "Tiêu chí": "A2",
            "Số liệu": "ngay_gui = 18/12/2026",
            "Kết quả": "15,01",
        },
        {
            "Tên ví dụ": "Chậm 30 ngày: trần 5",
            "Tiêu chí": "A2",
            "Số liệu": "ngay_gui = 14/01/2027",
            "Kết quả": "12,01",
        },
        {
            "Tên ví dụ": "Hạn khác theo công văn, gửi đúng hạn",
            "Tiêu chí": "A2",
            "Số liệu": "ngay_gui = 20/12/2026; han_gui = 20/12/2026",
            "Kết quả": "17,01",
        },
        {
            "Tên ví dụ": "Đạt yêu cầu",
            "Tiêu chí": "A3",
            "Số liệu": "chuyen_de = Đạt yêu cầu",
            "Kết quả": 16,
        },
        {"Tên ví dụ": "Có quy chế", "Tiêu chí": "A4", "Số liệu": "quy_che = có", "Kết quả": 10},
        {
            "Tên ví dụ": "4 × 0,5 − 1 (5 bài trả lại là 2 lần 2 bài): 2 − 2",
            "Tiêu chí": "B1",
            "Số liệu": "bai_dang = 4; bai_tra = 5",
            "Kết quả": 0,
        },
        {
            "Tên ví dụ": "12 bài trả lại: −6, thấp nhất −5",
            "Tiêu chí": "B1",
            "Số liệu": "bai_tra = 12",
            "Kết quả": -5,
        },
        {
            "Tên ví dụ": "Chỉ lấy một mức: 12,5 + 3",
            "Tiêu chí": "B2",
            "Số liệu": "cap_bo = có; co_so = có",
            "Điểm chuẩn": 12.5,
            "Kết quả": 15.5,
        },
        {
            "Tên ví dụ": "95%: 15 + 0,2 + 2 × 0,2",
            "Tiêu chí": "B3",
            "Số liệu": "hoc = 95",
            "Kết quả": "15,6",
        },
        {
            "Tên ví dụ": "80% thuộc bậc đến hết 80",
            "Tiêu chí": "B3",
            "Số liệu": "hoc = 80",
            "Kết quả": 10,
        },
        {
            "Tên ví dụ": "Trên 100% không có bậc",
            "Tiêu chí": "B3",
            "Số liệu": "hoc = 101",
            "Kết quả": "Người quyết định",
        },
    ],
}

TABLES = {"cum-thanh-tra-1000.xlsx": INSPECTORATES, "khoi-van-phong-90.xlsx": SHORT}


def fill(table):
    """The template with the cells of a table typed in; the bytes of an .xlsx."""
    book = openpyxl.load_workbook(io.BytesIO(write_template()))
    for name, content in table.items():
        page = book[name]
        if isinstance(content, dict):
            rows = {page.cell(row, 1).value: row for row in range(1, page.max_row + 1)}
            for title, value in content.items():
                page.cell(rows[title], 2).value = value
            continue
        columns = {cell.value: cell.column for cell in page[1]}
        for number, record in enumerate(content, start=2):
            for title, value in record.items():
                page.cell(number, columns[title]).value = value
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


def main():
    """Write the examples."""
    EXAMPLES.mkdir(exist_ok=True)
    for name, table in TABLES.items():
        (EXAMPLES / name).write_bytes(fill(table))


if __name__ == "__main__":
    main()
