"""All tables as they stand after the migrations this one replaces: a new portal makes each of them once."""

import ciao_portal.ids
import declarations.rules.scope
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    replaces = [
        ("declarations", "0001_initial"),
        ("declarations", "0002_assessments"),
        ("declarations", "0003_declaration_life"),
        ("declarations", "0004_chain_agreements"),
        ("declarations", "0005_takeover"),
        ("declarations", "0006_posters"),
    ]

    initial = True

    dependencies = [
        ("ciao_portal", "0007_digest_choice"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="ChainInvitation",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=ciao_portal.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                (
                    "invitation",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="by_chain",
                        to="ciao_portal.invitation",
                    ),
                ),
                (
                    "inviter",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="ciao_portal.company",
                    ),
                ),
            ],
            options={
                "ordering": ["-invitation__created_at", "-id"],
            },
        ),
        migrations.CreateModel(
            name="Client",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=ciao_portal.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("name", models.CharField(max_length=200, verbose_name="Name")),
                (
                    "enterprise_number",
                    models.CharField(blank=True, max_length=10, verbose_name="Enterprise number"),
                ),
                (
                    "company",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="clients",
                        to="ciao_portal.company",
                    ),
                ),
            ],
            options={
                "ordering": ["name", "id"],
            },
        ),
        migrations.CreateModel(
            name="Workplace",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=ciao_portal.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("name", models.CharField(max_length=200, verbose_name="Name")),
                ("street", models.CharField(blank=True, max_length=200, verbose_name="Street")),
                ("house_number", models.CharField(blank=True, max_length=20, verbose_name="Number")),
                ("box_number", models.CharField(blank=True, max_length=20, verbose_name="Box")),
                ("post_code", models.CharField(blank=True, max_length=10, verbose_name="Postcode")),
                ("municipality", models.CharField(blank=True, max_length=100, verbose_name="Municipality")),
                (
                    "latitude",
                    models.DecimalField(
                        blank=True, decimal_places=6, max_digits=8, null=True, verbose_name="Latitude"
                    ),
                ),
                (
                    "longitude",
                    models.DecimalField(
                        blank=True, decimal_places=6, max_digits=9, null=True, verbose_name="Longitude"
                    ),
                ),
                (
                    "client",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="workplaces",
                        to="declarations.client",
                    ),
                ),
                (
                    "company",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="workplaces",
                        to="ciao_portal.company",
                    ),
                ),
            ],
            options={
                "ordering": ["name", "id"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                models.Q(("street", ""), _negated=True),
                                models.Q(("house_number", ""), _negated=True),
                                models.Q(("post_code", ""), _negated=True),
                                models.Q(("municipality", ""), _negated=True),
                            ),
                            models.Q(("latitude__isnull", False), ("longitude__isnull", False)),
                            _connector="OR",
                        ),
                        name="workplace_can_be_found",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Declaration",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=ciao_portal.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("title", models.CharField(max_length=200, verbose_name="Name of the works")),
                (
                    "declared_number",
                    models.CharField(blank=True, max_length=13, verbose_name="Declaration number"),
                ),
                (
                    "technical_reference",
                    models.CharField(blank=True, max_length=13, verbose_name="Technical reference"),
                ),
                (
                    "regime",
                    models.CharField(
                        choices=[
                            ("ciao", "Check In and Out at Work"),
                            ("ciaw", "CheckIn@Work"),
                            ("hours_only", "Hours only, nothing to the NSSO"),
                        ],
                        default="ciao",
                        max_length=12,
                        verbose_name="Duty",
                    ),
                ),
                (
                    "activity",
                    models.CharField(
                        choices=declarations.rules.scope.activity_choices,
                        max_length=60,
                        verbose_name="Activity",
                    ),
                ),
                (
                    "amount",
                    models.DecimalField(decimal_places=2, max_digits=12, verbose_name="Amount excluding VAT"),
                ),
                (
                    "amount_per_year",
                    models.BooleanField(default=False, verbose_name="The amount is per year"),
                ),
                ("starts_on", models.DateField(verbose_name="First day")),
                ("ends_on", models.DateField(blank=True, null=True, verbose_name="Last day")),
                ("cancelled_on", models.DateField(blank=True, null=True, verbose_name="Cancelled from")),
                ("created_at", models.DateTimeField()),
                ("takes_over_at", models.DateTimeField(blank=True, null=True)),
                (
                    "client",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="declarations",
                        to="declarations.client",
                    ),
                ),
                (
                    "company",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="declarations",
                        to="ciao_portal.company",
                    ),
                ),
                (
                    "former_company",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="ciao_portal.company",
                    ),
                ),
                (
                    "takes_over",
                    models.OneToOneField(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="taken_over_by",
                        to="declarations.declaration",
                    ),
                ),
            ],
            options={
                "ordering": ["-created_at", "-id"],
                "indexes": [
                    models.Index(fields=["declared_number"], name="declaration_number"),
                    models.Index(fields=["technical_reference"], name="declaration_reference"),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("declared_number", ""), _negated=True),
                        fields=("company", "declared_number"),
                        name="declared_number_once",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("ends_on__isnull", True),
                            ("ends_on__gte", models.F("starts_on")),
                            _connector="OR",
                        ),
                        name="declaration_ends_after_start",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("former_company", None),
                                ("takes_over", None),
                                ("takes_over_at__isnull", True),
                            ),
                            models.Q(
                                ("former_company", None),
                                ("takes_over__isnull", False),
                                ("takes_over_at__isnull", False),
                            ),
                            models.Q(
                                ("former_company__isnull", False),
                                ("takes_over", None),
                                ("takes_over_at__isnull", False),
                            ),
                            _connector="OR",
                        ),
                        name="takeover_has_a_minute",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="NssoAddress",
            fields=[
                (
                    "declaration",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="nsso_address",
                        serialize=False,
                        to="declarations.declaration",
                    ),
                ),
                ("url", models.CharField(max_length=120, verbose_name="Address of the NSSO")),
            ],
        ),
        migrations.CreateModel(
            name="Cancellation",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=ciao_portal.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("from_day", models.DateField()),
                ("reason", models.CharField(max_length=300)),
                ("made_at", models.DateTimeField()),
                (
                    "made_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "declaration",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="cancellations",
                        to="declarations.declaration",
                    ),
                ),
            ],
            options={
                "ordering": ["-made_at", "-id"],
            },
        ),
        migrations.CreateModel(
            name="Attachment",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=ciao_portal.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("contract", "Contract or order"),
                            ("letter", "Letter of the client"),
                            ("nsso", "Printout of the NSSO"),
                            ("other", "Something else"),
                        ],
                        max_length=12,
                        verbose_name="Kind of paper",
                    ),
                ),
                ("withdrawn_at", models.DateTimeField(blank=True, null=True)),
                ("withdrawal_reason", models.CharField(blank=True, max_length=300, verbose_name="Reason")),
                (
                    "paper",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="attachment",
                        to="ciao_portal.paper",
                    ),
                ),
                (
                    "withdrawn_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "declaration",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="attachments",
                        to="declarations.declaration",
                    ),
                ),
            ],
            options={
                "ordering": ["-paper__added_at", "-id"],
            },
        ),
        migrations.CreateModel(
            name="Subcontract",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=ciao_portal.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                (
                    "amount",
                    models.DecimalField(
                        blank=True,
                        decimal_places=2,
                        max_digits=12,
                        null=True,
                        verbose_name="Amount excluding VAT",
                    ),
                ),
                ("starts_on", models.DateField(verbose_name="First day")),
                ("ends_on", models.DateField(blank=True, null=True, verbose_name="Last day")),
                (
                    "has_clause",
                    models.BooleanField(
                        default=False, verbose_name="The contract reminds of the registration duty"
                    ),
                ),
                ("clause_since", models.DateField(blank=True, null=True, verbose_name="Clause since")),
                ("created_at", models.DateTimeField()),
                (
                    "company",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="subcontracts",
                        to="ciao_portal.company",
                    ),
                ),
                (
                    "declaration",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="subcontracts",
                        to="declarations.declaration",
                    ),
                ),
                (
                    "parent",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="children",
                        to="declarations.subcontract",
                    ),
                ),
            ],
            options={
                "ordering": ["created_at", "id"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("ends_on__isnull", True),
                            ("ends_on__gte", models.F("starts_on")),
                            _connector="OR",
                        ),
                        name="subcontract_ends_after_start",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("clause_since__isnull", True), ("has_clause", True), _connector="OR"
                        ),
                        name="subcontract_clause_day_needs_clause",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="TakeoverStep",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=ciao_portal.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("done_at", models.DateTimeField()),
                (
                    "declaration",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="takeover_steps",
                        to="declarations.declaration",
                    ),
                ),
                (
                    "done_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "workplace",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="declarations.workplace",
                    ),
                ),
            ],
            options={
                "ordering": ["done_at", "id"],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("workplace__isnull", True)),
                        fields=("declaration",),
                        name="staff_told_once",
                    ),
                    models.UniqueConstraint(fields=("declaration", "workplace"), name="poster_hung_once"),
                ],
            },
        ),
        migrations.CreateModel(
            name="RegistrationPoint",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=ciao_portal.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("code", models.CharField(max_length=12, unique=True, verbose_name="Code")),
                ("created_at", models.DateTimeField()),
                (
                    "company",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="points",
                        to="ciao_portal.company",
                    ),
                ),
                (
                    "declaration",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="points",
                        to="declarations.declaration",
                    ),
                ),
                (
                    "workplace",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="points",
                        to="declarations.workplace",
                    ),
                ),
            ],
            options={
                "ordering": ["created_at", "id"],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("workplace__isnull", True), ("company__isnull", True)),
                        fields=("declaration",),
                        name="one_point",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("company__isnull", True)),
                        fields=("declaration", "workplace"),
                        name="one_point_per_workplace",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("workplace__isnull", True)),
                        fields=("declaration", "company"),
                        name="one_point_per_company",
                    ),
                    models.UniqueConstraint(
                        fields=("declaration", "workplace", "company"),
                        name="one_point_per_workplace_and_company",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="DeclarationWorkplace",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=ciao_portal.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("position", models.PositiveSmallIntegerField()),
                (
                    "declaration",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="places",
                        to="declarations.declaration",
                    ),
                ),
                (
                    "workplace",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="declarations.workplace",
                    ),
                ),
            ],
            options={
                "ordering": ["position"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("declaration", "workplace"), name="workplace_once_per_declaration"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="ChainView",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("valid_from", models.DateField()),
                ("valid_to", models.DateField(blank=True, null=True)),
                (
                    "member",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="ciao_portal.company",
                    ),
                ),
                (
                    "viewer",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="ciao_portal.company",
                    ),
                ),
                (
                    "declaration",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="chain_views",
                        to="declarations.declaration",
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(fields=["viewer", "declaration", "member"], name="chainview_viewer"),
                    models.Index(fields=["declaration", "member"], name="chainview_member"),
                ],
            },
        ),
        migrations.CreateModel(
            name="Assessment",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=ciao_portal.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("title", models.CharField(max_length=200, verbose_name="Name of the works")),
                ("inputs", models.JSONField()),
                ("rules", models.CharField(max_length=20)),
                ("duty", models.CharField(max_length=12)),
                ("since", models.DateField(null=True)),
                ("advice", models.JSONField()),
                ("made_at", models.DateTimeField()),
                (
                    "company",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="assessments",
                        to="ciao_portal.company",
                    ),
                ),
                (
                    "made_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "declaration",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="assessments",
                        to="declarations.declaration",
                    ),
                ),
            ],
            options={
                "ordering": ["-made_at", "-id"],
                "indexes": [models.Index(fields=["company", "-made_at", "-id"], name="assessment_company")],
            },
        ),
        migrations.CreateModel(
            name="AgreedAmount",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=ciao_portal.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("from_day", models.DateField()),
                ("amount", models.DecimalField(decimal_places=2, max_digits=12)),
                ("per_year", models.BooleanField()),
                ("created_at", models.DateTimeField()),
                (
                    "declaration",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="agreed_amounts",
                        to="declarations.declaration",
                    ),
                ),
            ],
            options={
                "ordering": ["from_day"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("declaration", "from_day"), name="agreed_amount_once_a_day"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="AgreedMeans",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=ciao_portal.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                (
                    "means",
                    models.CharField(
                        choices=[
                            ("phone", "Their own phones, in this portal"),
                            ("card", "Personal cards"),
                            ("tablet", "A tablet at the workplace"),
                            ("own_system", "The subcontractor's own system"),
                        ],
                        max_length=20,
                        verbose_name="Means",
                    ),
                ),
                ("system", models.CharField(blank=True, max_length=100, verbose_name="Name of the system")),
                ("agreed_on", models.DateField(verbose_name="Agreed on")),
                ("created_at", models.DateTimeField()),
                ("withdrawn_at", models.DateTimeField(blank=True, null=True)),
                (
                    "paper",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="ciao_portal.paper",
                    ),
                ),
                (
                    "subcontract",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="agreed_means",
                        to="declarations.subcontract",
                    ),
                ),
            ],
            options={
                "ordering": ["agreed_on", "id"],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("withdrawn_at__isnull", True)),
                        fields=("subcontract", "means"),
                        name="one_agreement_per_means",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="PosterVersion",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=ciao_portal.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("number", models.PositiveIntegerField()),
                ("since", models.DateField()),
                ("fingerprint", models.CharField(max_length=64)),
                (
                    "point",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="versions",
                        to="declarations.registrationpoint",
                    ),
                ),
            ],
            options={
                "ordering": ["number"],
                "constraints": [
                    models.UniqueConstraint(fields=("point", "number"), name="poster_version_once")
                ],
            },
        ),
        migrations.AddField(
            model_name="Declaration",
            name="workplaces",
            field=models.ManyToManyField(
                related_name="declarations",
                through="declarations.DeclarationWorkplace",
                to="declarations.workplace",
                verbose_name="Workplaces",
            ),
        ),
    ]
