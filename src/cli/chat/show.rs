//! A reply as lines of text.

use souk::domain::message::{Author, Body, Card, Message, Reply, Summary, SummaryTotal};

/// How to write.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Style {
    /// For a pipe: one thing a line, nothing else.
    Plain,
    /// For a person: what can be tapped is numbered.
    Numbered,
}

/// A message as lines; `next` counts what can be tapped.
pub fn message(message: &Message, style: Style, next: &mut usize) -> Vec<String> {
    let mut lines = match &message.body {
        Body::Heard(said) => return vec![clean(said.words())],
        Body::Reply(reply) => lines(reply, style, next),
    };
    if let (Author::Colleague { name }, Some(first)) = (&message.author, lines.first_mut()) {
        *first = format!("{}: {first}", clean(name));
    }
    lines
}

fn lines(reply: &Reply, style: Style, next: &mut usize) -> Vec<String> {
    let mut lines: Vec<String> = reply.text.lines().map(clean).filter(|l| !l.is_empty()).collect();
    let mut number = |offered: bool, otherwise: &str| match style {
        Style::Numbered if offered => {
            *next += 1;
            format!("{:>2}.", *next)
        }
        _ => otherwise.to_owned(),
    };
    for one in &reply.cards {
        lines.push(format!("{} {}", number(!one.choices.is_empty(), "•"), card(one)));
    }
    if let Some(summary) = &reply.summary {
        lines.extend(order(summary));
    }
    for button in reply.summary.iter().flat_map(|s| &s.choices).chain(&reply.choices) {
        let hint = button.hint.as_deref().filter(|_| style == Style::Numbered);
        let hint = hint.map(|h| format!("  {}", clean(h))).unwrap_or_default();
        let before = number(true, "");
        lines.push(format!("{before} [{}]{hint}", clean(&button.label)).trim_start_matches(' ').to_owned());
    }
    if let Some(payment) = &reply.payment {
        lines.push(format!("{} {}: {}", clean(&payment.label), clean(&payment.total), clean(&payment.url)));
    }
    if let Some(link) = &reply.link {
        lines.push(format!("{}: {}", clean(&link.label), clean(&link.url)));
    }
    for source in &reply.sources {
        let heading = if source.heading.is_empty() { String::new() } else { format!(", {}", source.heading) };
        lines.push(clean(&format!("(source: {}{heading})", source.title)));
    }
    lines
}

fn card(card: &Card) -> String {
    let before = card.compare_at.as_ref().map(|price| format!(" (was {price})")).unwrap_or_default();
    clean(&format!("{} | {}{before} | {}", card.title, card.price, card.stock))
}

fn order(summary: &Summary) -> Vec<String> {
    let mut lines = vec![clean(&summary.title)];
    for line in &summary.lines {
        let options = if line.options.is_empty() { String::new() } else { format!(" ({})", line.options) };
        lines.push(clean(&format!("{} × {}{options} at {} = {}", line.quantity, line.title, line.unit, line.total)));
    }
    let row = |t: &SummaryTotal| {
        // What bears no amount is a sentence.
        if t.amount.is_empty() { clean(&t.label) } else { clean(&format!("{}: {}", t.label, t.amount)) }
    };
    lines.extend(summary.totals.iter().map(row));
    lines
}

/// Text from outside must not steer the terminal.
pub fn clean(text: &str) -> String {
    text.chars().filter(|c| !c.is_control()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use souk::domain::id::ProductId;
    use souk::domain::message::Button;

    fn reply() -> Reply {
        let card = Card {
            product: ProductId::new("a"),
            title: "Skarven \u{1b}[31mShell".to_owned(),
            subtitle: String::new(),
            price: "€149.90".to_owned(),
            compare_at: Some("€179.90".to_owned()),
            stock: "2 left".to_owned(),
            left: souk::domain::message::Left::Few,
            picture: None,
            choices: vec![Button::new("show:a", "Details"), Button::new("add:A", "Add to cart")],
            article: None,
        };
        Reply {
            cards: vec![card],
            choices: vec![Button::new("say:More", "More")],
            ..Reply::text("Here is one:\n\nNice.")
        }
    }

    #[test]
    fn a_reply_reads_well_in_a_pipe_and_on_a_terminal() {
        insta::assert_snapshot!(lines(&reply(), Style::Plain, &mut 0).join("\n"), @r"
        Here is one:
        Nice.
        • Skarven [31mShell | €149.90 (was €179.90) | 2 left
        [More]
        ");
        insta::assert_snapshot!(lines(&reply(), Style::Numbered, &mut 0).join("\n"), @r"
        Here is one:
        Nice.
         1. Skarven [31mShell | €149.90 (was €179.90) | 2 left
        2. [More]
        ");
    }
}
