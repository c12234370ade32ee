//! Clocks: stepped, scaled and real.

use std::num::NonZeroU32;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use graph_presence_emulator::{Clock, Emulator, ScaledClock, SteppedClock, SystemClock};
use jiff::Timestamp;

use crate::tenant::{APP, Tenant};

/// A clock that jumps to the instant that is waited for, so that no wait takes time.
#[derive(Clone)]
pub(crate) struct JumpingClock(Arc<Mutex<Timestamp>>);

impl JumpingClock {
    pub(crate) fn starting_at(start: &str) -> Self {
        Self(Arc::new(Mutex::new(start.parse().unwrap())))
    }
}

impl Clock for JumpingClock {
    fn now(&self) -> Timestamp {
        *self.0.lock().unwrap()
    }

    fn time_until(&self, instant: Timestamp) -> Option<Duration> {
        *self.0.lock().unwrap() = instant;
        Some(Duration::ZERO)
    }
}

#[tokio::test]
async fn an_emulator_advances_a_stepped_clock() {
    let tenant = Tenant::new().await;
    tenant.set_session(APP, "Available", "Available", Some("PT1H")).await;
    for (seconds, expected) in [
        (299, ["Available", "Available"]),
        (1, ["Available", "AvailableInactive"]),
        (300, ["Away", "Away"]),
        (3_000, ["Offline", "Offline"]),
    ] {
        tenant.emulator.advance(Duration::from_secs(seconds)).unwrap();
        assert_eq!(tenant.ada_state().await, expected);
    }
    assert_eq!(tenant.emulator.now(), tenant.clock.now());
}

#[tokio::test]
async fn an_emulator_cannot_advance_a_running_clock() {
    let emulator = Emulator::start().await.unwrap();
    let error = emulator.advance(Duration::from_secs(1)).unwrap_err();
    assert_eq!(error.to_string(), "failed to advance the clock: only a stepped clock can be advanced");
}

#[test]
fn a_scaled_clock_runs_faster_than_real_time_and_never_backward() {
    let start = "2026-01-01T09:00:00Z".parse().unwrap();
    let clock = ScaledClock::new(start, NonZeroU32::MAX);
    let mut last = start;
    // The factor is about four billion: one nanosecond of real time is four seconds of this clock.
    while last.duration_since(start).as_secs() < 3_600 {
        let now = clock.now();
        assert!(now >= last);
        last = now;
    }
}

#[test]
fn clocks_return_the_real_time_until_an_instant() {
    let hour = Duration::from_secs(3_600);
    let range = |seconds| Duration::from_secs(seconds - 1)..=Duration::from_secs(seconds);
    let (start, factor) = ("2026-01-01T09:00:00Z".parse().unwrap(), NonZeroU32::new(60).unwrap());
    let scaled = ScaledClock::new(start, factor);
    assert!(range(60).contains(&scaled.time_until(start + hour).unwrap()));
    assert!(range(3_600).contains(&SystemClock.time_until(SystemClock.now() + hour).unwrap()));
    let stepped = SteppedClock::new(start);
    assert_eq!(stepped.time_until(start + hour), None);
    for clock in [&scaled as &dyn Clock, &SystemClock, &stepped] {
        assert_eq!(clock.time_until(start - hour), Some(Duration::ZERO));
    }
}

#[tokio::test]
async fn responses_are_dated_by_the_clock_of_the_emulator() {
    let tenant = Tenant::starting_at("2026-01-01T09:00:00.9Z").await;
    for path in ["/v1.0/me/presence", "/nowhere"] {
        assert_eq!(tenant.get(&tenant.ada, path).await.header("date"), Some("Thu, 01 Jan 2026 09:00:00 GMT"));
    }
}

/// The HTTP dates of `httpdate` start in 1970, and a clock may be set to any instant.
#[tokio::test]
async fn dates_before_1970_are_shown_as_the_epoch() {
    for (start, date) in [
        ("1969-12-31T23:59:59Z", "Thu, 01 Jan 1970 00:00:00 GMT"),
        ("-009999-01-02T01:59:59Z", "Thu, 01 Jan 1970 00:00:00 GMT"),
        ("9999-12-30T22:00:00Z", "Thu, 30 Dec 9999 22:00:00 GMT"),
    ] {
        let tenant = Tenant::starting_at(start).await;
        assert_eq!(tenant.get(&tenant.ada, "/v1.0/me/presence").await.header("date"), Some(date), "{start}");
    }
}
