"""Pictures that people send, brought to one plain form before anything keeps them."""

import io
import warnings

from PIL import Image, ImageOps, UnidentifiedImageError

LONGEST_SIDE = 1600
MOST_PIXELS = 60_000_000
QUALITY = 80
FORMATS = ("JPEG", "PNG")
# A picture with colours that is shown, not read.
SHOWN_QUALITY = 85


class PictureUnreadable(Exception):
    """The content is no picture of a kind that is taken, is damaged, or is larger than any camera's."""


def plain_picture(content: bytes) -> bytes:
    """Return a JPEG or PNG picture as a grey JPEG of at most LONGEST_SIDE pixels a side, upright.

    Nothing else of the file stays: neither the place nor the camera that a photo names. Raise PictureUnreadable.
    """
    upright, _kind = _upright(content)
    flat = Image.alpha_composite(Image.new("RGBA", upright.size, "white"), upright.convert("RGBA")).convert("L")
    flat.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
    out = io.BytesIO()
    flat.save(out, format="JPEG", quality=QUALITY)
    return out.getvalue()


def shown_picture(content: bytes) -> tuple[bytes, str]:
    """Return a JPEG or PNG picture in its own kind, upright, at most LONGEST_SIDE pixels a side; and its media type.

    Colours and what is see-through stay; nothing else of the file does. Raise PictureUnreadable.
    """
    upright, kind = _upright(content)
    is_clear = kind == "PNG" and (upright.mode in {"RGBA", "LA", "PA"} or "transparency" in upright.info)
    plain = upright.convert("RGBA" if is_clear else "L" if upright.mode in {"1", "L"} else "RGB")
    # What a picture says about itself (place, camera, profile, remarks) would be written again.
    plain.info = {}
    plain.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
    out = io.BytesIO()
    plain.save(out, format=kind, **({"optimize": True} if kind == "PNG" else {"quality": SHOWN_QUALITY}))
    return out.getvalue(), f"image/{kind.lower()}"


def _upright(content: bytes) -> tuple[Image.Image, str]:
    """Return a picture turned as it was taken, and its kind (JPEG or PNG). Raise PictureUnreadable."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            with Image.open(io.BytesIO(content), formats=FORMATS) as opened:
                if opened.width * opened.height > MOST_PIXELS:
                    raise PictureUnreadable
                # JPEGs of several pictures are a kind of their own, of which the first is shown.
                kind = "PNG" if opened.format == "PNG" else "JPEG"
                upright = ImageOps.exif_transpose(opened)
                upright.load()
                return upright, kind
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError, Image.DecompressionBombWarning) as error:
        raise PictureUnreadable from error
    except Image.DecompressionBombError as error:
        raise PictureUnreadable from error
