//! The presence of many people as CSV, 650 in a request.

use std::collections::HashMap;
use std::error::Error;

use graph_presence::{AccessToken, Client, GetPresences, Presence, UserId};
use graph_presence_emulator::{Caller, Emulator, Guid};

const REPORT: &str = "5c2a8f0e-3b1d-4d5e-9f6a-7b8c9d0e1f2a";

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn Error>> {
    let team: Vec<String> = (0..1000).map(|number| format!("{number:08x}-7ef5-42da-9069-724602c31f6b")).collect();
    let emulator = Emulator::start().await?;
    for person in team.iter().step_by(3) {
        emulator.sign_in(Guid::parse(person)?, "Available", "Available");
    }
    for person in team.iter().step_by(5) {
        emulator.sign_in(Guid::parse(person)?, "Busy", "InAMeeting");
    }
    let token = AccessToken::new(emulator.token(Caller::application(Guid::parse(REPORT)?)));
    let client = Client::builder(token).base_url(emulator.url()).build()?;

    let ids = team.iter().map(|id| UserId::parse(id)).collect::<Result<Vec<_>, _>>()?;
    let mut presences: HashMap<UserId, Presence> = HashMap::new();
    for some in ids.chunks(GetPresences::MAX_IDS) {
        let answered = client.presences(some.iter().cloned()).send().await?;
        presences.extend(answered.into_iter().filter_map(|presence| Some((presence.id.clone()?, presence))));
    }

    println!("id,availability,activity");
    // In the order that was asked for: the service promises none.
    for id in &ids {
        match presences.get(id) {
            Some(presence) => println!("{},{},{}", id.as_str(), presence.availability, presence.activity),
            None => println!("{},,", id.as_str()),
        }
    }
    Ok(())
}
