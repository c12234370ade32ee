"""The emulator that a program is given, and the door in front of it by which it is reached over TLS."""

import http.client
import http.server
import json
import ssl
import threading
import time
import urllib.request
from pathlib import Path
from urllib.parse import urlsplit

ADA = "fa8bf3dc-eca7-46b7-bad1-db199b62afc3"
BOB = "66825e03-7ef5-42da-9069-724602c31f6b"
NOBODY = "00000000-0000-0000-0000-000000000099"
APPLICATION = "22553876-f5ab-4529-bffb-cfe50aa89f87"
PEOPLE = Path(__file__).parent.parent / "users.json"


class Emulator:
    def __init__(self, url):
        self.url = url

    def control(self, method, path, body=None):
        """Sends a request to the control interface."""
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(f"{self.url}/_emulator{path}", data=data, method=method)
        with urllib.request.urlopen(request) as answer:
            text = answer.read()
        return json.loads(text) if text else None

    def begin(self):
        """Ada as she is at the beginning: at her Teams client, with automatic replies, at home by her calendar."""
        self.control("DELETE", f"/users/{ADA}")
        self.control("POST", "/users", json.loads(PEOPLE.read_text()))

    def token(self, **caller):
        return self.control("POST", "/tokens", caller)["token"]

    async def under(self, rule, run):
        """Does something under a fault; tells what came of it, which statuses were answered, and whether it took a
        second."""
        self.control("DELETE", "/requests")
        self.control("POST", "/faults", rule)
        start = time.monotonic()
        outcome = await run()
        seconds = time.monotonic() - start
        self.control("DELETE", "/faults")
        requests = self.control("GET", "/requests")["value"]
        answers = [request["status"] for request in requests if request["operation"] == rule["operation"]]
        return {**outcome, "answers": answers, "took a second": seconds >= 0.9}


def door(emulator, folder):
    """Ends TLS before the emulator, as a proxy does: MSAL takes no other URL. Gives the URL."""
    behind = urlsplit(emulator.url)

    class Forward(http.server.BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def forward(self):
            body = self.rfile.read(int(self.headers.get("content-length", 0)))
            headers = {**self.headers, "X-Forwarded-Proto": "https"}
            connection = http.client.HTTPConnection(behind.hostname, behind.port)
            connection.request(self.command, self.path, body, headers)
            answer = connection.getresponse()
            content = answer.read()
            self.send_response_only(answer.status)
            for name, value in answer.getheaders():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(content)
            connection.close()

        do_GET = do_POST = do_PATCH = do_DELETE = forward

        def log_message(self, *_):
            pass

    server = http.server.ThreadingHTTPServer(("localhost", 0), Forward)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(Path(folder, "certificate.pem"), Path(folder, "key.pem"))
    server.socket = context.wrap_socket(server.socket, server_side=True)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return f"https://localhost:{server.server_port}"
