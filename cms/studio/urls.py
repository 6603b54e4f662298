"""Addresses of the traders' own area."""

from django.urls import path

from cms.studio import products, segments, views

app_name = "studio"
urlpatterns = [
    path("", views.home, name="home"),
    path("lapak/<uuid:key>/", views.stall, name="stall"),
    path("chat/", views.taps, name="taps"),
    path("produk/", products.listing, name="products"),
    path("produk/tambah/", products.add, name="product_add"),
    path("produk/<uuid:key>/", products.edit, name="product"),
    path("produk/<uuid:key>/hapus/", products.delete, name="product_delete"),
    path("segmen/", segments.listing, name="segments"),
    path("segmen/tambah/", segments.add, name="segment_add"),
    path("segmen/<uuid:key>/", segments.edit, name="segment"),
    path("segmen/<uuid:key>/kirim/", segments.submit, name="segment_submit"),
    path("segmen/<uuid:key>/hapus/", segments.delete, name="segment_delete"),
]
