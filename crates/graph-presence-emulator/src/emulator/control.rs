//! Control of the service from outside of it.

use crate::device_code::Decision;
use crate::{FaultRule, Guid, InvalidInput, LoggedRequest};

use super::Emulator;

impl Emulator {
    /// Approves the sign-in of a device: this user signed in with the code that the device shows.
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// use graph_presence_emulator::{Emulator, Guid};
    ///
    /// let emulator = Emulator::start().await?;
    /// let codes: serde_json::Value = reqwest::Client::new()
    ///     .post(format!("{}/{}/oauth2/v2.0/devicecode", emulator.url(), emulator.tenant_id()))
    ///     .header("Content-Type", "application/x-www-form-urlencoded")
    ///     .body("client_id=22553876-f5ab-4529-bffb-cfe50aa89f87&scope=Presence.Read")
    ///     .send()
    ///     .await?
    ///     .json()
    ///     .await?;
    /// let ada = Guid::parse("fa8bf3dc-eca7-46b7-bad1-db199b62afc3")?;
    /// emulator.approve(codes["user_code"].as_str().unwrap_or_default(), ada)?;
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    ///
    /// Returns an error if no sign-in with that code waits for a decision.
    pub fn approve(&self, user_code: &str, user: Guid) -> Result<(), InvalidInput> {
        self.service.decide_device(user_code, Decision::Approved(user))
    }

    /// Declines the sign-in of a device.
    ///
    /// # Errors
    ///
    /// Returns an error if no sign-in with that code waits for a decision.
    pub fn decline(&self, user_code: &str) -> Result<(), InvalidInput> {
        self.service.decide_device(user_code, Decision::Declined)
    }

    /// Injects a fault from now on. Returns the rule's number, for [`remove_fault`](Self::remove_fault).
    ///
    /// The faults of all rules that apply are injected together. Requests to `/_emulator` are exempt. Responses of
    /// [`answer`](Self::answer) come over no connection, so that none can be reset.
    ///
    /// # Errors
    ///
    /// Returns an error if a number is out of its range.
    pub fn inject(&self, rule: FaultRule) -> Result<u64, InvalidInput> {
        self.service.inject(rule)
    }

    /// Removes a fault.
    ///
    /// # Errors
    ///
    /// Returns an error if no fault with that number is in force.
    pub fn remove_fault(&self, number: u64) -> Result<(), InvalidInput> {
        self.service.remove_fault(number)
    }

    /// Removes all faults.
    pub fn remove_all_faults(&self) {
        self.service.faults().clear();
    }

    /// The last requests, the oldest first: a thousand at most.
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// use graph_presence_emulator::{Emulator, Operation};
    ///
    /// let emulator = Emulator::start().await?;
    /// reqwest::get(format!("{}/v1.0/me/presence", emulator.url())).await?;
    /// let requests = emulator.requests();
    /// let seen = requests.first().map(|request| (request.operation, request.status));
    /// assert_eq!(seen, Some((Operation::GetPresence, 401)));
    /// # Ok(())
    /// # }
    /// ```
    #[must_use]
    pub fn requests(&self) -> Vec<LoggedRequest> {
        self.service.request_log().all().cloned().collect()
    }

    /// Forgets the requests so far.
    pub fn clear_requests(&self) {
        self.service.request_log().clear();
    }

    /// All that the emulator holds, as JSON: users, subscriptions, faults, the log, the clock, and the key that keeps its
    /// tokens good. Its settings are not in it.
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// use graph_presence_emulator::{Emulator, Guid};
    ///
    /// let emulator = Emulator::start().await?;
    /// emulator.sign_in(Guid::parse("fa8bf3dc-eca7-46b7-bad1-db199b62afc3")?, "Busy", "InAMeeting");
    /// let snapshot = emulator.snapshot();
    /// let another = Emulator::start().await?;
    /// another.restore(&snapshot)?;
    /// # Ok(())
    /// # }
    /// ```
    #[must_use]
    pub fn snapshot(&self) -> String {
        self.service.snapshot()
    }

    /// Takes over all that a snapshot holds in place of what there is. A clock that stands still is set to the time of
    /// the snapshot; any other runs on.
    ///
    /// # Errors
    ///
    /// Returns an error if the text is not a snapshot, or one of another version. Nothing is changed then.
    pub fn restore(&self, snapshot: &str) -> Result<(), InvalidInput> {
        self.service.restore(snapshot)
    }

    /// Forgets everything but the time and the tokens.
    pub fn reset(&self) {
        self.service.reset();
    }
}
