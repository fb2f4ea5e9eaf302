//! Writes `seeds/`: for each target a few small inputs, named for what they reach.

use std::fs;
use std::path::Path;

use instance_identity::{CertStore, SignatureKind};
use instance_identity_fuzz::samples::{SAMPLES, Sample};

fn main() {
    for (target, name, seed) in base64().chain(pem()).chain(json()).chain(cms()).chain(edits()).chain(certificates()) {
        write(target, &name, &seed);
    }
    for (target, name, seed) in signatures().chain(policies()).chain(pages()).chain(verifications()) {
        write(target, &name, &seed);
    }
}

type Seed = (&'static str, String, Vec<u8>);

fn write(target: &str, name: &str, seed: &[u8]) {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("seeds").join(target);
    fs::create_dir_all(&folder).unwrap();
    fs::write(folder.join(name), seed).unwrap();
}

fn seeds(target: &'static str, seeds: &[(&str, &[u8])]) -> impl Iterator<Item = Seed> + use<> {
    seeds.iter().map(|(name, seed)| (target, (*name).to_owned(), seed.to_vec())).collect::<Vec<_>>().into_iter()
}

fn base64() -> impl Iterator<Item = Seed> {
    let bare = SAMPLES.iter().find(|sample| sample.kind == SignatureKind::Rsa).unwrap().text();
    seeds(
        "base64",
        &[
            ("a_signature", bare.as_bytes()),
            ("one_pad", b"aGVsbG8="),
            ("two_pads", b"aGVs\r\nbA=="),
            ("white_space_everywhere", b" a G\tVs\x0cbG 8 =\n"),
            ("bits_behind_the_end", b"aGVsbG9="),
            ("a_vertical_tab", b"aGVs\x0bbG8="),
            ("padding_missing", b"aGVsbG8"),
            ("the_other_alphabet", b"aGV_bG-="),
        ],
    )
}

fn pem() -> impl Iterator<Item = Seed> {
    seeds(
        "pem",
        &[
            ("a_block", b"-----BEGIN PKCS7-----\naGVs\nbG8=\n-----END PKCS7-----\n"),
            ("in_words", b"\xff\x02\n\xff\x09\n\xff\x03\n"),
            ("long_lines", b"\xff\x00\n\xff\x0a\n\xff\x09\n\xff\x01\n"),
            ("two_blocks", b"\xff\x02\n\xff\x09\n\xff\x03\n\xff\x02\n\xff\x09\n\xff\x03\n"),
            ("another_label", b"\xff\x04\xff\x07\xff\x06\n\xff\x09\n\xff\x05\xff\x07\xff\x06\n"),
            ("a_header", b"\xff\x02\nProc-Type: 4\n\n\xff\x09\n\xff\x03\n"),
        ],
    )
}

fn json() -> impl Iterator<Item = Seed> {
    let mut documents: Vec<&Sample> = SAMPLES.iter().collect();
    documents.dedup_by_key(|sample| &sample.document);
    let number = |number: usize| move |sample: &Sample| ("document", format!("served_{number:02}"), sample.document.clone());
    let served: Vec<Seed> = documents.iter().enumerate().step_by(2).map(|(index, sample)| number(index)(sample)).collect();
    let words = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13].map(|word| [0xff, word, b',']).concat();
    let in_words = [b"{".as_slice(), &words, b"\xff\x0e}"].concat();
    let more = [b"{".as_slice(), &words, b"\"new\":{ \"a\":[\xff\x21,\xff\x14]},\xff\x0e}"].concat();
    let documents = seeds("document", &[("in_words", &in_words), ("with_unknown_fields", &more)]);
    let objects = seeds(
        "json",
        &[
            ("values", br#" {"a": [1, -2, 1.50, true, null, "x\n"], "b": {"c": {}}, "d" : 1e400, "e":"\u0041"} "#),
            ("a_key_twice_inside", br#"{"a":[[],{"b":{"a":1},"\u0062" :2}]}"#),
            ("looks_like_a_key_twice", br#"{"a":["a","a",{"a":{"a":"a:"},"b":["b","b"]}],"b":"a"}"#),
            ("half_a_pair", br#"{"a":[{"b":[1, "\ud83d"]}]}"#),
            ("a_pair", br#"{"a":"\ud83d\ude00"}"#),
            ("eight_levels", b"{\"a\":[[[[[[[]]]]]]]}"),
            ("nine_levels", b"{\"a\":[[[[[[[[]]]]]]]]}"),
            ("in_words", b"{\xff\x0f:\xff\x21,\xff\x10:\xff\x14}"),
        ],
    );
    served.into_iter().chain(documents).chain(objects)
}

/// All CMS values of the captures, and the shapes of one era.
fn cms() -> impl Iterator<Item = Seed> {
    let values = SAMPLES.iter().filter(|sample| sample.kind != SignatureKind::Rsa).take(24).enumerate();
    values.map(|(number, sample)| ("cms", format!("{number:02}_{}_{}", sample.region, sample.kind), sample.value.clone()))
}

fn edits() -> impl Iterator<Item = Seed> {
    // One edit of each kind, in many places.
    let mut seeds = vec![("cms_edited", "unchanged".to_owned(), vec![0])];
    for operation in 0..18_u8 {
        for (number, place) in [1_u8, 5, 9, 14, 22, 40].into_iter().enumerate() {
            let value = operation.wrapping_mul(7).wrapping_add(number as u8);
            let seed = vec![value, operation, place, 3, 0x30, 1, 7];
            seeds.push(("cms_edited", format!("edit_{operation:02}_at_{place:02}"), seed));
        }
    }
    seeds.into_iter()
}

fn certificates() -> impl Iterator<Item = Seed> {
    let store = CertStore::bundled();
    let mut seeds = Vec::new();
    for (slot, kind) in SignatureKind::ALL.into_iter().enumerate() {
        let certificate = store.get(&"us-east-1".parse().unwrap(), kind).unwrap();
        // One past the last certificate: the input itself.
        seeds.push(("certificate", format!("der_{kind}"), [&[slot as u8, 15], certificate.der()].concat()));
        let pem = include_str!("../../certs/us-east-1/rsa.pem");
        seeds.push(("certificate", format!("pem_in_{kind}"), [&[slot as u8, 15], pem.as_bytes()].concat()));
        for base in 0..15 {
            seeds.push(("certificate", format!("edited_{base:02}_in_{kind}"), vec![slot as u8, base, 5, 9, 0, 3, 1]));
        }
        for operation in 0..18_u8 {
            seeds.push((
                "certificate",
                format!("edit_{operation:02}_in_{kind}"),
                vec![slot as u8, slot as u8, operation, 8 + operation, 2, 7],
            ));
        }
    }
    seeds.into_iter()
}

fn signatures() -> impl Iterator<Item = Seed> {
    let rsa = seeds(
        "rsa_signature",
        &[
            ("valid_1024", &[2, 0, 0]),
            ("valid_2048", &[2, 1, 0]),
            ("without_null", &[2, 1, 2]),
            ("a_digest_alone", &[2, 0, 1]),
            ("n_added", &[2, 0, 0, 2]),
            ("negated", &[2, 1, 0, 4]),
            ("an_octet_before", &[2, 0, 0, 6, 0]),
            ("an_octet_changed", &[2, 1, 0, 0, 200, 1]),
            ("the_digest_changed", &[2, 1, 0, 1, 31, 1]),
            ("power_of_ones_1024", &[0, 0, 0xa5, 0xff, 127, 0xa5, 0xff, 127]),
            ("power_of_ones_2048", &[0, 1, 0xa5, 0xff, 255, 0xa5, 0xff, 255]),
            ("power_with_zeros", &[0, 1, 0x80, 0xa5, 0, 253, 1, 0xa5, 0xff, 100, 0xa5, 0, 255]),
            ("product_of_ones", &[1, 0xa5, 0xff, 127, 0xa5, 0xff, 127, 0xa5, 0xff, 127]),
            ("product_with_zeros", &[1, 0x80, 0xa5, 0, 125, 3, 0x7f, 0xa5, 0xff, 126, 0xa5, 0, 126, 2]),
        ],
    );
    let dsa = seeds(
        "dsa_signature",
        &[
            ("valid", &[2, 0, 0]),
            ("valid_new_key", &[6, 1, 0]),
            ("valid_over_zero", &[2, 0, 1]),
            ("valid_over_q", &[2, 1, 2]),
            ("q_added_to_r", &[2, 0, 0, 2]),
            ("s_negated", &[2, 0, 0, 0x83]),
            ("s_is_zero", &[2, 0, 0, 0x85, 0]),
            ("exponents_of_ones", &[0, 0, 0xa5, 0xff, 19, 0xa5, 0xff, 19]),
            ("exponents_new_key", &[4, 1, 0xa5, 0, 18, 1, 0x55, 0xa5, 0, 10, 7]),
            ("exponent_of_g_zero", &[4, 0, 0xa5, 0, 19, 1]),
            ("der_length_in_long_form", &[1, 0, 0, 7, 0, 1]),
            ("der_sign_octet", &[1, 0, 1, 5, 1, 0, 0, 0x80]),
            ("der_third_integer", &[1, 0, 0, 1, 1]),
        ],
    );
    rsa.chain(dsa)
}

fn policies() -> impl Iterator<Item = Seed> {
    // Each list with values that fit it; the others are words of their own.
    let rules = [3, 26, 4, 27, 5, 28, 6, 41, 7, 29, 8, 27, 9, 30, 10, 27, 11, 31, 12, 27, 13, 27, 14, 27, 15, 27, 16, 32, 17, 18];
    let exception = [19, 20, 40, 21, 1, 25, 22, 23];
    let words = |words: &[u8]| words.iter().flat_map(|word| [0xff, *word]).collect::<Vec<u8>>();
    let by_hand =
        b"max_age = \"1h30m\" # \xc3\xa9\r\nfuture_skew='0s'\naccounts = [\n  \"123456789012\", # ours\n]\nprivate_ips = [\"::1/128\"]\n";
    seeds(
        "policy_toml",
        &[
            ("the_least", &words(&[0])),
            ("every_rule", &words(&[&[1, 24, 2, 24], &rules[..]].concat())),
            ("exceptions", &words(&[&[0], &exception[..], &[19, 20, 1, 24, 22, 23]].concat())),
            ("by_hand", by_hand),
            ("an_empty_list", &words(&[0, 3, 33])),
            ("an_unknown_key", b"\xff\x00acounts = 1\n"),
            ("no_age", &words(&[3, 26])),
            ("an_age_twice", &words(&[0, 0])),
            ("a_reason_with_an_escape", b"\xff\x00\xff\x13\xff\x14\xff\x01\xff\x19\xff\x16reason = \"\\u001b\"\n"),
            ("a_date_for_a_time", b"\xff\x00\xff\x13\xff\x14\xff\x01\xff\x19until = 2027-01-01\n\xff\x17"),
            ("a_byte_order_mark", b"\xef\xbb\xbf\xff\x00"),
            ("not_toml", b"{\"accountId\" : \"123456789012\"}"),
        ],
    )
}

fn pages() -> impl Iterator<Item = Seed> {
    let part = |name: u8, pem: u8| vec![0xff, name, b'\n', 0xff, 14, 0xff, pem, 0xff, 14];
    let region = |heading: u8| [vec![0xff, heading, 0xff, heading + 1, 0xff, 9], part(11, 2), part(12, 0)].concat();
    let whole = [region(3), part(10, 1)].concat();
    let as_it_is = std::str::from_utf8(include_bytes!("../../certs/us-east-1/rsa.pem")).unwrap();
    let by_hand = format!(
        "## US East (N. Virginia) — us-east-1\n<a name=\"us-east-1-cert\"></a>\n\n------\n#### [ RSA ]\n\n~~~~ x\n{as_it_is}~~~~\n\
         #### [ RSA-2048 ]\n```\n```\n\n------\n"
    );
    seeds(
        "refresh_page",
        &[
            ("one_region", &region(3)),
            ("with_dsa", &whole),
            ("two_regions", &[whole.clone(), region(5)].concat()),
            ("three_dashes", &[region(7), region(5), region(3)].concat()),
            ("a_region_twice", &[region(3), region(3)].concat()),
            ("tildes_and_nothing", by_hand.as_bytes()),
            ("a_note_between", &[region(3), vec![0xff, 22], part(10, 1)].concat()),
        ],
    )
}

fn verifications() -> impl Iterator<Item = Seed> {
    let mut seeds = Vec::new();
    for sample in (0..SAMPLES.len() as u8).step_by(3) {
        seeds.push(("verify", format!("unchanged_{sample:02}"), vec![sample]));
        seeds.push(("verify", format!("another_region_{sample:02}"), vec![sample, 1, sample]));
        seeds.push(("verify", format!("another_document_{sample:02}"), vec![sample, 4, sample + 1]));
        seeds.push(("verify", format!("a_document_changed_{sample:02}"), vec![sample, 6, 1, 0, 0, 9, b'x']));
        seeds.push(("verify", format!("an_edit_{sample:02}"), vec![sample, 0, 3, sample % 18, sample, 2, 1, 7]));
        seeds.push(("verify", format!("a_transplant_{sample:02}"), vec![sample, 0, 3, 14, sample, sample / 2, 14, 2 * sample, sample / 2]));
        seeds.push(("verify_evidence", format!("whole_{sample:02}"), vec![0, sample]));
        seeds.push(("verify_evidence", format!("any_region_{sample:02}"), vec![2, sample]));
        seeds.push(("verify_evidence", format!("without_document_{sample:02}"), vec![6, sample, 0, 0, 2]));
        seeds.push(("verify_evidence", format!("rsa2048_only_{sample:02}"), vec![0xc0, sample]));
        seeds.push(("verify_evidence", format!("put_together_{sample:02}"), vec![1, sample, sample, 1, sample, 0x81, sample + 1, 3, 0, 5]));
        seeds.push(("verify_evidence", format!("edited_{sample:02}"), vec![0, sample, 0x80, 1, sample % 17, sample, 2, 2, 2]));
    }
    seeds.into_iter()
}
