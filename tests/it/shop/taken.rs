//! A colleague answers while the agent is still thinking.

use crate::world::TestShop;
use souk::app::App;
use souk::conversation::hand_off;
use souk::domain::id::ConversationId;
use souk::llm::keyless::Keyless;
use souk::llm::{Answer, ChatModel, Error, Request};
use std::sync::{Arc, OnceLock};

type Place = Arc<OnceLock<(Arc<App>, ConversationId)>>;

/// The planner, asked at the very moment in which a colleague writes.
struct Overtaken(Place);

#[async_trait::async_trait]
impl ChatModel for Overtaken {
    fn name(&self) -> String {
        "a slow planner (a fake)".to_owned()
    }

    fn is_language_model(&self) -> bool {
        false
    }

    async fn answer(&self, request: &Request) -> Result<Answer, Error> {
        if let Some((app, id)) = self.0.get() {
            hand_off::answer(app, &app.shop, id, "Jo", "I have one in my hand.").await.unwrap();
        }
        Keyless.answer(request).await
    }
}

#[tokio::test]
async fn a_colleague_who_answers_first_is_not_talked_over() {
    let place = Place::default();
    let shop = TestShop::demo_with(Overtaken(Arc::clone(&place)), |_| ()).await;
    shop.says("Maya", "hello").await;
    shop.hears("Maya").await;
    let id = shop.conversation("Maya").await.id;
    assert!(place.set((Arc::clone(&shop.app), id)).is_ok());
    shop.says("Maya", "do you have boot wax?").await;
    let heard = shop.hears("Maya").await;
    assert!(heard.contains("colleague: I have one in my hand."), "{heard}");
    assert!(!heard.contains("agent: "), "the agent spoke beside its colleague: {heard}");
    shop.over();
}
