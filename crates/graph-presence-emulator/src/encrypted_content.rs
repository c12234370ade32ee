//! Encryption of resource data for subscribers ("Set up change notifications that include resource data").

use aws_lc_rs::cipher::{AES_256, EncryptionContext, PaddedBlockEncryptingKey, UnboundCipherKey};
use aws_lc_rs::iv::FixedLength;
use aws_lc_rs::rsa::{OAEP_SHA1_MGF1SHA1, OaepPublicEncryptingKey, PublicEncryptingKey};
use aws_lc_rs::{digest, hmac, rand};
use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use serde_json::{Value, json};
use x509_cert::Certificate;
use x509_cert::der::{Decode, Encode};

/// The public key of a subscriber's certificate, with which the resource data of its notifications is encrypted.
pub(crate) struct Recipient {
    key: PublicEncryptingKey,
    thumbprint: String,
}

impl Recipient {
    /// Parses an RSA certificate: DER in base64.
    pub(crate) fn parse(certificate: &str) -> Option<Self> {
        let der = BASE64_STANDARD.decode(certificate.trim()).ok()?;
        let certificate = Certificate::from_der(&der).ok()?;
        let key = certificate.tbs_certificate().subject_public_key_info().to_der().ok()?;
        let thumbprint = digest::digest(&digest::SHA1_FOR_LEGACY_USE_ONLY, &der);
        let thumbprint = thumbprint.as_ref().iter().map(|byte| format!("{byte:02X}")).collect();
        Some(Self { key: PublicEncryptingKey::from_der(&key).ok()?, thumbprint })
    }

    /// Returns the `encryptedContent`. The content is encrypted by AES-256-CBC with a random key, whose first half is
    /// also the initialization vector, and signed with that key by HMAC-SHA256. The key is encrypted by RSA-OAEP.
    pub(crate) fn encrypt(self, content: &str, certificate_id: Option<&str>) -> Option<Value> {
        let mut key = [0; 32];
        rand::fill(&mut key).ok()?;
        let vector: [u8; 16] = key.first_chunk().copied()?;
        let mut data = content.as_bytes().to_vec();
        let cipher = UnboundCipherKey::new(&AES_256, &key).and_then(PaddedBlockEncryptingKey::cbc_pkcs7).ok()?;
        cipher.less_safe_encrypt(&mut data, EncryptionContext::Iv128(FixedLength::from(vector))).ok()?;
        let signature = hmac::sign(&hmac::Key::new(hmac::HMAC_SHA256, &key), &data);

        let oaep = OaepPublicEncryptingKey::new(self.key).ok()?;
        let mut encrypted_key = vec![0; oaep.ciphertext_size()];
        let encrypted_key = oaep.encrypt(&OAEP_SHA1_MGF1SHA1, &key, &mut encrypted_key, None).ok()?;
        Some(json!({
            "data": BASE64_STANDARD.encode(&data),
            "dataSignature": BASE64_STANDARD.encode(signature),
            "dataKey": BASE64_STANDARD.encode(encrypted_key),
            "encryptionCertificateId": certificate_id,
            "encryptionCertificateThumbprint": self.thumbprint,
        }))
    }
}
