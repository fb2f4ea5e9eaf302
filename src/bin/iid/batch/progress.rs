//! The line on a terminal that says how far a batch is.

use std::io::{self, IsTerminal as _, Write as _};
use std::time::{Duration, Instant};

use super::Tally;

/// The line, rewritten in place. It is gone when this is dropped.
pub(super) struct Progress {
    is_shown: bool,
    begun: Instant,
    /// When it was last rewritten.
    last: Instant,
    /// The columns that it takes up.
    width: usize,
}

impl Progress {
    /// Nothing is shown where nobody looks, and where the results come on the terminal: they show how far it is.
    pub(super) fn new(quiet: bool) -> Self {
        let is_shown = !quiet && io::stderr().is_terminal() && !io::stdout().is_terminal();
        let now = Instant::now();
        Self { is_shown, begun: now, last: now, width: 0 }
    }

    /// Shows `tally`, if the last time is some while ago.
    pub(super) fn show(&mut self, tally: &Tally) {
        if self.is_shown && self.last.elapsed() >= INTERVAL {
            self.last = Instant::now();
            self.rewrite(&text(tally, self.begun.elapsed()));
        }
    }

    fn rewrite(&mut self, text: &str) {
        // Spaces go over what is left of a longer one; no terminal needs to know more than a carriage return.
        let _ = write!(io::stderr(), "\r{text:<width$}", width = self.width);
        self.width = text.len();
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        if self.width > 0 {
            self.rewrite("");
            self.rewrite("");
        }
    }
}

fn text(tally: &Tally, time: Duration) -> String {
    let rate = u128::from(tally.lines()) * 1000 / time.as_millis().max(1);
    format!("iid: {tally}, {rate} a second")
}

/// Four times a second.
const INTERVAL: Duration = Duration::from_millis(250);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_line_says_how_many_and_how_fast() {
        let tally = Tally { verified: 2990, refused: 10, exit: 4 };
        assert_eq!(text(&tally, Duration::from_millis(1500)), "iid: 2990 verified, 10 refused, 2000 a second");
        assert_eq!(text(&Tally::default(), Duration::ZERO), "iid: 0 verified, 0 refused, 0 a second");
    }
}
