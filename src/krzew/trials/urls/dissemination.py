"""Addresses of the last gate, the package and policy."""

from django.urls import path

from krzew.trials.views import dissemination, packages

urlpatterns = [
    path("innovation/<str:token>/package/", packages.package, name="package"),
    path("innovation/<str:token>/package/files/", packages.add_file, name="package_add"),
    path("innovation/<str:token>/package/files/<int:file>/", packages.read_file, name="package_file"),
    path("innovation/<str:token>/package/files/<int:file>/move/", packages.move_file, name="package_move"),
    path("innovation/<str:token>/package/files/<int:file>/check/", packages.check_file, name="package_check"),
    path("innovations/<int:pk>/package/", packages.team_package, name="team_package"),
    path("innovations/<int:pk>/package/files/", packages.team_add_file, name="team_package_add"),
    path("innovations/<int:pk>/package/files/<int:file>/", packages.team_read_file, name="team_package_file"),
    path(
        "innovations/<int:pk>/package/files/<int:file>/move/",
        packages.team_move_file,
        name="team_package_move",
    ),
    path(
        "innovations/<int:pk>/package/files/<int:file>/check/",
        packages.team_check_file,
        name="team_package_check",
    ),
    path("innovations/<int:pk>/publish/", packages.publish, name="publish"),
    path("innovations/<int:pk>/dissemination/", dissemination.detail, name="team_dissemination"),
    path("innovations/<int:pk>/dissemination/recommend/", dissemination.recommend, name="recommend"),
    path("innovations/<int:pk>/dissemination/discuss/", dissemination.discuss, name="discuss"),
    path("innovations/<int:pk>/dissemination/decide/", dissemination.decide, name="decide_dissemination"),
    path("innovations/gate/<slug:slug>/", dissemination.call, name="gate"),
    path("innovations/gate/<slug:slug>/protocol.pdf", dissemination.protocol, name="gate_protocol"),
    path("solutions/<slug:slug>/policy/", dissemination.policy_page, name="policy"),
    path(
        "solutions/<slug:slug>/policy/<int:pk>/withdraw/",
        dissemination.policy_withdraw,
        name="policy_withdraw",
    ),
]
