"""The card of a takeover on a declaration's page: what came before, or what came after."""

from dataclasses import dataclass

from ciao_portal.companies import names_of_companies
from ciao_portal.days import moment_label
from declarations.models import Declaration


@dataclass(frozen=True, slots=True)
class TakeoverCard:
    """`is_new`: the page is that of the newer one. `former` is the name of the contractor before."""

    new: Declaration
    old: Declaration | None
    former: str
    at: str
    is_new: bool


def takeover_of(declaration: Declaration) -> TakeoverCard | None:
    """For the declarer alone; None when nothing was taken over."""
    after = Declaration.objects.filter(takes_over=declaration).first()
    if after is not None and after.takes_over_at is not None:
        return TakeoverCard(after, declaration, "", moment_label(after.takes_over_at), is_new=False)
    if declaration.takes_over_at is None:
        return None
    former = declaration.former_company
    name = names_of_companies(declaration.company, {former})[former] if former else ""
    at = moment_label(declaration.takes_over_at)
    return TakeoverCard(declaration, declaration.takes_over, name, at, is_new=True)
