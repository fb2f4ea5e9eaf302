//! `iid verify --batch`: one evidence a line in, one result a line out.
//!
//! A thread reads, and cuts the input into small blocks of lines. Each core answers one block after another, and what was read first is
//! written first. So the cores are busy as long as input comes, and a line that comes alone is answered at once. How many blocks there are
//! at a time is bounded, and so are the bytes and the lines of each.

mod lines;
mod progress;

use std::collections::VecDeque;
use std::fmt;
use std::fs::File;
use std::io::{self, BufRead, BufReader};
use std::path::Path;
use std::process::ExitCode;
use std::sync::Arc;
use std::sync::mpsc::{self, Receiver, SendError, SyncSender, TryRecvError};
use std::thread;

use instance_identity::{Error, Evidence, Part};
use rayon::{ThreadPool, ThreadPoolBuilder};
use serde::ser::SerializeMap as _;
use serde::{Serialize, Serializer};

use crate::args::VerifyArgs;
use crate::failure::Failure;
use crate::output;
use crate::verify::{self, Outcome, Verification};
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
    let question = Arc::new(Question { verification: Verification::new(args)?, quiet: args.quiet });
    let input = read(path)?;
    let pool = ThreadPoolBuilder::new().build().map_err(|error| Failure::Threads(io::Error::other(error)))?;
    let max_pending = BLOCKS_PER_THREAD * pool.current_num_threads();
    let mut progress = Progress::new(args.quiet);
    let mut pending = VecDeque::with_capacity(max_pending);
    let (mut lines_read, mut end) = (0, None);
    loop {
        while end.is_none() && pending.len() < max_pending {
            // Waits for input only where there is nothing to write.
            let read = if pending.is_empty() { input.recv().map_err(TryRecvError::from) } else { input.try_recv() };
            match read {
                Ok(Ok(Some(lines))) => {
                    let before = lines_read;
                    lines_read += lines.len() as u64;
                    pending.push_back(answer_in(&pool, &question, lines, before));
                }
                Ok(Ok(None)) => end = Some(Ok(())),
                Ok(Err(error)) => end = Some(Err(error)),
                Err(TryRecvError::Empty) => break,
                // The end has not been read.
                Err(TryRecvError::Disconnected) => end = Some(Err(stopped())),
            }
        }
        let Some(answers) = pending.pop_front() else { break };
        let answers = answers.recv().map_err(|_| Failure::Threads(stopped()))?;
        if !args.quiet {
            output::write(&answers.text)?;
        }
        tally.add(&answers.tally);
        progress.show(tally);
    }
    end.unwrap_or(Ok(())).map_err(Failure::read(path))?;
    // As an empty file is for --evidence: who asks whether all is authentic is not told yes about nothing.
    if tally.lines() == 0 { Err(Error::EmptyInput { part: Part::Evidence }.into()) } else { Ok(()) }
}

/// Some lines, or `None` at the end of the input.
type Read = io::Result<Option<Lines>>;

/// Opens the file, and reads it in a thread of its own: waiting for more does not hold back the answers to what has come.
fn read(path: &Path) -> Result<Receiver<Read>, Failure> {
    let file: Box<dyn io::Read + Send> =
        if verify::is_standard_input(path) { Box::new(io::stdin()) } else { Box::new(File::open(path).map_err(Failure::read(path))?) };
    let (sender, receiver) = mpsc::sync_channel(MAX_READ_AHEAD);
    // Nobody receives any more where the results cannot be written.
    let read = move || drop(send_lines(BufReader::with_capacity(BLOCK, file), &sender));
    thread::Builder::new().spawn(read).map_err(Failure::Threads)?;
    Ok(receiver)
}

fn send_lines(mut file: impl BufRead, receiver: &SyncSender<Read>) -> Result<(), SendError<Read>> {
    let mut lines = Lines::default();
    loop {
        let length = match file.fill_buf() {
            Ok(block) => lines.push(block),
            Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
            Err(error) => return receiver.send(Err(error)),
        };
        file.consume(length);
        let at_end = length == 0;
        if at_end {
            lines.end_input();
        }
        if let Some(complete) = lines.take_complete() {
            receiver.send(Ok(Some(complete)))?;
        }
        if at_end {
            return receiver.send(Ok(None));
        }
    }
}

/// Has `lines` answered by a thread of the pool. `before`: how many lines came before them.
fn answer_in(pool: &ThreadPool, question: &Arc<Question>, lines: Lines, before: u64) -> Receiver<Answers> {
    let (sender, receiver) = mpsc::sync_channel(1);
    let question = Arc::clone(question);
    pool.spawn(move || {
        let mut answers = Answers::default();
        for (number, line) in (before + 1..).zip(lines.iter()) {
            question.answer(line, number, &mut answers);
        }
        // Nobody receives any more where the results cannot be written.
        let _ = sender.send(answers);
    });
    receiver
}

fn stopped() -> io::Error {
    io::Error::other("a thread has stopped")
}

/// What is asked about every line.
struct Question {
    verification: Verification,
    quiet: bool,
}

impl Question {
    /// Adds the answer to a line.
    fn answer(&self, line: &[u8], number: u64, answers: &mut Answers) {
        let outcome = self.verification.of(Evidence::from_json(line).map_err(Failure::from));
        if !self.quiet {
            answers.text += &output::json_line(&Numbered { line: number, outcome: &outcome });
        }
        answers.tally.add(&outcome.verdict.map_or_else(|failure| Tally::of_refused(failure.exit_code()), |_| Tally::of_verified()));
    }
}

/// The results of some lines that follow one another.
#[derive(Default)]
struct Answers {
    text: String,
    tally: Tally,
}

/// The object of `--json`, with the number of its line.
struct Numbered<'a> {
    line: u64,
    outcome: &'a Outcome,
}

impl Serialize for Numbered<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut report = serializer.serialize_map(Some(9))?;
        report.serialize_entry("line", &self.line)?;
        self.outcome.serialize_entries(&mut report)?;
        report.end()
    }
}

/// How many lines have been answered, and how.
#[derive(Default)]
struct Tally {
    verified: u64,
    refused: u64,
    /// Of the first line that was refused; 0 where there is none.
    exit: u8,
}

impl Tally {
    fn of_verified() -> Self {
        Self { verified: 1, ..Self::default() }
    }

    fn of_refused(exit: u8) -> Self {
        Self { refused: 1, exit, ..Self::default() }
    }

    fn lines(&self) -> u64 {
        self.verified + self.refused
    }

    /// Adds that of later lines.
    fn add(&mut self, later: &Self) {
        self.verified += later.verified;
        self.refused += later.refused;
        if self.exit == 0 {
            self.exit = later.exit;
        }
    }
}

impl fmt::Display for Tally {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} verified, {} refused", self.verified, self.refused)
    }
}

/// What is read at once, at most: some 80 lines with all three signatures. In smaller blocks, waking threads begins to count; in larger
/// ones, the last block keeps one core at work for longer than the others.
const BLOCK: usize = 256 * 1024;
/// So many that no thread waits for the next block while a result is written.
const BLOCKS_PER_THREAD: usize = 4;
/// So many that reading goes on while results are written.
const MAX_READ_AHEAD: usize = 8;

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
        let (sender, receiver) = mpsc::sync_channel(9);
        send_lines(BufReader::new(Cursor::new(b"a\nb\nhalf a li").chain(Failing)), &sender).unwrap();
        drop(sender);
        let [lines, error] = receiver.iter().collect::<Vec<_>>().try_into().ok().unwrap();
        assert_eq!(lines.unwrap().unwrap().iter().collect::<Vec<_>>(), [b"a", b"b"]);
        assert_eq!(error.err().unwrap().to_string(), "worn out");
    }

    #[test]
    fn the_exit_status_of_the_first_line_that_was_refused_stays() {
        let mut tally = Tally::default();
        for (answer, exit) in [(0, 0), (4, 4), (5, 4), (0, 4), (3, 4)] {
            tally.add(&if answer == 0 { Tally::of_verified() } else { Tally::of_refused(answer) });
            assert_eq!(tally.exit, exit);
        }
        assert_eq!((tally.verified, tally.refused, tally.lines()), (2, 3, 5));
    }
}
