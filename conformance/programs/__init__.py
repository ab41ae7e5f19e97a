"""Programs that the run starts: how they are found, supervised and identified."""

from __future__ import annotations

from conformance.programs.linked import find_program_linking, linked_library
from conformance.programs.program import SupervisedProgram, supervise
from conformance.programs.search import find_program, program_candidates
from conformance.programs.talking import TalkingProgram, talking

__all__ = [
    "SupervisedProgram",
    "TalkingProgram",
    "find_program",
    "find_program_linking",
    "linked_library",
    "program_candidates",
    "supervise",
    "talking",
]
