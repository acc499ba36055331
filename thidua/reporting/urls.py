"""Addresses of deadlines, calendars, indicators and reports."""

from django.urls import path

from thidua.reporting.views import calendars, clocks, deadlines, indicators

app_name = "reporting"
urlpatterns = [
    path("chi-tieu/", indicators.indicator_list, name="indicator_list"),
    path("chi-tieu/them/", indicators.indicator_new, name="indicator_new"),
    path("chi-tieu/<int:pk>/", indicators.indicator_edit, name="indicator_edit"),
    path("thoi-han/", deadlines.deadline, name="deadline"),
    path("thoi-han/danh-muc/", clocks.clock_list, name="clock_list"),
    path("thoi-han/danh-muc/<slug:code>/", clocks.clock_setting, name="clock_setting"),
    path("thoi-han/ky-bao-cao/", deadlines.due_days, name="due_days"),
    path("thoi-han/lich/", calendars.calendar_list, name="calendar_list"),
    path("thoi-han/lich/them/", calendars.calendar_new, name="calendar_new"),
    path("thoi-han/lich/nap-tep/", calendars.calendar_upload, name="calendar_upload"),
    path("thoi-han/lich/<int:calendar_year>/", calendars.calendar_year, name="calendar_year"),
    path("thoi-han/lich/<int:calendar_year>/sua/", calendars.calendar_edit, name="calendar_edit"),
    path("thoi-han/lich/<int:calendar_year>/tep/", calendars.calendar_file, name="calendar_file"),
]
