"""Plans and the act of unblinding: locked by two people, and kept as they are whoever asks, the owner included."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

FORWARD = r"""
CREATE FUNCTION panel_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% on % refused: it stays on record', TG_OP, TG_TABLE_NAME USING ERRCODE = 'insufficient_privilege';
END
$$;

CREATE FUNCTION panel_keep_plan() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        IF NEW.state <> 'draft' THEN
            RAISE EXCEPTION 'INSERT on % refused: a plan begins as a draft', TG_TABLE_NAME
                USING ERRCODE = 'insufficient_privilege';
        END IF;
        RETURN NEW;
    END IF;
    IF OLD.state IN ('locked', 'replaced') OR
       (OLD.version, OLD.name, OLD.source, OLD.file_sha256, OLD.sha256, OLD.reason, OLD.stored_by_id, OLD.stored_at)
       IS DISTINCT FROM
       (NEW.version, NEW.name, NEW.source, NEW.file_sha256, NEW.sha256, NEW.reason, NEW.stored_by_id, NEW.stored_at)
    THEN
        RAISE EXCEPTION 'UPDATE on % refused: a plan is kept as it was brought', TG_TABLE_NAME
            USING ERRCODE = 'insufficient_privilege';
    END IF;
    IF NEW.state = 'locked' AND (
        OLD.state <> 'proposed' OR OLD.proposed_by_id IS DISTINCT FROM NEW.proposed_by_id
        OR NEW.locked_by_id IS NOT DISTINCT FROM OLD.proposed_by_id
    ) THEN
        RAISE EXCEPTION 'UPDATE on % refused: one person proposes a plan, another locks it', TG_TABLE_NAME
            USING ERRCODE = 'insufficient_privilege';
    END IF;
    IF NEW.state = 'locked'
       AND NEW.is_late <> EXISTS (SELECT 1 FROM panel_unblinding WHERE state = 'recorded') THEN
        RAISE EXCEPTION 'UPDATE on % refused: what is locked after unblinding says so', TG_TABLE_NAME
            USING ERRCODE = 'insufficient_privilege';
    END IF;
    RETURN NEW;
END
$$;
CREATE TRIGGER panel_plan_kept BEFORE INSERT OR UPDATE ON panel_planversion
    FOR EACH ROW EXECUTE FUNCTION panel_keep_plan();
CREATE TRIGGER panel_plan_on_record BEFORE DELETE OR TRUNCATE ON panel_planversion
    FOR EACH STATEMENT EXECUTE FUNCTION panel_refuse_change();

CREATE FUNCTION panel_keep_unblinding() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        IF NEW.state <> 'asked' OR EXISTS (SELECT 1 FROM panel_unblinding WHERE state = 'recorded') THEN
            RAISE EXCEPTION 'INSERT on % refused: it is asked for first, and done once', TG_TABLE_NAME
                USING ERRCODE = 'insufficient_privilege';
        END IF;
        RETURN NEW;
    END IF;
    IF OLD.state <> 'asked' OR
       (OLD.plan_id, OLD.reason, OLD.early_reason, OLD.follow_up_until, OLD.asked_by_id, OLD.asked_role, OLD.asked_at)
       IS DISTINCT FROM
       (NEW.plan_id, NEW.reason, NEW.early_reason, NEW.follow_up_until, NEW.asked_by_id, NEW.asked_role, NEW.asked_at)
    THEN
        RAISE EXCEPTION 'UPDATE on % refused: it stays as it was asked for and decided', TG_TABLE_NAME
            USING ERRCODE = 'insufficient_privilege';
    END IF;
    IF NEW.state = 'recorded' AND NOT EXISTS (
        SELECT 1 FROM panel_planversion p WHERE p.id = NEW.plan_id AND p.state = 'locked' AND NOT p.is_late
    ) THEN
        RAISE EXCEPTION 'UPDATE on % refused: a plan is locked first', TG_TABLE_NAME
            USING ERRCODE = 'insufficient_privilege';
    END IF;
    RETURN NEW;
END
$$;
CREATE TRIGGER panel_unblinding_kept BEFORE INSERT OR UPDATE ON panel_unblinding
    FOR EACH ROW EXECUTE FUNCTION panel_keep_unblinding();
CREATE TRIGGER panel_unblinding_on_record BEFORE DELETE OR TRUNCATE ON panel_unblinding
    FOR EACH STATEMENT EXECUTE FUNCTION panel_refuse_change();
"""

BACKWARD = """
DROP TRIGGER panel_unblinding_on_record ON panel_unblinding;
DROP TRIGGER panel_unblinding_kept ON panel_unblinding;
DROP TRIGGER panel_plan_on_record ON panel_planversion;
DROP TRIGGER panel_plan_kept ON panel_planversion;
DROP FUNCTION panel_keep_unblinding();
DROP FUNCTION panel_keep_plan();
DROP FUNCTION panel_refuse_change();
"""


class Migration(migrations.Migration):
    dependencies = [
        ("panel", "0001_releases"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="PlanVersion",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("version", models.PositiveSmallIntegerField(unique=True)),
                ("name", models.CharField(max_length=100)),
                ("source", models.BinaryField()),
                ("file_sha256", models.CharField(max_length=64)),
                ("sha256", models.CharField(max_length=64)),
                ("reason", models.TextField(blank=True)),
                ("stored_at", models.DateTimeField()),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("draft", "Draft"),
                            ("proposed", "Waiting for a second person"),
                            ("locked", "Locked"),
                            ("replaced", "Replaced"),
                        ],
                        default="draft",
                        max_length=16,
                    ),
                ),
                ("proposed_at", models.DateTimeField(blank=True, null=True)),
                ("locked_at", models.DateTimeField(blank=True, null=True)),
                ("is_late", models.BooleanField(default=False)),
                (
                    "locked_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "proposed_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "stored_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
            options={
                "ordering": ("-version",),
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("state__in", ["draft", "proposed", "locked", "replaced"])),
                        name="panel_plan_state_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("file_sha256__regex", "^[0-9a-f]{64}$"), ("sha256__regex", "^[0-9a-f]{64}$")
                        ),
                        name="panel_plan_has_hashes",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("proposed_at", None), ("proposed_by", None), ("state__in", ("draft", "replaced"))
                            ),
                            models.Q(
                                ("proposed_at__isnull", False),
                                ("proposed_by__isnull", False),
                                ("state__in", ("proposed", "locked")),
                            ),
                            _connector="OR",
                        ),
                        name="panel_plan_proposed_by_somebody",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                models.Q(("state", "locked"), _negated=True),
                                ("is_late", False),
                                ("locked_at", None),
                                ("locked_by", None),
                            ),
                            models.Q(
                                ("locked_at__isnull", False),
                                ("locked_by__isnull", False),
                                ("state", "locked"),
                                models.Q(("locked_by", models.F("proposed_by")), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="panel_plan_locked_by_a_second_person",
                        violation_error_message="You proposed this plan: somebody else locks it.",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("state__in", ("draft", "proposed"))),
                        fields=("state",),
                        name="panel_one_open_plan_of_a_state",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Unblinding",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("reason", models.TextField()),
                ("early_reason", models.TextField(blank=True)),
                ("follow_up_until", models.DateField(blank=True, null=True)),
                (
                    "asked_role",
                    models.CharField(
                        choices=[
                            ("officer", "Field officer"),
                            ("supervisor", "Station supervisor"),
                            ("interviewer", "Interviewer"),
                            ("researcher", "Researcher"),
                            ("statistician", "Statistician"),
                            ("administrator", "Study administrator"),
                            ("safety_officer", "Safety officer"),
                            ("ethics_board", "Ethics board"),
                        ],
                        max_length=16,
                    ),
                ),
                ("asked_at", models.DateTimeField()),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("asked", "Waiting for a second person"),
                            ("called_off", "Called off"),
                            ("recorded", "Recorded"),
                        ],
                        default="asked",
                        max_length=16,
                    ),
                ),
                (
                    "decided_role",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("officer", "Field officer"),
                            ("supervisor", "Station supervisor"),
                            ("interviewer", "Interviewer"),
                            ("researcher", "Researcher"),
                            ("statistician", "Statistician"),
                            ("administrator", "Study administrator"),
                            ("safety_officer", "Safety officer"),
                            ("ethics_board", "Ethics board"),
                        ],
                        max_length=16,
                    ),
                ),
                ("decided_at", models.DateTimeField(blank=True, null=True)),
                (
                    "asked_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "decided_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "plan",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="unblindings", to="panel.planversion"
                    ),
                ),
            ],
            options={
                "ordering": ("-id",),
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("state__in", ["asked", "called_off", "recorded"])),
                        name="panel_unblinding_state_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("reason", ""), _negated=True),
                        name="panel_unblinding_has_reason",
                        violation_error_message="Say why the groups are to be named now.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("follow_up_until", None), models.Q(("early_reason", ""), _negated=True), _connector="OR"
                        ),
                        name="panel_unblinding_early_with_reason",
                        violation_error_message="Surveys are still to come: say why it cannot wait.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("decided_at", None), ("decided_by", None), ("decided_role", ""), ("state", "asked")
                            ),
                            models.Q(
                                ("decided_at__isnull", False), ("decided_by__isnull", False), ("state", "called_off")
                            ),
                            models.Q(
                                ("decided_at__isnull", False),
                                ("decided_by__isnull", False),
                                ("state", "recorded"),
                                models.Q(("decided_by", models.F("asked_by")), _negated=True),
                                models.Q(("decided_role", models.F("asked_role")), _negated=True),
                                models.Q(("decided_role", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="panel_unblinding_second_person",
                        violation_error_message="You asked for this: somebody of another role approves it.",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("state__in", ("asked", "recorded"))),
                        fields=("state",),
                        name="panel_unblinding_once",
                        violation_error_message="It was asked for already.",
                    ),
                ],
            },
        ),
        migrations.RunSQL(FORWARD, BACKWARD),
    ]
