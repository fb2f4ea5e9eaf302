//! The command as people and scripts see it: what it prints, where, and its exit status.

#![allow(clippy::indexing_slicing, clippy::panic, clippy::unwrap_used)]

use std::fs::File;
use std::io::Write as _;
use std::process::{Command, Output, Stdio};
use std::time::SystemTime;

use instance_identity::CertStore;

const CAPTURE: &str = "tests/captures/us-east-2-2018-cloud-init";

#[test]
fn every_transcript_is_what_the_command_does() {
    trycmd::TestCases::new().case("tests/cli/*.trycmd").run();
}

#[test]
fn a_hyphen_is_standard_input() {
    let evidence = std::fs::read("tests/cli/evidence.json").unwrap();
    let output = iid_with_input(&["verify", "--evidence", "-", "--json"], &evidence);
    assert_eq!(output.status.code(), Some(0));
    let result: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!((&result["verified"], result["signatures"].as_array().unwrap().len()), (&true.into(), 3));

    let signature = std::fs::read(format!("{CAPTURE}/signature.b64")).unwrap();
    let output = iid_with_input(&["verify", "--signature", "-", "--document", &format!("{CAPTURE}/document.json"), "--quiet"], &signature);
    assert_eq!((output.status.code(), output.stdout, output.stderr), (Some(0), vec![], vec![]));
}

#[test]
fn an_endless_input_is_refused() {
    let output = iid_with_input(&["verify", "--evidence", "-"], &vec![b' '; 2 << 20]);
    assert_eq!(output.status.code(), Some(3));
    assert_eq!(String::from_utf8(output.stderr).unwrap(), "iid: error: the evidence is longer than 262144 bytes\n");
}

#[test]
fn the_json_object_has_the_same_keys_whatever_the_outcome() {
    let signature = &format!("{CAPTURE}/pkcs7.b64");
    for (arguments, exit) in [
        (vec!["--signature", signature], 0),
        (vec!["--signature", "no-such-file"], 1),
        (vec!["--signature", signature, "--kinds", "bogus"], 2),
        (vec!["--signature", "-", "--document", "-"], 2),
        (vec![], 2),
        (vec!["--signature", "Cargo.toml"], 3),
        (vec!["--signature", signature, "--region", "us-west-2"], 4),
        (vec!["--signature", signature, "--kinds", "rsa"], 5),
        (vec!["--signature", signature, "--policy", "tests/cli/policy/fleet.toml"], 5),
        (vec!["--signature", signature, "--policy", "tests/cli/policy/misspelt.toml"], 2),
        (vec!["--signature", signature, "--region", "us-east-2", "--policy", "tests/cli/policy/anywhere.toml", "--explain"], 0),
    ] {
        let output = iid_with_input(&[vec!["verify", "--json"], arguments].concat(), b"");
        assert_eq!(output.status.code(), Some(exit));
        let result: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
        let keys: Vec<&String> = result.as_object().unwrap().keys().collect();
        assert_eq!(keys, ["document", "error", "explanation", "partition", "region", "signatures", "skipped", "verified"]);
        assert_eq!((&result["verified"], result["document"].is_null()), (&(exit == 0).into(), exit != 0));
    }
}

/// Whoever passes the value in place of a file's name does not find it in a log.
#[test]
fn a_value_in_place_of_a_file_name_is_not_shown() {
    let read = |name: &str| std::fs::read_to_string(format!("{CAPTURE}/{name}")).unwrap();
    let one_line = read("signature.b64").replace('\n', "");
    for value in [read("document.json"), read("rsa2048.b64"), one_line, std::fs::read_to_string("tests/cli/evidence.json").unwrap()] {
        for (arguments, exit) in [
            (vec!["verify", "--signature", &value, "--json"], 1),
            (vec!["verify", "--evidence", &value], 1),
            (vec!["verify", "--signature", "x", "--document", &value], 1),
            (vec!["verify", "--signature", "x", "--kinds", &value], 2),
            (vec!["verify", "--signature", "x", "--policy", &value], 1),
            (vec!["verify", "--signature", "x", &value], 2),
            (vec![&value, "--json"], 2),
        ] {
            let output = iid_with_input(&arguments, b"");
            assert_eq!(output.status.code(), Some(exit), "{arguments:?}");
            let shown = String::from_utf8([output.stdout, output.stderr].concat()).unwrap();
            // The names of the keys stand in both.
            assert!(value.as_bytes().windows(16).all(|piece| !shown.as_bytes().windows(16).any(|shown| shown == piece)), "{shown}");
        }
    }
}

#[test]
fn certificates_that_expire_before_the_deadline_are_listed() {
    for days in [0, 365, 3650, 36500] {
        let deadline = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap().as_secs() + days * 86400;
        let expiring = |store: CertStore| store.certificates().filter(|certificate| certificate.not_after().as_secs() <= deadline).count();
        let output = iid_with_input(&["certs", "--expiring", &days.to_string()], b"");
        assert_eq!(output.stdout.iter().filter(|c| **c == b'\n').count(), expiring(CertStore::bundled()), "{days} days");
    }
}

/// What `iid issue` writes verifies with the word that it prints, and in no other way.
#[test]
fn an_issued_document_verifies_under_its_own_certificates_alone() {
    for (name, options, region) in [
        ("local", &[][..], "test-local-1"),
        ("china", &["--china", "--partition", "aws-cn", "--region", "test-cn-1"], "test-cn-1"),
        (
            "old",
            &["--era", "2016", "--account", "000000000001", "--instance", "i-12345678", "--pending", "2016-01-01T00:00:00Z"],
            "test-local-1",
        ),
        ("bundled", &["--region", "us-east-1", "--zone", "us-east-1f", "--type", "m7g.large", "--architecture", "arm64"], "us-east-1"),
    ] {
        let out = fresh_folder(name);
        let output = iid_with_input(&[&["issue", "--out", &out], options].concat(), b"");
        assert_eq!((output.status.code(), String::from_utf8(output.stderr).unwrap().as_str()), (Some(0), ""), "{name}");
        let printed = String::from_utf8(output.stdout).unwrap();
        let word: Vec<&str> = printed.trim_end().strip_prefix("iid ").unwrap().split(' ').collect();
        assert_eq!(word.contains(&"--replace-bundled"), name == "bundled");

        let verified = iid_with_input(&[&word[..], &["--json"]].concat(), b"");
        assert_eq!(verified.status.code(), Some(0), "{name}: {}", String::from_utf8_lossy(&verified.stderr));
        let result: serde_json::Value = serde_json::from_slice(&verified.stdout).unwrap();
        assert_eq!((result["region"].as_str(), result["signatures"].as_array().unwrap().len()), (Some(region), 3));
        let algorithm = if name == "china" { "rsa2048-sha256" } else { "dsa1024-sha1" };
        assert_eq!(result["signatures"][1]["algorithm"], algorithm);

        let refused = iid_with_input(&["verify", "--evidence", &format!("{out}/evidence.json"), "--quiet"], b"");
        let exit = if name == "bundled" { 4 } else { 5 };
        assert_eq!(refused.status.code(), Some(exit), "{name}");
        for file in ["signature", "pkcs7", "rsa2048"] {
            let (signature, document, certs) = (format!("{out}/{file}.b64"), format!("{out}/document.json"), format!("{out}/certs"));
            let arguments =
                ["verify", "--signature", &signature, "--document", &document, "--certs", &certs, "--replace-bundled", "--quiet"];
            assert_eq!(iid_with_input(&arguments, b"").status.code(), Some(0), "{name} {file}");
        }
    }
}

#[test]
fn issuing_overwrites_nothing() {
    let out = fresh_folder("twice");
    assert_eq!(iid_with_input(&["issue", "--out", &out], b"").status.code(), Some(0));
    let before = std::fs::read(format!("{out}/evidence.json")).unwrap();
    let output = iid_with_input(&["issue", "--out", &out, "--account", "999999999999"], b"");
    let error = format!("iid: error: {out}/document.json: is there already: give a new folder\n");
    assert_eq!((output.status.code(), String::from_utf8(output.stderr).unwrap()), (Some(1), error));
    assert_eq!(std::fs::read(format!("{out}/evidence.json")).unwrap(), before);
}

/// A folder that is not there yet.
fn fresh_folder(name: &str) -> String {
    let folder = format!("{}/issued-{name}", env!("CARGO_TARGET_TMPDIR"));
    let _ = std::fs::remove_dir_all(&folder);
    folder
}

/// No result, no success: a script must not read "verified" out of an empty file.
#[cfg(target_os = "linux")]
#[test]
fn a_result_that_cannot_be_written_is_a_failure() {
    let full = File::options().write(true).open("/dev/full").unwrap();
    let status = iid(&["verify", "--signature", &format!("{CAPTURE}/rsa2048.b64")]).stdout(full).stderr(Stdio::null()).status().unwrap();
    assert_eq!(status.code(), Some(1));
}

/// Somebody who reads of it and has not built it is told how.
#[cfg(not(feature = "parallel"))]
#[test]
fn without_the_feature_a_batch_says_what_to_build() {
    for quiet in [&[][..], &["--quiet"]] {
        let output = iid_with_input(&[&["verify", "--batch", "no-such-file"], quiet].concat(), b"");
        let error = "iid: error: --batch needs an iid that is built with it: cargo install --path . --features parallel\n";
        assert_eq!((output.status.code(), output.stdout.as_slice()), (Some(2), &b""[..]));
        assert_eq!(String::from_utf8(output.stderr).unwrap(), error);
    }
}

fn iid(arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_iid"));
    command.args(arguments);
    command
}

fn iid_with_input(arguments: &[&str], input: &[u8]) -> Output {
    let mut command = iid(arguments);
    let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    // The command may stop reading at its limit.
    let _ = child.stdin.take().unwrap().write_all(input);
    child.wait_with_output().unwrap()
}
