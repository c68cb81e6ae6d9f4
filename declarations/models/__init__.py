from declarations.models.assessments import Assessment
from declarations.models.attachments import Attachment
from declarations.models.chain import AgreedMeans, ChainInvitation, ChainView, RegistrationMeans, Subcontract
from declarations.models.clients import Client, Workplace
from declarations.models.declarations import Declaration, DeclarationWorkplace
from declarations.models.life import AgreedAmount, Cancellation
from declarations.models.points import RegistrationPoint
from declarations.models.posters import NssoAddress, PosterVersion
from declarations.models.takeovers import TakeoverStep

__all__ = [
    "AgreedAmount",
    "AgreedMeans",
    "Assessment",
    "Attachment",
    "Cancellation",
    "ChainInvitation",
    "ChainView",
    "Client",
    "Declaration",
    "DeclarationWorkplace",
    "NssoAddress",
    "PosterVersion",
    "RegistrationMeans",
    "RegistrationPoint",
    "Subcontract",
    "TakeoverStep",
    "Workplace",
]
