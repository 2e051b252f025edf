"""Encoders: the two packaged models, and any sentence-transformers name or folder."""

from crossframe.encoders.protocol import Encoder

E5 = "multilingual-e5-small"
USE = "use-multilingual-v3"
PACKAGED = (E5, USE)


def load_encoder(name: str) -> Encoder:
    """Return the encoder called `name`: a packaged one, a local folder, or a hub name.

    Nothing heavy is imported and no weights are read until `encode` is called, so that a run whose
    vectors are all cached costs neither.

    Raises
    ------
    InputError
        If the name is neither packaged, nor a folder, nor to be had from a hub.
    """
    if name == E5:
        from crossframe.encoders.e5 import PackagedE5

        return PackagedE5()
    if name == USE:
        from crossframe.encoders.use import PackagedUse

        return PackagedUse()
    from crossframe.encoders.named import NamedSentenceTransformer

    return NamedSentenceTransformer(name)


__all__ = ["E5", "PACKAGED", "USE", "Encoder", "load_encoder"]
