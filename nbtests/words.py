"""Numbers read out of a lab's sentences, so that they are compared as numbers: the last digit is the processor's."""

import re

NUMBER = r"(?:over |under )?([−+]?\d[\d,]*(?:\.\d+)?(?:e−?\d+)?)"


def numbers(pattern, text):
    """What stands in ``text`` where ``pattern`` has a #: ``numbers("std # at layer #", text)``."""
    found = re.search(re.escape(pattern).replace(r"\#", NUMBER), text)
    assert found, f"{pattern!r} is not in: {text}"
    return [float(number.replace("−", "-").replace(",", "")) for number in found.groups()]


def all_numbers(text):
    """The numbers of a sentence, in its order; not those in names, such as w1."""
    found = re.findall(r"(?<![\w.])-?\d+(?:,\d{3})*(?:\.\d+)?(?:e-?\d+)?", text.replace("−", "-"))
    return [float(each.replace(",", "")) for each in found]
