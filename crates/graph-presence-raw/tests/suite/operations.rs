//! Compares the table of operations with the requests of the generated client.

use std::collections::BTreeSet;
use std::sync::{Arc, Mutex};

use graph_presence_raw::clouds::Version;
use graph_presence_raw::operation::{Action, Binding};
use graph_presence_raw::{Client, Exec, Execution, Inner, Operation, UserPath, reqwest, types};

use super::{ADA, session};

/// Records the operation, the method and the path of each request, and does not send it.
#[derive(Debug, Default)]
struct Recorder(Mutex<Vec<(Operation, String, String)>>);

impl Exec for Recorder {
    fn exec<'a>(
        &'a self,
        client: &'a reqwest::Client,
        request: reqwest::Request,
        operation: Operation,
    ) -> Execution<'a> {
        let (method, path) = (request.method().to_string(), request.url().path().to_owned());
        self.0.lock().unwrap().push((operation, method, path));
        // Not a URL, so that the request fails immediately.
        Box::pin(client.get("").send())
    }
}

#[tokio::test]
async fn actions_send_the_operation_of_the_binding() {
    let recorder = Arc::new(Recorder::default());
    let client = Client::new("http://127.0.0.1:9", Inner::new(recorder.clone()));
    let preferred = types::SetUserPreferredPresenceRequest {
        availability: "Busy".to_owned(),
        activity: "Busy".to_owned(),
        expiration_duration: None,
    };
    let message =
        types::SetStatusMessageRequest { status_message: types::MicrosoftGraphPresenceStatusMessage::default() };
    let location = types::SetLocationRequest { work_location_type: "remote".to_owned(), place_id: None };
    let cleared = types::ClearPresenceRequest { session_id: ADA.to_owned() };
    for user in [UserPath::Me, UserPath::User(ADA), UserPath::Communications(ADA)] {
        let sent = [
            client.set_presence(user, &session()).await.is_err(),
            client.clear_presence(user, &cleared).await.is_err(),
            client.set_user_preferred_presence(user, &preferred).await.is_err(),
            client.clear_user_preferred_presence(user).await.is_err(),
            client.set_status_message(user, &message).await.is_err(),
            client.set_manual_location(user, &location).await.is_err(),
            client.set_automatic_location(user, &location).await.is_err(),
            client.clear_automatic_location(user).await.is_err(),
            client.clear_location(user).await.is_err(),
        ];
        assert_eq!(sent, [true; 9]);
    }
    let recorded = recorder.0.lock().unwrap();
    for (operation, method, path) in recorded.iter() {
        let template = operation.path();
        let expected = template.replace("{user-id}", ADA).replace("{presence-id}", ADA);
        assert_eq!((method.as_str(), path.as_str()), (operation.method(), expected.as_str()), "{operation:?}");
    }
    let sent: BTreeSet<_> = recorded.iter().map(|(operation, ..)| *operation).collect();
    assert_eq!(sent.len(), 27);
}

#[test]
fn table_of_operations() {
    let row = |operation: &Operation| {
        let permissions = operation.permissions();
        format!(
            "{:<28} {} {:<8} {:<20} {:<23} {}",
            operation.name(),
            if operation.is_idempotent() { "idempotent" } else { "-         " },
            operation.method(),
            permissions.delegated,
            permissions.application.unwrap_or("-"),
            operation.path(),
        )
    };
    let rows: Vec<_> = Operation::ALL.iter().map(row).collect();
    insta::assert_snapshot!(rows.join("\n"));
}

#[test]
fn bindings_match_the_paths() {
    for operation in Operation::ALL {
        let expected = match operation.path().split('/').nth(1) {
            Some("me") => Some(Binding::Me),
            Some("users") => Some(Binding::User),
            Some("communications") if operation.action() != Action::GetPresencesByUserId => {
                Some(Binding::Communications)
            }
            _ => None,
        };
        assert_eq!(operation.binding(), expected, "{operation:?}");
    }
    assert_eq!(Operation::get_presence(Binding::Communications), Operation::CommunicationsGetPresence);
}

#[test]
fn success_statuses_are_2xx() {
    for operation in Operation::ALL {
        let statuses = [199, 200, 201, 204, 299, 300, 404].map(|status| operation.is_success(status));
        assert_eq!(statuses, [false, true, true, true, true, false, false], "{operation:?}");
    }
}

#[test]
fn every_action_has_an_operation() {
    let actions: BTreeSet<_> = Operation::ALL.iter().map(|operation| operation.action()).collect();
    assert_eq!(actions.into_iter().collect::<Vec<_>>(), Action::ALL);
    assert_eq!(Action::SetUserPreferredPresence.as_str(), "setUserPreferredPresence");
}

#[test]
fn beta_is_supported_only_in_the_global_cloud() {
    for operation in Operation::ALL {
        let clouds = operation.clouds().claim(Version::Beta).clouds;
        assert_eq!(clouds.iter().map(|cloud| cloud.name()).collect::<Vec<_>>(), ["global"], "{operation:?}");
    }
}

#[test]
fn debug_of_a_path_redacts_the_id() {
    assert_eq!(format!("{:?}", UserPath::User(ADA)), "User");
}
