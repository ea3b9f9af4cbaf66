//! The front of the prompt: byte for byte the same from turn to turn, in every codec and form of answer, so that
//! endpoints can cache it.

use crate::llm::AnswerForm;
use crate::llm::Call;
use crate::llm::Codec;
use crate::llm::Message;
use crate::llm::Request;
use crate::llm::Settings;
use crate::llm::ToolSpec;
use crate::llm::openai::chat;
use crate::llm::openai::responses;
use proptest::prelude::Just;
use proptest::prelude::Strategy;
use proptest::prelude::prop_oneof;
use proptest::prelude::proptest;
use serde_json::json;

const CODECS: [Codec; 2] = [Codec::Chat, Codec::Responses];
const FORMS: [AnswerForm; 3] = [AnswerForm::Tools, AnswerForm::Action, AnswerForm::Text];

fn sent(codec: Codec, answers: AnswerForm, messages: Vec<Message>, may_call: bool) -> String {
    let tool = |name: &str| ToolSpec {
        name: name.to_owned(),
        description: "Finds products.".to_owned(),
        parameters: json!({"type": "object", "properties": {"query": {"type": "string"}}}),
    };
    let tools = vec![tool("catalog_search"), tool("reply")];
    let request = Request { system: "You sell tents.".to_owned(), messages, tools, may_call, only: Vec::new() };
    let settings = Settings { model: "m".to_owned(), codec, answers, strict: true, ..Settings::default() };
    match codec {
        Codec::Chat => chat::body(&settings, &request).to_string(),
        Codec::Responses => responses::body(&settings, &request).to_string(),
    }
}

fn shopper(text: &str) -> Message {
    Message::Shopper { text: text.to_owned() }
}

fn state(cart: u32) -> Message {
    Message::State { state: json!({ "cart": cart }) }
}

fn calls() -> Message {
    let (id, tool) = ("call00000".to_owned(), "catalog_search".to_owned());
    Message::Calls { calls: vec![Call { id, tool, arguments: "{}".to_owned() }] }
}

#[test]
fn the_next_turn_begins_with_this_turn_up_to_the_situation() {
    for codec in CODECS {
        for form in FORMS {
            let first = sent(codec, form, vec![shopper("A red tent, please."), state(1)], true);
            let reply = Message::Agent { text: "Here it is.".to_owned() };
            let second = vec![shopper("A red tent, please."), reply, shopper("And a blue one?"), state(2)];
            let second = sent(codec, form, second, true);
            let (front, _) = first.split_once("\\n\\n<server_state>").unwrap();
            assert!(front.ends_with("A red tent, please."), "{front}");
            assert!(second.starts_with(front), "{codec:?} {form:?}\n{front}\n{second}");
        }
    }
}

#[test]
fn what_is_allowed_stands_behind_the_talk() {
    for codec in CODECS {
        for form in FORMS {
            let free = sent(codec, form, vec![shopper("A red tent, please."), state(1)], true);
            let last = sent(codec, form, vec![shopper("A red tent, please."), state(1)], false);
            let (front, _) = free.split_once("</server_state>").unwrap();
            assert!(last.starts_with(front), "{codec:?} {form:?}");
        }
    }
}

fn any_message() -> impl Strategy<Value = Message> {
    prop_oneof![
        ".{0,12}".prop_map(|text| Message::Shopper { text }),
        ".{0,12}".prop_map(|text| Message::Agent { text }),
        ".{0,12}".prop_map(|text| Message::Remark { text }),
        ".{0,12}".prop_map(|text| Message::State { state: json!({"note": text}) }),
        Just(calls()),
        ".{0,12}".prop_map(|content| Message::Result { call: "c".to_owned(), tool: "t".to_owned(), content }),
    ]
}

/// Everything up to the end of what was said; the last message may go on, so its closing marks are not part of it.
fn front(body: &str) -> &str {
    let ends = ["],\"tool_choice\"", "],\"response_format\"", "],\"text\"", "]}"];
    let front = ends.iter().find_map(|end| body.rsplit_once(end)).unwrap().0;
    let front = front.strip_suffix("\"}]}").or_else(|| front.strip_suffix("\"}")).unwrap_or(front);
    front.strip_suffix("\"}").unwrap_or(front)
}

proptest! {
    #[test]
    fn a_longer_talk_begins_with_the_bytes_of_the_shorter(
        talk in proptest::collection::vec(any_message(), 1..8),
        more in proptest::collection::vec(any_message(), 1..4),
        codec in 0..2_usize,
        form in 0..3_usize,
    ) {
        let mut longer = talk.clone();
        longer.extend(more);
        let (first, second) = (sent(CODECS[codec], FORMS[form], talk, true), sent(CODECS[codec], FORMS[form], longer, true));
        let front = front(&first);
        assert!(second.starts_with(front), "{front}\n{second}");
    }
}
