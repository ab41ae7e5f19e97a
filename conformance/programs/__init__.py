"""Programs that the run starts: how they are found, supervised and identified."""

from __future__ import annotations

from conformance.programs.linked import find_program_linking, linked_library
from conformance.programs.program import SupervisedProgram, supervise
from conformance.programs.search import find_program, program_candidates

__all__ = [
    "SupervisedProgram",
    "find_program",
    "find_program_linking",
    "linked_library",
    "program_candidates",
    "supervise",
]
