//! Sends notifications to subscribers, on the thread of the server.

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::mpsc;

use crate::clock::ClockTimer;
use crate::endpoint_validator::Validation;
use crate::notification;
use crate::service::Service;

/// The maximum time between two checks of a running clock, because the system clock may be set and the machine may be
/// suspended.
const MAX_SLEEP: Duration = Duration::from_secs(60);

/// Sends notifications that are due and validates endpoints, until the validation channel is closed.
pub(crate) async fn run(
    service: Arc<Service>,
    client: reqwest::Client,
    mut validations: mpsc::UnboundedReceiver<Validation>,
) {
    let mut timer = ClockTimer::new(service.clock());
    loop {
        let (changes, next_due) = service.due_notifications();
        for change in changes {
            let (client, service) = (client.clone(), Arc::clone(&service));
            tokio::spawn(async move {
                let body = notification::body(&service, &change).to_string();
                let is_delivered = send(&client, &change.url, body).await;
                service.record_attempt(&change, is_delivered);
            });
        }
        let time = async {
            match next_due {
                Some(instant) => timer.wait(service.clock(), Some(instant), MAX_SLEEP).await,
                None => std::future::pending().await,
            }
        };
        tokio::select! {
            validation = validations.recv() => {
                let Some(validation) = validation else {
                    return;
                };
                let client = client.clone();
                tokio::spawn(async move { validation.run(&client).await });
            }
            () = service.notified() => {}
            () = time => {}
        }
    }
}

async fn send(client: &reqwest::Client, url: &str, body: String) -> bool {
    let sent = client.post(url).header("Content-Type", "application/json; charset=utf-8").body(body).send();
    sent.await.is_ok_and(|response| response.status().is_success())
}
