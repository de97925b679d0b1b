"""Addresses of assessment: the desk of an assessor, the pool, and the stages of a call."""

from django.urls import path

from krzew.calls.views import readings

urlpatterns = [
    path("assessments/", readings.desk, name="assessments"),
    path("assessments/links/<int:pk>/", readings.links, name="own_links"),
    path("assessments/<int:pk>/", readings.card, name="assessment_card"),
    path("assessments/<int:pk>/state/", readings.state, name="assessment_state"),
    path("assessments/<int:pk>/refuse/", readings.refuse, name="assessment_refuse"),
    path("assessments/<int:pk>/save/", readings.save, name="assessment_save"),
    path("assessments/<int:pk>/files/<int:file>/", readings.attachment, name="assessment_file"),
]
