"""The style guide for contributors, made from the portal's own tokens, icons and elements."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET

from ciao_portal.permissions import Permission, requires
from ciao_portal.web import style_guide as guide


@requires(Permission.VIEW)
@require_GET
def style_guide(request: HttpRequest) -> HttpResponse:
    """Holds no data of anybody."""
    context = {
        "title": _("Style guide"),
        "swatches": guide.swatches(),
        "type_sizes": guide.sizes(r"size-\d+"),
        "spaces": guide.sizes(r"s\d+"),
        "icons": guide.icons(),
        "examples": guide.examples(request),
    }
    return render(request, "style_guide/style_guide.html", context)
