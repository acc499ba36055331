"""Addresses of secret ballots."""

from django.urls import path

from thidua.ballots.views import (
    acts,
    board,
    box,
    checking,
    joining,
    paper,
    public,
    questions,
    result,
    roll,
    room,
    setup,
    tellers,
    voting,
)

app_name = "ballots"
urlpatterns = [
    path("<int:year>/", board.ballot_list, name="list"),
    path("<int:year>/lap/", setup.new, name="new"),
    path("<int:year>/diem-va-phieu/", joining.joined, name="joined"),
    path("<int:year>/diem-va-phieu/quy-tac/", joining.edit, name="joined_edit"),
    path("<int:year>/<int:pk>/", board.ballot, name="ballot"),
    # Set-up: terms, questions, roll, tellers
    path("<int:year>/<int:pk>/sua/", setup.edit, name="edit"),
    path("<int:year>/<int:pk>/noi-dung/them/", questions.new, name="question_new"),
    path("<int:year>/<int:pk>/noi-dung/<int:question>/", questions.edit, name="question_edit"),
    path(
        "<int:year>/<int:pk>/noi-dung/<int:question>/bo/",
        questions.remove,
        name="question_remove",
    ),
    path(
        "<int:year>/<int:pk>/danh-cu/<int:candidate>/rut/",
        questions.withdraw,
        name="candidate_withdraw",
    ),
    path("<int:year>/<int:pk>/danh-sach/", roll.roll, name="roll"),
    path("<int:year>/<int:pk>/danh-sach/lap-lai/", roll.draw_up, name="roll_draw_up"),
    path("<int:year>/<int:pk>/danh-sach/them/<int:member>/", roll.add, name="elector_add"),
    path("<int:year>/<int:pk>/danh-sach/<int:elector>/thay/", roll.substitute, name="elector"),
    path("<int:year>/<int:pk>/danh-sach/<int:elector>/bo/", roll.remove, name="elector_remove"),
    path("<int:year>/<int:pk>/to-kiem-phieu/", setup.tellers, name="tellers"),
    # The tellers' own page
    path("<int:year>/<int:pk>/khoa/", tellers.keys, name="keys"),
    path("<int:year>/<int:pk>/khoa/trang-thai.json", tellers.state, name="keys_json"),
    path("<int:year>/<int:pk>/khoa/gui/", tellers.send, name="keys_send"),
    path("<int:year>/<int:pk>/khoa/tra-loi/", tellers.answer, name="keys_answer"),
    path("<int:year>/<int:pk>/khoa/lap-lai/", acts.start_key_again, name="keys_again"),
    # From the frozen list to the end
    path("<int:year>/<int:pk>/chot/", acts.freeze, name="freeze"),
    path("<int:year>/<int:pk>/mo-lai/", acts.unfreeze, name="unfreeze"),
    path("<int:year>/<int:pk>/kiem-tra/", checking.check, name="check"),
    path("<int:year>/<int:pk>/kiem-tra/nhan-ma/", checking.take_code, name="check_code"),
    path("<int:year>/<int:pk>/kiem-tra/neu-sai/", checking.object_to, name="check_object"),
    path("<int:year>/<int:pk>/diem-danh/", roll.call, name="roll_call"),
    path("<int:year>/<int:pk>/mo/", acts.open_vote, name="open"),
    path("<int:year>/<int:pk>/phieu/", voting.vote, name="vote"),
    path("<int:year>/<int:pk>/phieu/gui/", voting.cast, name="cast"),
    path("<int:year>/<int:pk>/phat-phieu/<int:elector>/", roll.hand_out, name="paper_hand_out"),
    path(
        "<int:year>/<int:pk>/thu-lai-phieu/<int:elector>/",
        roll.take_back,
        name="paper_take_back",
    ),
    path("<int:year>/<int:pk>/dong/", acts.close, name="close"),
    path("<int:year>/<int:pk>/huy/", acts.annul, name="annul"),
    path("<int:year>/<int:pk>/hom-phieu/", box.box, name="box"),
    path("<int:year>/<int:pk>/ho-so.bel", box.archive, name="archive_file"),
    path("<int:year>/<int:pk>/man-hinh/", room.room, name="room"),
    # Paper
    path("<int:year>/<int:pk>/phieu-giay.pdf", paper.printed, name="paper_pdf"),
    path("<int:year>/<int:pk>/phieu-giay/<str:channel>/", paper.count, name="paper_count"),
    # Result and minutes
    path("<int:year>/<int:pk>/ket-qua/", result.result, name="result"),
    path("<int:year>/<int:pk>/ket-qua/<int:question>/quyet-dinh/", result.decide, name="decide"),
    path("<int:year>/<int:pk>/lan-tiep/", acts.second_round, name="second_round"),
    path("<int:year>/<int:pk>/bien-ban.pdf", result.minutes, name="minutes_pdf"),
    path("<int:year>/<int:pk>/ket-thuc/", result.conclude, name="conclude"),
    path(
        "<int:year>/<int:pk>/bien-ban-da-ky.pdf", result.signed_minutes, name="signed_minutes_pdf"
    ),
    path("<int:year>/<int:pk>/tieu-huy/", acts.destroy, name="destroy"),
    # Anybody who holds the address printed on the minutes
    path("kiem-chung/<str:uuid>/", public.verification, name="public"),
    path("kiem-chung/<str:uuid>/ho-so.bel", public.archive, name="public_archive_file"),
]
