//! `souk agent calibrate` on a part of the labels, and what the next start makes of the file.

use super::run::{err, out, pipe, run, small_shop};
use serde_json::Value;
use std::path::Path;

/// Every so many rows are played.
const EVERY: usize = 7;

fn slice(to: &Path) -> usize {
    let from = Path::new(env!("CARGO_MANIFEST_DIR")).join("evals/labels");
    let copy = |name: &str| {
        let text = std::fs::read_to_string(from.join(name)).unwrap();
        let rows: Vec<&str> = text.lines().filter(|line| !line.is_empty()).step_by(EVERY).collect();
        std::fs::write(to.join(name), rows.join("\n")).unwrap();
        rows.len()
    };
    copy("questions.tsv") + copy("wishes.tsv")
}

#[test]
fn a_written_calibration_decides_what_the_next_start_sends() {
    let (data, labels) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    small_shop(data.path());
    let rows = slice(labels.path());
    assert!((35..60).contains(&rows), "{rows} rows");
    let (folder, picture) = (labels.path().to_str().unwrap(), labels.path().join("plot.svg"));
    let file = data.path().join("calibration.json");

    let arguments = ["agent", "calibrate", "--labels", folder, "--json", "--plot", picture.to_str().unwrap()];
    let done = run(data.path(), &arguments);
    assert!(done.status.success(), "{}", err(&done));
    let report: Value = serde_json::from_str(&out(&done)).unwrap();
    assert_eq!(report["seen"].as_array().unwrap().len(), rows);
    let both =
        [&report["fit"]["open"]["messages"], &report["held_out"]["open"]["messages"]].map(|n| n.as_u64().unwrap());
    assert!(both[0] > 5 && both[1] > 5 && both[0] + both[1] == rows as u64, "{both:?}");
    assert!(std::fs::read_to_string(&picture).unwrap().starts_with("<svg "));
    let written = std::fs::read_to_string(&file).unwrap();
    let mut made: Value = serde_json::from_str(&written).unwrap();
    assert_eq!(made, report["calibration"]);

    let made_from = made["made_from"].as_str().unwrap().to_owned();
    assert!(made_from.contains("labelled messages"), "{made_from}");
    let doctor = run(data.path(), &["doctor"]);
    assert!(out(&doctor).contains(&made_from), "{}", out(&doctor));
    let says = || out(&pipe(data.path(), &["chat", "--plain"], "rain tent\n"));
    let sent = says();
    assert!(sent.contains("Rain Tent | €120.00") && !sent.contains("I'm not sure"), "{sent}");

    // Nothing is that sure: the answer is held back, and the server asks in its own words.
    made["limits"]["goods"] = serde_json::json!({"answer": 0.0, "offer": 0.0});
    std::fs::write(&file, made.to_string()).unwrap();
    let held = says();
    assert!(held.contains("I'm not sure I have the right answer") && !held.contains("€120.00"), "{held}");

    std::fs::write(&file, "{}").unwrap();
    let broken = run(data.path(), &["chat", "--plain"]);
    assert!(err(&broken).contains("run souk agent calibrate again"), "{}", err(&broken));
    let empty = run(data.path(), &["agent", "calibrate", "--labels", data.path().to_str().unwrap()]);
    assert_eq!(empty.status.code(), Some(2));
    assert!(err(&empty).contains("questions.tsv cannot be read"), "{}", err(&empty));
}
