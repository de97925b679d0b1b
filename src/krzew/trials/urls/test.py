"""Addresses of the test: the same pages for the innovator and the team, and the open ones for testers."""

from django.urls import path

from krzew.trials.views import diary, measurements, test, tester_own, testers
from krzew.trials.views.test_base import both

urlpatterns = [
    *both("test/", "test", test.page),
    *both("test/plan/", "test_plan", test.plan),
    *both("test/questions/", "test_questions", test.question_list),
    *both("test/questions/add/", "test_question_add", test.question_edit),
    *both("test/questions/learn/", "test_learn", test.learned),
    *both("test/questions/<slug:code>/", "test_question", test.question_edit),
    *both("test/basics/", "test_basics", test.basics),
    *both("test/phases/", "test_phases", test.phase_list),
    *both("test/profile/", "test_profile", test.profile),
    *both("test/invitation/", "test_call", test.call),
    *both("test/begin/", "test_begin", test.begin),
    *both("test/end/", "test_end", test.end),
    *both("test/stop/", "test_stop", test.stop),
    *both("testers/", "testers", testers.listing),
    *both("testers/invite/", "tester_invite", testers.invite),
    *both("testers/text/", "consent_text", testers.consent_text),
    *both("testers/<str:code>/", "tester_one", testers.one),
    *both("testers/<str:code>/do/", "tester_do", testers.do),
    *both("measurements/", "measurements", measurements.listing),
    *both("measurements/<slug:code>/<slug:moment>/", "measure", measurements.measure),
    *both("diary/", "diary", diary.diary),
    *both("risks/", "risks", diary.risks),
    *both("risks/<int:risk>/", "risk", diary.risk),
    path("tests-looking-for-testers/", tester_own.open_tests, name="open_tests"),
    path("tests-looking-for-testers/<slug:slug>/", tester_own.open_test, name="open_test"),
    path("tester/<str:token>/", tester_own.own, name="tester"),
    path("tester/<str:token>/agree/", tester_own.agree, name="tester_agree"),
    path("tester/<str:token>/refuse/", tester_own.refuse, name="tester_refuse"),
    path("tester/<str:token>/leave/", tester_own.leave, name="tester_leave"),
    path("tester/<str:token>/dates.ics", tester_own.dates, name="tester_dates"),
]
