"""A client for the control interface of the emulator, and a TLS proxy in front of the emulator."""

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
UNKNOWN_USER = "00000000-0000-0000-0000-000000000099"
APPLICATION = "22553876-f5ab-4529-bffb-cfe50aa89f87"
USERS = Path(__file__).parent.parent / "users.json"


class Emulator:
    def __init__(self, url):
        self.url = url

    def control(self, method, path, body=None):
        """Sends a request to the control interface."""
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(f"{self.url}/_emulator{path}", data=data, method=method)
        with urllib.request.urlopen(request) as response:
            text = response.read()
        return json.loads(text) if text else None

    def reset_ada(self):
        """Resets Ada to the state in users.json: signed in to Teams, automatic replies and a scheduled location."""
        self.control("DELETE", f"/users/{ADA}")
        self.control("POST", "/users", json.loads(USERS.read_text()))

    def token(self, **caller):
        return self.control("POST", "/tokens", caller)["token"]

    async def run_with_fault(self, rule, run):
        """Runs an operation with an injected fault. Adds the response statuses and whether the SDK waited."""
        self.control("DELETE", "/requests")
        self.control("POST", "/faults", rule)
        start = time.monotonic()
        outcome = await run()
        seconds = time.monotonic() - start
        self.control("DELETE", "/faults")
        requests = self.control("GET", "/requests")["value"]
        statuses = [request["status"] for request in requests if request["operation"] == rule["operation"]]
        return {**outcome, "statuses": statuses, "waited": seconds >= 0.9}


def start_tls_proxy(emulator, folder):
    """Starts a proxy that terminates TLS for the emulator, because MSAL accepts only https URLs. Returns its URL."""
    upstream = urlsplit(emulator.url)

    class Forward(http.server.BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def forward(self):
            body = self.rfile.read(int(self.headers.get("content-length", 0)))
            headers = {**self.headers, "X-Forwarded-Proto": "https"}
            connection = http.client.HTTPConnection(upstream.hostname, upstream.port)
            connection.request(self.command, self.path, body, headers)
            response = connection.getresponse()
            content = response.read()
            self.send_response_only(response.status)
            for name, value in response.getheaders():
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
