"""The languages that messages can be in."""

from collections.abc import Mapping

from monitor.core.texts import Catalogue
from monitor.core.texts.en import ENGLISH
from monitor.core.texts.es import SPANISH

#: By the language's code (ISO 639-1), as the configuration names it.
CATALOGUES: Mapping[str, Catalogue] = {texts.language: texts for texts in (ENGLISH, SPANISH)}
