"""From registration points to papers: names, versions and the NSSO's address, as a company sees them."""

from collections.abc import Sequence
from datetime import date

from ciao_portal.companies import names_of_companies
from ciao_portal.models import Company
from declarations.models import RegistrationPoint
from declarations.posters import Poster, fingerprints_of, poster_of
from declarations.querysets import nsso_urls_of
from declarations.services.printing import print_versions, versions_of


def posters_for(
    viewer: Company, points: Sequence[RegistrationPoint], *, today: date, keep: bool = True
) -> list[Poster]:
    """The papers of points the viewer may see, in their order, with `declaration__client` loaded.

    New versions are kept, unless one only looks (`keep=False`). `today` is a Brussels day.
    """
    urls = nsso_urls_of(point.declaration_id for point in points)
    names = names_of_companies(viewer, {point.company or point.declaration.company for point in points})
    versions = (print_versions if keep else versions_of)(fingerprints_of(points, urls), today=today)
    return [
        poster_of(
            point,
            contractor=names[point.company or point.declaration.company],
            version=versions[point.pk],
            nsso_url=urls.get(point.declaration_id, ""),
        )
        for point in points
    ]
