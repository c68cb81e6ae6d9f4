"""Forms about people and the company itself."""

from typing import Any

from django import forms
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from ciao_portal.errors import DomainError
from ciao_portal.languages import PORTAL_LANGUAGES
from ciao_portal.models import Company, Role, User
from ciao_portal.papers import ACCEPTED, MOST_BYTES


class ServiceForm(forms.Form):
    """A form whose service may refuse what was typed."""

    def refuse(self, error: DomainError) -> None:
        """Show a service's refusal at its field."""
        self.add_error(error.field if error.field in self.fields else None, str(error))


class PaperField(forms.FileField):
    """A file for `ciao_portal.papers.keep_paper` to look at; the browser tells early when it is too large."""

    def __init__(self, *, label: Any = None, required: bool = True) -> None:
        widget = forms.FileInput({"accept": ACCEPTED, "data-most-bytes": MOST_BYTES})
        help_text = _("A PDF, a photo, a Word or Excel file; at most 10 MB.")
        super().__init__(
            label=label or _("File"),
            required=required,
            widget=widget,
            help_text=help_text,
            allow_empty_file=True,
        )

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        # In the reader's language of now, for the script that asks.
        return super().widget_attrs(widget) | {"data-too-large": _("This file is too large: at most 10 MB.")}


class InvitationForm(ServiceForm):
    """Whom an owner invites, and as what."""

    email = forms.EmailField(label=_("E-mail address"), max_length=254)
    role = forms.ChoiceField(
        label=_("Role"),
        choices=Role.choices,
        initial=Role.OFFICE,
        help_text=_(
            "An owner also manages people and settings. The office declares works and looks after workers. "
            "An auditor only reads."
        ),
    )
    language = forms.ChoiceField(label=_("Language of the letter"), choices=PORTAL_LANGUAGES)


class RoleForm(ServiceForm):
    """Another role for somebody of the company."""

    role = forms.ChoiceField(label=_("Role"), choices=Role.choices)


class PersonForm(ServiceForm):
    """What people say of themselves."""

    name = forms.CharField(label=_("Name"), max_length=120)
    language = forms.ChoiceField(
        label=_("Language"),
        choices=PORTAL_LANGUAGES,
        help_text=_("Of your pages, and of letters to you."),
    )


class NewAccountForm(PersonForm):
    """The same for somebody new, with the password they choose; `email` is the invited address."""

    password = forms.CharField(
        label=_("Password"),
        strip=False,
        widget=forms.PasswordInput({"autocomplete": "new-password"}),
        help_text=_("At least 10 characters, and not one that many people use."),
    )
    field_order = ("name", "password", "language")

    def __init__(self, *args: Any, email: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.email = email
        self.fields["name"].widget.attrs["autocomplete"] = "name"

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if password := data.get("password"):
            try:
                validate_password(password, User(email=self.email, name=data.get("name", "")))
            except ValidationError as error:
                self.add_error("password", error)
        return data


class CompanyForm(ServiceForm):
    """What the company says of itself."""

    name = forms.CharField(label=_("Name"), max_length=200)
    language = forms.ChoiceField(
        label=_("Language of letters"),
        choices=PORTAL_LANGUAGES,
        help_text=_("For people who have not chosen a language of their own."),
    )
    contact_email = forms.EmailField(
        label=_("E-mail address"),
        required=False,
        help_text=_("Stands on reports, so that readers know whom to ask."),
    )
    contact_phone = forms.CharField(label=_("Telephone"), max_length=30, required=False)

    @classmethod
    def of(cls, company: Company, data: Any = None) -> "CompanyForm":
        """The form as the company stands now."""
        return cls(data, initial={name: getattr(company, name) for name in cls.base_fields})


class ClientIdForm(ServiceForm):
    """The client id of the company's channel in Chaman."""

    client_id = forms.RegexField(
        r"^[A-Za-z0-9_.-]+$",
        label=_("Client id"),
        max_length=120,
        strip=True,
        widget=forms.TextInput({"autocomplete": "off", "spellcheck": "false"}),
        help_text=_("As Chaman shows it; it usually starts with self_service_chaman_."),
        error_messages={
            "required": _("Enter the client id as Chaman shows it."),
            "invalid": _(
                "This cannot be a client id: one holds letters, digits, dots, dashes and underscores only, "
                "without spaces. Copy it from Chaman once more."
            ),
        },
    )
