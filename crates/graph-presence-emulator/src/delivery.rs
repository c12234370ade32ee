//! Sends what subscribers are told. It runs beside the server, on the same thread.

use std::io;
use std::str::FromStr;
use std::sync::Arc;
use std::time::Duration;

use serde_json::{Value, json};
use tokio::sync::{mpsc, oneshot};
use url::Url;
use uuid::Uuid;

use crate::InvalidInput;
use crate::clock::Alarm;
use crate::http::Service;
use crate::state::{Event, Notice};

/// Which notification URLs are asked to validate themselves, and notified.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum Delivery {
    /// None: subscriptions are kept, and nothing leaves the emulator.
    #[default]
    Off,
    /// Those on this machine.
    Loopback,
    /// All of them.
    Anywhere,
}

impl FromStr for Delivery {
    type Err = InvalidInput;

    fn from_str(name: &str) -> Result<Self, Self::Err> {
        match name {
            "off" => Ok(Self::Off),
            "loopback" => Ok(Self::Loopback),
            "anywhere" => Ok(Self::Anywhere),
            _ => Err(InvalidInput::new("delivery", name, "must be one of off, loopback, anywhere")),
        }
    }
}

impl Delivery {
    pub(crate) fn reaches(self, url: &str) -> bool {
        match self {
            Self::Off => false,
            Self::Anywhere => true,
            Self::Loopback => Url::parse(url).is_ok_and(|url| match url.host() {
                Some(url::Host::Domain(name)) => name.eq_ignore_ascii_case("localhost"),
                Some(url::Host::Ipv4(address)) => address.is_loopback(),
                Some(url::Host::Ipv6(address)) => address.is_loopback(),
                None => false,
            }),
        }
    }
}

/// How long an endpoint may take, by the time of the operating system ("Receive change notifications through webhooks").
const PATIENCE: Duration = Duration::from_secs(10);
/// How long a clock that runs is believed at most: the operating system's may be set, and a machine may sleep.
const LONGEST_SLEEP: Duration = Duration::from_secs(60);

/// Asks an endpoint to validate itself.
pub(crate) struct Validation {
    url: String,
    outcome: oneshot::Sender<bool>,
}

/// How the service reaches its courier.
#[derive(Clone)]
pub(crate) struct Courier(mpsc::UnboundedSender<Validation>);

impl Courier {
    pub(crate) fn new() -> (Self, mpsc::UnboundedReceiver<Validation>) {
        let (sender, receiver) = mpsc::unbounded_channel();
        (Self(sender), receiver)
    }

    /// Whether the endpoint answers with the token that it is sent.
    pub(crate) async fn validate(&self, url: String) -> bool {
        let (outcome, answer) = oneshot::channel();
        self.0.send(Validation { url, outcome }).is_ok() && answer.await.unwrap_or(false)
    }
}

/// Runs until the service goes. It looks when something happened or is due, and sleeps while nothing is.
pub(crate) async fn run(
    service: Arc<Service>,
    client: reqwest::Client,
    mut validations: mpsc::UnboundedReceiver<Validation>,
) {
    let mut alarm = Alarm::new(service.clock());
    loop {
        let (notices, next_due) = service.due_notices();
        for notice in notices {
            let (client, service) = (client.clone(), Arc::clone(&service));
            tokio::spawn(async move {
                let body = body(&service, &notice).to_string();
                let is_delivered = send(&client, &notice.url, body).await;
                service.done(&notice, is_delivered);
            });
        }
        let time = async {
            match next_due {
                Some(instant) => alarm.wait(service.clock(), Some(instant), LONGEST_SLEEP).await,
                None => std::future::pending().await,
            }
        };
        tokio::select! {
            validation = validations.recv() => {
                let Some(Validation { url, outcome }) = validation else {
                    return;
                };
                let client = client.clone();
                tokio::spawn(async move { outcome.send(is_valid(&client, &url).await) });
            }
            () = service.woken() => {}
            () = time => {}
        }
    }
}

/// A client that verifies nobody's certificate.
pub(crate) fn client() -> io::Result<reqwest::Client> {
    let client = settings();
    #[cfg(feature = "https")]
    let client = client.tls_danger_accept_invalid_certs(true);
    client.build().map_err(io::Error::other)
}

/// A client that trusts these roots.
#[cfg(feature = "https")]
pub(crate) fn trusting(roots: &[u8]) -> Result<reqwest::Client, InvalidInput> {
    let roots = reqwest::Certificate::from_pem_bundle(roots).ok().filter(|roots| !roots.is_empty());
    roots
        .and_then(|roots| settings().tls_certs_only(roots).build().ok())
        .ok_or_else(|| InvalidInput::of_field("trust", "must be certificates in PEM"))
}

fn settings() -> reqwest::ClientBuilder {
    reqwest::Client::builder()
        .no_proxy()
        .redirect(reqwest::redirect::Policy::none())
        .timeout(PATIENCE)
        .user_agent(concat!("graph-presence-emulator/", env!("CARGO_PKG_VERSION")))
}

/// "Webhook notificationUrl validation": the token comes back as plain text.
async fn is_valid(client: &reqwest::Client, url: &str) -> bool {
    let Ok(mut url) = Url::parse(url) else {
        return false;
    };
    let token = format!("Validation: {}", Uuid::new_v4());
    url.query_pairs_mut().append_pair("validationToken", &token);
    let Ok(answer) = client.post(url).header("Content-Type", "text/plain; charset=utf-8").send().await else {
        return false;
    };
    let is_text = answer
        .headers()
        .get("Content-Type")
        .and_then(|kind| kind.to_str().ok())
        .is_some_and(|kind| kind.to_ascii_lowercase().starts_with("text/plain"));
    answer.status() == 200 && is_text && answer.text().await.is_ok_and(|text| text == token)
}

async fn send(client: &reqwest::Client, url: &str, body: String) -> bool {
    let sent = client.post(url).header("Content-Type", "application/json; charset=utf-8").body(body).send();
    sent.await.is_ok_and(|answer| answer.status().is_success())
}

fn body(service: &Service, notice: &Notice) -> Value {
    if cfg!(feature = "rich") && notice.certificate.is_some() {
        return json!({"value": [payload(notice)], "validationTokens": [service.validation_token(notice)]});
    }
    json!({"value": [payload(notice)]})
}

/// What a subscriber who wants resource data decrypts: `availability` and `activity`, and whose they are.
#[cfg(feature = "rich")]
fn encrypted(notice: &Notice) -> Option<Value> {
    let Event::Changed { person, pair } = &notice.event else {
        return None;
    };
    let content = json!({
        "@odata.id": format!("users/{person}/presence"),
        "@odata.type": "#microsoft.graph.presence",
        "id": person,
        "availability": pair.availability(),
        "activity": pair.activity(),
    });
    let recipient = crate::envelope::Recipient::parse(notice.certificate.as_deref()?)?;
    recipient.seal(&content.to_string(), notice.certificate_id.as_deref())
}

/// As the documentation has it, but for the comma that it has too many.
fn payload(notice: &Notice) -> Value {
    let mut payload = json!({
        "subscriptionId": notice.subscription,
        "clientState": notice.client_state,
        "tenantId": notice.tenant,
        "organizationId": notice.tenant,
        "subscriptionExpirationDateTime": notice.expires,
    });
    let more = match &notice.event {
        Event::Changed { person, .. } => json!({
            "changeType": "updated",
            "resource": format!("communications/presences/{person}"),
            "resourceData": {
                "@odata.id": format!("users/{person}/presence"),
                "@odata.type": "#microsoft.graph.presence",
                "id": person,
            },
        }),
        Event::ReauthorizationRequired => json!({
            "lifecycleEvent": "reauthorizationRequired",
            "resource": notice.resource,
        }),
    };
    if let (Value::Object(payload), Value::Object(more)) = (&mut payload, more) {
        payload.extend(more);
        #[cfg(feature = "rich")]
        if let Some(content) = encrypted(notice) {
            payload.insert("encryptedContent".to_owned(), content);
        }
    }
    payload
}
