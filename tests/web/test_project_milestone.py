"""A milestone that is a project: its page lays out the file that names it, and an examination says what is missing."""

from __future__ import annotations

import time

import pytest
from webclient import Open

from gradus.roadmap import Roadmap, load_roadmap


@pytest.fixture(scope="module")
def road() -> Roadmap:
    """The real road, which has such a milestone."""
    return load_roadmap()


def test_it_is_begun_edited_and_examined(planned: Open) -> None:
    assert "Begin" in planned.get("/milestone/5").text
    assert planned.submit("/api/milestone/5/file").status_code == 303
    page = planned.get("/milestone/5").text
    assert "5-mlops/milestone.toml" in page
    assert "my-service" in page
    assert "project&#39;s folder" in page or "project's folder" in page
    version = planned.twin("/api/milestone/5/file")["version"]
    saved = planned.send("/api/milestone/5/file", {"source": 'project = "nowhere"\n', "version": version}, "PUT")
    assert saved.status_code == 200, saved.text
    job = planned.send("/api/milestone/5", {}).json()
    for _ in range(100):
        job = planned.twin(f"/api/milestone/5/{job['job']}")
        if job["state"] != "running":
            break
        time.sleep(0.05)
    assert job["state"] == "failed"
    assert "folder is not there" in job["error"]["what"]
