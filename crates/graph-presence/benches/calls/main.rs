//! What a call costs by this crate, and by the least code that does the same with reqwest and serde.
//!
//! `cargo bench -p graph-presence` prints a table, and ends with 1 if a request costs more than promised.

use std::hint::black_box;
use std::process::ExitCode;

use graph_presence::{AccessToken, Client, Expiration, Quota, SessionId, SessionState, UserId};
use serde_json::json;

use by_hand::{ByHand, SetPresence};
use measure::{Outcome, Table};

mod by_hand;
mod company;
mod measure;
mod server;

const ADA: &str = "fa8bf3dc-eca7-46b7-bad1-db199b62afc3";
const APPLICATION: &str = "22553876-f5ab-4529-bffb-cfe50aa89f87";
/// As long as tokens are.
const TOKEN_LENGTH: usize = 1800;
/// Building and sending a request may cost this much of what it costs by hand.
const PROMISE: Option<f64> = Some(1.15);

fn main() -> Outcome<ExitCode> {
    // The memory of this process is measured first.
    let company_kept = company::compare()?;
    let calls_kept = compare()?;
    Ok(if calls_kept && company_kept { ExitCode::SUCCESS } else { ExitCode::from(1) })
}

#[tokio::main(flavor = "current_thread")]
async fn compare() -> Outcome<bool> {
    let mut table = Table::new();

    let little = json!({"id": ADA, "availability": "Busy", "activity": "InACall"}).to_string();
    let (ours, by_hand) = both(&little)?;
    let get = async || {
        let ada = UserId::parse(ADA)?;
        black_box(ours.user(ada).get_presence().send().await?);
        Ok(())
    };
    let get_by_hand = async || {
        black_box(by_hand.get(ADA).await?);
        Ok(())
    };
    table.compare("get a presence", 200, PROMISE, get, get_by_hand).await?;

    let (ours, by_hand) = both("")?;
    let set = async || {
        let ada = ours.user(UserId::parse(ADA)?);
        ada.set_presence(SessionState::InACall).expires_after(Expiration::hours(1)?).send().await?;
        Ok(())
    };
    let set_by_hand = async || {
        let body = SetPresence {
            session_id: APPLICATION,
            availability: "Busy",
            activity: "InACall",
            expiration_duration: "PT1H",
        };
        by_hand.set(ADA, &body).await
    };
    table.compare("set a presence", 200, PROMISE, set, set_by_hand).await?;

    let (ours, by_hand) = both(&full_presence(ADA).to_string())?;
    let read = async || {
        let ada = UserId::parse(ADA)?;
        black_box(ours.user(ada).get_presence().send().await?);
        Ok(())
    };
    let read_by_hand = async || {
        black_box(by_hand.get(ADA).await?);
        Ok(())
    };
    table.compare("read one full presence", 200, None, read, read_by_hand).await?;

    let ids: Vec<String> = (0..650).map(|number| format!("{number:08x}-eca7-46b7-bad1-db199b62afc3")).collect();
    let presences: Vec<_> = ids.iter().map(|id| full_presence(id)).collect();
    let (ours, by_hand) = both(&json!({"value": presences}).to_string())?;
    let users = ids.iter().map(|id| UserId::parse(id)).collect::<Result<Vec<_>, _>>()?;
    let read_many = async || {
        black_box(ours.presences(&users).send().await?.complete()?);
        Ok(())
    };
    let read_many_by_hand = async || {
        black_box(by_hand.get_many(&ids).await?);
        Ok(())
    };
    table.compare("read 650 full presences", 4, None, read_many, read_many_by_hand).await?;

    Ok(table.kept())
}

/// A client of each kind, and a server for both with one answer.
fn both(answer: &str) -> Outcome<(Client, ByHand)> {
    let url = server::start(answer)?;
    let token = "t".repeat(TOKEN_LENGTH);
    let ours = Client::builder(AccessToken::new(&token))
        .base_url(&url)
        .session_id(SessionId::parse(APPLICATION)?)
        // It is kept, and never reached.
        .quota(Quota::new(1_000_000, std::time::Duration::from_secs(1))?)
        .build()?;
    Ok((ours, ByHand::new(&url, &token)?))
}

fn full_presence(id: &str) -> serde_json::Value {
    json!({
        "@odata.type": "#microsoft.graph.presence",
        "id": id,
        "availability": "Busy",
        "activity": "InAConferenceCall",
        "sequenceNumber": "A0129311063",
        "outOfOfficeSettings": {"isOutOfOffice": false, "message": null},
        "statusMessage": {
            "message": {"content": "In a call until five, write to me rather than ring", "contentType": "text"},
            "expiryDateTime": {"dateTime": "2026-11-20T17:00:00.0000000", "timeZone": "Pacific Standard Time"},
            "publishedDateTime": "2026-11-20T12:00:00.0000000Z",
        },
        "workLocation": {
            "workLocationType": "office",
            "source": "manual",
            "placeId": "eb706f15-137e-4722-b4d1-b601481d9251",
        },
    })
}
