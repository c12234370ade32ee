//! Issues and verifies bearer tokens: JSON Web Tokens that the emulator signs. Tokens of other issuers are only
//! decoded.

use base64::Engine;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use hmac::{Hmac, KeyInit, Mac};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use sha2::Sha256;
use uuid::Uuid;

use crate::{Caller, Guid};

const GRAPH: &str = "https://graph.microsoft.com";
/// The audience of refresh tokens, which distinguishes them from all other tokens.
const REFRESH: &str = "refresh";
/// The header of all tokens.
const HEADER: &str = r#"{"typ":"JWT","alg":"HS256"}"#;

/// The claims that the emulator issues or reads.
#[derive(Debug, Default, Serialize, Deserialize)]
#[serde(default)]
struct Claims {
    aud: String,
    iss: String,
    iat: i64,
    #[serde(skip_serializing_if = "Option::is_none")]
    exp: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    appid: Option<String>,
    /// The application in tokens of version 2.0, instead of `appid`.
    #[serde(skip_serializing_if = "Option::is_none")]
    azp: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    oid: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    tid: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    scp: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    roles: Option<Vec<String>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    sub: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    preferred_username: Option<String>,
    /// The unique identifier of the token.
    uti: String,
    ver: String,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum InvalidToken {
    Unknown,
    Expired,
}

/// Issues and verifies tokens with a secret key, which is random for each emulator.
pub(crate) struct TokenIssuer {
    key: [u8; 64],
}

impl TokenIssuer {
    pub(crate) fn new() -> Self {
        let mut key = [0; 64];
        for part in key.chunks_exact_mut(16) {
            part.copy_from_slice(Uuid::new_v4().as_bytes());
        }
        Self { key }
    }

    /// Returns the key for a snapshot. With the same key, tokens stay valid.
    pub(crate) fn key(&self) -> String {
        BASE64_URL_SAFE_NO_PAD.encode(self.key)
    }

    pub(crate) fn from_key(key: &str) -> Option<Self> {
        Some(Self { key: BASE64_URL_SAFE_NO_PAD.decode(key).ok()?.try_into().ok()? })
    }

    /// Issues an access token for Microsoft Graph. `None` for `expires` issues a token that does not expire.
    pub(crate) fn access_token(&self, caller: &Caller, now: Timestamp, expires: Option<Timestamp>) -> String {
        self.sign(&claims(GRAPH, caller, now, expires))
    }

    /// Issues a refresh token, which does not expire.
    pub(crate) fn refresh_token(&self, caller: &Caller, now: Timestamp) -> String {
        self.sign(&claims(REFRESH, caller, now, None))
    }

    /// Issues an ID token for the user who signed in to the application ("ID token claims reference"). Users of the
    /// emulator do not have names, so `preferred_username` contains the id.
    pub(crate) fn id_token(&self, caller: &Caller, now: Timestamp, expires: Timestamp) -> String {
        let (application, tenant) = (caller.app_id().to_string(), caller.tenant());
        let user = caller.user_id().map(|user| user.to_string());
        self.sign(&Claims {
            iss: format!("https://login.microsoftonline.com/{tenant}/v2.0"),
            sub: user.as_ref().map(|user| self.subject(&application, user)),
            preferred_username: user.map(|user| format!("{user}@{tenant}")),
            ver: "2.0".to_owned(),
            ..claims(&application, caller, now, Some(expires))
        })
    }

    /// Returns the subject, which is different for each application.
    fn subject(&self, application: &str, user: &str) -> String {
        BASE64_URL_SAFE_NO_PAD.encode(self.mac(&format!("{application}.{user}")).finalize().into_bytes())
    }

    /// Issues a token for an audience other than Microsoft Graph.
    pub(crate) fn for_audience(&self, audience: &str, caller: &Caller, now: Timestamp, expires: Timestamp) -> String {
        self.sign(&claims(audience, caller, now, Some(expires)))
    }

    /// Returns the caller of an access token.
    pub(crate) fn verify(&self, token: &str, now: Timestamp) -> Result<Caller, InvalidToken> {
        self.verify_audience(token, GRAPH, now)
    }

    /// Returns the caller of a refresh token.
    pub(crate) fn verify_refresh_token(&self, token: &str, now: Timestamp) -> Result<Caller, InvalidToken> {
        self.verify_audience(token, REFRESH, now)
    }

    fn verify_audience(&self, token: &str, audience: &str, now: Timestamp) -> Result<Caller, InvalidToken> {
        let (signed, signature) = token.rsplit_once('.').ok_or(InvalidToken::Unknown)?;
        let signature = BASE64_URL_SAFE_NO_PAD.decode(signature).map_err(|_| InvalidToken::Unknown)?;
        self.mac(signed).verify_slice(&signature).map_err(|_| InvalidToken::Unknown)?;
        let claims = payload(token).filter(|claims| claims.aud == audience).ok_or(InvalidToken::Unknown)?;
        if claims.exp.is_some_and(|expires| now.as_second() >= expires) {
            return Err(InvalidToken::Expired);
        }
        caller(&claims).ok_or(InvalidToken::Unknown)
    }

    fn sign(&self, claims: &Claims) -> String {
        // Serialization cannot fail, because claims are strings and numbers.
        let claims = serde_json::to_vec(claims).unwrap_or_default();
        let signed = format!("{}.{}", BASE64_URL_SAFE_NO_PAD.encode(HEADER), BASE64_URL_SAFE_NO_PAD.encode(claims));
        let signature = BASE64_URL_SAFE_NO_PAD.encode(self.mac(&signed).finalize().into_bytes());
        format!("{signed}.{signature}")
    }

    fn mac(&self, signed: &str) -> Hmac<Sha256> {
        Hmac::<Sha256>::new(&self.key.into()).chain_update(signed)
    }
}

/// Returns the caller according to the claims of a token. Neither signature nor expiry is verified.
pub(crate) fn decode_unverified(token: &str) -> Option<Caller> {
    caller(&payload(token)?)
}

fn payload(token: &str) -> Option<Claims> {
    let payload = token.split('.').nth(1)?;
    serde_json::from_slice(&BASE64_URL_SAFE_NO_PAD.decode(payload.trim_end_matches('=')).ok()?).ok()
}

fn claims(audience: &str, caller: &Caller, now: Timestamp, expires: Option<Timestamp>) -> Claims {
    let names = caller.scopes().names();
    let tenant = caller.tenant();
    let user = caller.user_id();
    Claims {
        aud: audience.to_owned(),
        iss: format!("https://sts.windows.net/{tenant}/"),
        iat: now.as_second(),
        exp: expires.map(Timestamp::as_second),
        appid: Some(caller.app_id().to_string()),
        azp: None,
        oid: Some(user.unwrap_or(caller.app_id()).to_string()),
        tid: Some(tenant.to_string()),
        scp: user.is_some().then(|| names.join(" ")),
        roles: user.is_none().then(|| names.iter().map(|name| (*name).to_owned()).collect()),
        sub: None,
        preferred_username: None,
        uti: Uuid::new_v4().simple().to_string(),
        ver: "1.0".to_owned(),
    }
}

/// Returns the caller according to the claims: a user if the token has scopes, otherwise an application.
fn caller(claims: &Claims) -> Option<Caller> {
    let guid = |claim: &Option<String>| Guid::parse(claim.as_deref()?).ok();
    let application = guid(&claims.appid).or_else(|| guid(&claims.azp));
    let caller = match &claims.scp {
        Some(scopes) => {
            let caller = Caller::user(guid(&claims.oid)?).with_scopes(scopes.split_whitespace());
            application.map_or(caller.clone(), |application| caller.with_application(application))
        }
        None => Caller::application(application?).with_scopes(claims.roles.iter().flatten()),
    };
    Some(match guid(&claims.tid) {
        Some(tenant) => caller.with_tenant(tenant),
        None => caller,
    })
}
