from importlib import import_module

from django.apps import AppConfig, apps
from django.utils.module_loading import module_has_submodule


class CoreConfig(AppConfig):
    name = "cms.core"
    verbose_name = "Inti"

    def ready(self) -> None:
        """Load the checks, and each room's `consumers.py`, so that facts find their consumers."""
        import_module("cms.core.checks")
        for room in apps.get_app_configs():
            if room.name.startswith("cms.") and module_has_submodule(room.module, "consumers"):
                import_module(f"{room.name}.consumers")
