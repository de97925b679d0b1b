"""Names of units in templates."""

from django import template

from krzew.places.names import full_name, place_line, short_name

register = template.Library()
register.filter("short_name", short_name)
register.filter("place_line", place_line)
register.filter("full_name", full_name)
