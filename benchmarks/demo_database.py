"""The demo databases that are measured, and an app running on one."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.request import urlopen

ROOT = Path(__file__).resolve().parent.parent
HOME = ROOT / "var" / "bench"
START_SECONDS = 120


def find_demo(size: str) -> str:
    """The address of the demo of that size, built once under var/bench; KONGCHUO_KEY_FILE is set for it.

    BENCH_URL (with KONGCHUO_KEY_FILE) names a database that is there already.
    """
    if given := os.environ.get("BENCH_URL"):
        return given
    folder = HOME / size
    url, done = f"sqlite:///{folder}/kongchuo.db", folder / "done"
    os.environ["KONGCHUO_KEY_FILE"] = str(folder / "kongchuo.key")
    if not done.exists():
        folder.mkdir(parents=True, exist_ok=True)
        for left in folder.iterdir():
            left.unlink()
        command = [sys.executable, "-m", "data_access", "demo", "--size", size]
        subprocess.run(command, check=True, cwd=ROOT, env=os.environ | {"DATABASE_URL": url})
        done.touch()
    return url


@contextmanager
def serve(script: str, port: int, url: str) -> Iterator[str]:
    """`streamlit run script` on a database; gives its address and ends it."""
    command = [sys.executable, "-m", "streamlit", "run", script, "--server.port", str(port)]
    environment = os.environ | {"DATABASE_URL": url, "PYTHONPATH": str(ROOT)}
    app = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        wait_healthy(app, port)
        yield f"http://localhost:{port}"
    finally:
        app.send_signal(signal.SIGTERM)
        try:
            app.wait(10)
        except subprocess.TimeoutExpired:
            app.kill()


def wait_healthy(app: subprocess.Popen[bytes], port: int) -> None:
    """Return when the app answers. Raises RuntimeError when it ends or takes too long."""
    deadline = time.monotonic() + START_SECONDS
    while app.poll() is None and time.monotonic() < deadline:
        try:
            with urlopen(f"http://127.0.0.1:{port}/_stcore/health", timeout=2):
                return
        except OSError:
            time.sleep(0.1)
    raise RuntimeError("the app did not start")
