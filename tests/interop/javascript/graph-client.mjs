// @microsoft/microsoft-graph-client: a client that is called with URLs instead of typed operations.

import { Client } from "@microsoft/microsoft-graph-client";
import azure from "@microsoft/microsoft-graph-client/authProviders/azureTokenCredentials/index.js";

import { runScenario } from "./scenario.mjs";

const duration = ({ minutes, ...body }) => (minutes ? { ...body, expirationDuration: `PT${minutes}M` } : body);

function connect(baseUrl, credential) {
  const authProvider = new azure.TokenCredentialAuthenticationProvider(credential, {
    scopes: ["https://graph.microsoft.com/.default"],
  });
  const { origin, pathname, hostname } = new URL(baseUrl);
  const client = Client.initWithMiddleware({
    authProvider,
    baseUrl: origin,
    defaultVersion: pathname.slice(1),
    customHosts: new Set([hostname]),
  });
  const presence = (path) => {
    const post = (action) => (body) => client.api(`${path}/${action}`).post(body && duration(body));
    return {
      get: (select) => (select ? client.api(path).select(select) : client.api(path)).get(),
      setPresence: post("setPresence"),
      clearPresence: post("clearPresence"),
      setUserPreferredPresence: post("setUserPreferredPresence"),
      clearUserPreferredPresence: post("clearUserPreferredPresence"),
      setStatusMessage: post("setStatusMessage"),
      setAutomaticLocation: post("setAutomaticLocation"),
      setManualLocation: post("setManualLocation"),
      clearAutomaticLocation: post("clearAutomaticLocation"),
      clearLocation: post("clearLocation"),
    };
  };
  return {
    presences: {
      me: () => presence("/me/presence"),
      user: (id) => presence(`/users/${id}/presence`),
      communications: (id) => presence(`/communications/presences/${id}`),
    },
    presencesOf: async (ids) => (await client.api("/communications/getPresencesByUserId").post({ ids })).value,
    subscriptions: {
      create: (subscription) => client.api("/subscriptions").post(subscription),
      list: async () => (await client.api("/subscriptions").get()).value,
      get: (id) => client.api(`/subscriptions/${id}`).get(),
      update: (id, change) => client.api(`/subscriptions/${id}`).patch(change),
      reauthorize: (id) => client.api(`/subscriptions/${id}/reauthorize`).post(),
      delete: (id) => client.api(`/subscriptions/${id}`).delete(),
    },
  };
}

const errorDetails = ({ statusCode, code }) => statusCode && { status: statusCode, code: code ?? null };

await runScenario({ connect, errorDetails });
