from django.urls import path

from krzew.library import desk, views

app_name = "library"

urlpatterns = [
    path("library/", views.home, name="home"),
    path("library/compare/", views.compare, name="compare"),
    path("library/suggest/", views.suggest, name="suggest"),
    path("library/export.json", views.export_json, name="export"),
    path("library/desk/", desk.desk, name="desk"),
    path("library/desk/new/", desk.new, name="new"),
    path("library/desk/answers/<int:pk>/", desk.settle, name="settle"),
    path("library/desk/<int:pk>/", desk.draft, name="draft"),
    path("library/desk/<int:pk>/preview/", desk.preview, name="preview"),
    path("library/desk/<int:pk>/send/", desk.send, name="send"),
    path("library/desk/<int:pk>/return/", desk.give_back, name="return"),
    path("library/desk/<int:pk>/publish/", desk.publish, name="publish"),
    path("library/desk/<int:pk>/discard/", desk.discard, name="discard"),
    path("library/desk/<int:pk>/<slug:section>/", desk.section, name="section"),
    path("library/<slug:slug>.json", views.card_json, name="card_json"),
    path("library/<slug:slug>.jsonld", views.card_jsonld, name="card_jsonld"),
    path("library/<slug:slug>/", views.card, name="card"),
    path("library/<slug:slug>/version/<int:number>/", views.version, name="version"),
    path("library/<slug:slug>/changes/", views.changes, name="changes"),
    path("library/<slug:slug>/tell/", views.tell, name="tell"),
    path("library/<slug:slug>/follow/", views.follow, name="follow"),
    path("library/<slug:slug>/next/", desk.start, name="start"),
    path("library/<slug:slug>/withdraw/", desk.withdraw, name="withdraw"),
]
