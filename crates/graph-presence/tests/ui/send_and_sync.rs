//! A source of tokens and a clock serve all threads.

use std::cell::RefCell;

use graph_presence::jiff::Timestamp;
use graph_presence::{AccessToken, Client, Clock, Sleep, TokenFuture, TokenSource};

struct Cached(RefCell<Option<AccessToken>>);

impl TokenSource for Cached {
    fn token(&self) -> TokenFuture<'_> {
        Box::pin(async { Ok(AccessToken::new("t")) })
    }
}

#[derive(Debug)]
struct Stopped(std::rc::Rc<Timestamp>);

impl Clock for Stopped {
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
