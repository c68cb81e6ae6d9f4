"""The form of a visit: five fields."""

from typing import ClassVar

from django import forms

from tests.benchmarks.ordinary.models import Visit


class VisitForm(forms.ModelForm):  # type: ignore[type-arg]  # Django's class takes no parameter when it runs
    class Meta:
        model = Visit
        fields: ClassVar = ["name", "email", "kind", "happened_at", "note"]
