"""Illustrations, written as the small SVG that `svg` draws. Flat, warm, of the market.

Whole pictures lie in WIDE; single things have boxes of their own beside them.
"""

Box = tuple[float, float, float, float]
WIDE: Box = (0, 0, 320, 180)

MARK_BOX: Box = (0, 0, 48, 48)
MARK = (
    '<rect width="48" height="48" rx="11" fill="#6a1b43"/>'
    '<g fill="none" stroke="#f6b52b" stroke-width="3.4">'
    '<path d="M17.6 17.5a9 9 0 0 1 12.8 0"/><path d="M12.3 12.2a16.5 16.5 0 0 1 23.4 0"/></g>'
    '<circle cx="24" cy="21.8" r="2.6" fill="#f6b52b"/>'
    '<path d="M9 26.5h30v6.3a5 5 0 0 1-10 0 5 5 0 0 1-10 0 5 5 0 0 1-10 0z" fill="#fff"/>'
    '<path d="M19 26.5h10v6.3a5 5 0 0 1-10 0z" fill="#f6b52b"/>'
)


def sky(top: str, middle: str, bottom: str) -> str:
    """Return a ground that shades from top to bottom."""
    return (
        f'<defs><linearGradient id="sky" x2="0" y2="1"><stop stop-color="{top}"/>'
        f'<stop offset=".55" stop-color="{middle}"/><stop offset="1" stop-color="{bottom}"/>'
        '</linearGradient></defs><path fill="url(#sky)" d="M0 0h320v180H0z"/>'
    )


DAWN = sky("#3a1030", "#a83a4e", "#f6b52b")
MORNING = sky("#7fb7d8", "#cfe6ef", "#fdeecb")
EVENING = sky("#1c1030", "#5d2352", "#c9574e")
HILLS = (
    '<path d="M0 104l40-16 34 14 44-26 38 24 52-18 48 20 64-22v100H0z" fill="#5d1a3c"'
    ' opacity=".75"/>'
)

STALL_BOX: Box = (-2, -2, 148, 96)


def stall(first: str, second: str, goods: tuple[str, str] = ("#e2412f", "#7cc26a")) -> str:
    """Return a market stall with an awning of two colours and two crates."""
    crates = "".join(
        f'<path d="M{x} 62h48v28H{x}z" fill="#b9793a"/><path d="M{x} 72h48" stroke="#8a5423"'
        f' stroke-width="2"/><path d="M{x + 2} 62a7 7 0 0 1 14.6 0 7 7 0 0 1 14.6 0'
        f' 7 7 0 0 1 14.6 0z" fill="{colour}"/>'
        for x, colour in zip((18, 78), goods, strict=True)
    )
    flaps = "".join(
        f'<path d="M{i * 16} 0h16v22a8 8 0 0 1-16 0z" fill="{second if i % 2 else first}"/>'
        for i in range(9)
    )
    return (
        '<path d="M8 18h128v76H8z" fill="#2a0d1e"/>'
        '<circle cx="40" cy="42" r="4" fill="#ffe7ae"/><circle cx="104" cy="42" r="4" fill="#ffe7ae"/>'
        f"{crates}{flaps}"
    )


PERSON_BOX: Box = (0, 0, 40, 90)


def person(cloth: str, *, basket: bool = False) -> str:
    """Return somebody walking, seen from far: no face, nobody in particular."""
    load = (
        '<ellipse cx="20" cy="8" rx="15" ry="5" fill="#c68a45"/>'
        '<path d="M8 6c2-6 22-6 24 0z" fill="#7cc26a"/>'
        if basket
        else '<path d="M12 14c0-10 16-10 16 0z" fill="#2a0d1e"/>'
    )
    return (
        f'<path d="M14 58h5l-2 30h-5zM21 58h5l4 30h-5z" fill="#2a0d1e"/>'
        f'<circle cx="20" cy="17" r="7" fill="#8a5a3c"/>{load}'
        f'<path d="M11 28a9 6 0 0 1 18 0l3 34H8z" fill="{cloth}"/>'
        f'<path d="M11 30l-4 20M29 30l4 20" stroke="{cloth}" stroke-width="5"/>'
    )


CHILI_BOX: Box = (-8, -20, 52, 84)
CHILI = (
    '<path d="M0 0c16 6 34 26 36 58-22-10-38-32-36-58z" fill="#d5251b"/>'
    '<path d="M3 4c10 8 20 22 25 40" stroke="#ff8d72" stroke-width="3" fill="none"/>'
    '<path d="M0 2c-4-6-3-12 2-17" stroke="#2f7d3a" stroke-width="5" fill="none"/>'
)
ONION_BOX: Box = (-34, -46, 68, 86)
ONION = (
    '<path d="M0-30c4 12 30 14 30 36 0 17-14 24-30 24S-30 23-30 6c0-22 26-24 30-36z" fill="#9c2f63"/>'
    '<path d="M0-28c-4 16-16 22-16 36 0 10 6 18 12 21M0-28c4 16 16 22 16 36 0 10-6 18-12 21"'
    ' fill="none" stroke="#d57ba6" stroke-width="2.5"/>'
    '<path d="M0-30l-3-12M0-30l5-11" stroke="#c9a26a" stroke-width="3" fill="none"/>'
)
GARLIC_BOX = ONION_BOX
GARLIC = ONION.replace("#9c2f63", "#f4ead2").replace("#d57ba6", "#cdbb93")
FISH_BOX: Box = (-2, -26, 162, 52)
FISH = (
    '<path d="M0 0c24-26 84-30 124-4l30-18c-4 16-4 24 0 40l-30-16C84 28 24 26 0 0z" fill="#3d6f8c"/>'
    '<path d="M2 2c26 18 82 18 120 0-36 26-94 24-120-2z" fill="#d7e6ea"/>'
    '<circle cx="22" cy="-5" r="4.5" fill="#fff"/><circle cx="22" cy="-5" r="2.2" fill="#142b38"/>'
    '<path d="M40-14c6 8 6 18 0 28" fill="none" stroke="#24495e" stroke-width="3"/>'
)
SACK_BOX: Box = (40, 40, 116, 120)
SACK = (
    '<path d="M60 76c-12 24-14 56-6 80h92c8-24 6-56-6-80z" fill="#efe2c4"/>'
    '<path d="M56 76h88l8-12H48z" fill="#d9c69a"/><path d="M52 66c14-26 82-26 96 0z" fill="#fffaf0"/>'
    '<path d="M70 104h60v32H70z" fill="#1b569b"/><path d="M80 120h40" stroke="#fff" stroke-width="5"/>'
)
EGGS_BOX: Box = (0, 0, 120, 90)
EGGS = "".join(
    f'<ellipse cx="{x}" cy="{y}" rx="15" ry="19" fill="{c}"/>'
    for x, y, c in ((30, 34, "#d9a577"), (60, 30, "#c98f5f"), (90, 34, "#dfb089"))
) + (
    '<path d="M8 44h104l-8 38H16z" fill="#9a8f86"/><path d="M8 44a11 11 0 0 0 26 0 11 11 0 0 0 26 0'
    ' 11 11 0 0 0 26 0 11 11 0 0 0 26 0z" fill="#b9aea4"/>'
)
TEMPE_BOX: Box = (82, 58, 170, 66)
TEMPE = (
    '<path d="M84 62h150v46H84z" fill="#f3dca8"/>'
    + "".join(
        f'<ellipse cx="{91 + 13 * i}" cy="{69 + 10 * j + (i % 2) * 4}" rx="5" ry="3.5" fill="#d3a860"/>'
        for i in range(11)
        for j in range(4)
    )
    + '<path d="M84 108h150l14 12H98z" fill="#c3985a"/><path d="M234 62l14 10v48l-14-12z" fill="#a87f45"/>'
)
LEAF_BOX: Box = (18, 70, 290, 74)
LEAF = (
    '<path d="M22 120C70 60 250 56 300 116c-60 34-210 38-278 4z" fill="#2f7d3a"/>'
    '<path d="M22 120c90-20 190-22 278-4" stroke="#62b06a" stroke-width="3" fill="none"/>'
)
CUBE_BOX: Box = (-2, -2, 34, 22)
CUBE = '<rect width="30" height="18" rx="4" fill="#f0cf8e" stroke="#b9793a" stroke-width="2.5"/>'
WOK_BOX: Box = (0, -14, 320, 220)
WOK = (
    '<path d="M64 84H12a8 8 0 0 0 0 16h52zM256 84h52a8 8 0 0 1 0 16h-52z" fill="#2b1b18"/>'
    '<circle cx="160" cy="94" r="104" fill="#2b1b18"/><circle cx="160" cy="94" r="92" fill="#4a2f28"/>'
)
MORTAR_BOX: Box = (0, 0, 160, 100)
MORTAR = (
    '<ellipse cx="80" cy="38" rx="76" ry="30" fill="#5b5560"/>'
    '<path d="M4 38c0 40 34 60 76 60s76-20 76-60z" fill="#46414b"/>'
    '<ellipse cx="80" cy="38" rx="62" ry="21" fill="#322d36"/>'
    '<ellipse cx="80" cy="43" rx="50" ry="14" fill="#c9331f"/>'
    '<circle cx="62" cy="41" r="3" fill="#f6b52b"/><circle cx="94" cy="46" r="3" fill="#ff8d72"/>'
    '<circle cx="82" cy="38" r="2.5" fill="#ffd98a"/>'
)
PESTLE_BOX: Box = (0, 0, 90, 80)
PESTLE = (
    '<path d="M8 70C2 60 8 50 18 46L70 8a10 10 0 0 1 14 14L34 62C30 72 16 78 8 70z" fill="#7b7480"/>'
    '<path d="M16 60L74 16" stroke="#978f9c" stroke-width="4"/>'
)
KNIFE_BOX: Box = (0, 0, 150, 46)
KNIFE = (
    '<path d="M2 8h92v22c-34 6-70 0-92-22z" fill="#cfd6dc"/><path d="M2 8h92v5H8z" fill="#eef2f5"/>'
    '<rect x="92" y="6" width="54" height="13" rx="6" fill="#5d3412"/>'
)
JAR_BOX: Box = (100, 20, 120, 136)


def jar(label: str = "", *, lid: str = "#c21b17") -> str:
    """Return a jar of sambal with whatever is on its label."""
    return (
        f'<path d="M128 24h64v18h-64z" fill="{lid}"/>'
        '<path d="M128 30h64M128 36h64" stroke="#8f1410" stroke-width="2"/>'
        '<path d="M122 42h76c10 8 12 18 12 30v66a14 14 0 0 1-14 14h-72a14 14 0 0 1-14-14V72'
        'c0-12 2-22 12-30z" fill="#9c1f17"/>'
        '<path d="M118 62c2-8 5-13 9-16v100c-7-1-11-6-11-12V76z" fill="#d5483a"/>' + label
    )


LABEL = (
    '<path d="M110 78h100v48H110z" fill="#fff6e3"/>'
    '<path d="M134 92h52M142 104h36" stroke="#6a1b43" stroke-width="6"/>'
    '<path d="M146 116h28" stroke="#f6b52b" stroke-width="5"/>'
)
BOAT_BOX: Box = (0, 0, 90, 70)
BOAT = (
    '<path d="M4 46h82c-4 14-14 20-22 20H26C16 66 8 58 4 46z" fill="#6a1b43"/>'
    '<path d="M4 46h82l-1 5H6z" fill="#f6b52b"/><path d="M44 4v42" stroke="#5b3a1c" stroke-width="4"/>'
    '<path d="M48 6c20 8 28 22 28 36H48z" fill="#fff"/><path d="M40 12C26 20 20 30 18 42h22z" fill="#eee6e4"/>'
)
TRUCK_BOX: Box = (0, 0, 120, 70)
TRUCK = (
    '<rect x="2" y="12" width="74" height="42" rx="4" fill="#0b6a3c"/>'
    '<path d="M78 24h22l16 16v14H78z" fill="#f6b52b"/><path d="M84 29h14l9 10H84z" fill="#cfe6ef"/>'
    '<circle cx="26" cy="56" r="11" fill="#23161d"/><circle cx="26" cy="56" r="4" fill="#eee6e4"/>'
    '<circle cx="94" cy="56" r="11" fill="#23161d"/><circle cx="94" cy="56" r="4" fill="#eee6e4"/>'
    '<path d="M10 24h58M10 34h58M10 44h58" stroke="#3f9a6a" stroke-width="3"/>'
)
BOOK = (
    '<path d="M44 150L60 36c34-10 72-8 100 8 28-16 66-18 100-8l16 114c-38-8-80-6-116 8-36-14-78-16-116-8z"'
    ' fill="#073d23" opacity=".6"/>'
    '<path d="M50 142L66 30c32-9 68-8 94 8v112c-34-13-74-15-110-8z" fill="#fff8ea"/>'
    '<path d="M270 142L254 30c-32-9-68-8-94 8v112c34-13 74-15 110-8z" fill="#f3e7cf"/>'
    '<g fill="none" stroke="#b49a74" stroke-width="3"><path d="M80 54c22-4 44-2 64 6M77 76c24-4 46-2 67 6'
    "M74 98c26-4 48-2 70 6M71 120c28-4 51-2 73 6M240 54c-22-4-44-2-64 6M243 76c-24-4-46-2-67 6"
    'M246 98c-26-4-48-2-70 6M249 120c-28-4-51-2-73 6"/></g>'
    '<path d="M160 38v112" stroke="#8b7148" stroke-width="3"/>'
    '<path d="M196 22l14 60-8 10-10-6-14-58z" fill="#c21b17"/>'
)
BASKET_BOX: Box = (50, 10, 220, 148)
BASKET = (
    f'<defs><g id="c">{CHILI}</g></defs>'
    '<use href="#c" transform="translate(108 44) rotate(20)"/><use href="#c" transform="translate(150 32) rotate(-4)"/>'
    '<use href="#c" transform="translate(204 36) rotate(38)"/><use href="#c" transform="translate(82 76) rotate(-30)"/>'
    '<use href="#c" transform="translate(128 56) rotate(-26)"/><use href="#c" transform="translate(180 50) rotate(10)"/>'
    '<use href="#c" transform="translate(228 62) rotate(24)"/><use href="#c" transform="translate(158 66) rotate(32)"/>'
    '<path d="M58 96h204l-22 56H80z" fill="#c68a45"/><path d="M58 96h204l-3 9H61z" fill="#e0aa66"/>'
    '<path d="M66 116h188M72 131h176M77 145h166M96 105l8 47M128 105l4 47M160 105v47M192 105l-4 47M224 105l-8 47"'
    ' stroke="#9a6427" stroke-width="3" fill="none"/>'
)
TABLE = '<path d="M0 136h320v44H0z" fill="#8a5423"/><ellipse cx="160" cy="150" rx="128" ry="16" fill="#5d3412" opacity=".5"/>'
ISLANDS = (
    '<g fill="#8fbf8a" stroke="#6fa36b" stroke-width="1.5">'
    '<path d="M8 38c18 2 34 18 50 36 8 10 18 18 22 30-12-2-24-14-34-26C34 62 16 52 8 38z"/>'
    '<path d="M84 112c16-2 38 0 58 6 8 2 16 4 18 9-24 1-58-3-74-8z"/>'
    '<path d="M98 46c10-12 30-14 38-24 8 6 8 14 6 24-2 16-6 30-18 38-14 2-24-4-28-16-2-8-2-16 2-22z"/>'
    '<path d="M166 52c10-6 26-4 34-10-2 10-16 12-26 14 6 6 16 6 18 14-6 2-12-4-16-2 2 10 4 16 2 22'
    'c-8-4-8-16-12-22-4-6-4-12 0-16z"/>'
    '<path d="M168 124c8 0 16 2 22 2s14 0 20 2c-10 6-34 4-42-4z"/>'
    '<path d="M222 54c4 4 2 10 6 14 0 6-4 4-6 0-2-6-2-10 0-14zM226 86c6-2 14-2 18 2-6 4-14 2-18-2z"/>'
    '<path d="M256 62c10-2 14 8 24 8 12-4 26 2 32 8v44c-10-6-18-16-30-20-12-2-12-12-20-20-6-6-10-14-6-20z"/>'
    "</g>"
)
BOTTLE_BOX: Box = (0, 0, 50, 120)
BOTTLE = (
    '<rect x="18" y="2" width="14" height="12" rx="3" fill="#c21b17"/>'
    '<path d="M18 14h14c0 18 14 20 14 38v56a10 10 0 0 1-10 10H14a10 10 0 0 1-10-10V52c0-18 14-20 14-38z"'
    ' fill="#f0b93a"/><path d="M4 62h42v32H4z" fill="#fff6e3"/><path d="M12 74h26M16 84h18" stroke="#6a1b43"'
    ' stroke-width="4"/>'
)
PALM_BOX: Box = (0, 0, 120, 150)
PALM = (
    '<path d="M58 150c-4-40 0-70 8-96l8 2c-8 30-8 60-4 94z" fill="#6b4423"/>'
    '<g fill="#2f7d3a"><path d="M68 54C50 30 26 28 6 44c22-4 42 0 62 10z"/><path d="M68 54C76 26 98 18 116 28 96 30 82 38 68 54z"/>'
    '<path d="M68 54c20-6 38 2 48 24-16-14-32-20-48-24z"/><path d="M68 54C44 54 28 66 22 88c14-18 28-28 46-34z"/>'
    '<path d="M68 54C60 30 62 14 74 4c0 16-2 34-6 50z"/></g>'
)
CLOUD_BOX: Box = (0, 0, 120, 50)
CLOUD = (
    '<g fill="#fff"><ellipse cx="60" cy="36" rx="58" ry="13"/><circle cx="44" cy="24" r="18"/>'
    '<circle cx="72" cy="20" r="20"/><circle cx="92" cy="30" r="12"/></g>'
)
