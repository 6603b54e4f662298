"""What an editor sees of one video, tab by tab."""

from typing import Any

from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import (
    FieldPanel,
    HelpPanel,
    InlinePanel,
    MultiFieldPanel,
    ObjectList,
    PublishingPanel,
    TabbedInterface,
)

from cms.core import clock
from cms.videos.admin.forms import VideoForm
from cms.videos.covers import media_of
from cms.videos.replacing import may_replace
from cms.videos.words.findings import Remark, remarks_on, remarks_on_captions
from cms.videos.words.states import shown


class MachinePanel(HelpPanel):
    """The live state of the machines, what can be watched, and what can be done about it."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("template", "videos/admin/machine_panel.html")
        super().__init__(**kwargs)

    class BoundPanel(HelpPanel.BoundPanel):
        def get_context_data(self, parent_context: dict[str, Any] | None = None) -> dict[str, Any]:
            context: dict[str, Any] = super().get_context_data(parent_context)
            return {
                **context,
                "video": self.instance,
                "shown": shown(self.instance, clock.now()),
                "may_replace": may_replace(self.request.user, self.instance),
            }


class ReportPanel(HelpPanel):
    """What ingest found out about the video; not there where that is nothing."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("template", "videos/admin/report_panel.html")
        super().__init__(**kwargs)

    class BoundPanel(HelpPanel.BoundPanel):
        @cached_property
        def remarks(self) -> list[Remark]:
            media = media_of(self.instance)
            return [*remarks_on_captions(self.instance, media), *remarks_on(media)]

        def is_shown(self) -> bool:
            return super().is_shown() and bool(self.remarks)

        def get_context_data(self, parent_context: dict[str, Any] | None = None) -> dict[str, Any]:
            context: dict[str, Any] = super().get_context_data(parent_context)
            return {**context, "remarks": self.remarks}


EDIT_HANDLER = TabbedInterface(
    [
        ObjectList(
            [
                MachinePanel(heading=_("Video")),
                ReportPanel(heading=_("Hasil pemeriksaan")),
                FieldPanel(
                    "title", help_text=_("Sebut isinya. Judul ini tampil di jadwal dan daftar.")
                ),
                FieldPanel("description", help_text=_("Satu sampai tiga kalimat untuk penonton.")),
                MultiFieldPanel(
                    [
                        FieldPanel("category"),
                        FieldPanel("rating", help_text=_("Klasifikasi umur menurut P3SPS.")),
                        FieldPanel("language", help_text=_("Bahasa yang diucapkan.")),
                        FieldPanel(
                            "cooperative",
                            help_text=_("Koperasi pemilik video ini di pohon koperasi."),
                        ),
                        FieldPanel("slug"),
                    ],
                    heading=_("Penempatan"),
                ),
                PublishingPanel(),
            ],
            heading=_("Isi"),
        ),
        ObjectList(
            [FieldPanel("cover_at"), FieldPanel("cover_image")],
            heading=_("Sampul"),
        ),
        ObjectList(
            [
                InlinePanel(
                    "captions",
                    [FieldPanel("language"), FieldPanel("text")],
                    heading=_("Takarir"),
                    label=_("Takarir"),
                    help_text=_("Teks yang menyertai suara, satu berkas untuk tiap bahasa."),
                ),
                InlinePanel(
                    "chapters",
                    [FieldPanel("start_ms"), FieldPanel("title")],
                    heading=_("Bab"),
                    label=_("Bab"),
                    help_text=_("Penonton dapat melompat ke sebuah bab."),
                ),
            ],
            heading=_("Takarir dan bab"),
        ),
    ],
    base_form_class=VideoForm,
)
