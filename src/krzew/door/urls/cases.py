"""Addresses of cases: for authors by the link, for the office."""

from django.urls import path

from krzew.door.views import ask, canned, cases, inbox

urlpatterns = [
    path("ask/", ask.ask, name="ask"),
    path("case/<str:token>/", cases.case, name="case"),
    path("case/<str:token>/withdraw/", cases.withdraw, name="case_withdraw"),
    path("cases/", inbox.listing, name="inbox"),
    path("cases/new/", inbox.key_in, name="key_in_case"),
    path("cases/ready-answers/", canned.listing, name="canned"),
    path("cases/ready-answers/<int:pk>/", canned.listing, name="canned_one"),
    path("cases/ready-answers/<int:pk>/put-away/", canned.put_away, name="canned_put_away"),
    path("cases/<int:pk>/", inbox.detail, name="team_case"),
    path("cases/<int:pk>/answer/", inbox.answer, name="case_answer"),
    path("cases/<int:pk>/note/", inbox.note, name="case_note"),
    path("cases/<int:pk>/assign/", inbox.assign, name="case_assign"),
    path("cases/<int:pk>/hand-over/", inbox.hand, name="case_hand"),
    path("cases/<int:pk>/hand-over/<int:row>/end/", inbox.take_back, name="case_take_back"),
    path("cases/<int:pk>/reopen/", inbox.reopen, name="case_reopen"),
]
