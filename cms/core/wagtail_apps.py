"""Apps of Wagtail without its API of version 3, which Siar does not mount.

They register it as soon as Django starts, and for it every process imports pydantic, ninja
and the REST framework: 26 MB and 400 modules that a worker has no other use for.
"""

import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from importlib.abc import Loader, MetaPathFinder
from importlib.machinery import ModuleSpec
from re import compile as pattern
from types import ModuleType
from typing import Any

from wagtail.contrib.redirects.apps import WagtailRedirectsAppConfig
from wagtail.documents.apps import WagtailDocsAppConfig
from wagtail.images.apps import WagtailImagesAppConfig
from wagtail.snippets.apps import WagtailSnippetsAppConfig

_LEFT_OUT = pattern(
    r"wagtail\.(api\.v3|(images|documents|snippets)\.api\.v3|contrib\.redirects\.api)(\..+)?"
)


class _Nothing:
    """Has everything that is asked of it, and does nothing when it is called."""

    def __getattr__(self, name: str) -> "_Nothing":
        return self

    def __call__(self, *arguments: Any, **given: Any) -> None:
        return None


class _StandIn(ModuleType):
    """A module of which everything is nothing."""

    def __getattr__(self, name: str) -> _Nothing:
        if name.startswith("__"):
            raise AttributeError(name)
        return _Nothing()


class _Finder(MetaPathFinder, Loader):
    """Finds stand-ins for the modules of the API."""

    def __init__(self) -> None:
        self.made: list[str] = []

    def find_spec(
        self, name: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        return ModuleSpec(name, self, is_package=True) if _LEFT_OUT.fullmatch(name) else None

    def create_module(self, spec: ModuleSpec) -> ModuleType:
        self.made.append(spec.name)
        return _StandIn(spec.name)

    def exec_module(self, module: ModuleType) -> None:
        """There is nothing in it."""


@contextmanager
def api_left_out() -> Iterator[None]:
    """Let imports of the API find stand-ins meanwhile; whoever imports it later gets the real one."""
    finder = _Finder()
    sys.meta_path.insert(0, finder)
    try:
        yield
    finally:
        sys.meta_path.remove(finder)
        for name in finder.made:
            parent, _, child = name.rpartition(".")
            sys.modules.pop(name, None)
            vars(sys.modules.get(parent, finder)).pop(child, None)


class Redirects(WagtailRedirectsAppConfig):
    def ready(self) -> None:
        with api_left_out():
            super().ready()


class Documents(WagtailDocsAppConfig):
    def ready(self) -> None:
        with api_left_out():
            super().ready()


class Images(WagtailImagesAppConfig):
    def ready(self) -> None:
        with api_left_out():
            super().ready()


class Snippets(WagtailSnippetsAppConfig):
    def ready(self) -> None:
        with api_left_out():
            super().ready()
