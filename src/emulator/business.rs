//! The business's side that is not the API: staff with the Business app, and what Meta decides about the account.

use crate::emulator::hook::Update;
use crate::emulator::look::Json;
use crate::emulator::shopper::Unable;
use crate::emulator::state::{Bubble, State};
use serde_json::{Value, json};

impl State {
    /// Staff write from the Business app (coexistence): a text, told as an echo. Answers the message's id.
    pub fn echo(&mut self, key: &str, number: &str, body: &str) -> Result<String, Unable> {
        let person = self.person(key).cloned().ok_or_else(|| Unable::Nobody(key.into()))?;
        let line = self.line(number).filter(|l| l.number.coexistence);
        let phone = line.map(|l| l.number.phone.clone());
        let phone = phone.ok_or_else(|| Unable::Cannot("the number is not shared with the Business app".into()))?;
        let (id, at) = (self.wamid(), self.now());
        let text = json!({"body": body});
        let mut echo = json!({"from": phone, "to_user_id": person.user_id, "id": id,
            "timestamp": at.as_second().to_string(), "type": "text", "text": text});
        if let Some(wa_id) = self.shown_wa_id(&person) {
            *echo.slot("to") = json!(wa_id);
        }
        self.add(Bubble {
            id: id.clone(),
            number: number.into(),
            person: key.into(),
            ours: true,
            at,
            kind: "text".into(),
            body: text,
            quotes: None,
            status: "delivered".into(),
            error: None,
            opaque: None,
            pricing: None,
            revoked: false,
        });
        let value =
            json!({"messaging_product": "whatsapp", "metadata": self.metadata(number), "message_echoes": [echo]});
        self.tell(Update { field: "smb_message_echoes".into(), number: Some(number.into()), value });
        Ok(id)
    }

    /// Tells a field with a value as they are: `account_update`, or one nobody has heard of.
    pub fn announce(&mut self, field: &str, value: Value) {
        self.tell(Update { field: field.into(), number: None, value });
    }

    /// Tells of a mishap of the whole number, in `errors[]`.
    pub fn announce_error(&mut self, number: &str, code: u32) {
        let error = crate::emulator::refusal::Refusal::new(code, "Told by the emulator.").in_webhook();
        self.tell_message(number, json!({"errors": [error]}));
    }

    /// Sets a number's quality and tells of it.
    pub fn rate_number(&mut self, number: &str, quality: &str, event: &str, limit: &str) -> Result<(), Unable> {
        let line = self.line_mut(number).ok_or_else(|| Unable::Nobody(number.into()))?;
        line.quality = quality.to_owned();
        let phone = line.number.phone.clone();
        let value = json!({"display_phone_number": phone, "event": event, "current_limit": limit});
        self.tell(Update { field: "phone_number_quality_update".into(), number: None, value });
        Ok(())
    }
}
