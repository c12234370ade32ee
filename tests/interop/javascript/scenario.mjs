// The operations that each JavaScript SDK performs. Prints a line of JSON with the outcome of each operation.

import { ClientSecretCredential, DeviceCodeCredential } from "@azure/identity";

import { ADA, APPLICATION, BOB, Emulator, startTlsProxy, UNKNOWN_USER } from "./emulator.mjs";

const SCOPE = "https://graph.microsoft.com/.default";

const instant = (value) => value && `${new Date(value).toISOString().slice(0, 19)}Z`;
const state = (presence) => `${presence.availability}/${presence.activity}`;
const message = (presence) => {
  const { message, expiryDateTime: expiry, publishedDateTime: published } = presence.statusMessage ?? {};
  return message && {
    content: message.content,
    contentType: message.contentType,
    ...(expiry && { expiry: `${expiry.dateTime} ${expiry.timeZone}` }),
    ...(published && { published: instant(published) }),
  };
};
const location = ({ workLocation: place }) =>
  place && `${place.source}: ${place.workLocationType} ${place.placeId ?? "anywhere"}`;
const allProperties = (presence) => ({
  id: presence.id,
  state: state(presence),
  automaticReply: presence.outOfOfficeSettings?.isOutOfOffice && presence.outOfOfficeSettings.message,
  statusMessage: message(presence) ?? null,
  location: location(presence),
  hasSequenceNumber: Boolean(presence.sequenceNumber),
});
const subscription = (created) => ({
  resource: created.resource,
  changeType: created.changeType,
  clientState: created.clientState ?? null,
  applicationId: created.applicationId,
  creatorId: created.creatorId,
  expires: instant(created.expirationDateTime),
});

/**
 * Runs all operations. `connect(baseUrl, credential)` creates a client of the SDK; `errorDetails(error)` returns the
 * status and the code of an error of the SDK.
 */
export async function runScenario({ connect, errorDetails }) {
  const [url, folder] = process.argv.slice(2);
  const emulator = new Emulator(url);
  const proxy = await startTlsProxy(emulator, folder);
  const { tenant } = await emulator.control("GET", "");

  const outcomeOf = async (run) => {
    try {
      return await run();
    } catch (error) {
      return { error: errorDetails(error) ?? `${error.name}: ${error.message}` };
    }
  };
  const operation = async (name, run) => {
    const outcome = await outcomeOf(run);
    // An operation that the SDK does not offer is not printed.
    if (outcome !== undefined) console.log(JSON.stringify({ operation: name, outcome }));
  };
  const credentialFor = async (caller) => {
    const token = await emulator.token(caller);
    return { getToken: async () => ({ token, expiresOnTimestamp: Date.now() + 3_600_000 }) };
  };

  const authority = { authorityHost: proxy.url, disableInstanceDiscovery: true };
  let prompts = 0;
  const device = new DeviceCodeCredential({
    ...authority,
    tenantId: tenant,
    clientId: APPLICATION,
    userPromptCallback: async ({ userCode }) => {
      prompts += 1;
      await emulator.control("POST", `/devices/${userCode}`, { user: ADA });
    },
  });
  const secret = new ClientSecretCredential(tenant, APPLICATION, "any", authority);
  const signIn = async (credential) => {
    await credential.getToken(SCOPE);
    return { token: Boolean((await credential.getToken(SCOPE)).token), prompts };
  };
  await operation("sign-in: client secret", () => signIn(secret));
  await operation("sign-in: device code", () => signIn(device));

  const ada = connect(`${proxy.url}/v1.0`, device);
  const application = connect(`${proxy.url}/v1.0`, secret);

  for (const [binding, of] of Object.entries(ada.presences)) {
    const runAndRead = (name, run, show) =>
      operation(`${binding}: ${name}`, async () => {
        await run(of(ADA));
        return { presence: show(await of(ADA).get()) };
      });
    const session = { sessionId: APPLICATION };
    await emulator.resetAda();
    await runAndRead("get", () => {}, allProperties);
    const call = { ...session, availability: "Busy", activity: "InACall", minutes: 60 };
    await runAndRead("setPresence", (presence) => presence.setPresence(call), state);
    await runAndRead("clearPresence", (presence) => presence.clearPresence(session), state);
    const preferred = { availability: "DoNotDisturb", activity: "DoNotDisturb", minutes: 480 };
    await runAndRead("setUserPreferredPresence", (presence) => presence.setUserPreferredPresence(preferred), state);
    await runAndRead("clearUserPreferredPresence", (presence) => presence.clearUserPreferredPresence(), state);
    const statusMessage = {
      message: { content: "Back at five", contentType: "text" },
      expiryDateTime: { dateTime: "2026-01-01T17:00:00", timeZone: "Pacific Standard Time" },
    };
    await runAndRead("setStatusMessage", (presence) => presence.setStatusMessage({ statusMessage }), message);
    const office = { workLocationType: "office", placeId: "building-5" };
    await runAndRead("setAutomaticLocation", (presence) => presence.setAutomaticLocation(office), location);
    const remote = { workLocationType: "remote" };
    await runAndRead("setManualLocation", (presence) => presence.setManualLocation(remote), location);
    await runAndRead("clearAutomaticLocation", (presence) => presence.clearAutomaticLocation(), location);
    await runAndRead("clearLocation", (presence) => presence.clearLocation(), location);
  }

  await emulator.resetAda();
  const bob = connect(`${proxy.url}/v1.0`, await credentialFor({ user: BOB, application: APPLICATION }));
  await operation("get: another user", async () => {
    const expiryDateTime = { dateTime: "2026-01-02T00:00:00", timeZone: "UTC" };
    const statusMessage = { message: { content: "Later", contentType: "text" }, expiryDateTime };
    await ada.presences.user(ADA).setStatusMessage({ statusMessage });
    return allProperties(await bob.presences.user(ADA).get());
  });
  await operation("get: as an application", async () => allProperties(await application.presences.user(BOB).get()));
  await operation("get: unknown user", async () => allProperties(await ada.presences.user(UNKNOWN_USER).get()));
  await operation("get: with $select", async () => {
    const { id, availability, activity } = await ada.presences.me().get(["availability"]);
    return { id: id ?? null, availability, activity: activity ?? null };
  });
  await operation("get: beta", async () => {
    const beta = connect(`${proxy.url}/beta`, device);
    return allProperties(await beta.presences.me().get());
  });
  await operation("get: over plain http", async () => {
    const plain = connect(`${url}/v1.0`, await credentialFor({ user: ADA }));
    return allProperties(await plain.presences.me().get());
  });
  await operation("getPresencesByUserId", async () =>
    (await ada.presencesOf?.([ADA, BOB, UNKNOWN_USER]))?.map((presence) => `${presence.id} ${state(presence)}`),
  );
  await operation("setPresence: with the SDK's duration type", async () => {
    const conference = { sessionId: APPLICATION, availability: "Busy", activity: "InAConferenceCall", minutes: 5 };
    await application.presences.user(BOB).setPresence(conference);
    return { presence: state(await application.presences.user(BOB).get()) };
  });

  const newSubscription = (resource) => ({
    changeType: "updated",
    notificationUrl: "https://example.com/notify",
    resource,
    expirationDateTime: new Date("2026-01-01T10:00:00Z"),
    clientState: "secret",
  });
  const { subscriptions } = ada;
  let id;
  await operation("subscriptions: create", async () => {
    const created = await subscriptions.create(newSubscription(`communications/presences/${BOB}`));
    id = created.id;
    return subscription(created);
  });
  const duplicate = newSubscription(`communications/presences/${BOB}`);
  await operation("subscriptions: create a duplicate", () => subscriptions.create(duplicate));
  await operation("subscriptions: create for several users", async () => {
    const several = `communications/presences?$filter=id in ('${ADA}','${UNKNOWN_USER}')`;
    return subscription(await subscriptions.create(newSubscription(several)));
  });
  await operation("subscriptions: list", async () => (await subscriptions.list()).length);
  await operation("subscriptions: get", async () => subscription(await subscriptions.get(id)));
  await operation("subscriptions: update", async () => {
    await emulator.control("POST", "/clock/advance", { by: "PT10M" });
    const renewed = await subscriptions.update(id, { expirationDateTime: new Date("2026-01-01T10:10:00Z") });
    return { expires: instant(renewed.expirationDateTime) };
  });
  await operation("subscriptions: reauthorize", async () => {
    await subscriptions.reauthorize(id);
    return "done";
  });
  await operation("subscriptions: delete", async () => {
    await subscriptions.delete(id);
    return (await subscriptions.list()).length;
  });
  await operation("subscriptions: get a deleted one", () => subscriptions.get(id));

  const session = { sessionId: APPLICATION, availability: "Busy", activity: "InACall", minutes: 60 };
  const me = ada.presences.me();
  const limited = connect(`${proxy.url}/v1.0`, await credentialFor({ user: ADA, scopes: ["Presence.Read"] }));
  const unauthorized = connect(`${proxy.url}/v1.0`, {
    getToken: async () => ({ token: "not-a-token", expiresOnTimestamp: Date.now() + 3_600_000 }),
  });
  await operation("rejected: unknown session", () => me.clearPresence({ sessionId: UNKNOWN_USER }));
  await operation("rejected: missing session id", () => me.setPresence({ ...session, sessionId: undefined }));
  await operation("rejected: unsupported pair", () => me.setPresence({ ...session, activity: "Presenting" }));
  await operation("rejected: expiration of 4 hours and 1 minute", () => me.setPresence({ ...session, minutes: 241 }));
  await operation("rejected: presence of another user", () => ada.presences.user(BOB).setPresence(session));
  await operation("rejected: missing permission", () => limited.presences.me().setPresence(session));
  await operation("rejected: location as an application", () => application.presences.user(ADA).clearLocation());
  await operation("rejected: invalid token", () => unauthorized.presences.me().get());
  await operation("rejected: /me as an application", () => application.presences.me().get());
  await operation("rejected: 651 ids", () => ada.presencesOf?.(Array(651).fill(ADA)));

  const withFault = (name, fault, run, rule) =>
    operation(`fault: ${name}`, () =>
      emulator.runWithFault({ fault, operation: "getPresence", times: 1, ...rule }, () => outcomeOf(run)),
    );
  const read = async () => ({ presence: state(await ada.presences.user(BOB).get()) });
  const set = async () => {
    await me.setPresence(session);
    return { presence: state(await me.get()) };
  };
  const throttled = (retryAfter) => ({ kind: "throttled", retryAfter });
  await emulator.resetAda();
  await withFault("429 with Retry-After in seconds", throttled({ seconds: 1 }), read);
  await withFault("429 for a POST", throttled({ seconds: 1 }), set, { operation: "setPresence" });
  await withFault("429 for every attempt", throttled({ seconds: 1 }), read, { times: 9 });
  await withFault("503 without Retry-After", { kind: "status", status: 503 }, read);
  await withFault("500", { kind: "status", status: 500 }, read);
  await withFault("502 with an HTML page", { kind: "gateway", status: 502 }, read);
  // The SDKs compare the date with the system clock, so the emulator's clock is set to it.
  await emulator.control("PUT", "/clock", { now: new Date().toISOString() });
  await withFault("429 with Retry-After as a date", throttled({ date: 2 }), read);
  proxy.close();
}
