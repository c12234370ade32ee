// @microsoft/microsoft-graph-client: makes calls of a case, whose cost `cargo xtask bench peers` measures.

import {
  Client,
  HTTPMessageHandler,
  RedirectHandler,
  RedirectHandlerOptions,
  RetryHandler,
  RetryHandlerOptions,
  TelemetryHandler,
} from "@microsoft/microsoft-graph-client";

const [url, token, name, calls] = process.argv.slice(2);

// The client's own handlers, with a simpler one for authentication: its own sends tokens to https only.
class FixedToken {
  async execute(context) {
    context.options.headers = { ...context.options.headers, Authorization: `Bearer ${token}` };
    await this.next.execute(context);
  }
  setNext(next) {
    this.next = next;
  }
}
const handlers = [
  new FixedToken(),
  new RetryHandler(new RetryHandlerOptions()),
  new RedirectHandler(new RedirectHandlerOptions()),
  new TelemetryHandler(),
  new HTTPMessageHandler(),
];
handlers.slice(1).forEach((handler, index) => handlers[index].setNext(handler));

const client = Client.initWithMiddleware({ middleware: handlers[0], baseUrl: url, defaultVersion: "v1.0" });
const ids = Array.from({ length: 650 }, (_, number) => `${number.toString(16).padStart(8, "0")}-eca7-46b7-bad1-db199b62afc3`);
for (let call = 0; call < Number(calls); call++) {
  if (name === "get") {
    const presence = await client.api(`/users/${ids[0]}/presence`).get();
    if (presence.availability !== "Available") throw new Error("unexpected presence");
  } else {
    const { value } = await client.api("/communications/getPresencesByUserId").post({ ids });
    if (value.length !== ids.length) throw new Error("unexpected number of presences");
  }
}
