"""The door of the Studio: WhatsApp number and PIN; and what puts it on a home screen."""

from django import forms
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.templatetags.static import static
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from cms.core.sign_in import SignIn, SignInForm

BRAND = "#6a1b43"


class PinForm(SignInForm):
    """The form of the one door in the words of a trader."""

    username = forms.CharField(
        label=_("Nomor WhatsApp"),
        max_length=150,
        widget=forms.TextInput(attrs={"autocomplete": "username", "inputmode": "tel"}),
    )
    password = forms.CharField(
        label=_("PIN"),
        strip=False,
        max_length=4096,
        widget=forms.PasswordInput(
            attrs={"autocomplete": "current-password", "inputmode": "numeric"}
        ),
    )
    error_messages = SignInForm.error_messages | {
        "invalid_login": _("Nomor atau PIN belum cocok. Periksa lalu coba lagi."),
    }


class StudioSignIn(SignIn):
    """The same door, by number and PIN; who has a password goes by the other one."""

    form_class = PinForm
    template_name = "studio/sign_in.html"


@require_safe
def manifest(request: HttpRequest) -> HttpResponse:
    """What a phone needs to put the Studio on its home screen, beside Siar itself."""
    home = reverse("studio:home")
    data = {
        "id": home,
        "name": "Studio Siar untuk pedagang",
        "short_name": "Studio",
        "start_url": home,
        "scope": home,
        "display": "standalone",
        "lang": "id",
        "background_color": "#f7f3f1",
        "theme_color": BRAND,
        "icons": home_icons(),
    }
    return JsonResponse(data, content_type="application/manifest+json")


def home_icons() -> list[dict[str, str]]:
    """What a web manifest says of the mark: as drawn, and as pixels for the phones that want them."""
    mark = {"src": static("mark.svg"), "sizes": "any", "type": "image/svg+xml"}
    drawn = [(192, "icon-192.png", "any"), (512, "icon-512.png", "any")]
    drawn.append((512, "icon-maskable-512.png", "maskable"))
    return [mark] + [
        {
            "src": static(name),
            "sizes": f"{side}x{side}",
            "type": "image/png",
            "purpose": purpose,
        }
        for side, name, purpose in drawn
    ]
