//! The same work on one thread and on two.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use crate::cases::{Case, Cases};
use crate::report::{Report, at_least, ratio};
use crate::timing::Spread;
use crate::whole_path::KINDS;

const ROUNDS: usize = 1000;
/// What one thread works on in a round, about: shorter than the time that the kernel gives a thread at once, so that there are undisturbed
/// rounds on a busy machine too.
const TURN: Duration = Duration::from_micros(1500);
/// A round counts if no thread of it waited longer than that share of its time for a processor.
const QUIET: f64 = 0.02;
const FEWEST: usize = 20;

pub fn run(report: &mut Report) {
    report.section(
        "throughput, two threads / one thread",
        &[
            &format!("Issued documents, one verifier shared; {ROUNDS} rounds of 1.5 ms on one thread and then the same on each of two. A round counts if no"),
            "thread waited for a processor more than 2 % of its time, by the kernel's count: in the others something else ran on the machine.",
        ],
    );
    for (kind, name, _) in KINDS {
        let cases = Cases::issued();
        let of: &[Case] = cases.of(kind);
        // The threads start half a rotation apart.
        let rounds = rounds(|thread, step| of[(step + thread * of.len() / 2) % of.len()].verify(&cases.verifier).is_ok());
        let one = Spread::of(rounds.iter().map(|round| round.one)).median;
        let quiet: Vec<f64> = rounds.iter().filter(|round| round.waited <= QUIET).map(|round| round.gain).collect();
        let counted = if quiet.len() < FEWEST {
            format!("too few quiet rounds: {}", quiet.len())
        } else {
            let spread = Spread::of(quiet.iter().copied());
            format!("{}   {} ({} rounds)", ratio(spread), at_least(spread.median, 1.9), quiet.len())
        };
        report.line(format!("  {name:12}  {one:9.0} verifications/s on one thread   {counted}"));
    }
}

struct Round {
    /// Steps a second on one thread.
    one: f64,
    /// How much more two threads did than one.
    gain: f64,
    /// The largest share of its time that a thread waited for a processor.
    waited: f64,
}

fn rounds(work: impl Fn(usize, usize) -> bool + Sync) -> Vec<Round> {
    let start = Instant::now();
    let steps = (0..).take_while(|step| work(0, *step) && start.elapsed() < TURN).count().max(1);
    let round = |_| {
        let (one, waited_alone) = rate(1, steps, &work);
        let (two, waited) = rate(2, steps, &work);
        Round { one, gain: two / one, waited: waited.max(waited_alone) }
    };
    (0..ROUNDS).map(round).collect()
}

/// Steps a second of so many threads that do `steps` each, from the start of the first to the end of the last; and the largest share of
/// its time that one of them waited for a processor.
fn rate(threads: usize, steps: usize, work: &(impl Fn(usize, usize) -> bool + Sync)) -> (f64, f64) {
    // A barrier that does not sleep: the threads start together.
    let ready = AtomicUsize::new(0);
    let spans: Vec<(Instant, Instant, Duration)> = std::thread::scope(|scope| {
        let run = |thread| {
            let ready = &ready;
            move || {
                // What a new thread does once is not measured.
                assert!((0..steps.div_ceil(2)).all(|step| work(thread, step)));
                ready.fetch_add(1, Ordering::SeqCst);
                while ready.load(Ordering::SeqCst) < threads {
                    std::hint::spin_loop();
                }
                let waited = waited_for_processor();
                let start = Instant::now();
                assert!((0..steps).all(|step| work(thread, step)));
                let end = Instant::now();
                (start, end, waited_for_processor() - waited)
            }
        };
        let threads: Vec<_> = (0..threads).map(|thread| scope.spawn(run(thread))).collect();
        threads.into_iter().map(|thread| thread.join().unwrap()).collect()
    });
    let start = spans.iter().map(|(start, ..)| *start).min().unwrap();
    let end = spans.iter().map(|(_, end, _)| *end).max().unwrap();
    // One that starts late has waited too.
    let waited = spans.iter().map(|(own, _, waited)| (*own - start) + *waited).max().unwrap();
    let span = (end - start).as_secs_f64();
    ((threads * steps) as f64 / span, waited.as_secs_f64() / span)
}

/// How long this thread has been ready to run and did not: the second number of schedstat.
fn waited_for_processor() -> Duration {
    let schedstat = std::fs::read_to_string("/proc/thread-self/schedstat").unwrap();
    Duration::from_nanos(schedstat.split_whitespace().nth(1).unwrap().parse().unwrap())
}
