"""The door for those who sign in."""

from django.urls import path
from django.views.generic import RedirectView
from django.views.i18n import JavaScriptCatalog

from cms.core.sign_in import SignIn, SignOut

urlpatterns = [
    path("masuk/", SignIn.as_view(), name="sign_in"),
    path("keluar/", SignOut.as_view(), name="sign_out"),
    # In front of Wagtail's own: one door, and no leaving by GET.
    path("admin/login/", RedirectView.as_view(pattern_name="sign_in", query_string=True)),
    path("admin/logout/", SignOut.as_view()),
    # Wagtail's own view knows only its id_ID; ours has the language "id".
    path("admin/jsi18n/", JavaScriptCatalog.as_view(packages=["wagtail.admin", "cms.core"])),
]
