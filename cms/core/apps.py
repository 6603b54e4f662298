from importlib import import_module

from django.apps import AppConfig, apps
from django.db.models import IntegerField
from django.utils.module_loading import module_has_submodule

from cms.core.lookups import IntegerIn


class CoreConfig(AppConfig):
    name = "cms.core"
    verbose_name = "Inti"

    def ready(self) -> None:
        """Load the checks, and each room's `consumers.py`, so that facts find their consumers."""
        import_module("cms.core.checks")
        IntegerField.register_lookup(IntegerIn)
        for room in apps.get_app_configs():
            if room.name.startswith("cms.") and module_has_submodule(room.module, "consumers"):
                import_module(f"{room.name}.consumers")
