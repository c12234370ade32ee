//! This crate: makes calls of a case, whose cost `cargo xtask bench peers` measures.

use graph_presence::{AccessToken, Client, UserId};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let arguments: Vec<String> = std::env::args().collect();
    let [_, url, token, case, calls] = arguments.as_slice() else { return Err("expected URL TOKEN CASE CALLS".into()) };
    // The quota of the service would slow it down.
    let quota = graph_presence::Quota::new(1_000_000, std::time::Duration::from_secs(1))?;
    let client = Client::builder(AccessToken::new(token)).base_url(url).quota(quota).build()?;
    let ids = (0..650).map(|number| UserId::parse(&format!("{number:08x}-eca7-46b7-bad1-db199b62afc3")));
    let ids = ids.collect::<Result<Vec<_>, _>>()?;
    let first = ids.first().ok_or("no id")?;
    for _ in 0..calls.parse()? {
        if case == "get" {
            std::hint::black_box(client.user(first.into()).get_presence().await?);
        } else {
            std::hint::black_box(client.presences(&ids).await?.complete()?);
        }
    }
    Ok(())
}
