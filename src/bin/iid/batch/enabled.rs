//! `iid verify --batch`: one evidence a line in, one result a line out.
//!
//! A thread reads ahead. The lines that have come are verified together, on all cores, and their results are written in the order of the
//! lines. So a long input is worked off in large pieces, and a line that comes alone is answered at once. All that is held at a time is
//! bounded: what is read ahead, the lines that are being verified, and their results.

mod lines;
mod progress;

use std::fmt;
use std::fs::File;
use std::io::{self, BufRead, BufReader};
use std::path::Path;
use std::process::ExitCode;
use std::sync::mpsc::{self, Receiver, SendError, SyncSender, TryRecvError};
use std::thread;

use instance_identity::{Error, Evidence, Expect, Part, Verifier};
use rayon::iter::{IndexedParallelIterator as _, IntoParallelRefIterator as _, ParallelIterator as _};
use rayon::{ThreadPool, ThreadPoolBuilder};
use serde::ser::SerializeMap as _;
use serde::{Serialize, Serializer};

use crate::args::VerifyArgs;
use crate::failure::Failure;
use crate::output;
use crate::verify::{self, Report};
use lines::Lines;
use progress::Progress;

pub(crate) fn run(args: &VerifyArgs, path: &Path) -> ExitCode {
    let mut tally = Tally::default();
    let outcome = verify_lines(args, path, &mut tally);
    if !args.quiet && tally.lines() > 0 {
        output::summary(&tally);
    }
    match outcome {
        Ok(()) => ExitCode::from(tally.exit),
        Err(failure) if args.quiet => ExitCode::from(failure.exit_code()),
        Err(failure) => output::failure(&failure),
    }
}

/// Answers every line of the file, and counts the answers that have been written.
fn verify_lines(args: &VerifyArgs, path: &Path, tally: &mut Tally) -> Result<(), Failure> {
    let region = verify::region(args)?;
    let verifier = verify::verifier(args)?;
    let expect = region.as_ref().map_or(Expect::AnyRegion, Expect::Region);
    let input = read(path)?;
    let pool = ThreadPoolBuilder::new().build().map_err(|error| Failure::Threads(io::Error::other(error)))?;
    let verification = Verification { verifier, expect, pool, quiet: args.quiet };
    let mut progress = Progress::new(args.quiet);
    let mut text = String::new();
    loop {
        let (blocks, end) = take(&input);
        let lines: Vec<&[u8]> = blocks.iter().flat_map(Lines::iter).collect();
        for piece in lines.chunks(MAX_LINES) {
            let answers = verification.answers(piece, tally.lines());
            if !args.quiet {
                text.clear();
                text.extend(answers.iter().map(|answer| answer.text.as_str()));
                output::write(&text)?;
            }
            tally.add(&answers);
            progress.show(tally);
        }
        match end {
            // As an empty file is for --evidence: who asks whether all is authentic is not told yes about nothing.
            Some(Ok(())) if tally.lines() == 0 => return Err(Error::EmptyInput { part: Part::Evidence }.into()),
            Some(end) => return end.map_err(Failure::read(path)),
            None => {}
        }
    }
}

/// Some lines, or `None` at the end of the input.
type Read = io::Result<Option<Lines>>;

/// Opens the file, and reads it in a thread of its own: waiting for more does not hold back the answers to what has come.
fn read(path: &Path) -> Result<Receiver<Read>, Failure> {
    let file: Box<dyn io::Read + Send> =
        if verify::is_standard_input(path) { Box::new(io::stdin()) } else { Box::new(File::open(path).map_err(Failure::read(path))?) };
    let (sender, receiver) = mpsc::sync_channel(MAX_BLOCKS);
    // Nobody receives any more where the results cannot be written.
    let read = move || drop(send_lines(BufReader::with_capacity(BLOCK, file), &sender));
    thread::Builder::new().spawn(read).map_err(Failure::Threads)?;
    Ok(receiver)
}

fn send_lines(mut file: impl BufRead, receiver: &SyncSender<Read>) -> Result<(), SendError<Read>> {
    let mut lines = Lines::default();
    loop {
        let length = match file.fill_buf() {
            Ok(block) => {
                lines.push(block);
                block.len()
            }
            Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
            Err(error) => return receiver.send(Err(error)),
        };
        file.consume(length);
        if length == 0 {
            lines.end_input();
        }
        if let Some(complete) = lines.take_complete() {
            receiver.send(Ok(Some(complete)))?;
        }
        if length == 0 {
            return receiver.send(Ok(None));
        }
    }
}

/// The lines that have come, up to what is enough; waits only for the first. And how the input ended, if it has.
fn take(input: &Receiver<Read>) -> (Vec<Lines>, Option<io::Result<()>>) {
    let mut blocks: Vec<Lines> = Vec::new();
    let (mut bytes, mut count) = (0, 0);
    while bytes < ENOUGH && count < MAX_LINES {
        let read = if blocks.is_empty() { input.recv().map_err(TryRecvError::from) } else { input.try_recv() };
        match read {
            Ok(Ok(Some(lines))) => {
                bytes += lines.complete_bytes();
                count += lines.len();
                blocks.push(lines);
            }
            Ok(Ok(None)) => return (blocks, Some(Ok(()))),
            Ok(Err(error)) => return (blocks, Some(Err(error))),
            Err(TryRecvError::Empty) => break,
            // The end has not been read.
            Err(TryRecvError::Disconnected) => return (blocks, Some(Err(io::Error::other("the thread that reads has stopped")))),
        }
    }
    (blocks, None)
}

/// What is asked about every line.
struct Verification<'a> {
    verifier: Verifier,
    expect: Expect<'a>,
    pool: ThreadPool,
    quiet: bool,
}

impl Verification<'_> {
    /// The answers to `lines`, in their order. `before`: how many lines came before them.
    fn answers(&self, lines: &[&[u8]], before: u64) -> Vec<Answer> {
        let numbered = || lines.par_iter().enumerate().map(|(index, line)| (line, before + 1 + index as u64));
        self.pool.install(|| numbered().map(|(line, number)| self.answer(line, number)).collect())
    }

    fn answer(&self, line: &[u8], number: u64) -> Answer {
        let evidence = Evidence::from_json(line);
        let outcome = evidence.and_then(|evidence| self.verifier.verify_evidence(&evidence, self.expect)).map_err(Failure::from);
        let text = if self.quiet { String::new() } else { output::json_line(&Numbered { line: number, report: Report(&outcome) }) };
        Answer { exit: outcome.err().map_or(0, |failure| failure.exit_code()), text }
    }
}

/// The result of one line.
struct Answer {
    exit: u8,
    text: String,
}

/// The object of `--json`, with the number of its line.
struct Numbered<'a> {
    line: u64,
    report: Report<'a>,
}

impl Serialize for Numbered<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut report = serializer.serialize_map(Some(8))?;
        report.serialize_entry("line", &self.line)?;
        self.report.serialize_entries(&mut report)?;
        report.end()
    }
}

/// How many lines have been answered, and how.
#[derive(Default)]
struct Tally {
    verified: u64,
    refused: u64,
    /// Of the first line that was refused.
    exit: u8,
}

impl Tally {
    fn lines(&self) -> u64 {
        self.verified + self.refused
    }

    fn add(&mut self, answers: &[Answer]) {
        for answer in answers {
            if answer.exit == 0 {
                self.verified += 1;
                continue;
            }
            self.refused += 1;
            if self.exit == 0 {
                self.exit = answer.exit;
            }
        }
    }
}

impl fmt::Display for Tally {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} verified, {} refused", self.verified, self.refused)
    }
}

/// What a pipe holds on Linux, so that one read can take all that has come.
const BLOCK: usize = 64 * 1024;
/// Some 1000 lines with all three signatures: so many that no core waits long for another at the end.
const ENOUGH: usize = 4 << 20;
/// Short lines count by number: each has a result, which is longer than the line.
const MAX_LINES: usize = 8192;
/// As much again, so that the next lines are there when the last are done.
const MAX_BLOCKS: usize = ENOUGH / BLOCK;

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use std::io::{Cursor, Read as _};

    use super::*;

    /// A disk that fails in the middle of a file.
    struct Failing;

    impl io::Read for Failing {
        fn read(&mut self, _: &mut [u8]) -> io::Result<usize> {
            Err(io::Error::other("worn out"))
        }
    }

    #[test]
    fn what_was_read_before_a_read_error_is_answered_and_the_error_stays() {
        let (sender, receiver) = mpsc::sync_channel(MAX_BLOCKS);
        send_lines(BufReader::new(Cursor::new(b"a\nb\nhalf a li").chain(Failing)), &sender).unwrap();
        let (blocks, end) = take(&receiver);
        assert_eq!(blocks.iter().flat_map(Lines::iter).collect::<Vec<_>>(), [b"a", b"b"]);
        assert_eq!(end.unwrap().unwrap_err().to_string(), "worn out");
    }

    #[test]
    fn an_input_whose_end_was_not_read_is_an_error() {
        let (sender, receiver) = mpsc::sync_channel::<Read>(1);
        drop(sender);
        let (blocks, end) = take(&receiver);
        assert_eq!((blocks.len(), end.unwrap().unwrap_err().kind()), (0, io::ErrorKind::Other));
    }

    #[test]
    fn no_more_than_enough_is_taken_at_a_time() {
        for (line, lines) in [(vec![b'x'; 1000], 4200), (vec![], 2 * MAX_LINES)] {
            let input = [line, b"\n".to_vec()].concat().repeat(lines * 3);
            let (sender, receiver) = mpsc::sync_channel(MAX_BLOCKS);
            let reading = thread::spawn(move || send_lines(BufReader::with_capacity(BLOCK, Cursor::new(input)), &sender).is_ok());
            let mut taken = 0;
            loop {
                let (blocks, end) = take(&receiver);
                assert!(blocks.iter().map(Lines::complete_bytes).sum::<usize>() < ENOUGH + BLOCK);
                assert!(blocks.iter().map(Lines::len).sum::<usize>() < MAX_LINES + BLOCK);
                taken += blocks.iter().map(Lines::len).sum::<usize>();
                if end.is_some() {
                    break;
                }
            }
            assert_eq!((taken, reading.join().unwrap()), (lines * 3, true));
        }
    }
}
