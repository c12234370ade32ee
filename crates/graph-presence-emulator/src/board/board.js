"use strict";

// All that is shown comes from outside: it is set as text, never as markup.

const $ = (id) => document.getElementById(id);

const PAGE = 25;
const SEARCH_DELAY = 150;
const RETRY_DELAY = 2_000;
const FRESH = 600;
const SAID = 8_000;
/** The application that the board calls as. */
const APPLICATION = "22553876-f5ab-4529-bffb-cfe50aa89f87";

const DOTS = {
  Available: "available", AvailableIdle: "available",
  Busy: "busy", BusyIdle: "busy",
  DoNotDisturb: "donotdisturb",
  Away: "away", BeRightBack: "away",
  Offline: "offline",
};

const STANDINGS = {
  shown: "is what is seen",
  overruled: "would be seen, but for the preference",
  outranked: "is outranked",
  older: "was set earlier than the one that is seen",
  yields: "yields to a session that ranks alike",
};

/** What the server told last, by its parts. */
const view = {};

const address = new URLSearchParams(location.search);
const wanted = {
  search: address.get("search") ?? "",
  page: Math.max(0, Number.parseInt(address.get("page") ?? "1", 10) - 1 || 0),
  tenant: address.get("tenant"),
  user: address.get("user"),
};

// Texts and times

function put(node, text) {
  if (node.textContent !== text) node.textContent = text;
}

function element(name, text, kind) {
  const node = document.createElement(name);
  if (text !== undefined) node.textContent = text;
  if (kind) node.className = kind;
  return node;
}

let saying;

/** What went wrong stays to be read; the rest is to be seen on the page as well. */
function say(text, isBad = false) {
  clearTimeout(saying);
  $("said").dataset.state = isBad ? "bad" : "good";
  $("said").textContent = text;
  if (!isBad) saying = setTimeout(() => put($("said"), ""), SAID);
}

/** A sentence with only the beginnings of its ids. */
function brief(text) {
  return text.replace(/\b([0-9a-f]{8})-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\b/g, "$1");
}

function pair({ availability, activity }) {
  return availability === activity ? availability : `${availability}, ${activity}`;
}

function day(at) {
  return new Date(at).toISOString().slice(0, 10);
}

function time(at) {
  return new Date(at).toISOString().slice(11, 19);
}

/** An instant as near as it is needed, and how far it is. */
function when(at) {
  const now = view.clock.now;
  const seconds = Math.round((Date.parse(at) - Date.parse(now)) / 1_000);
  const moment = day(at) === day(now) ? time(at) : `${day(at)} ${time(at)}`;
  return `${moment} (${distance(seconds)})`;
}

function distance(seconds) {
  const size = Math.abs(seconds);
  const units = [[86_400, "d"], [3_600, "h"], [60, "min"], [1, "s"]];
  const index = units.findIndex(([unit]) => size >= unit);
  if (index < 0) return "now";
  const [unit, name] = units[index];
  let words = `${Math.floor(size / unit)} ${name}`;
  const [smaller, smallerName] = units[index + 1] ?? [0, ""];
  const rest = smaller && Math.floor((size % unit) / smaller);
  if (rest) words += ` ${rest} ${smallerName}`;
  return seconds < 0 ? `${words} ago` : `in ${words}`;
}

function steps(changes) {
  return changes.map((step) => `${step.availability ? pair(step) : "ends"} at ${when(step.at)}`).join("; ");
}

function dot(svg, availability) {
  const kind = DOTS[availability] ?? "other";
  svg.dataset.kind = kind;
  svg.querySelector("use").setAttribute("href", `#dot-${kind}`);
}

function place({ source, workLocationType, placeId }) {
  if (source === "none") return "";
  return `${workLocationType}${placeId ? `, ${placeId}` : ""} (${source})`;
}

// What the server tells

let source;
let retry;

function listen() {
  source?.close();
  clearTimeout(retry);
  if (document.hidden) return;
  const query = new URLSearchParams({ search: wanted.search, skip: wanted.page * PAGE, top: PAGE });
  if (wanted.tenant) query.set("tenant", wanted.tenant);
  if (wanted.user) query.set("user", wanted.user);
  source = new EventSource(`/_emulator/board/events?${query}`);
  source.onopen = () => connection("live", "Live");
  source.onerror = () => {
    connection("lost", "Connection lost, trying again");
    if (source.readyState === EventSource.CLOSED) retry = setTimeout(listen, RETRY_DELAY);
  };
  source.onmessage = (event) => show(JSON.parse(event.data));
}

function connection(state, text) {
  $("connection").dataset.state = state;
  put($("connection"), text);
}

function want(change) {
  Object.assign(wanted, change);
  const query = new URLSearchParams();
  if (wanted.search) query.set("search", wanted.search);
  if (wanted.page) query.set("page", wanted.page + 1);
  if (wanted.tenant) query.set("tenant", wanted.tenant);
  if (wanted.user) query.set("user", wanted.user);
  history.replaceState(null, "", query.size ? `?${query}` : location.pathname);
  listen();
}

function show(changes) {
  Object.assign(view, changes);
  if (changes.clock) showClock();
  if (changes.service) showService();
  if (changes.users || changes.clock) showUsers(view.users);
  if ("user" in changes || changes.clock) showUser(view.user);
  if (changes.requests) showRequests(view.requests);
  if (changes.faults) showFaults(view.faults);
}

function showClock() {
  const { now, isStepped } = view.clock;
  $("now").dateTime = now;
  put($("now"), `${day(now)} ${time(now)} UTC`);
  $("advance").hidden = !isStepped;
  $("runs").hidden = isStepped;
}

function showService() {
  const { version, cloud, tenant, tenants, operations, faultKinds } = view.service;
  put($("about"), `${cloud} cloud, version ${version}`);
  options($("tenant"), tenants.map((id) => [id, id]), wanted.tenant ?? tenant);
  $("tenant-field").hidden = tenants.length < 2;
  options($("operation"), [["", "any"], ...operations.map((name) => [name, name])], $("operation").value);
  const chosen = $("kind").value || faultKinds[0].kind;
  options($("kind"), faultKinds.map(({ kind, label }) => [kind, label]), chosen);
  if (!$("amount-label").textContent) showKind();
}

function options(select, values, chosen) {
  select.replaceChildren(...values.map(([value, text]) => new Option(text, value, false, value === chosen)));
}

const rows = new Map();

function showUsers({ count, skip, value }) {
  if (skip >= count && skip > 0) {
    want({ page: Math.max(0, Math.ceil(count / PAGE) - 1) });
    return;
  }
  const body = $("rows");
  const kept = new Set(value.map((user) => user.id));
  for (const [id, row] of rows) {
    if (!kept.has(id)) {
      row.remove();
      rows.delete(id);
    }
  }
  value.forEach((user, index) => {
    const row = rows.get(user.id) ?? newRow(user.id);
    if (body.children[index] !== row) body.insertBefore(row, body.children[index] ?? null);
    showRow(row, user);
  });
  const first = value.length ? skip + 1 : 0;
  put($("range"), `${first.toLocaleString("en")}–${(skip + value.length).toLocaleString("en")} of ${count.toLocaleString("en")}`);
  $("previous").disabled = skip === 0;
  $("next").disabled = skip + value.length >= count;
  $("nobody").hidden = count > 0;
  put($("nobody"), wanted.search ? "Nobody is found." : "Nobody is known yet. Add a person, or ask for a token of one.");
}

function newRow(id) {
  const row = $("row").content.cloneNode(true).firstElementChild;
  const button = row.querySelector("button");
  button.textContent = id;
  button.addEventListener("click", () => choose(wanted.user === id ? null : id));
  rows.set(id, row);
  return row;
}

function showRow(row, user) {
  const part = (name) => row.querySelector(name);
  const seen = `${user.availability}/${user.activity}`;
  if (row.dataset.seen !== undefined && row.dataset.seen !== seen) freshen(row);
  row.dataset.seen = seen;
  const isChosen = wanted.user === user.id;
  row.classList.toggle("chosen", isChosen);
  part("button").setAttribute("aria-pressed", isChosen);
  dot(part(".dot"), user.availability);
  put(part(".availability"), user.availability);
  put(part(".activity"), user.activity === user.availability ? "" : user.activity);
  part(".tag").hidden = !user.isOutOfOffice;
  put(part(".why"), brief(user.why));
  const next = user.nextChange;
  put(part(".next"), next ? `Then ${pair(next)} at ${when(next.at)}` : "");
  put(part(".message"), user.message ?? "");
  put(part(".location"), place(user.workLocation));
  put(part(".count"), counts(user.sessions));
}

function freshen(row) {
  row.classList.add("fresh");
  setTimeout(() => row.classList.remove("fresh"), FRESH);
}

function counts({ teamsClient, meeting, application }) {
  const words = [];
  if (teamsClient) words.push("Teams client");
  if (meeting) words.push("meeting");
  if (application) words.push(application === 1 ? "1 application" : `${application} applications`);
  return words.join(", ") || "none";
}

let last;

function showUser(user) {
  const id = wanted.user;
  put($("user"), id ?? "Nobody is chosen");
  $("user").classList.toggle("id", Boolean(id));
  $("close").hidden = !id;
  $("only").disabled = !id;
  $("detail").hidden = !user;
  $("hint").hidden = Boolean(user);
  put($("hint"), id ? "Nobody has heard of this person: their presence is PresenceUnknown." : "Choose a person to see why their dot is what it is, and to do something to them.");
  if (!user) {
    last = undefined;
    return;
  }
  const { explanation, sessions: count } = user;
  const { availability, activity, why, nextChange, preference, statusMessage, calendar } = explanation;
  dot($("detail").querySelector(".dot"), availability);
  put($("detail-availability"), availability);
  put($("detail-activity"), activity === availability ? "" : activity);
  put($("detail-why"), why);
  put($("detail-next"), nextChange ? `Time makes it ${pair(nextChange)} at ${when(nextChange.at)}.` : "Time alone does not change it.");
  $("sessions").replaceChildren(...explanation.sessions.map(session));
  $("no-sessions").hidden = count > 0 && count === explanation.sessions.length;
  put($("no-sessions"), count ? `And ${count - explanation.sessions.length} more.` : "None.");
  const ends = (at) => (at ? `until ${when(at)}` : "without end");
  const force = preference?.inForce ? "in force" : "waits for a session";
  put($("detail-preference"), preference ? `${pair(preference)}: ${force}, ${ends(preference.ends)}` : "none");
  put($("detail-message"), statusMessage ? `${statusMessage.content} (${ends(statusMessage.ends)})` : "none");
  const reply = calendar.outOfOffice;
  put($("detail-out"), reply ? `yes${reply.message ? `: ${reply.message}` : ""}` : "no");
  put($("detail-location"), place(explanation.workLocation) || "none");
  put($("detail-version"), explanation.sequenceNumber);
  put($("meeting"), calendar.inMeeting ? "End the meeting" : "Start a meeting");
  const seen = `${id} ${availability}/${activity}`;
  if (last !== undefined && last !== seen && last.startsWith(id)) say(`${id} is now ${pair(explanation)}.`);
  last = seen;
}

function session({ holder, sessionId, standing, hasFaded, setAt, changes, ...said }) {
  const item = element("li", undefined, standing === "shown" ? "wins" : "");
  const names = { teamsClient: "Teams client", meeting: "Meeting in the calendar", application: `Application ${sessionId}` };
  item.append(element("strong", names[holder]));
  item.append(element("p", `${pair(said)}${hasFaded ? ", faded from Available" : ""}: ${STANDINGS[standing]}`));
  const times = [setAt && `Set at ${when(setAt)}`, changes.length && `then ${steps(changes)}`].filter(Boolean);
  if (times.length) item.append(element("p", times.join("; "), "quiet"));
  return item;
}

function showRequests(requests) {
  $("no-requests").hidden = requests.length > 0;
  $("requests").replaceChildren(...requests.map((request) => {
    const row = element("tr");
    const caller = request.user ?? request.application ?? "nobody";
    row.append(
      element("td", String(request.number), "number"),
      element("td", time(request.at), "number"),
      element("td", String(request.status), request.status >= 400 ? "failed" : ""),
      element("td", request.operation),
      element("td", `${request.method} ${request.path}`, "path"),
      element("td", caller.slice(0, 8), "number"),
      element("td", request.faults.join(", ")),
    );
    row.children[5].title = caller;
    return row;
  }));
}

/** The kind of fault with this name. */
function faultKind(name) {
  return view.service.faultKinds.find(({ kind }) => kind === name);
}

/** The number of a fault, wherever it stands. */
function amountOf(value) {
  if (typeof value === "number") return value;
  return Object.values(value ?? {}).filter((part) => typeof part !== "string").map(amountOf).find((part) => part !== undefined);
}

function showFaults({ count, value }) {
  $("no-faults").hidden = count > 0;
  $("remove-all").hidden = count === 0;
  $("faults").replaceChildren(...value.map(({ id, rule, injected }) => {
    const { label } = faultKind(rule.fault.kind);
    const amount = amountOf(rule.fault);
    const words = [
      amount === undefined ? label : `${label} (${amount})`,
      rule.operation ?? "any operation",
      rule.user && `only ${rule.user}`,
      rule.probability < 1 && `${Math.round(rule.probability * 100)} %`,
      `injected ${injected}${rule.times ? ` of ${rule.times}` : ""} times`,
    ];
    const item = element("li");
    const button = element("button", "Remove", "small");
    button.type = "button";
    button.setAttribute("aria-label", `Remove fault ${id}`);
    button.addEventListener("click", () => act(`Fault ${id} is removed.`, () => control("DELETE", `/faults/${id}`)));
    item.append(element("span", words.filter(Boolean).join(", ")), button);
    return item;
  }));
}

// What the board does

/** Does something, and says so, or why it was not done. */
async function act(said, work) {
  try {
    const outcome = await work();
    say(said);
    return outcome;
  } catch (error) {
    say(`Not done: ${error.message}`, true);
    return undefined;
  }
}

async function send(method, path, body, headers = {}) {
  if (body !== undefined) headers["Content-Type"] = "application/json";
  const response = await fetch(path, { method, headers, body: body === undefined ? undefined : JSON.stringify(body) });
  const text = await response.text();
  const json = text && response.headers.get("Content-Type")?.includes("json") ? JSON.parse(text) : undefined;
  if (!response.ok) throw new Error(`${response.status} ${json?.error?.message ?? ""}`.trim());
  return json;
}

function control(method, path, body) {
  const tenant = wanted.tenant && path.startsWith("/users/") ? `?tenant=${wanted.tenant}` : "";
  return send(method, `/_emulator${path}${tenant}`, body);
}

/** Does to the chosen person what an application does, over the API and with all that may befall it there. */
async function asApplication(action, body) {
  const tenant = wanted.tenant ?? view.service.tenant;
  const { token } = await control("POST", "/tokens", { application: APPLICATION, tenant });
  const authorization = { Authorization: `Bearer ${token}` };
  return send("POST", `/v1.0/users/${wanted.user}/presence/${action}`, { sessionId: APPLICATION, ...body }, authorization);
}

/** Writes the calendar as it is but for a change. */
function calendar(change) {
  return control("PUT", `/users/${wanted.user}/calendar`, { ...view.user.explanation.calendar, ...change });
}

/** `crypto.randomUUID` is only there for pages from this machine. */
function randomId() {
  const digits = Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, "0"));
  return digits.join("").replace(/^(.{8})(.{4})(.{4})(.{4})/, "$1-$2-$3-$4-");
}

function choose(user) {
  want({ user });
  showUsers(view.users);
  view.user = null;
  showUser(null);
  if (user) $("user").focus();
}

function on(id, event, handle) {
  $(id).addEventListener(event, (happening) => {
    happening.preventDefault();
    handle(happening);
  });
}

on("advance", "submit", ({ submitter }) => {
  const { by } = submitter.dataset;
  act(`The clock is advanced by ${submitter.textContent.slice(1)}.`, () => control("POST", "/clock/advance", { by }));
});
on("reset", "click", () => $("sure").showModal());
on("not-sure", "click", () => $("sure").close());
on("do-reset", "click", () => {
  $("sure").close();
  act("Everything is forgotten.", () => control("POST", "/reset"));
});
on("tenant", "change", ({ target }) => {
  want({ tenant: target.value === view.service.tenant ? null : target.value, user: null, page: 0 });
});

let typing;
on("search", "input", ({ target }) => {
  clearTimeout(typing);
  typing = setTimeout(() => want({ search: target.value.trim(), page: 0 }), SEARCH_DELAY);
});
on("find", "submit", () => {
  clearTimeout(typing);
  want({ search: $("search").value.trim(), page: 0 });
});
on("add", "submit", async () => {
  const id = $("new-user").value.trim().toLowerCase() || randomId();
  const tenant = wanted.tenant ?? view.service.tenant;
  await act(`${id} is known.`, async () => {
    await control("POST", "/users", { tenant, users: [{ id }] });
    $("new-user").value = "";
    choose(id);
  });
});
on("previous", "click", () => want({ page: wanted.page - 1 }));
on("next", "click", () => want({ page: wanted.page + 1 }));
on("close", "click", () => {
  const row = rows.get(wanted.user);
  choose(null);
  row?.querySelector("button").focus();
});

on("sign-in", "submit", () => {
  const [availability, activity] = $("state").value.split("/");
  const said = `The Teams client of ${wanted.user} is signed in: ${pair({ availability, activity })}.`;
  act(said, () => control("PUT", `/users/${wanted.user}/teams`, { availability, activity }));
});
on("sign-out", "click", () => {
  act(`The Teams client of ${wanted.user} is signed out.`, () => control("DELETE", `/users/${wanted.user}/teams`));
});
on("start-call", "click", () => {
  const call = { availability: "Busy", activity: "InACall", expirationDuration: "PT1H" };
  act(`An application has started a call with ${wanted.user}.`, () => asApplication("setPresence", call));
});
on("end-call", "click", () => {
  act(`The application has ended its call with ${wanted.user}.`, () => asApplication("clearPresence"));
});
on("out-of-office", "submit", () => {
  const message = $("reply").value.trim() || null;
  act(`${wanted.user} is out of office.`, () => calendar({ outOfOffice: { message } }));
});
on("back-in-office", "click", () => {
  act(`${wanted.user} is back in the office.`, () => calendar({ outOfOffice: null }));
});
on("meeting", "click", () => {
  const inMeeting = !view.user.explanation.calendar.inMeeting;
  act(`A meeting of ${wanted.user} ${inMeeting ? "goes on" : "is over"}.`, () => calendar({ inMeeting }));
});
on("forget-requests", "click", () => act("The requests are forgotten.", () => control("DELETE", "/requests")));

function showKind() {
  const { parameter } = faultKind($("kind").value);
  $("amount-field").hidden = !parameter;
  $("amount").disabled = !parameter;
  if (!parameter) return;
  put($("amount-label"), parameter.label);
  Object.assign($("amount"), { min: parameter.min, max: parameter.max ?? "", value: parameter.default });
}
on("kind", "change", showKind);
on("inject", "submit", () => {
  const { kind, parameter } = faultKind($("kind").value);
  // The number stands where its path says, in an object for each step.
  const amount = parameter?.path.reduceRight((value, name) => ({ [name]: value }), $("amount").valueAsNumber);
  const rule = { fault: { kind, ...amount }, probability: $("share").valueAsNumber / 100 };
  if ($("operation").value) rule.operation = $("operation").value;
  if ($("times").value) rule.times = $("times").valueAsNumber;
  if ($("only").checked && wanted.user) rule.user = wanted.user;
  act("The fault is in force.", () => control("POST", "/faults", rule));
});
on("remove-all", "click", () => act("All faults are removed.", () => control("DELETE", "/faults")));

// A page that nobody sees keeps no connection: a browser has few of them for one server.
document.addEventListener("visibilitychange", listen);

$("search").value = wanted.search;
listen();
