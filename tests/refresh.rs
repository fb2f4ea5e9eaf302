//! The program that refreshes `certs/`, run on copies of the folder with pages in the published shape.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing, clippy::string_slice)]

#[allow(dead_code, reason = "its main function is not called")]
#[path = "../examples/refresh_certs/main.rs"]
mod refresh_certs;

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use refresh_certs::Failure;

/// A copy of `certs/` with some regions, with the manifest and the table that belong to them.
struct Folder {
    root: PathBuf,
}

impl Folder {
    /// ap-east-2 has no DSA certificate, cn-north-1 stands on a page of its own, the other two share an RSA-1024 key and a DSA certificate.
    fn small(name: &str) -> Self {
        let folder = Self::of(name, &["ap-east-2", "cn-north-1", "us-east-1", "us-west-2"]);
        assert_eq!(folder.run(&[]), Ok("4 regions, 11 certificates\n".to_owned()));
        folder
    }

    fn of(name: &str, regions: &[&str]) -> Self {
        let root = Path::new(env!("CARGO_TARGET_TMPDIR")).join("refresh").join(name);
        let _ = fs::remove_dir_all(&root);
        let source = Path::new(env!("CARGO_MANIFEST_DIR"));
        for region in regions {
            let to = root.join("certs").join(region);
            fs::create_dir_all(&to).unwrap();
            for (path, bytes) in tree(&source.join("certs").join(region)) {
                fs::write(to.join(path), bytes).unwrap();
            }
        }
        let manifest = fs::read_to_string(source.join("certs/MANIFEST.tsv")).unwrap();
        let rows = manifest.split_inclusive('\n').filter(|row| {
            let region = row.split('\t').next().unwrap();
            region == "region" || regions.contains(&region)
        });
        fs::write(root.join("certs/MANIFEST.tsv"), rows.collect::<String>()).unwrap();
        fs::create_dir_all(root.join("src/certs")).unwrap();
        fs::copy(source.join("src/certs/table.rs"), root.join("src/certs/table.rs")).unwrap();
        Self { root }
    }

    /// The output or the failure of the program, its arguments being `options` and a page for each of `pages`.
    fn refresh(&self, options: &[&str], pages: &[&str]) -> Result<String, Failure> {
        let folder = self.root.with_extension("pages");
        fs::create_dir_all(&folder).unwrap();
        let mut arguments: Vec<String> = options.iter().map(|option| (*option).to_owned()).collect();
        for (page, number) in pages.iter().zip(1..) {
            let path = folder.join(format!("{number}.md"));
            fs::write(&path, page).unwrap();
            arguments.push(path.to_str().unwrap().to_owned());
        }
        let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
        self.run(&arguments).map_err(|failure| match failure {
            Failure::Refused(messages) => {
                Failure::Refused(messages.into_iter().map(|m| m.replace(&format!("{}/", folder.display()), "")).collect())
            }
            usage => usage,
        })
    }

    fn run(&self, arguments: &[&str]) -> Result<String, Failure> {
        let mut all = vec!["--root".to_owned(), self.root.to_str().unwrap().to_owned()];
        all.extend(arguments.iter().map(|argument| (*argument).to_owned()));
        let mut out = Vec::new();
        refresh_certs::run(&all, &mut out)?;
        Ok(String::from_utf8(out).unwrap())
    }

    /// Asserts that the page is refused for `message` and that no file changes.
    #[track_caller]
    fn assert_refused(&self, options: &[&str], page: &str, message: &str) {
        let before = tree(&self.root);
        assert_eq!(self.refresh(options, &[page]), refused(message));
        assert_eq!(tree(&self.root), before, "a refused page changed files");
    }

    fn read(&self, path: &str) -> String {
        fs::read_to_string(self.root.join(path)).unwrap()
    }

    fn page(&self) -> String {
        self.page_of(&["us-east-1", "us-west-2", "ap-east-2", "cn-north-1"])
    }

    fn page_of(&self, regions: &[&str]) -> String {
        let sections = regions.iter().map(|region| {
            let pem = |kind| fs::read_to_string(self.root.join(format!("certs/{region}/{kind}.pem"))).ok();
            section(region, &[("DSA", pem("dsa")), ("RSA", pem("rsa")), ("RSA-2048", pem("rsa2048"))])
        });
        PAGE_HEAD.to_owned() + &sections.collect::<String>()
    }

    /// The cells of the manifest's row of a slot.
    fn row(&self, region: &str, kind: &str) -> Vec<String> {
        let manifest = self.read("certs/MANIFEST.tsv");
        let rows = manifest.lines().map(|row| row.split('\t').map(str::to_owned).collect::<Vec<_>>());
        let mut rows = rows.filter(|row| row[0] == region && row[2] == kind);
        let row = rows.next().unwrap();
        assert_eq!(rows.next(), None);
        row
    }
}

const PAGE_HEAD: &str = "# AWS public certificates for instance identity document signatures\n<a name=\"regions-certs\"></a>\n\nText.\n\n";

fn section(region: &str, parts: &[(&str, Option<String>)]) -> String {
    let parts = parts.iter().filter_map(|(name, pem)| Some(part(name, pem.as_ref()?)));
    format!("## US East (N. Virginia) — {region}\n<a name=\"{region}-cert\"></a>\n\n{}------\n\n", parts.collect::<String>())
}

fn part(name: &str, pem: &str) -> String {
    format!("------\n#### [ {name} ]\n\n```\n{pem}```\n\n")
}

/// All files below `root` with their contents.
fn tree(root: &Path) -> BTreeMap<PathBuf, Vec<u8>> {
    let mut files = BTreeMap::new();
    let mut folders = vec![root.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else {
                files.insert(path.strip_prefix(root).unwrap().to_owned(), fs::read(&path).unwrap());
            }
        }
    }
    files
}

fn refused(message: &str) -> Result<String, Failure> {
    Err(Failure::Refused(vec![message.to_owned()]))
}

const SOURCE: [&str; 2] = ["--source", "AWS docs, 2026-07-01"];
const NOTHING_NEW: &str = "0 added, 0 renewed, 0 replaced, 0 gone, 11 unchanged\n";

#[test]
fn the_manifest_and_the_table_are_what_the_folder_makes() {
    let regions = fs::read_dir(Path::new(env!("CARGO_MANIFEST_DIR")).join("certs")).unwrap().map(|entry| entry.unwrap().path());
    let regions: Vec<PathBuf> = regions.filter(|path| path.is_dir()).collect();
    let regions: Vec<&str> = regions.iter().map(|path| path.file_name().unwrap().to_str().unwrap()).collect();
    let folder = Folder::of("all", &regions);
    let before = tree(&folder.root);
    assert_eq!(folder.run(&[]), Ok("39 regions, 114 certificates\n".to_owned()));
    assert_eq!(tree(&folder.root), before);

    let (china, global): (Vec<&str>, Vec<&str>) = regions.iter().partition(|region| region.starts_with("cn-"));
    let pages = [folder.page_of(&global), folder.page_of(&china)];
    let report = folder.refresh(&[], &[&pages[0], &pages[1]]);
    assert_eq!(report, Ok("0 added, 0 renewed, 0 replaced, 0 gone, 114 unchanged\n".to_owned()));
    assert_eq!(tree(&folder.root), before);
}

#[test]
fn a_new_region_is_added() {
    let folder = Folder::small("added");
    let page = folder.page() + &folder.page_of(&["us-east-1"]).replace("us-east-1", "test-local-1");
    folder.assert_refused(
        &[],
        &page,
        "test-local-1 rsa2048: certs/MANIFEST.tsv does not say where this certificate was found; --source TEXT does",
    );
    let report = folder.refresh(&SOURCE, &[&page]).unwrap();
    let lines: Vec<&str> = report.lines().collect();
    assert_eq!(lines.len(), 4);
    for (line, kind) in lines.iter().zip(["rsa2048", "dsa", "rsa"]) {
        let (fingerprint, not_after) = (folder.row("us-east-1", kind)[3].clone(), folder.row("us-east-1", kind)[6].clone());
        assert_eq!(*line, format!("added    test-local-1 {kind}: {fingerprint} valid to {not_after}, partition aws"));
    }
    assert_eq!(lines[3], "3 added, 0 renewed, 0 replaced, 0 gone, 11 unchanged");

    for kind in ["dsa", "rsa", "rsa2048"] {
        assert_eq!(folder.read(&format!("certs/test-local-1/{kind}.pem")), folder.read(&format!("certs/us-east-1/{kind}.pem")));
        let mut expected = folder.row("us-east-1", kind);
        expected[0] = "test-local-1".to_owned();
        expected[11] = SOURCE[1].to_owned();
        assert_eq!(folder.row("test-local-1", kind), expected);
    }
    assert_eq!(folder.read("certs/test-local-1/partition"), "aws\n");
    let table = folder.read("src/certs/table.rs");
    assert!(table.contains("pub(super) static REGIONS: [BundledRegion; 5] = ["));
    let row_of = |region: &str| table.split("BundledRegion::new(").find(|row| row.contains(&format!("\"{region}\""))).unwrap().to_owned();
    assert_eq!(row_of("test-local-1"), row_of("us-east-1").replace("us-east-1", "test-local-1"));

    let after = tree(&folder.root);
    assert_eq!(folder.run(&[]), Ok("5 regions, 14 certificates\n".to_owned()));
    assert_eq!(folder.refresh(&[], &[&page]), Ok("0 added, 0 renewed, 0 replaced, 0 gone, 14 unchanged\n".to_owned()));
    assert_eq!(tree(&folder.root), after);
}

#[test]
fn the_partition_of_a_new_region_follows_its_prefix() {
    let folder = Folder::small("partitions");
    let regions = [
        ("cn-test-1", "aws-cn"),
        ("eu-isoe-test-1", "aws-iso-e"),
        ("eu-test-1", "aws"),
        ("eusc-test-1", "aws-eusc"),
        ("us-gov-test-1", "aws-us-gov"),
        ("us-iso-test-1", "aws-iso"),
        ("us-isob-test-1", "aws-iso-b"),
        ("us-isof-test-1", "aws-iso-f"),
    ];
    let ap_east_2 = folder.page_of(&["ap-east-2"]);
    let page: String = regions.iter().map(|(region, _)| ap_east_2.replace("ap-east-2", region)).collect();
    folder.refresh(&SOURCE, &[&page]).unwrap();
    for (region, partition) in regions {
        assert_eq!(folder.read(&format!("certs/{region}/partition")), format!("{partition}\n"), "{region}");
        assert_eq!(folder.row(region, "rsa")[1], partition);
    }
}

#[test]
fn an_existing_partition_file_wins() {
    let folder = Folder::small("partition-file");
    let page = folder.page();
    fs::write(folder.root.join("certs/ap-east-2/partition"), "aws-test\n").unwrap();
    let page = page.replacen(
        &part("RSA", &folder.read("certs/ap-east-2/rsa.pem")),
        &(part("DSA", &folder.read("certs/us-east-1/dsa.pem")) + &part("RSA", &folder.read("certs/ap-east-2/rsa.pem"))),
        1,
    );
    let report = folder.refresh(&SOURCE, &[&page]).unwrap();
    assert!(report.ends_with(", partition aws-test\n1 added, 0 renewed, 0 replaced, 0 gone, 11 unchanged\n"), "{report}");
    assert_eq!(folder.read("certs/ap-east-2/partition"), "aws-test\n");
    for kind in ["dsa", "rsa", "rsa2048"] {
        assert_eq!(folder.row("ap-east-2", kind)[1], "aws-test");
    }
}

#[test]
fn another_certificate_over_the_same_key_is_renewed() {
    let folder = Folder::small("renewed");
    let (old, new) = (folder.read("certs/us-east-1/rsa.pem"), folder.read("certs/us-west-2/rsa.pem"));
    let (old_row, new_row) = (folder.row("us-east-1", "rsa"), folder.row("us-west-2", "rsa"));
    assert_ne!(old_row[3], new_row[3]);
    assert_eq!(old_row[10], new_row[10], "one key");
    let page = folder.page().replace(&old, &new);
    folder.assert_refused(
        &[],
        &page,
        "us-east-1 rsa: certs/MANIFEST.tsv does not say where this certificate was found; --source TEXT does",
    );

    let report = folder.refresh(&SOURCE, &[&page]).unwrap();
    let change = format!("{} valid to {} -> {} valid to {}", old_row[3], old_row[6], new_row[3], new_row[6]);
    assert_eq!(report, format!("renewed  us-east-1 rsa: {change}\n0 added, 1 renewed, 0 replaced, 0 gone, 10 unchanged\n"));
    assert_eq!(folder.read("certs/us-east-1/rsa.pem"), new);
    let row = folder.row("us-east-1", "rsa");
    assert_eq!(row[3..11], new_row[3..11]);
    assert_eq!(row[11], SOURCE[1], "where the old certificate was found is not said of the new one");
}

#[test]
fn another_key_is_refused_unless_replacing_is_asked_for() {
    let folder = Folder::small("replaced");
    let (old, new) = (folder.read("certs/us-east-1/rsa2048.pem"), folder.read("certs/us-west-2/rsa2048.pem"));
    let (old_row, new_row) = (folder.row("us-east-1", "rsa2048"), folder.row("us-west-2", "rsa2048"));
    // Something else on the page that would be written.
    let page = folder.page().replace(&old, &new) + &folder.page_of(&["us-east-1"]).replace("us-east-1", "test-local-1");
    let line = page.lines().position(|line| line == new.lines().nth(1).unwrap()).unwrap();
    let change = format!("{} valid to {} -> {} valid to {}", old_row[3], old_row[6], new_row[3], new_row[6]);
    folder.assert_refused(
        &SOURCE,
        &page,
        &format!("1.md:{line}: us-east-1 rsa2048: another key than in certs/: {change}; --replace allows it"),
    );

    let report = folder.refresh(&[&SOURCE[..], &["--replace"]].concat(), &[&page]).unwrap();
    assert!(report.contains(&format!("replaced us-east-1 rsa2048: {change}\n")), "{report}");
    assert!(report.ends_with("3 added, 0 renewed, 1 replaced, 0 gone, 10 unchanged\n"), "{report}");
    assert_eq!(folder.read("certs/us-east-1/rsa2048.pem"), new);
    assert_eq!(folder.row("us-east-1", "rsa2048")[3..11], new_row[3..11]);
}

#[test]
fn what_is_not_on_the_pages_is_reported_and_kept() {
    let folder = Folder::small("gone");
    let before = tree(&folder.root);
    let page = folder.page_of(&["us-east-1", "ap-east-2", "us-west-2"]).replace(&part("DSA", &folder.read("certs/us-west-2/dsa.pem")), "");
    assert!(page.contains("us-west-2") && !page.contains("[ DSA ]"), "both share the certificate");
    let report = folder.refresh(&[], &[&page]);
    let gone = ["cn-north-1 rsa2048", "cn-north-1 dsa", "cn-north-1 rsa", "us-east-1 dsa", "us-west-2 dsa"];
    let lines: String = gone.iter().map(|slot| format!("gone     {slot}: not on the pages, kept\n")).collect();
    assert_eq!(report, Ok(lines + "0 added, 0 renewed, 0 replaced, 5 gone, 6 unchanged\n"));
    assert_eq!(tree(&folder.root), before);
}

#[test]
fn harmless_variation_of_a_page_changes_nothing() {
    let folder = Folder::small("variation");
    let before = tree(&folder.root);
    let page = folder.page();
    let one_line = |pem: &str| {
        let base64: String = pem.lines().filter(|line| !line.starts_with('-')).collect();
        format!("-----BEGIN CERTIFICATE-----\n{base64}\n-----END CERTIFICATE-----\n")
    };
    let mut long = page.clone();
    for slot in ["us-east-1/dsa", "us-east-1/rsa", "ap-east-2/rsa2048"] {
        let pem = folder.read(&format!("certs/{slot}.pem"));
        long = long.replace(&pem, &one_line(&pem));
    }
    assert_ne!(long, page);
    let indented: String = page.lines().map(|line| format!("   {line}  \n")).collect();
    let variations = [
        long,
        indented,
        page.replace('\n', "\r\n"),
        format!("\u{feff}{page}"),
        page.replace(" — ", " – "),
        page.replace(" — ", " - "),
        // As on the Chinese page.
        page.replace("US East (N. Virginia) — ", "中国（北京）— "),
        page.replace("US East (N. Virginia)", "Europe – Frankfurt - one"),
        page.replace("```\n-----BEGIN", "~~~~text\n-----BEGIN").replace("-----\n```", "-----\n~~~~"),
        page.replace("#### [ DSA ]", "### [DSA] ###"),
        page.replace("-cert\"></a>\n", "-cert\"></a>\n\nSome text - and more.\n\n```\n$ openssl version\n```\n"),
        page.replace("\"></a>\n", "\" />\n").replace("<a name", "<a id"),
        page.replace(" — us-east-1\n<a ", " — us-east-1<a "),
        page.replace("## US", "## Other regions\n\nText.\n\n## US") + "## See also\n\n#### More\n\n```\n$ ls\n```\n",
        page.replace("------\n", ""),
    ];
    for variation in variations {
        assert_eq!(folder.refresh(&[], &[&variation]), Ok(NOTHING_NEW.to_owned()), "{variation}");
        assert_eq!(tree(&folder.root), before);
    }
}

#[test]
fn a_certificate_that_does_not_fit_its_part_is_refused() {
    let folder = Folder::small("wrong-tab");
    let (rsa, rsa2048) = (folder.read("certs/us-east-1/rsa.pem"), folder.read("certs/us-east-1/rsa2048.pem"));
    let page = folder.page();
    let swapped = page.replace(&rsa, "OTHER").replace(&rsa2048, &rsa).replace("OTHER", &rsa2048);
    let line = |page: &str, text: &str| page.lines().position(|line| line == text).unwrap() + 1;
    let place = line(&swapped, rsa.lines().nth(1).unwrap()) - 1;
    let message = format!("1.md:{place}: us-east-1 rsa2048: the key does not fit slot rsa2048: expected RSA-2048");
    folder.assert_refused(&["--replace", SOURCE[0], SOURCE[1]], &swapped, &message);

    let second = line(&page, rsa.lines().nth(1).unwrap());
    for (pem, fault) in [
        (
            rsa.replacen("-----BEGIN CERTIFICATE-----\nMIID", "-----BEGIN CERTIFICATE-----\nM*ID", 1),
            "the PEM block is not base64 at byte 29",
        ),
        (rsa.replace("CERTIFICATE", "PUBLIC KEY"), "the text is not one PEM certificate: the label is another one at byte 11"),
        (rsa.replacen("MIID", "MIIE", 1), "neither a PEM certificate nor an X.509 certificate in DER"),
        (String::new(), "neither a PEM certificate nor an X.509 certificate in DER"),
    ] {
        let message = format!("1.md:{}: us-east-1 rsa: {fault}", second - 1);
        folder.assert_refused(&SOURCE, &page.replace(&rsa, &pem), &message);
    }
    let twice = page.replace(&rsa, &rsa.repeat(2));
    let message = format!("1.md:{}: us-east-1 rsa: the text is not one PEM certificate: a second block at byte {}", second - 1, rsa.len());
    folder.assert_refused(&SOURCE, &twice, &message);
}

#[test]
fn an_rsa_key_under_dsa_is_refused_outside_of_china() {
    let folder = Folder::small("rsa-under-dsa");
    let (dsa, rsa2048) = (folder.read("certs/us-east-1/dsa.pem"), folder.read("certs/us-east-1/rsa2048.pem"));
    let page = folder.page_of(&["us-east-1"]).replace(&dsa, &rsa2048).replace("us-east-1", "eu-test-1");
    let place = page.lines().position(|line| line == rsa2048.lines().nth(1).unwrap()).unwrap();
    // The same certificate stands under [ RSA-2048 ] too, which is refused first where the slots are read in that order.
    let other =
        page.replacen(&rsa2048, "OTHER", 1).replace(&rsa2048, &folder.read("certs/us-west-2/rsa2048.pem")).replace("OTHER", &rsa2048);
    let message = format!("1.md:{place}: eu-test-1 dsa: an RSA-2048 key outside of China: is it from the wrong tab?");
    folder.assert_refused(&SOURCE, &other, &message);
    let report = folder.refresh(&SOURCE, &[&other.replace("eu-test-1", "cn-test-1")]).unwrap();
    assert!(report.contains("3 added"), "{report}");
}

#[test]
fn a_page_of_another_shape_is_refused_with_the_line() {
    let folder = Folder::small("shape");
    let pem = folder.read("certs/us-east-1/rsa.pem");
    let head = "## US East (N. Virginia) — us-east-1\n";
    let rsa = part("RSA", &pem);
    let rsa2048 = part("RSA-2048", &folder.read("certs/us-east-1/rsa2048.pem"));
    let whole = format!("{head}{rsa}{rsa2048}");
    // The heading stands at line 2 and the first part begins at line 3.
    let second = 3 + rsa.lines().count();
    let end = second + rsa2048.lines().count();
    let outside = "a certificate outside of the parts [ DSA ], [ RSA ] and [ RSA-2048 ] of a region";
    let anchored = |anchor: &str| whole.replace("us-east-1\n", &format!("us-east-1{anchor}"));
    let refused_of = |text: String, line: usize, message: &str| {
        folder.assert_refused(&SOURCE, &format!("# Title\n{text}"), &format!("1.md:{line}: {message}"));
    };

    refused_of(format!("{head}{rsa}"), 2, "us-east-1 has no part [ RSA-2048 ]");
    refused_of(format!("{head}{rsa2048}"), 2, "us-east-1 has no part [ RSA ]");
    refused_of(head.to_owned(), 2, "us-east-1 has no part [ RSA ]");
    refused_of(format!("{head}## us-east-2\n{rsa}{rsa2048}"), 2, "us-east-1 has no part [ RSA ]");
    refused_of(format!("{whole}{rsa}"), end + 1, "us-east-1 has part [ RSA ] at line 4 already");
    refused_of(whole.replace("[ RSA ]", "[ ECDSA ]"), 4, "unknown part [ ECDSA ]");
    refused_of(whole.replace("[ RSA ]", "[ rsa ]"), 4, "unknown part [ rsa ]");
    refused_of(format!("{whole}{whole}"), end, "us-east-1 stands at 1.md:2 already");
    for code in ["US-EAST-1", "../../tmp", "us-east-1.", "local"] {
        refused_of(whole.replace("us-east-1", code), 2, &format!("{code:?} is not a region code"));
    }
    for (anchor, line) in [("\n<a name=\"us-east-2-cert\"></a>\n", 3), ("<a name=\"us-east-1\"></a>\n", 2), ("\n\n<a id=\"x-cert\"/>\n", 4)]
    {
        let name = anchor.split('"').nth(1).unwrap();
        refused_of(anchored(anchor), line, &format!("the anchor {name:?} stands under the heading of us-east-1"));
    }
    refused_of(rsa.clone(), 3, "part [ RSA ] stands under no heading of a region");
    refused_of(format!("{whole}## Other\n{rsa}"), end + 2, "part [ RSA ] stands under no heading of a region");
    refused_of(whole.replace("[ RSA ]", "RSA"), 6, outside);
    refused_of(whole.replace("[ RSA-2048 ]", "RSA-2048"), second + 3, outside);
    refused_of(format!("```\n{pem}```\n{whole}"), 2, outside);
    refused_of(whole.replace("```\n", ""), 6, "a certificate outside of a fenced block");
    refused_of(whole.replace(&format!("```\n{pem}```\n"), ""), 4, "part [ RSA ] of us-east-1 has no certificate");
    refused_of(format!("{head}{rsa}```\n```\n{rsa2048}"), second, "a second fenced block in one part");
    refused_of(format!("{whole}```\n"), end, "the fenced block has no end");

    let nothing = "1.md: no heading of a region, such as \"## US East (N. Virginia) — us-east-1\"";
    folder.assert_refused(&SOURCE, "# Title\n\nText.\n", nothing);
    folder.assert_refused(&SOURCE, "", nothing);
}

#[test]
fn a_region_on_two_pages_is_refused() {
    let folder = Folder::small("two-pages");
    let before = tree(&folder.root);
    let page = folder.page_of(&["us-east-1"]);
    let failure = folder.refresh(&[], &[&page, &page]);
    let line = page.lines().position(|line| line.starts_with("## ")).unwrap() + 1;
    assert_eq!(failure, refused(&format!("2.md:{line}: us-east-1 stands at 1.md:{line} already")));
    assert_eq!(tree(&folder.root), before);
}

#[test]
fn a_folder_that_is_not_as_described_is_refused() {
    let folder = Folder::small("folder");
    let certs = folder.root.join("certs");
    let show = |path: &str| certs.join(path).display().to_string();
    let assert_refused = |message: String| {
        let before = tree(&folder.root);
        assert_eq!(folder.run(&[]), refused(&message));
        assert_eq!(tree(&folder.root), before);
    };

    fs::write(certs.join("us-east-1/rsa4096.pem"), "").unwrap();
    assert_refused(format!("{}: expected partition, dsa.pem, rsa.pem or rsa2048.pem", show("us-east-1/rsa4096.pem")));
    fs::remove_file(certs.join("us-east-1/rsa4096.pem")).unwrap();

    fs::create_dir(certs.join("us-east-3")).unwrap();
    fs::write(certs.join("us-east-3/partition"), "aws\n").unwrap();
    assert_refused(format!("{}: no certificate", show("us-east-3")));
    fs::copy(certs.join("us-east-1/rsa.pem"), certs.join("us-east-3/rsa2048.pem")).unwrap();
    assert_refused(format!("{}: the key does not fit slot rsa2048: expected RSA-2048", show("us-east-3/rsa2048.pem")));
    fs::rename(certs.join("us-east-3/rsa2048.pem"), certs.join("us-east-3/rsa.pem")).unwrap();
    assert_refused("us-east-3 rsa: certs/MANIFEST.tsv does not say where this certificate was found; --source TEXT does".to_owned());
    fs::write(certs.join("us-east-3/partition"), "").unwrap();
    assert_refused(format!("{}: expected a partition such as aws or aws-us-gov", show("us-east-3/partition")));
    fs::rename(certs.join("us-east-3"), certs.join("US-EAST-3")).unwrap();
    assert_refused(format!("{}: expected a region code such as us-east-1", show("US-EAST-3")));
    fs::remove_dir_all(certs.join("US-EAST-3")).unwrap();

    let manifest = folder.read("certs/MANIFEST.tsv");
    fs::write(certs.join("MANIFEST.tsv"), manifest.clone() + manifest.lines().next_back().unwrap()).unwrap();
    assert_refused(format!("{}:13: a second row of this certificate", show("MANIFEST.tsv")));
    fs::write(certs.join("MANIFEST.tsv"), manifest.clone() + "us-east-1\trsa\n").unwrap();
    assert_refused(format!("{}:13: not as many fields as the first line has", show("MANIFEST.tsv")));
    fs::write(certs.join("MANIFEST.tsv"), manifest.replace("sha256_der", "sha1")).unwrap();
    assert_refused(format!("{}:1: no column sha256_der", show("MANIFEST.tsv")));
    fs::write(certs.join("MANIFEST.tsv"), &manifest).unwrap();
    assert_eq!(folder.run(&[]), Ok("4 regions, 11 certificates\n".to_owned()));
}

#[test]
fn a_command_line_that_is_not_understood_is_a_usage_error() {
    let folder = Folder::small("usage");
    let before = tree(&folder.root);
    for (arguments, message) in [
        (&["--force"][..], "unknown option --force"),
        (&["-"], "unknown option -"),
        (&["--source"], "--source needs a value"),
        (&["--root"], "--root needs a value"),
        (&["--source", " "], "--source needs one line of text without tabs"),
        (&["--source", "a\tb"], "--source needs one line of text without tabs"),
        (&["--source", "a\nb"], "--source needs one line of text without tabs"),
    ] {
        let failure = folder.run(arguments).unwrap_err();
        assert_eq!(failure.exit_status(), 2);
        assert_eq!(failure, Failure::Usage(message.to_owned()));
    }
    let missing = folder.run(&["no-such-page.md"]).unwrap_err();
    assert_eq!(missing.exit_status(), 1);
    assert!(missing.messages()[0].starts_with("no-such-page.md: "), "{missing:?}");
    assert!(folder.run(&["--help"]).unwrap().starts_with("usage: refresh_certs "));
    assert_eq!(tree(&folder.root), before);
}
