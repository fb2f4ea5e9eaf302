//! Should a service verify on the thread of the request, or hand it to `spawn_blocking`? README.md says what came of it.
//!
//! Two workloads: evidence as an instance presents it, and the longest that is taken before it is refused. For each, inline and through
//! `spawn_blocking`, in turns: one request after the other, many at once, and how long a task that has nothing to do with it waits until it runs
//! while many are verified. `cargo run --release --example blocking`.

use std::hint::black_box;
use std::sync::Arc;
use std::time::{Duration, Instant};

use enrol_axum::Gate;
use instance_identity::testkit::{Authority, Era, TestInstance};
use instance_identity::{Age, AnyOf, Policy, Rule, UnixTime, Verifier};
use tokio::runtime::{Builder, Runtime};

/// How a request is verified.
#[derive(Clone, Copy, PartialEq)]
enum How {
    Inline,
    Blocking,
}

/// What requests present.
#[derive(Clone)]
struct Workload {
    gate: Arc<Gate>,
    body: Arc<[u8]>,
    now: UnixTime,
    code: &'static str,
}

impl Workload {
    async fn request(&self, how: How) {
        let this = self.clone();
        let admit = move || this.gate.admit(black_box(&this.body), this.now, None).map_or_else(|error| error.code(), |_| "accepted");
        let code = match how {
            How::Inline => admit(),
            // A request without an answer is a mistake of this program.
            How::Blocking => tokio::task::spawn_blocking(admit).await.unwrap_or("panicked"),
        };
        assert_eq!(code, self.code);
        tokio::task::yield_now().await;
    }

    /// Time for each of so many requests, one after the other.
    fn alone(&self, runtime: &Runtime, how: How, requests: u32) -> Duration {
        let this = self.clone();
        let task = runtime.spawn(async move {
            let start = Instant::now();
            for _ in 0..requests {
                this.request(how).await;
            }
            start.elapsed() / requests
        });
        runtime.block_on(task).unwrap_or_default()
    }

    /// Time for each of so many requests, 64 at once; and how long another task waited until it ran: the median, and 99 of 100.
    fn at_once(&self, runtime: &Runtime, how: How, requests: u32) -> (Duration, Duration, Duration) {
        let start = Instant::now();
        let tasks: Vec<_> = (0..64)
            .map(|_| {
                let this = self.clone();
                runtime.spawn(async move {
                    for _ in 0..requests / 64 {
                        this.request(how).await;
                    }
                })
            })
            .collect();
        let mut waits = Vec::new();
        while tasks.iter().any(|task| !task.is_finished()) {
            let spawned = Instant::now();
            waits.push(runtime.block_on(runtime.spawn(async move { spawned.elapsed() })).unwrap_or_default());
            std::thread::sleep(Duration::from_micros(300));
        }
        let each = start.elapsed() / requests;
        waits.sort_unstable();
        let at = |percent: usize| waits.get((waits.len() * percent / 100).min(waits.len().saturating_sub(1))).copied().unwrap_or_default();
        (each, at(50), at(99))
    }
}

fn main() {
    let authority = Authority::test_local();
    let Some(now) = UnixTime::from_secs(1_767_323_045) else { return };
    let policy = Policy::new(Age::AtMost(Duration::from_secs(900))).with(Rule::Regions(AnyOf::one(authority.region().clone())));
    let gate = Arc::new(Gate { verifier: Verifier::new(authority.store()).rsa2048_only(), policy });
    let issued = authority.issue(&TestInstance::new(now), Era::In2026).evidence_json().unwrap_or_default();
    // 256 KiB of a document in escapes: all of it is read, and then the document is too long.
    let longest = format!("{{\"document\":\"{}\"}}", "\\u0041".repeat((256 * 1024 - 20) / 6));
    let workload = |body: &str, code| Workload { gate: gate.clone(), body: body.as_bytes().into(), now, code };
    let workloads = [("evidence", workload(&issued, "accepted"), 6400), ("longest", workload(&longest, "input_too_large"), 640)];
    let Ok(runtime) = Builder::new_multi_thread().worker_threads(2).build() else { return };

    println!("body, bytes, how: us for each alone; at once: us for each, us that another task waits: median, 99 of 100");
    for (name, workload, requests) in workloads {
        // The least of each over the rounds: what else the machine does only adds.
        let mut least = [[Duration::MAX; 4]; 2];
        for _ in 0..15 {
            for (how, least) in [How::Inline, How::Blocking].into_iter().zip(&mut least) {
                let alone = workload.alone(&runtime, how, requests / 8);
                let (each, median, most) = workload.at_once(&runtime, how, requests);
                for (least, found) in least.iter_mut().zip([alone, each, median, most]) {
                    *least = found.min(*least);
                }
            }
        }
        let us = |time: Duration| format!("{:.1}", time.as_secs_f64() * 1e6);
        for (how, least) in ["inline", "spawn_blocking"].iter().zip(least) {
            println!("{name}, {}, {how}: {}", workload.body.len(), least.map(us).join(" "));
        }
        let [inline, blocking] = least;
        let ratios = inline.iter().zip(blocking).map(|(inline, blocking)| format!("{:.2}", blocking.as_secs_f64() / inline.as_secs_f64()));
        println!("{name}, spawn_blocking as a multiple of inline: {}", ratios.collect::<Vec<_>>().join(" "));
    }
}
