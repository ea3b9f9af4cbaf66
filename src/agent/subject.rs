//! Whether a reply is the business of a shop: a language model for nothing is what some people are after. Cheap and
//! deterministic; what is said of products, orders and texts is checked elsewhere.

/// Words of a reply that rests on nothing; kind words need fewer.
const WORDS_MAX: usize = 60;
/// Letters likewise, for scripts that write no spaces.
const LETTERS_MAX: usize = 420;
/// Lines likewise; more are a poem.
const LINES_MAX: usize = 5;
/// Times as much is allowed where a fact, a source or a product is named.
const GROUNDED_TIMES: usize = 3;
/// What only programs look like.
const CODE: [&str; 12] = [
    "```",
    "#include",
    "console.log",
    "public static",
    "<script",
    "</",
    "<img",
    "<a ",
    "=> {",
    "select * from",
    "def __",
    "#!/",
];
/// Beginnings of lines that only programs have, with the sign that has to follow somewhere in the line.
const CODE_LINES: [(&str, &str); 8] = [
    ("def ", ":"),
    ("import ", ";"),
    ("fn ", "{"),
    ("function ", "{"),
    ("class ", "{"),
    ("select ", " from "),
    ("insert into ", "("),
    ("print(", ")"),
];

/// What is wrong with the subject of a reply, written so that a model can mend it. A reply is grounded when it names a
/// fact, a source or a product.
pub fn problem(text: &str, grounded: bool) -> Option<&'static str> {
    let lower = text.to_lowercase();
    let code = |line: &str| CODE_LINES.iter().any(|(start, then)| line.starts_with(start) && line.contains(then));
    if CODE.iter().any(|mark| lower.contains(mark)) || lower.lines().any(|line| code(line.trim_start())) {
        return Some("Programs and markup are not the shop's business.");
    }
    let times = if grounded { GROUNDED_TIMES } else { 1 };
    let words = lower.split_whitespace().count();
    let letters = lower.chars().filter(|c| c.is_alphanumeric()).count();
    let lines = lower.lines().filter(|line| !line.trim().is_empty()).count();
    (words > WORDS_MAX * times || letters > LETTERS_MAX * times || lines > LINES_MAX * times)
        .then_some("A long text that rests on no result of a tool is not the shop's business; say it in two sentences.")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn programs_poems_and_essays_are_refused_and_answers_are_not() {
        let verse = "The leaves are falling one by one\n".repeat(8);
        let essay = "The estates met at Versailles and the king lost his head. ".repeat(8);
        for off in ["```python\nprint(1)\n```", "select name from pupils;", &verse, &essay, "<a href=x>y</a>"] {
            assert!(problem(off, false).is_some(), "{off}");
        }
        let list = "2 × Signal Whistle: {{l1.total}}\n".repeat(8);
        for (on, grounded) in [("We select from many tents < 50 €.", false), (list.as_str(), true), ("Hello!", false)]
        {
            assert!(problem(on, grounded).is_none(), "{on}");
        }
        assert!(problem(&essay.repeat(4), true).is_some(), "a placeholder is no licence");
    }
}
