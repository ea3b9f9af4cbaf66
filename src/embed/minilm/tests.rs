//! What the shipped transformer must do.

use super::*;
use base64::Engine;
use sha2::Digest;
use std::fmt::Write;

fn sha256(bytes: &[u8]) -> String {
    sha2::Sha256::digest(bytes).iter().fold(String::new(), |mut hex, byte| {
        write!(hex, "{byte:02x}").expect("text takes any write");
        hex
    })
}

fn dot(a: &[f32], b: &[f32]) -> f32 {
    a.iter().zip(b).map(|(x, y)| x * y).sum()
}

fn texts(list: &[&str]) -> Vec<String> {
    list.iter().map(|text| (*text).to_owned()).collect()
}

#[test]
fn the_shipped_files_are_the_pinned_ones() {
    let model = sha256(model::WEIGHTS);
    assert_eq!(model, "666bb51a1931e6aa564256a134c56c507986ca4a73253647bbfd225e0810d950");
    assert!(model.starts_with(MODEL_HASH));
    assert_eq!(sha256(tokens::TOKENIZER), "5fd1c882abbd30517dced455a2c9768945ec726b96727927e4959348d9de550b");
}

#[derive(serde::Deserialize)]
struct Expected {
    text: String,
    ids: Vec<u32>,
    vector: String,
}

/// What the published tokenizer and the original model in fp32 say; made by `make_minilm.py --expect`.
#[tokio::test]
async fn tokens_are_those_of_the_reference_and_vectors_lie_at_those_of_the_original() {
    let tokens = Tokens::load().unwrap();
    let expected: Vec<Expected> =
        include_str!("tests/expected.jsonl").lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert!(expected.len() > 35 && expected.iter().any(|e| e.ids.len() == tokens::TOKENS_MAX));
    let list: Vec<String> = expected.iter().map(|e| e.text.clone()).collect();
    let vectors = MiniLm::new().embed(&list).await.unwrap();
    let mut cosines = Vec::new();
    for (expected, vector) in expected.iter().zip(&vectors) {
        let ids = tokens.ids(&expected.text).unwrap();
        if ids.is_empty() {
            assert!(expected.ids[1..expected.ids.len() - 1].iter().all(|id| *id == 100), "{}", expected.text);
            continue;
        }
        assert_eq!(ids, expected.ids, "{}", expected.text);
        let bytes = base64::engine::general_purpose::STANDARD.decode(&expected.vector).unwrap();
        let mut wanted: Vec<f32> = bytes.into_iter().map(|byte| f32::from(byte as i8)).collect();
        crate::embed::normalise(&mut wanted);
        let cosine = dot(vector, &wanted);
        assert!(cosine > 0.98, "{cosine} for {}", expected.text);
        cosines.push(cosine);
    }
    let mean = cosines.iter().sum::<f32>() / cosines.len() as f32;
    // 0.999 where products are added in 32 bits, 0.995 on processors that add pairs of them in 16.
    assert!(mean > 0.993, "{mean}");
}

#[tokio::test]
async fn what_means_the_same_lies_near() {
    let list = texts(&["something to keep me dry on a hike", "waterproof trekking jacket", "laser printer toner"]);
    let vectors = MiniLm::new().embed(&list).await.unwrap();
    assert!(vectors.iter().all(|vector| vector.len() == DIMS));
    let near = dot(&vectors[0], &vectors[1]);
    let far = dot(&vectors[0], &vectors[2]);
    assert!(near > far + 0.25, "near {near}, far {far}");
}

#[tokio::test]
async fn a_text_without_known_tokens_is_all_zero() {
    let vectors = MiniLm::new().embed(&texts(&["", "   ", "\u{200b}", "🪿", "tent"])).await.unwrap();
    assert!(vectors[..4].iter().flatten().all(|x| *x == 0.0));
    assert!((dot(&vectors[4], &vectors[4]) - 1.0).abs() < 1e-4);
    assert!(MiniLm::new().embed_query("").await.unwrap().iter().all(|x| *x == 0.0));
}

/// Whatever else is in a batch, and however it is sliced, moves no vector.
#[tokio::test]
async fn a_vector_depends_on_its_text_alone() {
    let list: Vec<String> =
        (0..90).map(|n| format!("tent for {n} people, {}", "two doors and a porch, ".repeat(n % 7))).collect();
    let together = MiniLm::new().embed(&list).await.unwrap();
    for at in [0, 41, 89] {
        let alone = MiniLm::new().embed(&list[at..=at]).await.unwrap();
        let asked = MiniLm::new().embed_query(&list[at]).await.unwrap();
        let apart = |other: &[f32]| together[at].iter().zip(other).map(|(a, b)| (a - b).abs()).fold(0.0, f32::max);
        assert!(apart(&alone[0]) < 1e-6, "text {at}: {}", apart(&alone[0]));
        assert_eq!(alone[0], asked, "text {at} as a question");
    }
}

#[tokio::test]
async fn hostile_lengths_are_cut() {
    let list = vec!["x".repeat(2_000_000), "tent ".repeat(400_000), " ".repeat(2_000_000), "😀".repeat(10_000)];
    let vectors = MiniLm::new().embed(&list).await.unwrap();
    let cut = MiniLm::new().embed_query(&"tent ".repeat(400)).await.unwrap();
    assert_eq!(vectors[1], cut);
    assert!(vectors[2].iter().all(|x| *x == 0.0));
}
