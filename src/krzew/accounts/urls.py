"""Addresses of accounts. Sign-in, passwords and second factors are allauth's, under `account/`."""

from django.urls import path

from krzew.accounts import views

app_name = "accounts"

urlpatterns = [
    path("my/profile/", views.profile, name="profile"),
    path("my/second-factor/", views.second_factor, name="second_factor"),
    path("my/organisations/", views.organisations, name="organisations"),
    path("my/organisations/new/", views.open_organisation, name="open"),
    path("my/organisations/switch/", views.switch, name="switch"),
    path("my/organisations/<int:pk>/", views.organisation, name="organisation"),
    path("my/organisations/<int:pk>/change/", views.change_organisation, name="change"),
    path("my/organisations/<int:pk>/invite/", views.invite, name="invite"),
    path("my/organisations/<int:pk>/leave/", views.leave, name="leave"),
    path("my/organisations/<int:pk>/people/<int:person>/", views.person, name="person"),
    path("my/invitations/<int:pk>/withdraw/", views.withdraw, name="withdraw"),
    path("invitation/<str:token>/", views.invitation, name="invitation"),
]
