//! Records arbitrary text. The recorder must not panic, and must return the same result for the same text.

#![no_main]

use std::sync::LazyLock;

use graph_presence_conformance::{PartialName, Recorder};
use libfuzzer_sys::fuzz_target;

static RECORDER: LazyLock<Recorder> = LazyLock::new(|| Recorder::new().expect("the recorder's own files are valid"));

fuzz_target!(|page: &str| {
    let first = RECORDER.record_as(PartialName::default(), page);
    assert_eq!(first, RECORDER.record_as(PartialName::default(), page));
    if let Ok(recorded) = first {
        let json = recorded.recording.to_json().expect("a recording is JSON");
        let read: graph_presence_conformance::Recording = serde_json::from_str(&json).expect("a recording is read back");
        assert_eq!(read, recorded.recording);
        for diagnostic in &recorded.diagnostics {
            assert!(!diagnostic.to_string().contains(char::is_control), "{diagnostic}");
        }
    }
});
