//! Questions with the section that answers them, and questions no section answers.

use super::{House, rows};
use crate::knowledge::look_up::{Fit, look_up};

#[tokio::test]
async fn questions_find_their_section_and_others_find_none() {
    for model in ["static", "minilm"] {
        questions_with(model).await;
    }
}

async fn questions_with(model: &str) {
    let house = House::open_with(model).await;
    let (mut known, mut first, mut third, mut answered, mut unknown, mut fooled) = (0, 0, 0, 0, 0, 0);
    for (question, right) in rows(include_str!("../../../evals/labels/questions.tsv")) {
        let found = look_up(&house.app, &house.shop, question, 4).await.unwrap();
        let place = found.iter().position(|(p, _)| right.contains(&p.heading.as_str()));
        let fit = found.first().map_or(Fit::Weak, |(_, fit)| *fit);
        if right == ["-"] {
            unknown += 1;
            fooled += usize::from(fit > Fit::Weak);
        } else {
            known += 1;
            first += usize::from(place == Some(0));
            third += usize::from(place.is_some_and(|at| at < 3));
            answered += usize::from(place == Some(0) && fit > Fit::Weak);
        }
        let wrong = if right == ["-"] { fit > Fit::Weak } else { place != Some(0) || fit == Fit::Weak };
        if wrong {
            let got = found.first().map_or("", |(p, _)| p.heading.as_str());
            println!("{model} {question:<50} {fit:?} place {place:?} got {got:?}");
        }
    }
    let share = |n: usize, of: usize| n as f32 / of as f32;
    let (hit1, hit3) = (share(first, known), share(third, known));
    let (right, false_rate) = (share(answered, known), share(fooled, unknown));
    println!(
        "{model} {known} + {unknown}: hit@1 {hit1:.2}, hit@3 {hit3:.2}, rightly answered {right:.2}, false {false_rate:.2}"
    );
    assert!(hit1 >= 0.88 && hit3 >= 0.94 && right >= 0.86, "questions find less than they did");
    assert!(false_rate <= 0.06, "questions nobody can answer are answered");
}
