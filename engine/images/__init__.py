"""Images of hospitals and public datasets: DICOM, NIfTI, PNG and JPEG to one `Image`, and the grey pipeline of PS3.3.

Importing this costs numpy only; pydicom, nibabel and Pillow are imported by the first file that needs them.
"""

from engine.errors import ImageError
from engine.images.container import load_image, save_image
from engine.images.header import Header
from engine.images.image import Image, Lut, Overlay, Window
from engine.images.opening import open_image, read_header
from engine.images.series import FoundImage, Rejected, find_series, open_series

__all__ = [
    "FoundImage",
    "Header",
    "Image",
    "ImageError",
    "Lut",
    "Overlay",
    "Rejected",
    "Window",
    "find_series",
    "load_image",
    "open_image",
    "open_series",
    "read_header",
    "save_image",
]
