//! Detection of pages about presence.

use graph_presence_conformance::{PageError, PartialName, Recorder};

#[test]
fn relevance_depends_on_requests_scopes_and_tables() {
    let resource = |rows: &str| format!("## Properties\n| Property | Type | Description |\n|--|--|--|\n{rows}\n");
    let cases = [
        ("an event that mentions presence", resource("| id | String | Whose presence is expected. |"), false),
        ("free and busy times", resource("| availability | freeBusyStatus | Presence in a meeting. |"), false),
        ("a work location, without the word", resource("| workLocationType | workLocationType | Where. |"), true),
        ("a presence", resource("| id | String | a |\n| availability | String | a |\n| activity | String | a |"), true),
        (
            "a user, with a link to presence",
            "GET /me\nApplication User.Read.All Not available.\nGET https://graph.microsoft.com/v1.0/me\nHTTP/1.1 200 OK\nGet presence"
                .to_owned(),
            false,
        ),
        ("scopes of presence", "Application Presence.Read.All Not available.".to_owned(), true),
        ("scopes of calls", "Application Calls.Read.All Not available.\nSee also presence.".to_owned(), false),
        (
            "a long, damaged request",
            "POST https://graph.microsoft.com/v1.0/users/fa8bf3dc-eca7-46b7-bad1-db199b62afc3/presence/setPresence\nContent-Type: application/json\n\n{\"a\": 1\n"
                .to_owned(),
            true,
        ),
        ("a subscription", "POST https://graph.microsoft.com/v1.0/subscriptions\nHTTP/1.1 201 Created".to_owned(), true),
        ("only a cloud table", "| L4 | L5 |\n|--|--|\n| ✅ | ❌ |\npresence".to_owned(), true),
    ];
    let recorder = Recorder::new().unwrap();
    for (name, page, expected) in cases {
        let recorded = recorder.record_as(PartialName::default(), &page);
        assert_eq!(
            recorded.as_ref().map(|_| ()),
            if expected { Ok(()) } else { Err(&PageError::NotAboutPresence) },
            "{name}"
        );
    }
}
