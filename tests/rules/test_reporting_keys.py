"""Keys are for ever: figures, pacts and points tables name indicators by them.

A new key is added here; one that changes or goes is a mistake, since stored figures would lose their
indicator. Written as form, then `code:rest-of-key` (the code is a label; it only helps to read).
"""

import pytest

from thidua.rules.reporting import edition, editions

KEYS = {
    "TT06-2025": {
        "ttr1": """
            1:cuoc 2:cuoc-ky-truoc 3:cuoc-trong-ky 4:cuoc-ke-hoach 5:cuoc-dot-xuat 6:ket-luan
            7:don-vi 8:vi-pham-tien 9:vi-pham-dat 10:thu-hoi-tien 11:thu-hoi-dat
            12:thu-hoi-nsnn-tien 13:thu-hoi-nsnn-dat 14:thu-hoi-to-chuc-ca-nhan-tien
            15:thu-hoi-to-chuc-ca-nhan-dat 16:xu-ly-khac-tien 17:xu-ly-khac-dat 18:phat-tien
            19:phat-tien-to-chuc 20:phat-tien-ca-nhan 21:trach-nhiem 22:trach-nhiem-to-chuc
            23:trach-nhiem-ca-nhan 24:chuyen-dieu-tra-vu 25:chuyen-dieu-tra-nguoi
            26:hoan-thien-chinh-sach 27:ghi-chu
        """,
        "ttr2": """
            1:ket-luan 2:ket-luan-ky-truoc 3:ket-luan-xong 4:ket-luan-chua-xong
            5:nsnn-tien-phai-thu 6:nsnn-tien-da-thu 7:nsnn-dat-phai-thu 8:nsnn-dat-da-thu
            9:to-chuc-ca-nhan-tien-phai-thu 10:to-chuc-ca-nhan-tien-da-thu
            11:to-chuc-ca-nhan-dat-phai-thu 12:to-chuc-ca-nhan-dat-da-thu
            13:xu-ly-khac-tien-phai 14:xu-ly-khac-tien-da 15:xu-ly-khac-dat-phai
            16:xu-ly-khac-dat-da 17:phat-tien-phai 18:phat-tien-phai-to-chuc
            19:phat-tien-phai-ca-nhan 20:phat-tien-da 21:phat-tien-da-to-chuc
            22:phat-tien-da-ca-nhan 23:trach-nhiem-phai 24:trach-nhiem-phai-to-chuc
            25:trach-nhiem-phai-ca-nhan 26:trach-nhiem-da 27:trach-nhiem-da-to-chuc
            28:trach-nhiem-da-ca-nhan 29:chuyen-dieu-tra-vu 30:chuyen-dieu-tra-nguoi
            31:khoi-to-vu 32:khoi-to-nguoi 33:hoan-thien-chinh-sach-phai
            34:hoan-thien-chinh-sach-da 35:ghi-chu
        """,
        "ttr3": """
            1:van-ban-moi 2:van-ban-sua-doi 3:van-ban-bai-bo 4:tap-huan-lop 5:tap-huan-nguoi
            6:thanh-tra-trach-nhiem 7:thanh-tra-trach-nhiem-ket-luan
            8:thanh-tra-trach-nhiem-don-vi 9:kien-nghi-hanh-chinh-to-chuc
            10:kien-nghi-hanh-chinh-ca-nhan 11:kien-nghi-dieu-tra-vu 12:kien-nghi-dieu-tra-nguoi
            13:ket-luan-phai-thuc-hien 14:da-xu-ly-to-chuc 15:da-xu-ly-ca-nhan 16:da-khoi-to-vu
            17:da-khoi-to-nguoi 18:ghi-chu
        """,
        "tcd1": """
            1:luot 2:nguoi 3:vu-viec 4:doan 5:thuong-xuyen-luot 6:thuong-xuyen-nguoi
            7:thuong-xuyen-vu-viec 8:thuong-xuyen-doan 9:thuong-xuyen-doan-nguoi
            10:thu-truong-ngay 11:thu-truong-luot 12:thu-truong-nguoi 13:thu-truong-vu-viec
            14:thu-truong-doan 15:thu-truong-doan-nguoi 16:uy-quyen-ngay 17:uy-quyen-luot
            18:uy-quyen-nguoi 19:uy-quyen-vu-viec 20:uy-quyen-doan 21:uy-quyen-doan-nguoi
            22:ghi-chu
        """,
        "xld2": """
            1:don 2:don-da-xu-ly 3:don-du-dieu-kien 4:thuoc-tham-quyen-don
            5:thuoc-tham-quyen-vu-viec 6:khieu-nai 7:khieu-nai-lan-dau 8:khieu-nai-lan-hai
            9:khieu-nai-dat-dai 10:khieu-nai-che-do 11:khieu-nai-khac 12:to-cao
            13:to-cao-lan-dau 14:to-cao-tiep 15:to-cao-hanh-chinh 16:to-cao-tham-nhung
            17:to-cao-tu-phap 18:to-cao-khac 19:kien-nghi 20:kien-nghi-che-do
            21:kien-nghi-dat-dai 22:kien-nghi-khac 23:khong-thuoc-tham-quyen 24:huong-dan
            25:chuyen-don 26:ghi-chu
        """,
        "gqkn3": """
            1:don 2:vu-viec 3:dang-xem-xet 4:da-thu-ly 5:khong-thu-ly 6:rut-don-dinh-chi
            7:quyet-dinh 8:lan-dau-dung 9:lan-dau-sai 10:lan-dau-dung-mot-phan
            11:lan-hai-cong-nhan 12:lan-hai-huy-sua 13:thu-hoi-tien 14:thu-hoi-dat
            15:tra-lai-tien 16:tra-lai-dat 17:to-chuc-duoc-tra 18:ca-nhan-duoc-tra
            19:kien-nghi-xu-ly 20:kien-nghi-xu-ly-cong-chuc 21:chuyen-dieu-tra-vu
            22:chuyen-dieu-tra-nguoi 23:chuyen-dieu-tra-cong-chuc 24:ghi-chu
        """,
        "gqtc4": """
            1:don 2:vu-viec 3:dang-xem-xet 4:da-thu-ly 5:khong-thu-ly 6:rut-don-dinh-chi
            7:ket-luan 8:lan-dau-dung 9:lan-dau-sai 10:lan-dau-co-dung-co-sai 11:tiep-dung
            12:tiep-sai 13:tiep-co-dung-co-sai 14:thu-hoi-tien 15:thu-hoi-dat 16:tra-lai-tien
            17:tra-lai-dat 18:to-chuc-duoc-tra 19:ca-nhan-duoc-tra 20:kien-nghi-xu-ly-to-chuc
            21:kien-nghi-xu-ly-ca-nhan 22:kien-nghi-xu-ly-cong-chuc 23:chuyen-dieu-tra-vu
            24:chuyen-dieu-tra-nguoi 25:chuyen-dieu-tra-cong-chuc 26:ghi-chu
        """,
        "kqth5": """
            1:quyet-dinh 2:quyet-dinh-xong 3:kn-phai-thu-tien 4:kn-phai-thu-dat 5:kn-da-thu-tien
            6:kn-da-thu-dat 7:kn-phai-tra-tien 8:kn-phai-tra-dat 9:kn-da-tra-tien
            10:kn-da-tra-dat 11:kn-da-xu-ly 12:kn-da-xu-ly-cong-chuc 13:kn-khoi-to-vu
            14:kn-khoi-to-nguoi 15:kn-khoi-to-cong-chuc 16:ket-luan 17:ket-luan-xong
            18:tc-phai-thu-tien 19:tc-phai-thu-dat 20:tc-da-thu-tien 21:tc-da-thu-dat
            22:tc-phai-tra-tien 23:tc-phai-tra-dat 24:tc-da-tra-tien 25:tc-da-tra-dat
            26:tc-da-xu-ly-to-chuc 27:tc-da-xu-ly-ca-nhan 28:tc-da-xu-ly-cong-chuc
            29:tc-khoi-to-vu 30:tc-khoi-to-nguoi 31:tc-khoi-to-cong-chuc 32:ghi-chu
        """,
        "ql6": """
            1:van-ban-moi 2:van-ban-sua-doi 3:van-ban-huy-bo 4:tap-huan-lop 5:tap-huan-nguoi
            6:thanh-tra-trach-nhiem 7:thanh-tra-trach-nhiem-don-vi
            8:thanh-tra-trach-nhiem-ket-luan 9:kien-nghi-hanh-chinh-to-chuc
            10:kien-nghi-hanh-chinh-ca-nhan 11:kien-nghi-dieu-tra-to-chuc
            12:kien-nghi-dieu-tra-ca-nhan 13:ket-luan-phai-thuc-hien 14:da-xu-ly-to-chuc
            15:da-xu-ly-ca-nhan 16:da-khoi-to-vu 17:da-khoi-to-nguoi 18:ghi-chu
        """,
        "pctn1": """
            1:van-ban-moi 2:van-ban-sua-doi 3:van-ban-bai-bo 4:tuyen-truyen-lop
            5:tuyen-truyen-luot 6:tuyen-truyen-tai-lieu 7:thanh-tra-trach-nhiem
            8:thanh-tra-trach-nhiem-ket-luan 9:thanh-tra-trach-nhiem-don-vi
            10:kien-nghi-hanh-chinh-tap-the 11:kien-nghi-hanh-chinh-ca-nhan
            12:kien-nghi-hinh-su-vu 13:kien-nghi-hinh-su-nguoi 14:cong-khai-duoc-kiem-tra
            15:cong-khai-vi-pham 16:dinh-muc-van-ban-moi 17:dinh-muc-van-ban-sua-doi
            18:dinh-muc-kiem-tra 19:dinh-muc-vi-pham-vu 20:dinh-muc-vi-pham-nguoi
            21:dinh-muc-xu-ly-hanh-chinh 22:dinh-muc-xu-ly-hinh-su 23:dinh-muc-kien-nghi-thu-hoi
            24:dinh-muc-da-thu-hoi 25:ung-xu-duoc-kiem-tra 26:ung-xu-bi-xu-ly
            27:qua-tang-nguoi-nop 28:qua-tang-gia-tri 29:xung-dot-loi-ich-bi-xu-ly
            30:han-che-kinh-doanh-bi-xu-ly 31:chuyen-doi-phai 32:chuyen-doi-da 33:dich-vu-cong
            34:dich-vu-cong-toan-trinh 35:dich-vu-cong-mot-phan 36:tien-mat-kiem-tra
            37:tien-mat-vi-pham 38:lien-ngan-hang 39:ty-trong-tien-mat 40:ke-khai 41:xac-minh
            42:ke-khai-kiem-tra 43:ke-khai-ky-luat 43.1:ke-khai-khong-trung-thuc
            43.2:ke-khai-vi-pham-khac 44:phat-hien-vu 45:phat-hien-nguoi
            46:phat-hien-lang-phi-vu 47:phat-hien-lang-phi-nguoi 48:kiem-tra-vu
            49:kiem-tra-nguoi 50:tu-kiem-tra-vu 51:tu-kiem-tra-nguoi
            52:kiem-tra-co-quan-chuc-nang-vu :kiem-tra-noi-bo-thanh-tra-vu
            53:kiem-tra-co-quan-chuc-nang-nguoi :kiem-tra-noi-bo-thanh-tra-nguoi 54:giam-sat-vu
            55:giam-sat-nguoi 56:thanh-tra-vu 57:thanh-tra-nguoi 58:thanh-tra-lang-phi-vu
            59:thanh-tra-lang-phi-nguoi 60:kiem-toan-vu 61:kiem-toan-nguoi
            62:kiem-toan-lang-phi-vu 63:kiem-toan-lang-phi-nguoi 64:phan-anh-vu-viec
            65:phan-anh-da-xem-xet 66:phan-anh-vu 67:phan-anh-nguoi 68:khieu-nai-to-cao-vu
            69:khieu-nai-to-cao-nguoi 70:hoat-dong-khac-vu 71:hoat-dong-khac-nguoi 72:khoi-to-vu
            73:khoi-to-nguoi 74:khoi-to-lang-phi-vu 75:khoi-to-lang-phi-nguoi
            76:nguoi-to-cao-duoc-bao-ve 77:nguoi-to-cao-bi-tra-thu 78:tra-thu-bi-xu-ly
            79:nguoi-to-cao-duoc-khen 80:nguoi-dung-dau 81:nguoi-dung-dau-hinh-su
            82:nguoi-dung-dau-ky-luat 82.1:nguoi-dung-dau-khien-trach
            82.2:nguoi-dung-dau-canh-cao 82.3:nguoi-dung-dau-cach-chuc 83:xet-xu-vu
            84:ket-an-nguoi 84.1:ket-an-it-nghiem-trong 84.2:ket-an-nghiem-trong
            84.3:ket-an-rat-nghiem-trong 84.4:ket-an-dac-biet-nghiem-trong
            85:xu-ly-hanh-chinh-vu 86:ky-luat-nguoi 87:dang-xem-xet-vu 88:dang-xem-xet-nguoi
            89:thiet-hai-tien 90:thiet-hai-dat 91:da-thu-hoi-tien
            91.1:da-thu-hoi-tien-hanh-chinh 91.2:da-thu-hoi-tien-tu-phap 92:da-thu-hoi-dat
            92.1:da-thu-hoi-dat-hanh-chinh 92.2:da-thu-hoi-dat-tu-phap 93:khong-the-thu-hoi-tien
            94:khong-the-thu-hoi-dat 95:nganh-thanh-tra-vu 96:nganh-thanh-tra-nguoi
            97:nganh-thanh-tra-hinh-su-vu 98:nganh-thanh-tra-hinh-su-nguoi
            99:nganh-thanh-tra-hanh-chinh-vu 100:nganh-thanh-tra-ky-luat
            101:ngoai-nha-nuoc-to-chuc 102:ngoai-nha-nuoc-thanh-tra 103:ngoai-nha-nuoc-xu-ly
            104:ngoai-nha-nuoc-vu 105:ngoai-nha-nuoc-nguoi 106:ngoai-nha-nuoc-hinh-su
            107:ngoai-nha-nuoc-thiet-hai 108:ngoai-nha-nuoc-thu-hoi
        """,
        "pctn2": """
            :ten-vu :noi-xay-ra :noi-thu-ly :tom-tat :ghi-chu
        """,
        "pctn3": """
            1:ten-van-ban 2:co-quan-ban-hanh 3:noi-dung-so-ho 4:da-khac-phuc 5:chua-khac-phuc
            6:nguyen-nhan 7:ghi-chu
        """,
    },
    "TT01-2024": {
        "tt01-tcd1": """
            1:luot 2:nguoi 3:vu-viec 4:thuong-xuyen-luot 5:thuong-xuyen-nguoi
            6:thuong-xuyen-lan-dau 7:thuong-xuyen-nhieu-lan 8:thuong-xuyen-doan
            9:thuong-xuyen-doan-nguoi 10:thuong-xuyen-doan-lan-dau
            11:thuong-xuyen-doan-nhieu-lan 12:thu-truong-ky 13:thu-truong-luot
            14:thu-truong-nguoi 15:thu-truong-lan-dau 16:thu-truong-nhieu-lan 17:thu-truong-doan
            18:thu-truong-doan-nguoi 19:thu-truong-doan-lan-dau 20:thu-truong-doan-nhieu-lan
            21:uy-quyen-ky 22:uy-quyen-luot 23:uy-quyen-nguoi 24:uy-quyen-lan-dau
            25:uy-quyen-nhieu-lan 26:uy-quyen-doan 27:uy-quyen-doan-nguoi
            28:uy-quyen-doan-lan-dau 29:uy-quyen-doan-nhieu-lan 30:ghi-chu
        """,
        "tt01-xld1": """
            1:don 2:don-ky-truoc 3:don-trong-ky 4:don-da-xu-ly 5:don-chua-xu-ly
            6:du-dieu-kien-don 7:du-dieu-kien-vu-viec 8:khieu-nai 9:to-cao 10:kien-nghi
            11:da-giai-quyet-mot-lan 12:da-giai-quyet-nhieu-lan 13:chua-giai-quyet
            14:thuoc-tham-quyen 15:thuoc-tham-quyen-khieu-nai 16:thuoc-tham-quyen-to-cao
            17:thuoc-tham-quyen-kien-nghi 18:khong-thuoc-tham-quyen 19:huong-dan 20:chuyen-don
            21:don-doc 22:van-ban-phuc-dap
        """,
        "tt01-xld2": """
            1:don 2:don-ky-truoc 3:don-trong-ky 4:da-xu-ly 5:da-xu-ly-ky-truoc
            6:da-xu-ly-trong-ky 7:du-dieu-kien-don 8:du-dieu-kien-vu-viec 9:hanh-chinh
            10:hanh-chinh-che-do 11:hanh-chinh-dat-dai 12:hanh-chinh-khac 13:tu-phap
            14:dang-doan-the 15:linh-vuc-khac 16:da-giai-quyet-lan-dau 17:da-giai-quyet-lan-hai
            18:da-co-ban-an 19:chua-giai-quyet 20:thuoc-tham-quyen 21:thuoc-tham-quyen-lan-dau
            22:thuoc-tham-quyen-lan-hai 23:khong-thuoc-tham-quyen 24:huong-dan 25:don-doc
            26:van-ban-phuc-dap
        """,
        "tt01-xld3": """
            1:don 2:don-ky-truoc 3:don-trong-ky 4:da-xu-ly 5:da-xu-ly-ky-truoc
            6:da-xu-ly-trong-ky 7:du-dieu-kien-don 8:du-dieu-kien-vu-viec 9:hanh-chinh
            10:hanh-chinh-che-do 11:hanh-chinh-dat-dai 12:hanh-chinh-cong-vu 13:hanh-chinh-khac
            14:tham-nhung 15:tu-phap 16:dang-doan-the 17:linh-vuc-khac 18:to-cao-tiep-qua-han
            19:to-cao-tiep-da-ket-luan 20:chua-giai-quyet 21:thuoc-tham-quyen
            22:thuoc-tham-quyen-lan-dau 23:thuoc-tham-quyen-tiep 24:khong-thuoc-tham-quyen
            25:chuyen-don 26:don-doc 27:van-ban-phuc-dap
        """,
        "tt01-xld4": """
            1:don 2:don-ky-truoc 3:don-trong-ky 4:da-xu-ly 5:da-xu-ly-ky-truoc
            6:da-xu-ly-trong-ky 7:du-dieu-kien-don 8:du-dieu-kien-vu-viec 9:che-do 10:dat-dai
            11:tu-phap 12:khac 13:da-giai-quyet 14:chua-giai-quyet 15:thuoc-tham-quyen
            16:khong-thuoc-tham-quyen 17:chuyen-don 18:don-doc 19:ket-qua-da-giai-quyet
            20:ket-qua-chua-giai-quyet
        """,
        "tt01-kqgq1": """
            1:don 2:don-ky-truoc 3:don-trong-ky 4:vu-viec 5:giai-quyet-bang-quyet-dinh 6:rut-don
            7:thu-hoi-tien 8:thu-hoi-dat 9:tra-to-chuc-tien 10:tra-to-chuc-dat
            11:tra-ca-nhan-tien 12:tra-ca-nhan-dat 13:to-chuc-duoc-tra 14:ca-nhan-duoc-tra
            15:kien-nghi-xu-ly 16:kien-nghi-xu-ly-cong-chuc 17:chuyen-dieu-tra-vu
            18:chuyen-dieu-tra-nguoi 19:chuyen-dieu-tra-cong-chuc 20:lan-dau-dung 21:lan-dau-sai
            22:lan-dau-dung-mot-phan 23:lan-hai-cong-nhan 24:lan-hai-huy-sua 25:dung-han
            26:qua-han
        """,
        "tt01-kqgq2": """
            1:quyet-dinh 2:quyet-dinh-xong 3:phai-thu-tien 4:phai-thu-dat 5:da-thu-tien
            6:da-thu-dat 7:phai-tra-to-chuc-tien 8:phai-tra-to-chuc-dat 9:phai-tra-ca-nhan-tien
            10:phai-tra-ca-nhan-dat 11:da-tra-to-chuc-tien 12:da-tra-to-chuc-dat
            13:da-tra-ca-nhan-tien 14:da-tra-ca-nhan-dat 15:da-xu-ly 16:da-xu-ly-cong-chuc
            17:khoi-to-vu 18:khoi-to-nguoi 19:khoi-to-cong-chuc
        """,
    },
    "TT02-2021": {
        "tt02-ttr1": """
            1:cuoc 2:cuoc-ky-truoc 3:cuoc-trong-ky 4:cuoc-ke-hoach 5:cuoc-dot-xuat 6:ket-luan
            7:don-vi 8:vi-pham-tien 9:vi-pham-dat 10:thu-hoi-tien 11:thu-hoi-dat
            12:xu-ly-khac-tien 13:xu-ly-khac-dat 14:xu-ly-to-chuc 15:xu-ly-ca-nhan
            16:chuyen-dieu-tra-vu 17:chuyen-dieu-tra-nguoi 18:hoan-thien-chinh-sach
        """,
        "tt02-tcd1": """
            1:luot 2:nguoi 3:vu-viec 4:thuong-xuyen-luot 5:thuong-xuyen-nguoi
            6:thuong-xuyen-lan-dau 7:thuong-xuyen-nhieu-lan 8:thuong-xuyen-doan
            9:thuong-xuyen-doan-nguoi 10:thuong-xuyen-doan-lan-dau
            11:thuong-xuyen-doan-nhieu-lan 12:thu-truong-ky 13:thu-truong-luot
            14:thu-truong-nguoi 15:thu-truong-lan-dau 16:thu-truong-nhieu-lan 17:thu-truong-doan
            18:thu-truong-doan-nguoi 19:thu-truong-doan-lan-dau 20:thu-truong-doan-nhieu-lan
            21:uy-quyen-ky 22:uy-quyen-luot 23:uy-quyen-nguoi 24:uy-quyen-lan-dau
            25:uy-quyen-nhieu-lan 26:uy-quyen-doan 27:uy-quyen-doan-nguoi
            28:uy-quyen-doan-lan-dau 29:uy-quyen-doan-nhieu-lan 30:ghi-chu
        """,
    },
}


@pytest.mark.parametrize("name", KEYS)
def test_keys_are_those_of_the_snapshot(name):
    expected = {form: words.split() for form, words in KEYS[name].items()}

    found = {
        template.key: [
            f"{each.code}:{each.key.removeprefix(template.key + '-')}"
            for each in template.indicators
        ]
        for template in edition(name).templates
    }

    assert found == expected


def test_keys_are_unique_over_all_editions_and_fit_a_slug_field():
    keys = [each.key for e in editions() for t in e.templates for each in t.indicators]

    assert len(keys) == len(set(keys)) == 581
    assert max(map(len, keys)) <= 60
