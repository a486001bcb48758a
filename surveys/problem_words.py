"""What is wrong with a workbook, said in the language of the page.

Whoever makes the form of the sheets says it in English; what people commonly get wrong has words of its own here, and
the rest is quoted.
"""

import re

from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

_WORDS: tuple[tuple[re.Pattern[str], Promise], ...] = tuple(
    (re.compile(pattern), words)
    for pattern, words in (
        (
            r"^Unmatched 'begin_(?P<what>\w+)'.* name '(?P<name>.*?)'",
            _("The group or repeat “%(name)s” begins here and never ends: write a row end_%(what)s."),
        ),
        (
            r"^Unmatched 'end_(?P<what>\w+)'",
            _("A group or repeat ends here that never began: take the row away, or write a row begin_%(what)s before."),
        ),
        (r"^Unknown question type '(?P<name>.*?)'", _("There is no kind of question “%(name)s”.")),
        (r"^List name not in (?:choices|columns) sheet: (?P<name>.*)$", _("The sheet choices has no list “%(name)s”.")),
        (
            r"'(?P<column>\w+)' value is invalid\. Reference variables must contain .* find the name '(?P<name>.*?)'",
            _("The column %(column)s speaks of “%(name)s”, and no question has that name."),
        ),
        (
            r"'(?P<column>\w+)' value is invalid\. Reference variables must start",
            _("In the column %(column)s a question is not named as ${name}."),
        ),
        (
            r"'name' value '(?P<name>.*?)' is invalid\. Questions, groups",
            _("The name “%(name)s” stands twice: give one of the questions another."),
        ),
        (
            r"'name' value is invalid\. Names must begin",
            _("A name begins with a letter and goes on with letters, digits, _, - or a full stop, without spaces."),
        ),
        (r"^The survey element named '(?P<name>.*?)' has no label", _("“%(name)s” has no text: write its label.")),
        (r"^Question or group with no name", _("This question or group has no name.")),
        (r"^Missing calculation", _("This row calculates, and its calculation is missing.")),
        (r"Choice names must be unique", _("This code stands twice in its list of choices.")),
        (r"Choices must have a name", _("This choice has no code: write its name.")),
        (r"Choices should have a label", _("This choice has no text: write its label.")),
        (
            r"^Invalid headers provided for sheet: '(?P<sheet>\w+)'.*not found: '(?P<column>\w+)'",
            _("The sheet %(sheet)s has no column %(column)s."),
        ),
        (r"^the (?P<column>\w+) cannot be read", _("The expression in the column %(column)s cannot be read.")),
        (
            r"^the (?P<column>\w+) uses (?P<name>.*?), which devices",
            _("The column %(column)s uses %(name)s: devices run it, the server does not check it."),
        ),
        (r"The name 'meta' is reserved", _("The name “meta” is taken by the form itself: give another.")),
        (
            r"'name' value '(?P<name>.*?)' is invalid\. Repeat names must not be the same",
            _("The repeat “%(name)s” is called as the form itself: give it another name."),
        ),
        (
            r"'name' value '(?P<name>.*?)' is invalid\. Repeat names must",
            _("Another repeat is called “%(name)s” too: give one of them another name."),
        ),
        (
            r"'name' value '(?P<name>.*?)' is problematic\. The name is a case-insensitive match",
            _("“%(name)s” stands twice, once in capitals: programs that read the data may mix them up."),
        ),
        (
            r"'(?P<column>\w+)' value is invalid\. Reference variables names must be unique .* '(?P<name>.*?)' app",
            _("The column %(column)s speaks of “%(name)s”, and several questions have that name."),
        ),
        (
            r"'(?P<column>\w+)' value is invalid\. Reference variable lists must",
            _("In the column %(column)s a comma is missing between two questions."),
        ),
        (
            r"Headers that are different names for the same column were found: '(?P<name>.*?)', '(?P<column>.*?)'",
            _("The columns %(name)s and %(column)s mean the same: take one away."),
        ),
        (
            r"Column headers must not be empty and must not contain spaces",
            _("A heading of the sheet choices is empty or holds spaces."),
        ),
        (
            r"'parameters' value is invalid\. Parameters must be in the form",
            _("The parameters are to be written as key=value, with a space between two of them."),
        ),
        (
            r"accepted parameter keys for this question type are '(?P<most>.*?)'\. .*key\(s\): '(?P<name>.*?)'",
            _("This kind of question takes no parameter “%(name)s”, only: %(most)s."),
        ),
        (
            r"For the 'range' question type, the parameter '?(?P<name>[\w-]+)'?",
            _("The parameter “%(name)s” does not fit the scale: look at start, end and step."),
        ),
        (
            r"^When looking for a sheet named '(?P<sheet>.*?)', .*were found: (?P<name>.*)\.$",
            _("There is no sheet %(sheet)s, but one that is called nearly so: %(name)s."),
        ),
        (
            r"^Language '(?P<name>.*?)' is missing the (?P<sheet>\w+) (?P<column>[\w_]+) column",
            _("In the language “%(name)s” the sheet %(sheet)s has no column %(column)s."),
        ),
        (
            r"^Language '(?P<name>.*?)' is missing the (?P<sheet>\w+) columns (?P<column>.*?)\.$",
            _("In the language “%(name)s” the sheet %(sheet)s lacks the columns %(column)s."),
        ),
        (
            r"^The following language declarations do not contain valid machine-readable codes: (?P<name>.*?)\. Learn",
            _("Write the language with its code, as in “Español (es)”: %(name)s."),
        ),
        (
            r"(?P<what>Group|Repeat) has no label: \{'name': '(?P<name>.*?)'",
            _("The group or repeat “%(name)s” has no text."),
        ),
        (
            r"'save_to' value is invalid|On the 'entities' sheet",
            _("Entities are not asked here: take save_to and the sheet entities away."),
        ),
        (
            r"^the answer to this question is a file",
            _("The answer to this question is a file, which is not kept: take the question away."),
        ),
        (
            r"^the choices lie in a file",
            _("The choices lie in a file, which devices are not given: write them on the sheet choices."),
        ),
        (
            r"^the list of choices is missing",
            _("The list of choices is missing: write its name after the kind, as in “select_one yes_no”."),
        ),
        (
            r"^pulldata\(\) reads a file",
            _("pulldata() reads a file, which devices are not given: write what it holds on the sheet choices."),
        ),
        (
            r"^what was saved last",
            _("What was saved last is not put into another survey: it may be another woman's."),
        ),
        (r"^another form in a file", _("Another form in a file is not brought in: write its rows here.")),
        (r"^pictures, sound and films", _("Pictures, sound and films are not shown: it is asked without them.")),
        (
            r"^the map stays empty",
            _("The map stays empty, as its pictures would come from somebody else's server."),
        ),
        (
            r"^a day with its hour",
            _("A day with its hour is typed as text on the page: ask a date and a time."),
        ),
        (r"^the heading “(?P<name>.*?)” stands twice", _("The heading “%(name)s” stands twice: take one away.")),
        (r"^there is no question on this sheet", _("There is no question on this sheet.")),
        (r"^no words in “(?P<name>.*?)”", _("It has no words in “%(name)s”.")),
        (
            r"problem trying to replace .* element named '(?P<name>.*?)'",
            _("No question is called “%(name)s”."),
        ),
        (
            r"^This form uses or_other and translations",
            _("“or_other” adds its words in one language alone: write that choice and its question yourself."),
        ),
        (r"^Row without name, text, or label", _("A row without name and text was left out.")),
        (r"is no longer supported on most devices", _("Most telephones do not tell this any more.")),
        (r"'trigger' column must not be empty", _("The column trigger has to say which question sets it off.")),
        (r"^cells (?P<name>.*?) are merged", _("The cells %(name)s are merged: take the merging back.")),
        (r"^the workbook unpacks", _("The workbook unpacks to more than a questionnaire needs.")),
        (r"^this is no XLSX workbook", _("This is no XLSX workbook that opens without a password.")),
        (r"^there is no sheet “(?P<sheet>.*?)”", _("There is no sheet %(sheet)s.")),
        (r"^(?P<n>[\d,]+) rows; expected at most (?P<most>[\d,]+)", _("%(n)s rows; expected at most %(most)s.")),
        (
            r"^(?P<name>form_id|version) is missing",
            _("%(name)s is missing: expected letters, digits and _, as follow_up."),
        ),
        (
            r"^“(?P<found>.*?)” is no (?P<name>form_id|version)",
            _("“%(found)s” is no %(name)s: expected letters, digits and _, as follow_up."),
        ),
        (
            r"^form_id and version are too long; expected at most (?P<most>\d+) letters, (?P<n>\d+) of them",
            _("form_id and version are too long: at most %(most)s letters, %(n)s of them the version."),
        ),
        (r"^the file has (?P<n>[\d,]+) bytes", _("The file is too large: at most 10 MB.")),
        (r"^this is no XML", _("this is no XML")),
        (r"^the XML declares a document type", _("the XML declares a document type")),
        (r"^the XML has (?P<n>[\d,]+) bytes", _("the XML is too large")),
        (r"^the submission has no instanceID", _("it has no instanceID")),
        (
            r"^this is a submission of “(?P<found>.*?)”; expected “(?P<name>.*?)”",
            _("it answers “%(found)s” instead of “%(name)s”"),
        ),
        (
            r"^the form cannot be made from these sheets",
            _("The form cannot be made from these sheets: something in them is not as an XLSForm has it."),
        ),
    )
)


def said_of(problem: str) -> str:
    """Return what a reader or converter of workbooks says, in the language of the page; quoted where it has none."""
    for pattern, words in _WORDS:
        if found := pattern.search(problem):
            named = found.groupdict()
            return str(words) % named if named else str(words)
    return gettext("What makes the form says: %(words)s") % {"words": problem}
