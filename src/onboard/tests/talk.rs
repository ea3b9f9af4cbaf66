//! Whole turns with the keyless planner over the demo shop.

use super::House;

#[tokio::test]
async fn trial() {
    let house = House::open().await;
    let mut talk = house.talk("con_stranger").await;
    println!("{}", talk.heard("waterproof jacket under 150 in M").await);
}
