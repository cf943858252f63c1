"""What came of the examples: which were run, which wordings were answered rightly, what is not run and why."""

import re
from concurrent.futures import ThreadPoolExecutor

import pexpect

from advertised import helps, names
from checks import check


def each(run, example, *rest):
    """Tries an example. One that cannot be tried is a failure, and the others go on."""
    try:
        run(example, *rest)
    except Exception as error:  # Whatever went wrong: it is told.
        check(False, f"{example.place}: {type(error).__name__}: {str(error)[-400:]}")


class Results:
    def __init__(self, stage, not_run, options):
        """`stage` makes a folder to run in; `not_run` has patterns of commands that are not run, with the reasons."""
        self.stage = stage
        self.options = options
        self.not_run = not_run
        self.left_out = []
        self.rows = []
        self.ran = 0
        self.commands = []
        self.done = set()

    @property
    def is_whole(self):
        """Whether all examples are asked for."""
        return not self.options.only

    def is_new(self, text):
        """Whether the text was not run before: what two pages show is run once."""
        self.ran += 1
        is_new = text not in self.done
        self.done.add(text)
        return is_new

    def leaves_out(self, example, command):
        """Whether the command is one of those that are not run. It is told at the end with the reason."""
        for pattern, reason in self.not_run:
            if re.search(pattern, command, re.S):
                self.leave_out(example, command, reason)
                names.check_script(example.place, command)
                return True
        return False

    def leave_out(self, example, text, reason):
        self.left_out.append((example.place, text.strip().splitlines()[0][:70], reason))

    def words(self, example, how, wordings, fault_of, side_by_side=True):
        """Tries each wording, by `fault_of`, and counts those that are answered rightly."""

        def fault(wording):
            try:
                return fault_of(wording)
            except pexpect.TIMEOUT:
                return "no end within a minute"
            except pexpect.EOF:
                return "ended by itself"

        with ThreadPoolExecutor(4 if side_by_side else 1) as pool:
            faults = [
                f"{wording.message!r}: {found}"
                for wording, found in zip(wordings, pool.map(fault, wordings))
                if found
            ]
        self.rows.append((example.place, how, len(wordings) - len(faults), len(wordings), faults))
        if not self.options.report:
            check(
                not faults, f"{example.place} {how}: {len(faults)} of {len(wordings)} wordings are answered wrongly"
            )
            for found in faults:
                print(f"  {found[:300]}")

    def command_names(self):
        """The words of each command that has a help."""
        if not self.commands:
            with self.stage() as stage:
                self.commands = [words for words, _ in helps.subcommands(stage) if words]
        return self.commands

    def tell(self):
        print(f"\n{self.ran} examples were run as printed; {len(self.rows)} in other words:\n")
        for place, how, right, total, faults in self.rows:
            print(f"  {right:2} of {total}  {place:24} {how}")
            if self.options.report:
                for fault in faults:
                    print(f"            {fault[:170]}")
        print(f"\n{len(self.left_out)} were not run:\n")
        for place, text, reason in self.left_out:
            print(f"  {place:32} {text}\n{'':34} {reason}")
