"""Addresses below `/declarations/`."""

from django.urls import path

from declarations.views import chain, codes, declaring, detail, lists

app_name = "declarations"

urlpatterns = [
    path("", lists.DeclarationList.as_view(), name="list"),
    path("new/", declaring.new, name="new"),
    path("<uuid:pk>/", detail.detail, name="detail"),
    path("<uuid:pk>/edit/", declaring.edit, name="edit"),
    path("<uuid:pk>/workplaces/new/", declaring.new_workplace, name="workplace-new"),
    path("<uuid:pk>/chain/", chain.chain, name="chain"),
    path("<uuid:pk>/chain/<uuid:place>/end/", chain.end, name="subcontract-end"),
    path("<uuid:pk>/poster.pdf", codes.poster, name="poster"),
    path("<uuid:pk>/points/<uuid:point>/qr.svg", codes.svg, name="qr-svg"),
    path("<uuid:pk>/points/<uuid:point>/qr.png", codes.png, name="qr-png"),
]
