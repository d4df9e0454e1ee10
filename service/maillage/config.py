"""Settings, read once from `MAILLAGE_*` environment variables."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Literal

from limits import parse_many
from pydantic import Field, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

_CONTACT = re.compile(r"https?://[^\s\"'<>@]+|[\w.+-]+@[\w-]+(\.[\w-]+)+", re.ASCII)


class Settings(BaseSettings):
    """Where the corpus is, where snapshots go, how the service presents itself."""

    model_config = SettingsConfigDict(env_prefix="MAILLAGE_", frozen=True)

    racine: Path = Field(default_factory=Path.cwd, description="folder of ontologie, donnees, requetes")
    instantanes: Path = Field(default=Path("var/instantanes"), description="folder of the built snapshots")
    url: str = Field(default="http://127.0.0.1:8000", description="public address, without a final slash")
    entrepot: str = Field(default="", description="remote SPARQL endpoint; empty: embedded")
    entrepot_mises_a_jour: str = Field(default="", description="its SPARQL Update address; empty: the same")
    entrepot_graphes: str = Field(default="", description="its Graph Store address; empty: it is only read")
    entrepot_compte: str = Field(default="", description="basic:name:word, digest:name:word or bearer:token")
    entrepot_delai: float = Field(default=20.0, gt=0, description="seconds for one answer of the store")
    entrepot_parametres: str = Field(default="", description="sent with each query, {s} {ms}: the time left")
    cle: str = Field(default="", description="secret that seals page cursors, shared by all processes")
    echecs: str = Field(
        default="echecs.sqlite", description="file of unknown words, beside the snapshot folder; empty: none"
    )

    contact: str = Field(default="", description="e-mail or web address of whoever runs the service")
    journal: Literal["texte", "json"] = Field(default="texte", description="form of the log")
    journal_questions: bool = Field(default=False, description="addresses with their questions in the log")
    debit: str = Field(default="", description="requests of one client, as 10/second;300/minute; empty: any")

    rafraichir: str = Field(
        default="", description="hosts that sources may be fetched from, parted by commas; empty: none"
    )
    rafraichir_accepter: str = Field(
        default="", description="kinds of change taken in without a person, parted by commas; empty: none"
    )

    @field_validator("debit")
    @classmethod
    def _debit_lisible(cls, debit: str) -> str:
        if debit:
            parse_many(debit)
        return debit

    @field_validator("contact")
    @classmethod
    def _contact_lisible(cls, contact: str) -> str:
        if contact and not _CONTACT.fullmatch(contact):
            raise ValueError("e-mail address or https:// address expected")
        return contact

    @property
    def lien_contact(self) -> str:
        """Address of the link to whoever runs the service; empty where nobody said."""
        return f"mailto:{self.contact}" if "@" in self.contact else self.contact

    @property
    def fichier_echecs(self) -> Path | None:
        """The file of unknown words; none where they are not counted."""
        return self.dossier_instantanes.parent / self.echecs if self.echecs else None

    @property
    def hotes_rafraichir(self) -> frozenset[str]:
        """Hosts that sources may be fetched from."""
        return frozenset(hote.strip() for hote in self.rafraichir.split(",") if hote.strip())

    @property
    def dossier_sources(self) -> Path:
        """The folder of fetched editions and of their reviews."""
        return self.dossier_instantanes.parent / "sources"

    @property
    def dossier_instantanes(self) -> Path:
        """The snapshot folder; a relative setting counts from the corpus root."""
        return self.instantanes if self.instantanes.is_absolute() else self.racine / self.instantanes
