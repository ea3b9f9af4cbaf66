//! The real program dies while a feed is taken in, as by `kill -9`: the shop sells what it sold, or all that is new.

use crate::cli::run::{err, out, pipe, run, small_shop, souk};
use serde_json::Value;
use std::path::Path;
use std::process::Stdio;

const FEED: &str = "handle,title,sku,price,stock\nrope,Rope,ROPE,12.00,5\ncup,Cup,CUP,8.00,5\n";

fn titles(data: &Path) -> Vec<String> {
    let exported = run(data, &["export", "--what", "products"]);
    let rows = out(&exported);
    let rows = rows.lines().map(|line| serde_json::from_str::<Value>(line).unwrap());
    let products = rows.filter(|row| row["kind"] == "product");
    let mut titles: Vec<String> = products.map(|row| row["title"].as_str().unwrap_or_default().to_owned()).collect();
    titles.sort();
    titles
}

#[test]
fn a_feed_survives_a_kill_at_every_step() {
    for (place, switched) in [
        ("catalog_staged", false),
        ("catalog_before_switch", false),
        ("catalog_in_switch", false),
        ("catalog_switched", true),
    ] {
        let data = tempfile::tempdir().unwrap();
        let folder = small_shop(data.path());
        let before = titles(data.path());
        let feed = folder.path().join("next.csv");
        std::fs::write(&feed, FEED).unwrap();
        let arguments = ["ingest", feed.to_str().unwrap(), "--retire"];
        let died =
            souk(data.path()).args(arguments).env("SOUK_FAILPOINT", place).stdin(Stdio::null()).output().unwrap();
        assert!(!died.status.success(), "{place} was never reached");
        assert_eq!(titles(data.path()), if switched { vec!["Cup".into(), "Rope".into()] } else { before }, "{place}");
        let again = run(data.path(), &arguments);
        assert!(again.status.success(), "{place}: {}", err(&again));
        assert_eq!(titles(data.path()), ["Cup", "Rope"], "{place}");
    }
}

#[test]
fn a_merchant_reads_what_happened_and_takes_it_back() {
    let data = tempfile::tempdir().unwrap();
    let _folder = small_shop(data.path());
    let before = titles(data.path());
    let done = pipe(data.path(), &["ingest", "-", "--retire"], FEED);
    assert!(out(&done).contains("Rope, Cup"), "{}", out(&done));
    let history = run(data.path(), &["catalog", "history", "--json"]);
    let rows: Vec<Value> = out(&history).lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!((rows.len(), &rows[0]["undoable"], &rows[0]["report"]["added"]), (3, &true.into(), &2.into()));
    let id = rows[0]["run"].as_str().unwrap();
    let shown = run(data.path(), &["catalog", "show", &id[id.len() - 8..]]);
    assert!(out(&shown).contains("added      2"), "{}{}", out(&shown), err(&shown));
    let undone = run(data.path(), &["catalog", "undo"]);
    assert!(out(&undone).contains("is what it was before that run"), "{}{}", out(&undone), err(&undone));
    assert_eq!(titles(data.path()), before);
    let again = run(data.path(), &["catalog", "undo"]);
    assert_eq!(again.status.code(), Some(1));
    assert!(err(&again).contains("the last run undid"), "{}", err(&again));
    let added = run(data.path(), &["source", "add", "https://shop.example/products.csv", "--every", "6h"]);
    assert!(added.status.success(), "{}", err(&added));
    let listed = run(data.path(), &["source", "list", "--json"]);
    let listed: Value = serde_json::from_str(&out(&listed)).unwrap();
    assert_eq!((&listed["every_minutes"], &listed["failures"]), (&360.into(), &0.into()));
    assert_eq!(run(data.path(), &["source", "add", "ftp://x"]).status.code(), Some(1));
    assert_eq!(run(data.path(), &["source", "add", "https://x", "--every", "soon"]).status.code(), Some(2));
    assert!(run(data.path(), &["source", "remove", "https://shop.example/products.csv"]).status.success());
}

#[test]
fn a_shops_folder_is_read_with_its_export_whatever_that_is_called() {
    let data = tempfile::tempdir().unwrap();
    let folder = tempfile::tempdir().unwrap();
    let write = |name: &str, text: &str| std::fs::write(folder.path().join(name), text).unwrap();
    let path = folder.path().to_str().unwrap();
    write("shop.toml", "id = \"poco\"\nname = \"Poco\"\ncurrency = \"USD\"\nlocale = \"es\"\n");
    write("products_export_1.csv", "Handle,Title,Variant SKU,Variant Price\nmug,Mug,M-1,9.50\n");
    write("faq.csv", "Question,Answer\nDo you wrap?,We do.\n");
    let google = "id\ttitle\tprice\tlink\nlamp\tLamp\t20.00 USD\thttps://shop.example/lamp\n";
    write("google.txt", google);
    let two = run(data.path(), &["ingest", path]);
    assert!(!two.status.success());
    let said = err(&two);
    assert!(said.contains("google.txt: is a product feed, and so is products_export_1.csv; keep one"), "{said}");
    std::fs::remove_file(folder.path().join("google.txt")).unwrap();
    let done = out(&run(data.path(), &["ingest", path]));
    assert!(done.contains("Mug") && done.contains("rejected   0"), "{done}");
    let exported = out(&run(data.path(), &["export"]));
    assert!(exported.contains("\"Mug\"") && exported.contains("We do."), "{exported}");
    assert!(exported.contains("Hola"), "a shop without a greeting greets in its own language: {exported}");
    // Who points to a feed elsewhere names it as ours are named.
    let elsewhere = data.path().join("export.csv");
    std::fs::rename(folder.path().join("products_export_1.csv"), &elsewhere).unwrap();
    std::os::unix::fs::symlink(&elsewhere, folder.path().join("products.csv")).unwrap();
    let again = out(&run(data.path(), &["ingest", path]));
    assert!(again.contains("unchanged  1") && again.contains("rejected   0"), "{again}");
    write("google.txt", google);
    let lone = out(&run(data.path(), &["ingest", &format!("{path}/google.txt"), "--keep", "--json"]));
    let lone: serde_json::Value = serde_json::from_str(&lone).unwrap();
    assert_eq!(lone["products"]["added"], 1, "{lone}");
}
