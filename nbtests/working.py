"""The command `trainingwheels`; a worker with --forever says that it is training, and is at it until it is killed."""

import sys
import threading

from trainingwheels.classroom.cli import main
from trainingwheels.engine.search.batches import Runs


def forever(_):
    print("training", flush=True)  # noqa: T201 - whoever has started this waits for it
    threading.Event().wait()


if __name__ == "__main__":
    if sys.argv[-1] == "--forever":
        sys.argv.pop()
        Runs.advance = forever
    sys.exit(main(sys.argv[1:]))
