from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("quality", "0005_asked_again"),
    ]

    operations = [
        migrations.AlterField(
            model_name="qualityquery",
            name="rule",
            field=models.CharField(
                choices=[
                    ("late_log", "Log sent long after its visit"),
                    ("far_from_plan", "Visit far from its planned day"),
                    ("impossible_time", "Time that can hardly be"),
                    ("outside_part", "Visit outside of her time in the project"),
                    ("too_close", "Two visits of one person at the same time"),
                    ("two_doors", "One of a pair at two doors at once"),
                    ("twice", "One visit written down twice"),
                    ("event_day", "Day of what happened does not fit the visit"),
                    ("form_rules", "Answers that break a rule of their questionnaire"),
                    ("age_differs", "Age differs from that of enrolment"),
                    ("contradicts", "Two surveys contradict each other"),
                    ("straight_line", "The same answer throughout a scale"),
                    ("same_answers", "Two surveys with the same answers"),
                    ("duration", "Survey much shorter or longer than others"),
                    ("round_minutes", "Nearly all hours are round"),
                    ("all_met", "Every visit of a month went well"),
                    ("copied_notes", "The same note about several women"),
                    ("asked_again", "Another answer to somebody else"),
                ],
                max_length=24,
            ),
        ),
    ]
