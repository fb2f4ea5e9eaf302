//! The page "AWS public certificates for instance identity document signatures" (EC2 user guide, `regions-certs.md`), read in 2026.
//!
//! ```text
//! ## US East (N. Virginia) — us-east-1
//! <a name="us-east-1-cert"></a>
//!
//! ------
//! #### [ DSA ]
//!
//! (a fenced block with one certificate as PEM; then likewise [ RSA ] and [ RSA-2048 ], and a last rule)
//! ```
//!
//! What decides which slot a certificate goes to is read strictly: headings, anchors, and exactly one fenced block in each part. All other
//! text is skipped, as long as no certificate stands in it.

use std::collections::BTreeMap;

use instance_identity::{Region, SignatureKind};

use super::Failure;

/// A certificate of a page.
pub(crate) struct Published {
    pub(crate) region: Region,
    pub(crate) kind: SignatureKind,
    /// The text of the fenced block.
    pub(crate) pem: String,
    /// The page and the line where that text begins.
    pub(crate) place: String,
}

/// The certificates of the page `text`, which is called `name` in errors. `headings` are those of the pages before it, and then also its own.
pub(crate) fn read(name: &str, text: &str, headings: &mut BTreeMap<Region, String>) -> Result<Vec<Published>, Failure> {
    let mut page = Page { name, published: Vec::new(), headings, section: None };
    let mut open: Option<Block> = None;
    for (line, number) in text.trim_start_matches('\u{feff}').lines().map(str::trim).zip(1..) {
        match &mut open {
            Some(block) if block.is_closed_by(line) => open.take().map_or(Ok(()), |block| page.block(block))?,
            Some(block) => block.lines.push(line),
            None => match fence(line) {
                Some(fence) => open = Some(Block { fence, start: number, lines: Vec::new() }),
                None => page.line(line, number)?,
            },
        }
    }
    if let Some(block) = open {
        return Err(page.error(block.start, "the fenced block has no end"));
    }
    page.end_section()?;
    if page.published.is_empty() {
        return Err(Failure::refused(format!("{name}: no heading of a region, such as \"## US East (N. Virginia) — us-east-1\"")));
    }
    Ok(page.published)
}

/// A page, read so far.
struct Page<'a> {
    name: &'a str,
    published: Vec<Published>,
    /// Where each region's heading stands.
    headings: &'a mut BTreeMap<Region, String>,
    section: Option<Section<'a>>,
}

/// What stands under a region's heading.
struct Section<'a> {
    region: Region,
    level: usize,
    start: usize,
    parts: BTreeMap<SignatureKind, Part<'a>>,
    /// The part that a fenced block would belong to.
    current: Option<SignatureKind>,
}

struct Part<'a> {
    start: usize,
    block: Option<Block<'a>>,
}

struct Block<'a> {
    /// The back ticks or tildes that it began with.
    fence: &'a str,
    start: usize,
    lines: Vec<&'a str>,
}

impl Block<'_> {
    /// CommonMark 0.31 §4.5: the closing code fence must be at least as long as the opening fence, with the same character.
    fn is_closed_by(&self, line: &str) -> bool {
        line.starts_with(self.fence) && fence(line) == Some(line)
    }
}

impl<'a> Page<'a> {
    /// A line outside of fenced blocks.
    fn line(&mut self, line: &'a str, number: usize) -> Result<(), Failure> {
        if line.contains(BEGIN) {
            return Err(self.error(number, "a certificate outside of a fenced block"));
        }
        let (line, anchor) = split_anchor(line);
        if let Some((level, heading)) = heading(line) {
            self.heading(level, heading, number)?;
        }
        match (anchor, &self.section) {
            (Some(anchor), Some(section)) if anchor.strip_suffix("-cert") != Some(section.region.as_str()) => {
                Err(self.error(number, &format!("the anchor {anchor:?} stands under the heading of {}", section.region)))
            }
            _ => Ok(()),
        }
    }

    fn heading(&mut self, level: usize, heading: &str, number: usize) -> Result<(), Failure> {
        if let Some(name) = heading.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')) {
            return self.part(name.trim(), number);
        }
        if let Some(code) = code_of(heading) {
            self.end_section()?;
            let region: Region = code.parse().map_err(|_| self.error(number, &format!("{code:?} is not a region code")))?;
            if let Some(first) = self.headings.insert(region.clone(), format!("{}:{number}", self.name)) {
                return Err(self.error(number, &format!("{region} stands at {first} already")));
            }
            self.section = Some(Section { region, level, start: number, parts: BTreeMap::new(), current: None });
            return Ok(());
        }
        // A certificate under a heading of another form is not taken for one of the part before.
        match &mut self.section {
            Some(section) if level > section.level => section.current = None,
            _ => self.end_section()?,
        }
        Ok(())
    }

    fn part(&mut self, name: &str, number: usize) -> Result<(), Failure> {
        let Some(kind) = SignatureKind::ALL.into_iter().find(|kind| part_name(*kind) == name) else {
            return Err(self.error(number, &format!("unknown part [ {name} ]")));
        };
        let Some(section) = &mut self.section else {
            return Err(self.error(number, &format!("part [ {name} ] stands under no heading of a region")));
        };
        section.current = Some(kind);
        if let Some(first) = section.parts.insert(kind, Part { start: number, block: None }) {
            let message = format!("{} has part [ {name} ] at line {} already", section.region, first.start);
            return Err(self.error(number, &message));
        }
        Ok(())
    }

    /// A fenced block that has ended.
    fn block(&mut self, block: Block<'a>) -> Result<(), Failure> {
        let start = block.start;
        let part = self.section.as_mut().and_then(|section| section.parts.get_mut(&section.current?));
        match part {
            Some(part) if part.block.is_some() => Err(self.error(start, "a second fenced block in one part")),
            Some(part) => {
                part.block = Some(block);
                Ok(())
            }
            None if block.lines.iter().any(|line| line.contains(BEGIN)) => {
                Err(self.error(start, "a certificate outside of the parts [ DSA ], [ RSA ] and [ RSA-2048 ] of a region"))
            }
            None => Ok(()),
        }
    }

    fn end_section(&mut self) -> Result<(), Failure> {
        let Some(section) = self.section.take() else { return Ok(()) };
        let region = section.region;
        // Not every region has a DSA certificate.
        for kind in [SignatureKind::Rsa, SignatureKind::Rsa2048] {
            if !section.parts.contains_key(&kind) {
                return Err(self.error(section.start, &format!("{region} has no part [ {} ]", part_name(kind))));
            }
        }
        for (kind, part) in section.parts {
            let Some(block) = part.block else {
                return Err(self.error(part.start, &format!("part [ {} ] of {region} has no certificate", part_name(kind))));
            };
            let place = format!("{}:{}", self.name, block.start + 1);
            self.published.push(Published { region: region.clone(), kind, pem: block.lines.join("\n"), place });
        }
        Ok(())
    }

    fn error(&self, line: usize, message: &str) -> Failure {
        Failure::refused(format!("{}:{line}: {message}", self.name))
    }
}

/// AWS's name of the certificate on the page.
pub(crate) fn part_name(kind: SignatureKind) -> &'static str {
    match kind {
        SignatureKind::Rsa2048 => "RSA-2048",
        SignatureKind::Dsa => "DSA",
        SignatureKind::Rsa => "RSA",
    }
}

/// The code that a region's heading ends in, after a dash; `None` for other headings.
fn code_of(heading: &str) -> Option<&str> {
    // The Chinese page has no space before the em dash. A region code has hyphens itself, so a hyphen needs its spaces.
    let tails = [heading.rsplit_once(['—', '–']), heading.rsplit_once(" - ")].into_iter().flatten().map(|(_, tail)| tail.trim());
    tails.min_by_key(|tail| tail.len()).filter(|tail| !tail.is_empty() && !tail.contains(char::is_whitespace))
}

/// The level and the text of a heading.
fn heading(line: &str) -> Option<(usize, &str)> {
    let text = line.trim_start_matches('#');
    let level = line.len() - text.len();
    let is_heading = (1..=6).contains(&level) && text.starts_with(char::is_whitespace);
    is_heading.then(|| (level, text.trim_end_matches('#').trim()))
}

/// The line without its anchor, and the anchor's name.
fn split_anchor(line: &str) -> (&str, Option<&str>) {
    let Some((before, rest)) = line.split_once("<a name=\"").or_else(|| line.split_once("<a id=\"")) else { return (line, None) };
    match rest.split_once('"') {
        Some((name, _)) => (before.trim(), Some(name)),
        None => (line, None),
    }
}

/// The back ticks or tildes that a fence begins with.
fn fence(line: &str) -> Option<&str> {
    let length = |mark| line.len() - line.trim_start_matches(mark).len();
    let length = length('`').max(length('~'));
    line.get(..length).filter(|_| length >= 3)
}

const BEGIN: &str = "-----BEGIN";
