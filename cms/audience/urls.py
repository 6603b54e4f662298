"""Addresses of this room."""

from django.urls import path

from cms.audience import views

app_name = "audience"
urlpatterns = [path("<uuid:key>/", views.chat, name="chat")]
