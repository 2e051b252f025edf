"""Encoders: the two packaged models, and any sentence-transformers name or folder."""

from crossframe.encoders.protocol import Encoder
from crossframe.errors import InputError

E5 = "multilingual-e5-small"
USE = "use-multilingual-v3"
PACKAGED = (E5, USE)


def load_encoder(name: str, precision: str = "fp32", device: str = "cpu") -> Encoder:
    """Return the encoder called `name`: a packaged one, a local folder, or a hub name.

    Nothing heavy is imported and no weights are read until `encode` is called, so that a run whose
    vectors are all cached costs neither.

    Parameters
    ----------
    name
        `multilingual-e5-small`, `use-multilingual-v3`, or any sentence-transformers model.
    precision
        "fp32", or "int8" for a faster multilingual-e5-small; use-multilingual-v3 has fp32 alone and keeps it.
    device
        Of torch: "cpu", or "cuda" where there is a GPU; use-multilingual-v3 keeps to the CPU.

    Raises
    ------
    InputError
        If the name is neither packaged, nor a folder, nor to be had from a hub, or int8 is asked of a model
        that is not packaged.
    """
    if name == E5:
        from crossframe.encoders.e5 import PackagedE5

        return PackagedE5(precision, device)
    if name == USE:
        from crossframe.encoders.use import PackagedUse

        return PackagedUse()
    if precision != "fp32":
        raise InputError(
            f"the model {name!r} cannot be run in {precision}", "encoder.precision", f'Only {E5} can; set "fp32".'
        )
    from crossframe.encoders.named import NamedSentenceTransformer

    return NamedSentenceTransformer(name, device)


__all__ = ["E5", "PACKAGED", "USE", "Encoder", "load_encoder"]
