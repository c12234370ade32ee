//! The emulator as a library.

mod control;

use std::sync::Arc;
use std::time::Duration;
use std::{fmt, io};

use ::http::{Request, Response};
use axum::Router;
use axum::body::{Body, Bytes, to_bytes};
use jiff::Timestamp;
use tower::ServiceExt;

use crate::endpoint_validator::EndpointValidator;
use crate::server::Server;
use crate::service::Service;
use crate::{Builder, Caller, Guid, InvalidInput, Tenant, WorkLocationType, http, notification_client, notifier};

/// A Microsoft Graph presence service of its own, on a free port of 127.0.0.1.
///
/// Any number of them run side by side and share nothing. Each serves from a thread of its own, so it outlives the
/// runtime that started it, and a client that blocks its thread still gets its answers. Dropping the emulator stops it
/// and gives the port back; [`shutdown`](Self::shutdown) first lets the requests end that are under way.
///
/// A test that pauses tokio's clock sees the time-outs of its own client fire at once, because to that runtime waiting
/// for another thread looks like idling. Step the emulator's clock instead.
pub struct Emulator {
    url: String,
    service: Arc<Service>,
    router: Router,
    server: Server,
}

impl Emulator {
    /// Starts an emulator with the default settings.
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> std::io::Result<()> {
    /// let emulator = graph_presence_emulator::Emulator::start().await?;
    /// assert!(emulator.url().starts_with("http://127.0.0.1:"));
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    ///
    /// When the operating system gives no port or no thread.
    pub async fn start() -> io::Result<Self> {
        Self::builder().start().await
    }

    /// Settings for an emulator that is about to start.
    pub fn builder() -> Builder {
        Builder::new()
    }

    /// The root, such as `http://127.0.0.1:40123`, where a browser finds the board. The version (`/v1.0` or `/beta`) comes after it.
    #[must_use]
    pub fn url(&self) -> &str {
        &self.url
    }

    /// What the emulator's clock shows.
    #[must_use]
    pub fn now(&self) -> Timestamp {
        self.service.now()
    }

    /// Advances the emulator's clock, where it is a [`SteppedClock`](crate::SteppedClock).
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// use std::time::Duration;
    /// use graph_presence_emulator::{Emulator, SteppedClock};
    ///
    /// let clock = SteppedClock::new("2026-01-01T09:00:00Z".parse()?);
    /// let emulator = Emulator::builder().clock(clock).start().await?;
    /// emulator.advance(Duration::from_secs(600))?;
    /// assert_eq!(emulator.now().to_string(), "2026-01-01T09:10:00Z");
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    ///
    /// When the clock runs by itself.
    pub fn advance(&self, by: Duration) -> Result<(), InvalidInput> {
        self.service.advance(by)
    }

    /// The tenant of whoever names none, and of everybody whom the methods of the emulator itself name.
    #[must_use]
    pub fn tenant_id(&self) -> Guid {
        self.service.home()
    }

    /// Another tenant; it comes into being when it is named. What is in it is known there only.
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// use graph_presence_emulator::{Emulator, Guid};
    ///
    /// let emulator = Emulator::start().await?;
    /// let fabrikam = emulator.tenant(Guid::parse("b6f3a2c1-5d04-4e8f-9a57-0c1d2e3f4a5b")?);
    /// fabrikam.sign_in(Guid::parse("fa8bf3dc-eca7-46b7-bad1-db199b62afc3")?, "Busy", "InAMeeting");
    /// # Ok(())
    /// # }
    /// ```
    #[must_use]
    pub fn tenant(&self, id: Guid) -> Tenant<'_> {
        Tenant::new(&self.service, id)
    }

    fn home(&self) -> Tenant<'_> {
        self.tenant(self.tenant_id())
    }

    /// Issues a bearer token that this emulator, and no other, accepts. It does not expire. The token of a user makes that
    /// user known, too.
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// use graph_presence_emulator::{Caller, Emulator, Guid};
    ///
    /// let emulator = Emulator::start().await?;
    /// let token = emulator.token(Caller::user(Guid::parse("fa8bf3dc-eca7-46b7-bad1-db199b62afc3")?));
    /// let answer = reqwest::Client::new()
    ///     .get(format!("{}/v1.0/me/presence", emulator.url()))
    ///     .bearer_auth(token)
    ///     .send()
    ///     .await?;
    /// assert_eq!(answer.status(), 200);
    /// # Ok(())
    /// # }
    /// ```
    #[must_use]
    pub fn token(&self, caller: Caller) -> String {
        self.service.issue_token(caller)
    }

    /// Signs the user's Teams client in, or changes what it says.
    ///
    /// Teams decides for itself what it shows, so any words will do. What it says neither fades nor expires.
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// use graph_presence_emulator::{Emulator, Guid};
    ///
    /// let emulator = Emulator::start().await?;
    /// let ada = Guid::parse("fa8bf3dc-eca7-46b7-bad1-db199b62afc3")?;
    /// emulator.sign_in(ada, "Busy", "InAMeeting");
    /// emulator.sign_out(ada);
    /// # Ok(())
    /// # }
    /// ```
    pub fn sign_in(&self, user: Guid, availability: impl Into<String>, activity: impl Into<String>) {
        self.home().sign_in(user, availability, activity);
    }

    /// Signs the user's Teams client out. Without another session the user is Offline.
    pub fn sign_out(&self, user: Guid) {
        self.home().sign_out(user);
    }

    /// Writes into the user's calendar where they work now. It replaces what the calendar said before.
    ///
    /// The scheduled location shows only while neither a manual nor an automatic one is set. It stays until it is
    /// replaced or taken out with [`unschedule_location`](Self::unschedule_location).
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// use graph_presence_emulator::{Emulator, Guid, WorkLocationType};
    ///
    /// let emulator = Emulator::start().await?;
    /// let ada = Guid::parse("fa8bf3dc-eca7-46b7-bad1-db199b62afc3")?;
    /// emulator.schedule_location(ada, WorkLocationType::Office, Some("eb706f15-137e-4722-b4d1-b601481d9251"));
    /// emulator.schedule_location(ada, WorkLocationType::Remote, None);
    /// # Ok(())
    /// # }
    /// ```
    pub fn schedule_location(&self, user: Guid, location_type: WorkLocationType, place_id: Option<&str>) {
        self.home().schedule_location(user, location_type, place_id);
    }

    /// Takes out of the user's calendar where they work.
    pub fn unschedule_location(&self, user: Guid) {
        self.home().unschedule_location(user);
    }

    /// Turns the user's automatic replies on, with a message for others or without one.
    ///
    /// This is what `outOfOfficeSettings` tells; availability and activity stay what the sessions say.
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// use graph_presence_emulator::{Emulator, Guid};
    ///
    /// let emulator = Emulator::start().await?;
    /// let ada = Guid::parse("fa8bf3dc-eca7-46b7-bad1-db199b62afc3")?;
    /// emulator.out_of_office(ada, Some("Back on Monday"));
    /// emulator.back_in_office(ada);
    /// # Ok(())
    /// # }
    /// ```
    pub fn out_of_office(&self, user: Guid, message: Option<&str>) {
        self.home().out_of_office(user, message);
    }

    /// Turns the user's automatic replies off.
    pub fn back_in_office(&self, user: Guid) {
        self.home().back_in_office(user);
    }

    /// Says whether a meeting goes on in the user's calendar.
    ///
    /// While one does, a Teams client that is signed in makes the user Busy/InAMeeting, unless more is said.
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// use graph_presence_emulator::{Emulator, Guid};
    ///
    /// let emulator = Emulator::start().await?;
    /// let ada = Guid::parse("fa8bf3dc-eca7-46b7-bad1-db199b62afc3")?;
    /// emulator.sign_in(ada, "Available", "Available");
    /// emulator.in_meeting(ada, true);
    /// # Ok(())
    /// # }
    /// ```
    pub fn in_meeting(&self, user: Guid, in_meeting: bool) {
        self.home().in_meeting(user, in_meeting);
    }

    /// Makes users known who have done nothing yet: Offline instead of PresenceUnknown.
    pub fn add_users(&self, users: impl IntoIterator<Item = Guid>) {
        self.home().add_users(users);
    }

    /// Forgets users, as if they had never been heard of.
    pub fn remove_users(&self, users: impl IntoIterator<Item = Guid>) {
        self.home().remove_users(users);
    }

    /// Answers a request in the caller's own task, with no network in between. Of the URL only path and query count.
    ///
    /// The events of the board never end, and cannot be had in this way.
    ///
    /// With a client that can be given such a function, tests may pause tokio's clock, and what they do is the same each
    /// time.
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// use graph_presence_emulator::{Caller, Emulator, Guid};
    ///
    /// let emulator = Emulator::start().await?;
    /// let token = emulator.token(Caller::user(Guid::parse("fa8bf3dc-eca7-46b7-bad1-db199b62afc3")?));
    /// let request = http::Request::get("/v1.0/me/presence").header("Authorization", format!("Bearer {token}"));
    /// let answer = emulator.respond(request.body(Default::default())?).await;
    /// assert_eq!(answer.status(), 200);
    /// # Ok(())
    /// # }
    /// ```
    pub async fn respond(&self, request: Request<Bytes>) -> Response<Bytes> {
        let Ok(answer) = self.router.clone().oneshot(request.map(Body::from)).await;
        let (head, body) = answer.into_parts();
        // The answers of this service are in memory: to collect one cannot fail.
        Response::from_parts(head, to_bytes(body, usize::MAX).await.unwrap_or_default())
    }

    /// Stops accepting, lets the requests end that are under way (for a second at most), and returns once the port is
    /// free.
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> std::io::Result<()> {
    /// let emulator = graph_presence_emulator::Emulator::start().await?;
    /// emulator.shutdown().await;
    /// # Ok(())
    /// # }
    /// ```
    pub async fn shutdown(mut self) {
        self.service.close();
        self.server.shutdown().await;
    }
}

impl Builder {
    /// Starts the emulator.
    ///
    /// # Errors
    ///
    /// Returns an error if the operating system provides no port or no thread.
    pub async fn start(mut self) -> io::Result<Emulator> {
        let client = self.client.take().map_or_else(notification_client::unverified, Ok)?;
        let address = self.address;
        let (validator, validations) = EndpointValidator::new();
        let service = Arc::new(Service::new(self, validator));
        let router = http::router(Arc::clone(&service));
        let notifier = notifier::run(Arc::clone(&service), client, validations);
        let server = Server::start(router.clone(), address, notifier).await?;
        Ok(Emulator { url: format!("http://{}", server.address()), service, router, server })
    }
}

impl fmt::Debug for Emulator {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Emulator").field("url", &self.url).finish_non_exhaustive()
    }
}
