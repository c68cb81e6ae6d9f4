from declarations.models.assessments import Assessment
from declarations.models.attachments import Attachment
from declarations.models.chain import AgreedMeans, ChainInvitation, ChainView, RegistrationMeans, Subcontract
from declarations.models.clients import Client, Workplace
from declarations.models.declarations import Declaration, DeclarationWorkplace
from declarations.models.life import AgreedAmount, Cancellation
from declarations.models.points import RegistrationPoint
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
    "RegistrationMeans",
    "RegistrationPoint",
    "Subcontract",
    "TakeoverStep",
    "Workplace",
]
