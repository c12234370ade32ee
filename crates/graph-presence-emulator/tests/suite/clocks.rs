//! Time that runs, and time that is made to.

use std::num::NonZeroU32;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use graph_presence_emulator::{Clock, Emulator, ScaledClock, SteppedClock, SystemClock};
use jiff::Timestamp;

use crate::tenant::{APP, Tenant};

/// A clock that runs for as long as somebody waits, and is at once where they wait for.
#[derive(Clone)]
pub(crate) struct Leaping(Arc<Mutex<Timestamp>>);

impl Leaping {
    pub(crate) fn at(start: &str) -> Self {
        Self(Arc::new(Mutex::new(start.parse().unwrap())))
    }
}

impl Clock for Leaping {
    fn now(&self) -> Timestamp {
        *self.0.lock().unwrap()
    }

    fn time_until(&self, instant: Timestamp) -> Option<Duration> {
        *self.0.lock().unwrap() = instant;
        Some(Duration::ZERO)
    }
}

#[tokio::test]
async fn an_emulator_advances_a_clock_that_stands_still() {
    let tenant = Tenant::new().await;
    tenant.set(APP, "Available", "Available", Some("PT1H")).await;
    for (seconds, expected) in [
        (299, ["Available", "Available"]),
        (1, ["Available", "AvailableInactive"]),
        (300, ["Away", "Away"]),
        (3_000, ["Offline", "Offline"]),
    ] {
        tenant.emulator.advance(Duration::from_secs(seconds)).unwrap();
        assert_eq!(tenant.ada().await, expected);
    }
    assert_eq!(tenant.emulator.now(), tenant.clock.now());
}

#[tokio::test]
async fn an_emulator_cannot_advance_a_clock_that_runs() {
    let emulator = Emulator::start().await.unwrap();
    let error = emulator.advance(Duration::from_secs(1)).unwrap_err();
    assert_eq!(error.to_string(), "clock: runs by itself");
}

#[test]
fn a_scaled_clock_runs_faster_than_time_and_never_back() {
    let start = "2026-01-01T09:00:00Z".parse().unwrap();
    let clock = ScaledClock::new(start, NonZeroU32::MAX);
    let mut last = start;
    // Four billion times: the first nanosecond that the machine can tell is seconds here.
    while last.duration_since(start).as_secs() < 3_600 {
        let now = clock.now();
        assert!(now >= last);
        last = now;
    }
}

#[test]
fn how_long_to_wait_for_a_clock() {
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
async fn answers_are_dated_by_the_emulators_clock() {
    let tenant = Tenant::at("2026-01-01T09:00:00.9Z").await;
    for path in ["/v1.0/me/presence", "/nowhere"] {
        assert_eq!(tenant.get(&tenant.ada, path).await.header("date"), Some("Thu, 01 Jan 2026 09:00:00 GMT"));
    }
}

/// HTTP dates of the library start in 1970, and a clock may be set to any instant.
#[tokio::test]
async fn dates_before_1970_are_shown_as_the_epoch() {
    for (start, date) in [
        ("1969-12-31T23:59:59Z", "Thu, 01 Jan 1970 00:00:00 GMT"),
        ("-009999-01-02T01:59:59Z", "Thu, 01 Jan 1970 00:00:00 GMT"),
        ("9999-12-30T22:00:00Z", "Thu, 30 Dec 9999 22:00:00 GMT"),
    ] {
        let tenant = Tenant::at(start).await;
        assert_eq!(tenant.get(&tenant.ada, "/v1.0/me/presence").await.header("date"), Some(date), "{start}");
    }
}
