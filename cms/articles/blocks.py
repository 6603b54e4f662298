"""Blocks of an article's body."""

from wagtail import blocks


class BodyBlock(blocks.StreamBlock):
    """What an article is made of."""

    text = blocks.RichTextBlock()
