//! An authenticator in software, and the browser before it: P-256, no attestation, CBOR by hand. It does as
//! it is told, wrongly too.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use p256::ecdsa::signature::Signer;
use p256::ecdsa::{Signature, SigningKey};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

const USER_PRESENT: u8 = 0x01;
const USER_VERIFIED: u8 = 0x04;
const KEY_ATTACHED: u8 = 0x40;

/// One authenticator with one passkey at most.
#[derive(Clone)]
pub(crate) struct Authenticator {
    pub(crate) key: SigningKey,
    pub(crate) id: Vec<u8>,
    /// Signatures counted; each answer counts one.
    pub(crate) counter: u32,
    /// Does it count at all? Those that are copied between devices do not.
    pub(crate) counts: bool,
    /// Does it ask its holder for finger, face or PIN?
    pub(crate) verifies: bool,
    /// Where the browser says it is.
    pub(crate) origin: String,
    /// The relying party that it signs for, where it is not the one that asks.
    pub(crate) relying_party: Option<String>,
}

impl Authenticator {
    pub(crate) fn new(seed: u8, origin: &str) -> Self {
        Self {
            key: SigningKey::from_slice(&[seed; 32]).expect("a key"),
            id: vec![seed; 32],
            counter: 0,
            counts: true,
            verifies: true,
            origin: origin.to_owned(),
            relying_party: None,
        }
    }

    /// Answers the options of adding one.
    pub(crate) fn create(&mut self, options: &str) -> String {
        let options = asked(options);
        let client = self.client("webauthn.create", &options);
        let point = self.key.verifying_key().to_sec1_point(false);
        let mut data = self.data(options.pointer("/rp/id"), KEY_ATTACHED);
        data.extend([0; 16]);
        data.extend(u16::try_from(self.id.len()).expect("short").to_be_bytes());
        data.extend(&self.id);
        // {1: 2 (EC2), 3: -7 (ES256), -1: 1 (P-256), -2: x, -3: y}
        data.extend([0xa5, 0x01, 0x02, 0x03, 0x26, 0x20, 0x01, 0x21, 0x58, 0x20]);
        data.extend(point.x().expect("a point").iter());
        data.extend([0x22, 0x58, 0x20]);
        data.extend(point.y().expect("a point").iter());
        // {"fmt": "none", "attStmt": {}, "authData": data}
        let mut object = vec![0xa3];
        object.extend(b"\x63fmt\x64none\x67attStmt\xa0\x68authData\x58");
        object.push(u8::try_from(data.len()).expect("short"));
        object.extend(data);
        let response = json!({ "attestationObject": text(&object), "clientDataJSON": text(client.as_bytes()) });
        self.answer(&response)
    }

    /// Answers the options of a sign-in.
    pub(crate) fn get(&mut self, options: &str) -> String {
        let options = asked(options);
        let client = self.client("webauthn.get", &options);
        let data = self.data(options.get("rpId"), 0);
        let signed = [data.as_slice(), &Sha256::digest(client.as_bytes())].concat();
        let signature: Signature = self.key.sign(&signed);
        let response = json!({
            "authenticatorData": text(&data),
            "clientDataJSON": text(client.as_bytes()),
            "signature": text(signature.to_der().as_bytes()),
            "userHandle": null,
        });
        self.answer(&response)
    }

    fn client(&self, kind: &str, options: &Value) -> String {
        let challenge = options.get("challenge").expect("a challenge");
        json!({ "type": kind, "challenge": challenge, "origin": self.origin, "crossOrigin": false }).to_string()
    }

    fn data(&mut self, relying_party: Option<&Value>, more: u8) -> Vec<u8> {
        let asking = relying_party.and_then(Value::as_str).expect("a relying party");
        let relying_party = self.relying_party.as_deref().unwrap_or(asking);
        self.counter += u32::from(self.counts);
        let flags = USER_PRESENT | more | if self.verifies { USER_VERIFIED } else { 0 };
        let mut data = Sha256::digest(relying_party.as_bytes()).to_vec();
        data.push(flags);
        data.extend(self.counter.to_be_bytes());
        data
    }

    fn answer(&self, response: &Value) -> String {
        let id = text(&self.id);
        json!({ "id": id, "rawId": id, "type": "public-key", "response": response }).to_string()
    }
}

/// What the authenticator is asked.
pub(crate) fn asked(options: &str) -> Value {
    let options: Value = serde_json::from_str(options).expect("options");
    options.get("publicKey").cloned().expect("options of a key")
}

fn text(bytes: &[u8]) -> String {
    URL_SAFE_NO_PAD.encode(bytes)
}
