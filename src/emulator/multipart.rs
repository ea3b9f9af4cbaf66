//! A form with files (`multipart/form-data`), small and bounded: one pass over bytes that are already in memory.

use bytes::Bytes;

/// Fields of a form.
const FIELDS_MAX: usize = 16;
/// Bytes of a field's headers.
const HEAD_MAX: usize = 4_096;

/// A field of a form.
#[derive(Clone, Debug, PartialEq)]
pub struct Field {
    /// Its name.
    pub name: String,
    /// Its own `Content-Type`.
    pub mime: Option<String>,
    /// What is in it.
    pub bytes: Bytes,
}

/// The fields of a body, or `None` when it is no such form.
pub fn fields(content_type: &str, body: &Bytes) -> Option<Vec<Field>> {
    let mark = boundary(content_type)?;
    let open = format!("--{mark}");
    let next = format!("\r\n--{mark}");
    let mut at = find(body, open.as_bytes(), 0)?.checked_add(open.len())?;
    let mut found = Vec::new();
    loop {
        if body.get(at..)?.starts_with(b"--") {
            return Some(found);
        }
        if !body.get(at..)?.starts_with(b"\r\n") || found.len() >= FIELDS_MAX {
            return None;
        }
        let head = at + 2;
        let head_end = find(body, b"\r\n\r\n", head).filter(|end| end - head <= HEAD_MAX)?;
        let end = find(body, next.as_bytes(), head_end + 2)?;
        let bytes = if end < head_end + 4 { Bytes::new() } else { body.slice(head_end + 4..end) };
        found.push(field(std::str::from_utf8(body.get(head..head_end)?).ok()?, bytes)?);
        at = end + next.len();
    }
}

fn boundary(content_type: &str) -> Option<&str> {
    let (kind, rest) = content_type.split_once(';')?;
    if !kind.trim().eq_ignore_ascii_case("multipart/form-data") {
        return None;
    }
    let mark = rest.split(';').find_map(|p| p.trim().strip_prefix("boundary="))?.trim_matches('"');
    (1..=70).contains(&mark.len()).then_some(mark)
}

fn field(head: &str, bytes: Bytes) -> Option<Field> {
    let header = |name: &str| {
        head.split("\r\n").filter_map(|l| l.split_once(':')).find(|(n, _)| n.trim().eq_ignore_ascii_case(name))
    };
    let (_, disposition) = header("content-disposition")?;
    let name = disposition.split(';').find_map(|p| p.trim().strip_prefix("name="))?.trim_matches('"').to_owned();
    let mime = header("content-type").map(|(_, value)| value.trim().to_owned());
    Some(Field { name, mime, bytes })
}

fn find(body: &[u8], what: &[u8], from: usize) -> Option<usize> {
    let rest = body.get(from..)?;
    rest.windows(what.len()).position(|w| w == what).map(|at| at + from)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_form_is_taken_apart() {
        let body = "--X\r\nContent-Disposition: form-data; name=\"type\"\r\n\r\nimage/png\r\n--X\r\n\
            content-disposition: form-data; name=\"file\"; filename=\"a.png\"\r\nContent-Type: image/png\r\n\r\n\
            \x01\r\n--Y\x02\r\n--X\r\nContent-Disposition: form-data; name=\"empty\"\r\n\r\n\r\n--X--\r\n";
        let found = fields("multipart/form-data; boundary=X", &Bytes::from(body)).unwrap();
        let names: Vec<&str> = found.iter().map(|f| f.name.as_str()).collect();
        assert_eq!(names, ["type", "file", "empty"]);
        assert_eq!(&found[1].bytes[..], b"\x01\r\n--Y\x02");
        assert_eq!(found[1].mime.as_deref(), Some("image/png"));
        assert!(found[2].bytes.is_empty());
    }

    #[test]
    fn what_is_no_form_is_refused_without_panic() {
        let good = "--X\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\nb\r\n--X--";
        for cut in 0..good.len() - 2 {
            assert_eq!(
                fields("multipart/form-data; boundary=X", &Bytes::from(good.get(..cut).unwrap().to_owned())),
                None,
                "{cut}"
            );
        }
        assert_eq!(fields("application/json", &Bytes::from(good)), None);
        assert_eq!(fields("multipart/form-data; boundary=", &Bytes::from(good)), None);
    }
}
