from django.urls import path

from krzew.places import views

app_name = "places"
urlpatterns = [
    path("places/", views.home, name="home"),
    path("places/search/", views.suggest, name="search"),
    path("places/figures/", views.indicator_list, name="indicators"),
    path("places/figures/<slug:code>/", views.indicator, name="indicator"),
    path("places/<str:code>/figures/<slug:indicator>/", views.region_figure, name="region_figure"),
    path("places/<str:code>/", views.detail, name="detail"),
]
