"""Addresses of ideas."""

from django.urls import path

from krzew.calls.views import ideas, team_ideas

urlpatterns = [
    path("idea/", ideas.begin, name="begin"),
    path("idea/<str:token>/", ideas.idea, name="idea"),
    path("idea/<str:token>/save/", ideas.save, name="idea_save"),
    path("idea/<str:token>/near/", ideas.near, name="idea_near"),
    path("idea/<str:token>/say/", ideas.say, name="idea_say"),
    path("idea/<str:token>/withdraw/", ideas.withdraw, name="idea_withdraw"),
    path("ideas/", team_ideas.listing, name="team_ideas"),
    path("ideas/new/", team_ideas.key_in, name="key_in"),
    path("ideas/<int:pk>/", team_ideas.detail, name="team_idea"),
    path("ideas/<int:pk>/answer/", team_ideas.answer, name="answer"),
]
