"""A process that starts the program as `readerapp` does, and says what it weighs once the start page is at rest."""

import json
import os
import sys
import tempfile

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen" if not os.environ.get("DISPLAY") else "xcb")


def resident_mb() -> float:
    """Resident memory of this process, in MB (10⁶ bytes)."""
    with open("/proc/self/statm", encoding="ascii") as file:
        return int(file.read().split()[1]) * os.sysconf("SC_PAGE_SIZE") / 1e6


def main() -> None:
    from readerapp import background
    from readerapp.application import make_application
    from readerapp.recent import Memory
    from readerapp.window import MainWindow

    app = make_application()
    with tempfile.TemporaryDirectory() as folder:
        from pathlib import Path

        window = MainWindow(Memory(Path(folder)))
        window.show()
        while background.running():
            app.processEvents()
        window.repaint()
        print(json.dumps({"resident_mb": resident_mb(), "torch": "torch" in sys.modules}), flush=True)
        os._exit(0)  # what closing takes is not what starting takes


if __name__ == "__main__":
    main()
