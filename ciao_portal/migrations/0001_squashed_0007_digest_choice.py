"""All tables as they stand after the migrations this one replaces: a new portal makes each of them once."""

import ciao_portal.ids
import django.db.models.deletion
import django.db.models.functions.text
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    replaces = [
        ("ciao_portal", "0001_initial"),
        ("ciao_portal", "0002_people_views_retention"),
        ("ciao_portal", "0003_fewer_indexes"),
        ("ciao_portal", "0004_certificates_and_spare_keys"),
        ("ciao_portal", "0005_sign_in_provider"),
        ("ciao_portal", "0006_papers_and_letters"),
        ("ciao_portal", "0007_digest_choice"),
    ]

    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="Person",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=ciao_portal.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("ssin_ciphertext", models.BinaryField(null=True)),
                ("ssin_index", models.CharField(editable=False, max_length=64, null=True, unique=True)),
                ("language", models.CharField(blank=True, max_length=2)),
                ("created_at", models.DateTimeField()),
            ],
            options={
                "default_manager_name": "objects",
            },
        ),
        migrations.CreateModel(
            name="PurgePermit",
            fields=[
                ("table_name", models.CharField(max_length=80, primary_key=True, serialize=False)),
                ("transaction_id", models.CharField(blank=True, max_length=40)),
            ],
        ),
        migrations.CreateModel(
            name="User",
            fields=[
                ("password", models.CharField(max_length=128, verbose_name="password")),
                ("last_login", models.DateTimeField(blank=True, null=True, verbose_name="last login")),
                (
                    "id",
                    models.UUIDField(
                        default=ciao_portal.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("email", models.EmailField(max_length=254, unique=True, verbose_name="E-mail address")),
                ("name", models.CharField(blank=True, max_length=120, verbose_name="Name")),
                ("language", models.CharField(blank=True, max_length=2, verbose_name="Language")),
                ("is_active", models.BooleanField(default=True, verbose_name="May sign in")),
                ("date_joined", models.DateTimeField(auto_now_add=True)),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        django.db.models.functions.text.Lower("email"), name="user_email_once"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Company",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=ciao_portal.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                (
                    "enterprise_number",
                    models.CharField(
                        blank=True, max_length=10, null=True, unique=True, verbose_name="Enterprise number"
                    ),
                ),
                (
                    "foreign_vat_number",
                    models.CharField(
                        blank=True, max_length=20, null=True, unique=True, verbose_name="Foreign VAT number"
                    ),
                ),
                ("name", models.CharField(blank=True, max_length=200, verbose_name="Name")),
                ("language", models.CharField(default="nl", max_length=2, verbose_name="Language")),
                (
                    "contact_email",
                    models.EmailField(blank=True, max_length=254, verbose_name="E-mail address"),
                ),
                ("contact_phone", models.CharField(blank=True, max_length=30, verbose_name="Telephone")),
                ("is_demo", models.BooleanField(default=False)),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("enterprise_number__isnull", False),
                            ("foreign_vat_number__isnull", False),
                            _connector="XOR",
                        ),
                        name="company_has_one_number",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="IdentityProvider",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=ciao_portal.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("issuer", models.CharField(max_length=255, verbose_name="Address of the provider (issuer)")),
                ("client_id", models.CharField(max_length=255, verbose_name="Client id")),
                ("client_secret_ciphertext", models.BinaryField()),
                ("claim", models.CharField(max_length=100, verbose_name="Claim with the national number")),
                ("changed_at", models.DateTimeField()),
                ("checked_at", models.DateTimeField(editable=False, null=True)),
                (
                    "company",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="identity_provider",
                        to="ciao_portal.company",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="NssoCredentials",
            fields=[
                ("private_key_ciphertext", models.BinaryField()),
                ("public_key_pem", models.TextField()),
                ("certificate_pem", models.TextField(default="", editable=False)),
                ("certificate_ends_at", models.DateTimeField(editable=False, null=True)),
                ("told_threshold", models.PositiveSmallIntegerField(editable=False, null=True)),
                ("tested_at", models.DateTimeField(editable=False, null=True)),
                ("test_result", models.CharField(default="", editable=False, max_length=40)),
                ("created_at", models.DateTimeField()),
                (
                    "id",
                    models.UUIDField(
                        default=ciao_portal.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("client_id", models.CharField(max_length=120)),
                (
                    "company",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="nsso_credentials",
                        to="ciao_portal.company",
                    ),
                ),
            ],
            options={
                "verbose_name_plural": "NSSO credentials",
            },
        ),
        migrations.CreateModel(
            name="Paper",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=ciao_portal.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("title", models.CharField(max_length=120)),
                ("media_type", models.CharField(max_length=100)),
                ("size", models.PositiveIntegerField()),
                ("sha256", models.CharField(max_length=64)),
                ("file_name", models.CharField(editable=False, max_length=32, unique=True)),
                ("added_at", models.DateTimeField()),
                (
                    "added_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "company",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="papers",
                        to="ciao_portal.company",
                    ),
                ),
            ],
            options={
                "ordering": ["added_at", "id"],
            },
        ),
        migrations.CreateModel(
            name="AuditEvent",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=ciao_portal.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("at", models.DateTimeField()),
                ("action", models.CharField(max_length=60)),
                ("subject_type", models.CharField(max_length=80)),
                ("subject_id", models.CharField(max_length=40)),
                ("payload", models.JSONField(default=dict)),
                (
                    "user",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "company",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="ciao_portal.company",
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(fields=["company", "-at", "-id"], name="audit_company_time"),
                    models.Index(
                        condition=models.Q(("user__isnull", False)),
                        fields=["company", "-at", "-id"],
                        name="audit_people_at",
                    ),
                    models.Index(
                        condition=models.Q(("action", "registration.received"), _negated=True),
                        fields=["company", "-at", "-id"],
                        name="audit_rare_at",
                    ),
                    models.Index(fields=["subject_type", "subject_id"], name="audit_subject"),
                ],
            },
        ),
        migrations.CreateModel(
            name="CompanyCard",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=ciao_portal.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("name", models.CharField(max_length=200, verbose_name="Name")),
                (
                    "contact_email",
                    models.EmailField(blank=True, max_length=254, verbose_name="E-mail address"),
                ),
                ("contact_phone", models.CharField(blank=True, max_length=30, verbose_name="Telephone")),
                (
                    "company",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="cards",
                        to="ciao_portal.company",
                    ),
                ),
                (
                    "subject",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="known_as",
                        to="ciao_portal.company",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("company", "subject"), name="one_card_per_firm")
                ],
            },
        ),
        migrations.CreateModel(
            name="Invitation",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=ciao_portal.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("email", models.EmailField(max_length=254, verbose_name="E-mail address")),
                (
                    "role",
                    models.CharField(
                        choices=[
                            ("owner", "Owner"),
                            ("office", "Office"),
                            ("auditor", "Auditor (reads only)"),
                        ],
                        max_length=10,
                        verbose_name="Role",
                    ),
                ),
                ("language", models.CharField(max_length=2, verbose_name="Language")),
                ("secret_hash", models.CharField(max_length=64, unique=True)),
                ("created_at", models.DateTimeField()),
                ("expires_at", models.DateTimeField()),
                ("accepted_at", models.DateTimeField(blank=True, null=True)),
                ("withdrawn_at", models.DateTimeField(blank=True, null=True)),
                (
                    "company",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="invitations",
                        to="ciao_portal.company",
                    ),
                ),
                (
                    "invited_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "ordering": ["-created_at", "-id"],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("accepted_at__isnull", True), ("withdrawn_at__isnull", True)),
                        fields=("company", "email"),
                        name="one_open_invitation",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Membership",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=ciao_portal.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                (
                    "role",
                    models.CharField(
                        choices=[
                            ("owner", "Owner"),
                            ("office", "Office"),
                            ("auditor", "Auditor (reads only)"),
                        ],
                        max_length=10,
                        verbose_name="Role",
                    ),
                ),
                ("since", models.DateTimeField()),
                ("ended_at", models.DateTimeField(blank=True, null=True)),
                ("wants_digest", models.BooleanField(db_default=True, default=True)),
                (
                    "company",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="memberships",
                        to="ciao_portal.company",
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="memberships",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("ended_at__isnull", True)),
                        fields=("user", "company"),
                        name="one_open_membership",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="PurgeProof",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=ciao_portal.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("kind", models.CharField(max_length=30)),
                ("term_days", models.PositiveIntegerField()),
                ("before", models.DateTimeField()),
                ("count", models.PositiveIntegerField()),
                ("digest", models.CharField(max_length=64)),
                ("at", models.DateTimeField()),
                (
                    "company",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="ciao_portal.company",
                    ),
                ),
            ],
            options={
                "ordering": ["-at", "-id"],
                "indexes": [models.Index(fields=["company", "-at"], name="purge_company_at")],
            },
        ),
        migrations.CreateModel(
            name="SavedView",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=ciao_portal.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("list_name", models.CharField(max_length=40)),
                ("name", models.CharField(max_length=60, verbose_name="Name")),
                ("query", models.CharField(blank=True, max_length=1000)),
                ("is_shared", models.BooleanField(default=False, verbose_name="Also for colleagues")),
                ("is_default", models.BooleanField(default=False, verbose_name="Open the list like this")),
                ("created_at", models.DateTimeField()),
                (
                    "company",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="ciao_portal.company",
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="saved_views",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "ordering": ["name", "id"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("company", "user", "list_name", "name"), name="saved_view_name_once"
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("is_default", True)),
                        fields=("company", "user", "list_name"),
                        name="one_default_view",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="SentLetter",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=ciao_portal.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("address", models.EmailField(max_length=254)),
                ("template", models.CharField(max_length=60)),
                ("language", models.CharField(max_length=8)),
                ("subject", models.CharField(max_length=300)),
                ("text", models.TextField()),
                ("message_id", models.CharField(max_length=250)),
                ("at", models.DateTimeField()),
                ("is_taken", models.BooleanField()),
                (
                    "company",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="sent_letters",
                        to="ciao_portal.company",
                    ),
                ),
                (
                    "recipient",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="ciao_portal.company",
                    ),
                ),
                (
                    "sent_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "ordering": ["-at", "-id"],
                "indexes": [models.Index(fields=["company", "recipient", "-at"], name="letter_to_firm")],
            },
        ),
        migrations.CreateModel(
            name="SpareKey",
            fields=[
                ("private_key_ciphertext", models.BinaryField()),
                ("public_key_pem", models.TextField()),
                ("certificate_pem", models.TextField(default="", editable=False)),
                ("certificate_ends_at", models.DateTimeField(editable=False, null=True)),
                ("told_threshold", models.PositiveSmallIntegerField(editable=False, null=True)),
                ("tested_at", models.DateTimeField(editable=False, null=True)),
                ("test_result", models.CharField(default="", editable=False, max_length=40)),
                ("created_at", models.DateTimeField()),
                (
                    "id",
                    models.UUIDField(
                        default=ciao_portal.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                (
                    "access",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="spare",
                        to="ciao_portal.nssocredentials",
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
    ]
