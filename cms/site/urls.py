"""Addresses of the viewers' site. Articles below /kabar/ are Wagtail's (cms/urls.py)."""

from django.contrib.sitemaps.views import sitemap
from django.urls import path
from django.views.generic import RedirectView

from cms.site import (
    again,
    feeds,
    guide,
    home,
    live,
    machines,
    places,
    preferences,
    search,
    watch,
)
from cms.site.exports import views as exports
from cms.site.market import views as market

urlpatterns = [
    path("", home.home, name="home"),
    path("live/", live.live, name="live"),
    path("live/<slug:slug>/", live.live_channel, name="live_channel"),
    path("live/<slug:slug>/now.json", live.now_json, name="now"),
    path("live/<slug:slug>/past.json", live.past_json, name="past"),
    path("live/<slug:slug>/ulang/<int:start>/", again.programme, name="again"),
    path("video/", watch.videos, name="videos"),
    path("video/<slug:slug>/", watch.video, name="video"),
    path("embed/video/<slug:slug>/", watch.embed, name="embed"),
    path("guide/", guide.all_channels, name="guide"),
    path("guide/<slug:slug>/", guide.one_channel, name="guide_channel"),
    path("guide/<slug:slug>/ulang/", again.days, name="again_days"),
    path("guide/<slug:slug>/kalender.ics", exports.channel_calendar, name="calendar"),
    path("guide/<slug:slug>/<int:start>.ics", exports.reminder, name="reminder"),
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
    path("tv/", exports.page, name="tv"),
    path("tv.m3u", exports.m3u_list, name="m3u"),
    path("tv.xml", exports.xmltv_guide, name="xmltv"),
    path("epg.xml", RedirectView.as_view(pattern_name="xmltv", permanent=True)),
    path("tv/<slug:region>.m3u", exports.m3u_list, name="m3u_region"),
    path("tv/<slug:region>.xml", exports.xmltv_guide, name="xmltv_region"),
    path("tv/saluran/<slug:channel>.m3u", exports.m3u_list, name="m3u_channel"),
    path("tv/saluran/<slug:channel>.xml", exports.xmltv_guide, name="xmltv_channel"),
]
