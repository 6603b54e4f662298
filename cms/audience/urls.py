"""Addresses of this room."""

from django.urls import path

from cms.audience import pictures, views

app_name = "audience"
urlpatterns = [
    path("<uuid:key>/", views.chat, name="chat"),
    path("<uuid:key>/toko/", views.shop, name="shop"),
    path("<uuid:key>/tampil.json", views.shows, name="shows"),
    path("<uuid:key>/qr.svg", pictures.qr, name="qr"),
]
