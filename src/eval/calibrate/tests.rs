//! Grading and thresholds with records that are made up.

use super::labels::{Label, Wanted};
use super::seen::{Half, How, Seen};
use super::{labels, plot, report, threshold};
use crate::agent::Outcome;
use crate::agent::decide::{Decision, Did};
use crate::domain::conversation::Memory;
use crate::domain::message::{Reply, Source};
use crate::domain::risk::{Band, Calibration, Class, Signs};

fn outcome(did: Did, text: &str, heading: Option<&str>) -> Outcome {
    let sources = heading.map(|heading| Source { title: "Help".into(), heading: heading.into() });
    let decision = Decision { did, class: Class::Shop, signs: Signs::default(), risk: 0.1, band: Band::Answer };
    Outcome {
        reply: Reply { text: text.into(), sources: sources.into_iter().collect(), ..Reply::default() },
        hand_off: None,
        memory: Memory::default(),
        problems: Vec::new(),
        decision: Some(decision),
    }
}

fn graded(wanted: &Wanted, outcome: &Outcome, category: Option<&str>) -> (How, bool) {
    let label = Label { asked: "?".into(), wanted: wanted.clone(), half: Half::Fit };
    let seen = Seen::grade(&label, outcome, category);
    (seen.how, seen.wrong)
}

#[test]
fn only_an_answer_can_be_wrong() {
    let section = Wanted::Section(vec!["Returns".into(), "Refunds".into()]);
    let from = |heading| outcome(Did::Answer, "Within 30 days.", Some(heading));
    assert_eq!(graded(&section, &from("Refunds"), None), (How::Answered, false));
    assert_eq!(graded(&section, &from("Delivery"), None), (How::Answered, true));
    assert_eq!(graded(&Wanted::Nothing, &from("Returns"), None), (How::Answered, true));
    let goods = Wanted::Goods(vec!["Tents".into()]);
    let shown = outcome(Did::Answer, "These fit; we don't have red ones.", None);
    assert_eq!(graded(&goods, &shown, None), (How::Answered, true), "shows nothing");
    let shown = outcome(Did::AnswerAndOffer, "These fit. We don't have red ones.", None);
    assert_eq!(graded(&goods, &shown, Some("Tents")), (How::Answered, false));
    assert_eq!(graded(&goods, &shown, Some("Stoves")), (How::Answered, true));
    assert_eq!(graded(&Wanted::Goods(Vec::new()), &shown, Some("Stoves")), (How::Answered, false));
    assert_eq!(graded(&section, &shown, Some("Tents")), (How::Answered, true), "goods answer no question");
    for (did, text, how) in [
        (Did::Answer, "We don’t carry that. The nearest is a stove.", How::SaidNo),
        (Did::Answer, "Eso no lo tenemos.", How::SaidNo),
        (Did::Answer, "Isso nós não temos.", How::SaidNo),
        (Did::AskBack, "Which size?", How::AskedBack),
        (Did::Refuse, "That is not my business.", How::Refused),
        (Did::HandOff, "", How::HandedOff),
    ] {
        assert_eq!(graded(&Wanted::Nothing, &outcome(did, text, None), None), (how, false));
    }
    let reflex = Outcome { decision: None, ..outcome(Did::Answer, "Hello!", None) };
    assert_eq!(graded(&section, &reflex, None), (How::Reflex, false));
}

#[test]
fn a_threshold_claims_only_what_is_proven() {
    let scored = |answers: usize, wrong_from: usize| -> Vec<(f64, bool)> {
        (0..answers).map(|n| (n as f64 / answers as f64, n >= wrong_from)).collect()
    };
    let goods = threshold::threshold(Class::Goods, &scored(400, 390)).expect("answers");
    assert!(goods.proven && goods.bound <= 0.02, "{goods:?}");
    assert!(goods.limits.answer < 0.99 && goods.limits.answer > 0.97, "{goods:?}");
    assert_eq!(goods.limits.offer, 1.0, "ten of 400 are within four times the target");
    // The same answers prove nothing for rules.
    let few = threshold::threshold(Class::Shop, &scored(60, 55)).expect("answers");
    assert!(!few.proven && few.sent == 55 && few.bound > 0.05, "{few:?}");
    assert!(few.limits.offer >= few.limits.answer);
    assert_eq!(few.says(), "60 answers prove at best 5.3 %; 598 are needed for 0.5 %");
    assert!(threshold::threshold(Class::Cart, &[]).is_none());
    // Three answers, all wrong, tell nothing about where to draw a line.
    let none = threshold::threshold(Class::Orders, &[(0.1, true); 3]).expect("answers");
    assert!(!none.proven && none.limits == Calibration::FALLBACK, "{none:?}");
    assert_eq!((threshold::needed(0.02), threshold::needed(0.005)), (149, 598));
}

fn made_up(number: usize, unmatched: f64, wrong: bool) -> Seen {
    Seen {
        asked: format!("message <{number}>"),
        half: if number.is_multiple_of(2) { Half::Fit } else { Half::HeldOut },
        answerable: !wrong,
        how: How::Answered,
        wrong,
        class: Class::Goods,
        signs: Signs { unmatched, ..Signs::default() },
        from: String::new(),
    }
}

#[test]
fn a_telling_sign_holds_wrong_answers_back_on_the_other_half() {
    let mut seen: Vec<Seen> = (0..400).map(|n| made_up(n, 0.0, false)).collect();
    seen.extend((400..480).map(|n| made_up(n, 1.0, n % 8 < 6)));
    let report = report("somebody & co", seen);
    let (open, fitted) = (&report.held_out.open, &report.held_out.fitted);
    assert_eq!((open.drafted, open.wrong, open.missed), (240, 30, 30));
    assert_eq!((fitted.sent, fitted.wrong, fitted.needless, fitted.missed), (200, 0, 10, 0));
    assert!((fitted.coverage - 200.0 / 240.0).abs() < 1e-9 && fitted.accuracy == 1.0);
    assert!(fitted.beats(open), "{fitted:?}");
    assert!(report.thresholds.iter().all(|t| t.proven && t.class == Class::Goods));
    // Few answers: the weight is held back, so the prediction stays below what is seen.
    let certain = report.bins.iter().find(|bin| bin.predicted > 0.5).expect("a bad bin");
    assert!((certain.seen - 0.75).abs() < 1e-9 && (certain.predicted - 0.75).abs() < 0.2, "{certain:?}");
    let read = Calibration::read(&serde_json::to_string(&report.calibration).expect("plain")).expect("our own");
    let bad = Signs { unmatched: 1.0, ..Signs::default() };
    assert_eq!(read.band(Class::Goods, read.risk(&bad)), Band::HandOff);
    assert_eq!(read.band(Class::Goods, read.risk(&Signs::default())), Band::Answer);
    let picture = plot::svg(&report);
    assert!(picture.contains("somebody &amp; co") && picture.ends_with("</svg>\n"));
    assert!(!picture.contains("NaN") && !picture.contains("inf"), "{picture}");
}

#[test]
fn labels_are_read_and_stay_in_their_half() {
    let folder = tempfile::tempdir().expect("a folder");
    let write = |name: &str, text: &str| std::fs::write(folder.path().join(name), text).expect("room");
    write(labels::QUESTIONS, "how long to return\tReturns|Refunds\nwho are you\t-\n\n");
    write(labels::WISHES, "a tent\tTents\nanything\t*\n");
    let read = labels::load(folder.path()).expect("labels");
    let wanted: Vec<&Wanted> = read.iter().map(|label| &label.wanted).collect();
    let section = Wanted::Section(vec!["Returns".into(), "Refunds".into()]);
    let (tents, any) = (Wanted::Goods(vec!["Tents".into()]), Wanted::Goods(Vec::new()));
    assert_eq!(wanted, [&section, &Wanted::Nothing, &tents, &any]);
    write(labels::QUESTIONS, "a tent\t-\n");
    let again = labels::load(folder.path()).expect("labels");
    let half = |labels: &[Label]| labels.iter().find(|l| l.wanted == tents).map(|l| l.half);
    assert_eq!(half(&read), half(&again));
    write(labels::WISHES, "no tab\n");
    let problem = labels::load(folder.path()).expect_err("a line without a tab");
    assert!(problem.to_string().contains("line 1"), "{problem}");
}
