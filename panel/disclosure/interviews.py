"""What the fields of interviews/ can give away."""

from panel.columns import Disclosure
from panel.disclosure.classing import classed

FIELDS: dict[str, Disclosure] = {
    **classed(
        "interviews.Selection",
        identifier="selected_by",
        study="rule per_arm candidates",
        # With the candidates, the seed would tell who is of one arm.
        internal="id seed candidates_sha256 candidates_nonce selected_at",
    ),
    **classed(
        "interviews.Interview",
        identifier="participant held_by",
        quasi_identifier="starts_at ends_at place cell replaces",
        study="status audio_agreed",
        internal="id selection position status_changed_at",
    ),
    **classed(
        "interviews.InterviewFile",
        identifier="fingerprint sealed_key started_by sha256",
        quasi_identifier="started_at size_bytes",
        internal="id interview kind file_format received received_at finished_at removed_at",
    ),
    **classed("interviews.FileChunk", identifier="sealed", internal="id file position"),
    **classed(
        "interviews.TranscriptVersion",
        identifier="sealed_text made_by",
        quasi_identifier="paragraphs masks",
        internal="id interview number form file source made_at",
    ),
    **classed(
        "interviews.Code",
        identifier="created_by",
        study="name parent memo colour is_heading merged_into",
        internal="id created_at",
    ),
    **classed(
        "interviews.CodeChange", identifier="changed_by", study="kind before after", internal="id code changed_at"
    ),
    **classed("interviews.CodingPass", identifier="coder", internal="id transcript place started_at finished_at"),
    **classed("interviews.Coding", study="code", internal="id coding_pass paragraph start end coded_at removed_at"),
}
