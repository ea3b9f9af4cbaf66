//! To whom a message goes: a phone number if there is one, else an id that the network gave.

use crate::channel::whatsapp::NETWORK;
use crate::domain::id::ContactId;
use crate::store::{self, Tx};

/// The field of the request and what stands in it: `("to", "+5511988887777")` or `("recipient", "BR.8Qx1")`.
pub type Receiver = (&'static str, String);

/// Where a contact is reached, if anywhere.
pub async fn of(tx: &mut Tx, contact: &ContactId) -> Result<Option<Receiver>, store::Error> {
    Ok(receiver(&tx.aliases_of(contact, NETWORK).await?))
}

/// The receiver among a contact's ids: what the network calls them, the number as it is dialled, the business-scoped id,
/// the one that linked businesses share. A number always bears its `+`: without it the network puts the shop's own country
/// before it.
pub fn receiver(aliases: &[String]) -> Option<Receiver> {
    let of = |prefix: &str| aliases.iter().filter_map(|alias| alias.strip_prefix(prefix)).find(|id| !id.is_empty());
    let phone = [of("wa:"), of("tel:")].into_iter().flatten().find_map(|number| {
        let digits: String = number.chars().filter(char::is_ascii_digit).collect();
        (!digits.is_empty() && number.chars().all(|c| c.is_ascii_digit() || "+ -().".contains(c))).then_some(digits)
    });
    match phone {
        Some(digits) => Some(("to", format!("+{digits}"))),
        None => of("user:").or_else(|| of("parent:")).map(|id| ("recipient", id.to_owned())),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_is_written_with_its_plus_and_comes_before_ids() {
        let receiver = |aliases: &[&str]| {
            receiver(&aliases.iter().map(|alias| (*alias).to_owned()).collect::<Vec<_>>())
                .map(|(field, id)| format!("{field} {id}"))
        };
        assert_eq!(receiver(&["parent:BR.ENT.1", "user:BR.8Qx1", "wa:5511"]).as_deref(), Some("to +5511"));
        assert_eq!(receiver(&["tel:+55 (11) 9", "user:BR.8Qx1"]).as_deref(), Some("to +55119"));
        assert_eq!(receiver(&["parent:BR.ENT.1", "user:BR.8Qx1"]).as_deref(), Some("recipient BR.8Qx1"));
        assert_eq!(receiver(&["parent:BR.ENT.1"]).as_deref(), Some("recipient BR.ENT.1"));
        // Should the network put an id where a number belongs, it is not taken for one.
        assert_eq!(receiver(&["wa:BR.8Qx1", "user:BR.8Qx1"]).as_deref(), Some("recipient BR.8Qx1"));
        assert_eq!(receiver(&["wa:", "web:1"]), None);
    }
}
