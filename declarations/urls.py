"""Addresses of declarations, workplaces and companies."""

from django.urls import path

from declarations.views import (
    advisor,
    agreed_means,
    attachments,
    chain,
    clause,
    codes,
    companies,
    declaring,
    detail,
    inviting,
    life,
    lists,
    share,
    subcontract,
    takeover,
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
    path("declarations/<uuid:pk>/", detail.detail, name="detail"),
    path("declarations/<uuid:pk>/edit/", declaring.edit, name="edit"),
    path("declarations/<uuid:pk>/decide/<str:move>/", life.move, name="move"),
    path("declarations/<uuid:pk>/papers/new/", attachments.attach, name="paper-new"),
    path("declarations/<uuid:pk>/papers/<uuid:attachment>/", attachments.paper, name="paper"),
    path(
        "declarations/<uuid:pk>/papers/<uuid:attachment>/withdraw/",
        attachments.withdraw,
        name="paper-withdraw",
    ),
    path("declarations/<uuid:pk>/workplaces/new/", declaring.new_workplace, name="workplace-new"),
    path("declarations/<uuid:pk>/chain/", chain.chain, name="chain"),
    path("declarations/<uuid:pk>/takeover/", takeover.assistant, name="takeover"),
    path("declarations/<uuid:pk>/takeover/steps/", takeover.steps, name="takeover-steps"),
    path("declarations/<uuid:pk>/takeover/step/", takeover.step, name="takeover-step"),
    path("declarations/<uuid:pk>/former/", takeover.former, name="former"),
    path("declarations/<uuid:pk>/chain/<uuid:place>/", subcontract.subcontract, name="subcontract"),
    path("declarations/<uuid:pk>/chain/<uuid:place>/edit/", subcontract.change, name="subcontract-edit"),
    path("declarations/<uuid:pk>/chain/<uuid:place>/move/", subcontract.move, name="subcontract-move"),
    path("declarations/<uuid:pk>/chain/<uuid:place>/end/", subcontract.end, name="subcontract-end"),
    path(
        "declarations/<uuid:pk>/chain/<uuid:place>/keep-on/", subcontract.keep_on, name="subcontract-keep-on"
    ),
    path("declarations/<uuid:pk>/chain/<uuid:place>/means/", agreed_means.new, name="means-new"),
    path(
        "declarations/<uuid:pk>/chain/<uuid:place>/means/<uuid:means>/file/",
        agreed_means.paper,
        name="means-file",
    ),
    path(
        "declarations/<uuid:pk>/chain/<uuid:place>/means/<uuid:means>/withdraw/",
        agreed_means.withdraw,
        name="means-withdraw",
    ),
    path("declarations/<uuid:pk>/chain/<uuid:place>/invite/", inviting.invite, name="chain-invite"),
    path(
        "declarations/<uuid:pk>/chain/<uuid:place>/invitations/<uuid:invitation>/again/",
        inviting.again,
        name="chain-invitation-again",
    ),
    path(
        "declarations/<uuid:pk>/chain/<uuid:place>/invitations/<uuid:invitation>/withdraw/",
        inviting.withdraw,
        name="chain-invitation-withdraw",
    ),
    path("declarations/clause/", clause.clause, name="clause"),
    path("declarations/clause/<str:language>.pdf", clause.clause_pdf, name="clause-pdf"),
    path("declarations/<uuid:pk>/poster.pdf", codes.poster, name="poster"),
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
