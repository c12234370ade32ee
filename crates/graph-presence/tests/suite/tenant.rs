//! An emulated tenant with two users and an application, on a virtual clock.

use graph_presence::{AccessToken, Client, Presence, SessionId, UserId};
use graph_presence_emulator::{Caller, Emulator, Guid, Shape};

use crate::server::{ADA, APPLICATION};
use crate::virtual_clock::VirtualClock;

pub(crate) const BOB: &str = "66825e03-7ef5-42da-9069-724602c31f6b";
pub(crate) const UNKNOWN_USER: &str = "0d9b5b0a-2f4c-4c39-8a0e-0c7f0d1a2b3c";

pub(crate) struct Tenant {
    pub(crate) emulator: Emulator,
    pub(crate) clock: VirtualClock,
}

impl Tenant {
    pub(crate) async fn start() -> Self {
        Self::with_shape(Shape::Object).await
    }

    /// Starts a tenant whose `/communications` responses have this shape.
    pub(crate) async fn with_shape(shape: Shape) -> Self {
        let clock = VirtualClock::default();
        let emulator = Emulator::builder().clock(clock.clone()).communications_shape(shape).start().await.unwrap();
        Self { emulator, clock }
    }

    /// Returns a client with a delegated token of Ada.
    pub(crate) fn ada(&self) -> Client {
        self.client(Caller::user(guid(ADA)))
    }

    /// Returns a client with a delegated token of Bob.
    pub(crate) fn bob(&self) -> Client {
        self.client(Caller::user(guid(BOB)))
    }

    /// Returns a client with an application token.
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

/// Formats availability and activity, such as `Busy/InACall`.
pub(crate) fn state(presence: &Presence) -> String {
    format!("{}/{}", presence.availability, presence.activity)
}
