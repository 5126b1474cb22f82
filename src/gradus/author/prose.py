"""Checks of words: spelling, tone, and what is prose in Markdown at all."""

from __future__ import annotations

import re
from typing import Final

_FENCE = re.compile(
    r"^(?P<indent>[ ]{0,3})(?P<fence>`{3,}|~{3,})(?P<info>[^\n]*)\n.*?^[ ]{0,3}(?P=fence)[`~]*[ ]*$", re.M | re.S
)
_CODE = re.compile(r"(`+).+?\1", re.S)
_DISPLAY_MATHS = re.compile(r"\$\$.+?\$\$", re.S)
_MATHS = re.compile(r"(?<![\\$])\$(?!\s)[^$\n]+?(?<!\s)\$")
_IMAGE = re.compile(r"!\[[^\]]*\]\([^)]*\)")
_LINK = re.compile(r"\[([^\]]*)\]\([^)]*\)")
_URL = re.compile(r"<?https?://\S+")
_COMMENT = re.compile(r"<!--.*?-->", re.S)

BRITISH: Final = {
    "analyse": "analyze",
    "analysed": "analyzed",
    "analysing": "analyzing",
    "artefact": "artifact",
    "artefacts": "artifacts",
    "behaviour": "behavior",
    "behaviours": "behaviors",
    "cancelled": "canceled",
    "cancelling": "canceling",
    "centre": "center",
    "centred": "centered",
    "centres": "centers",
    "centring": "centering",
    "colour": "color",
    "coloured": "colored",
    "colours": "colors",
    "defence": "defense",
    "favour": "favor",
    "favourite": "favorite",
    "grey": "gray",
    "honour": "honor",
    "judgement": "judgment",
    "kilometre": "kilometer",
    "labelled": "labeled",
    "labelling": "labeling",
    "learnt": "learned",
    "licence": "license",
    "litre": "liter",
    "litres": "liters",
    "metre": "meter",
    "metres": "meters",
    "modelled": "modeled",
    "modelling": "modeling",
    "neighbour": "neighbor",
    "neighbours": "neighbors",
    "neighbouring": "neighboring",
    "programme": "program",
    "spelt": "spelled",
    "totalled": "totaled",
    "travelled": "traveled",
    "whilst": "while",
}
# capsize, exercise, otherwise, raise, … end so in American spelling, too: only these stems are British.
_ISE: Final = (
    "categor central custom discret equal factor final general initial item linear local maxim minim memor normal "
    "optim organ parametr penal priorit random real recogn regular serial special standard summar "
    "symbol synthes token util vector visual"
).replace(" ", "|")
_ISE_WORD = re.compile(rf"\b(?:un|re|de)?(?:{_ISE})(is)(?:e|ed|es|er|ers|ing|ation|ations)\b", re.I)
_WORD = re.compile(r"[A-Za-z]+")


def prose(markdown: str) -> str:
    """Markdown without code, maths, images, addresses and comments; links keep their text."""
    text = _COMMENT.sub("", markdown)
    text = _FENCE.sub("", text)
    for pattern in (_CODE, _DISPLAY_MATHS, _MATHS, _IMAGE):
        text = pattern.sub(" ", text)
    return _URL.sub(" ", _LINK.sub(r"\1", text))


def word_count(markdown: str) -> int:
    """How many words of prose a text has. Headings count; a formula or a span of code counts as one word."""
    text = _FENCE.sub("", _COMMENT.sub("", markdown))
    for pattern in (_IMAGE,):
        text = pattern.sub(" ", text)
    for pattern in (_CODE, _DISPLAY_MATHS, _MATHS):
        text = pattern.sub(" x ", text)
    text = _URL.sub(" ", _LINK.sub(r"\1", text))
    return sum(any(c.isalnum() for c in word) for word in text.split())


def british_words(text: str) -> list[tuple[str, str]]:
    """British spellings in a text, each with the American one, in order, once."""
    found: dict[str, str] = {}
    for match in _WORD.finditer(text):
        if (american := BRITISH.get(match[0].lower())) is not None:
            found.setdefault(match[0], american)
    for match in _ISE_WORD.finditer(text):
        at = match.start(1) - match.start()
        found.setdefault(match[0], match[0][:at] + "iz" + match[0][at + 2 :])
    return list(found.items())


def tone_problems(text: str) -> list[str]:
    """What is wrong with the words of a text that a learner reads."""
    problems = [f"“{word}” is spelled “{american}” in this house" for word, american in british_words(text)]
    if re.search(r"[^\W\d]!(?!=)", text):
        problems.append("no exclamation marks: no blame, no praise by rote")
    return problems
