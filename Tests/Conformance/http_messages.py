#!/usr/bin/env python3
"""The server as raw sockets see it: which messages it takes, whose requests it answers, and that nobody holds others.

    swift build -c release --scratch-path .build-server --traits Server --product gptoss
    python Tests/Conformance/http_messages.py

No HTTP library sends these messages; they are written byte by byte.
"""

import json
import re
import socket
import threading
import time

from checks import attempt, check, finish
from served import ROOT, Served

MODEL_NAME = "openai/gpt-oss-20b"
HELLO = {"model": MODEL_NAME, "messages": [{"role": "user", "content": "Hello"}], "max_tokens": 4, "temperature": 0}


class Connection:
    """A connection that sends bytes and reads answers."""

    def __init__(self, server, timeout=60):
        self.socket = socket.create_connection(("127.0.0.1", server.port), timeout)
        self.file = self.socket.makefile("rb")

    def send(self, data):
        try:
            self.socket.sendall(data)
        except (BrokenPipeError, ConnectionResetError):
            pass  # the server has refused what it has seen

    def answer(self):
        """The next answer as (status, fields, body, version); None at the end of the connection."""
        line = self.file.readline().decode()
        if not line:
            return None
        version, status = line.split(" ")[:2]
        fields = {}
        while (field := self.file.readline().decode().rstrip("\r\n")):
            name, _, value = field.partition(":")
            fields[name.lower()] = value.strip()
        if status == "100":
            body = b""
        elif "content-length" in fields:
            body = self.file.read(int(fields["content-length"]))
        elif fields.get("transfer-encoding") == "chunked":
            body = b""
            while (size := int(self.file.readline(), 16)):
                body += self.file.read(size)
                self.file.readline()
            self.file.readline()
        else:
            body = self.file.read()
        return int(status), fields, body, version

    def answers(self):
        """All answers until the server closes the connection."""
        try:
            return list(iter(self.answer, None))
        finally:
            self.close()

    def close(self):
        self.file.close()
        self.socket.close()


def ask(server, data):
    connection = Connection(server, timeout=10)
    connection.send(data)
    try:
        return connection.answers()
    except TimeoutError:
        return None


def head(line, *fields):
    return "\r\n".join([line, *fields, "", ""]).encode()


def post(body, *fields, path="/v1/chat/completions", host="Host: localhost", version="1.1"):
    hosts = [host] if host else []
    return head(f"POST {path} HTTP/{version}", *hosts, "Content-Type: application/json", *fields) + body


def chunked(body, *fields):
    return post(body, "Transfer-Encoding: chunked", *fields)


CHUNK = b"%x\r\n%s\r\n"
BODY = json.dumps(HELLO).encode()
LENGTH = f"Content-Length: {len(BODY)}"
LAST = "Connection: close"


def test_messages(server):
    """What is not HTTP is refused with its reason, and the connection is closed behind it."""
    valid = CHUNK % (len(BODY), BODY)
    cases = [
        ("a body in chunks", chunked(valid + b"0\r\n\r\n", LAST), 200),
        ("a body with trailers", chunked(valid + b"0\r\nX-Sum: 1\r\n\r\n", LAST), 200),
        ("a chunk size that is no number", chunked(b"xyz\r\n" + BODY + b"\r\n0\r\n\r\n"), 400),
        ("a chunk size that is empty", chunked(b"\r\n" + BODY + b"\r\n0\r\n\r\n"), 400),
        ("a chunk size below nothing", chunked(b"-5\r\n" + BODY + b"\r\n0\r\n\r\n"), 400),
        ("a chunk size without end", chunked(b"f" * 40 + b"\r\n" + BODY), 400),
        ("a chunk longer than its size", chunked(b"3\r\n" + BODY + b"\r\n0\r\n\r\n"), 400),
        ("a second chunk size that is no number", chunked(valid + b"?\r\n"), 400),
        ("a thousand trailers", chunked(valid + b"0\r\n" + b"X-A: 1\r\n" * 1000 + b"\r\n"), 400),
        ("trailers of 100 KB", chunked(valid + b"0\r\nX-A: " + b"x" * 100_000 + b"\r\n\r\n"), 400),
        ("both lengths", chunked(valid + b"0\r\n\r\n", LENGTH), 400),
        ("both lengths, the other way round", post(valid + b"0\r\n\r\n", LENGTH, "Transfer-Encoding: chunked"), 400),
        ("two lengths", post(BODY, LENGTH, "Content-Length: 3"), 400),
        ("a length below nothing", post(BODY, "Content-Length: -1"), 400),
        ("a length that is no number", post(BODY, "Content-Length: 1e3"), 400),
        ("a length beyond all numbers", post(BODY, "Content-Length: " + "9" * 40), 400),
        ("compressed chunks", post(valid, "Transfer-Encoding: gzip, chunked"), 501),
        ("a coding nobody knows", post(BODY, "Transfer-Encoding: wax"), 501),
        ("chunks in chunks", post(valid, "Transfer-Encoding: chunked, chunked"), 400),
        ("chunks before HTTP had them", post(valid, "Transfer-Encoding: chunked", version="1.0"), 400),
        ("chunks of a GET that cannot be read", head("GET /health HTTP/1.1", "Host: localhost", "Transfer-Encoding: chunked") + b"x\r\n", 400),
        ("an expectation nobody can meet", post(BODY, LENGTH, "Expect: 200-ok"), 417),
        ("an expectation beside a good one", post(BODY, LENGTH, "Expect: 100-continue, x=y"), 417),
        ("no host", head("GET /health HTTP/1.1"), 400),
        ("two hosts", head("GET /health HTTP/1.1", "Host: localhost", "Host: localhost"), 400),
        ("an empty host", head("GET /health HTTP/1.1", "Host:"), 400),
        ("a host with a name and password", head("GET /health HTTP/1.1", "Host: a:b@localhost"), 400),
        ("a host with a path", head("GET /health HTTP/1.1", "Host: localhost/x"), 400),
        ("a port beyond all ports", head("GET /health HTTP/1.1", "Host: localhost:99999"), 400),
        ("somebody else's host", head("GET /v1/models HTTP/1.1", "Host: evil.example:1234"), 403),
        ("somebody else's host, for every path", head("GET /health HTTP/1.1", "Host: evil.example"), 403),
        ("somebody else's host, for an upgrade", head("GET /v1/ws HTTP/1.1", "Host: evil.example", "Connection: Upgrade", "Upgrade: websocket"), 403),
        ("somebody else's URL", head("GET http://evil.example/v1/models HTTP/1.1", "Host: localhost"), 403),
        ("an address of elsewhere", head("GET /v1/models HTTP/1.1", "Host: 192.168.1.2"), 403),
        ("a name that only looks like an address", head("GET /v1/models HTTP/1.1", "Host: 127.0.0.1.evil.example"), 403),
        ("what is no HTTP at all", b"nonsense\r\n\r\n", 400),
        ("another HTTP", head("GET /health HTTP/2.0", "Host: localhost"), 400),
        ("a field without a name", head("GET /health HTTP/1.1", "Host: localhost", ": x"), 400),
    ]
    for what, data, status in cases:
        answers = ask(server, data)
        if answers is None:
            check(False, f"{what}: the connection stays open")
            continue
        check([answer[0] for answer in answers] == [status], f"{what}: {[answer[:3] for answer in answers]}, not {status}")
        if status >= 400:
            check(all("error" in json.loads(answer[2] or b"{}") for answer in answers), f"{what}: {answers} has no error")
            check(all(answer[1].get("connection") == "close" for answer in answers), f"{what}: it is not told that this is the end")
    for host in ("localhost", "LOCALHOST:80", "127.0.0.1", "127.8.9.1:1", "[::1]:1234", "a.localhost", "localhost.", "proxy.example"):
        answers = ask(server, head("GET /v1/models HTTP/1.1", f"Host: {host}", LAST))
        check([answer[0] for answer in answers or []] == [200], f"Host {host}: {answers}")


def test_order(server):
    """Answers keep the order of requests, also before a refusal."""
    good = head("GET /health HTTP/1.1", "Host: localhost")
    for what, bad, status in [
        ("a foreign host", head("GET /health HTTP/1.1", "Host: evil.example"), 403), ("nonsense", b"nonsense\r\n\r\n", 400),
        ("a bad chunk", chunked(b"zz\r\n"), 400),
    ]:
        answers = ask(server, good + good + bad + good)
        check([answer[0] for answer in answers or []] == [200, 200, status], f"{what} behind two requests: {answers}")
    answers = ask(server, post(BODY, LENGTH) + b"nonsense\r\n\r\n")
    check([answer[0] for answer in answers or []] == [200, 400], f"nonsense behind an answer that takes a while: {answers}")
    answers = ask(server, head("GET /health HTTP/1.1", "Host: localhost", "Connection: Upgrade, HTTP2-Settings", "Upgrade: h2c"))
    check([answer[0] for answer in answers or []] == [200], f"an upgrade that is not granted: {answers}")


def test_expectations(server):
    connection = Connection(server)
    connection.send(post(b"", LENGTH, "Expect: 100-continue"))
    first = connection.answer()
    check(first and first[0] == 100, f"the body is asked for: {first}")
    connection.send(BODY)
    second = connection.answer()
    check(second and second[0] == 200, f"then the request is answered: {second}")
    connection.send(head("GET /health HTTP/1.1", "Host: localhost", LAST))
    check([answer[0] for answer in connection.answers()] == [200], "the connection is kept")
    for what, data, status in [
        ("a body that is too large", post(b"", f"Content-Length: {17 << 20}", "Expect: 100-continue"), 413),
        ("an unknown path", post(b"", LENGTH, "Expect: 100-continue", path="/nowhere"), 404),
    ]:
        answers = ask(server, data)
        check([answer[0] for answer in answers or []] == [status], f"{what} is refused before it is sent: {answers}")
    answers = ask(server, post(BODY, LENGTH, "Expect: 100-continue", version="1.0"))
    check([answer[0] for answer in answers or []] == [200], f"HTTP/1.0 knows no expectations: {answers}")


def test_version_1_0(server):
    for host in ("Host: localhost", None):
        streamed = json.dumps({**HELLO, "stream": True}).encode()
        data = post(streamed, f"Content-Length: {len(streamed)}", "Connection: keep-alive", host=host, version="1.0")
        answers = ask(server, data)
        if not answers:
            check(False, f"a stream: {answers}")
            continue
        _, fields, body, version = answers[0]
        check("transfer-encoding" not in fields and version == "HTTP/1.0", f"no chunks: {version} {fields}")
        check(body.startswith(b"data: {") and body.endswith(b"data: [DONE]\n\n"), f"the events as they are: {body[-60:]}")
    answers = ask(server, head("GET /health HTTP/1.0"))
    check([answer[0] for answer in answers or []] == [200], f"a closed connection: {answers}")
    check([answer[0] for answer in ask(server, head("GET /health HTTP/1.0", "Host: a", "Host: b")) or []] == [400], "two hosts")
    check([answer[0] for answer in ask(server, head("GET /health HTTP/1.0", "Host: evil.example")) or []] == [403], "a foreign host")


def test_pages(server):
    def preflight(origin, *fields):
        fields = ("Host: 127.0.0.1:%d" % server.port, f"Origin: {origin}", LAST, *fields)
        return ask(server, head("OPTIONS /v1/models HTTP/1.1", *fields))[0]

    asks = ("Access-Control-Request-Method: POST", "Access-Control-Request-Private-Network: true")
    own = f"http://127.0.0.1:{server.port}"
    for origin in (own, f"http://localhost:{server.port}", "https://page.example"):
        status, fields, _, _ = preflight(origin, *asks)
        granted = (fields.get("access-control-allow-origin"), fields.get("access-control-allow-private-network"))
        check((status, granted) == (204, (origin, "true")), f"a page of {origin}: {status} {granted}")
    for origin in ("https://evil.example", "null", f"http://127.0.0.1:{server.port + 1}", f"http://localhost.evil.example:{server.port}"):
        status, fields, _, _ = preflight(origin, *asks)
        told = [name for name in fields if name.startswith("access-control")]
        check((status, told) == (403, []), f"a page of {origin}: {status} {told}")
    check(preflight(own)[0] == 404, "an OPTIONS that is no preflight")
    answers = ask(server, head("GET /v1/models HTTP/1.1", f"Host: 127.0.0.1:{server.port}", f"Origin: {own}", LAST))
    check([answer[0] for answer in answers] == [200], "the server's own pages may use it")


def routes():
    """Every path of the server, with something for each of its parameters, as HTTP/Routes.swift has them."""
    source = (ROOT / "Sources/Server/HTTP/Routes.swift").read_text()
    endpoints = dict(re.findall(r'^ +case (\w+) = "(/[^"]*)"', source, re.M))
    below = re.findall(r'Endpoint\.(\w+)\.path\.appendingPath\("([^"]+)"\)', source)
    changes = re.findall(r'change\("(\w+)"', source)
    paths = list(endpoints.values()) + [f"{endpoints[name]}/{path.replace('**', 'a/b')}" for name, path in below]
    paths += [f"{endpoints['lmStudio']}/{name}" for name in changes]
    check(len(endpoints) > 9 and len(below) > 4 and len(changes) > 2, f"the routes are read from the source: {paths}")
    return paths + ["/", "/nowhere"]


def test_every_route(server):
    """A forged Host and a page of another origin get nothing, whatever they ask for and however."""
    own = f"Host: 127.0.0.1:{server.port}"
    length = f"Content-Length: {len(BODY)}"
    for path in routes():
        for method in ("GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS"):
            for what, fields in (
                ("a forged Host", ("Host: evil.example",)),
                ("a forged Host that is its page's", ("Host: evil.example", "Origin: http://evil.example")),
                ("a page of another origin", (own, "Origin: https://evil.example")),
                ("a page of no origin", (own, "Origin: null")),
                ("a page of another port", (own, f"Origin: http://127.0.0.1:{server.port + 1}")),
            ):
                body = BODY if method in ("POST", "PUT") else b""
                told = ask(server, head(f"{method} {path} HTTP/1.1", *fields, *([length] if body else []), LAST) + body)
                statuses = [answer[0] for answer in told or []]
                check(statuses == [403], f"{what}: {method} {path}: {statuses}")
                told = [name for answer in told or [] for name in answer[1] if name.startswith("access-control")]
                check(not told, f"{what}: {method} {path} is told {told}")
    # What changes something is not for pages that may use the rest.
    for path in [path for path in routes() if path.startswith("/api/v1/models/")]:
        for spelling in (path, path + "/", path.replace("/v1/", "//v1/")):
            fields = (own, "Origin: https://page.example", length, LAST)
            told = ask(server, head(f"POST {spelling} HTTP/1.1", *fields) + BODY)
            check([answer[0] for answer in told or []] == [403], f"a page that may use the server: {spelling}: {told}")
            fields = (own, "Origin: https://page.example", "Access-Control-Request-Method: POST", LAST)
            told = ask(server, head(f"OPTIONS {spelling} HTTP/1.1", *fields))
            granted = [name for answer in told or [] for name in answer[1] if name.startswith("access-control")]
            check([answer[0] for answer in told or []] == [403] and not granted, f"its preflight: {spelling}: {told}")


def test_open_address():
    with Served("--host", "0.0.0.0", "--allowed-host", "proxy.example") as server:
        for host, status in [
            ("127.0.0.1", 200), ("10.1.2.3:80", 200), ("[2001:db8::1]", 200), ("localhost", 200), ("Proxy.Example:443", 200),
            ("evil.example", 403), ("x.proxy.example", 403), ("010.1.2.3", 403), ("1.2.3", 403), ("[::1", 400), ("[evil]", 400),
        ]:
            answers = ask(server, head("GET /v1/models HTTP/1.1", f"Host: {host}", LAST))
            check([answer[0] for answer in answers or []] == [status], f"{host} of an open server: {answers}")


def timed(body):
    start = time.monotonic()
    return body(), time.monotonic() - start


def test_long_prompt(server):
    """Whoever asks something short does not wait for a long prompt."""
    words, alone = 400, 0
    while alone < 1:  # long enough on this machine that what is asked meanwhile has its time
        words *= 2
        answers, alone = timed(lambda: ask_patiently(server, long_prompt(words, f"alone{words}x")))
        check([answer[0] for answer in answers] == [200], f"a prompt of {words} words: {answers}")
        if answers[0][0] != 200:
            return
    finished = {}

    def read_long():
        finished["answer"] = ask_patiently(server, long_prompt(words, "beside"))
        finished["at"] = time.monotonic()

    reader = threading.Thread(target=read_long)
    start = time.monotonic()
    reader.start()
    wait_until(lambda: health(server)["running"] == 1)
    answers, waited = timed(lambda: ask_patiently(server, post(BODY, LENGTH, LAST)))
    at = time.monotonic()
    check([answer[0] for answer in answers] == [200], f"Hello: {answers}")
    reader.join(300)
    check([answer[0] for answer in finished["answer"]] == [200], f"the long prompt: {finished}")
    check(at < finished["at"], "Hello is answered while the long prompt is read")
    print(f"Hello: {waited:.1f} s, beside a long prompt of {finished['at'] - start:.1f} s")


def long_prompt(words, name):
    """A request for one token after so many words, which no earlier prompt began with."""
    text = " ".join(f"{name}{index}" for index in range(words))
    body = json.dumps({**HELLO, "messages": [{"role": "user", "content": text}], "max_tokens": 1}).encode()
    return post(body, f"Content-Length: {len(body)}", LAST)


def test_large_bodies(server):
    """While megabytes of JSON are read, everything else is answered."""
    lists = b'{"model": "m", "messages": [' + b"[[0],[0]," * 600_000 + b"[]]}"
    tokens = b'{"model": "%s", "prompt": [' % MODEL_NAME.encode() + b"1," * 5_000_000 + b"1]}"
    many = b'{"model": "%s", "n": 128, "prompt": [' % MODEL_NAME.encode() + b'"a",' * 20_000 + b'"a"]}'
    texts = json.dumps({**HELLO, "messages": [{"role": "user", "content": "word " * 2_000_000}]}).encode()
    statuses = []

    def send(body, path):
        for answer in ask_patiently(server, post(body, f"Content-Length: {len(body)}", LAST, path=path)):
            statuses.append(answer[0])

    before = server.resident_bytes()
    senders = [
        threading.Thread(target=send, args=arguments)
        for arguments in [
            (lists, "/v1/chat/completions"), (lists, "/v1/chat/completions"), (tokens, "/v1/completions"),
            (texts, "/v1/chat/completions"), (texts, "/v1/messages/count_tokens"), (many, "/v1/completions"),
        ]
    ]
    for sender in senders:
        sender.start()
    waits, peak = [], 0
    while any(sender.is_alive() for sender in senders):
        waits.append(timed(lambda: health(server))[1])
        peak = max(peak, server.resident_bytes() - before)
        time.sleep(0.02)
    for sender in senders:
        sender.join()
    check(sorted(statuses) == [200] + 5 * [400], f"all but the count are refused: {statuses}")
    check(max(waits) < 3, f"/health waits {max(waits):.2f} s")
    print(f"largest wait for /health: {max(waits):.2f} s; memory for large bodies: {peak >> 20} MB")


def health(server):
    return json.loads(ask_patiently(server, head("GET /health HTTP/1.1", "Host: localhost", LAST))[0][2])


def ask_patiently(server, data):
    connection = Connection(server, timeout=300)
    connection.send(data)
    return connection.answers()


def wait_until(holds, patience=30):
    deadline = time.monotonic() + patience
    while not holds() and time.monotonic() < deadline:
        time.sleep(0.02)


def main():
    with Served("--allowed-host", "proxy.example", "--cors", "https://page.example") as server:
        for test in (
            test_messages, test_order, test_expectations, test_version_1_0, test_pages, test_every_route, test_long_prompt, test_large_bodies,
        ):
            attempt(test, server)
        check(server.process.poll() is None, "the server lives")
        refused = [json.loads(line) for line in server.log if '"host_not_allowed"' in line]
        check(refused and refused[0]["path"] == "/v1/models" and refused[0]["status"] == 403, "refusals are in the log")
    test_open_address()
    finish()


if __name__ == "__main__":
    main()
