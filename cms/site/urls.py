"""Addresses of the viewers' site. Articles below /kabar/ are Wagtail's (cms/urls.py)."""

from django.contrib.sitemaps.views import sitemap
from django.urls import path

from cms.site import feeds, guide, home, live, machines, market, places, preferences, search, watch

urlpatterns = [
    path("", home.home, name="home"),
    path("live/", live.live, name="live"),
    path("live/<slug:slug>/", live.live_channel, name="live_channel"),
    path("live/<slug:slug>/now.json", live.now_json, name="now"),
    path("video/", watch.videos, name="videos"),
    path("video/<slug:slug>/", watch.video, name="video"),
    path("embed/video/<slug:slug>/", watch.embed, name="embed"),
    path("guide/", guide.all_channels, name="guide"),
    path("guide/<slug:slug>/", guide.one_channel, name="guide_channel"),
    path("rubrik/<slug:slug>/", places.category, name="category"),
    path("wilayah/", places.regions, name="regions"),
    path("wilayah/<slug:slug>/", places.region, name="region"),
    path("pasar/", market.directory, name="market"),
    path("pasar/<slug:slug>/", market.cooperative, name="cooperative"),
    path("lapak/<slug:slug>/", market.stall, name="stall"),
    path("lapak/<slug:slug>/<slug:product_slug>/", market.product, name="product"),
    path("cari/", search.search, name="search"),
    path("bahasa/", preferences.choose_language, name="language"),
    path("feed/", feeds.Everything(), name="feed"),
    path("feed/rubrik/<slug:slug>/", feeds.OfCategory(), name="feed_category"),
    path("feed/wilayah/<slug:slug>/", feeds.OfRegion(), name="feed_region"),
    path("sitemap.xml", sitemap, {"sitemaps": machines.SITEMAPS}, name="sitemap"),
    path("robots.txt", machines.robots, name="robots"),
    path("site.webmanifest", machines.manifest, name="manifest"),
    path("tv.m3u", machines.tv, name="tv"),
]
