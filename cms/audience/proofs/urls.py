"""Addresses under which anybody compares a proof with the paper: short, to be typed."""

from django.urls import path

from cms.audience.proofs import verify

app_name = "proofs"
urlpatterns = [
    path("", verify.ask, name="ask"),
    path("<str:code>/", verify.show, name="show"),
    path("<str:code>/bukti.pdf", verify.pdf, name="pdf"),
    path("<str:code>/kartu.png", verify.picture, name="picture"),
]
