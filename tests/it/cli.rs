//! The commands as people and scripts use them.

mod calibrate;
mod feed;
mod inputs;
mod purchase;
mod run;
mod stripe;
mod whatsapp;

use run::{Browser, Server, err, out, pipe, run, small_shop, souk};
use serde_json::Value;
use std::process::{Command, Stdio};
use std::time::Duration;

fn lines(text: &str) -> Vec<Value> {
    text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

#[test]
fn a_shop_one_can_pipe_into_and_take_home() {
    let data = tempfile::tempdir().unwrap();
    small_shop(data.path());
    let said = "hi\n\nrain tent\ntap:add:TENT\ntap:checkout:start\nConfirm order\n";
    let done = pipe(data.path(), &["chat", "--plain"], said);
    let text = out(&done);
    assert!(done.status.success(), "{}", err(&done));
    assert!(text.contains("• Rain Tent | €120.00 | "), "{text}");
    assert!(text.contains("1 × Rain Tent at €120.00 = €120.00"), "{text}");
    assert!(text.contains("[Confirm order]"), "{text}");
    assert!(!text.contains('\u{1b}'), "{text}");
    // The link carries the port that was really taken.
    let link = text.lines().find(|l| l.contains("/pay/")).unwrap_or_else(|| panic!("no link in {text}"));
    let port = link.split("http://127.0.0.1:").nth(1).and_then(|rest| rest.split('/').next()).unwrap();
    assert!(port.parse::<u16>().unwrap() > 0, "{link}");

    let exported = run(data.path(), &["export"]);
    assert!(exported.status.success(), "{}", err(&exported));
    let rows = lines(&out(&exported));
    let of = |kind: &str| rows.iter().filter(|r| r["kind"] == kind).collect::<Vec<_>>();
    assert_eq!((of("shop").len(), of("product").len(), of("order").len()), (1, 3, 1));
    assert!(of("message").len() >= 10 && !of("passage").is_empty());
    assert!(of("order")[0].get("token").is_none());
    assert!(!out(&exported).contains("/pay/"), "payment pages are not exported");

    let file = data.path().join("shop.jsonl");
    let only = run(data.path(), &["export", "--what", "orders", "--out", file.to_str().unwrap()]);
    assert!(only.status.success(), "{}", err(&only));
    let kinds: Vec<Value> =
        lines(&std::fs::read_to_string(file).unwrap()).into_iter().map(|r| r["kind"].clone()).collect();
    assert_eq!(kinds, ["order", "contact"]);
    let nowhere = run(data.path(), &["export", "--out", "/nowhere/x.jsonl"]);
    assert_eq!(nowhere.status.code(), Some(1));
    assert!(err(&nowhere).contains("/nowhere/x.jsonl cannot be written"), "{}", err(&nowhere));
}

#[test]
fn a_feed_goes_in_as_far_as_it_can_be_read() {
    let data = tempfile::tempdir().unwrap();
    let folder = small_shop(data.path());
    let ingest = |arguments: &[&str], input: &str| pipe(data.path(), &[&["ingest"], arguments].concat(), input);
    let partly =
        "handle,title,sku,price,stock\ntent,Rain Tent,TENT,99.00,5\nmat,Mat,MAT,cheap,1\nrope,Rope,ROPE,12.00,\n";

    let dry: Value = serde_json::from_str(&out(&ingest(&["-", "--dry-run", "--json"], partly))).unwrap();
    assert_eq!((&dry["dry_run"], &dry["products"]["added"]), (&Value::Bool(true), &Value::from(1)));
    let done = ingest(&["-", "--keep"], partly);
    assert_eq!(done.status.code(), Some(0), "{}", err(&done));
    let text = out(&done);
    for line in ["added      1\n", "changed    1\n", "unchanged  0\n", "retired    0\n", "rejected   1\n"] {
        assert!(text.contains(line), "{line}: {text}");
    }
    assert!(text.contains("line 3 mat / MAT: price: \"cheap\" is not a price"), "{text}");
    let again: Value = serde_json::from_str(&out(&ingest(&["-", "--keep", "--json"], partly))).unwrap();
    assert_eq!((&again["products"]["unchanged"], &again["index"]["state"]), (&Value::from(2), &Value::from("done")));

    let broken = ingest(&["-"], "name;cost\nTent;12\n");
    assert_eq!(broken.status.code(), Some(1));
    assert!(err(&broken).contains("standard input: the feed cannot be read"), "{}", err(&broken));
    let lacking = ingest(&["-"], "handle,sku,price\ntent,TENT,12\n");
    assert_eq!(lacking.status.code(), Some(1));
    assert!(err(&lacking).contains("the header has no column \"title\""), "{}", err(&lacking));
    let none = ingest(&["-", "--keep"], "handle,title,sku,price\nx,X,X,free\n");
    assert_eq!(none.status.code(), Some(1));
    assert!(out(&none).contains("No product of this feed could be read"), "{}", out(&none));
    let packed = folder.path().join("products.csv.gz");
    std::fs::write(&packed, "x").unwrap();
    assert!(err(&ingest(&[packed.to_str().unwrap()], "")).contains("not a product feed"));
    let text = folder.path().join("returns.md");
    assert!(out(&ingest(&[text.to_str().unwrap()], "")).contains("1, cut into 1 passages"));
    assert_eq!(ingest(&[], "").status.code(), Some(2));
    assert!(err(&ingest(&["-", "--shop", "other"], partly)).contains("there is no shop other here"));
    assert!(out(&ingest(&["--reindex"], "")).contains("searchable"));
}

#[test]
fn the_doctor_says_what_is_wrong() {
    let data = tempfile::tempdir().unwrap();
    small_shop(data.path());
    let well = run(data.path(), &["doctor", "--json"]);
    let report: Value = serde_json::from_str(&out(&well)).unwrap();
    assert_eq!((well.status.code(), &report["ok"]), (Some(0), &Value::Bool(true)), "{report}");
    let bind = report["settings"].as_array().unwrap().iter().find(|s| s["key"] == "http.bind").unwrap();
    assert_eq!(bind["origin"], "environment variable SOUK_HTTP__BIND");

    let sick = souk(data.path())
        .arg("doctor")
        .env("SOUK_LLM__BASE_URL", "http://127.0.0.1:9/v1")
        .env("SOUK_LLM__API_KEY", "sk-very-secret")
        .env("SOUK_HTTP__PUBLIC_URL", "http://shop.example")
        .output()
        .unwrap();
    let text = out(&sick);
    assert_eq!(sick.status.code(), Some(1), "{text}");
    assert!(text.contains("FAIL  model") && text.contains("warn  address"), "{text}");
    assert!(text.contains("••••••") && !text.contains("very-secret"), "{text}");
}

#[test]
fn the_doctor_probes_endpoints_only() {
    let data = tempfile::tempdir().unwrap();
    let none = run(data.path(), &["doctor", "--probe"]);
    assert!(!none.status.success() && err(&none).contains("no model endpoint"), "{}", err(&none));
    let mut away = souk(data.path());
    away.args(["doctor", "--probe", "--json"]).env("SOUK_LLM__BASE_URL", "http://127.0.0.1:9/v1");
    let away = away.output().unwrap();
    let report: Value = serde_json::from_str(&out(&away)).unwrap();
    assert_eq!((away.status.code(), &report["ok"]), (Some(1), &Value::Bool(false)), "{report}");
    assert_eq!(report["endpoints"][0]["report"]["advice"], Value::Null);
}

#[test]
fn a_colleague_answers_beside_the_running_server() {
    let data = tempfile::tempdir().unwrap();
    small_shop(data.path());
    let server = Server::start(data.path());
    let browser = Browser::open(&server);
    browser.write(&server, "I want to talk to a person");
    browser.until(&server, |history| history.len() >= 2);
    let waiting = lines(&out(&run(data.path(), &["inbox", "--json"])));
    let id = waiting[0]["id"].as_str().unwrap();
    assert_eq!(waiting[0]["reason"], "asked_for_person");
    let ending = &id[id.len() - 8..];
    let done = run(data.path(), &["inbox", "reply", ending, "Good", "morning.", "--name", "Lena"]);
    assert!(done.status.success(), "{}", err(&done));
    let history = browser.until(&server, |history| history.iter().any(|(from, _)| from == "colleague"));
    assert_eq!(history.last().unwrap().1, "Good morning.");
    assert!(out(&run(data.path(), &["inbox", "show", id])).contains("Lena: Good morning."));
    assert!(run(data.path(), &["inbox", "return", id]).status.success());
    assert_eq!(out(&run(data.path(), &["inbox"])), "Nobody is waiting.\n");
    assert_eq!(run(data.path(), &["inbox", "show", "nobody"]).status.code(), Some(1));
}

#[test]
fn a_server_says_why_it_cannot_start_and_ends_when_told() {
    let data = tempfile::tempdir().unwrap();
    small_shop(data.path());
    let mut server = Server::start(data.path());
    let second = run(data.path(), &["serve"]);
    assert_eq!(second.status.code(), Some(1));
    assert!(err(&second).contains("another souk is running on the data folder"), "{}", err(&second));

    let other = tempfile::tempdir().unwrap();
    let taken = server.url.strip_prefix("http://").unwrap();
    let port = souk(other.path()).env("SOUK_HTTP__BIND", taken).stdin(Stdio::null()).output().unwrap();
    assert_eq!(port.status.code(), Some(1));
    assert!(err(&port).contains(&format!("cannot listen on {taken}")), "{}", err(&port));
    // A chat beside it takes a free port instead.
    small_shop(other.path());
    let mut chat = souk(other.path());
    chat.env("SOUK_HTTP__BIND", taken).args(["chat", "--plain"]).stdin(Stdio::null());
    assert!(chat.output().unwrap().status.success());

    let file = other.path().join("file");
    std::fs::write(&file, "x").unwrap();
    let folder = run(&file.join("data"), &["serve"]);
    assert!(err(&folder).contains("cannot be used; check that it is writable"), "{}", err(&folder));

    let told = Command::new("kill").args(["-TERM", &server.child.id().to_string()]).status().unwrap();
    assert!(told.success());
    assert_eq!(server.ended().code(), Some(0));
}

#[test]
fn a_killed_server_answers_once_after_it_is_started_again() {
    let data = tempfile::tempdir().unwrap();
    small_shop(data.path());
    let mut server = Server::start(data.path());
    let browser = Browser::open(&server);
    // Before the turn, about when it begins, and in or right after it.
    let moments = [0, 250, 270, 300];
    for (asked, moment) in (1..).zip(moments) {
        browser.write(&server, "return things?");
        std::thread::sleep(Duration::from_millis(moment));
        server.kill();
        server = Server::start(data.path());
        let history = browser.until(&server, |history| history.len() >= asked * 2);
        let answers = history.iter().filter(|(from, _)| from == "agent").count();
        assert_eq!(answers, asked, "{history:?}");
    }
    // Whatever was left over would have been done by the time a further question is answered.
    browser.write(&server, "rain tent");
    let history = browser.until(&server, |history| history.last().is_some_and(|(from, _)| from == "agent"));
    assert_eq!(history.len(), (moments.len() + 1) * 2, "{history:?}");
}
