// @microsoft/msgraph-sdk: makes calls of a case, whose cost `cargo xtask bench peers` measures.

import { BaseBearerTokenAuthenticationProvider } from "@microsoft/kiota-abstractions";
import { createGraphServiceClient, GraphRequestAdapter } from "@microsoft/msgraph-sdk";
import "@microsoft/msgraph-sdk-users";

const [url, token, name, calls] = process.argv.slice(2);
const tokens = { getAuthorizationToken: async () => token, getAllowedHostsValidator: () => undefined };
const adapter = new GraphRequestAdapter(new BaseBearerTokenAuthenticationProvider(tokens));
adapter.baseUrl = `${url}/v1.0`;
const client = createGraphServiceClient(adapter);
const id = "00000000-eca7-46b7-bad1-db199b62afc3";
// No package of this SDK has getPresencesByUserId.
if (name !== "get") throw new Error(`unknown case: ${name}`);
for (let call = 0; call < Number(calls); call++) {
  const presence = await client.users.byUserId(id).presence.get();
  if (presence.availability !== "Available") throw new Error("unexpected presence");
}
