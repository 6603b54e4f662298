"""Every address of the CMS, asked for by people whom it does not concern.

The addresses come from the URL resolver, so a view that is added tomorrow is walked
tomorrow. An address that names a row is asked for the rows of market A; nobody from
elsewhere may get anything but a refusal. An address that names none may show its
page, but never a title of market A.
"""

import itertools
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from django.apps import apps
from django.db import models
from django.http import HttpResponseNotFound
from django.urls import URLPattern, URLResolver, get_resolver
from wagtail.documents import get_document_model
from wagtail.images import get_image_model
from wagtail.snippets.models import get_snippet_models

from cms.articles.models import ArticlePage
from cms.cooperatives.actions import do_add_member
from cms.core.models import User

pytestmark = pytest.mark.django_db
SECRET = re.compile(rb"RAHASIA[ -][\w]")
"""A title of market A. The bare word may come back as the echo of a search."""
REFUSED = {400, 403, 404, 405}
HOME, DOOR = "/admin/", "/masuk/"
OPEN_TO_ALL = {
    "admin/login/": "leads to the door",
    "admin/logout/": "answers POST alone, and only signs out",
    "admin/sprite/": "icons",
    "admin/^.*/$": "Wagtail's 404",
    "admin/jsi18n/": "texts of the interface",
    "admin/password_reset/": "switched off: 404",
    "admin/password_reset/done/": "switched off: 404",
    "admin/password_reset/confirm/<uidb64>/<token>/": "switched off: 404",
    "admin/password_reset/complete/": "switched off: 404",
}
"""Addresses that visitors may ask for, and why."""
NAMES_NOTHING_OF_OTHERS = {
    "admin/pages/create/<slug:app_label>/<slug:model_name>": "names a kind of page, no page",
    "admin/tag-autocomplete/<slug:app_name>/": "names a kind of tag; the walk asks for the tags",
    "admin/editing-sessions/release/<int:session_id>/": "closes sessions of one's own alone",
    "admin/snippets/choose/cooperatives/region/chosen/": "regions belong to all",
    "admin/snippets/choose/videos/category/chosen/": "categories belong to all",
    "admin/snippets/choose/traders/commodity/chosen/": "commodities belong to all",
    "admin/choose-page/<int:parent_page_id>/": "the section of market A is published",
}
"""Addresses with names in them that may answer, and why; no title may show there either."""
BREAKS_IN_WAGTAIL = {
    "admin/test404/": "raises 404 on purpose",
    "admin/choose-external-link/": "Wagtail 8.0 answers an incomplete POST with KeyError",
}
FIXED: dict[str, list[Any]] = {
    "content_type_app_name": ["articles"],
    "content_type_model_name": ["articlepage"],
    "app_name": ["taggit"],
    "filter_spec": ["original"],
    "action_name": ["approve"],
    "action": ["delete", "publish", "move", "add_tags", "set_active_state"],
    "uidb64": ["MQ"],
    "token": ["set-password"],
    "session_id": [1],
    "redirect_id": [1],
    "uploaded_file_id": [1],
    "workflow_pk": [1],
    "task_id": [1],
}
"""What stands in names that lead to no row of market A."""
PAGE_NAMES = ("page_id", "parent_page_id", "page_to_move_id", "destination_id", "page_pk")
WORKERS = ["editor_sulsel", "coordinator_b", "two_roles"]
ONLY_ROWS = {"editor_sulsel"}
"""People with a role in the CMS, elsewhere. An editor's lists are as a moderator's (two_roles)."""


@dataclass(frozen=True)
class Address:
    """One pattern of the resolver: its route, the names in it, where it stands."""

    route: str
    names: tuple[str, ...]
    namespace: str

    def __str__(self) -> str:
        return self.route


def addresses() -> list[Address]:
    """Return every address below /admin/."""
    found = _walk(get_resolver().url_patterns, "", ())
    return [each for each in found if each.route.startswith("admin/")]


def _walk(patterns: list[Any], before: str, spaces: tuple[str, ...]) -> Iterator[Address]:
    for each in patterns:
        route = before + str(each.pattern)
        if isinstance(each, URLResolver):
            inner = (*spaces, each.namespace) if each.namespace else spaces
            yield from _walk(each.url_patterns, route, inner)
        elif isinstance(each, URLPattern):
            yield Address(route, _names(route), ":".join(spaces))


def _names(route: str) -> tuple[str, ...]:
    return tuple(
        a or b
        for a, b in re.findall(r"<(?:\w+:)?(\w+)>(?!\[|\\|\.|live|earliest)|\(\?P<(\w+)>", route)
    )


def model_at(address: Address) -> type[models.Model] | None:
    """Return the model whose rows `pk` means at `address`; None where it may be any."""
    for model in get_snippet_models():
        label = f"{model._meta.app_label}_{model._meta.model_name}"
        if address.namespace.endswith(label) or f"/{label.replace('_', '/')}/" in address.route:
            return model
    for part, model in (
        ("images", get_image_model()),
        ("documents", get_document_model()),
        ("pages", ArticlePage),
        ("users", User),
    ):
        if f"/{part}/" in address.route or f"^{part}/" in address.route:
            return model
    return None


def values_of(name: str, model: type[models.Model], rows: Any) -> list[Any]:
    """Return what to put in the place of `name` when the row of `model` is looked for."""
    row, related = rows.rows[model], rows.related[model]
    page, image = rows.rows[ArticlePage], rows.rows[get_image_model()]
    document = rows.rows[get_document_model()]
    if name in related:
        return [related[name]]
    own: dict[str, list[Any]] = {
        "pk": [row.pk],
        "object_id": [row.pk],
        "app_label": [model._meta.app_label],
        "model_name": [model._meta.model_name],
        "image_id": [image.pk],
        "document_id": [document.pk],
        "doc_id": [document.pk],
        "collection_id": [image.collection_id],
        "task_state_id": [1],
        "workflow_state_id": [1],
    } | {each: [page.pk, page.get_parent().pk] for each in PAGE_NAMES}
    return own.get(name) or FIXED.get(name) or [row.pk]


def urls_of(address: Address, foreign: Any) -> Iterator[str]:
    """Yield the address for each row of market A that it could name."""
    for model in _looked_for(address, foreign):
        choices = [values_of(name, model, foreign) for name in address.names]
        for values in itertools.product(*choices):
            yield filled(address, dict(zip(address.names, values, strict=True)))


def mixed_urls_of(address: Address, own: Any, foreign: Any) -> Iterator[str]:
    """Yield the address with a row of one's own and a revision or task of market A."""
    for model in _looked_for(address, foreign):
        swapped = {name for name in address.names if name in foreign.related[model]} - {"task_id"}
        if not swapped - {"action_name"}:
            continue
        values = {
            name: values_of(name, model, foreign if name in swapped else own)[0]
            for name in address.names
        }
        yield filled(address, values)


def _looked_for(address: Address, foreign: Any) -> list[type[models.Model]]:
    model = model_at(address)
    if model in foreign.rows:
        return [model]
    return (
        list(foreign.rows)
        if {"pk", "object_id", "model_name"} & set(address.names)
        else [ArticlePage]
    )


def filled(address: Address, values: dict[str, Any]) -> str:
    """Return the path of `address` with `values` in it."""
    route = address.route
    for name, value in values.items():
        route = re.sub(rf"\(\?P<{name}>[^)]*\)|<(?:\w+:)?{name}>", str(value), route, count=1)
    return "/" + re.sub(r"[\^$\\]", "", route)


def asked(address: Address, url: str, foreign: Any) -> list[str]:
    """Return `url` with what may stand after its question mark."""
    keys = "&".join(f"id={row.pk}" for row in foreign.rows.values())
    if "/bulk/" in address.route:
        own = foreign.rows.get(model_at_bulk(url))
        return [f"{url}?id={own.pk}" if own else url, f"{url}?id=all"]
    if address.names:
        return [url]
    page = foreign.rows[ArticlePage].pk
    return [url, f"{url}?q=RAHASIA", f"{url}?term=RAHASIA&{keys}&childOf={page}"]


def model_at_bulk(url: str) -> type[models.Model] | None:
    """Return the model of a bulk action's address."""
    app_label, name = url.split("/")[3:5]
    try:
        return apps.get_model(app_label, name)
    except LookupError:
        return None


def answer_of(client: Any, method: str, url: str, *form: Any) -> Any:
    """Return the answer, with the messages that it left for the next page, whatever its status.

    They are taken away, so that no other address is blamed for them.
    """
    response = getattr(client, method)(url, *form)
    session = client.session
    response.messages = session.get("_messages", "").encode()
    if response.messages:
        del session["_messages"]
        session.save()
    return response


def body_of(response: Any) -> bytes:
    """Return what was answered, streamed or not."""
    return response.getvalue() if response.streaming else response.content


def fault_in(address: Address, what: str, response: Any) -> str:
    """Return what is wrong with an answer to somebody from elsewhere; "" if nothing is."""
    status = response.status_code
    if SECRET.search(body_of(response)):
        return "tells a title of market A"
    if SECRET.search(response.messages):
        return "tells a title of market A in a message on the next page"
    if status >= 500 and address.route not in BREAKS_IN_WAGTAIL:
        return "breaks"
    if not address.names or is_excused(address) or what.endswith("id=all"):
        return ""
    if status == 302 and not response.url.startswith((HOME, DOOR)):
        return f"leads to {response.url}"
    return "" if status in REFUSED or status == 302 else "answers"


def is_excused(address: Address) -> bool:
    """Return whether an address with names in it may answer."""
    return any(address.route.startswith(each) for each in NAMES_NOTHING_OF_OTHERS)


@pytest.fixture
def two_roles(make_user, pasar_b, pasar_a):
    """Edits market B and sells in market A: the second must not open A's drawers."""
    person = make_user("dua-peran", pasar_b, "moderator")
    do_add_member(person, pasar_a, "trader")
    return person


@pytest.fixture(autouse=True)
def _light(settings, monkeypatch):
    """Make the walk short: no look for redirects, of which there are none; sessions in memory;
    and refusals without a page, as the pages for 404 name no row.
    """
    for handler in ("wagtail.admin.urls.page_not_found", "django.conf.urls.handler404"):
        monkeypatch.setattr(handler, lambda *_, **__: HttpResponseNotFound())
    settings.MIDDLEWARE = [each for each in settings.MIDDLEWARE if "redirects" not in each]
    settings.SESSION_ENGINE = "django.contrib.sessions.backends.cache"


@pytest.fixture
def visits():
    """The addresses of the CMS but those that are open to all."""
    found = [each for each in addresses() if each.route not in OPEN_TO_ALL]
    assert len(found) > 250, "the walk has lost its way"
    return found


@pytest.mark.parametrize("who", ["nobody", "stranger", "trader_b"])
def test_who_has_no_role_in_the_cms_is_sent_to_the_door(client, request, foreign, visits, who):
    if who != "nobody":
        client.force_login(request.getfixturevalue(who))
    faults = [
        f"{who} {url}: {response.status_code}"
        for address in visits
        for url in itertools.islice(urls_of(address, foreign), 1)
        for response in (client.get(url), client.post(url))
        if not (response.status_code == 302 and response.url.startswith(DOOR))
        and response.status_code not in REFUSED
    ]
    assert not faults, "\n".join(faults)


@pytest.mark.parametrize("who", WORKERS)
def test_who_works_elsewhere_gets_nothing_of_market_a(
    client, request, foreign, visits, settings, who
):
    settings.MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"
    client.force_login(request.getfixturevalue(who))
    client.raise_request_exception = False
    before = foreign.state()
    form = {
        "id": [row.pk for row in foreign.rows.values()],
        "next": HOME,
        "mark_as_active": "False",
    }
    faults = []
    for address in visits:
        if who in ONLY_ROWS and not address.names:
            continue
        for url in urls_of(address, foreign):
            answers = [
                (f"GET {each}", answer_of(client, "get", each))
                for each in asked(address, url, foreign)
            ]
            answers.append((f"POST {url}", answer_of(client, "post", url, form)))
            faults += [
                f"{who} {what}: {fault} ({response.status_code})"
                for what, response in answers
                if (fault := fault_in(address, what, response))
            ]
    assert not faults, "\n".join(faults)
    assert foreign.state() == before


def test_the_pages_of_a_refusal_name_nothing_of_market_a(client, moderator_b, foreign, monkeypatch):
    monkeypatch.undo()
    client.force_login(moderator_b)
    met = set()
    for url in [f"/admin/pages/{foreign.rows[ArticlePage].pk}/edit/", "/admin/tidak-ada/"]:
        response = client.get(url)
        assert response.status_code == 404
        assert not SECRET.search(response.content)
        met.add(response.templates[0].name)
    assert met == {"404.html", "wagtailadmin/404.html"}


def test_revisions_and_tasks_of_others_do_not_open_by_a_row_of_ones_own(
    client, moderator_b, foreign, own, visits
):
    client.force_login(moderator_b)
    client.raise_request_exception = False
    before = foreign.state()
    faults = [
        f"{url}: {response.status_code}"
        for address in visits
        for url in mixed_urls_of(address, own, foreign)
        for response in (client.get(url), client.post(url, {"next": HOME}))
        if SECRET.search(body_of(response)) or response.status_code >= 500
    ]
    assert not faults, "\n".join(faults)
    assert foreign.state() == before


def test_the_walk_would_see_the_titles_if_they_were_shown(client, superuser, foreign, visits):
    client.force_login(superuser)
    client.raise_request_exception = False
    seen = {
        address.route
        for address in visits
        for url in itertools.islice(urls_of(address, foreign), 1)
        if SECRET.search(body_of(client.get(url)))
    }
    assert len(seen) > 60
    for part in ("admin/pages/", "admin/images/", "admin/documents/", "admin/users/", "snippets/"):
        assert any(part in each for each in seen), f"no title was seen below {part}"


@pytest.mark.parametrize("who", ["moderator_b", "coordinator_b"])
def test_forms_take_no_reference_to_what_the_person_may_not_see(request, foreign, who):
    person = request.getfixturevalue(who)
    for model in get_snippet_models():
        if model not in foreign.rows:
            continue
        form = model.snippet_viewset.get_form_class()(instance=model(), for_user=person)
        for name, each in form.fields.items():
            queryset = getattr(each, "queryset", None)
            row = foreign.rows.get(getattr(queryset, "model", None))
            if row is not None:
                assert not queryset.filter(pk=row.pk).exists(), f"{model.__name__}.{name}"
