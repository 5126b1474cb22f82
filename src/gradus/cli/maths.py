"""TeX in prose, made readable on a terminal: Greek letters, indices, fractions, roots."""

from __future__ import annotations

import re
import unicodedata
from functools import partial

_SYMBOLS = {
    "alpha": "α", "beta": "β", "gamma": "γ", "delta": "δ", "epsilon": "ε", "varepsilon": "ε", "zeta": "ζ", "eta": "η",
    "theta": "θ", "kappa": "κ", "lambda": "λ", "mu": "μ", "nu": "ν", "xi": "ξ", "pi": "π", "rho": "ρ", "sigma": "σ",
    "tau": "τ", "phi": "φ", "varphi": "φ", "chi": "χ", "psi": "ψ", "omega": "ω", "Gamma": "Γ", "Delta": "Δ",
    "Theta": "Θ", "Lambda": "Λ", "Sigma": "Σ", "Phi": "Φ", "Psi": "Ψ", "Omega": "Ω", "sum": "Σ", "prod": "Π",
    "int": "∫", "partial": "∂", "nabla": "∇", "infty": "∞", "cdot": "·", "times": "×", "div": "÷", "pm": "±",
    "le": "≤", "leq": "≤", "ge": "≥", "geq": "≥", "ne": "≠", "neq": "≠", "approx": "≈", "equiv": "≡", "sim": "~",
    "propto": "∝", "to": "→", "rightarrow": "→", "leftarrow": "←", "Rightarrow": "⇒", "mapsto": "↦", "in": "∈",
    "notin": "∉", "subset": "⊂", "subseteq": "⊆", "cup": "∪", "cap": "∩", "forall": "∀", "exists": "∃",
    "ldots": "…", "dots": "…", "cdots": "⋯", "quad": "  ", "qquad": "    ", "lVert": "‖", "rVert": "‖", "Vert": "‖",
    "|": "‖", "lvert": "|", "rvert": "|", "mid": "|", "top": "T", "odot": "⊙", "otimes": "⊗", "oplus": "⊕",
    "circ": "∘", "lfloor": "⌊", "rfloor": "⌋", "lceil": "⌈", "rceil": "⌉", "langle": "⟨", "rangle": "⟩",
    "ll": "≪", "gg": "≫",
    "neg": "¬", "land": "∧", "lor": "∨", "star": "*", "ast": "*", "prime": "′", "ell": "ℓ", "emptyset": "∅",
    ",": " ", ";": " ", ":": " ", "!": "", " ": " ", "{": "{", "}": "}", "%": "%", "_": "_", "&": "&", "#": "#",
    "$": "$",
}  # fmt: skip
_UPPER = dict(
    zip("0123456789+-=()niTkxabcdefghjlmoprstuvwyz", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁼⁽⁾ⁿⁱᵀᵏˣᵃᵇᶜᵈᵉᶠᵍʰʲˡᵐᵒᵖʳˢᵗᵘᵛʷʸᶻ", strict=True)
)
_LOWER = dict(zip("0123456789+-=()aehijklmnoprstuvx", "₀₁₂₃₄₅₆₇₈₉₊₋₌₍₎ₐₑₕᵢⱼₖₗₘₙₒₚᵣₛₜᵤᵥₓ", strict=True))
_BLACKBOARD = {"R": "ℝ", "N": "ℕ", "Z": "ℤ", "E": "𝔼", "P": "ℙ", "1": "𝟙"}

_GROUP = r"\{((?:[^{}]|\{(?:[^{}]|\{[^{}]*\})*\})*)\}"
_ARGUMENT = rf"(?:{_GROUP}|(\\[A-Za-z]+|[A-Za-z0-9*']))"


def tex(source: str) -> str:
    """One line (or a few, for ``\\\\``) of plain text that says what the TeX says. Never raises."""
    text = re.sub(r"\\(?:begin|end)\{[a-z*]+\}(?:\{[lcr|]*\})?", "", source).strip()
    text = re.sub(r"\\mathbb\s*" + _ARGUMENT, lambda m: "".join(_BLACKBOARD.get(c, c) for c in _arg(m)), text)
    text = re.sub(r"\\operatorname\*?\s*" + _ARGUMENT, lambda m: _arg(m), text)
    text = re.sub(r"\\(?:text|mathrm|mathbf|mathsf|mathcal|boldsymbol|textbf|mathit|texttt)\s*" + _ARGUMENT, _arg, text)
    for _ in range(4):  # innermost fractions first; four levels are more than prose needs
        text = re.sub(r"\\[dt]?frac\s*" + _GROUP + r"\s*" + _GROUP, _fraction, text)
        text = re.sub(r"\\sqrt\s*" + _ARGUMENT, lambda m: "√" + _wrapped(_arg(m)), text)
    for name, mark in (("hat", "̂"), ("bar", "̄"), ("overline", "̄"), ("tilde", "̃"), ("vec", "⃗"), ("dot", "̇")):
        text = re.sub(rf"\\{name}\s*" + _ARGUMENT, partial(_accent, mark), text)
    text = re.sub(r"\\(?:left|right|big|Big|bigl|bigr|Bigl|Bigr|displaystyle|limits)(?![A-Za-z])", "", text)
    text = re.sub(r"\\\\(?:\[[^\]]*\])?", "\n", text)
    text = re.sub(r"\\([A-Za-z]+|[,;:! {}%_&#$|])", lambda m: _SYMBOLS.get(m.group(1), m.group(1)), text)
    text = re.sub(r"\^\s*" + _ARGUMENT, lambda m: _script(_arg(m), _UPPER, "^"), text)
    text = re.sub(r"_\s*" + _ARGUMENT, lambda m: _script(_arg(m), _LOWER, "_"), text)
    text = text.replace("&", " ").replace("{", "").replace("}", "")
    return "\n".join(" ".join(line.split()) for line in text.split("\n")).strip()


def _arg(match: re.Match[str]) -> str:
    return match.group(1) if match.group(1) is not None else match.group(2)


def _fraction(match: re.Match[str]) -> str:
    return f"{_wrapped(match.group(1))}/{_wrapped(match.group(2))} "  # a space, or what follows would join


def _wrapped(text: str) -> str:
    text = text.strip()
    return text if re.fullmatch(r"\\?[A-Za-z0-9]+", text) else f"({text})"


def _accent(mark: str, match: re.Match[str]) -> str:
    text = _arg(match)
    return unicodedata.normalize("NFC", text + mark) if len(text) == 1 else text


def _script(text: str, table: dict[str, str], sign: str) -> str:
    text = text.strip()
    text = _SYMBOLS.get(text[1:], text[1:]) if text.startswith("\\") else text
    if text and all(char in table for char in text):
        return "".join(table[char] for char in text)
    return sign + (text if len(text) == 1 else f"({text})")
