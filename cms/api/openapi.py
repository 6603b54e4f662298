"""The description of the API, for programs (`openapi.json`) and for people (the page)."""

from copy import deepcopy
from functools import cache
from typing import Any

from cms.api.application import api
from cms.api.schemas import Fault

LANGUAGE = {
    "name": "lang",
    "in": "query",
    "required": False,
    "description": "Language of sentences and of prices as text",
    "schema": {"type": "string", "enum": ["id", "en"], "default": "id"},
}
FAULTS = {
    "404": "Not there, or not for you",
    "422": "A parameter cannot be",
    "429": "Too often; see Retry-After",
}
ABOUT = (
    "Public data of Siar: co-operatives, channels, programmes, market. Read only; no key is "
    "needed. Times are UTC (ISO 8601), prices whole Rupiah. Every answer has an ETag; any site "
    "may read it. With `mine=1`, people who are signed in get what they may see themselves."
)


@cache
def schema() -> dict[str, Any]:
    """Return the OpenAPI document, with what holds for every operation added to each."""
    document: dict[str, Any] = deepcopy(dict(api.get_openapi_schema(path_prefix="/api/v1")))
    document["info"]["description"] = ABOUT
    document["components"]["schemas"]["Fault"] = Fault.model_json_schema()
    fault = {"application/json": {"schema": {"$ref": "#/components/schemas/Fault"}}}
    for operations in document["paths"].values():
        for operation in operations.values():
            operation["parameters"] = [*operation["parameters"], LANGUAGE]
            for status, description in FAULTS.items():
                operation["responses"][status] = {"description": description, "content": fault}
    return document
