"""Addresses of diagnoses and enquiries."""

from django.urls import path

from krzew.diagnosis.views import edit, enquiries, read

app_name = "diagnosis"

urlpatterns = [
    path("diagnoses/", read.listing, name="list"),
    path("diagnoses/open/<str:code>/", read.opening, name="open"),
    path("diagnoses/open/<str:code>/start/", edit.start, name="start"),
    path("diagnoses/<int:pk>/", read.detail, name="detail"),
    path("diagnoses/<int:pk>/needs/", read.needs, name="needs"),
    path("diagnoses/<int:pk>/needs/<slug:code>/", read.need, name="need"),
    path("diagnoses/<int:pk>/neighbours/", edit.neighbour, name="neighbour"),
    path("diagnoses/<int:pk>/neighbours/<str:code>/undo/", edit.undo_neighbour, name="undo_neighbour"),
    path("diagnoses/<int:pk>/voices/", read.voices, name="voices"),
    path("diagnoses/<int:pk>/voices/dates/", edit.meetings, name="meetings"),
    path("diagnoses/<int:pk>/figures/", read.figures, name="figures"),
    path("diagnoses/<int:pk>/figures/enter/", edit.figure, name="figure"),
    path("diagnoses/<int:pk>/figures/<slug:indicator>/remove/", edit.remove_figure, name="remove_figure"),
    path("diagnoses/<int:pk>/solutions/", read.solutions, name="solutions"),
    path("diagnoses/<int:pk>/solutions/weights/", edit.weights, name="weights"),
    path("diagnoses/<int:pk>/solutions/answer/", edit.answer, name="answer"),
    path("diagnoses/<int:pk>/solutions/<slug:slug>/", read.solution, name="solution"),
    path("diagnoses/<int:pk>/decision/", read.decision, name="decision"),
    path("diagnoses/<int:pk>/decision/save/", edit.decide, name="decide"),
    path("diagnoses/<int:pk>/sign/", edit.sign, name="sign"),
    path("diagnoses/<int:pk>/cancel/", edit.cancel, name="cancel"),
    path("diagnoses/<int:pk>/publish/", edit.publish, name="publish"),
    path("diagnoses/<int:pk>/repeat/", edit.repeat, name="repeat"),
    path("diagnoses/<int:pk>/compare/", read.comparison, name="compare"),
    path("diagnoses/<int:pk>/report/", read.report, name="report"),
    path("diagnoses/<int:pk>/report/ask/", edit.ask_report, name="ask_report"),
    path("diagnoses/<int:pk>/report/<int:report_pk>/", read.report_file, name="report_file"),
    path("diagnoses/<int:pk>/report/<int:report_pk>/progress/", read.report_progress, name="report_progress"),
    path("diagnoses/<int:pk>/report/<int:report_pk>/retry/", edit.retry_report, name="retry_report"),
    path("diagnoses/<int:pk>/history/", read.history, name="history"),
    path("enquiries/", enquiries.listing, name="enquiries"),
    path("enquiries/new/<slug:slug>/", enquiries.ask, name="enquire"),
    path("enquiries/<int:pk>/", enquiries.enquiry, name="enquiry"),
    path("enquiries/<int:pk>/take-up/", enquiries.take_up, name="take_up"),
    path("enquiries/<int:pk>/attach/", enquiries.attach, name="attach"),
    path("enquiries/<int:pk>/accept/", enquiries.accept, name="accept"),
    path("enquiries/<int:pk>/decline/", enquiries.decline, name="decline"),
    path("enquiries/<int:pk>/withdraw/", enquiries.withdraw, name="withdraw"),
    path("enquiries/<int:pk>/release/", enquiries.release, name="release"),
]
