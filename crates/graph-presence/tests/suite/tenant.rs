//! Users and applications at an emulator, on one clock.

use graph_presence::{AccessToken, Client, Presence, SessionId, UserId};
use graph_presence_emulator::{Caller, Emulator, Guid, Shape};

use crate::server::{ADA, APPLICATION};
use crate::time::VirtualClock;

pub(crate) const BOB: &str = "66825e03-7ef5-42da-9069-724602c31f6b";
pub(crate) const NOBODY: &str = "0d9b5b0a-2f4c-4c39-8a0e-0c7f0d1a2b3c";

pub(crate) struct Tenant {
    pub(crate) emulator: Emulator,
    pub(crate) clock: VirtualClock,
}

impl Tenant {
    pub(crate) async fn start() -> Self {
        Self::shaped(Shape::Object).await
    }

    /// A tenant where /communications answers in this shape.
    pub(crate) async fn shaped(shape: Shape) -> Self {
        let clock = VirtualClock::default();
        let emulator = Emulator::builder().clock(clock.clone()).communications_shape(shape).start().await.unwrap();
        Self { emulator, clock }
    }

    /// A client on behalf of Ada.
    pub(crate) fn ada(&self) -> Client {
        self.client(Caller::user(guid(ADA)))
    }

    /// A client on behalf of Bob.
    pub(crate) fn bob(&self) -> Client {
        self.client(Caller::user(guid(BOB)))
    }

    /// A client of the application itself.
    pub(crate) fn application(&self) -> Client {
        self.client(Caller::application(guid(APPLICATION)))
    }

    fn client(&self, caller: Caller) -> Client {
        Client::builder(AccessToken::new(self.emulator.token(caller)))
            .base_url(self.emulator.url())
            .session_id(SessionId::parse(APPLICATION).unwrap())
            .clock(self.clock.clone())
            .build()
            .unwrap()
    }
}

pub(crate) fn guid(text: &str) -> Guid {
    Guid::parse(text).unwrap()
}

pub(crate) fn user(text: &str) -> UserId {
    UserId::parse(text).unwrap()
}

/// `Busy/InACall`.
pub(crate) fn state(presence: &Presence) -> String {
    format!("{}/{}", presence.availability, presence.activity)
}
