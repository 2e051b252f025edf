"""Any sentence-transformers model: a folder on this disk, or a name on a hub."""

from functools import cached_property
from pathlib import Path
from typing import Any

from crossframe.encoders.sentence_transformer import E5_PREFIX, FolderEncoder
from crossframe.errors import InputError
from crossframe.files import sha256_file, sha256_text

_DECIDING = {".json", ".safetensors", ".bin", ".model", ".txt", ".py"}


class NamedSentenceTransformer(FolderEncoder):
    """A sentence-transformers model given by folder or hub name; E5 models get their prefix."""

    def __init__(self, name: str, device: str = "cpu") -> None:
        """Remember name and device; a hub is asked only when the vectors or the fingerprint are needed."""
        self.name = name
        prefix = E5_PREFIX if "e5" in Path(name).name.lower().split("-") else ""
        super().__init__(Path(name), prefix, device)

    @cached_property
    def folder(self) -> Path:
        """The model's folder, downloaded from the hub where it is not on this disk."""
        local = Path(self.name).expanduser()
        return local if (local / "modules.json").is_file() else _from_hub(self.name)

    @cached_property
    def fingerprint(self) -> str:
        """Hash of every file that decides the vectors, and of the prefix."""
        files = sorted(p for p in self.folder.rglob("*") if p.is_file() and p.suffix in _DECIDING)
        parts = [f"{p.relative_to(self.folder).as_posix()}={sha256_file(p)}" for p in files]
        return sha256_text("sentence-transformer", self._prefix, *parts)

    @property
    def model(self) -> Any:
        """The `SentenceTransformer`."""
        self._folder = self.folder
        return super().model


def _from_hub(name: str) -> Path:
    from huggingface_hub import snapshot_download

    try:
        return Path(snapshot_download(name))
    except Exception as error:  # the hub client raises many kinds; each means: not to be had
        raise InputError(
            f"the model is neither a folder with modules.json nor to be had from a hub ({type(error).__name__})",
            f"encoder {name!r}",
            "Check the name and the network, or use a packaged model: multilingual-e5-small, use-multilingual-v3.",
        ) from error
