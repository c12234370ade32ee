"use strict";

// All displayed values come from requests, so they are set as text, never as markup.

const $ = (id) => document.getElementById(id);

const PAGE_SIZE = 25;
// In milliseconds.
const SEARCH_DELAY = 150;
const RETRY_DELAY = 2_000;
const HIGHLIGHT_DURATION = 600;
const NOTIFICATION_DURATION = 8_000;
/** The application with which the board calls the API. */
const APPLICATION = "22553876-f5ab-4529-bffb-cfe50aa89f87";

const DOTS = {
  Available: "available", AvailableIdle: "available",
  Busy: "busy", BusyIdle: "busy",
  DoNotDisturb: "donotdisturb",
  Away: "away", BeRightBack: "away",
  Offline: "offline",
};

const OUTCOMES = {
  shown: "visible",
  overridden: "overridden by the preferred presence",
  outranked: "outranked by another session",
  superseded: "superseded by a session that was set later",
  yields: "superseded by a session of the same rank",
};

/** The last content from the server, by its parts. */
const view = {};

const initialQuery = new URLSearchParams(location.search);
/** What the page shows: search, page, tenant and selected user. */
const options = {
  search: initialQuery.get("search") ?? "",
  page: Math.max(0, Number.parseInt(initialQuery.get("page") ?? "1", 10) - 1 || 0),
  tenant: initialQuery.get("tenant"),
  user: initialQuery.get("user"),
};

// Formatting

function setText(node, text) {
  if (node.textContent !== text) node.textContent = text;
}

function element(name, text, className) {
  const node = document.createElement(name);
  if (text !== undefined) node.textContent = text;
  if (className) node.className = className;
  return node;
}

let notificationTimer;

/** Shows a notification. Errors stay; others disappear, because the page shows their effect too. */
function notify(text, isError = false) {
  clearTimeout(notificationTimer);
  $("notification").dataset.state = isError ? "error" : "success";
  $("notification").textContent = text;
  if (!isError) notificationTimer = setTimeout(() => setText($("notification"), ""), NOTIFICATION_DURATION);
}

/** Shortens the ids in a sentence. */
function shortenIds(text) {
  return text.replace(/\b([0-9a-f]{8})-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\b/g, "$1");
}

function formatPair({ availability, activity }) {
  return availability === activity ? availability : `${availability}, ${activity}`;
}

function formatDate(at) {
  return new Date(at).toISOString().slice(0, 10);
}

function formatTime(at) {
  return new Date(at).toISOString().slice(11, 19);
}

/** Formats an instant with its distance from the emulator's time. The date is omitted if it is the current date. */
function formatInstant(at) {
  const now = view.clock.now;
  const seconds = Math.round((Date.parse(at) - Date.parse(now)) / 1_000);
  const instant = formatDate(at) === formatDate(now) ? formatTime(at) : `${formatDate(at)} ${formatTime(at)}`;
  return `${instant} (${formatDistance(seconds)})`;
}

function formatDistance(seconds) {
  const size = Math.abs(seconds);
  const units = [[86_400, "d"], [3_600, "h"], [60, "min"], [1, "s"]];
  const index = units.findIndex(([unit]) => size >= unit);
  if (index < 0) return "now";
  const [unit, name] = units[index];
  let text = `${Math.floor(size / unit)} ${name}`;
  const [smaller, smallerName] = units[index + 1] ?? [0, ""];
  const rest = smaller && Math.floor((size % unit) / smaller);
  if (rest) text += ` ${rest} ${smallerName}`;
  return seconds < 0 ? `${text} ago` : `in ${text}`;
}

function formatChanges(changes) {
  return changes.map((change) => `${change.availability ? formatPair(change) : "expires"} at ${formatInstant(change.at)}`).join("; ");
}

function showDot(svg, availability) {
  const kind = DOTS[availability] ?? "other";
  svg.dataset.kind = kind;
  svg.querySelector("use").setAttribute("href", `#dot-${kind}`);
}

function formatLocation({ source, workLocationType, placeId }) {
  if (source === "none") return "";
  return `${workLocationType}${placeId ? `, ${placeId}` : ""} (${source})`;
}

// Display

let source;
let retryTimer;

function listen() {
  source?.close();
  clearTimeout(retryTimer);
  if (document.hidden) return;
  const query = new URLSearchParams({ search: options.search, skip: options.page * PAGE_SIZE, top: PAGE_SIZE });
  if (options.tenant) query.set("tenant", options.tenant);
  if (options.user) query.set("user", options.user);
  source = new EventSource(`/_emulator/board/events?${query}`);
  source.onopen = () => showConnection("live", "Live");
  source.onerror = () => {
    showConnection("disconnected", "Connection lost. Reconnecting…");
    if (source.readyState === EventSource.CLOSED) retryTimer = setTimeout(listen, RETRY_DELAY);
  };
  source.onmessage = (event) => show(JSON.parse(event.data));
}

function showConnection(state, text) {
  $("connection").dataset.state = state;
  setText($("connection"), text);
}

/** Changes what the page shows, and reconnects with it. */
function updateOptions(change) {
  Object.assign(options, change);
  const query = new URLSearchParams();
  if (options.search) query.set("search", options.search);
  if (options.page) query.set("page", options.page + 1);
  if (options.tenant) query.set("tenant", options.tenant);
  if (options.user) query.set("user", options.user);
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
  setText($("now"), `${formatDate(now)} ${formatTime(now)} UTC`);
  $("advance").hidden = !isStepped;
  $("clock-running").hidden = isStepped;
}

function showService() {
  const { version, cloud, tenant, tenants, operations, faultKinds } = view.service;
  setText($("about"), `${cloud} cloud, version ${version}`);
  setChoices($("tenant"), tenants.map((id) => [id, id]), options.tenant ?? tenant);
  $("tenant-field").hidden = tenants.length < 2;
  setChoices($("operation"), [["", "any"], ...operations.map((name) => [name, name])], $("operation").value);
  const selected = $("kind").value || faultKinds[0].kind;
  setChoices($("kind"), faultKinds.map(({ kind, label }) => [kind, label]), selected);
  if (!$("amount-label").textContent) showKind();
}

function setChoices(select, values, selected) {
  select.replaceChildren(...values.map(([value, text]) => new Option(text, value, false, value === selected)));
}

const rows = new Map();

function showUsers({ count, skip, value }) {
  if (skip >= count && skip > 0) {
    updateOptions({ page: Math.max(0, Math.ceil(count / PAGE_SIZE) - 1) });
    return;
  }
  const body = $("rows");
  const ids = new Set(value.map((user) => user.id));
  for (const [id, row] of rows) {
    if (!ids.has(id)) {
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
  setText($("range"), `${first.toLocaleString("en")}–${(skip + value.length).toLocaleString("en")} of ${count.toLocaleString("en")}`);
  $("previous").disabled = skip === 0;
  $("next").disabled = skip + value.length >= count;
  $("no-users").hidden = count > 0;
  setText($("no-users"), options.search ? "No users found" : "No users yet. Add a user, or issue a token for one.");
}

function newRow(id) {
  const row = $("row").content.cloneNode(true).firstElementChild;
  const button = row.querySelector("button");
  button.textContent = id;
  button.addEventListener("click", () => selectUser(options.user === id ? null : id));
  rows.set(id, row);
  return row;
}

function showRow(row, user) {
  const part = (name) => row.querySelector(name);
  const presence = `${user.availability}/${user.activity}`;
  if (row.dataset.presence !== undefined && row.dataset.presence !== presence) highlight(row);
  row.dataset.presence = presence;
  const isSelected = options.user === user.id;
  row.classList.toggle("selected", isSelected);
  part("button").setAttribute("aria-pressed", isSelected);
  showDot(part(".dot"), user.availability);
  setText(part(".availability"), user.availability);
  setText(part(".activity"), user.activity === user.availability ? "" : user.activity);
  part(".tag").hidden = !user.isOutOfOffice;
  setText(part(".reason"), shortenIds(user.reason));
  const next = user.nextChange;
  setText(part(".next"), next ? `Then ${formatPair(next)} at ${formatInstant(next.at)}` : "");
  setText(part(".message"), user.message ?? "");
  setText(part(".location"), formatLocation(user.workLocation));
  setText(part(".count"), formatCounts(user.sessions));
}

function highlight(row) {
  row.classList.add("changed");
  setTimeout(() => row.classList.remove("changed"), HIGHLIGHT_DURATION);
}

function formatCounts({ teamsClient, meeting, application }) {
  const parts = [];
  if (teamsClient) parts.push("Teams client");
  if (meeting) parts.push("meeting");
  if (application) parts.push(application === 1 ? "1 application" : `${application} applications`);
  return parts.join(", ") || "none";
}

let lastPresence;

function showUser(user) {
  const id = options.user;
  setText($("user"), id ?? "No user selected");
  $("user").classList.toggle("id", Boolean(id));
  $("close").hidden = !id;
  $("only-selected").disabled = !id;
  $("detail").hidden = !user;
  $("hint").hidden = Boolean(user);
  setText($("hint"), id ? "This user is unknown. The presence is PresenceUnknown." : "Select a user to see the reason for their presence and to change it.");
  if (!user) {
    lastPresence = undefined;
    return;
  }
  const { explanation, sessionCount } = user;
  const { availability, activity, reason, nextChange, preferredPresence: preferred, statusMessage, calendar } = explanation;
  showDot($("detail").querySelector(".dot"), availability);
  setText($("detail-availability"), availability);
  setText($("detail-activity"), activity === availability ? "" : activity);
  setText($("detail-reason"), reason);
  setText($("detail-next"), nextChange ? `Changes to ${formatPair(nextChange)} at ${formatInstant(nextChange.at)}.` : "Does not change by itself.");
  $("sessions").replaceChildren(...explanation.sessions.map(sessionItem));
  $("no-sessions").hidden = sessionCount > 0 && sessionCount === explanation.sessions.length;
  setText($("no-sessions"), sessionCount ? `${sessionCount - explanation.sessions.length} more` : "No sessions");
  const expiry = (at) => (at ? `until ${formatInstant(at)}` : "does not expire");
  const status = preferred?.isActive ? "active" : "inactive without a session";
  setText($("detail-preference"), preferred ? `${formatPair(preferred)}: ${status}, ${expiry(preferred.expiresAt)}` : "none");
  setText($("detail-message"), statusMessage ? `${statusMessage.content} (${expiry(statusMessage.expiresAt)})` : "none");
  const reply = calendar.outOfOffice;
  setText($("detail-out-of-office"), reply ? `yes${reply.message ? `: ${reply.message}` : ""}` : "no");
  setText($("detail-location"), formatLocation(explanation.workLocation) || "none");
  setText($("detail-sequence-number"), explanation.sequenceNumber);
  setText($("meeting"), calendar.inMeeting ? "End meeting" : "Start meeting");
  const presence = `${id} ${availability}/${activity}`;
  if (lastPresence !== undefined && lastPresence !== presence && lastPresence.startsWith(id)) notify(`${id} is now ${formatPair(explanation)}.`);
  lastPresence = presence;
}

function sessionItem({ kind, sessionId, outcome, hasFaded, setAt, nextChanges, ...presence }) {
  const item = element("li", undefined, outcome === "shown" ? "shown" : "");
  const names = { teamsClient: "Teams client", meeting: "Meeting in the calendar", application: `Application ${sessionId}` };
  item.append(element("strong", names[kind]));
  item.append(element("p", `${formatPair(presence)}${hasFaded ? ", faded from Available" : ""}: ${OUTCOMES[outcome]}`));
  const times = [setAt && `Set at ${formatInstant(setAt)}`, nextChanges.length && `then ${formatChanges(nextChanges)}`].filter(Boolean);
  if (times.length) item.append(element("p", times.join("; "), "muted"));
  return item;
}

function showRequests(requests) {
  $("no-requests").hidden = requests.length > 0;
  $("requests").replaceChildren(...requests.map((request) => {
    const row = element("tr");
    const caller = request.user ?? request.application ?? "unknown";
    row.append(
      element("td", String(request.number), "number"),
      element("td", formatTime(request.at), "number"),
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

/** Returns the kind of fault with this name. */
function faultKind(name) {
  return view.service.faultKinds.find(({ kind }) => kind === name);
}

/** Returns the number in a fault, at any depth. */
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
    const parts = [
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
    button.addEventListener("click", () => act(`Fault ${id} was removed.`, () => control("DELETE", `/faults/${id}`)));
    item.append(element("span", parts.filter(Boolean).join(", ")), button);
    return item;
  }));
}

// Actions

/** Performs an action, and shows a notification of its success or failure. */
async function act(message, action) {
  try {
    const result = await action();
    notify(message);
    return result;
  } catch (error) {
    notify(`Failed: ${error.message}`, true);
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
  const tenant = options.tenant && path.startsWith("/users/") ? `?tenant=${options.tenant}` : "";
  return send(method, `/_emulator${path}${tenant}`, body);
}

/** Calls an action of the API for the selected user as an application. Faults are injected into the request, too. */
async function callAsApplication(action, body) {
  const tenant = options.tenant ?? view.service.tenant;
  const { token } = await control("POST", "/tokens", { application: APPLICATION, tenant });
  const authorization = { Authorization: `Bearer ${token}` };
  return send("POST", `/v1.0/users/${options.user}/presence/${action}`, { sessionId: APPLICATION, ...body }, authorization);
}

/** Updates properties of the calendar of the selected user. */
function updateCalendar(change) {
  return control("PUT", `/users/${options.user}/calendar`, { ...view.user.explanation.calendar, ...change });
}

/** `crypto.randomUUID` is not available to pages that another machine opens over HTTP. */
function randomId() {
  const digits = Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, "0"));
  return digits.join("").replace(/^(.{8})(.{4})(.{4})(.{4})/, "$1-$2-$3-$4-");
}

function selectUser(user) {
  updateOptions({ user });
  showUsers(view.users);
  view.user = null;
  showUser(null);
  if (user) $("user").focus();
}

function on(id, type, handle) {
  $(id).addEventListener(type, (event) => {
    event.preventDefault();
    handle(event);
  });
}

on("advance", "submit", ({ submitter }) => {
  const { by } = submitter.dataset;
  act(`The clock was advanced by ${submitter.textContent.slice(1)}.`, () => control("POST", "/clock/advance", { by }));
});
on("reset", "click", () => $("confirm-reset").showModal());
on("cancel-reset", "click", () => $("confirm-reset").close());
on("do-reset", "click", () => {
  $("confirm-reset").close();
  act("The emulator was reset.", () => control("POST", "/reset"));
});
on("tenant", "change", ({ target }) => {
  updateOptions({ tenant: target.value === view.service.tenant ? null : target.value, user: null, page: 0 });
});

let searchTimer;
on("search", "input", ({ target }) => {
  clearTimeout(searchTimer);
  searchTimer = setTimeout(() => updateOptions({ search: target.value.trim(), page: 0 }), SEARCH_DELAY);
});
on("find", "submit", () => {
  clearTimeout(searchTimer);
  updateOptions({ search: $("search").value.trim(), page: 0 });
});
on("add", "submit", async () => {
  const id = $("new-user").value.trim().toLowerCase() || randomId();
  const tenant = options.tenant ?? view.service.tenant;
  await act(`${id} was added.`, async () => {
    await control("POST", "/users", { tenant, users: [{ id }] });
    $("new-user").value = "";
    selectUser(id);
  });
});
on("previous", "click", () => updateOptions({ page: options.page - 1 }));
on("next", "click", () => updateOptions({ page: options.page + 1 }));
on("close", "click", () => {
  const row = rows.get(options.user);
  selectUser(null);
  row?.querySelector("button").focus();
});

on("sign-in", "submit", () => {
  const [availability, activity] = $("state").value.split("/");
  const message = `The Teams client of ${options.user} was signed in: ${formatPair({ availability, activity })}.`;
  act(message, () => control("PUT", `/users/${options.user}/teams`, { availability, activity }));
});
on("sign-out", "click", () => {
  act(`The Teams client of ${options.user} was signed out.`, () => control("DELETE", `/users/${options.user}/teams`));
});
on("start-call", "click", () => {
  const call = { availability: "Busy", activity: "InACall", expirationDuration: "PT1H" };
  act(`An application started a call with ${options.user}.`, () => callAsApplication("setPresence", call));
});
on("end-call", "click", () => {
  act(`The application ended its call with ${options.user}.`, () => callAsApplication("clearPresence"));
});
on("out-of-office", "submit", () => {
  const message = $("automatic-reply").value.trim() || null;
  act(`Out of office was turned on for ${options.user}.`, () => updateCalendar({ outOfOffice: { message } }));
});
on("back-in-office", "click", () => {
  act(`Out of office was turned off for ${options.user}.`, () => updateCalendar({ outOfOffice: null }));
});
on("meeting", "click", () => {
  const inMeeting = !view.user.explanation.calendar.inMeeting;
  act(`A meeting of ${options.user} was ${inMeeting ? "started" : "ended"}.`, () => updateCalendar({ inMeeting }));
});
on("clear-requests", "click", () => act("The request log was cleared.", () => control("DELETE", "/requests")));

function showKind() {
  const { parameter } = faultKind($("kind").value);
  $("amount-field").hidden = !parameter;
  $("amount").disabled = !parameter;
  if (!parameter) return;
  setText($("amount-label"), parameter.label);
  Object.assign($("amount"), { min: parameter.min, max: parameter.max ?? "", value: parameter.default });
}
on("kind", "change", showKind);
on("inject", "submit", () => {
  const { kind, parameter } = faultKind($("kind").value);
  // Nests the number in an object for each segment of its path.
  const amount = parameter?.path.reduceRight((value, name) => ({ [name]: value }), $("amount").valueAsNumber);
  const rule = { fault: { kind, ...amount }, probability: $("probability").valueAsNumber / 100 };
  if ($("operation").value) rule.operation = $("operation").value;
  if ($("times").value) rule.times = $("times").valueAsNumber;
  if ($("only-selected").checked && options.user) rule.user = options.user;
  act("The fault was activated.", () => control("POST", "/faults", rule));
});
on("remove-all", "click", () => act("All faults were removed.", () => control("DELETE", "/faults")));

// A hidden page closes its connection, because browsers limit the connections to a server.
document.addEventListener("visibilitychange", listen);

$("search").value = options.search;
listen();
