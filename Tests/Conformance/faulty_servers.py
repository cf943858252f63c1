"""A server that speaks vLLM's protocol, or breaks it in one way: for remote.py."""

import json
import socket
import threading
import time
from http import HTTPStatus
from pathlib import Path

import gguf

from served import TRAINED

EXCHANGES = json.loads((Path(TRAINED).parent.parent / "vllm" / "exchanges.json").read_text())


def spellings(path=TRAINED):
    """The bytes of each token of a GGUF file."""
    reader = gguf.GGUFReader(str(path))
    tokens = reader.fields["tokenizer.ggml.tokens"].contents()
    types = reader.fields["tokenizer.ggml.token_type"].contents()
    printable = [*range(33, 127), *range(161, 173), *range(174, 256)]
    alphabet, spare = {}, 256
    for byte in range(256):
        alphabet[chr(byte) if byte in printable else chr(spare)] = byte
        spare += byte not in printable
    control = gguf.TokenType.CONTROL
    return [
        text.encode() if kind == control else bytes(alphabet[c] for c in text) for text, kind in zip(tokens, types)
    ]


SPELLINGS = spellings()
ID = {spelling: token for token, spelling in reversed(list(enumerate(SPELLINGS)))}


def tokens_of(text):
    """Ids that spell a text: its special tokens, and everything else byte by byte."""
    ids, rest = [], text.encode()
    while rest:
        special = rest[: rest.find(b"|>") + 2] if rest.startswith(b"<|") else b""
        piece = special if special in ID else rest[:1]
        ids.append(ID[piece])
        rest = rest[len(piece) :]
    return ids


ANSWER = tokens_of("<|channel|>final<|message|>Good morning to you.<|return|>")


def event(ids=(), finish=None, **more):
    choice = {"index": 0, "token_ids": list(ids), "finish_reason": finish, "stop_reason": None}
    return "data: " + json.dumps({"choices": [choice], **more}) + "\n\n"


class FaultyServer:
    """A server in threads of its own.

    `answer(connection, body)` writes what a generation is answered with; `models`, `echo` and `head` change what comes
    before. `closed` are the times at which clients closed their connections during an answer.
    """

    def __init__(self, answer, *, generate=True, models=None, echo=None, context=2048, status=None):
        self.answer, self.generate, self.models, self.echo = answer, generate, models, echo
        self.context, self.status = context, status
        self.requests, self.closed = [], []
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port = self.listener.getsockname()[1]
        self.url = f"http://127.0.0.1:{self.port}"
        threading.Thread(target=self._accept, daemon=True).start()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.listener.close()

    def _accept(self):
        while True:
            try:
                connection, _ = self.listener.accept()
            except OSError:
                return
            threading.Thread(target=self._serve, args=(connection,), daemon=True).start()

    def _serve(self, connection):
        try:
            with connection:
                while self._exchange(connection):
                    pass
        except OSError:
            self.closed.append(time.monotonic())

    def _exchange(self, connection):
        """One request; false when the connection is to be closed."""
        received = b""
        while b"\r\n\r\n" not in received:
            piece = connection.recv(65536)
            if not piece:
                return False
            received += piece
        head, _, body = received.partition(b"\r\n\r\n")
        method, path, _ = head.split(b"\r\n")[0].decode().split(" ")
        fields = dict(line.lower().split(": ", 1) for line in head.decode().split("\r\n")[1:])
        while len(body) < int(fields.get("content-length", 0)):
            body += connection.recv(65536)
        request = json.loads(body) if body else None
        self.requests.append((path, fields, request))
        if self.status:
            status, said, *more = self.status
            reply(connection, said, status, *more)
            return True
        if path == "/v1/models":
            listed = [{"id": "assistant", "object": "model", "max_model_len": self.context}]
            reply(connection, {"object": "list", "data": listed} if self.models is None else self.models)
        elif path == "/inference/v1/generate" and not self.generate:
            reply(connection, {"detail": "Not Found"}, 404)
        elif max(request.get("token_ids", [0])) >= len(SPELLINGS):
            reply(connection, EXCHANGES["error_id_generate"]["response"], 400)
        elif request.get("echo"):
            text = b"".join(SPELLINGS[token] for token in request["prompt"]).decode() + "x"
            reply(connection, {"choices": [{"index": 0, "text": text if self.echo is None else self.echo}]})
        else:
            self.answer(connection, request)
            return False
        return True


def reply(connection, body, status=200, fields=""):
    text = body if isinstance(body, bytes) else json.dumps(body).encode()
    connection.sendall(
        f"HTTP/1.1 {status} {HTTPStatus(status).phrase}\r\nContent-Type: application/json\r\n{fields}"
        f"Content-Length: {len(text)}\r\n\r\n".encode() + text
    )


def begin(connection, kind="text/event-stream; charset=utf-8"):
    connection.sendall(
        f"HTTP/1.1 200 OK\r\nContent-Type: {kind}\r\nTransfer-Encoding: chunked\r\n\r\n".encode()
    )


def send(connection, text):
    data = text if isinstance(text, bytes) else text.encode()
    connection.sendall(f"{len(data):x}\r\n".encode() + data + b"\r\n")


def end(connection):
    connection.sendall(b"0\r\n\r\n")


def stream(*events, pause=0, ends=True):
    """An answer of these events."""

    def answer(connection, _):
        begin(connection)
        for text in events:
            send(connection, text)
            time.sleep(pause)
        if ends:
            end(connection)

    return answer


def good(ids=ANSWER, pause=0):
    """What a server sends that keeps to the protocol: an event for each token."""
    return stream(*(event([i]) for i in ids[:-1]), event(ids[-1:], "stop"), "data: [DONE]\n\n", pause=pause)


def cut(*events, resets=False):
    """A connection that breaks within the answer."""

    def answer(connection, _):
        stream(*events, ends=False)(connection, _)
        time.sleep(0.2)
        if resets:
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")

    return answer


def silent(*events, seconds=20):
    """An answer after which nothing comes."""

    def answer(connection, _):
        stream(*events, ends=False)(connection, _)
        time.sleep(seconds)

    return answer


def endless(piece, *events):
    """An answer that never ends."""

    def answer(connection, _):
        stream(*events, ends=False)(connection, _)
        data = piece.encode() * (65536 // len(piece))
        while True:
            send(connection, data)

    return answer


def nothing(connection, _):
    """No answer at all."""
    time.sleep(20)


def raw(data):
    """Bytes that are no HTTP."""
    return lambda connection, _: connection.sendall(data)


def whole(body, status=200, fields=""):
    """An answer that is no stream."""
    return lambda connection, _: reply(connection, body, status, fields)
