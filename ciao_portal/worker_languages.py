"""The languages in which workers are addressed on paper, in messages and on their phones."""

from ciao_portal import languages

# As many as the phone speaks; while it speaks no more than the portal, those.
WORKER_LANGUAGES: tuple[tuple[str, str], ...] = tuple(
    getattr(languages, "WORKER_LANGUAGES", languages.PORTAL_LANGUAGES)
)
WORKER_CODES = tuple(code for code, _name in WORKER_LANGUAGES)


def worker_language(wish: str, company_language: str) -> str:
    """The worker's own language when it is one of these, else the company's, else Dutch."""
    return wish if wish in WORKER_CODES else languages.language_of(company_language)
