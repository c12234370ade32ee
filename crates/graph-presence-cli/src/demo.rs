//! `presence demo`: reads and sets presence against an emulator.

use std::io::Write;
use std::time::Duration;

use anyhow::Result;
use graph_presence::{AccessToken, Client, Expiration, Presence, SessionId, SessionState, StatusMessage, UserId};
use graph_presence_emulator::{Caller, Emulator, Guid, SteppedClock};
use jiff::{Timestamp, Zoned};

/// The client id of the phone system.
const APPLICATION: &str = "22553876-f5ab-4529-bffb-cfe50aa89f87";
const ADA: &str = "fa8bf3dc-eca7-46b7-bad1-db199b62afc3";
const BOB: &str = "66825e03-7ef5-42da-9069-724602c31f6b";

pub(crate) async fn run(output: &mut impl Write) -> Result<()> {
    let noon: Timestamp = "2026-11-20T12:00:00Z".parse()?;
    let clock = SteppedClock::new(noon);
    let emulator = Emulator::builder().clock(clock.clone()).start().await?;
    let client = |caller| {
        Client::builder(AccessToken::new(emulator.token(caller)))
            .base_url(emulator.url())
            .session_id(SessionId::parse(APPLICATION)?)
            .build()
    };
    let phone_system = client(Caller::application(Guid::parse(APPLICATION)?))?;
    let ada = client(Caller::user(Guid::parse(ADA)?))?;
    let bob = client(Caller::user(Guid::parse(BOB)?))?;
    let id = UserId::parse(ADA)?;

    writeln!(output, "A Microsoft Graph emulator listens at {}; its clock shows {noon}.\n", emulator.url())?;

    let hour = Expiration::hours(1)?;
    phone_system.user(id).set_presence(SessionState::InACall).expires_after(hour).await?;
    writeln!(
        output,
        "The phone system sets a presence session {} for Ada, which expires after {hour}.",
        SessionState::InACall
    )?;

    let expiry: Zoned = "2026-11-20T17:00:00[Europe/Helsinki]".parse()?;
    ada.user(id).set_status_message(StatusMessage::text("Back at five")?.until(expiry)).await?;
    writeln!(output, "Ada sets a status message that expires at 17:00 in Helsinki.\n")?;

    writeln!(output, "Ada reads her own presence:")?;
    print_presence(output, &ada.me().get_presence().await?)?;
    writeln!(
        output,
        "Bob reads Ada's presence, which does not show him when the message was published and when it expires:"
    )?;
    print_presence(output, &bob.user(id).get_presence().await?)?;

    clock.advance(Duration::from_secs(3600));
    writeln!(output, "The emulator's clock is advanced by one hour, and the session expires:")?;
    print_presence(output, &ada.me().get_presence().await?)?;

    emulator.shutdown().await;
    Ok(())
}

fn print_presence(output: &mut impl Write, presence: &Presence) -> Result<()> {
    writeln!(output, "  availability    {}", presence.availability)?;
    writeln!(output, "  activity        {}", presence.activity)?;
    if let Some(message) = &presence.status_message {
        writeln!(output, "  status message  {}", message.content())?;
        if let Some(published) = message.published() {
            writeln!(output, "    published     {published}")?;
        }
        if let Some(expiry) = message.expiry() {
            writeln!(output, "    expires       {expiry}")?;
        }
    }
    writeln!(output)?;
    Ok(())
}
