"""What can be asked of the classroom, and what cannot."""

from __future__ import annotations

import pytest

from nbtests.browser.serving import Server
from trainingwheels.labs import LABS

LAB = "voila/render/03-weight-initialization.ipynb"

HOSTILE = [
    "voila/render/../../pyproject.toml",
    "voila/render/..%2f..%2fpyproject.toml",
    "voila/render/%2fetc%2fpasswd",
    "voila/render/nothing.ipynb",
    "voila/render/README.md",
    "voila/render/",
    "voila/files/README.md",
    "voila/files/03-weight-initialization.ipynb",
    "voila/files/docs/picture.png",
    "voila/tree/",
    "voila/api/contents/",
    "voila/templates/lab/static/index.css",
    "voila/static/voila.js",
    "api/kernels",
    "api/contents",
    "api/kernels/00000000-0000-4000-8000-00000000000g",
    "assets/0/own/page.css",
    "labs/nothing",
    "labs/nothing/picture",
    "labs/..%2f..",
    "login",
]


@pytest.mark.parametrize("path", HOSTILE)
def test_everything_else_is_a_clean_404(classroom: Server, path: str) -> None:
    answer = classroom.ask(path)
    assert answer.status == 404
    assert "Traceback" not in answer.text
    if not path.startswith("assets"):
        assert "There is no such page in this classroom." in answer.text


@pytest.mark.parametrize(
    "path", ["own/../server.py", "own/%2e%2e/server.py", "voila/../../page.html", "own/none.css", "own/"]
)
def test_assets_stay_in_their_folders(classroom: Server, path: str) -> None:
    style = next(part for part in classroom.ask("").text.split('"') if part.endswith("own/page.css"))
    folder = style.removeprefix("/").removesuffix("own/page.css")
    assert classroom.ask(f"{folder}own/page.css").status == 200
    assert classroom.ask(folder + path).status == 404


def test_a_query_chooses_neither_template_nor_theme(classroom: Server) -> None:
    plain, other = (classroom.ask(LAB + query).text for query in ("", "?template=lab&theme=dark"))
    assert "own/lab.css" in other
    assert plain.count("<script") == other.count("<script")
    assert "dark" not in other


def test_an_endless_query_is_refused(classroom: Server) -> None:
    assert classroom.ask(f"{LAB}?x={'0' * 5000}").status == 414


@pytest.mark.parametrize("slug", LABS)
def test_short_links_keep_the_query(classroom: Server, slug: str) -> None:
    answer = classroom.ask(f"labs/{slug}?std=0.05")
    assert answer.status == 200
    assert LABS[slug].notebook in answer.text


def test_kernels_can_be_read_by_id_only(classroom: Server) -> None:
    kernel, before = "api/kernels/12345678-1234-4234-8234-123456789abc", len(classroom.log)
    assert classroom.ask(kernel, method="DELETE").status in (403, 405)
    assert classroom.ask(f"{kernel}/channels").status in (400, 404)
    assert "Traceback" not in classroom.log[before:]


def test_a_foreign_page_ends_no_kernel(classroom: Server) -> None:
    goodbye = "voila/api/shutdown/12345678-1234-4234-8234-123456789abc"
    assert classroom.ask(goodbye, method="POST").status == 204
    assert classroom.ask(goodbye, method="POST", Origin="https://example.org").status in (403, 404)


def test_a_foreign_name_is_not_answered(classroom: Server) -> None:
    assert classroom.ask("", Host="example.org").status == 403
    assert classroom.ask("", Host="localhost").status == 200


@pytest.mark.parametrize("path", ["", LAB, "nothing"])
def test_pages_carry_security_headers_and_are_not_stored(classroom: Server, path: str) -> None:
    headers = classroom.ask(path).headers
    assert "default-src 'self'" in headers["Content-Security-Policy"]
    assert "unsafe-eval" not in headers["Content-Security-Policy"]
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "same-origin"
    assert headers["Cache-Control"] == "no-store"
    assert "Set-Cookie" not in headers


def test_files_are_compressed_and_kept_for_ever(classroom: Server) -> None:
    page = classroom.ask(LAB).text
    script = next(part for part in page.split('"') if part.endswith("front-end.js")).removeprefix("/")
    plain, packed = classroom.ask(script), classroom.ask(script, Accept_Encoding="gzip")
    assert "immutable" in plain.headers["Cache-Control"]
    assert packed.headers["Content-Encoding"] == "gzip"
    assert len(packed.body) < len(plain.body) / 3


def test_a_proxy_may_serve_it_under_a_path(tmp_path_factory: pytest.TempPathFactory) -> None:
    log = tmp_path_factory.mktemp("proxy") / "log"
    with Server("--base-url", "user/someone/labs", "--behind-proxy", log=log) as server:
        assert server.url.endswith("/user/someone/labs/")
        page = server.ask("", Host="hub.example.org").text
        assert 'href="/user/someone/labs/voila/render/' in page
        style = next(part for part in page.split('"') if part.endswith("own/page.css"))
        assert server.ask(style.removeprefix("/user/someone/labs/")).status == 200
        assert server.ask("../").status == 404
