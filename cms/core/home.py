"""The doors on the first page of the CMS: one panel, to which each room adds its own.

@hooks.register("construct_homepage_panels")
def doors(request, panels):
    home.offer(panels, home.Door(10, _("Unggah video"), "/admin/…", "upload", main=True))
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


class DoorsPanel(Component):
    """Stands above everything else."""

    name = "siar_doors"
    order = 10
    template_name = "core/admin/doors.html"

    def __init__(self) -> None:
        self.doors: list[Door] = []

    def get_context_data(self, parent_context: Any = None) -> dict[str, Any]:
        return {"doors": sorted(self.doors, key=lambda door: door.order)}


def offer(panels: list[Any], *doors: Door) -> None:
    """Put `doors` on the first page; nothing is shown where nobody offers any."""
    if not doors:
        return
    panel = next((each for each in panels if isinstance(each, DoorsPanel)), None)
    if panel is None:
        panels.append(panel := DoorsPanel())
    panel.doors += doors
