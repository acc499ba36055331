"""The words of "Hướng dẫn"."""

from thidua.workbooks.scale.layout.about import ABOUT
from thidua.workbooks.scale.layout.criteria import CRITERIA
from thidua.workbooks.scale.layout.rules import CASES, INPUTS, LINES

GUIDE = "Hướng dẫn"

GUIDANCE = (
    "Tệp này dùng để nhập một bảng chấm điểm thi đua vào phần mềm.",
    f"1. Điền trang “{ABOUT}”: mỗi dòng một mục, giá trị ở cột B.",
    f"2. Điền trang “{CRITERIA}”: mỗi dòng một nhóm hoặc một tiêu chí, theo thứ tự in.",
    "   Nhóm là dòng có dòng cấp lớn hơn ngay bên dưới; chỉ dòng không có gì bên dưới được chấm.",
    "   Nhóm ghi cấp, mã, tên, điểm chuẩn, các trần chung, điều kiện áp dụng và phần chữ.",
    f"3. Muốn phần mềm tự tính điểm: khai số liệu ở trang “{INPUTS.name}”, ghi cách tính ở trang",
    f"   “{LINES.name}”, mỗi dòng một cách cho, cộng hoặc trừ điểm. Tiêu chí không có dòng nào thì",
    "   người chấm nhập điểm. Các trang còn lại chỉ điền khi văn bản có quy định.",
    f"4. Ghi vài ví dụ tính tay ở trang “{CASES.name}”: phần mềm phải ra đúng như vậy.",
    "5. Số viết với dấu phẩy thập phân (3,5); không viết dấu chấm giữa hàng nghìn.",
    "6. Không đổi tên trang tính, không xóa dòng tiêu đề. Có thể bỏ trống dòng.",
    "7. Trước khi gửi, kiểm tra bằng lệnh: thidua scale check TÊN-TỆP.xlsx",
    "   Lỗi phải sửa thì tệp mới được nhập; cảnh báo thì vẫn nhập và được liệt kê để xem lại.",
)
