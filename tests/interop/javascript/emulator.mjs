// The emulator that a program is given, and the door in front of it by which it is reached over TLS.

import { readFileSync } from "node:fs";
import http from "node:http";
import https from "node:https";
import { join } from "node:path";

export const ADA = "fa8bf3dc-eca7-46b7-bad1-db199b62afc3";
export const BOB = "66825e03-7ef5-42da-9069-724602c31f6b";
export const NOBODY = "00000000-0000-0000-0000-000000000099";
export const APPLICATION = "22553876-f5ab-4529-bffb-cfe50aa89f87";

export class Emulator {
  constructor(url) {
    this.url = url;
  }

  /** Sends a request to the control interface. */
  async control(method, path, body) {
    const answer = await fetch(`${this.url}/_emulator${path}`, { method, body: body && JSON.stringify(body) });
    const text = await answer.text();
    if (!answer.ok) throw new Error(`${method} /_emulator${path}: ${answer.status} ${text}`);
    return text ? JSON.parse(text) : undefined;
  }

  /** Ada as she is at the beginning: at her Teams client, with automatic replies, at home by her calendar. */
  async begin() {
    await this.control("DELETE", `/users/${ADA}`);
    await this.control("POST", "/users", JSON.parse(readFileSync(new URL("../users.json", import.meta.url))));
  }

  async token(caller) {
    return (await this.control("POST", "/tokens", caller)).token;
  }

  /** Does something under a fault. Tells what came of it, which statuses were answered, and if it took a second. */
  async under(rule, run) {
    await this.control("DELETE", "/requests");
    await this.control("POST", "/faults", rule);
    const start = performance.now();
    const outcome = await run();
    const seconds = (performance.now() - start) / 1000;
    await this.control("DELETE", "/faults");
    const { value } = await this.control("GET", "/requests");
    const answers = value.filter((request) => request.operation === rule.operation).map(({ status }) => status);
    return { ...outcome, answers, "took a second": seconds >= 0.9 };
  }
}

/** Ends TLS before the emulator, as a proxy does: MSAL and one of the SDKs take no other URL. */
export async function door(emulator, folder) {
  const tls = { key: readFileSync(join(folder, "key.pem")), cert: readFileSync(join(folder, "certificate.pem")) };
  const server = https.createServer(tls, (request, response) => {
    const headers = { ...request.headers, "x-forwarded-proto": "https" };
    const behind = http.request(emulator.url + request.url, { method: request.method, headers }, (answer) => {
      response.writeHead(answer.statusCode, answer.headers);
      answer.pipe(response);
    });
    behind.on("error", () => response.destroy());
    request.pipe(behind);
  });
  await new Promise((listening) => server.listen(0, "localhost", listening));
  return { url: `https://localhost:${server.address().port}`, close: () => server.close() };
}
