"""What this room adds to the CMS."""

from wagtail.snippets.models import register_snippet

from cms.cooperatives.tree_admin import CooperativeViewSet, RegionViewSet

register_snippet(CooperativeViewSet)
register_snippet(RegionViewSet)
