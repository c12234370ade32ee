//! Writes the presences of all users of a tenant as CSV. Results are streamed, so that memory use stays low.

use std::error::Error;
use std::io::{self, BufWriter, Write};

use graph_presence::{AccessToken, Client, UserId};
use graph_presence_emulator::{Caller, Emulator, Guid};

const APPLICATION: &str = "5c2a8f0e-3b1d-4d5e-9f6a-7b8c9d0e1f2a";
const USERS: u32 = 5000;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn Error>> {
    let ids = || (0..USERS).map(|number| format!("{number:08x}-7ef5-42da-9069-724602c31f6b"));
    let emulator = Emulator::start().await?;
    for user in ids().step_by(3) {
        emulator.sign_in(Guid::parse(&user)?, "Available", "Available");
    }
    for user in ids().step_by(5) {
        emulator.sign_in(Guid::parse(&user)?, "Busy", "InAMeeting");
    }
    let token = AccessToken::new(emulator.token(Caller::application(Guid::parse(APPLICATION)?)));
    let client = Client::builder(token).base_url(emulator.url()).build()?;

    let users = ids().map(|id| UserId::parse(&id)).collect::<Result<Vec<_>, _>>()?;
    let mut csv = BufWriter::new(io::stdout().lock());
    writeln!(csv, "id,availability,activity")?;
    let mut stream = client.presences(&users).stream();
    while let Some(chunk) = stream.next().await {
        for id in chunk.missing() {
            writeln!(csv, "{id},,")?;
        }
        match chunk.result {
            Ok(presences) => {
                for presence in presences {
                    let id = presence.id.map_or_else(String::new, |id| id.to_string());
                    writeln!(csv, "{id},{},{}", presence.availability, presence.activity)?;
                }
            }
            Err(error) => eprintln!("failed to read {} users: {error}", chunk.ids.len()),
        }
        eprintln!("{} of {USERS} users", stream.progress().completed);
    }
    csv.flush()?;
    Ok(())
}
