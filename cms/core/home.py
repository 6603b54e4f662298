"""The first page of the CMS: what needs the person, then the doors. Each room adds its own.

@hooks.register("construct_homepage_panels")
def doors(request, panels):
    home.offer(panels, home.Door(10, _("Unggah video"), "/admin/…", "upload", main=True))
    home.ask(panels, home.Need(40, _("Segmen"), "/admin/…", _("3 segmen menunggu")))
"""

from dataclasses import dataclass
from typing import Any

from wagtail.admin.ui.components import Component


@dataclass(frozen=True)
class Door:
    """A large link that begins with a verb. `icon` is a name of Wagtail's icons.

    Doors stand by `order`; `main` fills one of them.
    """

    order: int
    label: str
    url: str
    icon: str
    note: str = ""
    main: bool = False


@dataclass(frozen=True)
class Need:
    """A thing that waits for the person: where, and in a few words what. They stand by `order`."""

    order: int
    label: str
    url: str
    what: str


class DoorsPanel(Component):
    """Stands above everything but what needs the person."""

    name = "siar_doors"
    order = 10
    template_name = "core/admin/doors.html"

    def __init__(self) -> None:
        self.doors: list[Door] = []

    def get_context_data(self, parent_context: Any = None) -> dict[str, Any]:
        return {"doors": sorted(self.doors, key=lambda door: door.order)}


class NeedsPanel(Component):
    """Stands above everything else."""

    name = "siar_needs"
    order = 5
    template_name = "core/admin/needs.html"

    def __init__(self) -> None:
        self.needs: list[Need] = []

    def get_context_data(self, parent_context: Any = None) -> dict[str, Any]:
        return {"needs": sorted(self.needs, key=lambda need: need.order)}


def offer(panels: list[Any], *doors: Door) -> None:
    """Put `doors` on the first page; nothing is shown where nobody offers any."""
    if doors:
        _panel(panels, DoorsPanel).doors += doors


def ask(panels: list[Any], *needs: Need) -> None:
    """Put `needs` on the first page; nothing is shown where there are none."""
    if needs:
        _panel(panels, NeedsPanel).needs += needs


def _panel[P: Component](panels: list[Any], kind: type[P]) -> P:
    """Return the panel of that kind, put on the page if it is not there yet."""
    panel = next((each for each in panels if isinstance(each, kind)), None)
    if panel is None:
        panels.append(panel := kind())
    return panel
