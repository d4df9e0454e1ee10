"""Colours of the design: tokens read from the style sheet, contrast of two colours (WCAG 2.2 §1.4.3)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from maillage.textes import PAGES

FEUILLE = PAGES / "statique" / "maillage.css"
#: contrast ratios asked for: of a text, of what makes a component or a focus visible.
TEXTE, COMPOSANT = 4.5, 3.0
#: ink against ground, and the ratio that each pair must reach in light and in dark.
PAIRES: tuple[tuple[str, str, float], ...] = (
    ("encre", "papier", TEXTE),
    ("encre", "feuille", TEXTE),
    ("encre", "accent-fond", TEXTE),
    ("encre-2", "papier", TEXTE),
    ("encre-2", "feuille", TEXTE),
    ("encre-2", "accent-fond", TEXTE),
    ("accent", "papier", TEXTE),
    ("accent", "feuille", TEXTE),
    ("accent", "accent-fond", TEXTE),
    ("accent", "attention-fond", TEXTE),
    ("sur-accent", "accent", TEXTE),
    ("chaud", "papier", TEXTE),
    ("chaud", "feuille", TEXTE),
    ("alerte", "alerte-fond", TEXTE),
    ("attention", "attention-fond", TEXTE),
    ("sur", "sur-fond", TEXTE),
    ("trait-fort", "feuille", COMPOSANT),
    ("trait-fort", "papier", COMPOSANT),
)
_JETON = re.compile(r"--([\w-]+):\s*(#[0-9a-f]{6})\s*;", re.IGNORECASE)
_HEXADECIMAL = re.compile(r"#?([0-9a-f]{6})", re.IGNORECASE)


@dataclass(frozen=True)
class Palette:
    """Colour tokens, name → `#rrggbb`, in light and in dark."""

    clair: Mapping[str, str]
    sombre: Mapping[str, str]


def lire_palette() -> Palette:
    """The tokens of the style sheet. Raises OSError, ValueError where it has no dark part."""
    clair, sombre = FEUILLE.read_text(encoding="utf-8").split(":root", 2)[1:]
    return Palette(*(dict(_JETON.findall(bloc.partition("}")[0])) for bloc in (clair, sombre)))


def lire_couleur(texte: str) -> str:
    """`#rrggbb` in lower case, from six hexadecimal digits with or without `#`. Raises ValueError."""
    found = _HEXADECIMAL.fullmatch(texte.strip())
    if found is None:
        raise ValueError(texte)
    return f"#{found[1].lower()}"


def contraste(une: str, autre: str) -> float:
    """Contrast ratio of two colours (`#rrggbb`), from 1 to 21."""
    sombre, claire = sorted((_luminance(une), _luminance(autre)))
    return (claire + 0.05) / (sombre + 0.05)


def lisible_sur(fond: str) -> str:
    """Black or white, whichever is read better on this colour: one of them reaches TEXTE on any."""
    return max(("#ffffff", "#000000"), key=lambda encre: contraste(encre, fond))


def _luminance(couleur: str) -> float:
    canaux = (int(couleur[rang : rang + 2], 16) / 255 for rang in (1, 3, 5))
    lineaires = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in canaux]
    return 0.2126 * lineaires[0] + 0.7152 * lineaires[1] + 0.0722 * lineaires[2]
