//! Notifications with resource data, decrypted as the documentation describes.

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

/// Creates a certificate (DER) and its private key for decryption.
fn encryption_certificate() -> (Vec<u8>, OaepPrivateDecryptingKey) {
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

async fn with_delivery() -> Tenant {
    Tenant::with_builder("2026-01-01T09:00:00Z", |builder| builder.delivery(Delivery::Loopback)).await
}

fn subscription(endpoint: &Endpoint, certificate: &str) -> Value {
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
async fn resource_data_is_encrypted_for_the_subscriber() {
    let tenant = with_delivery().await;
    let mut endpoint = Endpoint::start().await;
    let (der, key) = encryption_certificate();
    let created = tenant.post(&tenant.bob, PATH, &subscription(&endpoint, &BASE64_STANDARD.encode(&der))).await;
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
        // The token identifies the service, and grants no access.
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
async fn unusable_encryption_certificates_are_rejected() {
    let tenant = with_delivery().await;
    let endpoint = Endpoint::start().await;
    let elliptic = KeyPair::generate().unwrap();
    let elliptic = CertificateParams::new(["localhost".to_owned()]).unwrap().self_signed(&elliptic).unwrap();
    let (der, _) = encryption_certificate();
    let message = "[EncryptionCertificate]: The EncryptionCertificate field must be the certificate of an RSA key, DER in base64.";
    for certificate in [
        "TUlJQw==".to_owned(),
        "-----BEGIN CERTIFICATE-----".to_owned(),
        BASE64_STANDARD.encode(&der[..der.len() / 2]),
        BASE64_STANDARD.encode(elliptic.der()),
    ] {
        let response = tenant.post(&tenant.bob, PATH, &subscription(&endpoint, &certificate)).await;
        assert_eq!(response.error(), (400, "InvalidArgument".to_owned(), message.to_owned()), "{certificate:.40}");
    }
    assert!(endpoint.validations().is_empty());
}

/// Creates a certificate authority (PEM), and a certificate that it issued for the host.
#[cfg(feature = "https")]
fn issued_certificate(host: &str) -> (String, rcgen::Certificate, KeyPair) {
    let mut params = CertificateParams::default();
    params.is_ca = rcgen::IsCa::Ca(rcgen::BasicConstraints::Unconstrained);
    let authority = rcgen::CertifiedIssuer::self_signed(params, KeyPair::generate().unwrap()).unwrap();
    let key = KeyPair::generate().unwrap();
    let certificate = CertificateParams::new([host.to_owned()]).unwrap().signed_by(&key, &authority).unwrap();
    let root = BASE64_STANDARD.encode(authority.der());
    (format!("-----BEGIN CERTIFICATE-----\n{root}\n-----END CERTIFICATE-----\n"), certificate, key)
}

#[cfg(feature = "https")]
#[tokio::test]
async fn https_endpoints_need_a_trusted_certificate() {
    let (root, certificate, endpoint_key) = issued_certificate("127.0.0.1");
    let trusting = |root: String| {
        Tenant::with_builder("2026-01-01T09:00:00Z", move |builder| {
            builder.delivery(Delivery::Loopback).trust(root.as_bytes()).unwrap()
        })
    };
    let mut endpoint = Endpoint::secure(&certificate, &endpoint_key).await;
    assert!(endpoint.url().starts_with("https://127.0.0.1:"));
    let (der, key) = encryption_certificate();
    let body = subscription(&endpoint, &BASE64_STANDARD.encode(&der));
    // Without trusted roots, every certificate is accepted; the second emulator has a bundle of two roots.
    let (other_root, ..) = issued_certificate("127.0.0.1");
    let tenants = [with_delivery().await, trusting(format!("{other_root}{root}")).await];
    for (count, tenant) in (1..).zip(&tenants) {
        assert_eq!(tenant.post(&tenant.bob, PATH, &body).await.status, 201);
        assert_eq!(endpoint.validations().len(), count);
        tenant.emulator.sign_in(guid(ADA), "Busy", "InAMeeting");
        let notification = endpoint.next().await;
        assert_eq!(decrypt(&notification["encryptedContent"], &key)["activity"], "InAMeeting");
    }

    let rejected = (400, "ValidationError".to_owned());
    let untrusting = trusting(other_root).await;
    let response = untrusting.post(&untrusting.bob, PATH, &body).await.error();
    assert_eq!((response.0, response.1), rejected, "the issuer is not trusted");
    let (root, certificate, endpoint_key) = issued_certificate("localhost");
    let wrong_host = Endpoint::secure(&certificate, &endpoint_key).await;
    let tenant = trusting(root).await;
    let response =
        tenant.post(&tenant.bob, PATH, &subscription(&wrong_host, &BASE64_STANDARD.encode(&der))).await.error();
    assert_eq!((response.0, response.1), rejected, "the certificate is for another host");
    assert_eq!((endpoint.validations().len(), wrong_host.validations().len()), (2, 0));
}

#[cfg(feature = "https")]
#[test]
fn invalid_trusted_roots_are_rejected() {
    for roots in [&b""[..], b"\xff", b"-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n"] {
        let error = graph_presence_emulator::Emulator::builder().trust(roots).unwrap_err();
        assert_eq!(error.to_string(), "invalid trusted roots: expected at least one certificate in PEM format");
    }
}
