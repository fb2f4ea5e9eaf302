//! `iid verify --batch` as people and scripts see it.

#![allow(clippy::indexing_slicing, clippy::panic, clippy::unwrap_used)]

use std::fs::{self, File};
use std::io::{BufRead as _, BufReader, Write as _};
use std::process::{Child, Command, Output, Stdio};
use std::sync::mpsc;
use std::thread;
use std::time::Duration;

use serde_json::{Value, json};

const GOOD: &str = "tests/cli/batch/good.ndjson";

#[test]
fn every_transcript_is_what_the_command_does() {
    trycmd::TestCases::new().case("tests/cli/batch/*.trycmd").run();
}

/// What the lines are does not matter to where their results stand.
#[test]
fn results_come_in_the_order_of_the_lines() {
    let captures = ["us-east-1-2019-ncbi-vdb", "us-east-2-2018-cloud-init", "us-west-1-2021-teleport-b", "us-west-2-2017-flaws-cloud"];
    let mut kinds: Vec<(String, Value)> = captures.iter().map(|name| (evidence(name), json!([instance(name), null]))).collect();
    kinds.push((String::new(), json!([null, "empty_input"])));
    kinds.push(("{}".into(), json!([null, "missing_signature"])));
    kinds.push((evidence(captures[1]).replace("t2.micro", "t2.large"), json!([null, "document_mismatch"])));
    kinds.push((" ".repeat(300_000), json!([null, "input_too_large"])));

    // A sequence that does not repeat within any piece of work. The long lines are few.
    let mut state = 1_u32;
    let picks: Vec<usize> = (0..10_000)
        .map(|_| {
            state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            let pick = (state >> 16) as usize;
            if pick.is_multiple_of(500) { kinds.len() - 1 } else { pick % (kinds.len() - 1) }
        })
        .collect();
    let input: String = picks.iter().flat_map(|pick| [&kinds[*pick].0, "\n"]).collect();
    let output = iid_with_input(&["verify", "--batch", "-"], input.as_bytes());

    let mut results = 0;
    for (index, line) in output.stdout.split_inclusive(|c| *c == b'\n').enumerate() {
        let result: Value = serde_json::from_slice(line).unwrap();
        assert_eq!(result["line"], index + 1);
        let (instance, code) = (&result["document"]["instanceId"], &result["error"]["code"]);
        assert_eq!(json!([instance, code]), kinds[picks[index]].1, "line {}", index + 1);
        assert_eq!(result["verified"], code.is_null());
        results += 1;
    }
    assert_eq!(results, picks.len());
    let verified = picks.iter().filter(|pick| **pick < captures.len()).count();
    let summary = format!("iid: {verified} verified, {} refused\n", picks.len() - verified);
    assert_eq!(String::from_utf8(output.stderr).unwrap(), summary);
    let first = picks.iter().find(|pick| **pick >= captures.len()).unwrap();
    let exit = if kinds[*first].1[1] == "document_mismatch" { 4 } else { 3 };
    assert_eq!(output.status.code(), Some(exit));
}

#[test]
fn the_object_is_that_of_a_single_verification_with_the_number_of_the_line() {
    let evidence = fs::read_to_string("tests/cli/evidence.json").unwrap();
    let one_line = serde_json::from_str::<Value>(&evidence).unwrap().to_string();
    for (arguments, evidence) in
        [(&[][..], one_line.as_str()), (&["--kinds", "rsa2048"], &one_line), (&[], "{}"), (&["--region", "eu-west-1"], &one_line)]
    {
        let single = iid_with_input(&[&["verify", "--json", "--evidence", "-"], arguments].concat(), evidence.as_bytes());
        let batch = iid_with_input(&[&["verify", "--batch", "-"], arguments].concat(), evidence.as_bytes());
        assert_eq!(batch.status.code(), single.status.code());
        let mut expected: Value = serde_json::from_slice(&single.stdout).unwrap();
        expected["line"] = 1.into();
        assert_eq!(serde_json::from_slice::<Value>(&batch.stdout).unwrap(), expected);
    }
}

#[test]
fn the_exit_status_is_that_of_the_first_line_that_does_not_verify() {
    let good = fs::read_to_string(GOOD).unwrap();
    let lines: Vec<&str> = good.lines().collect();
    let altered = lines[0].replace("t2.micro", "t2.large");
    let (verified, unauthentic, malformed) = (lines[0], altered.as_str(), "{}");
    // Only /signature counts, so that of /rsa2048 is refused.
    let refused = lines[1];
    for (lines, exit) in [
        (vec![verified], 0),
        (vec![verified, malformed, unauthentic, refused], 3),
        (vec![unauthentic, verified, refused, malformed], 4),
        (vec![refused, verified, unauthentic], 5),
        (vec![verified, verified, verified, malformed], 3),
    ] {
        for quiet in [&[][..], &["--quiet"]] {
            let output = iid_with_input(&[&["verify", "--kinds", "rsa", "--batch", "-"], quiet].concat(), lines.join("\n").as_bytes());
            assert_eq!(output.status.code(), Some(exit));
            if !quiet.is_empty() {
                assert_eq!((output.stdout, output.stderr), (vec![], vec![]));
            }
        }
    }
}

/// Somebody follows a log with it.
#[test]
fn a_line_is_answered_before_the_next_comes() {
    let good = fs::read_to_string(GOOD).unwrap();
    let mut child = spawn(&["verify", "--batch", "-"]);
    let (sender, answers) = mpsc::channel();
    let output = BufReader::new(child.stdout.take().unwrap());
    let reading = thread::spawn(move || output.lines().for_each(|line| sender.send(line.unwrap()).unwrap()));
    let mut input = child.stdin.take().unwrap();
    for (number, line) in (1..).zip(good.lines().cycle().take(5)) {
        // The next has begun, but for the first byte of all.
        let rest = if number == 1 { line } else { line.strip_prefix('{').unwrap() };
        input.write_all(format!("{rest}\n{{").as_bytes()).unwrap();
        let answer: Value = serde_json::from_str(&answers.recv_timeout(Duration::from_secs(60)).unwrap()).unwrap();
        assert_eq!((&answer["line"], &answer["verified"]), (&number.into(), &true.into()));
    }
    drop(input);
    reading.join().unwrap();
    assert_eq!(answers.iter().count(), 1, "the last line is what had begun");
    assert_eq!(child.wait_with_output().unwrap().status.code(), Some(3));
}

/// No result, no success.
#[cfg(target_os = "linux")]
#[test]
fn results_that_cannot_be_written_are_a_failure() {
    let full = File::options().write(true).open("/dev/full").unwrap();
    let output = iid(&["verify", "--batch", GOOD]).stdout(full).output().unwrap();
    let error = "iid: error: cannot write the result: No space left on device (os error 28)\n";
    assert_eq!((output.status.code(), String::from_utf8(output.stderr).unwrap().as_str()), (Some(1), error));
}

/// The reader goes away early, while the input does not end.
#[cfg(target_os = "linux")]
#[test]
fn a_closed_pipe_ends_the_batch() {
    let mut child = spawn(&["verify", "--batch", "-"]);
    drop(child.stdout.take());
    let mut input = child.stdin.take().unwrap();
    input.write_all(&fs::read(GOOD).unwrap()).unwrap();
    let output = child.wait_with_output().unwrap();
    let error = "iid: error: cannot write the result: Broken pipe (os error 32)\n";
    assert_eq!((output.status.code(), String::from_utf8(output.stderr).unwrap().as_str()), (Some(1), error));
    drop(input);
}

/// A file's name that is the value itself is not shown.
#[test]
fn an_evidence_in_place_of_the_file_name_is_not_shown() {
    let good = fs::read_to_string(GOOD).unwrap();
    let output = iid(&["verify", "--batch", good.lines().next().unwrap()]).output().unwrap();
    let error = "iid: error: cannot read a file of that name, which is not shown: it looks like the value itself
iid: hint: give the name of a file, or - for standard input\n";
    assert_eq!((output.status.code(), output.stdout.as_slice()), (Some(1), &b""[..]));
    assert_eq!(String::from_utf8(output.stderr).unwrap(), error);
}

/// Nothing of an input is held for longer than it takes to answer it: not a long line, not many short ones.
#[cfg(target_os = "linux")]
#[test]
fn memory_is_bounded() {
    let evidence = fs::read(GOOD).unwrap();
    for (block, times, lines) in [(vec![b'x'; 1 << 20], 300, 1), (vec![b'\n'; 1 << 16], 10, 655_360), (evidence.repeat(40), 100, 8000)] {
        // What is held grows with the threads.
        let mut command = iid(&["verify", "--batch", "-"]);
        command.env("RAYON_NUM_THREADS", "2").stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null());
        let mut child = command.spawn().unwrap();
        let output = BufReader::new(child.stdout.take().unwrap());
        let reading = thread::spawn(move || output.split(b'\n').count());
        let mut input = child.stdin.take().unwrap();
        for _ in 0..times {
            input.write_all(&block).unwrap();
        }
        let status = fs::read_to_string(format!("/proc/{}/status", child.id())).unwrap();
        let peak = status.lines().find_map(|line| line.strip_prefix("VmHWM:")?.strip_suffix("kB")?.trim().parse::<u64>().ok());
        drop(input);
        assert_eq!(reading.join().unwrap(), lines);
        child.wait().unwrap();
        // Some 12 MB were measured.
        assert!((1..32 * 1024).contains(&peak.unwrap()), "{peak:?} kB");
    }
}

/// All that a capture has, on one line.
fn evidence(capture: &str) -> String {
    let read = |file: &str| fs::read_to_string(format!("tests/captures/{capture}/{file}")).ok();
    let [document, signature, pkcs7, rsa2048] = ["document.json", "signature.b64", "pkcs7.b64", "rsa2048.b64"].map(read);
    json!({ "document": document, "signature": signature, "pkcs7": pkcs7, "rsa2048": rsa2048 }).to_string()
}

fn instance(capture: &str) -> Value {
    let document: Value = serde_json::from_slice(&fs::read(format!("tests/captures/{capture}/document.json")).unwrap()).unwrap();
    document["instanceId"].clone()
}

fn iid(arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_iid"));
    command.args(arguments);
    command
}

fn spawn(arguments: &[&str]) -> Child {
    iid(arguments).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap()
}

fn iid_with_input(arguments: &[&str], input: &[u8]) -> Output {
    let mut child = spawn(arguments);
    let (mut stdin, input) = (child.stdin.take().unwrap(), input.to_vec());
    // The results are longer than a pipe takes: they have to be read while the input is written.
    let writing = thread::spawn(move || stdin.write_all(&input));
    let output = child.wait_with_output().unwrap();
    writing.join().unwrap().unwrap();
    output
}
