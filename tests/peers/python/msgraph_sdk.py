"""msgraph-sdk: makes calls of a case, whose cost `cargo xtask bench peers` measures."""

import asyncio
import sys

from kiota_abstractions.authentication import (
    AccessTokenProvider,
    AllowedHostsValidator,
    BaseBearerTokenAuthenticationProvider,
)
from msgraph import GraphRequestAdapter, GraphServiceClient
from msgraph.generated.communications.get_presences_by_user_id.get_presences_by_user_id_post_request_body import (
    GetPresencesByUserIdPostRequestBody,
)


class FixedToken(AccessTokenProvider):
    def __init__(self, token):
        self.token = token

    async def get_authorization_token(self, uri, additional_authentication_context=None):
        return self.token

    def get_allowed_hosts_validator(self):
        return AllowedHostsValidator([])


async def main(url, token, case, calls):
    adapter = GraphRequestAdapter(BaseBearerTokenAuthenticationProvider(FixedToken(token)))
    adapter.base_url = f"{url}/v1.0"
    client = GraphServiceClient(request_adapter=adapter)
    ids = [f"{number:08x}-eca7-46b7-bad1-db199b62afc3" for number in range(650)]
    for _ in range(int(calls)):
        if case == "get":
            presence = await client.users.by_user_id(ids[0]).presence.get()
            assert presence.availability == "Available"
        else:
            body = GetPresencesByUserIdPostRequestBody(ids=ids)
            response = await client.communications.get_presences_by_user_id.post(body)
            assert len(response.value) == 650


asyncio.run(main(*sys.argv[1:]))
