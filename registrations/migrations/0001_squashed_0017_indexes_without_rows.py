"""All tables as they stand after the migrations this one replaces: a new portal makes each of them once."""

import ciao_portal.ids
import django.db.models.deletion
import registrations.models.registrations
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    replaces = [
        ("registrations", "0001_initial"),
        ("registrations", "0002_exports_places_leaves"),
        ("registrations", "0003_fill_declarer_and_leaves"),
        ("registrations", "0004_declarer_is_known"),
        ("registrations", "0005_fewer_indexes"),
        ("registrations", "0006_lines_and_outages"),
        ("registrations", "0007_reading_and_meanings"),
        ("registrations", "0008_status_address"),
        ("registrations", "0009_dossiers_and_emergencies"),
        ("registrations", "0010_the_cleaners_phone"),
        ("registrations", "0011_chain_gaps"),
        ("registrations", "0012_corrections"),
        ("registrations", "0013_remarks_by_week"),
        ("registrations", "0014_remark_reminders"),
        ("registrations", "0015_deadlines"),
        ("registrations", "0016_backlog_by_itself"),
        ("registrations", "0017_indexes_without_rows"),
    ]

    initial = True

    dependencies = [
        ("ciao_portal", "0007_digest_choice"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
        ("declarations", "0006_posters"),
    ]

    operations = [
        migrations.CreateModel(
            name="SealLeaf",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("registration_key", models.UUIDField(unique=True)),
                ("version", models.PositiveSmallIntegerField()),
                ("digest", models.CharField(max_length=64)),
                ("created_at", models.DateTimeField()),
            ],
            options={
                "ordering": ["id"],
            },
        ),
        migrations.CreateModel(
            name="Badge",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=ciao_portal.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("number", models.PositiveIntegerField(verbose_name="Card number")),
                ("secret_hash", models.CharField(max_length=64, unique=True)),
                ("chip_hash", models.CharField(blank=True, max_length=64)),
                ("chip_set_at", models.DateTimeField(blank=True, null=True)),
                ("issued_at", models.DateTimeField()),
                ("revoked_at", models.DateTimeField(blank=True, null=True)),
                (
                    "company",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="badges",
                        to="ciao_portal.company",
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="badges",
                        to="ciao_portal.person",
                    ),
                ),
            ],
            options={
                "ordering": ["-number"],
                "indexes": [models.Index(fields=["chip_hash"], name="cards_of_a_chip")],
                "constraints": [
                    models.UniqueConstraint(fields=("company", "number"), name="one_card_a_number"),
                    models.UniqueConstraint(
                        condition=models.Q(
                            ("revoked_at__isnull", True), models.Q(("chip_hash", ""), _negated=True)
                        ),
                        fields=("chip_hash",),
                        name="one_valid_card_a_chip",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="CalendarAddress",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=ciao_portal.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("secret_hash", models.CharField(max_length=64, unique=True)),
                ("language", models.CharField(max_length=7)),
                ("created_at", models.DateTimeField()),
                ("revoked_at", models.DateTimeField(null=True)),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="calendar_addresses",
                        to="ciao_portal.person",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("revoked_at__isnull", True)),
                        fields=("person",),
                        name="one_open_calendar_address",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="ChainReminder",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=ciao_portal.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("gaps", models.JSONField(default=list)),
                ("created_at", models.DateTimeField()),
                (
                    "company",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="ciao_portal.company",
                    ),
                ),
                (
                    "declaration",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="declarations.declaration",
                    ),
                ),
                (
                    "letter",
                    models.OneToOneField(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="ciao_portal.sentletter",
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
                (
                    "subject",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="ciao_portal.company",
                    ),
                ),
            ],
            options={
                "ordering": ["-created_at", "-id"],
                "indexes": [
                    models.Index(
                        fields=["company", "declaration", "subject", "-created_at"], name="reminder_chain"
                    ),
                    models.Index(fields=["company", "subject", "-created_at"], name="reminder_subject"),
                ],
            },
        ),
        migrations.CreateModel(
            name="Correction",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=ciao_portal.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                (
                    "error",
                    models.CharField(
                        choices=[
                            ("enterprise", "Wrong enterprise number"),
                            ("declaration", "Wrong or missing declaration number"),
                        ],
                        max_length=12,
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("draft", "Being prepared"),
                            ("ready", "Ready"),
                            ("approved", "Approved"),
                            ("sent", "Sent to the NSSO"),
                            ("solved", "Corrected"),
                            ("refused", "Refused by the NSSO"),
                            ("withdrawn", "Withdrawn"),
                            ("late", "Too late"),
                        ],
                        default="draft",
                        max_length=10,
                    ),
                ),
                ("agreed_at", models.DateTimeField(null=True)),
                ("right_value", models.CharField(blank=True, max_length=20, verbose_name="Right number")),
                ("reason", models.CharField(default="undecided", max_length=20)),
                ("language", models.CharField(max_length=2, verbose_name="Language of the request")),
                ("subject", models.CharField(max_length=200, verbose_name="Subject")),
                ("body", models.TextField(max_length=6000, verbose_name="Text")),
                ("has_own_text", models.BooleanField(default=False)),
                ("last_day", models.DateField()),
                ("opened_at", models.DateTimeField()),
                ("sent_on", models.DateField(null=True, verbose_name="Sent on")),
                ("sent_by", models.CharField(blank=True, max_length=120, verbose_name="Sent by")),
                ("sent_reference", models.CharField(blank=True, max_length=60, verbose_name="Reference")),
                ("outcome", models.TextField(blank=True, max_length=1000, verbose_name="Outcome")),
                ("closed_at", models.DateTimeField(null=True)),
                (
                    "approved_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "employer",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="ciao_portal.company",
                    ),
                ),
                (
                    "offered_to",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="ciao_portal.company",
                    ),
                ),
                (
                    "opened_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "owner",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="ciao_portal.company",
                    ),
                ),
                (
                    "partner",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="ciao_portal.company",
                    ),
                ),
                (
                    "prepared_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "ordering": ["last_day", "id"],
                "indexes": [models.Index(fields=["state", "last_day"], name="correction_state_day")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("owner", models.F("employer")),
                            models.Q(("owner", models.F("partner")), ("partner__isnull", False)),
                            _connector="OR",
                        ),
                        name="correction_owned_by_a_party",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("partner__isnull", True),
                            models.Q(("partner", models.F("employer")), _negated=True),
                            _connector="OR",
                        ),
                        name="correction_of_two_companies",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "sent"), _negated=True),
                            ("sent_on__isnull", False),
                            _connector="OR",
                        ),
                        name="correction_sent_on_a_day",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="CorrectionSettings",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=ciao_portal.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                (
                    "office_language",
                    models.CharField(blank=True, max_length=2, verbose_name="Language of your NSSO office"),
                ),
                (
                    "has_four_eyes",
                    models.BooleanField(default=False, verbose_name="A second person approves each request"),
                ),
                ("changed_at", models.DateTimeField()),
                (
                    "company",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="ciao_portal.company",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="DeadlineCalendar",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=ciao_portal.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("secret_hash", models.CharField(max_length=64, unique=True)),
                ("created_at", models.DateTimeField()),
                ("revoked_at", models.DateTimeField(null=True)),
                (
                    "company",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="ciao_portal.company",
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("revoked_at__isnull", True)),
                        fields=("company", "user"),
                        name="one_open_deadline_calendar",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Digest",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=ciao_portal.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("day", models.DateField()),
                ("claimed_at", models.DateTimeField()),
                ("is_taken", models.BooleanField(null=True)),
                (
                    "company",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="ciao_portal.company",
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("is_taken__isnull", True), ("is_taken", True), _connector="OR"),
                        fields=("company", "user", "day"),
                        name="one_digest_a_day",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="EmergencyProcedure",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=ciao_portal.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("contact_name", models.CharField(max_length=120, verbose_name="Whom to call")),
                ("contact_phone", models.CharField(max_length=30, verbose_name="Telephone")),
                (
                    "contact_hours",
                    models.CharField(blank=True, max_length=120, verbose_name="When to reach them"),
                ),
                (
                    "second_name",
                    models.CharField(blank=True, max_length=120, verbose_name="Whom to call next"),
                ),
                (
                    "second_phone",
                    models.CharField(
                        blank=True, max_length=30, verbose_name="Telephone of the second person"
                    ),
                ),
                (
                    "second_hours",
                    models.CharField(
                        blank=True, max_length=120, verbose_name="When to reach the second person"
                    ),
                ),
                (
                    "for_cleaners",
                    models.TextField(blank=True, max_length=2000, verbose_name="What cleaners do besides"),
                ),
                (
                    "for_office",
                    models.TextField(
                        blank=True, max_length=2000, verbose_name="What the office does besides"
                    ),
                ),
                ("changed_at", models.DateTimeField()),
                (
                    "company",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="ciao_portal.company",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Employment",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=ciao_portal.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("first_name", models.CharField(max_length=100, verbose_name="First name")),
                ("last_name", models.CharField(max_length=100, verbose_name="Last name")),
                (
                    "payroll_number",
                    models.CharField(blank=True, max_length=20, verbose_name="Payroll number"),
                ),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("employee", "Employee"),
                            ("self_employed", "Self-employed"),
                            ("temporary", "Temporary worker"),
                            ("trainee", "Trainee"),
                            ("student", "Student"),
                            ("posted", "Posted from abroad"),
                        ],
                        default="employee",
                        max_length=16,
                        verbose_name="Status",
                    ),
                ),
                ("starts_on", models.DateField(verbose_name="First day")),
                ("ends_on", models.DateField(blank=True, null=True, verbose_name="Last day")),
                ("dimona_number", models.CharField(blank=True, max_length=20, verbose_name="Dimona number")),
                (
                    "limosa_number",
                    models.CharField(blank=True, max_length=30, verbose_name="Limosa number (L1)"),
                ),
                (
                    "dimona_ends_on",
                    models.DateField(blank=True, null=True, verbose_name="Last day of the Dimona"),
                ),
                (
                    "limosa_ends_on",
                    models.DateField(
                        blank=True, null=True, verbose_name="Last day of the Limosa declaration"
                    ),
                ),
                (
                    "agency",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="ciao_portal.company",
                        verbose_name="Temporary agency",
                    ),
                ),
                (
                    "company",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="employments",
                        to="ciao_portal.company",
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="employments",
                        to="ciao_portal.person",
                    ),
                ),
            ],
            options={
                "ordering": ["last_name", "first_name", "id"],
                "indexes": [
                    models.Index(fields=["company", "last_name", "first_name"], name="employment_name"),
                    models.Index(fields=["person", "company"], name="employment_person"),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("ends_on__isnull", True)),
                        fields=("company", "person"),
                        name="one_open_employment",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("ends_on__isnull", True),
                            ("ends_on__gte", models.F("starts_on")),
                            _connector="OR",
                        ),
                        name="employment_ends_after_start",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ExpectedDays",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=ciao_portal.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("weekdays", models.CharField(max_length=7)),
                ("set_at", models.DateTimeField()),
                (
                    "company",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="ciao_portal.company",
                    ),
                ),
                (
                    "set_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "subcontract",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="expected_days",
                        to="declarations.subcontract",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("company", "subcontract"), name="one_expectation_a_subcontract"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Export",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=ciao_portal.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("requested_at", models.DateTimeField()),
                ("first_day", models.DateField(verbose_name="First day")),
                ("last_day", models.DateField(verbose_name="Last day")),
                ("selection", models.JSONField(default=dict)),
                ("language", models.CharField(max_length=2)),
                (
                    "has_full_numbers",
                    models.BooleanField(default=False, verbose_name="National numbers in full"),
                ),
                (
                    "has_machine_keys",
                    models.BooleanField(default=False, verbose_name="Column names for machines"),
                ),
                ("expires_at", models.DateTimeField()),
                (
                    "company",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="ciao_portal.company",
                    ),
                ),
                (
                    "requested_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "ordering": ["-requested_at", "-id"],
                "indexes": [
                    models.Index(fields=["company", "-requested_at"], name="export_company_at"),
                    models.Index(fields=["expires_at"], name="export_expires"),
                ],
            },
        ),
        migrations.CreateModel(
            name="NssoLine",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=ciao_portal.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("failures", models.PositiveIntegerField(default=0)),
                ("rest_until", models.DateTimeField(blank=True, null=True)),
                ("failing_since", models.DateTimeField(blank=True, null=True)),
                ("last_success_at", models.DateTimeField(blank=True, null=True)),
                ("last_failure_at", models.DateTimeField(blank=True, null=True)),
                ("last_failure", models.CharField(blank=True, max_length=40)),
                ("clock_skew_s", models.FloatField(blank=True, null=True)),
                ("token_fetched_at", models.DateTimeField(blank=True, null=True)),
                ("token_ends_at", models.DateTimeField(blank=True, null=True)),
                (
                    "credentials",
                    models.OneToOneField(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="line",
                        to="ciao_portal.nssocredentials",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        models.Value(1),
                        condition=models.Q(("credentials__isnull", True)),
                        name="one_line_of_the_service",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="NssoMeaning",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=ciao_portal.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                (
                    "kind",
                    models.CharField(choices=[("remark", "Remark"), ("validity", "Validity")], max_length=10),
                ),
                ("code", models.CharField(max_length=60)),
                ("known_as", models.CharField(blank=True, max_length=60)),
                ("words", models.JSONField(default=dict)),
                ("request", models.CharField(blank=True, max_length=10)),
                ("path", models.CharField(blank=True, max_length=20)),
                ("signal", models.CharField(blank=True, max_length=10)),
            ],
            options={
                "ordering": ["kind", "code"],
                "constraints": [models.UniqueConstraint(fields=("kind", "code"), name="one_meaning")],
            },
        ),
        migrations.CreateModel(
            name="Outage",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=ciao_portal.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                (
                    "origin",
                    models.CharField(
                        choices=[("found", "Found by the portal"), ("declared", "Declared by a person")],
                        max_length=10,
                    ),
                ),
                ("started_at", models.DateTimeField()),
                ("ended_at", models.DateTimeField(blank=True, null=True)),
                ("reason", models.CharField(blank=True, max_length=40)),
                ("note", models.TextField(blank=True)),
                ("recorded_at", models.DateTimeField()),
                ("told_at", models.DateTimeField(blank=True, null=True)),
                (
                    "company",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="outages",
                        to="ciao_portal.company",
                    ),
                ),
                (
                    "declared_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "ordering": ["-started_at", "-id"],
                "indexes": [
                    models.Index(fields=["company", "-started_at", "-id"], name="outage_company_start")
                ],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("ended_at__isnull", True), ("origin", "found")),
                        fields=("company",),
                        name="one_found_outage_at_a_time",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="PairingCode",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=ciao_portal.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("code_hash", models.CharField(max_length=64)),
                ("created_at", models.DateTimeField()),
                ("expires_at", models.DateTimeField()),
                ("used_at", models.DateTimeField(blank=True, null=True)),
                ("revoked_at", models.DateTimeField(blank=True, null=True)),
                ("failures", models.PositiveSmallIntegerField(default=0)),
                (
                    "company",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="ciao_portal.company",
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="ciao_portal.person"
                    ),
                ),
            ],
            options={
                "ordering": ["-created_at"],
            },
        ),
        migrations.CreateModel(
            name="PairingLink",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=ciao_portal.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("secret_hash", models.CharField(max_length=64, unique=True)),
                ("created_at", models.DateTimeField()),
                ("expires_at", models.DateTimeField()),
                ("used_at", models.DateTimeField(blank=True, null=True)),
                ("revoked_at", models.DateTimeField(blank=True, null=True)),
                (
                    "company",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="ciao_portal.company",
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="ciao_portal.person"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="ReadBack",
            fields=[
                ("due_at", models.DateTimeField(blank=True, null=True)),
                ("in_flight_since", models.DateTimeField(blank=True, null=True)),
                ("claimed_by", models.CharField(blank=True, max_length=80)),
                ("attempt_count", models.PositiveIntegerField(default=0)),
                ("last_error", models.CharField(blank=True, max_length=200)),
                (
                    "id",
                    models.UUIDField(
                        default=ciao_portal.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("day", models.DateField()),
                ("pending", models.PositiveIntegerField(default=0)),
                ("read_at", models.DateTimeField(blank=True, null=True)),
                (
                    "credentials",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="ciao_portal.nssocredentials",
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(
                        condition=models.Q(("due_at__isnull", False)), fields=["due_at"], name="read_back_due"
                    )
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("credentials", "day"), name="one_read_back_per_day")
                ],
            },
        ),
        migrations.CreateModel(
            name="ReconciledDay",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=ciao_portal.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("day", models.DateField()),
                ("here", models.PositiveIntegerField()),
                ("there", models.PositiveIntegerField()),
                ("both", models.PositiveIntegerField()),
                ("counts", models.JSONField(default=dict)),
                ("open_count", models.PositiveIntegerField()),
                ("compared_at", models.DateTimeField()),
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
                "ordering": ["-day", "-id"],
                "indexes": [
                    models.Index(fields=["company", "-day", "-id"], name="reconciled_company_day"),
                    models.Index(
                        condition=models.Q(("open_count__gt", 0)), fields=["day"], name="reconciled_with_open"
                    ),
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("company", "day"), name="one_reconciled_day")
                ],
            },
        ),
        migrations.CreateModel(
            name="StatusAddress",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=ciao_portal.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("secret_hash", models.CharField(max_length=64, unique=True)),
                ("created_at", models.DateTimeField()),
                ("revoked_at", models.DateTimeField(blank=True, null=True)),
                (
                    "company",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="status_addresses",
                        to="ciao_portal.company",
                    ),
                ),
                (
                    "created_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("revoked_at__isnull", True)),
                        fields=("company",),
                        name="one_open_status_address",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Terminal",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=ciao_portal.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("name", models.CharField(max_length=60, verbose_name="Name")),
                ("link_hash", models.CharField(blank=True, max_length=64, null=True, unique=True)),
                ("link_expires_at", models.DateTimeField(blank=True, null=True)),
                ("secret_hash", models.CharField(blank=True, max_length=64, null=True, unique=True)),
                ("created_at", models.DateTimeField()),
                ("paired_at", models.DateTimeField(blank=True, null=True)),
                ("revoked_at", models.DateTimeField(blank=True, null=True)),
                ("last_seen_at", models.DateTimeField(blank=True, null=True)),
                (
                    "company",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="terminals",
                        to="ciao_portal.company",
                    ),
                ),
                (
                    "point",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="terminals",
                        to="declarations.registrationpoint",
                    ),
                ),
            ],
            options={
                "ordering": ["name", "id"],
            },
        ),
        migrations.CreateModel(
            name="WrongTry",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                (
                    "counted",
                    models.CharField(
                        choices=[("phone", "phone"), ("point", "point"), ("address", "address")],
                        max_length=10,
                    ),
                ),
                ("subject", models.CharField(max_length=64)),
                ("at", models.DateTimeField()),
            ],
            options={
                "indexes": [
                    models.Index(fields=["subject", "at"], name="wrong_try_subject"),
                    models.Index(fields=["at"], name="wrong_try_at"),
                ],
            },
        ),
        migrations.CreateModel(
            name="CorrectionEvidence",
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
                            ("schedule", "Schedule"),
                            ("contract", "Contract"),
                            ("statement", "Statement"),
                            ("photo", "Photo"),
                            ("other", "Other"),
                        ],
                        max_length=10,
                        verbose_name="What it is",
                    ),
                ),
                ("removed_at", models.DateTimeField(null=True)),
                (
                    "correction",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="evidence",
                        to="registrations.correction",
                    ),
                ),
                (
                    "paper",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="ciao_portal.paper"
                    ),
                ),
            ],
            options={
                "ordering": ["id"],
            },
        ),
        migrations.CreateModel(
            name="Device",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=ciao_portal.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("secret_hash", models.CharField(max_length=64, unique=True)),
                ("label", models.CharField(blank=True, max_length=60)),
                (
                    "paired_by",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("link", "by a personal link"),
                            ("card", "with the personal card"),
                            ("code", "with number and code"),
                            ("provider", "by signing in"),
                        ],
                        default="",
                        max_length=10,
                    ),
                ),
                ("paired_at", models.DateTimeField()),
                ("revoked_at", models.DateTimeField(blank=True, null=True)),
                (
                    "badge",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="phones",
                        to="registrations.badge",
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="devices",
                        to="ciao_portal.person",
                    ),
                ),
            ],
            options={
                "ordering": ["-paired_at"],
            },
        ),
        migrations.CreateModel(
            name="OutageNote",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=ciao_portal.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("text", models.TextField()),
                ("written_at", models.DateTimeField()),
                (
                    "company",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="ciao_portal.company",
                    ),
                ),
                (
                    "outage",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="notes",
                        to="registrations.outage",
                    ),
                ),
                (
                    "written_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "ordering": ["written_at", "id"],
            },
        ),
        migrations.CreateModel(
            name="Report",
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
                            ("presence", "Presence report"),
                            ("outages", "Outage dossier"),
                            ("chain_days", "Chain day by day"),
                            ("reminders", "Attestation of reminders"),
                            ("refusal", "Refusal file"),
                            ("correction", "Request for a correction"),
                        ],
                        default="presence",
                        max_length=10,
                    ),
                ),
                (
                    "has_full_numbers",
                    models.BooleanField(default=False, verbose_name="National numbers in full"),
                ),
                ("requested_at", models.DateTimeField()),
                ("first_day", models.DateField(verbose_name="First day")),
                ("last_day", models.DateField(verbose_name="Last day")),
                ("language", models.CharField(max_length=2)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("waiting", "Waiting to be made"),
                            ("making", "Being made"),
                            ("ready", "Ready"),
                            ("failed", "Could not be made"),
                        ],
                        default="waiting",
                        max_length=10,
                    ),
                ),
                ("made_at", models.DateTimeField(blank=True, null=True)),
                ("file_name", models.CharField(blank=True, max_length=120)),
                ("size", models.PositiveIntegerField(default=0)),
                ("sha256", models.CharField(blank=True, max_length=64)),
                ("line_count", models.PositiveIntegerField(default=0)),
                ("expires_at", models.DateTimeField()),
                (
                    "company",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="ciao_portal.company",
                    ),
                ),
                (
                    "correction",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="registrations.correction",
                    ),
                ),
                (
                    "declaration",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="declarations.declaration",
                        verbose_name="Declaration of works",
                    ),
                ),
                (
                    "requested_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "subject",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="ciao_portal.company",
                        verbose_name="Company",
                    ),
                ),
            ],
            options={
                "ordering": ["-requested_at", "-id"],
                "indexes": [
                    models.Index(fields=["company", "-requested_at"], name="report_company_at"),
                    models.Index(fields=["expires_at"], name="report_expires"),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("correction__isnull", True),
                                ("declaration__isnull", True),
                                ("kind", "outages"),
                            ),
                            models.Q(
                                ("correction__isnull", False),
                                ("declaration__isnull", True),
                                ("kind", "correction"),
                            ),
                            models.Q(
                                models.Q(("kind__in", ("outages", "correction")), _negated=True),
                                ("correction__isnull", True),
                                ("declaration__isnull", False),
                            ),
                            _connector="OR",
                        ),
                        name="report_is_about_its_kind",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("kind__in", ("reminders", "refusal")), ("subject__isnull", False)),
                            models.Q(
                                models.Q(("kind__in", ("reminders", "refusal")), _negated=True),
                                ("subject__isnull", True),
                            ),
                            _connector="OR",
                        ),
                        name="report_names_its_subject",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Agreement",
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
                            ("informed", "Information sheet"),
                            ("own_phone", "Own phone"),
                            ("place", "Place at a registration"),
                        ],
                        max_length=12,
                    ),
                ),
                (
                    "answer",
                    models.CharField(
                        choices=[("accepted", "Accepted"), ("refused", "Refused")], max_length=8
                    ),
                ),
                ("text_version", models.CharField(max_length=10)),
                ("language", models.CharField(max_length=7)),
                ("answered_at", models.DateTimeField()),
                (
                    "company",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="ciao_portal.company",
                    ),
                ),
                (
                    "noted_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="agreements",
                        to="ciao_portal.person",
                    ),
                ),
                (
                    "device",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="registrations.device",
                    ),
                ),
            ],
            options={
                "ordering": ["-answered_at", "-id"],
                "indexes": [
                    models.Index(
                        fields=["person", "company", "kind", "-answered_at"], name="agreement_latest"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Registration",
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
                            ("IN", "Start"),
                            ("OUT", "Stop"),
                            ("BREAK_START", "Break"),
                            ("BREAK_END", "Back from break"),
                        ],
                        max_length=12,
                    ),
                ),
                (
                    "means",
                    models.CharField(
                        choices=[
                            ("paired", "Paired phone"),
                            ("typed", "Number typed"),
                            ("ticket", "Number typed earlier that day"),
                            ("card", "Personal card"),
                            ("chip", "Chip of a card"),
                        ],
                        max_length=10,
                    ),
                ),
                ("happened_at", models.DateTimeField()),
                ("claimed_at", models.DateTimeField(null=True)),
                ("offset_ms", models.BigIntegerField(null=True)),
                ("received_at", models.DateTimeField()),
                ("happened_day", models.DateField()),
                ("client_key", models.UUIDField(unique=True)),
                ("flags", models.JSONField(default=list)),
                (
                    "salt",
                    models.BinaryField(default=registrations.models.registrations.new_salt, max_length=16),
                ),
                (
                    "badge",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="registrations",
                        to="registrations.badge",
                    ),
                ),
                (
                    "declaration",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="registrations",
                        to="declarations.declaration",
                    ),
                ),
                (
                    "declarer",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="ciao_portal.company",
                    ),
                ),
                (
                    "device",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="registrations",
                        to="registrations.device",
                    ),
                ),
                (
                    "employer",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="registrations",
                        to="ciao_portal.company",
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="registrations",
                        to="ciao_portal.person",
                    ),
                ),
                (
                    "point",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="registrations",
                        to="declarations.registrationpoint",
                    ),
                ),
                (
                    "workplace",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="registrations",
                        to="declarations.workplace",
                    ),
                ),
                (
                    "terminal",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="registrations",
                        to="registrations.terminal",
                    ),
                ),
            ],
            options={
                "ordering": ["-happened_at", "-id"],
                "indexes": [
                    models.Index(fields=["employer", "-happened_at", "-id"], name="reg_employer_time"),
                    models.Index(fields=["declarer", "-happened_at", "-id"], name="reg_declarer_time"),
                    models.Index(fields=["declaration", "-happened_at", "-id"], name="reg_declaration_time"),
                    models.Index(fields=["workplace", "-happened_at", "-id"], name="reg_workplace_time"),
                    models.Index(fields=["person", "-happened_at", "-id"], name="reg_person_time"),
                    models.Index(fields=["person", "-received_at"], name="reg_person_received"),
                    models.Index(fields=["point", "means", "received_at"], name="reg_point_received"),
                    models.Index(fields=["happened_day", "employer"], name="reg_day_employer"),
                ],
            },
        ),
        migrations.CreateModel(
            name="PresenceState",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                (
                    "last_kind",
                    models.CharField(
                        choices=[
                            ("IN", "Start"),
                            ("OUT", "Stop"),
                            ("BREAK_START", "Break"),
                            ("BREAK_END", "Back from break"),
                        ],
                        max_length=12,
                    ),
                ),
                ("last_at", models.DateTimeField()),
                ("since", models.DateTimeField(null=True)),
                (
                    "declaration",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="declarations.declaration",
                    ),
                ),
                (
                    "employer",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="ciao_portal.company",
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="ciao_portal.person",
                    ),
                ),
                (
                    "workplace",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="declarations.workplace",
                    ),
                ),
                (
                    "last_registration",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="registrations.registration",
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(fields=["employer", "last_at"], name="presence_employer_at"),
                    models.Index(fields=["declaration", "last_at"], name="presence_declaration_at"),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("person", "employer", "declaration"), name="one_presence_state"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="NssoPresence",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=ciao_portal.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("nsso_id", models.BigIntegerField(unique=True)),
                ("reference", models.CharField(blank=True, max_length=13)),
                ("type", models.CharField(max_length=10)),
                ("registered_at", models.DateTimeField()),
                ("day", models.DateField()),
                ("validity", models.CharField(max_length=40)),
                ("validated_at", models.DateTimeField(null=True)),
                ("first_seen_at", models.DateTimeField()),
                ("last_seen_at", models.DateTimeField()),
                ("missed_since", models.DateTimeField(blank=True, null=True)),
                (
                    "declaration",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="declarations.declaration",
                    ),
                ),
                (
                    "employer",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="ciao_portal.company",
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="ciao_portal.person"
                    ),
                ),
                (
                    "shown_by",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="ciao_portal.nssocredentials",
                    ),
                ),
                (
                    "registration",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="nsso_presences",
                        to="registrations.registration",
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(fields=["employer", "day"], name="presence_employer_day"),
                    models.Index(fields=["shown_by", "day"], name="presence_shown_day"),
                    models.Index(
                        condition=models.Q(("registration__isnull", True)),
                        fields=["person", "registered_at"],
                        name="elsewhere_person",
                    ),
                    models.Index(
                        condition=models.Q(("registration__isnull", True)),
                        fields=["employer", "registered_at"],
                        name="elsewhere_employer",
                    ),
                    models.Index(
                        condition=models.Q(("registration__isnull", True)),
                        fields=["declaration", "registered_at"],
                        name="elsewhere_declaration",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ExpectedRemark",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=ciao_portal.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("code", models.CharField(blank=True, max_length=60)),
                ("expected_at", models.DateTimeField()),
                (
                    "registration",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="expected_remarks",
                        to="registrations.registration",
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(
                        condition=models.Q(("code", ""), _negated=True), fields=["code"], name="expected_some"
                    )
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("registration", "code"), name="expected_once")
                ],
            },
        ),
        migrations.CreateModel(
            name="ErrorReport",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=ciao_portal.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("day", models.DateField()),
                ("last_day", models.DateField()),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("time", "Wrong time"),
                            ("workplace", "Wrong workplace"),
                            ("company", "Wrong company"),
                            ("not_me", "That was not me"),
                            ("forgotten", "I forgot to register"),
                        ],
                        max_length=12,
                    ),
                ),
                ("text", models.CharField(blank=True, max_length=300)),
                ("reported_at", models.DateTimeField()),
                ("answer", models.CharField(blank=True, max_length=600)),
                ("answered_at", models.DateTimeField(null=True)),
                (
                    "answered_by",
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
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="ciao_portal.company",
                    ),
                ),
                (
                    "device",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="registrations.device",
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="error_reports",
                        to="ciao_portal.person",
                    ),
                ),
                (
                    "registration",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="error_reports",
                        to="registrations.registration",
                    ),
                ),
            ],
            options={
                "ordering": ["-reported_at", "-id"],
                "indexes": [
                    models.Index(fields=["company", "-reported_at", "-id"], name="error_company"),
                    models.Index(fields=["company", "last_day", "id"], name="error_last_day"),
                ],
            },
        ),
        migrations.CreateModel(
            name="RegistrationPlace",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=ciao_portal.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("latitude", models.DecimalField(decimal_places=6, max_digits=8, null=True)),
                ("longitude", models.DecimalField(decimal_places=6, max_digits=9, null=True)),
                ("accuracy_m", models.PositiveIntegerField(null=True)),
                ("street", models.CharField(blank=True, max_length=200)),
                ("house_number", models.CharField(blank=True, max_length=20)),
                ("post_code", models.CharField(blank=True, max_length=10)),
                ("municipality", models.CharField(blank=True, max_length=100)),
                ("received_at", models.DateTimeField()),
                (
                    "registration",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="place",
                        to="registrations.registration",
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["received_at"], name="place_received")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("latitude__isnull", False), ("longitude__isnull", False)),
                            models.Q(
                                models.Q(("street", ""), _negated=True),
                                models.Q(("post_code", ""), _negated=True),
                                models.Q(("municipality", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="place_says_where",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Statement",
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
                            ("stopped_at", "When I stopped"),
                            ("employer_was", "For whom I worked"),
                            ("workplace_was", "Where I worked"),
                            ("was_me", "It was me"),
                            ("not_me", "It was not me"),
                            ("mistake", "That was a mistake"),
                            ("meant", "That was meant"),
                        ],
                        max_length=16,
                    ),
                ),
                ("stopped_at", models.DateTimeField(null=True)),
                ("given_at", models.DateTimeField()),
                (
                    "employer",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="ciao_portal.company",
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="statements",
                        to="ciao_portal.person",
                    ),
                ),
                (
                    "registration",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="statements",
                        to="registrations.registration",
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
                "ordering": ["given_at", "id"],
                "indexes": [models.Index(fields=["kind", "registration"], name="statement_kind")],
            },
        ),
        migrations.CreateModel(
            name="Submission",
            fields=[
                ("due_at", models.DateTimeField(blank=True, null=True)),
                ("in_flight_since", models.DateTimeField(blank=True, null=True)),
                ("claimed_by", models.CharField(blank=True, max_length=80)),
                ("attempt_count", models.PositiveIntegerField(default=0)),
                ("last_error", models.CharField(blank=True, max_length=200)),
                (
                    "id",
                    models.UUIDField(
                        default=ciao_portal.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("happened_at", models.DateTimeField()),
                ("happened_day", models.DateField()),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("waiting", "Waiting for the NSSO"),
                            ("sending", "On its way"),
                            ("uncertain", "Sent, answer lost: looking it up"),
                            ("accepted", "The NSSO has it"),
                            ("refused", "Refused by the NSSO"),
                            ("misconfigured", "Waiting for NSSO credentials"),
                            ("held", "Held for release by the office"),
                            ("number_pending", "National number pending"),
                            ("not_due", "Not for the NSSO"),
                        ],
                        default="waiting",
                        max_length=16,
                    ),
                ),
                ("nsso_id", models.BigIntegerField(blank=True, null=True)),
                ("twin_nsso_ids", models.JSONField(default=list)),
                ("accepted_at", models.DateTimeField(blank=True, null=True)),
                ("validity", models.CharField(blank=True, max_length=40)),
                ("refusal", models.JSONField(blank=True, null=True)),
                (
                    "credentials",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="ciao_portal.nssocredentials",
                    ),
                ),
                (
                    "declaration",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="declarations.declaration",
                    ),
                ),
                (
                    "declarer",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="ciao_portal.company",
                    ),
                ),
                (
                    "employer",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="ciao_portal.company",
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="ciao_portal.person"
                    ),
                ),
                (
                    "registration",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="submission",
                        to="registrations.registration",
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(
                        condition=models.Q(("due_at__isnull", False)),
                        fields=["due_at", "happened_at"],
                        name="submission_due",
                    ),
                    models.Index(
                        condition=models.Q(("due_at__isnull", False)),
                        fields=["credentials", "due_at"],
                        name="submission_access_due",
                    ),
                    models.Index(
                        condition=models.Q(("state__in", ["waiting", "sending", "uncertain"])),
                        fields=["person", "happened_at"],
                        name="submission_unfinished",
                    ),
                    models.Index(fields=["nsso_id"], name="submission_nsso_id"),
                    models.Index(
                        condition=models.Q(("state__in", ["accepted", "not_due"]), _negated=True),
                        fields=["state"],
                        name="submission_open",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="CorrectionLine",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=ciao_portal.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("code", models.CharField(blank=True, max_length=60)),
                ("used", models.CharField(blank=True, max_length=20)),
                (
                    "correction",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="lines",
                        to="registrations.correction",
                    ),
                ),
                (
                    "presence",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="correction_lines",
                        to="registrations.nssopresence",
                    ),
                ),
                (
                    "registration",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="correction_lines",
                        to="registrations.registration",
                    ),
                ),
            ],
            options={
                "ordering": ["id"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("registration__isnull", False), ("presence__isnull", False), _connector="XOR"
                        ),
                        name="line_is_about_one_act",
                    ),
                    models.UniqueConstraint(
                        fields=("correction", "registration"), name="one_line_per_registration"
                    ),
                    models.UniqueConstraint(fields=("correction", "presence"), name="one_line_per_presence"),
                ],
            },
        ),
        migrations.CreateModel(
            name="Remark",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=ciao_portal.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("code", models.CharField(max_length=60)),
                ("description", models.JSONField(default=dict)),
                ("dated", models.DateField(null=True)),
                ("happened_day", models.DateField()),
                ("last_day", models.DateField()),
                ("first_seen_at", models.DateTimeField()),
                ("last_seen_at", models.DateTimeField()),
                ("gone_at", models.DateTimeField(blank=True, null=True)),
                ("gone_with_presence", models.BooleanField(db_default=False, default=False)),
                (
                    "declaration",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="declarations.declaration",
                    ),
                ),
                (
                    "employer",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="ciao_portal.company",
                    ),
                ),
                (
                    "presence",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="remarks",
                        to="registrations.nssopresence",
                    ),
                ),
            ],
            options={
                "ordering": ["last_day", "id"],
                "indexes": [
                    models.Index(
                        condition=models.Q(("gone_at__isnull", True)),
                        fields=["employer", "last_day"],
                        name="remark_open_employer",
                    ),
                    models.Index(
                        condition=models.Q(("gone_at__isnull", True)),
                        fields=["declaration", "last_day", "employer"],
                        name="remark_open_works",
                    ),
                    models.Index(fields=["employer", "happened_day", "code"], name="remark_employer_day"),
                    models.Index(
                        fields=["declaration", "happened_day", "code", "employer"], name="remark_works_day"
                    ),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("gone_at__isnull", True)),
                        fields=("presence", "code"),
                        name="one_open_remark",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Attempt",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=ciao_portal.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("started_at", models.DateTimeField()),
                ("duration_ms", models.PositiveIntegerField()),
                ("operation", models.CharField(max_length=20)),
                ("http_status", models.PositiveSmallIntegerField(null=True)),
                ("trace_id", models.CharField(max_length=36)),
                ("related_trace_id", models.CharField(blank=True, max_length=36)),
                ("contract_version", models.CharField(max_length=40)),
                ("outcome", models.CharField(max_length=40)),
                ("detail", models.CharField(blank=True, max_length=300)),
                (
                    "submission",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="attempts",
                        to="registrations.submission",
                    ),
                ),
            ],
            options={
                "ordering": ["started_at", "id"],
                "indexes": [
                    models.Index(
                        condition=models.Q(("outcome__in", ("created", "found", "notFound")), _negated=True),
                        fields=["started_at"],
                        name="attempt_failed",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="EarlierWording",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=ciao_portal.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("description", models.JSONField(default=dict)),
                ("dated", models.DateField(null=True)),
                ("until", models.DateTimeField()),
                (
                    "remark",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="earlier_wordings",
                        to="registrations.remark",
                    ),
                ),
            ],
            options={
                "ordering": ["-until", "-id"],
            },
        ),
        migrations.CreateModel(
            name="DeadlineWarning",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=ciao_portal.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("warning_day", models.PositiveSmallIntegerField()),
                (
                    "digest",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="warnings",
                        to="registrations.digest",
                    ),
                ),
                (
                    "report",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="warnings",
                        to="registrations.errorreport",
                    ),
                ),
                (
                    "remark",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="warnings",
                        to="registrations.remark",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("remark__isnull", False), ("report__isnull", False), _connector="XOR"
                        ),
                        name="warning_of_one_thing",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="RemarkReminder",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=ciao_portal.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("created_at", models.DateTimeField()),
                (
                    "company",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="ciao_portal.company",
                    ),
                ),
                (
                    "letter",
                    models.OneToOneField(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="ciao_portal.sentletter",
                    ),
                ),
                ("remarks", models.ManyToManyField(related_name="reminders", to="registrations.remark")),
                (
                    "sent_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "subject",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="ciao_portal.company",
                    ),
                ),
            ],
            options={
                "ordering": ["-created_at", "-id"],
            },
        ),
    ]
