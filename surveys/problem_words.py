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
        (
            r"^Choice names with spaces .*? See \[(?P<name>.*?)\]",
            _("The code “%(name)s” holds a space: where several can be chosen, a space ends a code."),
        ),
        (r"Choices must have a name", _("This choice has no code: write its name.")),
        (r"Choices should have a label", _("This choice has no text: write its label.")),
        (
            r"^Invalid headers provided for sheet: '(?P<sheet>\w+)'.*not found: '(?P<column>\w+)'",
            _("The sheet %(sheet)s has no column %(column)s."),
        ),
        (
            r"^the (?P<column>\w+) cannot be read: “(?P<name>.*?)” is no question",
            _(
                "In the column %(column)s “%(name)s” is no question: write a question as ${name}, "
                "and otherwise yes or no."
            ),
        ),
        (
            r"^the (?P<column>\w+) cannot be read: it goes in a circle, (?P<name>.*)$",
            _("In the column %(column)s questions wait for each other in a circle: %(name)s."),
        ),
        (
            r"^the (?P<column>\w+) cannot be read: (?P<name>\S+)\(\) does not take (?P<n>\d+) parts",
            _("In the column %(column)s %(name)s() is given %(n)s parts, too few or too many."),
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
            r"^the choices lie where",
            _(
                "The choices lie where not every device looks: "
                "write them on the sheet choices, or in a file of their own."
            ),
        ),
        (
            r"^the list of choices is missing",
            _("The list of choices is missing: write its name after the kind, as in “select_one yes_no”."),
        ),
        (
            r"^pulldata\(\) has to name",
            _("pulldata() has to name its file in quotes, as in pulldata('prices', …)."),
        ),
        (
            r"^what was saved last",
            _("What was saved last is not put into another survey: it may be another woman's."),
        ),
        (r"^another form in a file", _("Another form in a file is not brought in: write its rows here.")),
        # Of versions loaded before pictures were shown.
        (r"^pictures, sound and films", _("Pictures, sound and films are not shown: it is asked without them.")),
        (r"^sound and films", _("Sound and films are not played: it is asked without them.")),
        (
            r"^the map stays empty",
            _("The map stays empty, as its pictures would come from somebody else's server."),
        ),
        (
            r"^a day with its hour",
            _("A day with its hour is typed as text on the page: ask a date and a time."),
        ),
        (
            r"^no file can be called “(?P<name>.*?)”",
            _("No file can be called “%(name)s”: use letters, digits, spaces, _ - . ( )."),
        ),
        (r"^the file “(?P<name>.*?)” is missing", _("The file “%(name)s” is missing: give it with the workbook.")),
        (r"^no cell names the file “(?P<name>.*?)”", _("No cell names the file “%(name)s”: take it away.")),
        (r"^the file “(?P<name>.*?)” was given twice", _("The file “%(name)s” was given twice.")),
        (
            r"^the file “(?P<name>.*?)” is too large; expected at most (?P<most>[\d,]+)",
            _("The file “%(name)s” is too large: at most %(most)s bytes."),
        ),
        (
            r"^the files are too large together; expected at most (?P<most>[\d,]+) bytes",
            _("The files are too large together: at most %(most)s bytes."),
        ),
        (
            r"^the files are too large together; expected at most (?P<most>[\d,]+) files",
            _("There are too many files: at most %(most)s."),
        ),
        (
            r"^“(?P<name>.*?)” is no ZIP archive",
            _("“%(name)s” is no ZIP archive that opens without a password."),
        ),
        (r"^“(?P<name>.*?)” leads out of its archive", _("“%(name)s” leads out of its archive: pack the files anew.")),
        (
            r"^the file “(?P<name>.*?)” is no picture",
            _("The file “%(name)s” is no picture that can be shown: a PNG or JPEG is."),
        ),
        (
            r"^the file “(?P<name>.*?)” has no column “(?P<column>.*?)”",
            _("The file “%(name)s” has no column “%(column)s”."),
        ),
        (
            r"^the file “(?P<name>.*?)” has an item without “(?P<column>.*?)”",
            _("In the file “%(name)s” an item has no “%(column)s”."),
        ),
        (
            r"^in the file “(?P<name>.*?)” the code “(?P<found>.*?)” holds a space",
            _("In the file “%(name)s” the code “%(found)s” holds a space, which ends a code."),
        ),
        (r"^there is no list “(?P<name>.*?)”", _("The form has no list “%(name)s”.")),
        (
            r"File name for '(?P<name>.*?)' should end with one of",
            _("The name of the file ends in .csv, .geojson or .xml: “%(name)s” does not."),
        ),
        *(
            (rf"^the list in the file “(?P<name>.*?)” cannot be read: {why}", words)
            for why, words in (
                ("its letters are not", _("“%(name)s” is not written in UTF-8: save it as “CSV UTF-8”.")),
                ("it holds signs", _("“%(name)s” holds signs that no text has.")),
                (
                    "line (?P<n>\\d+) has",
                    _("In “%(name)s” the line %(n)s has more cells than there are headings."),
                ),
                ("there is nothing", _("There is nothing in “%(name)s”.")),
                (
                    "“(?P<found>.*?)” is no heading",
                    _("In “%(name)s” the heading “%(found)s” cannot be: use letters, digits and _, without spaces."),
                ),
                ("its heading “(?P<found>.*?)” stands twice", _("In “%(name)s” the heading “%(found)s” stands twice.")),
                (
                    "(?P<n>[\\d,]+) items; expected at most (?P<most>[\\d,]+)",
                    _("“%(name)s” has %(n)s items; at most %(most)s can be chosen from."),
                ),
                (
                    "(?P<n>[\\d,]+) columns; expected at most (?P<most>[\\d,]+)",
                    _("“%(name)s” has %(n)s columns; expected at most %(most)s."),
                ),
                ("it has namespaces", _("“%(name)s” has namespaces or attributes: write elements with texts alone.")),
                (
                    "the feature (?P<n>\\d+) ",
                    _("In “%(name)s” the feature %(n)s is no point, line or area on the earth."),
                ),
                ("", _("“%(name)s” cannot be read as the kind of file that its name says.")),
            )
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
        (r"^there are two sheets “(?P<sheet>.*?)”", _("There are two sheets %(sheet)s: take one away.")),
        (
            r"^the formula of this cell came to (?P<name>\S+):",
            _("The formula of this cell came to %(name)s: write what it should say."),
        ),
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
        (r"^the instanceID of the submission is too long", _("its instanceID is too long")),
        (r"^another survey has its instanceID", _("another survey has its instanceID already")),
        (r"^the submission answers nothing", _("it answers nothing")),
        (
            r"^the submission has (?P<n>[\d,]+) answers; expected at most (?P<most>[\d,]+)",
            _("it has %(n)s answers, and at most %(most)s are taken"),
        ),
        (
            r"^this wave does not ask version “(?P<found>.*?)” of “(?P<name>.*?)”",
            _("this wave does not ask version “%(found)s” of “%(name)s”"),
        ),
        (
            r"^answers are sent to this study alone, which reads them: take (?P<name>\w+) away",
            _("Answers are sent to this study alone, which reads them: take %(name)s away."),
        ),
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
