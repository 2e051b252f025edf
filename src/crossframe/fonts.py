"""Fonts from installed packages, never from the machine: Latin, Cyrillic, Arabic, Hangul, Han, kana."""

import importlib.util
from functools import cache
from pathlib import Path

from crossframe.errors import InputError

LATIN, ARABIC, KOREAN, CHINESE, ARABIC_SERIF = "Noto Sans", "Noto Sans Arabic", "Noto Sans KR", "Noto Sans SC", "Amiri"
_PLACES = {
    "fontpkg_noto_sans": "files",
    "fontpkg_noto_sans_arabic": "files",
    "fontpkg_amiri": "files",
    "pylopdf_fonts_ko": "",
    "pylopdf_fonts_zh_cn": "",
}
_FOR_FIGURES = (
    "NotoSans[wdth,wght].ttf",
    "NotoSansArabic[wdth,wght].ttf",
    "NotoSansKR-Regular.otf",
    "NotoSansSC-Regular.otf",
)


def font_folders() -> list[Path]:
    """Return the folders of the font packages.

    Raises
    ------
    InputError
        If one of the packages is not installed.
    """
    folders = []
    for package, inner in _PLACES.items():
        spec = importlib.util.find_spec(package)
        if spec is None or spec.origin is None:
            name = package.replace("_", "-")
            raise InputError(f"the font package {name} is not installed", remedy=f"pip install {name}")
        folders.append(Path(spec.origin).parent / inner)
    return folders


@cache
def use_in_matplotlib() -> None:
    """Register the figure fonts with matplotlib, once."""
    from matplotlib import font_manager

    for folder in font_folders():
        for path in sorted(folder.glob("*.[ot]tf")):
            if path.name in _FOR_FIGURES:
                font_manager.fontManager.addfont(str(path))
