//! What an anonymous caller may present at the size limit: what it costs to refuse, against accepting a value of its kind and length.

use std::collections::BTreeMap;

use instance_identity::testkit::{Cms, Element, Length, oid, served};
use instance_identity::{Authentic, CertStore, Error, Evidence, Expect, SignatureKind, Verifier};

use crate::authority::Authority;
use crate::cases::{WARM_UP, authorities};
use crate::random::Random;
use crate::report::{Report, at_most, ratio};
use crate::timing::{Contender, Spread, race_rounds};

const ROUNDS: usize = 30;
/// Ratios below that are counted only.
const SHOWN: f64 = 0.5;
/// The limits of src/evidence.rs.
const MAX_DOCUMENT: usize = 16 * 1024;
const MAX_TEXT: usize = 32 * 1024;
const MAX_EVIDENCE: usize = 256 * 1024;
/// A content whose CMS value fills MAX_TEXT as base64, less room for what else is in the value.
const MAX_CONTENT: usize = 23_000;

/// What a name of an input starts with whose signature is valid.
const SIGNED: &str = "signed JSON";

/// What is presented.
#[derive(Clone)]
enum Input {
    /// A CMS value alone.
    Cms(String),
    /// A value with a document.
    Both(Vec<u8>, String),
    /// An evidence as JSON, for any region.
    Evidence(String),
}

impl Input {
    fn verify(&self, verifier: &Verifier, region: &str) -> Result<Authentic, Error> {
        match self {
            Self::Cms(text) => verifier.verify_cms(text.as_bytes(), region),
            Self::Both(document, text) => verifier.verify(document, text.as_bytes(), region),
            Self::Evidence(json) => verifier.verify_evidence(&Evidence::from_json(json.as_bytes())?, Expect::AnyRegion),
        }
    }

    /// Of the document and of the value, rounded up, so that inputs of nearly the same length share an accepted one.
    fn lengths(&self) -> (usize, usize) {
        let rounded = |length: usize| length.next_multiple_of(512);
        match self {
            Self::Cms(text) => (0, rounded(text.len()).min(MAX_TEXT)),
            Self::Both(document, text) => (rounded(document.len()).min(MAX_DOCUMENT), rounded(text.len()).min(MAX_TEXT)),
            Self::Evidence(json) => (0, rounded(json.len()).min(MAX_EVIDENCE)),
        }
    }
}

struct Hostile {
    name: String,
    kind: SignatureKind,
    input: Input,
}

pub fn run(report: &mut Report) {
    report.section(
        "hostile inputs near the limits: refusing them, over accepting a value of the same kind and length",
        &[
            &format!("Worst first; {ROUNDS} rounds each. The accepted value has a document filled up by a plain string, and line ends up to the length of"),
            "the value. The store has all bundled certificates and those of the testkit's authorities. Evidence: with all three signatures,",
            "each filled up by line ends. Those that are accepted too have no bar.",
        ],
    );
    let author = Author::new();
    let mut references: BTreeMap<(SignatureKind, &str, usize, usize), Input> = BTreeMap::new();
    let mut rows = Vec::new();
    for Hostile { name, kind, input } in author.inputs() {
        let (document, text) = input.lengths();
        let form = match input {
            Input::Cms(_) => "cms",
            Input::Both(..) => "both",
            Input::Evidence(_) => "evidence",
        };
        let reference = references.entry((kind, form, document, text)).or_insert_with(|| author.accepted(kind, &input));
        let verdict = |input: &Input| input.verify(&author.verifier, &author.region).map_or_else(|error| error.code(), |_| "accepted");
        assert_eq!(verdict(reference), "accepted", "{kind} {form} {document} {text}");
        let expected = verdict(&input);
        assert_eq!(expected == "accepted", name.ends_with(", accepted"), "{name}: {expected}");
        let lanes = race_rounds(
            vec![
                Contender::new("accepted", || verdict(reference) == "accepted"),
                Contender::new("hostile", || verdict(&input) == expected),
            ],
            ROUNDS,
        );
        let (accepted, own) = (lanes[0].micros.median, lanes[1].micros.median);
        let kind = if form == "evidence" { "evidence" } else { kind.endpoint() };
        rows.push(Row { ratio: lanes[1].ratio, accepted, own, code: expected, kind, name });
    }
    rows.sort_by(|one: &Row, other| other.ratio.median.total_cmp(&one.ratio.median));
    let (accepted, refused): (Vec<Row>, Vec<Row>) = rows.into_iter().partition(|row| row.code == "accepted");
    let (signed, open): (Vec<Row>, Vec<Row>) = refused.into_iter().partition(|row| row.name.starts_with(SIGNED));
    table(report, "refused, anybody can present them", &open, true);
    table(report, "refused, but AWS would have to sign them", &signed, true);
    table(report, "accepted, by a document that AWS would have to sign, or by what is around one", &accepted, false);
}

struct Row {
    ratio: Spread,
    accepted: f64,
    own: f64,
    code: &'static str,
    kind: &'static str,
    name: String,
}

fn table(report: &mut Report, title: &str, rows: &[Row], has_bar: bool) {
    let verdict = if has_bar { at_most(rows[0].ratio.median, 2.0) } else { String::new() };
    report.line(format!("{} {title}   {verdict}", rows.len()));
    report.line("   plain us    this us   ratio                 kind       what");
    let shown = rows.partition_point(|row| row.ratio.median >= SHOWN);
    for Row { ratio: spread, accepted, own, code, kind, name } in &rows[..shown] {
        report.line(format!("  {accepted:9.1}  {own:9.1}   {:20}  {kind:10} {name}: {code}", ratio(*spread)));
    }
    report.line(format!("  and {} below {SHOWN:.2}", rows.len() - shown));
    report.line("");
}

/// Writes the inputs, as an authority that signs whatever it is given.
struct Author {
    authority: &'static Authority,
    region: String,
    verifier: Verifier,
}

impl Author {
    fn new() -> Self {
        let mut store = CertStore::bundled();
        let partition = "aws".parse().unwrap();
        for authority in authorities() {
            for kind in SignatureKind::ALL {
                store.add(&authority.region, &partition, kind, authority.certificate(kind)).unwrap();
            }
        }
        assert_eq!(store.certificates().count(), 114 + 3 * authorities().len());
        let authority = &authorities()[1];
        let author = Self { authority, region: authority.region.to_string(), verifier: Verifier::new(store) };
        for kind in SignatureKind::ALL {
            let input = author.accepted(kind, &Input::Both(Vec::new(), String::new()));
            assert!((0..WARM_UP).all(|_| input.verify(&author.verifier, &author.region).is_ok()));
        }
        author
    }

    fn document(&self, size: usize) -> Vec<u8> {
        self.authority.document_of(size, &mut Random::new(5))
    }

    /// An accepted input of the form and the lengths of `other`.
    fn accepted(&self, kind: SignatureKind, other: &Input) -> Input {
        let (document, length) = other.lengths();
        match other {
            Input::Cms(_) => {
                let smallest = self.authority.sign(kind, &self.document(0)).len();
                // Of 77 characters with their line end, 76 are base64: 57 bytes.
                let room = length.saturating_sub(smallest + 200) * 57 / 77;
                Input::Cms(padded(self.authority.sign(kind, &self.document(self.document(0).len() + room)), length))
            }
            Input::Both(..) => {
                let document = self.document(document);
                let text = padded(self.authority.sign(kind, &document), length);
                Input::Both(document, text)
            }
            Input::Evidence(_) => {
                let document = self.document(0);
                let quoted = |text: &str| text.replace('\\', "\\\\").replace('"', "\\\"").replace('\n', "\\n");
                let text = |kind| quoted(&padded(self.authority.sign(kind, &document), (length / 8).min(MAX_TEXT)));
                let json = format!(
                    "{{\"document\":\"{}\",\"signature\":\"{}\",\"pkcs7\":\"{}\",\"rsa2048\":\"{}\"}}",
                    quoted(&String::from_utf8(document.clone()).unwrap()),
                    text(SignatureKind::Rsa),
                    text(SignatureKind::Dsa),
                    text(SignatureKind::Rsa2048)
                );
                Input::Evidence(padded(json, length))
            }
        }
    }

    fn inputs(&self) -> Vec<Hostile> {
        let mut all = Vec::new();
        for kind in SignatureKind::ALL {
            let mut add = |name: &str, input: Input| all.push(Hostile { name: name.to_owned(), kind, input });
            for (name, text) in texts() {
                add(&format!("text: {name}"), Input::Both(self.document(MAX_DOCUMENT), text));
            }
            let room = if kind == SignatureKind::Rsa { MAX_DOCUMENT } else { MAX_CONTENT };
            // For /rsa2048 the JSON is read as for /pkcs7, and is a smaller part.
            for (name, document) in self.documents(room).into_iter().filter(|_| kind != SignatureKind::Rsa2048) {
                let text = self.authority.sign(kind, &document);
                let input = if kind == SignatureKind::Rsa { Input::Both(document, text) } else { Input::Cms(text) };
                add(&format!("{SIGNED}: {name}"), input);
            }
            let document = self.document(MAX_DOCUMENT);
            let mut other = document.clone();
            other[MAX_DOCUMENT - 4] ^= 1;
            add("another document than the one signed", Input::Both(other, self.authority.sign(kind, &document)));
            if kind != SignatureKind::Rsa {
                for (name, value) in self.values(kind) {
                    add(&format!("CMS: {name}"), Input::Cms(served(&value)));
                }
            }
        }
        let kind = SignatureKind::Rsa2048;
        all.extend(self.evidences().into_iter().map(|(name, json)| Hostile { name, kind, input: Input::Evidence(json) }));
        all
    }

    /// Documents of `size` bytes, or a little less, whose JSON is costly.
    fn documents(&self, size: usize) -> Vec<(String, Vec<u8>)> {
        let plain = String::from_utf8(self.document(0)).unwrap();
        let open = plain.trim_end().trim_end_matches('}').trim_end().to_owned();
        let room = size - open.len() - 64;
        let repeated = |unit: &str| unit.repeat(room / unit.len());
        let numbered = |unit: &dyn Fn(usize) -> String| {
            let mut text = String::new();
            for unit in (0..).map(unit) {
                if text.len() + unit.len() > room {
                    break;
                }
                text.push_str(&unit);
            }
            text
        };
        // Allowed nesting is 8: the document's object is the first.
        let nested = |inside: &str| format!("{}{inside}{}", "[".repeat(7), "]".repeat(7));
        let objects = |inside: &str| format!("{}{inside}{}", "{\"a\":".repeat(7), "}".repeat(7));
        let values = [
            ("a string", format!("\"{}\"", repeated("x"))),
            ("escapes", format!("\"{}\"", repeated("\\u0041"))),
            ("short escapes", format!("\"{}\"", repeated("\\n"))),
            ("surrogate pairs", format!("\"{}\"", repeated("\\ud83d\\ude00"))),
            ("three-byte characters", format!("\"{}\"", repeated("\u{20ac}"))),
            ("white space", repeated(" ") + "0"),
            ("a number of many digits", repeated("7")),
            ("array of numbers", format!("[{}0]", repeated("0,"))),
            ("array of empty arrays", format!("[{}0]", repeated("[],"))),
            ("array of empty objects", format!("[{}0]", repeated("{},"))),
            ("array of empty strings", format!("[{}0]", repeated("\"\","))),
            ("array of escapes", format!("[{}0]", repeated("\"\\n\","))),
            ("array of arrays to the depth allowed", format!("[{}0]", repeated("[[[[[[]]]]]],"))),
            ("array of objects to the depth allowed", format!("[{}0]", repeated("{\"a\":{\"a\":{\"a\":{\"a\":{\"a\":{}}}}}},"))),
            ("a string at the depth allowed", nested(&format!("\"{}\"", repeated("x")))),
            ("escapes at the depth allowed", nested(&format!("\"{}\"", repeated("\\u0041")))),
            ("numbers at the depth allowed", nested(&format!("{}0", repeated("0,")))),
            ("empty strings at the depth allowed", nested(&format!("{}\"\"", repeated("\"\",")))),
            ("a string in objects to the depth allowed", objects(&format!("\"{}\"", repeated("x")))),
            ("empty objects at the depth allowed", "[".repeat(6) + &repeated("{},") + "{}" + &"]".repeat(6)),
            ("keys in an object", format!("{{{}\"z\":0}}", numbered(&|index| format!("\"{index}\":0,")))),
            ("keys in an object, descending", format!("{{{}\"z\":0}}", numbered(&|index| format!("\"{}\":0,", 99_999 - index)))),
            ("keys with escapes", format!("{{{}\"z\":0}}", numbered(&|index| format!("\"\\n{index}\":0,")))),
            (
                "keys at the depth allowed",
                format!("{}{{{}\"z\":0}}{}", "[".repeat(6), numbered(&|index| format!("\"{index}\":0,")), "]".repeat(6)),
            ),
            ("one long key", format!("{{\"{}\":0}}", repeated("x"))),
        ];
        let mut documents = Vec::new();
        for (name, value) in values {
            let with = |name: &str, end: &str| (name.to_owned(), format!("{open},\n\"more\":{value}{end}").into_bytes());
            documents.push(with(&format!("{name}, accepted"), "}"));
            documents.push(with(&format!("{name}, then a syntax error"), ",\"b\":}"));
            let wrong = format!("{open},\n\"more\":{value}}}").replace("\"pendingTime\" : \"", "\"pendingTime\" : \"x");
            documents.push((format!("{name}, with a bad time"), wrong.into_bytes()));
        }
        let shapes = [
            ("keys of the document", format!("{open},{}\"region\":0}}", numbered(&|index| format!("\"{index}\":0,")))),
            ("keys of the document, accepted", format!("{open},{}\"z\":0}}", numbered(&|index| format!("\"{index}\":0,")))),
            ("one key of the document many times", format!("{open},{}", repeated("\"region\":0,"))),
            ("open arrays", format!("{open},\"a\":{}", repeated("["))),
            ("open objects", format!("{open},\"a\":{}", repeated("{\"a\":"))),
            ("arrays nested too deeply", format!("{open},\"a\":{}{}}}", "[".repeat(100), "]".repeat(100))),
            ("an open string", format!("{open},\"a\":\"{}", repeated("x"))),
            ("backslashes", format!("{open},\"a\":\"{}", repeated("\\"))),
            ("a key twice at the end", format!("{open},\"a\":\"{}\",\"region\":0}}", repeated("x"))),
            ("nested too deeply at the end", format!("{open},\"a\":\"{}\",\"b\":[[[[[[[[]]]]]]]]}}", repeated("x"))),
            ("trailing", format!("{open},\"a\":\"{}\"}}}}", repeated("x"))),
            ("no object", format!("[{}0]", repeated("0,"))),
            ("white space, then no object", repeated(" ") + "x"),
            (
                "product codes",
                plain.replace("\"devpayProductCodes\" : null", &format!("\"devpayProductCodes\" : [{}0]", repeated("\"a\","))),
            ),
            (
                "product codes, accepted",
                plain.replace("\"devpayProductCodes\" : null", &format!("\"devpayProductCodes\" : [{}\"a\"]", repeated("\"a\","))),
            ),
        ];
        documents.extend(shapes.map(|(name, text)| (name.to_owned(), text.into_bytes())));
        let mut utf8 = plain.clone().into_bytes();
        utf8.extend(vec![b' '; room]);
        utf8.push(0xff);
        documents.push(("no UTF-8 at the end".to_owned(), utf8));
        documents
    }

    /// CMS values whose structure is costly.
    fn values(&self, kind: SignatureKind) -> Vec<(String, Vec<u8>)> {
        let document = self.document(0);
        let cms = || self.authority.cms(kind, &document);
        let room = MAX_CONTENT - cms().encode().len();
        let with_certificates = |contents: Vec<u8>, tag: u8, length: Length| Cms {
            certificates: Some(Element::primitive(tag, contents).with_length(length)),
            ..cms()
        };
        let spoiled = |mut cms: Cms| {
            if let Some(last) = cms.signers[0].signature.last_mut() {
                *last ^= 1;
            }
            cms.encode()
        };
        let level = |depth: usize| [[0x30, 0x80].repeat(depth), [0x00, 0x00].repeat(depth)].concat();
        let definite = |depth: usize| (0..depth).fold(Vec::new(), |inside, _| [&[0x30, inside.len() as u8], inside.as_slice()].concat());
        let fill = |unit: Vec<u8>| unit.repeat(room / unit.len());
        let mut values = Vec::new();
        let mut add = |name: &str, value: Vec<u8>| values.push((name.to_owned(), value));

        for (name, contents) in [
            ("empty elements", fill(vec![0x05, 0x00])),
            ("empty sequences", fill(vec![0x30, 0x00])),
            ("empty indefinite sequences", fill(level(1))),
            ("indefinite nests to the depth allowed", fill(level(15))),
            ("definite nests to the depth allowed", fill(definite(15))),
            ("one large element", Element::primitive(0x04, vec![0; room]).encode()),
        ] {
            let siblings = with_certificates(contents, 0xa0, Length::Minimal);
            add(&format!("{name} as certificates, accepted"), siblings.encode());
            add(&format!("{name} as certificates, then a wrong signature"), spoiled(siblings));
        }
        add(
            "open indefinite elements as certificates",
            with_certificates([0x30, 0x80].repeat(room / 2), 0xa0, Length::Indefinite).encode(),
        );
        add("open indefinite elements", [0x30, 0x80].repeat(MAX_CONTENT / 2));
        add("zeros", [vec![0x30, 0x80], vec![0; MAX_CONTENT]].concat());
        add("a huge length", [vec![0x30, 0x84, 0x7f, 0xff, 0xff, 0xff], vec![0; MAX_CONTENT]].concat());
        add("many digest algorithms", {
            let mut many = cms();
            many.digest_algorithms = vec![many.digest_algorithms[0].clone(); room / 20];
            many.encode()
        });
        add("many signers", {
            let mut many = cms();
            let signer = many.signers[0].clone();
            let count = room / spoiled(cms()).len() + 8;
            many.signers = vec![signer; count];
            many.encode()
        });
        for (name, segment) in [("empty", &b""[..]), ("one-byte", b"x")] {
            let segments = vec![Element::primitive(0x04, segment); room / (2 + segment.len())];
            let content = Element::constructed(0x24, segments).with_length(Length::Indefinite);
            add(&format!("{name} segments"), Cms { content: Some(content), ..cms() }.encode());
        }
        add("a long signature", {
            let mut long = cms();
            long.signers[0].signature = vec![0x30; room];
            long.encode()
        });
        add("long integers as the signature", {
            let mut long = cms();
            let integer = Element::primitive(0x02, [vec![0x01], vec![0; room / 2 - 10]].concat());
            long.signers[0].signature = Element::constructed(0x30, [integer.clone(), integer]).encode();
            long.encode()
        });
        add("a long issuer", {
            let mut long = cms();
            long.signers[0].identifier =
                Element::constructed(0x30, [Element::primitive(0x30, vec![0; room]), Element::primitive(0x02, [1])]);
            long.encode()
        });
        add("a long serial number", {
            let mut long = cms();
            *long.signers[0].identifier.at_mut(&[1]) = Element::primitive(0x02, [vec![1], vec![0; room]].concat());
            long.encode()
        });
        let attribute = |number: u8, size: usize| {
            let value = Element::primitive(0x04, vec![0; size]);
            Element::constructed(0x30, [Element::primitive(0x06, [0x2a, 0x86, number]), Element::constructed(0x31, [value])])
        };
        for (name, count) in [("16 attributes", 13), ("more attributes than allowed", 14), ("many small attributes", room / 14)] {
            let mut many = cms();
            let attributes = many.signers[0].attributes.as_mut().unwrap();
            attributes.retain(|attribute| attribute.at(&[0]).inside() != oid::ALGORITHM_PROTECTION);
            assert_eq!(attributes.len(), 3);
            let size = if count > 14 { 1 } else { room / count - 20 };
            attributes.extend((0..count).map(|index| attribute((index % 128) as u8, size)));
            attributes.sort_by_key(Element::encode);
            self.authority.sign_attributes(kind, &mut many);
            let name = if count == 13 { format!("{name}, accepted") } else { name.to_owned() };
            add(&name, many.encode());
            if count == 13 {
                add("16 attributes, then a wrong signature", spoiled(many));
            }
        }
        add("an attribute nested to the depth allowed, many times", {
            let mut deep = cms();
            let attributes = deep.signers[0].attributes.as_mut().unwrap();
            let value = Element::primitive(0x30, fill(definite(12)));
            attributes.push(Element::constructed(0x30, [Element::primitive(0x06, [0x2a, 0x86]), Element::constructed(0x31, [value])]));
            attributes.sort_by_key(Element::encode);
            self.authority.sign_attributes(kind, &mut deep);
            spoiled(deep)
        });
        add("a large content and a wrong signature", spoiled(self.authority.cms(kind, &self.document(MAX_CONTENT - 1000))));
        add("a large content and a wrong digest", {
            let mut wrong = self.authority.cms(kind, &self.document(MAX_CONTENT - 1000));
            *wrong.content.as_mut().unwrap().at_mut(&[0]) = Element::primitive(0x04, self.document(MAX_CONTENT - 1001));
            wrong.encode()
        });
        // The hint of an unknown signer reads the region of the document, which nobody has verified.
        for (name, document) in self.documents(MAX_CONTENT - 500) {
            let wanted = ["escapes at", "numbers at", "keys at", "keys in an object,", "array of arrays", "array of numbers", "a string,"];
            if wanted.iter().any(|wanted| name.starts_with(wanted)) && (name.ends_with("accepted") || name.ends_with("error")) {
                let mut unknown = self.authority.cms(kind, &document);
                *unknown.signers[0].identifier.at_mut(&[1]) = Element::primitive(0x02, [7]);
                add(&format!("an unknown signer; JSON: {}", name.replace(", accepted", "")), unknown.encode());
            }
        }
        values
    }

    /// Evidences whose JSON is costly.
    fn evidences(&self) -> Vec<(String, String)> {
        let mut evidences: Vec<(String, String)> = Vec::new();
        let mut add = |name: &str, json: String| evidences.push((name.to_owned(), json));
        let room = MAX_EVIDENCE - 100;
        let repeated = |unit: &str, room: usize| unit.repeat(room / unit.len());
        add("open arrays", format!("{{\"document\":{}", repeated("[", room)));
        add("open objects", repeated("{\"a\":", room));
        add("array of arrays to the depth allowed", format!("{{\"document\":[{}0]}}", repeated("[[[[[[]]]]]],", room)));
        add("numbers at the depth allowed", format!("{{\"a\":[[[[[[[{}0]]]]]]]}}", repeated("0,", room)));
        add("keys", {
            let keys: String = (0..room / 10).map(|index| format!("\"{index:05}\":0,")).collect();
            format!("{{{keys}\"z\":0}}")
        });
        add("document of escapes", format!("{{\"document\":\"{}\"}}", repeated("\\u0041", room)));
        add("document of short escapes", format!("{{\"document\":\"{}\"}}", repeated("\\n", room)));
        add("rsa2048 of white space", format!("{{\"rsa2048\":\"{}\"}}", repeated("\\n", 2 * MAX_TEXT)));
        add("document over its limit", format!("{{\"document\":\"{}\"}}", repeated("x", room)));
        let signature = repeated("A", MAX_TEXT);
        for (name, document) in self.documents(MAX_DOCUMENT) {
            if name.contains("at the depth allowed") && (name.ends_with("accepted") || name.ends_with("error")) {
                let document = String::from_utf8(document).unwrap();
                let quoted = document.replace('\\', "\\\\").replace('"', "\\\"").replace('\n', "\\n");
                let json = format!("{{\"document\":\"{quoted}\",\"rsa2048\":\"{signature}\"}}");
                add(&format!("any region; JSON: {}", name.replace(", accepted", "")), json);
            }
        }
        evidences
    }
}

/// Texts that are no value.
fn texts() -> Vec<(String, String)> {
    let filled = |unit: &str, end: &str| format!("{}{end}", unit.repeat((MAX_TEXT - end.len()) / unit.len()));
    let begin = "-----BEGIN PKCS7-----\n";
    [
        ("white space", filled("\n", "")),
        ("white space and one character", filled(" \r\n\t", "A")),
        ("base64 of zeros", filled("AAAA", "")),
        ("base64 with a bad character at the end", filled("MIAA", "***")),
        ("base64 between white space, a bad character at the end", filled("M\n", "*")),
        ("base64 with non-zero bits at the end", filled("MIAA", "MIAAAB==")),
        ("padding", filled("=", "")),
        ("dashes", filled("-", "")),
        ("four dashes and a character", filled("----A", "")),
        ("PEM label of dashes", format!("-----BEGIN {}", filled("----A", "xxxxxxxxxxxxxxxxxxxx"))),
        ("PEM without an end", format!("{begin}{}", "----A".repeat((MAX_TEXT - begin.len()) / 5))),
        ("PEM, bad character at the end", format!("{begin}{}*\n-----END PKCS7-----", "MIAA".repeat((MAX_TEXT - 60) / 4))),
        ("PEM begin lines", filled(begin, "")),
        ("PEM blocks", filled("-----BEGIN PKCS7-----\nMIAA\n-----END PKCS7-----\n", "")),
        ("PEM, white space after", format!("{begin}MIAA\n-----END PKCS7-----\n{}x", " ".repeat(MAX_TEXT - 60))),
        ("three-byte characters", filled("\u{20ac}", "")),
        ("JSON", filled("{", "")),
        ("HTML", format!("<html>{}", " ".repeat(MAX_TEXT - 6))),
        ("over the limit", "A".repeat(MAX_TEXT + 1)),
    ]
    .map(|(name, text)| (name.to_owned(), text.get(..MAX_TEXT + 1).unwrap_or(&text).to_owned()))
    .into()
}

/// With line ends up to `length`.
fn padded(text: String, length: usize) -> String {
    let missing = length.saturating_sub(text.len());
    text + &"\n".repeat(missing)
}
