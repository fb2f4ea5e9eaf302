//! The same work on one thread and on two.

use std::hint::black_box;
use std::sync::Barrier;
use std::time::{Duration, Instant};

use crate::cases::{Case, Cases};
use crate::report::{Report, at_least, ratio};
use crate::timing::Spread;
use crate::whole_path::KINDS;

const ROUNDS: usize = 150;
/// What one thread works on in a round, about.
const TURN: Duration = Duration::from_millis(10);
/// A round counts if the machine itself had that much for two threads, right before and right after it.
const QUIET: f64 = 1.9;
const FEWEST: usize = 10;

pub fn run(report: &mut Report) {
    report.section(
        "throughput, two threads / one thread",
        &[
            &format!("Issued documents, one verifier shared; {ROUNDS} rounds of 10 ms on one thread and then the same on each of two. Between them the"),
            "machine is measured: arithmetic that shares nothing. Only rounds count in which that came to 1.9 or more before and after:",
            "in the others something else ran on the two cores.",
        ],
    );
    for (kind, name, _) in KINDS {
        let cases = Cases::issued();
        let of: &[Case] = cases.of(kind);
        // The threads start half a rotation apart.
        let scaling = scaling(|thread, step| of[(step + thread * of.len() / 2) % of.len()].verify(&cases.verifier).is_ok());
        let all = Spread::of(scaling.rounds.iter().map(|round| round.gain));
        let quiet: Vec<f64> = scaling.rounds.iter().filter(|round| round.machine >= QUIET).map(|round| round.gain).collect();
        let counted = if quiet.len() < FEWEST {
            format!("    too few quiet rounds: {}", quiet.len())
        } else {
            let spread = Spread::of(quiet.iter().copied());
            format!("{}   {} ({} rounds)", ratio(spread), at_least(spread.median, 1.9), quiet.len())
        };
        report.line(format!("  {name:12}  {:9.0} verifications/s on one thread   {counted}", scaling.one));
        report.line(format!("  {:12}  {:48}   {}   all rounds", "", "", ratio(all)));
    }
}

struct Scaling {
    /// Steps a second on one thread.
    one: f64,
    rounds: Vec<Round>,
}

struct Round {
    /// How much more two threads did than one.
    gain: f64,
    /// The lower of the machine's own gains before and after.
    machine: f64,
}

fn scaling(work: impl Fn(usize, usize) -> bool + Sync) -> Scaling {
    let arithmetic = |_, step| {
        let mut value = step as u64;
        (0..2000).for_each(|_| value = black_box(value).wrapping_mul(0x5851_f42d_4c95_7f2d).rotate_left(7));
        value != 1
    };
    let (steps, machine_steps) = (steps(&work, TURN), steps(&arithmetic, TURN / 4));
    let mut one = Vec::with_capacity(ROUNDS);
    let mut rounds = Vec::with_capacity(ROUNDS);
    let mut before = gain(&arithmetic, machine_steps).0;
    for _ in 0..ROUNDS {
        let (gain_of_work, rate) = gain(&work, steps);
        let after = gain(&arithmetic, machine_steps).0;
        one.push(rate);
        rounds.push(Round { gain: gain_of_work, machine: before.min(after) });
        before = after;
    }
    Scaling { one: Spread::of(one).median, rounds }
}

/// How much more two threads do than one, and the steps a second of that one.
fn gain(work: &(impl Fn(usize, usize) -> bool + Sync), steps: usize) -> (f64, f64) {
    let rate = |threads: usize| (threads * steps) as f64 / elapsed(threads, steps, work).as_secs_f64();
    let one = rate(1);
    (rate(2) / one, one)
}

/// How many steps take that long.
fn steps(work: &impl Fn(usize, usize) -> bool, turn: Duration) -> usize {
    let start = Instant::now();
    (0..).take_while(|step| work(0, *step) && start.elapsed() < turn).count().max(1)
}

/// How long `threads` threads take for `steps` each, from the start of all to the end of the last.
fn elapsed(threads: usize, steps: usize, work: &(impl Fn(usize, usize) -> bool + Sync)) -> Duration {
    let barrier = Barrier::new(threads);
    let spans: Vec<(Instant, Instant)> = std::thread::scope(|scope| {
        let run = |thread| {
            let barrier = &barrier;
            move || {
                barrier.wait();
                let start = Instant::now();
                assert!((0..steps).all(|step| work(thread, step)));
                (start, Instant::now())
            }
        };
        let threads: Vec<_> = (0..threads).map(|thread| scope.spawn(run(thread))).collect();
        threads.into_iter().map(|thread| thread.join().unwrap()).collect()
    });
    let start = spans.iter().map(|(start, _)| *start).min().unwrap();
    let end = spans.iter().map(|(_, end)| *end).max().unwrap();
    end - start
}
