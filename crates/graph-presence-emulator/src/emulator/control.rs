//! The methods that control the service itself.

use crate::device_code::Decision;
use crate::{FaultRule, Guid, InvalidInput, LoggedRequest};

use super::Emulator;

impl Emulator {
    /// Approves the device sign-in with this user code on behalf of the user.
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
    /// Returns an error if no sign-in is pending for the code.
    pub fn approve(&self, user_code: &str, user: Guid) -> Result<(), InvalidInput> {
        self.service.decide_device(user_code, Decision::Approved(user))
    }

    /// Declines the device sign-in with this user code.
    ///
    /// # Errors
    ///
    /// Returns an error if no sign-in is pending for the code.
    pub fn decline(&self, user_code: &str) -> Result<(), InvalidInput> {
        self.service.decide_device(user_code, Decision::Declined)
    }

    /// Activates a fault rule. Returns its id, for [`remove_fault`](Self::remove_fault).
    ///
    /// If several rules apply to a request, all their faults are injected. No faults are injected into requests to
    /// `/_emulator`. [`Fault::Reset`](crate::Fault::Reset) does not affect [`respond`](Self::respond), which does not
    /// use a connection.
    ///
    /// # Errors
    ///
    /// Returns an error if a number is out of range.
    pub fn inject(&self, rule: FaultRule) -> Result<u64, InvalidInput> {
        self.service.inject(rule)
    }

    /// Removes the fault rule with this id.
    ///
    /// # Errors
    ///
    /// Returns an error if no rule with this id is active.
    pub fn remove_fault(&self, id: u64) -> Result<(), InvalidInput> {
        self.service.remove_fault(id)
    }

    /// Removes all fault rules.
    pub fn remove_all_faults(&self) {
        self.service.faults().clear();
    }

    /// Returns the last requests, at most 1,000, the oldest first.
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// use graph_presence_emulator::{Emulator, Operation};
    ///
    /// let emulator = Emulator::start().await?;
    /// reqwest::get(format!("{}/v1.0/me/presence", emulator.url())).await?;
    /// let requests = emulator.requests();
    /// let first = requests.first().map(|request| (request.operation, request.status));
    /// assert_eq!(first, Some((Operation::GetPresence, 401)));
    /// # Ok(())
    /// # }
    /// ```
    #[must_use]
    pub fn requests(&self) -> Vec<LoggedRequest> {
        self.service.request_log().all().cloned().collect()
    }

    /// Clears the request log.
    pub fn clear_requests(&self) {
        self.service.request_log().clear();
    }

    /// Returns the complete state as JSON: tenants with their users and subscriptions, queued notifications, device
    /// codes, faults, request log, quota usage, time, and the key with which tokens are signed. The settings are not
    /// included.
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

    /// Replaces the complete state by that of a snapshot. A stepped clock is set to the time of the snapshot; any other
    /// clock is not changed.
    ///
    /// # Errors
    ///
    /// Returns an error if the text is not a valid snapshot or has another version. The state is not changed then.
    pub fn restore(&self, snapshot: &str) -> Result<(), InvalidInput> {
        self.service.restore(snapshot)
    }

    /// Resets the state as after the start. The time does not change, and tokens stay valid.
    pub fn reset(&self) {
        self.service.reset();
    }
}
