"""The description of the API, and an answer for addresses that it does not have."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from cms.api.answers import finished
from cms.api.application import not_found
from cms.api.openapi import schema


@require_safe
@finished
def openapi(_request: HttpRequest) -> HttpResponse:
    """The OpenAPI document."""
    return JsonResponse(schema())


@require_safe
def page(request: HttpRequest) -> HttpResponse:
    """The same for people, drawn here: no script of another host."""
    document = schema()
    context = {
        "info": document["info"] | {"description": _plain(document["info"]["description"])},
        "groups": _by_tag(document),
        "schemas": [_described(name, body) for name, body in _schemas(document)],
    }
    return render(request, "api/page.html", context)


@finished
def unknown(request: HttpRequest, **_path: str) -> HttpResponse:
    """An address below /api/v1/ that is none."""
    return not_found(request, Http404())


def _by_tag(document: dict[str, Any]) -> dict[str, list[dict[str, Any]]]:
    groups: dict[str, list[dict[str, Any]]] = {}
    for path, operations in document["paths"].items():
        for method, operation in operations.items():
            line = {"path": path, "method": method.upper(), **operation}
            line["description"] = _plain(operation["description"])
            line["answer"] = _name_of(operation["responses"][200]["content"])
            line["parameters"] = [_parameter(p) for p in operation["parameters"]]
            groups.setdefault(operation["tags"][0], []).append(line)
    return groups


def _parameter(parameter: dict[str, Any]) -> dict[str, Any]:
    body = parameter["schema"]
    return {
        "name": parameter["name"],
        "required": parameter["required"],
        "kind": _kind(body),
        "default": body.get("default", ""),
        "description": parameter.get("description") or body.get("description", ""),
    }


def _schemas(document: dict[str, Any]) -> list[tuple[str, dict[str, Any]]]:
    every = document["components"]["schemas"]
    return [(name, body) for name, body in every.items() if name != "Input"]


def _described(name: str, body: dict[str, Any]) -> dict[str, Any]:
    fields = [
        {"name": field, "kind": _kind(value), "description": value.get("description", "")}
        for field, value in body["properties"].items()
    ]
    return {"name": name, "description": _plain(body.get("description", "")), "fields": fields}


def _plain(text: str) -> str:
    """A description without the marks that Markdown has for code."""
    return text.replace("`", "")


def _name_of(content: dict[str, Any]) -> str:
    return _kind(content["application/json"]["schema"])


def _kind(body: dict[str, Any]) -> str:
    """A schema in a few words: "string (uuid)", "list of SegmentOut", "RegionOut or null"."""
    if "$ref" in body:
        return str(body["$ref"]).rsplit("/", 1)[-1]
    if "anyOf" in body:
        return " or ".join(_kind(each) for each in body["anyOf"])
    if body.get("type") == "array":
        return f"list of {_kind(body['items'])}"
    if "enum" in body:
        return " or ".join(body["enum"])
    kind = str(body.get("type", "any"))
    return f"{kind} ({body['format']})" if "format" in body else kind
