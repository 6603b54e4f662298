"""Videos in Wagtail's admin."""
