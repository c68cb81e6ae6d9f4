"""A one-page guide of a sector, or for foreign companies, as a document."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date

from django.template.loader import render_to_string
from django.utils import translation
from django.utils.translation import gettext

from ciao_portal.days import day_label
from ciao_portal.web.pdf import STATIC_SCHEME
from declarations import guide_wording as words
from declarations.advice_wording import DUTY_LEADS, REASONS, SECTORS, SHORT_DUTIES
from declarations.rules.advising import RULES, Duty
from declarations.rules.guides import (
    Topic,
    disagreements_of,
    duty_of,
    kinds_of,
    sources_of,
    thresholds_of,
)
from declarations.rules.thresholds import Sector, Source, Threshold

Fact = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Part:
    """A heading with its paragraphs, or with a list."""

    title: str
    paragraphs: list[str] = field(default_factory=list)
    items: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Sheet:
    """A guide in the language of the moment. `amounts`: works, with whom, from which amount, since when."""

    title: str
    lead: str
    summary: str
    facts: list[Fact]
    amounts: list[tuple[str, str, str, str]]
    parts: list[Part]
    sources: list[str]


def guide_html(topic: Topic, *, today: date, language: str) -> str:
    """The document in this language; `today` is a Brussels day and stands on it."""
    with translation.override(language):
        context = {
            "sheet": sheet_of(topic, today=today),
            "today": day_label(today),
            "rules": RULES,
            "no_advice": words.NO_ADVICE,
            "stylesheets": [f"{STATIC_SCHEME}css/report.css", f"{STATIC_SCHEME}css/guide.css"],
        }
        return render_to_string("declarations/guide_pdf.html", context)


def sheet_of(topic: Topic, *, today: date) -> Sheet:
    sector = topic.sector
    return _abroad(today) if sector is None else _of_sector(topic, sector, today)


def _of_sector(topic: Topic, sector: Sector, today: date) -> Sheet:
    duty = duty_of(sector)
    thresholds = thresholds_of(sector)
    sources = [*sources_of(sector), *_further_sources(duty)]
    return Sheet(
        title=words.title_of(topic),
        lead=str(words.LEADS[topic]),
        summary=words.headline_of(duty),
        facts=_facts(duty, thresholds),
        amounts=[_row(one) for one in thresholds],
        parts=_filled(
            Part(gettext("The duty"), [*_lead(duty), *words.paragraphs(words.DUTY[duty])]),
            Part(gettext("Who registers"), words.paragraphs(words.WHO[duty])),
            Part(gettext("What is registered"), words.paragraphs(words.WHAT[duty])),
            Part(gettext("By which means"), words.paragraphs(words.MEANS[duty])),
            Part(gettext("Remarks and corrections"), words.paragraphs(words.AFTERWARDS[duty])),
            *_kinds(sector),
            Part(gettext("Sanctions"), words.sanctions(duty, today=today)),
            Part(
                gettext("Where sources disagree"),
                [words.reading(reason) for reason in disagreements_of(sector)],
            ),
            Part(gettext("Announced"), [str(REASONS["generalDuty"])] if duty is Duty.NONE else []),
        ),
        sources=[words.source_words(one) for one in dict.fromkeys(sources)],
    )


def _abroad(today: date) -> Sheet:
    sectors = [sector for sector in Sector if duty_of(sector) is not Duty.NONE]
    sources = [source for sector in sectors for source in sources_of(sector)]
    sources += [Source.NSSO_SERVICE, *_further_sources(Duty.CIAO)]
    return Sheet(
        title=str(words.FOREIGN_COMPANIES),
        lead=str(words.LEADS[Topic.FOREIGN]),
        summary=gettext("The same duty as for Belgian companies, with papers before it"),
        facts=[(str(SECTORS[sector]), str(SHORT_DUTIES[duty_of(sector)])) for sector in sectors],
        amounts=[
            _row(one, sector)
            for sector in sectors
            for one in thresholds_of(sector)
            # Nobody begins works in the past.
            if not one.works_until
        ],
        parts=_filled(
            Part(gettext("Before the first day"), words.paragraphs(words.ABROAD_BEFORE)),
            Part(gettext("Who registers"), words.paragraphs(words.WHO[Duty.CIAO])),
            Part(gettext("What is registered in cleaning"), words.paragraphs(words.WHAT[Duty.CIAO])),
            Part(gettext("What is registered elsewhere"), words.paragraphs(words.WHAT[Duty.CIAW])),
            Part(gettext("By which means"), words.paragraphs(words.MEANS[Duty.CIAO])),
            Part(gettext("Access to the NSSO"), words.paragraphs(words.ABROAD_ACCESS)),
            Part(gettext("Remarks and corrections"), words.paragraphs(words.AFTERWARDS[Duty.CIAO])),
            Part(gettext("Sanctions"), words.sanctions(Duty.CIAO, today=today)),
        ),
        sources=[words.source_words(one) for one in dict.fromkeys(sources)],
    )


def _lead(duty: Duty) -> list[str]:
    return [] if duty is Duty.NONE else [str(DUTY_LEADS[duty])]


def _facts(duty: Duty, thresholds: list[Threshold]) -> list[Fact]:
    facts = [(gettext("Duty"), str(SHORT_DUTIES[duty]))]
    if thresholds:
        since = min(one.in_force for one in thresholds)
        facts.append((gettext("In force since"), day_label(since)))
    if duty is Duty.CIAO:
        facts.append((gettext("Legal basis"), str(words.LEGAL_BASIS)))
    return facts


def _row(threshold: Threshold, sector: Sector | None = None) -> tuple[str, str, str, str]:
    name = str(SECTORS[sector]) if sector else words.begun(threshold)
    return (
        name,
        words.subcontractors(threshold),
        words.amount(threshold),
        day_label(threshold.in_force),
    )


def _kinds(sector: Sector) -> list[Part]:
    kinds = kinds_of(sector)

    def those(*, in_scope: bool, is_grey: bool) -> list[str]:
        return [words.kind_words(one) for one in kinds if (one.in_scope, one.is_grey) == (in_scope, is_grey)]

    grey = [words.kind_words(one) for one in kinds if one.is_grey]
    return [
        Part(gettext("In scope"), items=those(in_scope=True, is_grey=False)),
        Part(gettext("Not in scope"), items=those(in_scope=False, is_grey=False)),
        Part(gettext("Grey areas"), [str(REASONS["greyArea"])] if grey else [], grey),
    ]


def _further_sources(duty: Duty) -> list[Source]:
    """Whence the rest comes: corrections, means and fines of the duty."""
    return [Source.NSSO_QUESTIONS, Source.PENAL_CODE] if duty is Duty.CIAO else []


def _filled(*parts: Part) -> list[Part]:
    return [part for part in parts if part.paragraphs or part.items]


def all_topics() -> Iterable[tuple[Topic, str, str]]:
    """Each guide with its title and lead, in the language of the moment."""
    return [(topic, words.title_of(topic), str(words.LEADS[topic])) for topic in Topic]
