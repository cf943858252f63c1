"""Checks that are counted, for the scripts beside this file."""

import faulthandler
import sys
import threading
import time
import traceback
from pathlib import Path

# Failures that are told one by one; more are only counted.
SHOWN = 20

# Seconds that a test may take before it counts as stuck. The longest, a prompt read by the reference kernels, takes two
# minutes.
PATIENCE = 600

passed = failed = 0
_lock = threading.Lock()


def check(holds, what):
    """Counts a check. One that does not hold is told at once: `what` says what should have been, or what was found."""
    global passed, failed
    with _lock:
        if holds:
            passed += 1
            return
        failed += 1
        if failed <= SHOWN:
            print(f"FAIL {what}", flush=True)


def attempt(test, *arguments):
    """Runs a test and tells its time. One that breaks off has failed, and does not keep the others from running; one that
    is stuck ends the program, which tells where every thread stands."""
    start = time.monotonic()
    faulthandler.dump_traceback_later(PATIENCE, exit=True)
    name = getattr(test, "__name__", str(test))
    try:
        test(*arguments)
    except Exception:  # noqa: BLE001 whatever it was
        check(False, f"{name} broke off:\n{traceback.format_exc()}")
    faulthandler.cancel_dump_traceback_later()
    print(f"{name}: {time.monotonic() - start:.1f} s", flush=True)


def finish():
    """Tells how many checks passed and failed, and ends the program: with 1 if one failed, or if there was none."""
    print(f"{Path(sys.argv[0]).stem}: {passed} passed, {failed} failed", flush=True)
    sys.exit(0 if passed and not failed else 1)
