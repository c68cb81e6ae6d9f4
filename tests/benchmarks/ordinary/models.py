"""Places, visits to them, and a log."""

from typing import ClassVar

from django.db import models


class Place(models.Model):
    objects: ClassVar[models.Manager["Place"]] = models.Manager()

    id = models.BigAutoField(primary_key=True)
    name = models.CharField(max_length=100)

    class Meta:
        app_label = "ordinary"

    def __str__(self) -> str:
        return self.name


class Kind(models.TextChoices):
    ARRIVAL = "arrival", "Arrival"
    DEPARTURE = "departure", "Departure"


class Visit(models.Model):
    objects: ClassVar[models.Manager["Visit"]] = models.Manager()

    id = models.BigAutoField(primary_key=True)
    place = models.ForeignKey(Place, on_delete=models.PROTECT, related_name="visits")
    name = models.CharField(max_length=100)
    email = models.EmailField()
    kind = models.CharField(max_length=10, choices=Kind.choices)
    happened_at = models.DateTimeField()
    note = models.TextField(blank=True)

    class Meta:
        app_label = "ordinary"
        indexes: ClassVar = [models.Index(fields=["place", "-id"], name="visit_place")]

    def __str__(self) -> str:
        return f"{self.name} {self.kind}"


class LogLine(models.Model):
    objects: ClassVar[models.Manager["LogLine"]] = models.Manager()

    id = models.BigAutoField(primary_key=True)
    visit = models.ForeignKey(Visit, on_delete=models.PROTECT, related_name="log")
    text = models.CharField(max_length=100)
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        app_label = "ordinary"

    def __str__(self) -> str:
        return self.text
