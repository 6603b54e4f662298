"""What many tests need: a small tree of co-operatives and people with roles in it.

inkoppas ─┬─ jatim ─┬─ pasar_a
          │         └─ pasar_b
          └─ sulsel ── pasar_c
"""

import gc
import os
import secrets
import signal
from collections.abc import Callable, Iterator
from typing import Any

import hypothesis
import pytest
from moto.server import ThreadedMotoServer
from playwright.sync_api import Browser, sync_playwright
from wagtail.signal_handlers import disable_reference_index_auto_update

from cms.cooperatives.actions import do_add_member, do_sync_all
from cms.cooperatives.models import Cooperative, Membership, Region
from cms.core.models import User
from cms.traders.models import FeaturedSegment, Product, Stall
from cms.videos.models import Media, Video
from setup.clock import unmoved
from setup.services import chromium
from tests.examples import TIMES, deep
from tests.moved import moved
from tests.s3_stand_in import client_of
from tests.traders.made import NEW_NUMBER

pytest_plugins = [
    "tests.measured",
    "tests.arranged",
    "tests.databases",
    "tests.failures",
    "tests.frozen",
    "tests.kept_rows",
]

Role = Membership.Role

# The same examples in every run, so that nobody's change is refused for what chance found;
# `HYPOTHESIS_PROFILE=elsewhere pytest …` looks elsewhere each time.
hypothesis.settings.register_profile("same", derandomize=True, deadline=None)
hypothesis.settings.register_profile("elsewhere", deadline=None)
hypothesis.settings.register_profile("deep", max_examples=100 * TIMES, deadline=None)
hypothesis.settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "same"))

# nohup and background jobs of a shell leave these ignored, also in processes that tests start.
# SIGINT must raise KeyboardInterrupt: fixtures then end the sites that they started.
for number, handler in (
    (signal.SIGINT, signal.default_int_handler),
    (signal.SIGHUP, signal.SIG_DFL),
):
    if signal.getsignal(number) == signal.SIG_IGN:
        signal.signal(number, handler)


def pytest_collection_finish() -> None:
    """Exempt what has been imported from garbage collection, which took a tenth of the CPU time."""
    gc.collect()
    gc.freeze()


@pytest.fixture(scope="session")
def s3_endpoint() -> Iterator[str]:
    """The address of a server that speaks as S3 does."""
    server = ThreadedMotoServer("127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    yield f"http://{host}:{port}"
    server.stop()


@pytest.fixture
def s3_settings(s3_endpoint: str) -> dict[str, str]:
    """A store in a new bucket."""
    settings = {
        "kind": "s3",
        "bucket": f"contoh-{secrets.token_hex(4)}",
        "prefix": "siaran",
        "endpoint": s3_endpoint,
        "region": "us-east-1",
        "access_key": "contoh",
        "secret_key": "contoh",
    }
    client_of(s3_endpoint).create_bucket(Bucket=settings["bucket"])
    return settings


@pytest.fixture
def s3_originals(s3_settings: dict[str, str]) -> dict[str, Any]:
    """Django's storage of originals in the same bucket."""
    options = {
        "bucket_name": s3_settings["bucket"],
        "location": "asli",
        "endpoint_url": s3_settings["endpoint"],
        "region_name": s3_settings["region"],
        "access_key": s3_settings["access_key"],
        "secret_key": s3_settings["secret_key"],
        "signature_version": "s3v4",
    }
    return {"BACKEND": "storages.backends.s3.S3Storage", "OPTIONS": options}


@pytest.fixture
def store_kind(request: pytest.FixtureRequest) -> str:
    """Where a test keeps what it publishes: local, or s3."""
    return getattr(request, "param", "local")


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Run what is marked `both_stores` on either."""
    if marked := metafunc.definition.get_closest_marker("both_stores"):
        s3 = deep("s3") if marked.kwargs.get("s3_deep") else "s3"
        metafunc.parametrize("store_kind", ["local", s3], indirect=True)


@pytest.fixture
def inkoppas(db: None) -> Cooperative:
    """The national apex."""
    return Cooperative.add_root(
        name="Inkoppas (contoh)", slug="inkoppas", level="inkoppas", city="Jakarta"
    )


@pytest.fixture
def jatim(inkoppas: Cooperative) -> Cooperative:
    """A province with two markets."""
    region = Region.objects.create(name="Jawa Timur", slug="jawa-timur")
    return inkoppas.add_child(
        name="Puskoppas Jatim (contoh)",
        slug="jatim",
        level="puskoppas",
        city="Surabaya",
        region=region,
    )


@pytest.fixture
def sulsel(inkoppas: Cooperative) -> Cooperative:
    """Another province, in another time zone."""
    region = Region.objects.create(name="Sulawesi Selatan", slug="sulawesi-selatan")
    return inkoppas.add_child(
        name="Puskoppas Sulsel (contoh)",
        slug="sulsel",
        level="puskoppas",
        city="Makassar",
        zone="Asia/Makassar",
        region=region,
    )


def _market(province: Cooperative, letter: str) -> Cooperative:
    return province.add_child(
        name=f"Koppas {letter.upper()} (contoh)",
        slug=f"pasar-{letter}",
        level="koppas",
        market=f"Pasar {letter.upper()}",
        city=province.city,
        zone=province.zone,
        region=province.region,
    )


@pytest.fixture
def pasar_a(jatim: Cooperative) -> Cooperative:
    """A market in jatim."""
    return _market(jatim, "a")


@pytest.fixture
def pasar_b(jatim: Cooperative) -> Cooperative:
    """The other market in jatim."""
    return _market(jatim, "b")


@pytest.fixture
def pasar_c(sulsel: Cooperative) -> Cooperative:
    """A market in sulsel."""
    return _market(sulsel, "c")


@pytest.fixture
def make_user(db: None) -> Callable[..., User]:
    """Make a user, with a role in a co-operative if one is given."""

    def make(name: str, cooperative: Cooperative | None = None, role: Role | None = None) -> User:
        user = User.objects.create_user(username=name, password="kata sandi contoh")
        if cooperative is not None and role is not None:
            with disable_reference_index_auto_update():  # sections refer to nothing
                do_add_member(user, cooperative, role)
        return user

    return make


@pytest.fixture
def superuser(db: None) -> User:
    """Who may do everything."""
    return User.objects.create_superuser(username="pengelola", password="kata sandi contoh")


@pytest.fixture
def stranger(make_user: Callable[..., User]) -> User:
    """Signed in, and belonging to nothing."""
    return make_user("orang-luar")


@pytest.fixture
def editor_national(make_user: Callable[..., User], inkoppas: Cooperative) -> User:
    """Edits everywhere, from the top of the tree."""
    return make_user("redaksi-nasional", inkoppas, Role.EDITOR)


@pytest.fixture
def editor_jatim(make_user: Callable[..., User], jatim: Cooperative) -> User:
    """Edits in jatim and its markets."""
    return make_user("redaksi-jatim", jatim, Role.EDITOR)


@pytest.fixture
def editor_sulsel(make_user: Callable[..., User], sulsel: Cooperative) -> User:
    """Edits in another region."""
    return make_user("redaksi-sulsel", sulsel, Role.EDITOR)


@pytest.fixture
def editor_a(make_user: Callable[..., User], pasar_a: Cooperative) -> User:
    """Edits in market A."""
    return make_user("redaksi-a", pasar_a, Role.EDITOR)


@pytest.fixture
def editor_b(make_user: Callable[..., User], pasar_b: Cooperative) -> User:
    """Edits in market B."""
    return make_user("redaksi-b", pasar_b, Role.EDITOR)


@pytest.fixture
def moderator_a(make_user: Callable[..., User], pasar_a: Cooperative) -> User:
    """Publishes in market A."""
    return make_user("moderator-a", pasar_a, Role.MODERATOR)


@pytest.fixture
def coordinator_a(make_user: Callable[..., User], pasar_a: Cooperative) -> User:
    """Vouches for the traders of market A."""
    return make_user("pengurus-a", pasar_a, Role.COORDINATOR)


@pytest.fixture
def coordinator_b(make_user: Callable[..., User], pasar_b: Cooperative) -> User:
    """Vouches for the traders of market B."""
    return make_user("pengurus-b", pasar_b, Role.COORDINATOR)


@pytest.fixture
def trader_a(make_user: Callable[..., User], pasar_a: Cooperative) -> User:
    """Sells in market A."""
    return make_user("pedagang-a", pasar_a, Role.TRADER)


@pytest.fixture
def trader_b(make_user: Callable[..., User], pasar_b: Cooperative) -> User:
    """Sells in market B."""
    return make_user("pedagang-b", pasar_b, Role.TRADER)


@pytest.fixture
def synced_tree(pasar_a: Cooperative, pasar_b: Cooperative, pasar_c: Cooperative) -> None:
    """The whole tree with its sections, collections and groups."""
    with disable_reference_index_auto_update():
        do_sync_all()


@pytest.fixture
def make_video(db: None) -> Callable[..., Video]:
    """Make a video as it stands after publishing: live, encoded, 90 s unless said otherwise."""

    def make(cooperative: Cooperative, title: str, *, seconds: int = 90) -> Video:
        video = Video.objects.create(
            cooperative=cooperative, title=title, slug=title.lower().replace(" ", "-"), live=True
        )
        Media.objects.update_or_create(
            video=video,
            defaults={"publication": video.key.hex, "duration_ms": seconds * 1000},
        )
        return video

    return make


@pytest.fixture
def video_a(make_video: Callable[..., Video], pasar_a: Cooperative) -> Video:
    """A video of market A."""
    return make_video(pasar_a, "Dapur Pasar")


@pytest.fixture
def stall_a(pasar_a: Cooperative, trader_a: User) -> Stall:
    """The stall that trader_a runs in market A."""
    return Stall.objects.create(
        cooperative=pasar_a,
        trader=trader_a,
        name="Lapak Bumbu (contoh)",
        slug="lapak-bumbu",
        block="Blok A-12",
        whatsapp="+6281234567890",
    )


@pytest.fixture
def stall_b(pasar_b: Cooperative, trader_b: User) -> Stall:
    """The stall that trader_b runs in market B."""
    return Stall.objects.create(
        cooperative=pasar_b,
        trader=trader_b,
        name="Lapak Tempe (contoh)",
        slug="lapak-tempe",
        whatsapp="+6281298765432",
    )


@pytest.fixture
def new_stall(pasar_a: Cooperative) -> Stall:
    """A stall of market A whose trader has no account yet."""
    return Stall.objects.create(
        cooperative=pasar_a,
        name="Lapak Bu Sri (contoh)",
        slug="lapak-bu-sri",
        block="C-3",
        whatsapp=NEW_NUMBER,
    )


@pytest.fixture
def sambal(stall_a: Stall) -> Product:
    """A product of stall A."""
    return Product.objects.create(
        stall=stall_a, name="Sambal bawang", slug="sambal-bawang", price=18500, unit="botol"
    )


@pytest.fixture
def tempe(stall_b: Stall) -> Product:
    """A product of stall B."""
    return Product.objects.create(
        stall=stall_b, name="Tempe daun", slug="tempe-daun", price=6000, unit="papan"
    )


@pytest.fixture
def segment_a(sambal: Product, video_a: Video) -> FeaturedSegment:
    """The sambal from second 5 to 20 of video A, waiting for approval."""
    return FeaturedSegment.objects.create(
        product=sambal, video=video_a, begin=5, end=20, state=FeaturedSegment.State.SUBMITTED
    )


@pytest.fixture
def moderator_b(make_user: Callable[..., User], pasar_b: Cooperative) -> User:
    """Publishes in market B."""
    return make_user("moderator-b", pasar_b, Role.MODERATOR)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """One Chromium for the session."""
    arguments = ["--autoplay-policy=no-user-gesture-required", "--disable-background-networking"]
    # Beacons of a page that ends go under the browser's own name whatever a context is called,
    # and a headless one counts as a program.
    arguments.append(
        "--user-agent=Mozilla/5.0 (Linux; Android 14) Chrome/156.0 Mobile Safari/537.36"
    )
    if os.geteuid() == 0:
        arguments.append("--no-sandbox")  # Chromium refuses to run as root with it
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(
            executable_path=chromium(), args=arguments, env=unmoved()
        )
        yield moved(started)
        started.close()
