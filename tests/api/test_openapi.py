"""The description of the API is valid, complete and drawn without another host."""

import re
from typing import Any

import pytest
from django.test import Client

pytestmark = pytest.mark.django_db


@pytest.fixture
def document(client: Client) -> dict[str, Any]:
    answer = client.get("/api/v1/openapi.json")
    assert answer.status_code == 200
    return dict(answer.json())


def _references(value: Any) -> list[str]:
    if isinstance(value, dict):
        own = [value["$ref"]] if isinstance(value.get("$ref"), str) else []
        return own + [each for inner in value.values() for each in _references(inner)]
    if isinstance(value, list):
        return [each for inner in value for each in _references(inner)]
    return []


def test_the_document_has_the_form_of_openapi_3(document: dict[str, Any]) -> None:
    assert re.fullmatch(r"3\.1\.\d", document["openapi"])
    assert document["info"].keys() >= {"title", "version", "description"}
    for path, operations in document["paths"].items():
        assert path.startswith("/api/v1/")
        in_path = set(re.findall(r"{(\w+)}", path))
        for method, operation in operations.items():
            assert method == "get"
            assert operation["operationId"]
            declared = {p["name"] for p in operation["parameters"] if p["in"] == "path"}
            assert declared == in_path
            assert "lang" in {p["name"] for p in operation["parameters"]}
            assert {"200", "404", "422", "429"} <= set(operation["responses"])


def test_every_reference_leads_somewhere(document: dict[str, Any]) -> None:
    schemas = document["components"]["schemas"]
    references = _references(document)
    assert references
    for reference in references:
        prefix, _, name = reference.rpartition("/")
        assert prefix == "#/components/schemas"
        assert name in schemas


def test_operation_ids_are_unique(document: dict[str, Any]) -> None:
    ids = [o["operationId"] for path in document["paths"].values() for o in path.values()]
    assert len(ids) == len(set(ids))


@pytest.mark.parametrize(
    "path",
    [
        "cooperatives",
        "regions",
        "videos",
        "articles",
        "channels",
        "channels/{slug}/guide",
        "stalls",
        "products",
    ],
)
def test_what_was_promised_is_there(document: dict[str, Any], path: str) -> None:
    assert f"/api/v1/{path}" in document["paths"]


def test_the_page_shows_every_address_and_loads_nothing_from_elsewhere(
    client: Client, document: dict[str, Any]
) -> None:
    page = client.get("/api/v1/").content.decode()
    for path in document["paths"]:
        assert path in page
    for name in ("VideoOut", "ChannelOut", "Fault"):
        assert f'id="s-{name}"' in page
    assert not re.findall(r'(?:src|href)="(?:https?:)?//', page)
    assert "<style" not in page
    assert " style=" not in page
