"""Whether the tests that a proof claim points to exist. Read from the source: nothing is imported or run.

That they pass is for the test run to say; a test that is missing would let a claim stand on nothing.
"""

from __future__ import annotations

import ast
from pathlib import Path

from cnnbook.evidence.claims import Claim
from cnnbook.evidence.errors import ClaimError
from cnnbook.evidence.paths import claims_path, clone, root, shown


def has_test(node_id: str, folder: Path | None = None) -> bool:
    """Whether a pytest node id names a test function that is there; parameters in brackets are not looked at.

    Args:
        node_id: ``tests/part/test_topic.py::test_name`` or ``…::TestClass::test_name``.
        folder: what the path is relative to; by default the clone's root.

    Examples:
        >>> has_test("tests/nowhere/test_nothing.py::test_nothing")
        False
    """
    file, *names = node_id.partition("[")[0].split("::")
    path = (folder or root()) / file
    if not path.is_file():
        return False
    body: list[ast.stmt] = ast.parse(path.read_bytes()).body
    for name in names:
        kinds = ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef
        found = next((node for node in body if isinstance(node, kinds) and node.name == name), None)
        if found is None:
            return False
        body = found.body
    return bool(names) and not isinstance(found, ast.ClassDef)


def require_tests(claim: Claim, folder: Path | None = None) -> None:
    """Stops where a proof claim points to a test that is not there.

    An installed package comes without the tests; then nothing can be looked up and nothing is demanded, whatever tests
    of their own the reader has.

    Raises:
        ClaimError: names the file, the claim and the test.
    """
    if (folder is None and clone() is None) or not ((folder or root()) / "tests").is_dir():
        return
    for index, node_id in enumerate(claim.tests):
        if not has_test(node_id, folder):
            file = shown(claims_path(claim.topic))
            raise ClaimError(f"{file}: claim {claim.id!r}: tests[{index}] must exist, got {node_id!r}")
