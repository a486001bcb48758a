"""Uploads stay in memory: what people send may name women, and a temporary file outlives a crash."""

from io import BytesIO
from typing import Any

from django.core.files.uploadedfile import InMemoryUploadedFile
from django.core.files.uploadhandler import FileUploadHandler, StopFutureHandlers

LARGEST_UPLOAD_BYTES = 20 * 2**20


class MemoryUploadHandler(FileUploadHandler):
    """Keeps up to LARGEST_UPLOAD_BYTES of a request's files; of more only the size, which forms then refuse."""

    kept = 0
    file: BytesIO

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        super().new_file(*args, **kwargs)
        self.file = BytesIO()
        raise StopFutureHandlers

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        if self.kept <= LARGEST_UPLOAD_BYTES:
            self.kept += self.file.write(raw_data)

    def file_complete(self, file_size: int) -> InMemoryUploadedFile:
        self.file.seek(0)
        return InMemoryUploadedFile(
            file=self.file,
            field_name=self.field_name,
            name=self.file_name,
            content_type=self.content_type or "",
            size=file_size,
            charset=self.charset,
            content_type_extra=self.content_type_extra,
        )
