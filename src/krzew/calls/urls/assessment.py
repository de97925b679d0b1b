"""Addresses of assessment: the desk of an assessor, the pool, and the stages of a call."""

from django.urls import path

from krzew.calls.views import (
    assessment,
    assessment_by_hand,
    assessment_meetings,
    assessment_plan,
    assessors,
    readings,
)

STAGE = "calls/<slug:slug>/assessment/<slug:code>/"

urlpatterns = [
    path("assessments/", readings.desk, name="assessments"),
    path("assessments/links/<int:pk>/", readings.links, name="own_links"),
    path("assessments/<int:pk>/", readings.card, name="assessment_card"),
    path("assessments/<int:pk>/state/", readings.state, name="assessment_state"),
    path("assessments/<int:pk>/refuse/", readings.refuse, name="assessment_refuse"),
    path("assessments/<int:pk>/save/", readings.save, name="assessment_save"),
    path("assessments/<int:pk>/files/<int:file>/", readings.attachment, name="assessment_file"),
    path("assessments/<int:pk>/reopen/", assessment.reopen, name="assessment_reopen"),
    path("assessments/<int:pk>/take-back/", assessment.take_back, name="assessment_take_back"),
    path("assessors/", assessors.pool, name="assessors"),
    path("assessors/ask/", assessors.ask, name="assessor_ask"),
    path("assessors/add/", assessors.add, name="assessor_add"),
    path("assessors/<int:pk>/", assessors.detail, name="assessor"),
    path("assessors/conflicts/<int:pk>/lift/", assessors.lift, name="conflict_lift"),
    path("calls/<slug:slug>/assessment/", assessment.start, name="assessment_start"),
    path(STAGE, assessment.dashboard, name="assessment"),
    path(f"{STAGE}plan/", assessment_plan.page, name="assessment_plan"),
    path(f"{STAGE}plan/propose/", assessment_plan.propose, name="assessment_propose"),
    path(f"{STAGE}plan/adopt/", assessment_plan.adopt, name="assessment_adopt"),
    path(f"{STAGE}plan/list/", assessment_by_hand.listing, name="assessment_list"),
    path(f"{STAGE}plan/list.csv", assessment_by_hand.table, name="assessment_list_csv"),
    path(f"{STAGE}plan/<int:pk>/", assessment_plan.change, name="assessment_change"),
    path(f"{STAGE}remind/", assessment.remind, name="assessment_remind"),
    path(f"{STAGE}close/", assessment.close, name="assessment_close"),
    path(f"{STAGE}final/", assessment.final_round, name="assessment_final"),
    path(f"{STAGE}opinions/", assessment.hint, name="assessment_hint"),
    path(f"{STAGE}meetings/", assessment_meetings.schedule, name="assessment_meetings"),
    path(f"{STAGE}meetings/<int:pk>/", assessment_meetings.meeting, name="assessment_meeting"),
    path(f"{STAGE}<int:pk>/", assessment.application, name="assessment_application"),
    path(f"{STAGE}<int:pk>/give/", assessment_by_hand.give, name="assessment_give"),
    path(f"{STAGE}<int:pk>/third/", assessment.third, name="assessment_third"),
    path(f"{STAGE}<int:pk>/conflict/", assessment.note_conflict, name="conflict_note"),
]
