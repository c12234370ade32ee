//! Notifications with resource data, decrypted as the documentation tells a subscriber to.

use aws_lc_rs::cipher::{AES_256, DecryptionContext, PaddedBlockDecryptingKey, UnboundCipherKey};
use aws_lc_rs::iv::FixedLength;
use aws_lc_rs::rsa::{OAEP_SHA1_MGF1SHA1, OaepPrivateDecryptingKey, PrivateDecryptingKey};
use aws_lc_rs::{digest, hmac};
use base64::Engine;
use base64::prelude::{BASE64_STANDARD, BASE64_URL_SAFE_NO_PAD};
use graph_presence_emulator::Delivery;
use rcgen::{CertificateParams, KeyPair, PKCS_RSA_SHA256};
use serde_json::{Value, json};

use crate::endpoint::Endpoint;
use crate::tenant::{ADA, Tenant, guid};

const PATH: &str = "/v1.0/subscriptions";

/// A certificate in DER and its key.
fn certificate() -> (Vec<u8>, OaepPrivateDecryptingKey) {
    let key = KeyPair::generate_for(&PKCS_RSA_SHA256).unwrap();
    let certificate = CertificateParams::new(["localhost".to_owned()]).unwrap().self_signed(&key).unwrap();
    let private = PrivateDecryptingKey::from_pkcs8(&key.serialize_der()).unwrap();
    (certificate.der().to_vec(), OaepPrivateDecryptingKey::new(private).unwrap())
}

fn bytes(content: &Value, name: &str) -> Vec<u8> {
    BASE64_STANDARD.decode(content[name].as_str().unwrap()).unwrap()
}

fn decrypt(content: &Value, key: &OaepPrivateDecryptingKey) -> Value {
    let mut symmetric = vec![0; key.min_output_size()];
    let symmetric = key.decrypt(&OAEP_SHA1_MGF1SHA1, &bytes(content, "dataKey"), &mut symmetric, None).unwrap();
    let mut data = bytes(content, "data");
    hmac::verify(&hmac::Key::new(hmac::HMAC_SHA256, symmetric), &data, &bytes(content, "dataSignature")).unwrap();
    let vector: [u8; 16] = symmetric[..16].try_into().unwrap();
    let cipher = PaddedBlockDecryptingKey::cbc_pkcs7(UnboundCipherKey::new(&AES_256, symmetric).unwrap()).unwrap();
    let plain = cipher.decrypt(&mut data, DecryptionContext::Iv128(FixedLength::from(vector))).unwrap();
    serde_json::from_slice(plain).unwrap()
}

async fn delivering() -> Tenant {
    Tenant::built("2026-01-01T09:00:00Z", |builder| builder.delivery(Delivery::Loopback)).await
}

fn to(endpoint: &Endpoint, certificate: &str) -> Value {
    json!({
        "changeType": "updated",
        "notificationUrl": endpoint.url(),
        "lifecycleNotificationUrl": endpoint.url(),
        "resource": format!("communications/presences/{ADA}"),
        "expirationDateTime": "2026-01-01T10:00:00Z",
        "includeResourceData": true,
        "encryptionCertificate": certificate,
        "encryptionCertificateId": "2026",
    })
}

#[tokio::test]
async fn the_subscriber_reads_what_changed_and_nobody_else() {
    let tenant = delivering().await;
    let mut endpoint = Endpoint::start().await;
    let (der, key) = certificate();
    let created = tenant.post(&tenant.bob, PATH, &to(&endpoint, &BASE64_STANDARD.encode(&der))).await;
    assert_eq!((created.status.as_u16(), &created.json()["encryptionCertificate"]), (201, &Value::Null));
    let mut keys = Vec::new();
    for [availability, activity] in [["Busy", "InAMeeting"], ["Away", "Away"]] {
        tenant.emulator.sign_in(guid(ADA), availability, activity);
        let body = endpoint.next_body().await;
        let content = &body["value"][0]["encryptedContent"];
        assert_eq!(
            decrypt(content, &key),
            json!({
                "@odata.id": format!("users/{ADA}/presence"),
                "@odata.type": "#microsoft.graph.presence",
                "id": ADA,
                "availability": availability,
                "activity": activity,
            })
        );
        let thumbprint = digest::digest(&digest::SHA1_FOR_LEGACY_USE_ONLY, &der);
        let thumbprint: String = thumbprint.as_ref().iter().map(|byte| format!("{byte:02X}")).collect();
        assert_eq!(content["encryptionCertificateThumbprint"], thumbprint);
        assert_eq!(content["encryptionCertificateId"], "2026");
        assert!(!body.to_string().contains("availability"), "{body}");
        keys.push(content["dataKey"].clone());

        let token = body["validationTokens"][0].as_str().unwrap();
        let claims = BASE64_URL_SAFE_NO_PAD.decode(token.split('.').nth(1).unwrap()).unwrap();
        let claims: Value = serde_json::from_slice(&claims).unwrap();
        assert_eq!(claims["aud"], created.json()["applicationId"]);
        assert_eq!(claims["appid"], "0bf30f3b-4a52-48df-9a82-234910c4a086");
        // It names the service, and opens nothing.
        assert_eq!(tenant.get(token, "/v1.0/me/presence").await.status, 401);
    }
    assert_ne!(keys[0], keys[1]);

    tenant.advance(45, 0);
    let body = endpoint.next_body().await;
    assert_eq!(body["value"][0]["lifecycleEvent"], "reauthorizationRequired");
    assert_eq!(body["value"][0].get("encryptedContent"), None);
    assert!(body["validationTokens"][0].is_string());
}

#[tokio::test]
async fn certificates_that_nothing_can_be_encrypted_for() {
    let tenant = delivering().await;
    let endpoint = Endpoint::start().await;
    let elliptic = KeyPair::generate().unwrap();
    let elliptic = CertificateParams::new(["localhost".to_owned()]).unwrap().self_signed(&elliptic).unwrap();
    let (der, _) = certificate();
    let message = "[EncryptionCertificate]: The EncryptionCertificate field must be the certificate of an RSA key, DER in base64.";
    for certificate in [
        "TUlJQw==".to_owned(),
        "-----BEGIN CERTIFICATE-----".to_owned(),
        BASE64_STANDARD.encode(&der[..der.len() / 2]),
        BASE64_STANDARD.encode(elliptic.der()),
    ] {
        let answer = tenant.post(&tenant.bob, PATH, &to(&endpoint, &certificate)).await;
        assert_eq!(answer.error(), (400, "InvalidArgument".to_owned(), message.to_owned()), "{certificate:.40}");
    }
    assert!(endpoint.validated().is_empty());
}
