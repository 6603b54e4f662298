"""What may be done with several videos of the list at once, each after a look at what it hits."""

from collections.abc import Sequence
from typing import Any, ClassVar

from django import forms
from django.db.models import ProtectedError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from wagtail.admin import messages
from wagtail.snippets.bulk_actions.snippet_bulk_action import SnippetBulkAction

from cms.core import clock
from cms.core.models import User
from cms.core.refusals import Refused
from cms.videos import actions
from cms.videos.models import Category, Video
from cms.videos.uses import uses_of

NAMED = 20
"""Videos of which the confirmation says where they are used: a page of the list."""


class VideoBulkAction(SnippetBulkAction):
    """Asks and does. A video that the person may not do it to is named and left."""

    models: ClassVar[list[type[Video]]] = [Video]
    template_name = "videos/admin/bulk.html"
    permission = "change"
    question: Any = ""
    names_uses = False

    def check_perm(self, obj: Video) -> bool:
        lock = obj.get_lock()
        allowed = self.permission_policy.user_has_permission_for_instance(
            self.request.user, self.permission, obj
        )
        return bool(allowed) and not (lock and lock.for_user(self.request.user))

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context_data(**kwargs)
        if self.names_uses:
            for entry in context["items"][:NAMED]:
                entry["uses"] = uses_of(entry["item"], clock.now())
        return {**context, "action": self}

    @classmethod
    def execute_action(cls, objects: Sequence[Video], **kwargs: Any) -> tuple[int, int]:
        action, done = kwargs["self"], 0
        for video in objects:
            try:
                done += bool(action.do(video, action.request.user))
            except Refused as refused:
                messages.warning(action.request, f"{video}: {refused}")
        return done, 0

    def do(self, video: Video, user: User) -> bool:
        """Do it to one video; return whether that changed anything. Raises Refused."""
        raise NotImplementedError

    def get_success_message(self, num_parent_objects: int, num_child_objects: int) -> str | None:
        text = ngettext("%(verb)s: %(n)d video.", "%(verb)s: %(n)d video.", num_parent_objects)
        values = {"verb": self.display_name, "n": num_parent_objects}
        return text % values if num_parent_objects else None


class PublishBulkAction(VideoBulkAction):
    """Publishes the newest draft of each."""

    display_name = gettext_lazy("Terbitkan")
    action_type = "publish"
    aria_label = gettext_lazy("Terbitkan video yang dipilih")
    action_priority = 10
    permission = "publish"
    question = gettext_lazy("Terbitkan video ini? Draf terbarunya tampil di situs.")

    def do(self, video: Video, user: User) -> bool:
        if video.latest_revision is None or (video.live and not video.has_unpublished_changes):
            return False
        video.latest_revision.publish(user=user)
        return True


class WithdrawBulkAction(VideoBulkAction):
    """Takes each off pages, feeds and future rundowns; can be undone."""

    display_name = gettext_lazy("Tarik")
    action_type = "withdraw"
    aria_label = gettext_lazy("Tarik video yang dipilih")
    action_priority = 20
    question = gettext_lazy(
        "Tarik video ini dari siaran dan halaman? Anda dapat mengembalikannya kapan saja."
    )
    names_uses = True

    def do(self, video: Video, user: User) -> bool:
        return actions.do_withdraw(video, clock.now(), user=user)


class CategoryForm(forms.Form):
    """The rubric that all are to have."""

    category = forms.ModelChoiceField(Category.objects.all(), label=gettext_lazy("Rubrik"))


class CategoryBulkAction(VideoBulkAction):
    """Gives each another rubric; what is published stays as it is where there is a newer draft."""

    display_name = gettext_lazy("Ubah rubrik")
    action_type = "category"
    aria_label = gettext_lazy("Ubah rubrik video yang dipilih")
    action_priority = 22
    form_class = CategoryForm
    question = gettext_lazy("Ubah rubrik video ini?")

    def get_execution_context(self) -> dict[str, Any]:
        assert self.cleaned_form is not None
        self.category = self.cleaned_form.cleaned_data["category"]
        return super().get_execution_context()

    def do(self, video: Video, user: User) -> bool:
        may_publish = self.permission_policy.user_has_permission_for_instance(
            user, "publish", video
        )
        publishes = video.live and not video.has_unpublished_changes
        if publishes and not may_publish:
            raise Refused(_("Anda tidak boleh mengubah video yang sudah terbit."))
        draft = video.get_latest_revision_as_object()
        if draft.category == self.category:
            return False
        draft.category = self.category
        revision = draft.save_revision(user=user, log_action=True)
        if publishes:
            revision.publish(user=user)
        return True


class EncodeBulkAction(VideoBulkAction):
    """Asks for another encode of each; what is in use stays until it is ready."""

    display_name = gettext_lazy("Kodekan ulang")
    action_type = "encode"
    aria_label = gettext_lazy("Kodekan ulang video yang dipilih")
    action_priority = 24
    question = gettext_lazy("Kodekan ulang video ini? Hasil sebelumnya dipakai sampai selesai.")

    def do(self, video: Video, user: User) -> bool:
        actions.do_request_encode(video, clock.now(), user=user)
        return True


class SoundBulkAction(VideoBulkAction):
    """Asks for new sound of each, in a fraction of the time: the pictures stay as they are."""

    display_name = gettext_lazy("Buat ulang suara")
    action_type = "sound"
    aria_label = gettext_lazy("Buat ulang suara video yang dipilih")
    action_priority = 26
    question = gettext_lazy(
        "Buat ulang suara video ini? Gambarnya tetap. Hasil sebelumnya dipakai sampai selesai."
    )

    def do(self, video: Video, user: User) -> bool:
        actions.do_request_sound(video, clock.now(), user=user)
        return True


class DeleteBulkAction(VideoBulkAction):
    """Deletes each by the room's own action, in place of Wagtail's, which tells no other room."""

    display_name = gettext_lazy("Hapus")
    action_type = "delete"
    aria_label = gettext_lazy("Hapus video yang dipilih")
    action_priority = 30
    classes: ClassVar[set[str]] = {"serious"}
    permission = "delete"
    question = gettext_lazy("Hapus video ini? Berkas dan jadwalnya hilang untuk selamanya.")
    names_uses = True

    def do(self, video: Video, user: User) -> bool:
        try:
            actions.do_delete_video(video, clock.now(), user=user)
        except ProtectedError:
            raise Refused(_("Video ini masih dipakai dan tidak dapat dihapus.")) from None
        return True


ALL = (
    PublishBulkAction,
    WithdrawBulkAction,
    CategoryBulkAction,
    EncodeBulkAction,
    SoundBulkAction,
    DeleteBulkAction,
)
