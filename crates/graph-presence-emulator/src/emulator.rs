//! The emulator, for programs that embed it.

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

/// A Microsoft Graph presence service on a free port of 127.0.0.1.
///
/// A process can run any number of emulators; they do not share state. Each runs on its own thread, so that it outlives
/// the runtime that started it and responds to clients that block their thread. Dropping the emulator stops it and
/// releases the port; [`shutdown`](Self::shutdown) lets the requests in progress complete first.
///
/// In a test that pauses tokio's clock, the timeouts of the client fire immediately, because the runtime is idle while
/// it waits for another thread. Advance the emulator's clock instead, or use [`respond`](Self::respond).
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
    /// Returns an error if the address cannot be bound or the thread cannot be spawned.
    pub async fn start() -> io::Result<Self> {
        Self::builder().start().await
    }

    /// Returns a builder with the default settings.
    pub fn builder() -> Builder {
        Builder::new()
    }

    /// Returns the base URL, such as `http://127.0.0.1:40123`, without the API version (`/v1.0` or `/beta`). A browser
    /// that opens it shows the board.
    #[must_use]
    pub fn url(&self) -> &str {
        &self.url
    }

    /// Returns the time of the emulator's clock.
    #[must_use]
    pub fn now(&self) -> Timestamp {
        self.service.now()
    }

    /// Advances the emulator's clock if it is a [`SteppedClock`](crate::SteppedClock).
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
    /// Returns an error if the clock is not a stepped clock.
    pub fn advance(&self, by: Duration) -> Result<(), InvalidInput> {
        self.service.advance(by)
    }

    /// Returns the id of the default tenant. The methods of `Emulator` that take a user refer to this tenant.
    #[must_use]
    pub fn tenant_id(&self) -> Guid {
        self.service.default_tenant()
    }

    /// Returns the tenant with this id, and creates it if it does not exist. Tenants share no users.
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

    fn default_tenant(&self) -> Tenant<'_> {
        self.tenant(self.tenant_id())
    }

    /// Issues a bearer token that only this emulator accepts. It does not expire. A user who does not exist yet is
    /// added.
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// use graph_presence_emulator::{Caller, Emulator, Guid};
    ///
    /// let emulator = Emulator::start().await?;
    /// let token = emulator.token(Caller::user(Guid::parse("fa8bf3dc-eca7-46b7-bad1-db199b62afc3")?));
    /// let response = reqwest::Client::new()
    ///     .get(format!("{}/v1.0/me/presence", emulator.url()))
    ///     .bearer_auth(token)
    ///     .send()
    ///     .await?;
    /// assert_eq!(response.status(), 200);
    /// # Ok(())
    /// # }
    /// ```
    #[must_use]
    pub fn token(&self, caller: Caller) -> String {
        self.service.issue_token(caller)
    }

    /// Signs the user's Teams client in, or changes its availability and activity.
    ///
    /// Any values are accepted, because Teams can show states that applications cannot set. The session neither fades
    /// nor expires.
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
        self.default_tenant().sign_in(user, availability, activity);
    }

    /// Signs the user's Teams client out. Without another session the user is Offline.
    pub fn sign_out(&self, user: Guid) {
        self.default_tenant().sign_out(user);
    }

    /// Sets the user's current work location in the calendar, replacing the previous one.
    ///
    /// The scheduled location is visible only while neither a manual nor an automatic location is set. It remains until
    /// it is replaced or removed with [`unschedule_location`](Self::unschedule_location).
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
        self.default_tenant().schedule_location(user, location_type, place_id);
    }

    /// Removes the user's work location from the calendar.
    pub fn unschedule_location(&self, user: Guid) {
        self.default_tenant().unschedule_location(user);
    }

    /// Turns on the user's automatic replies, with an optional message.
    ///
    /// Changes `outOfOfficeSettings`; availability and activity still depend on the sessions alone.
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
        self.default_tenant().out_of_office(user, message);
    }

    /// Turns off the user's automatic replies.
    pub fn back_in_office(&self, user: Guid) {
        self.default_tenant().back_in_office(user);
    }

    /// Sets whether the user's calendar has a current meeting.
    ///
    /// During a meeting, a user whose Teams client is signed in is Busy/InAMeeting, unless a session takes precedence.
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
        self.default_tenant().in_meeting(user, in_meeting);
    }

    /// Adds users without sessions, whose presence is Offline instead of PresenceUnknown. Existing users are not
    /// changed.
    pub fn add_users(&self, users: impl IntoIterator<Item = Guid>) {
        self.default_tenant().add_users(users);
    }

    /// Removes users and all their state. Their presence becomes PresenceUnknown.
    pub fn remove_users(&self, users: impl IntoIterator<Item = Guid>) {
        self.default_tenant().remove_users(users);
    }

    /// Responds to a request in the caller's task, without a network connection. Only path and query of the URL are
    /// used.
    ///
    /// Does not return for the board's event stream, which never ends.
    ///
    /// With an HTTP client that sends its requests through this method, tests can pause tokio's clock and are
    /// deterministic.
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// use graph_presence_emulator::{Caller, Emulator, Guid};
    ///
    /// let emulator = Emulator::start().await?;
    /// let token = emulator.token(Caller::user(Guid::parse("fa8bf3dc-eca7-46b7-bad1-db199b62afc3")?));
    /// let request = http::Request::get("/v1.0/me/presence").header("Authorization", format!("Bearer {token}"));
    /// let response = emulator.respond(request.body(Default::default())?).await;
    /// assert_eq!(response.status(), 200);
    /// # Ok(())
    /// # }
    /// ```
    pub async fn respond(&self, request: Request<Bytes>) -> Response<Bytes> {
        let Ok(response) = self.router.clone().oneshot(request.map(Body::from)).await;
        let (head, body) = response.into_parts();
        // Collecting cannot fail, because the bodies of this service are in memory.
        Response::from_parts(head, to_bytes(body, usize::MAX).await.unwrap_or_default())
    }

    /// Stops accepting connections, waits up to one second for requests in progress to complete, and returns once the
    /// port is released.
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
    /// Returns an error if the address cannot be bound or the thread cannot be spawned.
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
