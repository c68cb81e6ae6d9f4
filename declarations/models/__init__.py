from declarations.models.assessments import Assessment
from declarations.models.chain import ChainView, Subcontract
from declarations.models.clients import Client, Workplace
from declarations.models.declarations import Declaration, DeclarationWorkplace
from declarations.models.points import RegistrationPoint
from declarations.models.posters import NssoAddress, PosterVersion

__all__ = [
    "Assessment",
    "ChainView",
    "Client",
    "Declaration",
    "DeclarationWorkplace",
    "NssoAddress",
    "PosterVersion",
    "RegistrationPoint",
    "Subcontract",
    "Workplace",
]
