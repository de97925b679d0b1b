"""Addresses of the thesaurus."""

from django.urls import path

from krzew.door.views import thesaurus

urlpatterns = [
    path("thesaurus/", thesaurus.listing, name="thesaurus"),
    path("thesaurus/krzew.ttl", thesaurus.turtle, name="thesaurus_turtle"),
    path("thesaurus/unknown/", thesaurus.unknown, name="unknown_words"),
    path("thesaurus/unknown/<int:pk>/", thesaurus.settle, name="settle_word"),
    path("thesaurus/words/<int:pk>/remove/", thesaurus.remove, name="remove_word"),
    path("thesaurus/<slug:code>/", thesaurus.concept, name="concept"),
]
