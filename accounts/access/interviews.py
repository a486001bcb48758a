"""Who opens the pages of interviews/."""

from accounts.access.groups import ADMIN, INTERVIEWER, RESEARCHER

PAGES: dict[str, frozenset[str]] = {
    "interview_list": INTERVIEWER,
    "interview_detail": INTERVIEWER,
    "upload_begin": INTERVIEWER,
    "upload_state": INTERVIEWER,
    "upload_piece": INTERVIEWER,
    "upload_finish": INTERVIEWER,
    "file_download": INTERVIEWER,
    "file_remove": INTERVIEWER,
    "transcript_text": INTERVIEWER,
    "transcript_list": RESEARCHER,
    "transcript_code": RESEARCHER,
    "transcript_compare": RESEARCHER,
    "code_list": RESEARCHER,
    "codebook_file": RESEARCHER,
    "code_detail": RESEARCHER,
    "excerpt_list": RESEARCHER,
    "excerpt_file": RESEARCHER,
    "interview_selection": ADMIN,
    "interview_replace": ADMIN,
}
