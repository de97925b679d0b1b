from django.urls import path, re_path

from krzew.ui import views

app_name = "ui"

FIGURE = r"^ui/figures/(?P<key>[0-9a-f]{64})/(?P<scheme>(?:light|dark)(?:-narrow)?)"

urlpatterns = [
    path("ui/", views.style, name="style"),
    path("ui/theme/", views.theme, name="theme"),
    re_path(FIGURE + r"\.svg\Z", views.figure_svg, name="figure_svg"),
    re_path(FIGURE + r"\.json\Z", views.figure_json, name="figure_json"),
]
