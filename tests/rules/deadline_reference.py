"""An independent, slow reckoning: the machine list of the domain file, one day at a time."""

from datetime import date, timedelta

_OFF = {
    2023: "2/1 20/1 23/1 24/1 25/1 26/1 1/5 2/5 3/5 1/9 4/9",
    2024: "1/1 8/2 9/2 12/2 13/2 14/2 18/4 29/4 30/4 1/5 2/9 3/9",
    2025: "1/1 27/1 28/1 29/1 30/1 31/1 7/4 30/4 1/5 2/5 1/9 2/9",
    2026: "1/1 2/1 16/2 17/2 18/2 19/2 20/2 27/4 30/4 1/5 31/8 1/9 2/9",
}
WEEKDAYS_OFF = {
    date(year, int(text.split("/")[1]), int(text.split("/")[0]))
    for year, listed in _OFF.items()
    for text in listed.split()
}
MADE_UP = {date(2024, 5, 4), date(2025, 4, 26), date(2026, 1, 10), date(2026, 8, 22)}
WORKING_DAYS = {2023: 249, 2024: 251, 2025: 250, 2026: 250}


def worked(day: date) -> bool:
    return day in MADE_UP or (day.weekday() < 5 and day not in WEEKDAYS_OFF)


def rolled(day: date) -> date:
    while not worked(day):
        day += timedelta(days=1)
    return day


def working_days_after(start: date, number: int) -> date:
    """Lists every day from the day after, keeps the worked ones, takes the last of them."""
    days = (start + timedelta(days=each) for each in range(1, 10 * number + 40))
    return [day for day in days if worked(day)][number - 1]
