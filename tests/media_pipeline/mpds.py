"""Reads a DASH manifest as MPEG's schema has it.

The schema itself is in no package registry, so the order of elements is written down here.
Source: ISO/IEC 23009-1:2022, Annex B (DASH-MPD.xsd).
"""

from xml.etree import ElementTree

SPACE = "{urn:mpeg:dash:schema:mpd:2011}"
COMMON = (
    *("FramePacking", "AudioChannelConfiguration", "ContentProtection", "OutputProtection"),
    *("EssentialProperty", "SupplementalProperty", "InbandEventStream", "Switching"),
    *("RandomAccess", "GroupLabel", "Label", "ProducerReferenceTime", "ContentPopularityRate"),
    "Resync",
)
"""What adaptation sets and representations begin with."""
SEGMENTS = ("SegmentBase", "SegmentList", "SegmentTemplate")
TIMES = (
    *("Initialization", "RepresentationIndex", "FailoverContent", "SegmentTimeline"),
    "BitstreamSwitching",
)
CHILDREN = {
    "MPD": (
        *("ProgramInformation", "BaseURL", "Location", "PatchLocation", "ServiceDescription"),
        *("InitializationSet", "InitializationGroup", "InitializationPresentation"),
        *("ContentProtection", "Period", "Metrics", "EssentialProperty", "SupplementalProperty"),
        *("UTCTiming", "LeapSecondInformation"),
    ),
    "Period": (
        *("BaseURL", *SEGMENTS, "AssetIdentifier", "EventStream", "ServiceDescription"),
        *("ContentProtection", "AdaptationSet", "Subset", "SupplementalProperty"),
        *("EmptyAdaptationSet", "GroupLabel", "Preselection"),
    ),
    "AdaptationSet": (
        *(*COMMON, "Accessibility", "Role", "Rating", "Viewpoint", "ContentComponent"),
        *("BaseURL", *SEGMENTS, "Representation"),
    ),
    "Representation": (*COMMON, "BaseURL", "ExtendedBandwidth", "SubRepresentation", *SEGMENTS),
    "SegmentTemplate": TIMES,
    "SegmentList": (*TIMES, "SegmentURL"),
    "SegmentTimeline": ("S",),
    "EventStream": ("Event",),
}
"""The children that an element may have, in their order; one that is not named has none."""


def read_mpd(text: str) -> ElementTree.Element:
    """Return the root of a manifest, whose elements stand where the schema allows them."""
    root = ElementTree.fromstring(text)
    for element in root.iter():
        allowed = CHILDREN.get(element.tag.removeprefix(SPACE), ())
        found = [child.tag.removeprefix(SPACE) for child in element]
        assert set(found) <= set(allowed), (element.tag, found)
        assert found == sorted(found, key=allowed.index), (element.tag, found)
    return root
