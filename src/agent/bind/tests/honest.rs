//! What the list of harmless words costs honest models: replies as a good one words them, half of them looked at while the
//! lists were written, half kept aside.

use super::{Freedom, TRUE, told};

/// Looked at while the lists were written.
const TUNED: [&str; 30] = [
    "Here are two options that should fit. The Granite Trek Boot is the sturdier one. []",
    "The Granite Trek Boot costs {{p1.price}}. Would you like to see which sizes we have? []",
    "Sure! What will you mostly use it for, hiking or everyday walks? []",
    "For wet weather I would go with the Granite Trek Boot, it keeps your feet dry. []",
    "Hello! I can help you find gear, check an order or answer questions about the shop. []",
    "Sorry, I couldn't find anything like that. Would you like me to ask a colleague? []",
    "You can return goods within 30 days. [k1]",
    "I've added the Granite Trek Boot to your cart. Your cart comes to {{cart.total}}. []",
    "Your order {{o1.number}} is {{o1.status}}. It was shipped on {{o1.shipped}}. []",
    "I'm afraid I can't change prices, but I can show you something cheaper. []",
    "That's a question for one of my colleagues. Shall I pass it on? []",
    "¡Hola! ¿Qué talla necesitas? []",
    "La Granite Trek Boot cuesta {{p1.price}}. []",
    "Te recomiendo la Granite Trek Boot: es resistente y abriga bien. []",
    "Lo siento, no tengo esa información. ¿Quieres que pregunte a un colega? []",
    "He añadido la Granite Trek Boot a tu carrito. []",
    "Tu pedido {{o1.number}} está en camino. []",
    "Olá! Que tamanho você procura? []",
    "A Granite Trek Boot custa {{p1.price}}. []",
    "Desculpe, não encontrei nada parecido. Quer ver outras opções? []",
    "Seu pedido {{o1.number}} foi enviado em {{o1.shipped}}. []",
    "Adicionei ao carrinho. Quer mais alguma coisa? []",
    "Gerne! Welche Größe brauchen Sie? []",
    "Der Granite Trek Boot kostet {{p1.price}} und ist wasserdicht. []",
    "Das kann ich leider nicht sagen. Soll ich einen Kollegen fragen? []",
    "Ihre Bestellung {{o1.number}} ist unterwegs. []",
    "Für den Alltag passt die leichtere besser. []",
    "Bonjour ! Quelle taille cherchez-vous ? []",
    "La Granite Trek Boot coûte {{p1.price}}. []",
    "Désolé, je ne trouve rien de semblable. Voulez-vous voir autre chose ? []",
];

/// Kept aside: written before the lists were tuned and never looked at while they were.
const KEPT: [&str; 30] = [
    "Both pairs are solid choices, though the Granite Trek Boot gives you more ankle support. []",
    "Got it. Do you prefer something lightweight or something really warm? []",
    "The Beam Headlamp 450 is on sale for {{p3.price}}, down from {{p3.compare_at}}. []",
    "There are only {{p3.stock}} of the Beam Headlamp 450. []",
    "Happy to help! Could you share your order number so I can look it up? []",
    "We don't carry kayaks, but I can show you our tents. []",
    "I'd suggest the Boot Wax 100 ml, it protects leather against rain. []",
    "Standard shipping costs €4.90 and is free from €80.00. [k2]",
    "You're welcome! Have a great hike. []",
    "I only help with this shop, so I can't write an essay, but I'm happy to find you a jacket. []",
    "Which of the two colours do you like better? []",
    "Order {{o1.number}} came to {{o1.total}}. []",
    "Claro, aquí tienes las opciones más ligeras. []",
    "¿Prefieres algo más barato o de mejor calidad? []",
    "Puedes devolver los artículos en un plazo de 30 días. [k1]",
    "No vendemos kayaks, pero puedo enseñarte nuestras tiendas. []",
    "Para la lluvia te irá mejor la Granite Trek Boot. []",
    "De nada, ¡que disfrutes de la montaña! []",
    "Esta é a opção mais leve que temos. []",
    "Você pode devolver os produtos em até 30 dias. [k1]",
    "Infelizmente não vendemos caiaques. []",
    "Para trilhas longas eu escolheria a Granite Trek Boot. []",
    "Sie können Artikel innerhalb von 30 Tagen zurückgeben. [k1]",
    "Für lange Wanderungen würde ich den Granite Trek Boot nehmen. []",
    "Kajaks führen wir leider nicht, aber ich zeige Ihnen gerne unsere Zelte. []",
    "Der Standardversand kostet 4,90 €. [k2]",
    "Vous pouvez retourner les articles sous 30 jours. [k1]",
    "Pour la pluie, je vous conseille la Granite Trek Boot. []",
    "Nous ne vendons pas de kayaks, mais je peux vous montrer nos tentes. []",
    "Votre commande {{o1.number}} est en route. []",
];

/// Per cent of the replies kept aside that may go back once: what was measured, and it may only fall.
const KEPT_PERCENT_MAX: usize = 30;

fn stopped<'a>(texts: &[&'a str], freedom: Freedom) -> Vec<(&'a str, String)> {
    let told = |text: &&'a str| told(text, freedom).err().map(|problems| (*text, format!("{problems:?}")));
    texts.iter().filter_map(told).collect()
}

#[test]
fn honest_models_are_seldom_asked_again() {
    let (tuned, kept, old) =
        (stopped(&TUNED, Freedom::Closed), stopped(&KEPT, Freedom::Closed), stopped(&TRUE, Freedom::Closed));
    let checked = stopped(&KEPT, Freedom::Checked).len();
    println!("stopped: {} of {} looked at {tuned:#?}", tuned.len(), TUNED.len());
    println!("{} of {} of the older ones {old:#?}", old.len(), TRUE.len());
    println!("{} of {} kept aside; without the lists {checked}", kept.len(), KEPT.len());
    if std::env::var_os("SOUK_SHOW_KEPT").is_some() {
        println!("{kept:#?}");
    }
    assert!(tuned.is_empty() && old.is_empty());
    assert!(kept.len() * 100 <= KEPT.len() * KEPT_PERCENT_MAX, "{} of {}", kept.len(), KEPT.len());
}
