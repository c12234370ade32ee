// What every SDK is asked to do, and what is told of it: a line of JSON for each operation.

import { ClientSecretCredential, DeviceCodeCredential } from "@azure/identity";

import { ADA, APPLICATION, BOB, door, Emulator, NOBODY } from "./emulator.mjs";

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
const location = ({ workLocation: at }) => at && `${at.source}: ${at.workLocationType} ${at.placeId ?? "anywhere"}`;
const whole = (presence) => ({
  id: presence.id,
  state: state(presence),
  automaticReply: presence.outOfOfficeSettings?.isOutOfOffice && presence.outOfOfficeSettings.message,
  statusMessage: message(presence) ?? null,
  location: location(presence),
  isNumbered: Boolean(presence.sequenceNumber),
});
const subscription = (made) => ({
  resource: made.resource,
  changeType: made.changeType,
  clientState: made.clientState ?? null,
  applicationId: made.applicationId,
  creatorId: made.creatorId,
  expires: instant(made.expirationDateTime),
});

/** `connect(base, credential)` makes a client of the SDK; `failure(error)` gives status and code of what it throws. */
export async function tell({ connect, failure }) {
  const [url, folder] = process.argv.slice(2);
  const emulator = new Emulator(url);
  const front = await door(emulator, folder);
  const { tenant } = await emulator.control("GET", "");

  const outcomeOf = async (run) => {
    try {
      return await run();
    } catch (error) {
      return { error: failure(error) ?? `${error.name}: ${error.message}` };
    }
  };
  const operation = async (name, run) => {
    const outcome = await outcomeOf(run);
    // What the SDK does not offer is not told.
    if (outcome !== undefined) console.log(JSON.stringify({ operation: name, outcome }));
  };
  const minted = async (caller) => {
    const token = await emulator.token(caller);
    return { getToken: async () => ({ token, expiresOnTimestamp: Date.now() + 3_600_000 }) };
  };

  const authority = { authorityHost: front.url, disableInstanceDiscovery: true };
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

  const ada = connect(`${front.url}/v1.0`, device);
  const application = connect(`${front.url}/v1.0`, secret);

  for (const [binding, of] of Object.entries(ada.presences)) {
    const told = (name, run, show) =>
      operation(`${binding}: ${name}`, async () => {
        await run(of(ADA));
        return { presence: show(await of(ADA).get()) };
      });
    const session = { sessionId: APPLICATION };
    await emulator.begin();
    await told("get", () => {}, whole);
    const call = { ...session, availability: "Busy", activity: "InACall", minutes: 60 };
    await told("setPresence", (presence) => presence.setPresence(call), state);
    await told("clearPresence", (presence) => presence.clearPresence(session), state);
    const preferred = { availability: "DoNotDisturb", activity: "DoNotDisturb", minutes: 480 };
    await told("setUserPreferredPresence", (presence) => presence.setUserPreferredPresence(preferred), state);
    await told("clearUserPreferredPresence", (presence) => presence.clearUserPreferredPresence(), state);
    const statusMessage = {
      message: { content: "Back at five", contentType: "text" },
      expiryDateTime: { dateTime: "2026-01-01T17:00:00", timeZone: "Pacific Standard Time" },
    };
    await told("setStatusMessage", (presence) => presence.setStatusMessage({ statusMessage }), message);
    const office = { workLocationType: "office", placeId: "building-5" };
    await told("setAutomaticLocation", (presence) => presence.setAutomaticLocation(office), location);
    const remote = { workLocationType: "remote" };
    await told("setManualLocation", (presence) => presence.setManualLocation(remote), location);
    await told("clearAutomaticLocation", (presence) => presence.clearAutomaticLocation(), location);
    await told("clearLocation", (presence) => presence.clearLocation(), location);
  }

  await emulator.begin();
  const bob = connect(`${front.url}/v1.0`, await minted({ user: BOB, application: APPLICATION }));
  await operation("get of somebody else", async () => {
    const expiryDateTime = { dateTime: "2026-01-02T00:00:00", timeZone: "UTC" };
    const statusMessage = { message: { content: "Later", contentType: "text" }, expiryDateTime };
    await ada.presences.user(ADA).setStatusMessage({ statusMessage });
    return whole(await bob.presences.user(ADA).get());
  });
  await operation("get by an application", async () => whole(await application.presences.user(BOB).get()));
  await operation("get of nobody", async () => whole(await ada.presences.user(NOBODY).get()));
  await operation("get with $select", async () => {
    const { id, availability, activity } = await ada.presences.me().get(["availability"]);
    return { id: id ?? null, availability, activity: activity ?? null };
  });
  await operation("get, beta", async () => whole(await connect(`${front.url}/beta`, device).presences.me().get()));
  await operation("get, plain http", async () => {
    const plain = connect(`${url}/v1.0`, await minted({ user: ADA }));
    return whole(await plain.presences.me().get());
  });
  await operation("getPresencesByUserId", async () =>
    (await ada.presencesOf?.([ADA, BOB, NOBODY]))?.map((presence) => `${presence.id} ${state(presence)}`),
  );
  await operation("setPresence for the SDK's own kind of duration", async () => {
    const conference = { sessionId: APPLICATION, availability: "Busy", activity: "InAConferenceCall", minutes: 5 };
    await application.presences.user(BOB).setPresence(conference);
    return { presence: state(await application.presences.user(BOB).get()) };
  });

  const wanted = (resource) => ({
    changeType: "updated",
    notificationUrl: "https://example.com/notify",
    resource,
    expirationDateTime: new Date("2026-01-01T10:00:00Z"),
    clientState: "secret",
  });
  const { subscriptions } = ada;
  let id;
  await operation("subscriptions: create", async () => {
    const made = await subscriptions.create(wanted(`communications/presences/${BOB}`));
    id = made.id;
    return subscription(made);
  });
  const again = wanted(`communications/presences/${BOB}`);
  await operation("subscriptions: create a second", () => subscriptions.create(again));
  await operation("subscriptions: create for several", async () => {
    const several = `communications/presences?$filter=id in ('${ADA}','${NOBODY}')`;
    return subscription(await subscriptions.create(wanted(several)));
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
  await operation("subscriptions: get what is gone", () => subscriptions.get(id));

  const session = { sessionId: APPLICATION, availability: "Busy", activity: "InACall", minutes: 60 };
  const me = ada.presences.me();
  const limited = connect(`${front.url}/v1.0`, await minted({ user: ADA, scopes: ["Presence.Read"] }));
  const unknown = connect(`${front.url}/v1.0`, {
    getToken: async () => ({ token: "not-a-token", expiresOnTimestamp: Date.now() + 3_600_000 }),
  });
  await operation("refused: no such session", () => me.clearPresence({ sessionId: NOBODY }));
  await operation("refused: no session id", () => me.setPresence({ ...session, sessionId: undefined }));
  await operation("refused: no such pair", () => me.setPresence({ ...session, activity: "Presenting" }));
  await operation("refused: four hours and a minute", () => me.setPresence({ ...session, minutes: 241 }));
  await operation("refused: somebody else's presence", () => ada.presences.user(BOB).setPresence(session));
  await operation("refused: no permission", () => limited.presences.me().setPresence(session));
  await operation("refused: location by an application", () => application.presences.user(ADA).clearLocation());
  await operation("refused: no good token", () => unknown.presences.me().get());
  await operation("refused: me without a user", () => application.presences.me().get());
  await operation("refused: 651 ids", () => ada.presencesOf?.(Array(651).fill(ADA)));

  const faulted = (name, fault, run, rule) =>
    operation(`fault: ${name}`, () =>
      emulator.under({ fault, operation: "getPresence", times: 1, ...rule }, () => outcomeOf(run)),
    );
  const read = async () => ({ presence: state(await ada.presences.user(BOB).get()) });
  const set = async () => {
    await me.setPresence(session);
    return { presence: state(await me.get()) };
  };
  const throttled = (retryAfter) => ({ kind: "throttled", retryAfter });
  await emulator.begin();
  await faulted("429, again in a second", throttled({ seconds: 1 }), read);
  await faulted("429 to a change", throttled({ seconds: 1 }), set, { operation: "setPresence" });
  await faulted("429 for good", throttled({ seconds: 1 }), read, { times: 9 });
  await faulted("503, without a word", { kind: "status", status: 503 }, read);
  await faulted("500", { kind: "status", status: 500 }, read);
  await faulted("a gateway's page", { kind: "gateway", status: 502 }, read);
  // Programs go by the time of their machine: so must the emulator where it names a date.
  await emulator.control("PUT", "/clock", { now: new Date().toISOString() });
  await faulted("429, again at a date", throttled({ date: 2 }), read);
  front.close();
}
