"""Addresses of the partnership board."""

from django.urls import path

from krzew.door.views import board

urlpatterns = [
    path("board/", board.listing, name="board"),
    path("board/new/", board.new, name="new_offer"),
    path("board/<int:pk>/", board.notice, name="notice"),
    path("board/mine/<str:token>/", board.offer, name="offer"),
    path("board/mine/<str:token>/close/", board.close, name="offer_close"),
    path("board/office/", board.moderation, name="moderation"),
    path("board/office/<int:pk>/", board.team_offer, name="team_offer"),
    path("board/office/<int:pk>/settle/", board.moderate, name="moderate"),
    path("board/office/<int:pk>/answers/<int:reply>/", board.moderate_reply, name="moderate_reply"),
]
