"""The statements about surveys. Facts are counts: what she answered is in none of them, nor to be concluded from them.

Only what somebody took is asked about; a survey without an account, as of a simulation, has nobody to ask.
"""

from quality.rules import RuleCode

_SURVEYS = """
    FROM surveys_submission survey JOIN surveys_surveycase wave ON wave.id = survey.case_id
    JOIN participants_participant woman ON woman.id = wave.participant_id
"""
_SURVEY = """
    SELECT wave.id::text AS key, wave.participant_id, NULL::bigint AS station_id, survey.submitted_by_id AS person_id,
        wave.id::text AS about, survey.submitted_at AS happened_at,
"""
_TAKEN = "survey.submitted_by_id IS NOT NULL"

# One question for each survey, about what nobody explained yet and the survey still says so.
FORM_RULES = f"""
{_SURVEY} jsonb_build_object('wave', wave.wave, 'items', broken.items) AS facts
{_SURVEYS} JOIN LATERAL (
    SELECT count(*) AS items FROM surveys_dataquery asked
    WHERE asked.submission_id = survey.id AND asked.status = 'open'
        AND survey.findings @> jsonb_build_array(jsonb_build_object('place', asked.place, 'breach', asked.breach))
) broken ON broken.items > 0 WHERE {_TAKEN} AND survey.findings <> '[]'
"""  # noqa: S608

AGE_DIFFERS = f"""
{_SURVEY} jsonb_build_object('wave', wave.wave) AS facts
{_SURVEYS} WHERE {_TAKEN} AND survey.answers ->> 'age' ~ '^[0-9]{{1,3}}$'
    AND abs((survey.answers ->> 'age')::int - woman.age_at_enrolment) > %(years)s
"""

# "Ever" is asked of her whole life: what was told in an earlier wave cannot be undone in a later one.
CONTRADICTS = f"""
SELECT told.case_id::text AS key, participant_id, NULL::bigint AS station_id, person_id, told.case_id::text AS about,
    min(happened_at) AS happened_at, jsonb_build_object('wave', min(wave), 'items', count(*)) AS facts
FROM (
    SELECT wave.id AS case_id, wave.participant_id, wave.wave, survey.submitted_by_id AS person_id,
        survey.submitted_at AS happened_at, item.value,
        bool_or(item.value = 'yes') OVER (
            PARTITION BY wave.participant_id, item.key ORDER BY wave.wave_number
            ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING
        ) AS told_before
    {_SURVEYS} CROSS JOIN LATERAL jsonb_each_text(survey.answers) item WHERE right(item.key, 5) = '_ever'
) told
WHERE value = 'no' AND told_before AND person_id IS NOT NULL
GROUP BY told.case_id, participant_id, person_id HAVING count(*) >= %(items)s
"""  # noqa: S608

STRAIGHT_LINE = f"""
SELECT case_id::text AS key, participant_id, NULL::bigint AS station_id, person_id, case_id::text AS about,
    min(happened_at) AS happened_at, jsonb_build_object('wave', min(wave), 'items', count(*)) AS facts
FROM (
    SELECT wave.id AS case_id, wave.participant_id, wave.wave, survey.submitted_by_id AS person_id,
        survey.submitted_at AS happened_at, item.value
    {_SURVEYS} CROSS JOIN LATERAL jsonb_each_text(survey.answers) item
    WHERE {_TAKEN} AND item.key ~ '^response_[0-9]+$'
) answered
GROUP BY case_id, participant_id, person_id HAVING count(*) >= %(items)s AND count(DISTINCT value) = 1
"""  # noqa: S608

# Of one day and one interviewer; the later of two is asked about.
SAME_ANSWERS = f"""
SELECT case_id::text AS key, participant_id, NULL::bigint AS station_id, person_id, case_id::text AS about,
    happened_at, jsonb_build_object('wave', wave) AS facts
FROM (
    SELECT wave.id AS case_id, wave.participant_id, wave.wave, survey.submitted_by_id AS person_id,
        survey.submitted_at AS happened_at,
        row_number() OVER (
            PARTITION BY survey.submitted_by_id, (survey.submitted_at AT TIME ZONE %(zone)s)::date, survey.answers
            ORDER BY survey.submitted_at, survey.id
        ) AS number
    {_SURVEYS} WHERE {_TAKEN} AND (SELECT count(*) FROM jsonb_object_keys(survey.answers)) >= %(items)s
) taken WHERE number > 1
"""  # noqa: S608

# Long by the last time that it was opened, short only by the first: what was broken off and gone on with took both.
DURATION = f"""
WITH taken AS (
    SELECT wave.id AS case_id, wave.participant_id, wave.wave, survey.submitted_by_id AS person_id,
        survey.instrument_id, survey.submitted_at AS happened_at,
        extract(epoch FROM survey.submitted_at - sitting.opened_last) / 60 AS minutes,
        extract(epoch FROM survey.submitted_at - sitting.opened_first) / 60 AS minutes_in_all
    {_SURVEYS} JOIN LATERAL (
        SELECT min(opened_at) AS opened_first, max(opened_at) AS opened_last FROM surveys_surveysitting
        WHERE case_id = wave.id AND opened_at <= survey.submitted_at
    ) sitting ON sitting.opened_last IS NOT NULL
    WHERE {_TAKEN} AND survey.is_complete
), usual AS (
    SELECT instrument_id, percentile_cont(0.5) WITHIN GROUP (ORDER BY minutes) AS minutes
    FROM taken GROUP BY instrument_id HAVING count(*) >= %(surveys)s
)
SELECT taken.case_id::text AS key, participant_id, NULL::bigint AS station_id, person_id, taken.case_id::text AS about,
    happened_at, jsonb_build_object('wave', wave, 'minutes', round(taken.minutes)::int) AS facts
FROM taken JOIN usual USING (instrument_id)
WHERE taken.minutes_in_all < usual.minutes * %(shortest)s OR taken.minutes > usual.minutes * %(longest)s
"""  # noqa: S608

# Beside what the survey says today: once it is put right, nothing differs any more.
ASKED_AGAIN = f"""
SELECT case_id::text AS key, participant_id, NULL::bigint AS station_id, person_id, '' AS about,
    min(happened_at) AS happened_at, jsonb_build_object('items', count(*)) AS facts
FROM (
    SELECT wave.id AS case_id, wave.participant_id, survey.submitted_by_id AS person_id, again.asked_at AS happened_at,
        item.answer, item.within,
        CASE item.question WHEN 'took_place' THEN 'yes' ELSE survey.answers ->> item.question END AS first_answer
    {_SURVEYS} JOIN back_checks_backcheck again ON again.submission_id = survey.id
    JOIN back_checks_backcheckitem item ON item.back_check_id = again.id
    WHERE {_TAKEN} AND item.kind <= %(kind)s AND item.answer <> ''
) told
WHERE first_answer NOT IN ('', 'refused', 'not_applicable') AND CASE
    WHEN answer ~ '^[0-9]{{1,9}}$' AND first_answer ~ '^[0-9]{{1,9}}$'
        THEN abs(answer::int - first_answer::int) > within
    ELSE answer <> first_answer
END
GROUP BY case_id, participant_id, person_id
"""  # noqa: S608

STATEMENTS = {
    RuleCode.FORM_RULES: FORM_RULES,
    RuleCode.AGE_DIFFERS: AGE_DIFFERS,
    RuleCode.CONTRADICTS: CONTRADICTS,
    RuleCode.STRAIGHT_LINE: STRAIGHT_LINE,
    RuleCode.SAME_ANSWERS: SAME_ANSWERS,
    RuleCode.DURATION: DURATION,
    RuleCode.ASKED_AGAIN: ASKED_AGAIN,
}
