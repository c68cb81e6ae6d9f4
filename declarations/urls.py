"""Addresses of declarations, workplaces and companies."""

from django.urls import path

from declarations.views import (
    advisor,
    chain,
    codes,
    companies,
    declaring,
    detail,
    guides,
    lists,
    share,
    studio,
    workplaces,
)

app_name = "declarations"

urlpatterns = [
    path("declarations/", lists.DeclarationList.as_view(), name="list"),
    path("declarations/new/", declaring.new, name="new"),
    path("declarations/advisor/", advisor.advisor, name="advisor"),
    path("declarations/assessments/", advisor.AssessmentList.as_view(), name="assessment-list"),
    path("declarations/assessments/keep/", advisor.keep, name="assessment-keep"),
    path("declarations/assessments/<uuid:pk>/", advisor.assessment, name="assessment"),
    path("declarations/assessments/<uuid:pk>/assessment.pdf", advisor.assessment_pdf, name="assessment-pdf"),
    path("declarations/guides/", guides.guides, name="guides"),
    path("declarations/guides/<str:topic>.pdf", guides.guide, name="guide"),
    path("declarations/<uuid:pk>/", detail.detail, name="detail"),
    path("declarations/<uuid:pk>/edit/", declaring.edit, name="edit"),
    path("declarations/<uuid:pk>/workplaces/new/", declaring.new_workplace, name="workplace-new"),
    path("declarations/<uuid:pk>/chain/", chain.chain, name="chain"),
    path("declarations/<uuid:pk>/chain/<uuid:place>/end/", chain.end, name="subcontract-end"),
    path("declarations/<uuid:pk>/posters/", studio.studio, name="declaration-posters"),
    path("declarations/<uuid:pk>/poster.pdf", studio.poster, name="poster"),
    path("declarations/<uuid:pk>/nsso-address/", studio.nsso_address, name="nsso-address"),
    path("declarations/<uuid:pk>/points/<uuid:point>/qr.svg", codes.svg, name="qr-svg"),
    path("declarations/<uuid:pk>/points/<uuid:point>/qr.png", codes.png, name="qr-png"),
    path("declarations/<uuid:pk>/points/<uuid:point>/share/", share.share, name="share"),
    path("declarations/posters.pdf", codes.posters, name="posters"),
    path("workplaces/", lists.WorkplaceList.as_view(), name="workplace-list"),
    path("workplaces/<uuid:pk>/", workplaces.workplace_detail, name="workplace-detail"),
    path("companies/", lists.CompanyList.as_view(), name="company-list"),
    path("companies/<uuid:pk>/", companies.company_detail, name="company-detail"),
    path("companies/<uuid:pk>/edit/", companies.company_edit, name="company-edit"),
]
