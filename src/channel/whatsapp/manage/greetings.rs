//! What a shopper is offered before the first word: ice breakers and commands.

use crate::channel::whatsapp::client::Failure;
use crate::channel::whatsapp::limits::{is_blank, units};
use crate::channel::whatsapp::manage::Desk;
use crate::channel::whatsapp::manage::finding::word;
use serde::Serialize;
use serde_json::{Value, json};

/// Ice breakers.
pub const PROMPTS_MAX: usize = 4;
/// Units of one of them.
pub const PROMPT_MAX: usize = 80;
/// Commands.
pub const COMMANDS_MAX: usize = 30;
/// Units of a command's name.
pub const COMMAND_MAX: usize = 32;
/// Units of what is said of it.
pub const HINT_MAX: usize = 256;

/// What is offered.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Greetings {
    /// Ice breakers: a tapped one comes as if it had been written.
    pub prompts: Vec<String>,
    /// Commands and what they do.
    pub commands: Vec<(String, String)>,
}

impl Greetings {
    /// Out of the number's field.
    pub fn read(automation: &Value) -> Self {
        let each = |key: &str| automation.get(key).and_then(Value::as_array).cloned().unwrap_or_default();
        Self {
            prompts: each("prompts").iter().filter_map(Value::as_str).take(PROMPTS_MAX).map(str::to_owned).collect(),
            commands: each("commands")
                .iter()
                .take(COMMANDS_MAX)
                .map(|command| (word(command, "command_name"), word(command, "command_description")))
                .collect(),
        }
    }

    /// Everything that Meta would refuse.
    pub fn check(&self) -> Result<(), Vec<String>> {
        let mut flaws = Vec::new();
        if self.prompts.len() > PROMPTS_MAX {
            flaws.push(format!("there are {} ice breakers, and {PROMPTS_MAX} are the limit", self.prompts.len()));
        }
        for prompt in &self.prompts {
            if is_blank(prompt) || units(prompt) > PROMPT_MAX {
                flaws.push(format!("an ice breaker has 1 to {PROMPT_MAX} characters: {prompt}"));
            }
            if prompt.chars().any(is_emoji) {
                flaws.push(format!("an ice breaker has no emoji: {prompt}"));
            }
        }
        if self.commands.len() > COMMANDS_MAX {
            flaws.push(format!("there are {} commands, and {COMMANDS_MAX} are the limit", self.commands.len()));
        }
        for (name, hint) in &self.commands {
            if is_blank(name) || units(name) > COMMAND_MAX || name.chars().any(|c| c.is_whitespace() || c == '/') {
                flaws.push(format!(
                    "a command is one word of at most {COMMAND_MAX} characters, without a slash: {name}"
                ));
            }
            if is_blank(hint) || units(hint) > HINT_MAX {
                flaws.push(format!("what a command does has 1 to {HINT_MAX} characters: {name}"));
            }
        }
        if flaws.is_empty() { Ok(()) } else { Err(flaws) }
    }

    /// As it is sent.
    pub fn to_wire(&self) -> Value {
        let commands: Vec<Value> = self
            .commands
            .iter()
            .map(|(name, hint)| json!({"command_name": name, "command_description": hint}))
            .collect();
        json!({"prompts": self.prompts, "commands": commands})
    }
}

fn is_emoji(c: char) -> bool {
    matches!(u32::from(c), 0x2190..=0x2bff | 0x3030 | 0x303d | 0xfe0f | 0x200d | 0x20e3 | 0x1f000..)
}

impl Desk<'_> {
    /// What is offered now.
    pub async fn greetings(&self) -> Result<Greetings, Failure> {
        let asked = [("fields", "conversational_automation")];
        let answer = self.client.get(&self.account.phone_number_id, &asked).await?;
        Ok(Greetings::read(answer.get("conversational_automation").unwrap_or(&Value::Null)))
    }

    /// Offers these from now on.
    pub async fn set_greetings(&self, greetings: &Greetings) -> Result<(), Failure> {
        let path = format!("{}/conversational_automation", self.account.phone_number_id);
        self.client.post(&path, &greetings.to_wire()).await.map(|_| ())
    }
}
