//! The signature functions alone, over digests.

use aws_lc_rs::digest::{self, Digest};
use aws_lc_rs::signature as aws;
use dsa::pkcs8::DecodePublicKey as _;
use dsa::signature::hazmat::PrehashVerifier as _;
use instance_identity::SignatureKind;
use instance_identity::internals::{DsaKey, RsaKey};
use openssl::md::Md;
use openssl::pkey::Private;
use openssl::pkey_ctx::PkeyCtx;
use openssl::rsa::Padding;
use rsa::{Pkcs1v15Sign, RsaPublicKey};

use crate::keys::Key;
use crate::random::Random;
use crate::report::{Report, at_most, ratio};
use crate::timing::{Contender, race};

/// As many as AWS has of DSA: what a service for all regions has in use.
const KEYS: usize = 16;
const SIGNATURES_PER_KEY: usize = 20;
/// Verifications with each key before the clock starts: what is made only after some verifications is there then.
const WARM_UP: usize = 64;

/// A signature, and of which key it is.
struct Signed {
    key: usize,
    message: Vec<u8>,
    digest: Vec<u8>,
    signature: Vec<u8>,
}

pub fn run(report: &mut Report) {
    report.section(
        "primitives, prehashed",
        &[
            &format!("{KEYS} keys, {SIGNATURES_PER_KEY} signatures of each, shuffled; keys parsed before, contexts kept where the library has any."),
            "ring takes no digest and keeps no parsed key: it hashes a message of 32 bytes and prepares the key each time.",
            "aws-lc-rs has no DSA in its safe interface, ring has none at all.",
        ],
    );
    for (kind, title, bar) in [(SignatureKind::Rsa, "RSA-1024", 1.3), (SignatureKind::Rsa2048, "RSA-2048", 1.4)] {
        let keys = Key::several(kind, KEYS);
        rsa(report, title, bar, &keys);
    }
    let keys = Key::several(SignatureKind::Dsa, KEYS);
    dsa(report, "DSA-1024/160", &keys);
    dsa(report, "DSA-1024/160, 4 keys", &keys[..4]);
}

fn rsa(report: &mut Report, title: &str, bar: f64, keys: &[Key]) {
    let signed = sign(keys);
    let integers: Vec<Vec<u8>> = keys.iter().map(|key| key.integers().remove(0)).collect();

    let mut openssl = openssl_contexts(keys);
    let ours: Vec<RsaKey> = integers.iter().map(|n| RsaKey::new(n).unwrap()).collect();
    let ring: Vec<_> = integers.iter().map(|n| ring::signature::RsaPublicKeyComponents { n: n.as_slice(), e: &[1, 0, 1] }).collect();
    let (aws_parameters, ring_parameters) = match keys[0].kind {
        SignatureKind::Rsa2048 => (&aws::RSA_PKCS1_2048_8192_SHA256, &ring::signature::RSA_PKCS1_2048_8192_SHA256),
        _ => (&aws::RSA_PKCS1_1024_8192_SHA256_FOR_LEGACY_USE_ONLY, &ring::signature::RSA_PKCS1_1024_8192_SHA256_FOR_LEGACY_USE_ONLY),
    };
    let parse = |n: &Vec<u8>| aws::RsaPublicKeyComponents { n: n.as_slice(), e: &[1, 0, 1] }.to_parsed_public_key(aws_parameters).unwrap();
    let aws: Vec<aws::ParsedPublicKey> = integers.iter().map(parse).collect();
    let crates: Vec<RsaPublicKey> = keys.iter().map(|key| RsaPublicKey::from_public_key_der(&key.public_key_info()).unwrap()).collect();

    let by_ours = |key: usize, digest: &[u8], signature: &[u8]| ours[key].verify(digest.try_into().unwrap(), signature);
    let by_aws = |key: usize, digest: &[u8], signature: &[u8]| {
        aws[key].verify_digest_sig(&Digest::import_less_safe(digest, &digest::SHA256).unwrap(), signature).is_ok()
    };
    let by_ring = |key: usize, message: &[u8], signature: &[u8]| ring[key].verify(ring_parameters, message, signature).is_ok();
    let by_crate =
        |key: usize, digest: &[u8], signature: &[u8]| crates[key].verify(Pkcs1v15Sign::new::<sha2::Sha256>(), digest, signature).is_ok();
    for Signed { key, message, digest, signature } in &signed {
        let forged = altered(signature);
        let other = altered(message);
        assert!(openssl[*key].verify(digest, signature).unwrap() && !openssl[*key].verify(digest, &forged).unwrap_or(false));
        assert!(by_ours(*key, digest, signature) && !by_ours(*key, digest, &forged) && !by_ours(*key, &altered(digest), signature));
        assert!(by_aws(*key, digest, signature) && !by_aws(*key, digest, &forged));
        assert!(by_ring(*key, message, signature) && !by_ring(*key, &other, signature));
        assert!(by_crate(*key, digest, signature) && !by_crate(*key, digest, &forged));
    }
    warm_up(keys.len(), &signed, |signed| by_ours(signed.key, &signed.digest, &signed.signature));

    let lanes = race(vec![
        Contender::rotating("OpenSSL EVP", &signed, |signed| openssl[signed.key].verify(&signed.digest, &signed.signature).unwrap()),
        Contender::rotating("instance-identity", &signed, |signed| by_ours(signed.key, &signed.digest, &signed.signature)),
        Contender::rotating("aws-lc-rs", &signed, |signed| by_aws(signed.key, &signed.digest, &signed.signature)),
        Contender::rotating("ring", &signed, |signed| by_ring(signed.key, &signed.message, &signed.signature)),
        Contender::rotating("rsa crate", &signed, |signed| by_crate(signed.key, &signed.digest, &signed.signature)),
    ]);
    print(report, title, bar, lanes);
}

fn dsa(report: &mut Report, title: &str, keys: &[Key]) {
    let signed = sign(keys);
    let mut openssl = openssl_contexts(keys);
    let own = |key: &Key| match key.integers().as_slice() {
        [p, q, g, y] => DsaKey::new(p, q, g, y).unwrap(),
        _ => unreachable!("four integers"),
    };
    let ours: Vec<DsaKey> = keys.iter().map(own).collect();
    let crates: Vec<dsa::VerifyingKey> =
        keys.iter().map(|key| dsa::VerifyingKey::from_public_key_der(&key.public_key_info()).unwrap()).collect();

    let by_ours = |key: usize, digest: &[u8], signature: &[u8]| ours[key].verify(digest.try_into().unwrap(), signature);
    let by_crate = |key: usize, digest: &[u8], signature: &[u8]| {
        dsa::Signature::try_from(signature).is_ok_and(|signature| crates[key].verify_prehash(digest, &signature).is_ok())
    };
    for Signed { key, digest, signature, .. } in &signed {
        let forged = altered(signature);
        assert!(openssl[*key].verify(digest, signature).unwrap() && !openssl[*key].verify(digest, &forged).unwrap_or(false));
        assert!(by_ours(*key, digest, signature) && !by_ours(*key, digest, &forged) && !by_ours(*key, &altered(digest), signature));
        assert!(by_crate(*key, digest, signature) && !by_crate(*key, digest, &forged));
    }
    warm_up(keys.len(), &signed, |signed| by_ours(signed.key, &signed.digest, &signed.signature));

    let lanes = race(vec![
        Contender::rotating("OpenSSL EVP", &signed, |signed| openssl[signed.key].verify(&signed.digest, &signed.signature).unwrap()),
        Contender::rotating("instance-identity", &signed, |signed| by_ours(signed.key, &signed.digest, &signed.signature)),
        Contender::rotating("dsa crate", &signed, |signed| by_crate(signed.key, &signed.digest, &signed.signature)),
    ]);
    print(report, title, 0.45, lanes);
}

fn print(report: &mut Report, title: &str, bar: f64, lanes: Vec<crate::timing::Lane>) {
    report.line(title);
    for lane in lanes {
        let verdict = if lane.name == "instance-identity" { at_most(lane.ratio.median, bar) } else { String::new() };
        report.line(format!("  {:18} {:9.2} us   {}   {verdict}", lane.name, lane.micros.median, ratio(lane.ratio)));
    }
}

/// All keys in turn, the signatures of each in another order.
fn sign(keys: &[Key]) -> Vec<Signed> {
    let mut random = Random::new(1);
    let mut signed: Vec<Signed> = (0..KEYS * SIGNATURES_PER_KEY)
        .map(|index| {
            let (key, message) = (index % keys.len(), random.bytes(32));
            Signed { key, digest: keys[key].digest(&message), signature: keys[key].sign(&message), message }
        })
        .collect();
    random.shuffle(&mut signed);
    signed
}

fn openssl_contexts(keys: &[Key]) -> Vec<PkeyCtx<Private>> {
    let context = |key: &Key| {
        let mut context = PkeyCtx::new(&key.private).unwrap();
        context.verify_init().unwrap();
        if key.kind != SignatureKind::Dsa {
            context.set_rsa_padding(Padding::PKCS1).unwrap();
            context.set_signature_md(Md::sha256()).unwrap();
        }
        context
    };
    keys.iter().map(context).collect()
}

fn warm_up(keys: usize, signed: &[Signed], verify: impl Fn(&Signed) -> bool) {
    assert!(signed.iter().cycle().take(keys * WARM_UP).all(verify));
}

/// With its last bit flipped.
fn altered(bytes: &[u8]) -> Vec<u8> {
    let mut bytes = bytes.to_vec();
    *bytes.last_mut().unwrap() ^= 1;
    bytes
}
