//! Days and moments as feeds write them.

use jiff::civil::{Date, DateTime};
use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan};

/// Bytes of a date at most.
const DATE_BYTES_MAX: usize = 40;

/// The moment a date names; one without a zone is read as UTC. A bare day counts whole, so that as an end it is the
/// beginning of the next day.
pub fn moment(raw: &str, end: bool) -> Option<Timestamp> {
    let text = raw.trim();
    if text.is_empty() || text.len() > DATE_BYTES_MAX {
        return None;
    }
    if let Some(date) = day(text) {
        let date = if end { date.checked_add(1.day()).ok()? } else { date };
        return Some(date.to_zoned(TimeZone::UTC).ok()?.timestamp());
    }
    let zoned = ["%Y-%m-%dT%H:%M:%S%z", "%Y-%m-%dT%H:%M%z", "%Y-%m-%d %H:%M:%S %z", "%Y-%m-%d %H:%M %z"];
    text.parse().ok().or_else(|| zoned.into_iter().find_map(|form| Timestamp::strptime(form, text).ok())).or_else(
        || {
            let naked = ["%Y-%m-%dT%H:%M:%S", "%Y-%m-%dT%H:%M", "%Y-%m-%d %H:%M:%S", "%Y-%m-%d %H:%M"];
            let moment = naked.into_iter().find_map(|form| DateTime::strptime(form, text).ok())?;
            Some(moment.to_zoned(TimeZone::UTC).ok()?.timestamp())
        },
    )
}

/// `07/06/2026` is two different days on the two sides of an ocean, and is not read.
fn day(text: &str) -> Option<Date> {
    ["%Y-%m-%d", "%Y/%m/%d", "%d.%m.%Y"].into_iter().find_map(|form| Date::strptime(form, text).ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_are_moments() {
        for (raw, end, meant) in [
            ("2026-11-25", false, "2026-11-25T00:00:00Z"),
            ("2026-11-25", true, "2026-11-26T00:00:00Z"),
            ("25.11.2026", true, "2026-11-26T00:00:00Z"),
            ("2026-11-25T13:00-0800", true, "2026-11-25T21:00:00Z"),
            ("2026-11-25T13:00:00+01:00", false, "2026-11-25T12:00:00Z"),
            ("2026-11-25T13:00Z", false, "2026-11-25T13:00:00Z"),
            ("2026-11-25 13:00:00", true, "2026-11-25T13:00:00Z"),
        ] {
            assert_eq!(moment(raw, end).map(|m| m.to_string()).as_deref(), Some(meant), "{raw}");
        }
        for bad in ["", "tomorrow", "07/06/2026", "2026-13-01", "9999-12-31", &"2".repeat(100)] {
            assert!(moment(bad, true).is_none(), "{bad}");
        }
    }
}
