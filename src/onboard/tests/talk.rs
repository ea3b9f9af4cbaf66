//! Whole turns with the keyless planner over the demo shop.

use super::House;

/// Reads a chat from a file named by `SOUK_TALK`, one line a turn, and prints it: for the ear, not for a verdict.
#[tokio::test]
#[ignore = "prints a chat for somebody to read"]
async fn a_chat_to_read() {
    let Ok(file) = std::env::var("SOUK_TALK") else { return };
    let house = House::open().await;
    let mut talk = house.talk("con_stranger").await;
    for line in std::fs::read_to_string(file).unwrap().lines().filter(|line| !line.is_empty()) {
        if line == "---" {
            talk = house.talk(&format!("con_{}", house.app.new_id::<crate::domain::id::TurnId>())).await;
            println!("\n=========");
            continue;
        }
        println!("\n> {line}\n{}", talk.heard(line).await);
    }
}
