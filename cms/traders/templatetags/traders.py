"""`{% load traders %}`: a product's price in words."""

from django import template

from cms.traders.links import price_text

register = template.Library()
register.filter("price", price_text)
