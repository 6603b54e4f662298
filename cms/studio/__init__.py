"""The traders' own area, outside the CMS admin."""
