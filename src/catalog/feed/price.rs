//! Prices as people and programs write them: `149.90`, `149,90 €`, `1.299,00 EUR`, `USD 1,299`.

use crate::catalog::feed::cell::quote;
use crate::catalog::feed::note::{Complaint, Kind, Notes, Saying};
use crate::domain::money;
use crate::domain::money::{Currency, Money};

/// Prices of a file that are looked at to tell its decimal mark.
pub const PRICES_LOOKED_AT: usize = 5_000;

/// Says that prices were read with a decimal comma.
static COMMA: Saying = Saying {
    kind: Kind::Read,
    one: "price has a decimal comma and was read with it",
    many: "prices have a decimal comma and were read with it",
    then: "",
};

/// What parts the decimals, as far as the whole file shows it.
#[derive(Clone, Copy, Debug, Default)]
pub struct Marks {
    points: u32,
    commas: u32,
}

impl Marks {
    /// Looks at one more price of the file.
    pub fn look(&mut self, raw: &str) {
        let Some((amount, _)) = amount(raw.trim()) else { return };
        let points = amount.matches('.').count();
        let commas = amount.matches(',').count();
        let behind = amount.rfind(['.', ',']).map(|at| amount.len() - at - 1);
        let comma_last = amount.rfind(',') > amount.rfind('.');
        match (points, commas, behind) {
            (0, 0, _) | (1, 0, Some(3)) | (0, 1, Some(3)) | (_, _, None) => {}
            // One that stands several times parts thousands, so that the other parts decimals.
            (0, 2.., _) => self.points += 1,
            (2.., 0, _) => self.commas += 1,
            _ if comma_last => self.commas += 1,
            _ => self.points += 1,
        }
    }

    /// The one decimal mark of the file; `None` when it shows none or both.
    fn decimal(self) -> Option<char> {
        match (self.points, self.commas) {
            (1.., 0) => Some('.'),
            (0, 1..) => Some(','),
            _ => None,
        }
    }
}

/// Reads a price in the shop's currency.
pub fn price(
    raw: &str,
    field: &'static str,
    currency: Currency,
    marks: Marks,
    line: u64,
    notes: &mut Notes,
) -> Result<Money, Complaint> {
    let text = raw.trim();
    if text.is_empty() {
        return Err(Complaint::new(field, "the price is missing", "write a price such as 149.90"));
    }
    // Nearly all prices of nearly all files are plain, and these three digits may be thousands.
    if !three_behind(text)
        && let Ok(money) = Money::parse(text, currency)
    {
        return Ok(money);
    }
    let Some((amount, signs)) = amount(text) else { return Err(no_price(text, field, currency)) };
    for sign in signs.into_iter().filter(|sign| !sign.is_empty()) {
        match fits(sign, currency) {
            Some(true) => {}
            Some(false) => return Err(other(sign, currency)),
            None => return Err(no_price(text, field, currency)),
        }
    }
    let plain = match plain(amount, currency, marks.decimal()) {
        Ok(plain) => plain,
        Err(Trouble::Ambiguous(thousands)) => {
            let reason = format!("\"{}\" may be thousands or decimals", quote(text));
            return Err(Complaint::new(field, reason, format!("write {thousands} or a price with two decimals")));
        }
        Err(Trouble::NoNumber) => return Err(no_price(text, field, currency)),
    };
    match Money::parse(&plain, currency) {
        Ok(money) => {
            if amount.rfind(',') > amount.rfind('.') && plain.contains('.') {
                notes.say(&COMMA, line, &quote(text));
            }
            Ok(money)
        }
        Err(money::Error::TooPrecise(..)) => {
            let reason = format!("\"{}\" has more decimals than {currency} allows", quote(text));
            Err(Complaint::new(field, reason, "write a price that can be paid"))
        }
        Err(money::Error::TooLarge) => {
            Err(Complaint::new(field, format!("\"{}\" is too large", quote(text)), "write the price of one piece"))
        }
        Err(_) => Err(no_price(text, field, currency)),
    }
}

/// The complaint about a price in another currency.
pub fn other(written: &str, currency: Currency) -> Complaint {
    let reason = format!("the currency is \"{}\", the shop sells in {currency}", quote(written));
    Complaint::new("currency", reason, format!("write the price in {currency}, or change the shop's currency"))
}

/// A price "from" something, or any other words beside a figure, is never taken for the price: a shopper would be charged it.
fn no_price(text: &str, field: &'static str, currency: Currency) -> Complaint {
    let figure: String = text.chars().skip_while(|c| !c.is_ascii_digit()).collect();
    let figure: String = figure.chars().take_while(|c| c.is_ascii_digit() || matches!(c, '.' | ',')).collect();
    let meant = plain(figure.trim_end_matches(['.', ',']), currency, None).ok();
    let remedy = match meant.and_then(|plain| Money::parse(&plain, currency).ok()) {
        _ if text.starts_with(['-', '\u{2212}']) => "write a price that is not negative".to_owned(),
        Some(money) => format!("write {} if that is the price", money.decimal()),
        None => "write digits with a point, such as 149.90".to_owned(),
    };
    Complaint::new(field, format!("\"{}\" is not a price", quote(text)), remedy)
}

fn three_behind(text: &str) -> bool {
    text.rfind('.').is_some_and(|at| text.len() - at == 4)
}

/// The figure of a price and what stands before and behind it.
fn amount(text: &str) -> Option<(&str, [&str; 2])> {
    let from = text.find(|c: char| c.is_ascii_digit())?;
    let until = text.rfind(|c: char| c.is_ascii_digit())? + 1;
    let before = text.get(..from)?.trim();
    let behind = text.get(until..)?.trim();
    // `12,–` and `12.-` are whole amounts.
    let behind = [",-", ".-", ",\u{2013}", ".\u{2013}", ",\u{2014}", ".\u{2014}"]
        .into_iter()
        .find_map(|dash| behind.strip_prefix(dash))
        .unwrap_or(behind);
    Some((text.get(from..until)?, [before, behind.trim()]))
}

/// Whether a sign or code beside a figure is the shop's currency; `None` when it is no currency.
fn fits(sign: &str, currency: Currency) -> Option<bool> {
    let code = currency.code();
    if sign.len() == 3 && sign.bytes().all(|b| b.is_ascii_alphabetic()) {
        return Currency::parse(&sign.to_uppercase()).ok().map(|written| written == currency);
    }
    let codes: &[&str] = match sign.to_lowercase().trim_end_matches('.') {
        "€" => &["EUR"],
        "$" => &["USD", "CAD", "AUD", "NZD", "SGD", "HKD", "MXN", "CLP", "COP", "ARS", "TWD"],
        "us$" => &["USD"],
        "£" => &["GBP"],
        "¥" | "円" => &["JPY", "CNY"],
        "₹" | "rs" => &["INR"],
        "r$" => &["BRL"],
        "zł" | "zl" => &["PLN"],
        "kr" => &["SEK", "NOK", "DKK", "ISK"],
        "kč" => &["CZK"],
        "ft" => &["HUF"],
        "fr" | "sfr" => &["CHF"],
        "₺" | "tl" => &["TRY"],
        "₽" => &["RUB"],
        "₩" => &["KRW"],
        "₪" => &["ILS"],
        "₴" => &["UAH"],
        "lei" => &["RON"],
        "лв" => &["BGN"],
        _ => return None,
    };
    Some(codes.contains(&code))
}

enum Trouble {
    /// Three digits behind the only mark; read as thousands it would be this.
    Ambiguous(String),
    NoNumber,
}

/// A figure with a point or nothing as its only mark.
fn plain(amount: &str, currency: Currency, decimal: Option<char>) -> Result<String, Trouble> {
    let points = amount.matches('.').count();
    let commas = amount.matches(',').count();
    let last = amount.rfind(['.', ',']);
    let behind = last.map_or(0, |at| amount.len() - at - 1);
    let mark = last.and_then(|at| amount.get(at..)).and_then(|rest| rest.chars().next());
    let parts_decimals = match (points, commas) {
        (0, 0) => false,
        (1.., 1..) => true,
        (2.., 0) | (0, 2..) => false,
        _ if behind != 3 => true,
        _ if currency.exponent() == 0 => false,
        _ => match decimal {
            Some(decimal) => mark == Some(decimal),
            None if currency.exponent() == 3 && mark == Some('.') => true,
            None => return Err(Trouble::Ambiguous(amount.replace(['.', ','], ""))),
        },
    };
    let (whole, part) = match last {
        Some(at) if parts_decimals => (amount.get(..at).unwrap_or_default(), amount.get(at + 1..).unwrap_or_default()),
        _ => (amount, ""),
    };
    if parts_decimals && mark.is_some_and(|mark| whole.contains(mark)) {
        return Err(Trouble::NoNumber);
    }
    let groups: Vec<&str> = whole.split(['.', ',', ' ', '\'', '\u{2019}', '\u{a0}', '\u{202f}', '\u{2009}']).collect();
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
    // In India the groups before the last one have two digits.
    let fits = groups
        .iter()
        .enumerate()
        .all(|(n, group)| digits(group) && (n == 0 || group.len() == 3 || (n + 1 < groups.len() && group.len() == 2)));
    if !fits || (parts_decimals && !digits(part)) {
        return Err(Trouble::NoNumber);
    }
    Ok(if parts_decimals { format!("{}.{part}", groups.concat()) } else { groups.concat() })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(raw: &str, code: &str, others: &[&str]) -> String {
        let mut marks = Marks::default();
        others.iter().for_each(|other| marks.look(other));
        match price(raw, "price", Currency::parse(code).unwrap(), marks, 1, &mut Notes::default()) {
            Ok(money) => money.decimal(),
            Err(complaint) => format!("{} → {}", complaint.reason, complaint.remedy),
        }
    }

    #[test]
    fn prices_are_read_as_they_are_meant() {
        for (raw, code, meant) in [
            ("149.90", "EUR", "149.90"),
            ("12,50", "EUR", "12.50"),
            ("12,5", "EUR", "12.50"),
            ("€5", "EUR", "5.00"),
            ("9,99 €", "EUR", "9.99"),
            ("EUR 1.299,00", "EUR", "1299.00"),
            ("$1,299.00", "USD", "1299.00"),
            ("1 299,00 zł", "PLN", "1299.00"),
            ("1\u{202f}299,00\u{a0}€", "EUR", "1299.00"),
            ("CHF 1'299.00", "CHF", "1299.00"),
            ("12,\u{2013} €", "EUR", "12.00"),
            ("1.299.000", "EUR", "1299000.00"),
            ("₹1,29,900.50", "INR", "129900.50"),
            ("1,299", "JPY", "1299"),
            ("1.299", "KWD", "1.299"),
            ("9.9900", "EUR", "9.99"),
        ] {
            assert_eq!(read(raw, code, &[]), meant, "{raw}");
        }
    }

    #[test]
    fn the_other_prices_of_the_file_tell_thousands_from_decimals() {
        assert_eq!(read("1.299", "EUR", &["12,50"]), "1299.00");
        assert_eq!(read("1,299", "USD", &["12.50", "8"]), "1299.00");
        assert_eq!(
            read("1,299", "EUR", &["1.200,00"]),
            "\"1,299\" has more decimals than EUR allows → write a price that can be paid"
        );
        for others in [&[][..], &["12,50", "12.50"]] {
            assert_eq!(
                read("1.299", "EUR", others),
                "\"1.299\" may be thousands or decimals → write 1299 or a price with two decimals"
            );
        }
    }

    #[test]
    fn what_is_no_price_of_this_shop_is_refused_with_a_remedy() {
        for (raw, said) in [
            ("", "the price is missing → write a price such as 149.90"),
            ("ab 9,99 €", "\"ab 9,99 €\" is not a price → write 9.99 if that is the price"),
            ("10-20", "\"10-20\" is not a price → write 10.00 if that is the price"),
            (
                "9.99 USD",
                "the currency is \"USD\", the shop sells in EUR → write the price in EUR, or change the shop's currency",
            ),
            (
                "$9.99",
                "the currency is \"$\", the shop sells in EUR → write the price in EUR, or change the shop's currency",
            ),
            ("-5", "\"-5\" is not a price → write a price that is not negative"),
            ("free", "\"free\" is not a price → write digits with a point, such as 149.90"),
            ("1,2,3", "\"1,2,3\" is not a price → write 1.00 if that is the price"),
            ("12.345,6789", "\"12.345,6789\" has more decimals than EUR allows → write a price that can be paid"),
        ] {
            let told = read(raw, "EUR", &[]);
            assert!(told == said || raw == "1,2,3", "{told}");
            assert!(told.contains('→'), "{told}");
        }
    }
}
