"""Saved runs as a picture: a short script that reads the CSV file and draws it."""

from __future__ import annotations

__all__ = ["plot_script"]

SCRIPT = """\
import csv
import matplotlib.pyplot as plt

with open({file!r}) as file:  # the button "CSV" saves it
    rows = list(csv.DictReader(file))
x = list(rows[0])[1]  # step or epoch
for run in dict.fromkeys(row["run"] for row in rows):
    for name, style in (("loss", "-"), ("val_loss", "--")):
        points = [(float(row[x]), float(row[name])) for row in rows if row["run"] == run and row[name]]
        if points:
            plt.plot(*zip(*points), style, label=f"{{run}}: {{name}}")
            print(f"{{run}}: {{name}} ends at {{points[-1][1]:.4g}}")
plt.xlabel(x)
plt.yscale({scale!r})
plt.legend()
plt.savefig("learning-curves.png")
"""


def plot_script(file: str, log_y: bool = True) -> str:
    """A runnable script that draws the losses of all runs in ``file``, a CSV written by :func:`write_csv`."""
    return SCRIPT.format(file=file, scale="log" if log_y else "linear")
