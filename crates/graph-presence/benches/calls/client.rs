//! Clients of both implementations that make the same calls.

use std::hint::black_box;
use std::time::Duration;

use futures_util::{StreamExt, TryStreamExt, stream};
use graph_presence::presences::GetPresences;
use graph_presence::{AccessToken, Client, Expiration, Quota, SessionId, SessionState, UserId};
use tokio::runtime::Builder;

use crate::case::{Case, Implementation};
use crate::hand_written::{HandWritten, SetPresence};
use crate::report::Outcome;

const USER: &str = "fa8bf3dc-eca7-46b7-bad1-db199b62afc3";
const APPLICATION: &str = "22553876-f5ab-4529-bffb-cfe50aa89f87";
/// The length of a typical token of the service.
const TOKEN_LENGTH: usize = 1800;
const CONCURRENCY: usize = 4;

/// A client for one case.
pub(crate) enum CaseClient {
    Ours(Client, Vec<UserId>),
    HandWritten(HandWritten, Vec<String>),
}

/// Makes calls of a case on one thread. Runs in a separate process, whose instructions are counted.
pub(crate) fn run(case: Case, implementation: Implementation, url: &str, calls: u32) -> Outcome<()> {
    let client = CaseClient::new(case, implementation, url, case.users())?;
    Builder::new_current_thread().enable_all().build()?.block_on(client.repeat(case, calls))
}

/// Returns this crate's client. Its quota is never reached, but is kept.
pub(crate) fn ours(url: &str) -> Outcome<Client> {
    let client = Client::builder(AccessToken::new("t".repeat(TOKEN_LENGTH)))
        .base_url(url)
        .session_id(SessionId::parse(APPLICATION)?)
        .quota(Quota::new(1_000_000, Duration::from_secs(1))?);
    Ok(client.build()?)
}

pub(crate) fn user_id(number: usize) -> String {
    format!("{number:08x}-eca7-46b7-bad1-db199b62afc3")
}

impl CaseClient {
    pub(crate) fn new(case: Case, implementation: Implementation, url: &str, users: usize) -> Outcome<Self> {
        let url = format!("{url}{}", case.path());
        let ids: Vec<String> = (0..users).map(user_id).collect();
        Ok(match implementation {
            Implementation::Ours => {
                Self::Ours(ours(&url)?, ids.iter().map(|id| UserId::parse(id)).collect::<Result<_, _>>()?)
            }
            Implementation::HandWritten => Self::HandWritten(HandWritten::new(&url, &"t".repeat(TOKEN_LENGTH))?, ids),
        })
    }

    pub(crate) async fn repeat(&self, case: Case, calls: u32) -> Outcome<()> {
        for _ in 0..calls {
            self.call(case).await?;
            // Lets the connection return to the pool, as in programs that do not call again immediately.
            tokio::task::yield_now().await;
        }
        Ok(())
    }

    async fn call(&self, case: Case) -> Outcome<()> {
        match self {
            Self::Ours(client, users) => call_ours(client, users, case).await,
            Self::HandWritten(client, ids) => call_hand_written(client, ids, case).await,
        }
    }
}

async fn call_ours(client: &Client, users: &[UserId], case: Case) -> Outcome<()> {
    match case {
        Case::Get | Case::GetFull => {
            black_box(client.user(UserId::parse(USER)?).get_presence().send().await?);
        }
        Case::Set => {
            let user = client.user(UserId::parse(USER)?);
            user.set_presence(SessionState::InACall).expires_after(Expiration::hours(1)?).send().await?;
        }
        Case::Read650Full => {
            black_box(client.presences(users).send().await?.complete()?);
        }
        Case::Read100000 => {
            let presences = client.presences(users).concurrency(CONCURRENCY).send().await?.complete()?;
            assert_eq!(black_box(presences).len(), users.len());
        }
    }
    Ok(())
}

async fn call_hand_written(client: &HandWritten, ids: &[String], case: Case) -> Outcome<()> {
    match case {
        Case::Get | Case::GetFull => {
            black_box(client.get(USER).await?);
        }
        Case::Set => {
            let body = SetPresence {
                session_id: APPLICATION,
                availability: "Busy",
                activity: "InACall",
                expiration_duration: "PT1H",
            };
            client.set(USER, &body).await?;
        }
        Case::Read650Full => {
            black_box(client.get_many(ids).await?);
        }
        Case::Read100000 => {
            let responses = stream::iter(ids.chunks(GetPresences::MAX_IDS).map(|chunk| client.get_many(chunk)));
            let presences: Vec<_> = responses.buffer_unordered(CONCURRENCY).try_concat().await?;
            assert_eq!(black_box(presences).len(), ids.len());
        }
    }
    Ok(())
}
