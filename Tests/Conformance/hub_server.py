"""A stand-in of Hugging Face's Hub for tests: two hosts, repositories of files, and faults on request.

The Hub itself answers at 127.0.0.1, the store that it redirects large files to at 127.0.0.2. `HF_ENDPOINT` names the
first. Every request is kept in `requests`, and the bytes of files that were sent are counted in `sent`."""

import copy
import hashlib
import json
import os
import random
import threading
import time
import urllib.parse
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

COMMIT = "c0ffee" + "0" * 34


class File:
    """A file of a repository: large ones are in large-file storage, as on the Hub beyond 10 MB."""

    def __init__(self, path, is_large=True):
        self.path = Path(path)
        self.is_large = is_large
        self.refresh()

    def refresh(self):
        """Reads the file anew, after it was replaced."""
        self.size = self.path.stat().st_size
        digest, git = hashlib.sha256(), hashlib.sha1(f"blob {self.size}\0".encode())
        with self.path.open("rb") as file:
            while piece := file.read(1 << 20):
                digest.update(piece)
                git.update(piece)
        self.sha256, self.git = digest.hexdigest(), git.hexdigest()

    @property
    def etag(self):
        return self.sha256 if self.is_large else self.git


class Faults:
    """What the servers do wrong. All of it is off at first."""

    def __init__(self):
        self.statuses = []  # answered in this order before anything else, by the store
        self.hub_statuses = []  # the same, by the Hub
        self.retry_after = None
        self.cut = 0.0  # the probability that a connection breaks within a body
        self.stalls = 0  # how many bodies stop coming, without an end
        self.short = 0  # how many bodies are shorter than their header says, which is right about the range
        self.long = 0  # how many bodies and headers go on after the range
        self.wrong_range = 0  # how many answers give another range than asked for
        self.corrupt = False  # whether the last byte of each body is wrong
        self.ranges = True  # whether ranges are obeyed
        self.signatures = None  # for how many requests a signed address is good
        self.change_after = None  # after how many requests the file is replaced by `replacement`
        self.replacement = None
        self.rate = None  # bytes per second of each connection
        self.gated = self.private = False


class Hub:
    """The two servers, from `with` on."""

    def __init__(self):
        self.repositories = {}
        self.faults = Faults()
        self.token = None
        self.lock = threading.Lock()
        self.reset()
        self.signed = {}
        self.hub = ThreadingHTTPServer(("127.0.0.1", 0), self.handler(HubHandler))
        self.store = ThreadingHTTPServer(("127.0.0.2", 0), self.handler(StoreHandler))
        for server in (self.hub, self.store):
            server.daemon_threads = True

    def handler(self, kind):
        return type(kind.__name__, (kind,), {"owner": self})

    def reset(self):
        """Forgets requests and faults."""
        self.faults = Faults()
        self.requests = []
        self.sent = 0

    def settled(self, patience=20):
        """The bytes that were sent, once no connection sends any more."""
        deadline = time.monotonic() + patience
        sent = -1
        while sent != self.sent and time.monotonic() < deadline:
            sent = self.sent
            time.sleep(0.5)
        return sent

    def copy(self):
        """Another one, which has the same files and no faults."""
        other = Hub()
        other.token = self.token
        # Copies: a test may replace a file.
        other.repositories = {
            name: {path: copy.copy(file) for path, file in files.items()} for name, files in self.repositories.items()}
        return other

    @property
    def endpoint(self):
        return f"http://127.0.0.1:{self.hub.server_port}"

    def add(self, repository, path, file, is_large=True):
        self.repositories.setdefault(repository, {})[path] = File(file, is_large)

    def __enter__(self):
        for server in (self.hub, self.store):
            threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
        return self

    def __exit__(self, *_):
        for server in (self.hub, self.store):
            server.shutdown()
            server.server_close()


class Handler(BaseHTTPRequestHandler):
    owner = None
    protocol_version = "HTTP/1.1"

    def log_message(self, *_):
        pass

    def do_HEAD(self):
        self.do_GET()

    def do_GET(self):
        with self.owner.lock:
            self.owner.requests.append((self.host, self.command, self.path, dict(self.headers)))
        try:
            self.answer()
        except (BrokenPipeError, ConnectionResetError):
            self.close_connection = True

    def reply(self, status, headers=(), body=b""):
        self.send_response(status)
        for name, value in headers:
            self.send_header(name, str(value))
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    def refuse(self, status):
        retry = self.owner.faults.retry_after
        self.reply(status, [("Retry-After", retry)] if retry is not None else [], b"not now")

    def send_file(self, file, etag, headers=()):
        """The bytes of a file, or the range that is asked for, as the faults have it."""
        owner, faults = self.owner, self.owner.faults
        asked = self.headers.get("Range")
        start, end = 0, file.size
        if asked and faults.ranges:
            first, last = asked.removeprefix("bytes=").split("-")
            start, end = int(first), min(int(last) + 1 if last else file.size, file.size)
            if start >= file.size:
                return self.reply(416)
        with owner.lock:
            stalls, faults.stalls = faults.stalls > 0, max(0, faults.stalls - 1)
            short, faults.short = faults.short > 0, max(0, faults.short - 1)
            long, faults.long = faults.long > 0, max(0, faults.long - 1)
            wrong, faults.wrong_range = faults.wrong_range > 0, max(0, faults.wrong_range - 1)
            cuts = random.random() < faults.cut
        stated = (start, end)
        if wrong:
            stated = (start + 1, end)
        if long:
            end = min(end + 100_000, file.size)
        self.send_response(206 if asked and faults.ranges else 200)
        self.send_header("Content-Length", str(end - start))
        self.send_header("ETag", f'"{etag}"')
        for name, value in headers:
            self.send_header(name, value)
        if faults.ranges and not headers:
            self.send_header("Accept-Ranges", "bytes")
        if asked and faults.ranges:
            self.send_header("Content-Range", f"bytes {stated[0]}-{stated[1] - 1}/{file.size}")
        self.end_headers()
        if self.command == "HEAD":
            return
        stop = end
        if stalls or short or cuts:
            stop = start + random.randrange(max(1, (end - start) // 2))
            self.close_connection = True
        with file.path.open("rb") as source:
            source.seek(start)
            position = start
            while position < stop:
                begun = time.monotonic()
                count = min(1 << 16 if faults.rate else 1 << 20, stop - position)
                if faults.corrupt:
                    piece = bytearray(source.read(count))
                    piece[-1] ^= 1 if position + count == end else 0
                    self.wfile.write(piece)
                    sent = count
                else:
                    self.wfile.flush()
                    sent = os.sendfile(self.connection.fileno(), source.fileno(), position, count)
                    if sent == 0:
                        break
                position += sent
                with owner.lock:
                    owner.sent += sent
                if faults.rate:
                    time.sleep(max(0, sent / faults.rate - (time.monotonic() - begun)))
        if stalls:
            time.sleep(15)


class HubHandler(Handler):
    host = "hub"

    def answer(self):
        owner, faults = self.owner, self.owner.faults
        if faults.hub_statuses:
            return self.refuse(faults.hub_statuses.pop(0))
        url = urllib.parse.urlsplit(self.path)
        parts = [urllib.parse.unquote(part) for part in url.path.strip("/").split("/")]
        query = urllib.parse.parse_qs(url.query)
        is_api = parts[:2] == ["api", "models"]
        repository = "/".join(parts[2:4] if is_api else parts[:2])
        files = owner.repositories.get(repository)
        has_token = owner.token is not None and self.headers.get("Authorization") == f"Bearer {owner.token}"
        if files is None or (faults.private and not has_token):
            return self.reply(401, [("X-Error-Code", "RepoNotFound"), ("X-Error-Message", "Repository not found")])
        if is_api:
            return self.api(repository, files, parts[4:], query)
        if faults.gated and not has_token:
            return self.reply(403, [("X-Error-Code", "GatedRepo"), ("X-Error-Message", "gated")])
        if len(parts) < 5 or parts[2] != "resolve":
            return self.reply(404)
        if parts[3] not in ("main", COMMIT):
            return self.reply(404, [("X-Error-Code", "RevisionNotFound")])
        path = "/".join(parts[4:])
        file = files.get(path)
        if file is None:
            return self.reply(404, [("X-Error-Code", "EntryNotFound"), ("X-Error-Message", "Entry not found")])
        headers = [("X-Repo-Commit", COMMIT), ("Accept-Ranges", "bytes")]
        if not file.is_large:
            return self.send_file(file, file.git, headers)
        with owner.lock:
            key = f"{random.getrandbits(64):x}"
            owner.signed[key] = [repository, path, faults.signatures]
        location = f"http://127.0.0.2:{owner.store.server_port}/{key}?signature={key}"
        headers += [("X-Linked-Etag", f'"{file.sha256}"'), ("X-Linked-Size", file.size), ("Location", location)]
        headers += [("ETag", f'"{file.sha256}"')]
        self.reply(302, headers, b"Found. Redirecting")

    def api(self, repository, files, rest, query):
        if rest[:1] in ([], ["revision"]):
            information = {
                "id": repository, "modelId": repository, "sha": COMMIT, "private": self.owner.faults.private,
                "gated": "manual" if self.owner.faults.gated else False, "downloads": 0, "likes": 0, "tags": [],
                "siblings": [{"rfilename": path} for path in files],
            }
            return self.json(information)
        if rest[:1] != ["tree"]:
            return self.reply(404)
        entries = [{"type": "directory", "oid": "0" * 40, "size": 0, "path": "folder"}]
        for path, file in files.items():
            entry = {"type": "file", "oid": file.git, "size": file.size, "path": path}
            if file.is_large:
                entry["lfs"] = {"oid": file.sha256, "size": file.size, "pointerSize": 135}
            entries.append(entry)
        # Pages of two, as the Hub has pages of a thousand.
        start = int(query.get("cursor", ["0"])[0])
        headers = []
        if start + 2 < len(entries):
            address = f"{self.owner.endpoint}{self.path.split('?')[0]}?recursive=1&cursor={start + 2}"
            headers = [("Link", f'<{address}>; rel="next"')]
        self.json(entries[start:start + 2], headers)

    def json(self, value, headers=()):
        self.reply(200, [("Content-Type", "application/json"), *headers], json.dumps(value).encode())


class StoreHandler(Handler):
    host = "store"

    def answer(self):
        owner, faults = self.owner, self.owner.faults
        if faults.statuses:
            return self.refuse(faults.statuses.pop(0))
        key = urllib.parse.urlsplit(self.path).path.strip("/")
        with owner.lock:
            signed = owner.signed.get(key)
            if signed and signed[2] is not None:
                signed[2] -= 1
            if faults.change_after is not None:
                faults.change_after -= 1
                if faults.change_after == 0:
                    file = owner.repositories[signed[0]][signed[1]]
                    file.path = Path(faults.replacement)
                    file.refresh()
        if signed is None or (signed[2] is not None and signed[2] < 0):
            return self.reply(403, [("Content-Type", "application/xml")], b"<Error><Code>AccessDenied</Code></Error>")
        file = owner.repositories[signed[0]][signed[1]]
        self.send_file(file, file.sha256)
