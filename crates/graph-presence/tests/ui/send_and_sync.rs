//! Token sources and clocks must be `Send` and `Sync`, and a token is not a text.

use std::cell::RefCell;

use graph_presence::jiff::Timestamp;
use graph_presence::{AccessToken, Client, Clock, Sleep, TokenFuture, TokenSource};

struct CachingSource(RefCell<Option<AccessToken>>);

impl TokenSource for CachingSource {
    fn token(&self) -> TokenFuture<'_> {
        Box::pin(async { Ok(AccessToken::new("t")) })
    }
}

#[derive(Debug)]
struct StoppedClock(std::rc::Rc<Timestamp>);

impl Clock for StoppedClock {
    fn now(&self) -> Timestamp {
        *self.0
    }

    fn elapsed(&self) -> std::time::Duration {
        std::time::Duration::ZERO
    }

    fn sleep(&self, _: std::time::Duration) -> Sleep<'_> {
        Box::pin(std::future::ready(()))
    }
}

fn text() {
    let _ = Client::builder("a token");
}

fn main() {}
