//! HTML as plain text: what a reader would see, block by block on lines of their own.

use html5gum::{DefaultEmitter, Token, Tokenizer};

/// Bytes of HTML that are read; what follows is left out.
pub const HTML_BYTES_MAX: usize = 8 * 1024 * 1024;
/// Bytes of text that are written.
const TEXT_BYTES_MAX: usize = 2 * 1024 * 1024;

/// The text of a page or of a piece of HTML: headings, paragraphs and list items as lines, entities decoded, everything
/// nobody reads dropped. One pass over the tokens, so that no depth of nesting matters.
pub fn text(html: &str) -> String {
    let mut page = Page::default();
    let emitter: DefaultEmitter = {
        let mut emitter = DefaultEmitter::default();
        // Scripts and styles are then one raw text up to their own end tag, as in a browser.
        emitter.naively_switch_states(true);
        emitter
    };
    for token in Tokenizer::new_with_emitter(start(html), emitter).flatten() {
        if page.text.len() >= TEXT_BYTES_MAX {
            break;
        }
        match token {
            Token::StartTag(tag) => page.open(&tag.name, tag.self_closing),
            Token::EndTag(tag) => page.close(&tag.name),
            Token::String(words) => page.write(&String::from_utf8_lossy(&words)),
            Token::Comment(_) | Token::Doctype(_) | Token::Error(_) => {}
        }
    }
    page.text
}

fn start(html: &str) -> &str {
    let end = (0..=HTML_BYTES_MAX.min(html.len())).rev().find(|at| html.is_char_boundary(*at)).unwrap_or_default();
    html.get(..end).unwrap_or_default()
}

/// The text so far, and what stands between it and the next word.
#[derive(Default)]
struct Page {
    text: String,
    gap: Gap,
    /// Inside an element whose content nobody sees, its name.
    hidden: Option<&'static [u8]>,
    /// A list item or a cell that has no words yet.
    mark: &'static str,
    /// Open `pre` elements, whose line breaks count.
    kept: u32,
}

#[derive(Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord)]
enum Gap {
    #[default]
    None,
    Space,
    Cell,
    Line,
    Block,
}

/// Elements whose content is not text for readers.
const HIDDEN: [&[u8]; 8] = [b"script", b"style", b"noscript", b"template", b"svg", b"iframe", b"object", b"head"];

impl Page {
    fn open(&mut self, name: &[u8], self_closing: bool) {
        if self.hidden.is_some() {
            // A page that never closes its head still has a body.
            if name == b"body" && self.hidden == Some(b"head") {
                self.hidden = None;
            }
            return;
        }
        if let Some(hidden) = HIDDEN.into_iter().find(|h| *h == name && !self_closing) {
            self.hidden = Some(hidden);
        }
        if name == b"pre" {
            self.kept = self.kept.saturating_add(1);
        }
        self.gap = self.gap.max(gap(name));
        if name == b"li" {
            self.mark = "- ";
        }
    }

    fn close(&mut self, name: &[u8]) {
        if let Some(hidden) = self.hidden {
            if hidden == name {
                self.hidden = None;
                self.gap = self.gap.max(Gap::Space);
            }
            return;
        }
        if name == b"pre" {
            self.kept = self.kept.saturating_sub(1);
        }
        self.gap = self.gap.max(gap(name));
        if name == b"li" {
            self.mark = "";
        }
    }

    fn write(&mut self, words: &str) {
        if self.hidden.is_some() {
            return;
        }
        for c in words.chars() {
            if self.text.len() >= TEXT_BYTES_MAX {
                return;
            }
            if c == '\n' && self.kept > 0 {
                self.gap = self.gap.max(Gap::Line);
            } else if c.is_whitespace() {
                self.gap = self.gap.max(Gap::Space);
            } else if !c.is_control() && !matches!(c, '\u{200b}' | '\u{feff}' | '\u{ad}') {
                self.bridge();
                self.text.push(c);
            }
        }
    }

    fn bridge(&mut self) {
        let gap = std::mem::take(&mut self.gap);
        if !self.text.is_empty() {
            self.text.push_str(match gap {
                Gap::None => "",
                Gap::Space => " ",
                Gap::Cell => " | ",
                Gap::Line => "\n",
                Gap::Block => "\n\n",
            });
        }
        self.text.push_str(std::mem::take(&mut self.mark));
    }
}

fn gap(name: &[u8]) -> Gap {
    match name {
        b"p" | b"h1" | b"h2" | b"h3" | b"h4" | b"h5" | b"h6" | b"ul" | b"ol" | b"dl" | b"table" | b"pre"
        | b"blockquote" | b"section" | b"article" | b"hr" => Gap::Block,
        b"br" | b"div" | b"li" | b"tr" | b"dt" | b"dd" | b"caption" | b"option" | b"header" | b"footer" | b"main"
        | b"nav" | b"aside" | b"figure" | b"figcaption" | b"address" | b"body" | b"title" | b"form" | b"legend"
        | b"details" | b"summary" => Gap::Line,
        b"td" | b"th" => Gap::Cell,
        _ => Gap::None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_reads_as_its_words() {
        let html = "<html><head><title>x</title><style>p{}</style></head><body class=\"a>b\"><h1>Rain&nbsp;jacket</h1>\
            <p>Dry &amp; <b>li</b>ght,<br>5&nbsp;&euro;<!-- no --></p><ul><li><p>one</p></li><li>two</li></ul>\
            <table><tr><th>Size</th><td>M</td></tr><tr><td>L</td></tr></table><script>if (a<b) alert('</p>')</script>end";
        assert_eq!(text(html), "Rain jacket\n\nDry & light,\n5 €\n\n- one\n\n- two\n\nSize | M\nL\n\nend");
    }

    #[test]
    fn plain_text_and_soup_survive() {
        assert_eq!(text("5 < 6 and <3cm & co"), "5 < 6 and <3cm & co");
        assert_eq!(text("</p></div><p>open <b>never <i>closed"), "open never closed");
        assert_eq!(text("<script>never closed <p>x"), "");
        assert_eq!(text("a<pre>b\nc</pre>d"), "a\n\nb\nc\n\nd");
    }

    #[test]
    fn depth_and_size_do_no_harm() {
        let deep = format!("{}word{}", "<div>".repeat(200_000), "</div>".repeat(200_000));
        assert_eq!(text(&deep), "word");
        let long = "é ".repeat(HTML_BYTES_MAX);
        assert!(text(&long).len() <= TEXT_BYTES_MAX + 4);
    }
}
