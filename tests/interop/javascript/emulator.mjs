// A client for the control interface of the emulator, and a TLS proxy in front of the emulator.

import { readFileSync } from "node:fs";
import http from "node:http";
import https from "node:https";
import { join } from "node:path";

export const ADA = "fa8bf3dc-eca7-46b7-bad1-db199b62afc3";
export const BOB = "66825e03-7ef5-42da-9069-724602c31f6b";
export const UNKNOWN_USER = "00000000-0000-0000-0000-000000000099";
export const APPLICATION = "22553876-f5ab-4529-bffb-cfe50aa89f87";

export class Emulator {
  constructor(url) {
    this.url = url;
  }

  /** Sends a request to the control interface. */
  async control(method, path, body) {
    const response = await fetch(`${this.url}/_emulator${path}`, { method, body: body && JSON.stringify(body) });
    const text = await response.text();
    if (!response.ok) throw new Error(`${method} /_emulator${path}: ${response.status} ${text}`);
    return text ? JSON.parse(text) : undefined;
  }

  /** Resets Ada to the state in `users.json`: signed in to Teams, with automatic replies and a scheduled location. */
  async resetAda() {
    await this.control("DELETE", `/users/${ADA}`);
    await this.control("POST", "/users", JSON.parse(readFileSync(new URL("../users.json", import.meta.url))));
  }

  async token(caller) {
    return (await this.control("POST", "/tokens", caller)).token;
  }

  /** Runs an operation with an injected fault. Adds the response statuses and whether the SDK waited. */
  async runWithFault(rule, run) {
    await this.control("DELETE", "/requests");
    await this.control("POST", "/faults", rule);
    const start = performance.now();
    const outcome = await run();
    const seconds = (performance.now() - start) / 1000;
    await this.control("DELETE", "/faults");
    const { value } = await this.control("GET", "/requests");
    const statuses = value.filter((request) => request.operation === rule.operation).map(({ status }) => status);
    return { ...outcome, statuses, waited: seconds >= 0.9 };
  }
}

/** Starts a proxy that terminates TLS for the emulator, because MSAL and one of the SDKs accept only https URLs. */
export async function startTlsProxy(emulator, folder) {
  const tls = { key: readFileSync(join(folder, "key.pem")), cert: readFileSync(join(folder, "certificate.pem")) };
  const server = https.createServer(tls, (request, response) => {
    const headers = { ...request.headers, "x-forwarded-proto": "https" };
    const forwarded = http.request(emulator.url + request.url, { method: request.method, headers }, (upstream) => {
      response.writeHead(upstream.statusCode, upstream.headers);
      upstream.pipe(response);
    });
    forwarded.on("error", () => response.destroy());
    request.pipe(forwarded);
  });
  await new Promise((listening) => server.listen(0, "localhost", listening));
  return { url: `https://localhost:${server.address().port}`, close: () => server.close() };
}
