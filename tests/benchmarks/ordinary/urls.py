"""The one address."""

from django.urls import path

from tests.benchmarks.ordinary import views

urlpatterns = [path("places/<int:number>/", views.visit, name="visit")]
