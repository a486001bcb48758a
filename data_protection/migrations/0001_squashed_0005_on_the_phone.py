"""What data_protection is after 0005, in one step a table: fresh databases take this instead of the 5 that led here."""

from importlib import import_module

import django.contrib.postgres.fields
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

_kept = import_module("data_protection.migrations.0002_kept")


class Migration(migrations.Migration):
    replaces = [
        ("data_protection", "0001_incidents"),
        ("data_protection", "0002_kept"),
        ("data_protection", "0003_requests"),
        ("data_protection", "0004_told"),
        ("data_protection", "0005_on_the_phone"),
    ]

    initial = True

    dependencies = [
        ("accounts", "__first__"),
        ("participants", "0013_status_history"),
        ("stations", "0006_crossings"),
    ]

    operations = [
        migrations.CreateModel(
            name="DataIncident",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("lost_device", "Lost or stolen phone or computer"),
                            ("wrong_recipient", "Sent to the wrong person"),
                            ("unauthorised_access", "Seen by somebody who may not"),
                            ("system_breach", "Break into the system"),
                            ("paper_lost", "Lost paper"),
                            ("other", "Another incident"),
                        ],
                        max_length=24,
                    ),
                ),
                (
                    "severity",
                    models.CharField(
                        choices=[
                            ("low", "Low: nobody is likely to come to harm"),
                            ("medium", "Medium: somebody could come to harm"),
                            ("high", "High: somebody may be in danger"),
                        ],
                        max_length=8,
                    ),
                ),
                (
                    "categories",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(
                            choices=[
                                ("identity", "Names and documents"),
                                ("contact", "Addresses and telephones"),
                                ("safe_contact", "When and how somebody can be reached"),
                                ("visits", "Dates and notes of visits"),
                                ("assessments", "Assessments"),
                                ("surveys", "Answers to surveys and interviews"),
                                ("reports", "Reports received"),
                                ("staff", "Data of the staff"),
                            ],
                            max_length=16,
                        ),
                        size=None,
                    ),
                ),
                ("occurred_at", models.DateTimeField(blank=True, null=True)),
                ("discovered_at", models.DateTimeField()),
                ("reported_at", models.DateTimeField()),
                ("due_at", models.DateTimeField()),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("open", "To be told to the authority"),
                            ("notified", "Told to the authority"),
                            ("closed", "Closed"),
                        ],
                        default="open",
                        max_length=16,
                    ),
                ),
                ("notified_at", models.DateTimeField(blank=True, null=True)),
                ("authority_reference", models.CharField(blank=True, max_length=40)),
                (
                    "not_notified_reason",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("no_exposure", "No personal data could be seen"),
                            ("false_alarm", "It was no incident"),
                        ],
                        max_length=16,
                    ),
                ),
                (
                    "outcome",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("found_untouched", "Found again, nobody had used it"),
                            ("found", "Found again, somebody may have used it"),
                            ("not_found", "Not found"),
                            ("contained", "Stopped, and its cause removed"),
                            ("false_alarm", "It was no incident"),
                        ],
                        max_length=16,
                    ),
                ),
                ("closed_at", models.DateTimeField(blank=True, null=True)),
                (
                    "account",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "closed_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "notified_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "reported_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
            options={
                "ordering": ("-reported_at", "-id"),
                "indexes": [
                    models.Index(
                        condition=models.Q(("status", "open")), fields=["due_at"], name="data_protection_clock"
                    )
                ],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("kind", "lost_device"), models.Q(("status", "closed"), _negated=True)),
                        fields=("account",),
                        name="data_protection_one_lost_device",
                        violation_error_message="This is reported already.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("due_at__gt", models.F("discovered_at")), ("discovered_at__lte", models.F("reported_at"))
                        ),
                        name="data_protection_incident_in_order",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("authority_reference", ""), ("notified_at", None), ("notified_by", None)),
                            models.Q(
                                ("notified_at__isnull", False),
                                ("notified_by__isnull", False),
                                models.Q(("authority_reference", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="data_protection_notified_whole",
                        violation_error_message="Write the number that the authority gave.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("closed_at", None), ("notified_at", None), ("outcome", ""), ("status", "open")),
                            models.Q(
                                ("closed_at", None),
                                ("notified_at__isnull", False),
                                ("outcome", ""),
                                ("status", "notified"),
                            ),
                            models.Q(
                                ("closed_at__isnull", False),
                                ("closed_by__isnull", False),
                                ("status", "closed"),
                                models.Q(("outcome", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="data_protection_incident_as_its_status",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("status", "closed"), _negated=True),
                            ("notified_at__isnull", False),
                            models.Q(("not_notified_reason", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="data_protection_closed_told_or_why_not",
                        violation_error_message="Tell the authority first, or say why it need not be told.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="IncidentMeasure",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "measure",
                    models.CharField(
                        choices=[
                            ("sessions_ended", "All sessions of the account were ended and its password taken away"),
                            ("device_blocked", "The device or its number was blocked by the provider"),
                            ("copies_recovered", "The copies were recovered or destroyed"),
                            ("recipient_asked", "Whoever received it confirmed having deleted it"),
                            ("plans_changed", "Visits and code words were changed"),
                            ("loss_reported", "The loss was reported at a station"),
                            ("hole_closed", "The way in was closed"),
                            ("staff_instructed", "The staff was instructed again"),
                        ],
                        max_length=24,
                    ),
                ),
                ("taken_at", models.DateTimeField()),
                (
                    "incident",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="measures",
                        to="data_protection.dataincident",
                    ),
                ),
                (
                    "recorded_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
            options={
                "ordering": ("incident", "taken_at", "id"),
            },
        ),
        migrations.CreateModel(
            name="IncidentWoman",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "how",
                    models.CharField(
                        choices=[
                            ("phone", "Her card lay on the telephone"),
                            ("card", "Her card was opened on it"),
                            ("list", "She stood on its list of visits"),
                            ("file", "She stood in a file"),
                            ("message", "A message spoke of her"),
                            ("paper", "A paper spoke of her"),
                            ("other", "In another way"),
                        ],
                        max_length=16,
                    ),
                ),
                ("added_at", models.DateTimeField()),
                ("told_at", models.DateTimeField(blank=True, null=True)),
                (
                    "told_how",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("in_person", "In person, alone with her"),
                            ("call", "By telephone"),
                            ("message", "By a message that she asked for"),
                        ],
                        max_length=16,
                    ),
                ),
                (
                    "not_told_reason",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("not_safe", "Telling her now would put her in danger"),
                            ("not_reached", "She could not be reached safely"),
                            ("left", "She has left and did not want to be contacted"),
                            ("died", "She has died"),
                            ("erased", "Nothing tells any more who she is"),
                            ("no_harm", "Her data were not seen by anybody"),
                        ],
                        max_length=16,
                    ),
                ),
                (
                    "incident",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="women",
                        to="data_protection.dataincident",
                    ),
                ),
                (
                    "participant",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="data_incidents",
                        to="participants.participant",
                    ),
                ),
                (
                    "settled_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "ordering": ("incident", "participant"),
                "constraints": [
                    models.UniqueConstraint(
                        fields=("incident", "participant"),
                        name="data_protection_woman_once",
                        violation_error_message="She is on the list already.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("told_at", None), ("told_how", "")),
                            models.Q(
                                ("not_told_reason", ""),
                                ("told_at__isnull", False),
                                models.Q(("told_how", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="data_protection_told_or_why_not",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="DataRequest",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("access", "To know what is held about her (access)"),
                            ("information", "To know what her data are used for (information)"),
                            ("portability", "To take her data along (portability)"),
                            ("rectification", "To correct her data (rectification)"),
                            ("cancellation", "To erase her data (cancellation)"),
                            ("opposition", "To end a use of her data (opposition)"),
                            ("revocation", "To take back her consent (revocation)"),
                        ],
                        max_length=16,
                    ),
                ),
                (
                    "channel",
                    models.CharField(
                        choices=[
                            ("in_person", "In person"),
                            ("telephone", "By telephone"),
                            ("written", "In writing"),
                            ("representative", "By a representative"),
                        ],
                        max_length=16,
                    ),
                ),
                ("received_on", models.DateField()),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("received", "To be checked who asks"),
                            ("verified", "To be answered"),
                            ("answered", "Answered"),
                            ("refused", "Refused"),
                            ("taken_back", "Taken back by her"),
                        ],
                        default="received",
                        max_length=16,
                    ),
                ),
                (
                    "verified_how",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("document", "She showed her document"),
                            ("known", "Whoever cares for her knows her"),
                            ("code_word", "She said her code word"),
                            ("power", "The representative showed the power of attorney and both documents"),
                        ],
                        max_length=16,
                    ),
                ),
                ("due_on", models.DateField()),
                ("extended_on", models.DateField(blank=True, null=True)),
                (
                    "extension_reason",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("many_places", "Her data lie in several places"),
                            ("identity", "It takes time to check who asks"),
                            ("safety", "She cannot be met safely sooner"),
                        ],
                        max_length=16,
                    ),
                ),
                (
                    "refusal_reason",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("not_her", "Whoever asks is not her, nor sent by her"),
                            ("nothing_held", "Nothing is held about her"),
                            ("law", "The law does not allow it"),
                            ("asked_already", "The same was asked and is under way"),
                        ],
                        max_length=16,
                    ),
                ),
                ("ended_at", models.DateTimeField(blank=True, null=True)),
                (
                    "participant",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="data_requests",
                        to="participants.participant",
                    ),
                ),
                (
                    "received_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "station",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="stations.station",
                    ),
                ),
                (
                    "verified_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "ordering": ("due_on", "id"),
                "indexes": [
                    models.Index(
                        condition=models.Q(("ended_at", None)), fields=["due_on"], name="data_protection_request_due"
                    )
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("due_on__gt", models.F("received_on"))), name="data_protection_request_term"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("extended_on", None), ("extension_reason", "")),
                            models.Q(("extended_on__isnull", False), models.Q(("extension_reason", ""), _negated=True)),
                            _connector="OR",
                        ),
                        name="data_protection_extended_with_reason",
                        violation_error_message="Say why more time is needed.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("ended_at", None), ("refusal_reason", ""), ("status__in", ("received", "verified"))
                            ),
                            models.Q(
                                ("ended_at__isnull", False),
                                ("refusal_reason", ""),
                                ("status__in", ("answered", "taken_back")),
                            ),
                            models.Q(
                                ("ended_at__isnull", False),
                                ("status", "refused"),
                                models.Q(("refusal_reason", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="data_protection_request_as_its_status",
                        violation_error_message="Say why it is refused.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("status__in", ("verified", "answered")), _negated=True),
                            models.Q(("verified_how", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="data_protection_answered_once_verified",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="DeskNotice",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("incident_opened", "New incident"),
                            ("incident_reminder", "An incident waits for the authority to be told"),
                            ("incident_overdue", "The authority was not told in time"),
                            ("request_due", "A request is to be answered soon"),
                            ("request_overdue", "A request was not answered in time"),
                        ],
                        max_length=24,
                    ),
                ),
                ("raised_at", models.DateTimeField()),
                ("sent_at", models.DateTimeField(blank=True, null=True)),
                (
                    "incident",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="notices",
                        to="data_protection.dataincident",
                    ),
                ),
                ("due_on", models.DateField(blank=True, null=True)),
                (
                    "request",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="notices",
                        to="data_protection.datarequest",
                    ),
                ),
            ],
            options={
                "ordering": ("-raised_at", "-id"),
                "indexes": [
                    models.Index(
                        condition=models.Q(("sent_at", None)), fields=["raised_at"], name="data_protection_unsent"
                    )
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("kind", "incident"), name="data_protection_incident_told_once"),
                    models.UniqueConstraint(
                        fields=("kind", "request", "due_on"), name="data_protection_term_told_once"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("due_on", None), ("incident__isnull", False), ("request", None)),
                            models.Q(("due_on__isnull", False), ("incident", None), ("request__isnull", False)),
                            _connector="OR",
                        ),
                        name="data_protection_notice_of_one_thing",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="RequestHandover",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "half",
                    models.CharField(
                        choices=[("station", "What the station holds"), ("surveys", "What the surveys hold")],
                        max_length=8,
                    ),
                ),
                ("made_at", models.DateTimeField()),
                (
                    "made_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "request",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="handovers",
                        to="data_protection.datarequest",
                    ),
                ),
            ],
            options={
                "ordering": ("request", "half"),
                "constraints": [
                    models.UniqueConstraint(fields=("request", "half"), name="data_protection_each_half_once")
                ],
            },
        ),
        migrations.CreateModel(
            name="RequestStep",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("received", "To be checked who asks"),
                            ("verified", "To be answered"),
                            ("answered", "Answered"),
                            ("refused", "Refused"),
                            ("taken_back", "Taken back by her"),
                        ],
                        max_length=16,
                    ),
                ),
                ("recorded_at", models.DateTimeField()),
                ("sealed_note", models.BinaryField(blank=True, null=True)),
                (
                    "recorded_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "request",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="steps",
                        to="data_protection.datarequest",
                    ),
                ),
            ],
            options={
                "ordering": ("request", "recorded_at", "id"),
            },
        ),
        migrations.RunSQL(_kept.FORWARD, _kept.BACKWARD),
    ]
