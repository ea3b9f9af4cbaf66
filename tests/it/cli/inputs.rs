//! `souk ingest` and `souk source` with files, addresses and sites as merchants have them: each goes in or is named.

use crate::cli::run::{err, out, run, small_shop, souk};
use crate::files::{docx, pdf, rows, xlsx};
use crate::site::Site;
use serde_json::Value;
use std::path::Path;
use std::process::{Output, Stdio};

/// The report of a command that went well.
fn report(done: &Output) -> Value {
    assert!(done.status.success(), "{}{}", out(done), err(done));
    serde_json::from_str(&out(done)).unwrap()
}

/// What a report of texts names as left out, without the parts that differ from run to run.
fn left_out(report: &Value) -> String {
    let text = |reject: &Value, key: &str| reject[key].as_str().unwrap_or_default().to_owned();
    let lines = report["texts"]["rejected"].as_array().unwrap().iter();
    lines.map(|r| format!("{} [{}] {}\n", text(r, "source"), text(r, "place"), text(r, "reason"))).collect()
}

fn counts(report: &Value) -> [usize; 4] {
    let many = |key: &str| report["texts"][key].as_array().unwrap().len();
    [many("added"), many("changed"), many("removed"), report["texts"]["unchanged"].as_u64().unwrap() as usize]
}

/// Every passage of the shop: its source, heading and words.
fn passages(data: &Path) -> Vec<String> {
    let exported = out(&run(data, &["export"]));
    let rows = exported.lines().map(|line| serde_json::from_str::<Value>(line).unwrap());
    let passages = rows.filter(|row| row["kind"] == "passage");
    let text = |row: &Value, key: &str| row[key].as_str().unwrap_or_default().to_owned();
    passages.map(|p| format!("{} | {} | {}", text(&p, "source"), text(&p, "heading"), text(&p, "text"))).collect()
}

const TERMS: [(i64, &str); 6] = [
    (24, "Terms of the shop"),
    (16, "Warranty on tents"),
    (11, "Every tent has a warranty of five years."),
    (11, "It covers the seams and the poles."),
    (16, "Repairs"),
    (11, "We mend what we sold for ten years."),
];

#[test]
fn every_kind_of_text_goes_in_and_what_cannot_is_named() {
    let data = tempfile::tempdir().unwrap();
    small_shop(data.path());
    let folder = tempfile::tempdir().unwrap();
    let write = |name: &str, bytes: &[u8]| std::fs::write(folder.path().join(name), bytes).unwrap();
    write("shipping.md", b"# Shipping\n\n## How long?\n\nParcels take two days.\n");
    write("gifts.html", b"<html><title>Gifts</title><main><h2>Wrapping</h2><p>We wrap for free.</p></main></html>");
    write("notes.txt", b"Opening hours\n\nWe open at nine. We close at six.\n");
    write("terms.pdf", &pdf(&[&TERMS], None));
    write("half.pdf", &pdf(&[&[(11, "Care: wash the tent by hand, please.")], &[]], None));
    write("printing.pdf", &pdf(&[&[(11, "Only printing is locked in this leaflet.")]], Some(("owner", ""))));
    write("scan.pdf", &pdf(&[&[], &[]], None));
    write("locked.pdf", &pdf(&[&TERMS], Some(("owner", "reader"))));
    let heading = "<w:p><w:pPr><w:pStyle w:val=\"Heading2\"/></w:pPr><w:r><w:t>Kids</w:t></w:r></w:p>";
    let table = "<w:tbl><w:tr><w:tc><w:p><w:r><w:t>Size</w:t></w:r></w:p></w:tc><w:tc><w:p><w:r><w:t>Chest</w:t></w:r></w:p></w:tc></w:tr>\
        <w:tr><w:tc><w:p><w:r><w:t>M</w:t></w:r></w:p></w:tc><w:tc><w:p><w:r><w:t>96 cm</w:t></w:r></w:p></w:tc></w:tr></w:tbl>";
    write("sizes.docx", &docx(&format!("{heading}{table}")));
    write("torn.docx", &docx("<w:p><w:r><w:t>This much is whole.</w:t></w:r></w:p><w:p <broken"));
    write("faq.csv", b"Question;Answer\nDo you ship abroad?;To all of Europe.\nDo you gift?;\n");
    let sheet = rows(&[&["Question", "Answer"], &["Can I pay later?", "Not yet."], &["", "Lost answer"]]);
    let corner = format!("{sheet}<row r=\"1048576\">{}</row>", crate::files::cell("XFD1048576", "x"));
    write("more.xlsx", &xlsx(&[("FAQ", &corner)], &[]));
    write("stock.xlsx", &xlsx(&[("Stock", &rows(&[&["sku", "pieces"], &["A", "3"]]))], &[]));
    write("expired.csv", b"<!doctype html><html><body>Your session has ended. Log in again.</body></html>");
    write("old.doc", b"\xD0\xCF\x11\xE0");
    write("products.csv", b"handle,title,sku,price\n");
    write("logo.png", b"\x89PNG");
    std::os::unix::fs::symlink("/etc/hostname", folder.path().join("link.txt")).unwrap();
    let path = folder.path().to_str().unwrap();
    let before = passages(data.path());
    let dry = report(&run(data.path(), &["ingest", path, "--dry-run", "--json"]));
    assert_eq!((counts(&dry), &dry["dry_run"]), ([10, 0, 0, 0], &Value::Bool(true)), "{dry}");
    assert_eq!(passages(data.path()), before, "a dry run leaves no trace");
    let first = report(&run(data.path(), &["ingest", path, "--json"]));
    assert_eq!(counts(&first), [10, 0, 0, 0], "{first}");
    assert_eq!(left_out(&first), left_out(&dry));
    insta::assert_snapshot!(left_out(&first).replace(path, "FOLDER"), @r#"
    expired.csv [] is a web page and not what its name says: its server may ask to sign in first; download the file itself, or use an address that opens without signing in
    faq.csv [row 3] has no answer; fill it in
    half.pdf [page 2] is a picture of a text or cannot be read; give what it says as text
    link.txt [] is a link, which is not followed; put the file itself here
    locked.pdf [] is locked with a password; save it without one
    more.xlsx [row 3] has no question; fill it in
    old.doc [] is written in a way that is not read; save it as .docx, .pdf, .html or .md
    scan.pdf [] is a picture of a text (scanned) and holds no letters; give the text itself, or run text recognition (OCR) over it first
    stock.xlsx [] has no columns of questions and answers; name two columns "question" and "answer" in the first row
    torn.docx [the end] is broken: what follows is left out; open it and save it again
    products.csv [] is a product feed; give it by itself: souk ingest FOLDER/products.csv
    "#);
    let told = passages(data.path());
    for part in [
        "shipping.md | How long? | Parcels take two days.",
        "gifts.html | Wrapping | We wrap for free.",
        "notes.txt |  | We open at nine.",
        "terms.pdf | Warranty on tents | Every tent has a warranty of five years.",
        "terms.pdf | Repairs | We mend what we sold for ten years.",
        "half.pdf |  | Care: wash the tent by hand, please.",
        "printing.pdf |  | Only printing is locked in this leaflet.",
        "sizes.docx | Kids | Size M: Chest 96 cm",
        "torn.docx |  | This much is whole.",
        "faq.csv | Do you ship abroad? | To all of Europe.",
        "more.xlsx | Can I pay later? | Not yet.",
    ] {
        assert!(told.iter().any(|passage| passage.starts_with(part)), "{part} is missing in\n{}", told.join("\n"));
    }
    // One file goes, one changes, and the others are as they were.
    std::fs::remove_file(folder.path().join("gifts.html")).unwrap();
    write("shipping.md", b"# Shipping\n\n## How long?\n\nParcels take three days.\n");
    let again = run(data.path(), &["ingest", path]);
    assert!(out(&again).contains("0 new, 1 changed, 8 as before, 1 gone"), "{}{}", out(&again), err(&again));
    let told = passages(data.path()).join("\n");
    assert!(!told.contains("gifts.html") && told.contains("three days") && told.contains("terms.pdf"), "{told}");
    let one = run(data.path(), &["ingest", folder.path().join("expired.csv").to_str().unwrap()]);
    assert_eq!(one.status.code(), Some(1));
    assert!(err(&one).contains("expired.csv is a web page and not what its name says"), "{}", err(&one));
}

#[test]
#[expect(clippy::disallowed_methods, reason = "the real program asks the real clock")]
fn texts_that_ended_end_soon_or_contradict_are_named_with_their_places() {
    let data = tempfile::tempdir().unwrap();
    small_shop(data.path());
    let folder = tempfile::tempdir().unwrap();
    let write = |name: &str, text: &str| std::fs::write(folder.path().join(name), text).unwrap();
    let soon = jiff::Zoned::now().date().checked_add(jiff::Span::new().days(9)).unwrap();
    write("sale.md", "## Sale\nValid until 31 December 2020\n\nEverything is cheap.\n");
    write("rebate.md", "## Nachlass\nDer Nachlass ist gültig bis zum 31.12.2020 und nur im Laden.\n");
    write("soon.md", &format!("## Coupons\nCoupons are valid until {}.\n", soon.strftime("%d %B %Y")));
    write("never.md", "## Cards\nGift cards are valid until they are used.\n");
    write("one.md", "## Returns\nYou may return goods within 14 days.\n");
    write("two.md", "## Returns\nYou can return goods within 30 days.\n");
    let done = report(&run(data.path(), &["ingest", folder.path().to_str().unwrap(), "--json"]));
    let warnings = done["texts"]["warnings"].as_array().unwrap().iter();
    let line =
        |w: &Value| format!("{} {} {}\n", w["kind"].as_str().unwrap(), w["places"], w["message"].as_str().unwrap());
    insta::assert_snapshot!(warnings.map(line).collect::<String>().replace(&soon.to_string(), "SOON"), @r#"
    expired ["rebate.md, \"Nachlass\""] says that something was valid until 2020-12-31 and is still told; renew or delete it
    expired ["sale.md, \"Sale\""] ended on 2020-12-31 and is not told any more; renew or delete it
    expires_soon ["soon.md, \"Coupons\""] says that something is valid until SOON; renew it in time
    contradiction ["one.md, \"Returns\"","two.md, \"Returns\""] contradict each other: "You may return goods within 14 days." and "You can return goods within 30 days."; correct one of them
    "#);
    // What bounds a text by a line of its own takes it out of the answers; a sentence does not.
    let exported = out(&run(data.path(), &["export"]));
    let bounded: Vec<Value> = exported.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let bounded: Vec<&Value> = bounded.iter().filter(|row| !row["valid_until"].is_null()).collect();
    assert_eq!(bounded.len(), 1, "{bounded:?}");
    assert_eq!((&bounded[0]["source"], &bounded[0]["valid_until"]), (&"sale.md".into(), &"2020-12-31".into()));
}

#[test]
fn a_table_is_a_feed_unless_it_is_one_of_questions_however_long_it_is() {
    let data = tempfile::tempdir().unwrap();
    let folder = small_shop(data.path());
    let long = "long ".repeat(1_000);
    let rows_of = |count: u32| (0..count).map(|n| format!("p{n},P{n},S{n},1,{long}\n")).collect::<String>();
    let csv = format!("handle,title,sku,price,description\n{}", rows_of(4_300));
    assert!(csv.len() > 21_000_000, "longer than a table of questions may be");
    let sheet = rows(&[&["handle", "title", "sku", "price"], &["rope", "Rope", "ROPE", "5"]]);
    for (name, bytes, added) in
        [("feed.csv", csv.into_bytes(), 4_300), ("feed.xlsx", xlsx(&[("Feed", &sheet)], &[]), 1)]
    {
        let path = folder.path().join(name);
        std::fs::write(&path, bytes).unwrap();
        let done = report(&run(data.path(), &["ingest", path.to_str().unwrap(), "--keep", "--dry-run", "--json"]));
        assert_eq!(done["products"]["added"], added, "{name}");
    }
}

#[test]
fn a_workbook_that_would_burst_is_refused_in_bounded_memory() {
    let data = tempfile::tempdir().unwrap();
    let folder = small_shop(data.path());
    let feed = rows(&[&["handle", "title", "sku", "price"], &["rope", "Rope", "ROPE", "5"]]);
    let corner = format!("{feed}<row r=\"1048576\">{}</row>", crate::files::cell("XFD1048576", "x"));
    let many: String =
        (3..60_003).map(|row| format!("<row r=\"{row}\"><c r=\"A{row}\" t=\"s\"><v>0</v></c></row>")).collect();
    for (name, sheet, code, said) in [
        ("corner.xlsx", corner, 0, "line 1048576"),
        ("laughs.xlsx", format!("{feed}{many}"), 1, "are read at most; split it"),
    ] {
        let path = folder.path().join(name);
        std::fs::write(&path, xlsx(&[("Sheet", &sheet)], &[&"ha".repeat(50_000)])).unwrap();
        // Two gigabytes of addresses, which the program without a workbook does not come near.
        let program = souk(data.path());
        let mut bounded = std::process::Command::new("/bin/sh");
        bounded.args(["-c", "ulimit -v 4000000; exec \"$0\" \"$@\""]).arg(program.get_program());
        bounded.args(["ingest", "--keep"]).arg(&path).env_clear().stdin(Stdio::null());
        for (name, value) in program.get_envs() {
            bounded.env(name, value.unwrap());
        }
        let done = bounded.output().unwrap();
        assert_eq!(done.status.code(), Some(code), "{name}: {}{}", out(&done), err(&done));
        assert!(format!("{}{}", out(&done), err(&done)).contains(said), "{name}: {}{}", out(&done), err(&done));
    }
}

fn page(title: &str, head: &str) -> String {
    format!(
        "<html><head><title>{title}</title>{head}</head><body><main><h1>{title}</h1><p>About {title}.</p></main></body></html>"
    )
}

/// Runs a command that may ask this site.
async fn ask(data: &Path, site: &Site, arguments: &[&str]) -> Output {
    let mut command = souk(data);
    let settings = data.join("settings.toml");
    std::fs::write(
        &settings,
        format!(
            "[fetch]
trusted_hosts = [\"{}\"]
",
            site.host
        ),
    )
    .unwrap();
    command.arg("--config").arg(settings).args(arguments).stdin(Stdio::null());
    tokio::task::spawn_blocking(move || command.output().unwrap()).await.unwrap()
}

#[tokio::test]
async fn a_site_goes_in_page_by_page_and_only_what_changed_is_read_again() {
    let data = tempfile::tempdir().unwrap();
    small_shop(data.path());
    let site = Site::start().await;
    let index = format!("<sitemapindex><sitemap><loc>{}</loc></sitemap></sitemapindex>", site.url("/pages.xml"));
    site.put("/robots.txt", format!("User-agent: *\nDisallow: /private\nSitemap: {}\n", site.url("/maps.xml")));
    site.put("/maps.xml", index);
    let all = ["/returns", "/sizes", "/private/x", "/inside", "/huge", "/hidden", "/login", "/gone", "/feed.csv"];
    site.map("/pages.xml", &all);
    site.put("/returns", page("Returns", "")).put("/sizes", page("Sizes", "")).put("/private/x", page("Private", ""));
    site.redirect("/inside", "https://169.254.169.254/latest/meta-data?key=secret");
    site.put("/huge", vec![b'x'; 20 * 1024 * 1024 + 1])
        .put("/hidden", page("Hidden", "<meta name=robots content=noindex>"));
    site.put("/login", "<html><form><input type=password>Log in").put("/feed.csv", page("Not found", ""));
    let url = site.url("");
    let read = async |more: &[&str]| {
        report(&ask(data.path(), &site, &[&["ingest", url.as_str(), "--site", "--json"], more].concat()).await)
    };
    let before = passages(data.path());
    let dry = read(&["--dry-run"]).await;
    assert_eq!((counts(&dry), passages(data.path()) == before), ([2, 0, 0, 0], true), "{dry}");
    let first = read(&[]).await;
    assert_eq!((counts(&first), left_out(&first)), ([2, 0, 0, 0], left_out(&dry)));
    insta::assert_snapshot!(left_out(&first).replace(&url, ""), @r#"
    /private/x [page] is closed to robots by the site's robots.txt; open it to "souk"
    /inside [] does not lie in the public internet; name its host in fetch.trusted_hosts if it is your own server
    /huge [] is longer than 20 MB (unpacked); give a smaller file
    /hidden [page] asks not to be taken in (noindex)
    /login [] is a page that asks for a password; save the page itself, after logging in
    /gone [page] nothing is there (404); check the address
    /feed.csv [] is a web page and not what its name says: its server may ask to sign in first; download the file itself, or use an address that opens without signing in
    "#);
    // One page is new, one is as it was, one is gone from the map.
    site.map("/pages.xml", &["/returns", "/care"]).put("/care", page("Care", ""));
    site.asked();
    for (arguments, wanted) in [(&["--dry-run"][..], [1, 0, 1, 1]), (&[], [1, 0, 1, 1]), (&[], [0, 0, 0, 2])] {
        assert_eq!(counts(&read(arguments).await), wanted, "{arguments:?}");
    }
    let asked = site.asked();
    let of =
        |path: &str| asked.iter().filter(|(asked, _)| asked == path).map(|(_, status)| *status).collect::<Vec<_>>();
    assert_eq!((of("/returns"), of("/care")), (vec![304, 304, 304], vec![200, 200, 304]));
    let told = passages(data.path()).join("\n");
    assert!(
        told.contains("About Care.") && !told.contains("About Sizes.") && told.contains("About Returns."),
        "{told}"
    );
    // A file by its address: what a server shows instead of it is neither a feed nor a text.
    for (path, said) in [
        ("/feed.csv", "is a web page and not what its name says"),
        ("/login", "is a page that asks for a password"),
        ("/inside", "does not lie in the public internet"),
        ("/gone", "nothing is there (404)"),
    ] {
        let done = ask(data.path(), &site, &["ingest", &site.url(path)]).await;
        assert_eq!(done.status.code(), Some(1), "{path}");
        assert!(err(&done).contains(said) && !err(&done).contains("secret"), "{path}: {}", err(&done));
    }
}
