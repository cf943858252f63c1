"""A server that behaves badly over HTTP, at /BEHAVIOR: bad_http.py prints its port. Only Python's own library is needed."""

import collections
import http.server
import json
import threading
import time

OTHER = "http://127.0.0.1:9/elsewhere"


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *arguments):
        pass

    def reply(self, status, body=b"", type="application/json", **headers):
        body = body if isinstance(body, bytes) else json.dumps(body).encode()
        self.send_response(status)
        for name, value in {"Content-Type": type, "Content-Length": str(len(body)), **headers}.items():
            self.send_header(name.replace("_", "-"), value)
        self.end_headers()
        self.wfile.write(body)

    def stream(self):
        self.send_response(200)
        self.send_header("Content-Type", "text/event-stream")
        self.send_header("Connection", "close")
        self.end_headers()
        self.close_connection = True

    def event(self, data, fields=b""):
        self.wfile.write(fields + b"data: " + data + b"\n\n")
        self.wfile.flush()

    def do_GET(self):
        place = self.headers.get("Last-Event-ID")
        if self.path != "/polls" or place is None:
            return self.reply(405)
        # Some events, each in a stream of its own; the last has the answer.
        id, count = map(int, place.split("-"))
        answer = {"jsonrpc": "2.0", "id": id, "result": {"content": [{"type": "text", "text": "ran"}]}}
        self.stream()
        if count == 5 and place not in Handler.silences:
            return Handler.silences.add(place)  # a stream with nothing in it
        if count < 20:
            return self.event(b"", b"id: %d-%d\nretry: 50\n" % (id, count + 1))
        return self.event(json.dumps(answer).encode())

    def do_DELETE(self):
        Handler.deleted.append(self.headers.get("Mcp-Session-Id"))
        self.reply(200)

    deleted = []
    silences = set()

    def do_POST(self):
        length = int(self.headers.get("Content-Length") or 0)
        message = json.loads(self.rfile.read(length))
        behavior = self.path.strip("/")
        if behavior.isdigit():
            return self.reply(int(behavior), b"no such thing\x1b[31m", "text/plain")
        if behavior == "redirect":
            return self.reply(307, b"", Location=OTHER)
        if behavior == "hangs":
            return time.sleep(60)
        if behavior == "html":
            return self.reply(200, b"<html>", "text/html")
        if behavior == "cut":
            self.send_response(200)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", "1000")
            self.end_headers()
            self.wfile.write(b'{"jsonrpc"')
            self.close_connection = True
            return None
        id, method = message.get("id"), message.get("method")
        if id is None:
            return self.reply(202)
        if behavior == "mismatch":
            return self.mismatch(id, method, message)
        if method == "server/discover":
            return self.reply(400, {"jsonrpc": "2.0", "id": None, "error": {"code": -32600, "message": "Missing session ID"}})
        if method == "initialize":
            result = {"protocolVersion": "2025-06-18", "capabilities": {"tools": {}}, "serverInfo": {"name": "bad", "version": "1"}}
            return self.reply(200, {"jsonrpc": "2.0", "id": id, "result": result}, Mcp_Session_Id=f"session-{time.monotonic()}")
        if method == "tools/list":
            tools = [{"name": "run", "inputSchema": {"type": "object"}}]
            return self.reply(200, {"jsonrpc": "2.0", "id": id, "result": {"tools": tools}})
        return self.call(behavior, id)

    def call(self, behavior, id):
        answer = {"jsonrpc": "2.0", "id": id, "result": {"content": [{"type": "text", "text": "ran"}]}}
        if behavior == "endless":
            self.stream()
            try:
                while True:
                    self.event(json.dumps({"jsonrpc": "2.0", "method": "notifications/message", "params": {}}).encode())
                    time.sleep(0.01)
            except OSError:
                return None
        if behavior == "flood":
            self.stream()
            try:
                while True:
                    self.wfile.write(b"data: " + b"x" * 100_000)
            except OSError:
                return None
        if behavior.startswith("forgets"):
            # The first session is forgotten.
            known = Handler.known[behavior]
            if self.headers.get("Mcp-Session-Id") not in known:
                known.add(self.headers.get("Mcp-Session-Id"))
                if len(known) == 1 and behavior == "forgets":
                    return self.reply(404, b"session not found", "text/plain")
                if len(known) == 1:
                    return self.reply(404, {"jsonrpc": "2.0", "id": "server-error", "error": {"code": -32600, "message": "Session not found"}})
            return self.reply(200, answer)
        if behavior == "polls":
            self.stream()
            return self.event(b"", b"id: %d-0\nretry: 50\n" % id)
        if behavior == "half":  # of a pair of surrogates, as JSON.stringify writes it
            return self.reply(200, json.dumps(answer).replace("ran", "ran\\ud83d").encode())
        if behavior == "breaks":
            self.stream()
            return self.event(b"")
        if behavior == "stays":
            self.stream()
            self.event(b": hello")
            self.event(json.dumps(answer).encode())
            return time.sleep(5)
        return self.reply(200, answer)

    known = collections.defaultdict(set)

    def mismatch(self, id, method, message):
        """Without sessions; wants an argument in a header, and says so only when it was missing."""
        meta = message["params"]["_meta"]
        assert meta["io.modelcontextprotocol/protocolVersion"] == self.headers["MCP-Protocol-Version"] == "2026-07-28"
        assert self.headers["Mcp-Method"] == method
        result = {"resultType": "complete"}
        if method == "server/discover":
            result |= {"supportedVersions": ["2026-07-28"], "capabilities": {"tools": {}}}
        elif method == "tools/list":
            zone = {"type": "string", **({"x-mcp-header": "Zone"} if Handler.mismatches else {})}
            result |= {"tools": [{"name": "run", "inputSchema": {"type": "object", "properties": {"zone": zone}}}]}
        elif self.headers.get("Mcp-Param-Zone") != message["params"]["arguments"]["zone"]:
            Handler.mismatches += 1
            error = {"code": -32020, "message": "Mcp-Param-Zone is missing"}
            return self.reply(400, {"jsonrpc": "2.0", "id": id, "error": error})
        else:
            assert self.headers["Mcp-Name"] == "run"
            result |= {"content": [{"type": "text", "text": "ran"}]}
        return self.reply(200, {"jsonrpc": "2.0", "id": id, "result": result})

    mismatches = 0


server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
server.daemon_threads = True
print(server.server_port, flush=True)
threading.Thread(target=server.serve_forever).start()
