//! Sends notifications to subscribers. It runs beside the server, on the same thread.

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::mpsc;

use crate::clock::Alarm;
use crate::endpoint_validator::Validation;
use crate::notification;
use crate::service::Service;

/// The longest time that a running clock is relied on: the system clock may be set, and a machine may sleep.
const MAX_SLEEP: Duration = Duration::from_secs(60);

/// Runs until the service is dropped. Looks for work when something happened or is due, and sleeps otherwise.
pub(crate) async fn run(
    service: Arc<Service>,
    client: reqwest::Client,
    mut validations: mpsc::UnboundedReceiver<Validation>,
) {
    let mut alarm = Alarm::new(service.clock());
    loop {
        let (changes, next_due) = service.due_changes();
        for change in changes {
            let (client, service) = (client.clone(), Arc::clone(&service));
            tokio::spawn(async move {
                let body = notification::body(&service, &change).to_string();
                let is_delivered = send(&client, &change.url, body).await;
                service.done(&change, is_delivered);
            });
        }
        let time = async {
            match next_due {
                Some(instant) => alarm.wait(service.clock(), Some(instant), MAX_SLEEP).await,
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
            () = service.woken() => {}
            () = time => {}
        }
    }
}

async fn send(client: &reqwest::Client, url: &str, body: String) -> bool {
    let sent = client.post(url).header("Content-Type", "application/json; charset=utf-8").body(body).send();
    sent.await.is_ok_and(|response| response.status().is_success())
}
