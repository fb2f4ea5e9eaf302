//! Races: the contenders take turns within a few milliseconds, so that whatever else the machine does meets all of them alike.

use std::hint::black_box;
use std::time::{Duration, Instant};

/// Rounds of a race. A round is one turn of each contender.
pub const ROUNDS: usize = 300;
/// About as long as a turn takes. One that takes longer by itself is one verification.
const TURN: Duration = Duration::from_micros(300);

/// One way to do the work. A call is one verification, of another case each time; it says whether the verdict is the expected one.
pub struct Contender<'a> {
    pub name: &'static str,
    verification: Box<dyn FnMut() -> bool + 'a>,
}

impl<'a> Contender<'a> {
    pub fn new(name: &'static str, verification: impl FnMut() -> bool + 'a) -> Self {
        Self { name, verification: Box::new(verification) }
    }

    /// With `verify` run over `cases` again and again, in their order.
    pub fn rotating<C>(name: &'static str, cases: &'a [C], mut verify: impl FnMut(&'a C) -> bool + 'a) -> Self {
        let mut cases = cases.iter().cycle();
        Self::new(name, move || cases.next().is_some_and(&mut verify))
    }

    fn turn(&mut self, verifications: u32) -> Duration {
        let start = Instant::now();
        for _ in 0..verifications {
            assert!(black_box((self.verification)()), "{}: another verdict than in the setup", self.name);
        }
        start.elapsed()
    }

    /// How many verifications make a turn.
    fn calibrate(&mut self) -> u32 {
        self.turn(4);
        let mut verifications = 1;
        loop {
            let elapsed = self.turn(verifications);
            if elapsed * 2 > TURN {
                let one = elapsed.as_secs_f64() / f64::from(verifications);
                return ((TURN.as_secs_f64() / one) as u32).max(1);
            }
            verifications *= 2;
        }
    }
}

/// What a contender took.
pub struct Lane {
    pub name: &'static str,
    /// Microseconds a verification, over the rounds.
    pub micros: Spread,
    /// The same as a multiple of the first contender's in the same round, over the rounds.
    pub ratio: Spread,
    /// Microseconds a verification, round by round.
    pub rounds: Vec<f64>,
}

impl Lane {
    /// As a multiple of `other`'s in the same round, over the rounds.
    pub fn over(&self, other: &Self) -> Spread {
        Spread::of(self.rounds.iter().zip(&other.rounds).map(|(own, other)| own / other))
    }

    /// Microseconds more than `other` in the same round, over the rounds.
    pub fn more_than(&self, other: &Self) -> Spread {
        Spread::of(self.rounds.iter().zip(&other.rounds).map(|(own, other)| own - other))
    }
}

/// Median and quartiles.
#[derive(Clone, Copy)]
pub struct Spread {
    pub lower: f64,
    pub median: f64,
    pub upper: f64,
}

impl Spread {
    pub fn of(values: impl IntoIterator<Item = f64>) -> Self {
        let mut values: Vec<f64> = values.into_iter().collect();
        values.sort_by(f64::total_cmp);
        let at = |quarter: usize| values[(values.len() - 1) * quarter / 4];
        Self { lower: at(1), median: at(2), upper: at(3) }
    }
}

/// Lets the contenders take turns.
pub fn race(contenders: Vec<Contender<'_>>) -> Vec<Lane> {
    race_rounds(contenders, ROUNDS)
}

/// [`race`] of so many rounds. Who starts changes from round to round.
pub fn race_rounds(mut contenders: Vec<Contender<'_>>, rounds: usize) -> Vec<Lane> {
    let turns: Vec<u32> = contenders.iter_mut().map(Contender::calibrate).collect();
    let mut micros = vec![Vec::with_capacity(rounds); contenders.len()];
    for round in 0..rounds {
        for index in 0..contenders.len() {
            let index = (round + index) % contenders.len();
            // What the one before has left in the caches is not measured.
            contenders[index].turn(turns[index].div_ceil(2));
            let elapsed = contenders[index].turn(turns[index]);
            micros[index].push(elapsed.as_secs_f64() * 1e6 / f64::from(turns[index]));
        }
    }
    let first = micros[0].clone();
    let lane = |(contender, rounds): (&Contender<'_>, Vec<f64>)| {
        let ratios = rounds.iter().zip(&first).map(|(own, first)| own / first);
        Lane { name: contender.name, ratio: Spread::of(ratios), micros: Spread::of(rounds.iter().copied()), rounds }
    };
    contenders.iter().zip(micros).map(lane).collect()
}
