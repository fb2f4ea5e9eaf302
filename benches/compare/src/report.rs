//! What is printed: to the terminal as it comes, and to results.txt once all sections have run.

use std::fmt::Display;
use std::process::Command;

use crate::timing::{ROUNDS, Spread};

#[derive(Default)]
pub struct Report {
    text: String,
}

impl Report {
    pub fn line(&mut self, line: impl Display) {
        let line = line.to_string();
        println!("{}", line.trim_end());
        self.text.push_str(line.trim_end());
        self.text.push('\n');
    }

    pub fn section(&mut self, title: &str, notes: &[&str]) {
        self.line("");
        self.line(format!("== {title}"));
        for note in notes {
            self.line(note);
        }
        self.line("");
    }

    /// What was measured on what.
    pub fn head(&mut self) {
        let tree = match command("git", &["status", "--porcelain", "--", "../..", ":!results.txt"]).as_str() {
            "" => "clean",
            _ => "dirty",
        };
        self.line("Comparison of instance-identity with OpenSSL and others: see benches/README.md.");
        self.line("");
        self.line(format!("commit     {}, tree {tree}", command("git", &["rev-parse", "HEAD"])));
        self.line(format!("date       {}", command("date", &["-u", "+%Y-%m-%d %H:%M UTC"])));
        self.line(format!("processor  {}, {} threads", processor(), std::thread::available_parallelism().map_or(0, usize::from)));
        self.line(format!("openssl    {}", openssl::version::version()));
        self.line(format!("rustc      {}", command("rustc", &["--version"])));
        self.line("");
        self.line("OpenSSL = 1.00, lower is faster. A ratio is the median of the ratios of single rounds, with the quartiles in brackets;");
        self.line(format!(
            "in each of {ROUNDS} rounds all contenders take a turn of about 0.3 ms, after half of one untimed. Times are medians."
        ));
    }

    /// Writes results.txt.
    pub fn write(&self) {
        std::fs::write(concat!(env!("CARGO_MANIFEST_DIR"), "/results.txt"), &self.text).unwrap();
    }
}

/// `0.26 [0.25 0.27]`
pub fn ratio(spread: Spread) -> String {
    format!("{:5.2} [{:.2} {:.2}]", spread.median, spread.lower, spread.upper)
}

/// Is `value` at most `bar`, as printed?
pub fn at_most(value: f64, bar: f64) -> String {
    verdict(&format!("bar <= {bar:.2}"), (value * 100.0).round() <= (bar * 100.0).round())
}

/// Is `value` at least `bar`, as printed?
pub fn at_least(value: f64, bar: f64) -> String {
    verdict(&format!("bar >= {bar:.2}"), (value * 100.0).round() >= (bar * 100.0).round())
}

fn verdict(bar: &str, is_met: bool) -> String {
    format!("{bar}: {}", if is_met { "met" } else { "NOT MET" })
}

fn processor() -> String {
    let info = std::fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
    let field = |name: &str| {
        let line = info.lines().find(|line| line.starts_with(name));
        line.and_then(|line| line.split_once(": ")).map_or("unknown", |(_, value)| value).to_owned()
    };
    format!("{} (family {}, model {})", field("model name"), field("cpu family"), field("model\t"))
}

fn command(program: &str, arguments: &[&str]) -> String {
    let output = Command::new(program).args(arguments).current_dir(env!("CARGO_MANIFEST_DIR")).output();
    output.map_or_else(|_| "unknown".to_owned(), |output| String::from_utf8_lossy(&output.stdout).trim().to_owned())
}
