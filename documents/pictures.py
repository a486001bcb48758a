"""Pictures that people send, brought to one plain form before anything keeps them."""

import io
import warnings

from PIL import Image, ImageOps, UnidentifiedImageError

LONGEST_SIDE = 1600
MOST_PIXELS = 60_000_000
QUALITY = 80
FORMATS = ("JPEG", "PNG")


class PictureUnreadable(Exception):
    """The content is no picture of a kind that is taken, is damaged, or is larger than any camera's."""


def plain_picture(content: bytes) -> bytes:
    """Return a JPEG or PNG picture as a grey JPEG of at most LONGEST_SIDE pixels a side, upright.

    Nothing else of the file stays: neither the place nor the camera that a photo names. Raise PictureUnreadable.
    """
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            with Image.open(io.BytesIO(content), formats=FORMATS) as opened:
                if opened.width * opened.height > MOST_PIXELS:
                    raise PictureUnreadable
                upright = ImageOps.exif_transpose(opened)
                flat = Image.alpha_composite(Image.new("RGBA", upright.size, "white"), upright.convert("RGBA")).convert(
                    "L"
                )
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError, Image.DecompressionBombWarning) as error:
        raise PictureUnreadable from error
    except Image.DecompressionBombError as error:
        raise PictureUnreadable from error
    flat.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
    out = io.BytesIO()
    flat.save(out, format="JPEG", quality=QUALITY)
    return out.getvalue()
