"""The tree of sections, and what other rooms ask about articles."""

from datetime import UTC, datetime

import pytest
from wagtail.models import Page, Site

from cms.articles import queries
from cms.articles.actions import do_ensure_root, do_ensure_section
from cms.articles.models import ArticlePage
from cms.cooperatives.models import Cooperative, Region
from cms.videos.models import Category

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 24, 0, 15, tzinfo=UTC)


@pytest.fixture
def tree() -> dict[str, Cooperative]:
    """Inkoppas over two Puskoppas, one of them over a market."""
    east = Region.objects.create(name="Jawa Timur", slug="jawa-timur")
    top = Cooperative.add_root(name="Inkoppas (contoh)", slug="inkoppas", level="inkoppas")
    java = top.add_child(
        name="Puskoppas Jawa Timur (contoh)", slug="jatim", level="puskoppas", region=east
    )
    south = top.add_child(name="Puskoppas Sulsel (contoh)", slug="sulsel", level="puskoppas")
    market = java.add_child(name="Koppas Melati (contoh)", slug="melati", level="koppas")
    return {"top": top, "java": java, "south": south, "market": market}


def article(cooperative: Cooperative, title: str, **fields: object) -> ArticlePage:
    section = do_ensure_section(cooperative, NOW)
    return section.add_child(
        instance=ArticlePage(title=title, first_published_at=NOW, live=True, **fields)
    )


def test_the_root_replaces_the_welcome_page_and_is_made_once():
    first = do_ensure_root(NOW)
    again = do_ensure_root(NOW)
    assert first.pk == again.pk
    assert Site.objects.get(is_default_site=True).root_page_id == first.pk
    assert not Page.objects.filter(title__startswith="Welcome").exists()
    assert Page.objects.filter(depth=2).count() == 1


def test_sections_stand_in_the_tree_of_their_cooperatives(tree):
    market = do_ensure_section(tree["market"], NOW)
    assert market.get_parent().specific.cooperative == tree["java"]
    assert market.get_parent().get_parent().specific.cooperative == tree["top"]
    assert do_ensure_section(tree["market"], NOW).pk == market.pk


def test_a_renamed_cooperative_renames_its_section_but_not_its_address(tree):
    before = do_ensure_section(tree["java"], NOW)
    tree["java"].name = "Puskoppas Jatim (contoh)"
    tree["java"].save()
    after = do_ensure_section(tree["java"], NOW)
    assert (after.title, after.slug) == ("Puskoppas Jatim (contoh)", before.slug)


def test_a_region_shows_its_cooperatives_articles_and_those_below_them(tree):
    article(tree["java"], "Provinsi")
    article(tree["market"], "Pasar")
    article(tree["south"], "Seberang")
    article(tree["top"], "Nasional")
    found = queries.for_region(Region.objects.get())
    assert {page.title for page in found} == {"Provinsi", "Pasar"}


def test_a_category_shows_its_own_articles(tree):
    kitchen = Category.objects.create(name="Dapur", slug="dapur")
    article(tree["top"], "Sambal", category=kitchen)
    article(tree["top"], "Rapat")
    assert [page.title for page in queries.for_category(kitchen)] == ["Sambal"]


def test_drafts_are_not_public(tree):
    page = article(tree["top"], "Rancangan")
    page.unpublish()
    assert not queries.public().exists()


def test_an_article_belongs_to_the_nearest_section(tree):
    page = article(tree["market"], "Pasar")
    assert page.cooperative == tree["market"]
