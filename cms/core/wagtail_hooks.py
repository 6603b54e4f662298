"""The CMS admin as Siar: its look, and the language of the person."""

from typing import Any

from django import forms
from django.conf import settings
from django.http import HttpRequest
from django.templatetags.static import static
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.views.account import BaseSettingsPanel, NameEmailSettingsPanel
from wagtail.admin.views.home import WorkflowObjectsToModeratePanel
from wagtail.admin.views.pages.search import SearchView
from wagtail.models import Page

from cms.core.account import NameForm
from cms.core.actions import do_choose_language
from cms.core.home import NeedsPanel
from cms.core.models import User

# The panel is built into Wagtail's account page; its form is the part that can be another.
NameEmailSettingsPanel.form_class = NameForm
# Its list has no name for what it counts, and said "1–3 dari 3 None".
SearchView.verbose_name = Page._meta.verbose_name
SearchView.verbose_name_plural = Page._meta.verbose_name_plural


@hooks.register("insert_global_admin_css")
def siar_look() -> SafeString:
    """Give the admin the colours of Siar's tokens."""
    return format_html('<link rel="stylesheet" href="{}">', static("core/admin.css"))


@hooks.register("insert_global_admin_js")
def names() -> SafeString:
    """Name, for screen readers, what Wagtail's scripts build without a name."""
    return format_html('<script type="module" src="{}"></script>', static("names.js"))


@hooks.register("construct_homepage_panels")
def moderation_first(_request: HttpRequest, panels: list[Any]) -> None:
    """Show what a moderator has to decide beside what else needs them, not below the doors."""
    for panel in panels:
        if isinstance(panel, WorkflowObjectsToModeratePanel):
            panel.order = NeedsPanel.order + 1


@hooks.register("construct_page_action_menu")
@hooks.register("construct_snippet_action_menu")
def approve_first(items: list[Any], _request: HttpRequest, _context: dict[str, Any]) -> None:
    """Make "Setujui" the main button of moderators; Wagtail puts it into the menu beside it."""
    for item in items:
        # The other one asks for a comment first.
        if item.name == "approve" and not item.launch_modal:
            items.remove(item)
            items.insert(0, item)
            return


@hooks.register("construct_help_menu")
def only_our_help(_request: HttpRequest, items: list[Any]) -> None:
    """Leave out Wagtail's news and its guide: in English, and about screens that are not ours."""
    items[:] = [item for item in items if item.name == "keyboard-shortcuts-trigger"]


class LanguageForm(forms.ModelForm):
    """The language in which Siar speaks to a person."""

    class Meta:
        model = User
        fields = ["language"]
        widgets = {"language": forms.RadioSelect}

    def save(self, commit: bool = True) -> User:
        """Write the language alone: the account's other forms hold the same user."""
        do_choose_language(self.instance, self.cleaned_data["language"])
        return self.instance


class LanguagePanel(BaseSettingsPanel):
    """Language of the CMS and of Siar's pages, in one choice."""

    name = "siar_language"
    title = _("Bahasa")
    order = 350
    form_class = LanguageForm


@hooks.register("register_account_settings_panel")
def language_panel(request: HttpRequest, user: User, profile: Any) -> LanguagePanel | None:
    """Offer the choice where there is one."""
    return LanguagePanel(request, user, profile) if len(settings.LANGUAGES) > 1 else None
