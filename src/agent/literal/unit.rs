//! What a number counts: "14 days" and "14 Tage" are the same, "14 pieces" is something else.

/// A kind of unit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Class {
    /// Pieces.
    Pieces,
    /// What is left of something.
    Left,
    /// Minutes.
    Minutes,
    /// Hours.
    Hours,
    /// Days.
    Days,
    /// Weeks.
    Weeks,
    /// Months.
    Months,
    /// Years.
    Years,
    /// Weights.
    Weight,
    /// Lengths.
    Length,
    /// Volumes.
    Volume,
    /// Anything else that is measured.
    Measure,
}

use Class::{Days, Hours, Left, Length, Measure, Minutes, Months, Pieces, Volume, Weeks, Weight, Years};

/// Words by how they begin; a trailing `=` means the whole word.
const WORDS: [(Class, &str); 12] = [
    (
        Pieces,
        "piece item= items= unit= units= pieza unidad peça peca unidade stück= stuck= artikel= pièce piece article= articles= copies= pairs= pair=",
    ),
    (Left, "left= quedan= restan= restantes= übrig= remaining= restants="),
    (Minutes, "min= mins= minut"),
    (Hours, "h= hr= hrs= hour hora horas stunde heure"),
    (Days, "day= days= día dia= dias= tag= tage= tagen= tags= werktag arbeitstag jour= jours= giorn workday"),
    (Weeks, "week semana woche semaine settiman"),
    (Months, "month mes= meses= mês= monat mois= mesi="),
    (Years, "year año ano= anos= jahr an= ans= année anni="),
    (Weight, "g= kg= gram gramm kilo mg= lb= lbs= oz="),
    (Length, "mm= cm= m= km= meter metro mètre zoll inch inches= in= ft="),
    (Volume, "ml= cl= l= liter litre litro"),
    (Measure, "lumen lúmen lm= watt w= volt v= °c= °f= mah= wh= gb= tb= hz= mp= bar= psi="),
];
/// Words that may stand between a number and its unit.
const LOOK: usize = 2;

/// The unit a word names, also one glued to a number: `14-day`, `450lm`, `30-Tage-Frist`.
pub fn of(word: &str) -> Option<Class> {
    let lower = word.to_lowercase();
    let tail = lower.trim_start_matches(|c: char| !c.is_alphabetic() && c != '°');
    let first = tail.split('-').next().unwrap_or_default();
    let names = |row: &str| {
        row.split(' ').any(|known| match known.strip_suffix('=') {
            Some(whole) => whole == first,
            None => first.starts_with(known),
        })
    };
    (!first.is_empty()).then(|| WORDS.iter().find(|(_, row)| names(row)).map(|(class, _)| *class)).flatten()
}

/// The unit of the number in `words[n]`: its own ending, or one of the next words before another number or the end of a clause.
pub fn after(words: &[(usize, &str)], n: usize, text: &str) -> Option<Class> {
    let (start, word) = words.get(n)?;
    if let Some(class) = of(word).filter(|_| word.chars().any(char::is_numeric)) {
        return Some(class);
    }
    let mut end = start + word.len();
    for (at, next) in words.iter().skip(n + 1).take(LOOK) {
        let gap = text.get(end..*at).unwrap_or_default();
        if gap.contains(['.', ',', ';', ':', '!', '?', '\n']) || next.chars().any(char::is_numeric) {
            return None;
        }
        if let Some(class) = of(next) {
            return Some(class);
        }
        end = at + next.len();
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::agent::literal::words;

    #[test]
    fn units_are_seen_beside_and_in_numbers() {
        let unit = |text: &str| {
            let words = words(text);
            let n = words.iter().position(|(_, w)| w.chars().any(char::is_numeric)).unwrap();
            after(&words, n, text)
        };
        for (text, class) in [
            ("within 30 days", Some(Days)),
            ("innerhalb von 30 Werktagen", Some(Days)),
            ("a 14-day return", Some(Days)),
            ("3 left", Some(Left)),
            ("5 working days", Some(Days)),
            ("1,280 g", Some(Weight)),
            ("450lm", Some(Measure)),
            ("in size 42, days later", None),
            ("42", None),
        ] {
            assert_eq!(unit(text), class, "{text}");
        }
    }
}
