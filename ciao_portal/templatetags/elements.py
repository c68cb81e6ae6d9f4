"""Page elements so small and so frequent that an include costs more than what it shows.

Known in every template without `{% load %}` (`builtins` in the settings).
"""

from django import template
from django.utils.safestring import SafeString

from ciao_portal.web.icons import icon_of

register = template.Library()


@register.simple_tag
def icon(name: str, size: str = "", down: bool = False) -> SafeString:
    """`{% icon "clock" size="s" %}`; see elements/icon.html for the arguments."""
    return icon_of(name, size, is_down=down)
