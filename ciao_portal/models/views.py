"""Lists as people keep them: filter, order and columns under a name."""

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _
from django_scopes import ScopedManager

from ciao_portal.ids import new_id
from ciao_portal.models.accounts import Company, User


class SavedView(models.Model):
    """A list with its filters, order and columns; one's own, or shared with the company.

    `query` is the query string of the list without its place in the pages. The default one opens when the
    list is opened without a query.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    company = models.ForeignKey(Company, on_delete=models.CASCADE, related_name="+")
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="saved_views")
    list_name = models.CharField(max_length=40)
    name = models.CharField(_("Name"), max_length=60)
    query = models.CharField(max_length=1000, blank=True)
    is_shared = models.BooleanField(_("Also for colleagues"), default=False)
    is_default = models.BooleanField(_("Open the list like this"), default=False)
    created_at = models.DateTimeField()

    objects: ClassVar[models.Manager["SavedView"]] = ScopedManager(company="company")

    class Meta:
        ordering: ClassVar = ["name", "id"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["company", "user", "list_name", "name"], name="saved_view_name_once"
            ),
            models.UniqueConstraint(
                fields=["company", "user", "list_name"],
                condition=models.Q(is_default=True),
                name="one_default_view",
            ),
        ]

    def __str__(self) -> str:
        return self.name
