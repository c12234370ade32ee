// @microsoft/msgraph-sdk: the typed client that Kiota generates.

import { AzureIdentityAuthenticationProvider } from "@microsoft/kiota-authentication-azure";
import { Duration } from "@microsoft/kiota-abstractions";
import { createGraphServiceClient, GraphRequestAdapter } from "@microsoft/msgraph-sdk";
import "@microsoft/msgraph-sdk-subscriptions";
import "@microsoft/msgraph-sdk-users";

import { tell } from "./story.mjs";

const duration = ({ minutes, ...body }) =>
  minutes ? { ...body, expirationDuration: new Duration({ minutes }) } : body;

function connect(baseUrl, credential) {
  const { host, hostname } = new URL(baseUrl);
  const scopes = ["https://graph.microsoft.com/.default"];
  const adapter = new GraphRequestAdapter(
    new AzureIdentityAuthenticationProvider(credential, scopes, undefined, new Set([host, hostname])),
  );
  adapter.baseUrl = baseUrl;
  const client = createGraphServiceClient(adapter);
  const presence = (item) => ({
    get: (select) => item.presence.get(select && { queryParameters: { select } }),
    setPresence: (body) => item.presence.setPresence.post(duration(body)),
    clearPresence: (body) => item.presence.clearPresence.post(body),
    setUserPreferredPresence: (body) => item.presence.setUserPreferredPresence.post(duration(body)),
    clearUserPreferredPresence: () => item.presence.clearUserPreferredPresence.post(),
    setStatusMessage: (body) => item.presence.setStatusMessage.post(body),
    setAutomaticLocation: (body) => item.presence.setAutomaticLocation.post(body),
    setManualLocation: (body) => item.presence.setManualLocation.post(body),
    clearAutomaticLocation: () => item.presence.clearAutomaticLocation.post(),
    clearLocation: () => item.presence.clearLocation.post(),
  });
  return {
    presences: {
      me: () => presence(client.me),
      user: (id) => presence(client.users.byUserId(id)),
    },
    subscriptions: {
      create: (wanted) => client.subscriptions.post(wanted),
      list: async () => (await client.subscriptions.get()).value,
      get: (id) => client.subscriptions.bySubscriptionId(id).get(),
      update: (id, change) => client.subscriptions.bySubscriptionId(id).patch(change),
      reauthorize: (id) => client.subscriptions.bySubscriptionId(id).reauthorize.post(),
      delete: (id) => client.subscriptions.bySubscriptionId(id).delete(),
    },
  };
}

const failure = ({ responseStatusCode, errorEscaped }) =>
  responseStatusCode && { status: responseStatusCode, code: errorEscaped?.code ?? null };

await tell({ connect, failure });
