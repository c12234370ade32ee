"""msgraph-sdk, the typed client that Kiota generates: what it is asked to do, and what is told of it, a line of JSON
for each operation."""

import asyncio
import json
import sys
from datetime import datetime, timedelta, timezone
from types import SimpleNamespace
from urllib.parse import urlsplit

from azure.core.credentials import AccessToken
from azure.identity import ClientSecretCredential, DeviceCodeCredential
from kiota_abstractions.api_error import APIError
from kiota_abstractions.base_request_configuration import RequestConfiguration
from kiota_authentication_azure.azure_identity_authentication_provider import AzureIdentityAuthenticationProvider
from msgraph import GraphRequestAdapter, GraphServiceClient
from msgraph.generated.communications.get_presences_by_user_id.get_presences_by_user_id_post_request_body import (
    GetPresencesByUserIdPostRequestBody,
)
from msgraph.generated.communications.presences.item.clear_presence import (
    clear_presence_post_request_body as communications_clear,
)
from msgraph.generated.communications.presences.item.set_automatic_location import (
    set_automatic_location_post_request_body as communications_automatic,
)
from msgraph.generated.communications.presences.item.set_manual_location import (
    set_manual_location_post_request_body as communications_manual,
)
from msgraph.generated.communications.presences.item.set_presence import (
    set_presence_post_request_body as communications_set,
)
from msgraph.generated.communications.presences.item.set_status_message import (
    set_status_message_post_request_body as communications_status,
)
from msgraph.generated.communications.presences.item.set_user_preferred_presence import (
    set_user_preferred_presence_post_request_body as communications_prefer,
)
from msgraph.generated.models.body_type import BodyType
from msgraph.generated.models.date_time_time_zone import DateTimeTimeZone
from msgraph.generated.models.item_body import ItemBody
from msgraph.generated.models.presence_status_message import PresenceStatusMessage
from msgraph.generated.models.subscription import Subscription
from msgraph.generated.models.work_location_type import WorkLocationType
from msgraph.generated.users.item.presence.clear_presence import clear_presence_post_request_body as user_clear
from msgraph.generated.users.item.presence.presence_request_builder import PresenceRequestBuilder
from msgraph.generated.users.item.presence.set_automatic_location import (
    set_automatic_location_post_request_body as user_automatic,
)
from msgraph.generated.users.item.presence.set_manual_location import (
    set_manual_location_post_request_body as user_manual,
)
from msgraph.generated.users.item.presence.set_presence import set_presence_post_request_body as user_set
from msgraph.generated.users.item.presence.set_status_message import (
    set_status_message_post_request_body as user_status,
)
from msgraph.generated.users.item.presence.set_user_preferred_presence import (
    set_user_preferred_presence_post_request_body as user_prefer,
)

from emulator import ADA, APPLICATION, BOB, NOBODY, Emulator, door

SCOPE = "https://graph.microsoft.com/.default"
# Each binding has classes of its own.
OF_USER = SimpleNamespace(
    set=user_set.SetPresencePostRequestBody,
    clear=user_clear.ClearPresencePostRequestBody,
    prefer=user_prefer.SetUserPreferredPresencePostRequestBody,
    status=user_status.SetStatusMessagePostRequestBody,
    automatic=user_automatic.SetAutomaticLocationPostRequestBody,
    manual=user_manual.SetManualLocationPostRequestBody,
)
OF_COMMUNICATIONS = SimpleNamespace(
    set=communications_set.SetPresencePostRequestBody,
    clear=communications_clear.ClearPresencePostRequestBody,
    prefer=communications_prefer.SetUserPreferredPresencePostRequestBody,
    status=communications_status.SetStatusMessagePostRequestBody,
    automatic=communications_automatic.SetAutomaticLocationPostRequestBody,
    manual=communications_manual.SetManualLocationPostRequestBody,
)


def instant(value):
    return value and value.astimezone(timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")


def state(presence):
    return f"{presence.availability}/{presence.activity}"


def message(presence):
    status = presence.status_message
    if not status or not status.message:
        return None
    told = {"content": status.message.content, "contentType": status.message.content_type.value}
    if expiry := status.expiry_date_time:
        told["expiry"] = f"{expiry.date_time} {expiry.time_zone}"
    if published := status.published_date_time:
        told["published"] = instant(published)
    return told


def location(presence):
    at = presence.work_location
    return at and f"{at.source.value}: {at.work_location_type.value} {at.place_id or 'anywhere'}"


def whole(presence):
    reply = presence.out_of_office_settings
    return {
        "id": presence.id,
        "state": state(presence),
        "automaticReply": bool(reply and reply.is_out_of_office) and reply.message,
        "statusMessage": message(presence),
        "location": location(presence),
        "isNumbered": bool(presence.sequence_number),
    }


def subscribed(made):
    return {
        "resource": made.resource,
        "changeType": made.change_type,
        "clientState": made.client_state,
        "applicationId": made.application_id,
        "creatorId": made.creator_id,
        "expires": instant(made.expiration_date_time),
    }


class Minted:
    """A credential that has a token already."""

    def __init__(self, token):
        self.token = token

    def get_token(self, *_, **__):
        return AccessToken(self.token, int(datetime.now().timestamp()) + 3600)


def connect(base, credential):
    provider = AzureIdentityAuthenticationProvider(
        credential, scopes=[SCOPE], allowed_hosts=[urlsplit(base).netloc, urlsplit(base).hostname]
    )
    adapter = GraphRequestAdapter(provider)
    adapter.base_url = base
    return GraphServiceClient(request_adapter=adapter)


async def outcome_of(run):
    try:
        return await run()
    except APIError as error:
        detail = getattr(error, "error", None)
        return {"error": {"status": error.response_status_code, "code": detail.code if detail else None}}
    except Exception as error:
        return {"error": f"{type(error).__name__}: {error}"}


async def operation(name, run):
    print(json.dumps({"operation": name, "outcome": await outcome_of(run)}), flush=True)


def session(kind=OF_USER, minutes=60, **changes):
    said = {"session_id": APPLICATION, "availability": "Busy", "activity": "InACall", **changes}
    return kind.set(**said, expiration_duration=f"PT{minutes}M")


def status_message(content, date_time, time_zone):
    return PresenceStatusMessage(
        message=ItemBody(content=content, content_type=BodyType.Text),
        expiry_date_time=DateTimeTimeZone(date_time=date_time, time_zone=time_zone),
    )


async def actions(emulator, binding, item, kind):
    """All that a presence has, on one of the bindings."""

    async def told(name, run, show):
        async def both():
            if run:
                await run()
            return {"presence": show(await item.get())}

        await operation(f"{binding}: {name}", both)

    emulator.begin()
    await told("get", None, whole)
    await told("setPresence", lambda: item.set_presence.post(session(kind)), state)
    await told("clearPresence", lambda: item.clear_presence.post(kind.clear(session_id=APPLICATION)), state)
    preferred = kind.prefer(
        availability="DoNotDisturb", activity="DoNotDisturb", expiration_duration="PT8H"
    )
    await told("setUserPreferredPresence", lambda: item.set_user_preferred_presence.post(preferred), state)
    await told("clearUserPreferredPresence", lambda: item.clear_user_preferred_presence.post(), state)
    status = kind.status(status_message=status_message("Back at five", "2026-01-01T17:00:00", "Pacific Standard Time"))
    await told("setStatusMessage", lambda: item.set_status_message.post(status), message)
    office = kind.automatic(work_location_type=WorkLocationType.Office, place_id="building-5")
    await told("setAutomaticLocation", lambda: item.set_automatic_location.post(office), location)
    remote = kind.manual(work_location_type=WorkLocationType.Remote)
    await told("setManualLocation", lambda: item.set_manual_location.post(remote), location)
    await told("clearAutomaticLocation", lambda: item.clear_automatic_location.post(), location)
    await told("clearLocation", lambda: item.clear_location.post(), location)


async def reading(emulator, url, front, device, ada, application):
    emulator.begin()

    def presence(client, user):
        return client.users.by_user_id(user).presence

    async def another():
        later = OF_USER.status(status_message=status_message("Later", "2026-01-02T00:00:00", "UTC"))
        await presence(ada, ADA).set_status_message.post(later)
        bob = connect(f"{front}/v1.0", Minted(emulator.token(user=BOB, application=APPLICATION)))
        return whole(await presence(bob, ADA).get())

    async def selected():
        parameters = PresenceRequestBuilder.PresenceRequestBuilderGetQueryParameters(select=["availability"])
        found = await ada.me.presence.get(RequestConfiguration(query_parameters=parameters))
        return {"id": found.id, "availability": found.availability, "activity": found.activity}

    async def beta():
        return whole(await connect(f"{front}/beta", device).me.presence.get())

    async def plain():
        return whole(await connect(f"{url}/v1.0", Minted(emulator.token(user=ADA))).me.presence.get())

    async def many():
        body = GetPresencesByUserIdPostRequestBody(ids=[ADA, BOB, NOBODY])
        found = await ada.communications.get_presences_by_user_id.post(body)
        return [f"{presence.id} {state(presence)}" for presence in found.value]

    async def by_application():
        return whole(await presence(application, BOB).get())

    async def of_nobody():
        return whole(await presence(ada, NOBODY).get())

    async def own_kind():
        body = session(activity="InAConferenceCall")
        body.expiration_duration = timedelta(minutes=5)
        await presence(application, BOB).set_presence.post(body)
        return {"presence": state(await presence(application, BOB).get())}

    await operation("get of somebody else", another)
    await operation("get by an application", by_application)
    await operation("get of nobody", of_nobody)
    await operation("get with $select", selected)
    await operation("get, beta", beta)
    await operation("get, plain http", plain)
    await operation("getPresencesByUserId", many)
    await operation("setPresence for the SDK's own kind of duration", own_kind)


async def subscriptions(emulator, ada):
    made = {}

    def wanted(resource):
        return Subscription(
            change_type="updated",
            notification_url="https://example.com/notify",
            resource=resource,
            expiration_date_time=datetime(2026, 1, 1, 10, tzinfo=timezone.utc),
            client_state="secret",
        )

    def one():
        return ada.subscriptions.by_subscription_id(made["id"])

    async def create():
        created = await ada.subscriptions.post(wanted(f"communications/presences/{BOB}"))
        made["id"] = created.id
        return subscribed(created)

    async def several():
        resource = f"communications/presences?$filter=id in ('{ADA}','{NOBODY}')"
        return subscribed(await ada.subscriptions.post(wanted(resource)))

    async def count():
        return len((await ada.subscriptions.get()).value)

    async def get():
        return subscribed(await one().get())

    async def update():
        emulator.control("POST", "/clock/advance", {"by": "PT10M"})
        later = datetime(2026, 1, 1, 10, 10, tzinfo=timezone.utc)
        return {"expires": instant((await one().patch(Subscription(expiration_date_time=later))).expiration_date_time)}

    async def reauthorize():
        await one().reauthorize.post()
        return "done"

    async def delete():
        await one().delete()
        return await count()

    await operation("subscriptions: create", create)
    await operation("subscriptions: create a second", create)
    await operation("subscriptions: create for several", several)
    await operation("subscriptions: list", count)
    await operation("subscriptions: get", get)
    await operation("subscriptions: update", update)
    await operation("subscriptions: reauthorize", reauthorize)
    await operation("subscriptions: delete", delete)
    await operation("subscriptions: get what is gone", get)


async def refusals(emulator, front, ada, application):
    mine = ada.me.presence
    limited = connect(f"{front}/v1.0", Minted(emulator.token(user=ADA, scopes=["Presence.Read"])))
    unknown = connect(f"{front}/v1.0", Minted("not-a-token"))
    ids = GetPresencesByUserIdPostRequestBody(ids=[ADA] * 651)
    for name, run in {
        "no such session": lambda: mine.clear_presence.post(OF_USER.clear(session_id=NOBODY)),
        "no session id": lambda: mine.set_presence.post(session(session_id=None)),
        "no such pair": lambda: mine.set_presence.post(session(activity="Presenting")),
        "four hours and a minute": lambda: mine.set_presence.post(session(minutes=241)),
        "somebody else's presence": lambda: ada.users.by_user_id(BOB).presence.set_presence.post(session()),
        "no permission": lambda: limited.me.presence.set_presence.post(session()),
        "location by an application": lambda: application.users.by_user_id(ADA).presence.clear_location.post(),
        "no good token": lambda: unknown.me.presence.get(),
        "me without a user": lambda: application.me.presence.get(),
        "651 ids": lambda: ada.communications.get_presences_by_user_id.post(ids),
    }.items():
        await operation(f"refused: {name}", run)


async def faults(emulator, ada):
    async def read():
        return {"presence": state(await ada.users.by_user_id(BOB).presence.get())}

    async def change():
        await ada.me.presence.set_presence.post(session())
        return {"presence": state(await ada.me.presence.get())}

    async def faulted(name, fault, run=read, **rule):
        rule = {"fault": fault, "operation": "getPresence", "times": 1, **rule}
        await operation(f"fault: {name}", lambda: emulator.under(rule, lambda: outcome_of(run)))

    again = {"kind": "throttled", "retryAfter": {"seconds": 1}}
    emulator.begin()
    await faulted("429, again in a second", again)
    await faulted("429 to a change", again, change, operation="setPresence")
    await faulted("429 for good", again, times=9)
    await faulted("503, without a word", {"kind": "status", "status": 503})
    await faulted("500", {"kind": "status", "status": 500})
    await faulted("a gateway's page", {"kind": "gateway", "status": 502})
    # Programs go by the time of their machine: so must the emulator where it names a date.
    emulator.control("PUT", "/clock", {"now": datetime.now(timezone.utc).isoformat()})
    await faulted("429, again at a date", {"kind": "throttled", "retryAfter": {"date": 2}})


async def main(url, folder):
    emulator = Emulator(url)
    front = door(emulator, folder)
    tenant = emulator.control("GET", "")["tenant"]

    prompts = []

    def approve(_, user_code, __):
        prompts.append(user_code)
        emulator.control("POST", f"/devices/{user_code}", {"user": ADA})

    authority = {"authority": front, "disable_instance_discovery": True}
    device = DeviceCodeCredential(APPLICATION, tenant_id=tenant, prompt_callback=approve, **authority)
    secret = ClientSecretCredential(tenant, APPLICATION, "any", **authority)

    def sign_in(credential):
        async def run():
            for _ in range(2):
                token = credential.get_token(SCOPE).token
            return {"token": bool(token), "prompts": len(prompts)}

        return run

    await operation("sign-in: client secret", sign_in(secret))
    await operation("sign-in: device code", sign_in(device))
    ada = connect(f"{front}/v1.0", device)
    application = connect(f"{front}/v1.0", secret)
    await actions(emulator, "me", ada.me.presence, OF_USER)
    await actions(emulator, "user", ada.users.by_user_id(ADA).presence, OF_USER)
    item = ada.communications.presences.by_presence_id(ADA)
    await actions(emulator, "communications", item, OF_COMMUNICATIONS)
    await reading(emulator, url, front, device, ada, application)
    await subscriptions(emulator, ada)
    await refusals(emulator, front, ada, application)
    await faults(emulator, ada)


asyncio.run(main(*sys.argv[1:]))
