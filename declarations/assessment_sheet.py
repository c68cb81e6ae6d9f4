"""A kept answer of the scope advisor on paper."""

from django.template.loader import render_to_string
from django.utils import translation

from ciao_portal.days import moment_label
from ciao_portal.web.pdf import STATIC_SCHEME
from declarations import advice_wording
from declarations.models import Assessment
from declarations.services.assessing import advice_of


def assessment_html(assessment: Assessment, *, printed_on: str, language: str) -> str:
    """The document in this language; the answer is the one that was given, not today's."""
    with translation.override(language):
        context = {
            "assessment": assessment,
            "company": assessment.company,
            "made_at": moment_label(assessment.made_at),
            "facts": advice_wording.facts(assessment.inputs),
            "answer": advice_wording.in_words(advice_of(assessment)),
            "note": advice_wording.work_note(assessment.inputs["work"]),
            "printed_on": printed_on,
            "stylesheet": f"{STATIC_SCHEME}css/report.css",
        }
        return render_to_string("declarations/assessment_pdf.html", context)
