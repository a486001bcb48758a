"""Pictures that are shown: in their own kind and colours, with nothing of where and by what they were taken."""

import io

import pytest
from PIL import Image, PngImagePlugin

from documents.pictures import LONGEST_SIDE, PictureUnreadable, shown_picture

CAMERA, TURNED, PLACE = 0x010F, 0x0112, 0x8825


def picture(kind="PNG", mode="RGB", size=(40, 20), colour="red", **saved) -> bytes:
    out = io.BytesIO()
    Image.new(mode, size, colour).save(out, format=kind, **saved)
    return out.getvalue()


def photo() -> bytes:
    exif = Image.Exif()
    exif[CAMERA], exif[TURNED] = "Camara-Secreta", 6
    exif.get_ifd(PLACE)[1] = "S"
    return picture("JPEG", exif=exif, comment=b"Calle-Secreta", icc_profile=b"Perfil-Secreto")


def test_photo_loses_place_camera_and_remarks_and_stands_upright():
    content, kind = shown_picture(photo())
    with Image.open(io.BytesIO(content)) as shown:
        assert (kind, shown.format, shown.size, dict(shown.getexif())) == ("image/jpeg", "JPEG", (20, 40), {})
        assert shown.getpixel((5, 5))[0] > 200
    assert b"Secret" not in content


def test_png_keeps_what_is_see_through_and_loses_its_texts():
    said = PngImagePlugin.PngInfo()
    said.add_text("Author", "Autora-Secreta")
    content, kind = shown_picture(
        picture(mode="RGBA", colour=(0, 0, 255, 0), pnginfo=said) + b"<script>Secreto</script>"
    )
    with Image.open(io.BytesIO(content)) as shown:
        assert (kind, shown.mode, shown.getpixel((1, 1))) == ("image/png", "RGBA", (0, 0, 255, 0))
    assert b"Secret" not in content


@pytest.mark.parametrize(("kind", "mode"), [("PNG", "1"), ("PNG", "L"), ("PNG", "P"), ("PNG", "LA"), ("JPEG", "CMYK")])
def test_every_way_to_keep_colours_is_taken(kind, mode):
    content, _kind = shown_picture(picture(kind, mode, colour=0 if mode != "LA" else (0, 255)))
    with Image.open(io.BytesIO(content)) as shown:
        assert shown.size == (40, 20)


def test_large_picture_becomes_smaller():
    content, _kind = shown_picture(picture("JPEG", size=(4_000, 1_000)))
    with Image.open(io.BytesIO(content)) as shown:
        assert shown.size == (LONGEST_SIDE, 400)


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>",
        picture("GIF", "P", colour=0),
        picture("BMP"),
        picture("JPEG")[:200],
        b"\x89PNG\r\n\x1a\n" + b"\x00" * 50,
        picture(mode="1", size=(20_000, 20_000), colour=0),
    ],
    ids=["empty", "svg", "gif", "bmp", "cut", "header", "bomb"],
)
def test_what_is_no_picture_that_is_taken_is_refused(content):
    with pytest.raises(PictureUnreadable):
        shown_picture(content)
