"""Errors that a user can act on."""


class InputError(Exception):
    """Something that the user gave is wrong; the command line turns it into exit code 2.

    The message says what is wrong, where, and what to do about it.
    """

    def __init__(self, what: str, where: str = "", remedy: str = "") -> None:
        """Keep the three parts; `str(error)` joins them into one message."""
        self.what, self.where, self.remedy = what, where, remedy
        head = f"{where}: {what}" if where else what
        super().__init__(f"{head}. {remedy}" if remedy else head)
