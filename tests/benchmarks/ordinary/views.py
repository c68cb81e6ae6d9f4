"""One page: a form, and the last visits."""

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render

from tests.benchmarks.ordinary.forms import VisitForm
from tests.benchmarks.ordinary.models import LogLine, Place, Visit

SHOWN = 10


def visit(request: HttpRequest, number: int) -> HttpResponse:
    """Two reads (the place, its last visits), two inserts on POST, one page."""
    place = get_object_or_404(Place, pk=number)
    form = VisitForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        stored = form.save(commit=False)
        stored.place = place
        with transaction.atomic():
            stored.save()
            LogLine.objects.create(visit=stored, text=f"{stored.kind} stored")
        messages.success(request, "Stored.")
    context = {
        "place": place,
        "form": form,
        "visits": Visit.objects.filter(place=place).order_by("-id")[:SHOWN],
    }
    return render(request, "ordinary/visit.html", context)
