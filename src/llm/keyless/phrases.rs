//! What the planner can say, in three languages. Square brackets are filled in by `say`.

/// One phrase: English, Spanish, Portuguese.
pub type Phrase = [&'static str; 3];

pub const HELLO: Phrase = [
    "Hello and welcome to [shop]! Tell me what you are looking for, or ask about shipping, returns or your order.",
    "¡Hola y bienvenido a [shop]! Dime qué buscas, o pregúntame por envíos, devoluciones o tu pedido.",
    "Olá, boas-vindas à [shop]! Diga o que procura, ou pergunte sobre entrega, devoluções ou seu pedido.",
];
pub const ABILITIES: Phrase = [
    "I am the shop's automatic assistant, not a person. I find and compare products, take your order, track it, and answer from the shop's own texts. When I am stuck, I call a colleague.",
    "Soy el asistente automático de la tienda, no una persona. Busco y comparo productos, tomo tu pedido, lo sigo y respondo con los textos de la tienda. Si no sé algo, llamo a un colega.",
    "Sou o assistente automático da loja, não uma pessoa. Procuro e comparo produtos, recebo seu pedido, acompanho-o e respondo com os textos da loja. Se eu não souber, chamo um colega.",
];
pub const WELCOME: Phrase =
    ["You are welcome! Is there anything else?", "¡De nada! ¿Algo más?", "De nada! Mais alguma coisa?"];
pub const BYE: Phrase = ["Goodbye, and see you soon!", "¡Adiós, hasta pronto!", "Tchau, até logo!"];
pub const ALL_RIGHT: Phrase = [
    "All right. Tell me if you need anything else.",
    "De acuerdo. Dime si necesitas algo más.",
    "Tudo bem. Diga se precisar de mais alguma coisa.",
];

pub const FITS_ONE: Phrase =
    ["This one fits: {{[a].title}}.", "Esto encaja: {{[a].title}}.", "Este combina: {{[a].title}}."];
/// Said in turn, so that no two searches sound alike.
pub const FITS_BEST: [Phrase; 3] = [
    [
        "I would look at {{[a].title}} first.",
        "Yo miraría primero: {{[a].title}}.",
        "Eu olharia primeiro: {{[a].title}}.",
    ],
    [
        "Here is what fits; {{[a].title}} comes closest.",
        "Esto es lo que encaja; lo más cercano: {{[a].title}}.",
        "Isto é o que combina; o mais próximo: {{[a].title}}.",
    ],
    [
        "My first pick would be {{[a].title}}.",
        "Mi primera opción: {{[a].title}}.",
        "Minha primeira escolha: {{[a].title}}.",
    ],
];
pub const MOST: Phrase = [
    "That is {{[a].title}} ([key] {{[a].[field]}}); next comes {{[b].title}} with {{[b].[field]}}.",
    "Es {{[a].title}} ([key] {{[a].[field]}}); le sigue {{[b].title}} con {{[b].[field]}}.",
    "É {{[a].title}} ([key] {{[a].[field]}}); depois vem {{[b].title}} com {{[b].[field]}}.",
];
pub const MOST_BY_PRICE: Phrase = [
    "That is {{[a].title}} at {{[a].price}}; next comes {{[b].title}} at {{[b].price}}.",
    "Es {{[a].title}} por {{[a].price}}; le sigue {{[b].title}} por {{[b].price}}.",
    "É {{[a].title}} por {{[a].price}}; depois vem {{[b].title}} por {{[b].price}}.",
];
pub const ONLY_IN: Phrase = [
    "{{[a].title}} comes in {{[a].[field]}}, not in [what].",
    "{{[a].title}} existe en {{[a].[field]}}, no en [what].",
    "{{[a].title}} existe em {{[a].[field]}}, não em [what].",
];
pub const IN_ENGLISH: Phrase =
    ["", "Nuestros textos están en inglés; esto es lo que dicen:", "Nossos textos estão em inglês; é isto que dizem:"];
pub const LEAST: Phrase = [
    "The lowest price here is {{[a].price}}, for {{[a].title}}.",
    "El precio más bajo aquí es {{[a].price}}, por {{[a].title}}.",
    "O menor preço aqui é {{[a].price}}, por {{[a].title}}.",
];
pub const REDUCED: Phrase = [
    "{{[a].title}} is reduced: {{[a].price}} instead of {{[a].compare_at}}.",
    "{{[a].title}} está rebajado: {{[a].price}} en lugar de {{[a].compare_at}}.",
    "{{[a].title}} está em promoção: {{[a].price}} em vez de {{[a].compare_at}}.",
];
pub const RELAXED: Phrase = [
    "Nothing has it all, so I left out: [what].",
    "Nada cumple todo lo que pides; he dejado fuera: [what].",
    "Nada atende a tudo o que pediu; deixei de fora: [what].",
];
pub const THE_LIMIT: Phrase = ["the price limit", "el límite de precio", "o limite de preço"];
pub const A_WISH: Phrase = ["one of your wishes", "uno de tus deseos", "um dos seus desejos"];
pub const NOT_CARRIED: Phrase = ["We don't carry that.", "Eso no lo tenemos.", "Isso nós não temos."];
pub const NEAREST: Phrase = [
    "The nearest we have is {{[a].title}}.",
    "Lo más parecido que tenemos es {{[a].title}}.",
    "O mais parecido que temos é {{[a].title}}.",
];
pub const NOTHING_CHEAPER: Phrase = [
    "Nothing of this kind is cheaper: {{[a].title}} at {{[a].price}} is the lowest price that fits.",
    "No hay nada más barato de este tipo: lo mínimo es {{[a].title}} por {{[a].price}}.",
    "Não há nada mais barato deste tipo: o menor preço é {{[a].title}} por {{[a].price}}.",
];
pub const NO_MORE: Phrase = [
    "That is all we have for this search.",
    "Es todo lo que tenemos para esta búsqueda.",
    "É tudo o que temos para esta busca.",
];
pub const MORE_OF_IT: Phrase = ["Here is more of it.", "Aquí tienes más.", "Aqui tem mais."];
pub const SEARCH_FIRST: Phrase =
    ["Tell me first what you are looking for.", "Dime primero qué buscas.", "Diga primeiro o que procura."];

pub const WHICH: Phrase = ["Which one do you mean?", "¿A cuál te refieres?", "Qual deles você quer dizer?"];
pub const CHOOSE: Phrase =
    ["Please choose for [title]: [option]?", "Elige para [title]: ¿[option]?", "Escolha para [title]: [option]?"];
/// How `CHOOSE` begins, to recognise the question in the next turn.
pub const CHOOSE_MARKS: [&str; 3] = ["Please choose for ", "Elige para ", "Escolha para "];
pub const PRICE_IS: Phrase =
    ["{{[a].title}} costs {{[a].price}}.", "{{[a].title}} cuesta {{[a].price}}.", "{{[a].title}} custa {{[a].price}}."];
pub const PRICE_FROM: Phrase = [
    "{{[a].title}} starts at {{[a].price}}.",
    "{{[a].title}} cuesta desde {{[a].price}}.",
    "{{[a].title}} custa a partir de {{[a].price}}.",
];
pub const COMES_IN: Phrase = [
    "{{[a].title}} comes in {{[a].[field]}}.",
    "{{[a].title}} existe en {{[a].[field]}}.",
    "{{[a].title}} existe em {{[a].[field]}}.",
];
pub const COMES_IN_ONE: Phrase = [
    "{{[a].title}} comes in one version only.",
    "{{[a].title}} existe en una sola versión.",
    "{{[a].title}} existe em uma só versão.",
];
pub const AVAILABLE: Phrase = [
    "Yes, {{[a].title}} is available in [what].",
    "Sí, {{[a].title}} está disponible en [what].",
    "Sim, {{[a].title}} está disponível em [what].",
];
pub const IN_STOCK: Phrase =
    ["Yes, {{[a].title}} is available.", "Sí, {{[a].title}} está disponible.", "Sim, {{[a].title}} está disponível."];
pub const SOLD_OUT: Phrase = [
    "{{[a].title}} is sold out in [what].",
    "{{[a].title}} está agotado en [what].",
    "{{[a].title}} está esgotado em [what].",
];
pub const SOLD_OUT_ALL: Phrase = [
    "{{[a].title}} is sold out at the moment.",
    "{{[a].title}} está agotado en este momento.",
    "{{[a].title}} está esgotado no momento.",
];
pub const NOT_MADE_IN: Phrase = [
    "{{[a].title}} does not come in [what].",
    "{{[a].title}} no existe en [what].",
    "{{[a].title}} não existe em [what].",
];
pub const YES_IT_IS: Phrase = ["Yes, {{[a].title}}: [key].", "Sí, {{[a].title}}: [key].", "Sim, {{[a].title}}: [key]."];
pub const NO_IT_IS_NOT: Phrase =
    ["No, {{[a].title}} is not: [key].", "No, {{[a].title}} no lo es: [key].", "Não, {{[a].title}} não é: [key]."];
pub const SAYS: Phrase =
    ["{{[a].title}} – [key]: [value].", "{{[a].title}} – [key]: [value].", "{{[a].title}} – [key]: [value]."];
pub const DOES_NOT_SAY: Phrase = [
    "The description of {{[a].title}} does not say that. Shall I ask a colleague?",
    "La descripción de {{[a].title}} no lo dice. ¿Pregunto a un colega?",
    "A descrição de {{[a].title}} não diz isso. Quer que eu pergunte a um colega?",
];
pub const ALIKE: Phrase =
    ["In the rest of their data they are alike.", "En lo demás son iguales.", "No resto são iguais."];
pub const NEED_TWO: Phrase =
    ["Which products shall I compare?", "¿Qué productos comparo?", "Quais produtos devo comparar?"];

pub const NOT_IN_TEXTS: Phrase = [
    "I could not find that in our texts. Shall I ask a colleague?",
    "No lo encuentro en nuestros textos. ¿Pregunto a un colega?",
    "Não encontrei isso nos nossos textos. Quer que eu pergunte a um colega?",
];
pub const FAILED: Phrase = [
    "I could not look that up just now. Shall I ask a colleague?",
    "Ahora mismo no he podido consultarlo. ¿Pregunto a un colega?",
    "Não consegui consultar isso agora. Quer que eu pergunte a um colega?",
];

pub const ADDED: Phrase = ["In your cart: [what].", "En tu carrito: [what].", "No seu carrinho: [what]."];
pub const CHANGED: Phrase =
    ["Your cart is changed: [what].", "He cambiado tu carrito: [what].", "Mudei seu carrinho: [what]."];
pub const REMOVED: Phrase =
    ["Taken out of your cart: [what].", "He quitado del carrito: [what].", "Tirei do carrinho: [what]."];
pub const CLEARED: Phrase = ["Your cart is empty now.", "Tu carrito está vacío.", "Seu carrinho está vazio."];
pub const CART_TOTAL: Phrase = [
    "Your cart comes to {{cart.total}}, of which shipping {{cart.shipping}}.",
    "Total de tu carrito: {{cart.total}}, envío del carrito incluido: {{cart.shipping}}.",
    "Total do seu carrinho: {{cart.total}}, entrega do carrinho incluída: {{cart.shipping}}.",
];
pub const CART_EMPTY: Phrase = ["Your cart is empty.", "Tu carrito está vacío.", "Seu carrinho está vazio."];
pub const CART_HOLDS: Phrase = ["Your cart:", "Tu carrito:", "Seu carrinho:"];
pub const NOT_IN_CART: Phrase =
    ["I do not see that in your cart.", "No veo eso en tu carrito.", "Não vejo isso no seu carrinho."];
pub const NOT_DONE: Phrase = ["I'm sorry, [why].", "Lo siento: [why].", "Sinto muito: [why]."];
pub const ADD_WHICH: Phrase =
    ["Which one shall I put in your cart?", "¿Cuál pongo en tu carrito?", "Qual coloco no seu carrinho?"];
pub const HERE_IS_ORDER: Phrase = [
    "Here is your order. Please check it:",
    "Este es tu pedido. Revísalo, por favor:",
    "Este é seu pedido. Confira, por favor:",
];

pub const ORDER_IS: Phrase = [
    "Order {{[o].number}}: {{[o].status}}.",
    "Pedido {{[o].number}}: {{[o].status}}.",
    "Pedido {{[o].number}}: {{[o].status}}.",
];
pub const ORDER_PLACED: Phrase = [
    "You placed order {{[o].number}} on {{[o].placed}}.",
    "Hiciste el pedido {{[o].number}}: {{[o].placed}}.",
    "Você fez o pedido {{[o].number}}: {{[o].placed}}.",
];
pub const ORDER_TRACKING: Phrase = [
    "Order {{[o].number}} travels with {{[o].carrier}}, tracking number {{[o].tracking}}.",
    "El pedido {{[o].number}} viaja con {{[o].carrier}}, seguimiento {{[o].tracking}}.",
    "O pedido {{[o].number}} viaja com {{[o].carrier}}, rastreio {{[o].tracking}}.",
];
pub const ORDER_SHIPPED: Phrase = [
    "Order {{[o].number}} left us: {{[o].shipped}}.",
    "El pedido {{[o].number}} salió: {{[o].shipped}}.",
    "O pedido {{[o].number}} saiu: {{[o].shipped}}.",
];
pub const ORDER_ARRIVED: Phrase = [
    "Order {{[o].number}} arrived: {{[o].delivered}}.",
    "El pedido {{[o].number}} llegó: {{[o].delivered}}.",
    "O pedido {{[o].number}} chegou: {{[o].delivered}}.",
];
pub const ORDERS_ARE: Phrase = [
    "Your orders – tap one for more:",
    "Tus pedidos – toca uno para ver más:",
    "Seus pedidos – toque em um para ver mais:",
];
pub const NO_ORDERS: Phrase = [
    "I see no order here: I see orders placed in this chat. Shall I ask a colleague to look further?",
    "No veo ningún pedido: aquí veo los pedidos hechos en este chat. ¿Pido a un colega que lo busque?",
    "Não vejo nenhum pedido: aqui vejo os pedidos feitos neste chat. Peço a um colega para procurar?",
];
pub const NO_SUCH_ORDER: Phrase = [
    "I cannot see that order here: I see orders placed in this chat. Shall I ask a colleague to look further?",
    "No veo ese pedido: aquí veo los pedidos hechos en este chat. ¿Pido a un colega que lo busque?",
    "Não vejo esse pedido: aqui vejo os pedidos feitos neste chat. Peço a um colega para procurar?",
];

pub const CALLED: Phrase =
    ["I have asked a colleague to take over.", "He pedido a un colega que se ocupe.", "Pedi a um colega que assuma."];
pub const SORRY_CALLED: Phrase = [
    "I am sorry about that. I have asked a colleague to take care of it personally.",
    "Lo siento mucho. He pedido a un colega que se ocupe personalmente.",
    "Sinto muito. Pedi a um colega que cuide disso pessoalmente.",
];
pub const HERE_IS_CHANGE: Phrase = [
    "This is what I would do. Please check it:",
    "Esto es lo que haría. Revísalo, por favor:",
    "Isto é o que eu faria. Confira, por favor:",
];
pub const SORRY_BROKEN: Phrase = ["I am sorry about that.", "Lo siento mucho.", "Sinto muito."];
pub const WHICH_ORDER: Phrase = ["Which order is it about?", "¿De qué pedido se trata?", "De qual pedido se trata?"];
pub const WHICH_VERSION: Phrase = ["which one instead", "cuál en su lugar", "qual no lugar"];
/// The whole question is recognised in the next turn.
pub const WRITE_ADDRESS: Phrase = [
    "Please write the new address in one message: street and number, postal code and town, country.",
    "Escribe la nueva dirección en un mensaje: calle y número, código postal y ciudad, país.",
    "Escreva o novo endereço em uma mensagem: rua e número, código postal e cidade, país.",
];
pub const TAP_CANCEL: Phrase = ["Cancel order [number]", "Cancelar el pedido [number]", "Cancelar o pedido [number]"];
pub const TAP_RETURN: Phrase =
    ["Return something from [number]", "Devolver algo del pedido [number]", "Devolver algo do pedido [number]"];
pub const TAP_EXCHANGE: Phrase =
    ["Exchange something from [number]", "Cambiar algo del pedido [number]", "Trocar algo do pedido [number]"];
pub const TAP_ADDRESS: Phrase = [
    "Change the address of order [number]",
    "Cambiar la dirección del pedido [number]",
    "Mudar o endereço do pedido [number]",
];
pub const TAP_REFUND: Phrase = [
    "I want a refund for order [number]",
    "Quiero un reembolso del pedido [number]",
    "Quero um reembolso do pedido [number]",
];
pub const TAP_BROKEN: Phrase =
    ["Order [number] arrived broken", "El pedido [number] llegó roto", "O pedido [number] chegou quebrado"];
pub const COLLEAGUES: Phrase = ["Our hours: [hours].", "Nuestro horario: [hours].", "Nosso horário: [hours]."];
pub const AS_LISTED: Phrase = [
    "Our prices are as listed; I cannot change or promise any. Shall I look for something cheaper?",
    "Los precios son los indicados; no puedo cambiarlos ni prometer otros. ¿Busco algo más barato?",
    "Os preços são os indicados; não posso mudá-los nem prometer outros. Procuro algo mais barato?",
];
pub const OFF_TOPIC: Phrase = [
    "That is outside what I can help with. I gladly help with our products, your cart, your orders, shipping and returns.",
    "Con eso no puedo ayudarte. Con gusto te ayudo con productos, tu carrito, tus pedidos, envíos y devoluciones.",
    "Com isso não posso ajudar. Ajudo com prazer com produtos, seu carrinho, seus pedidos, entrega e devoluções.",
];
pub const NO_NEW_RULES: Phrase = [
    "I cannot do that. Prices and rules are set by the shop. What are you looking for?",
    "Eso no puedo hacerlo. Los precios y las reglas los pone la tienda. ¿Qué buscas?",
    "Isso não posso fazer. Os preços e as regras são da loja. O que você procura?",
];
pub const NOT_UNDERSTOOD: Phrase = [
    "I did not get that. What can I do for you?",
    "No te he entendido. ¿En qué te ayudo?",
    "Não entendi. Em que posso ajudar?",
];
pub const PLAIN: Phrase = ["Here is what I found.", "Esto es lo que he encontrado.", "Isto é o que encontrei."];

/// Calls a colleague when tapped.
pub const TAP_COLLEAGUE: Phrase = ["Ask a colleague", "Preguntar a un colega", "Perguntar a um colega"];
pub const TAP_CHEAPER: Phrase = ["Something cheaper", "Algo más barato", "Algo mais barato"];
pub const TAP_MORE: Phrase = ["Show more", "Mostrar más", "Mostrar mais"];
pub const TAP_COMPARE: Phrase = ["Compare the first two", "Compara los dos primeros", "Compare os dois primeiros"];
pub const TAP_ADD: Phrase = ["Add it to my cart", "Añade esto al carrito", "Adicione isto ao carrinho"];
pub const TAP_ADD_IN: Phrase = ["Add it in [what]", "Añade esto en [what]", "Adicione isto em [what]"];
pub const TAP_REMOVE: Phrase = ["Remove [what]", "Quita [what]", "Remova [what]"];
pub const TAP_CHECKOUT: Phrase = ["Checkout", "Finalizar compra", "Finalizar compra"];
pub const TAP_CART: Phrase = ["My cart", "Mi carrito", "Meu carrinho"];
pub const TAP_EMPTY: Phrase = ["Empty my cart", "Vaciar el carrito", "Esvaziar o carrinho"];
pub const TAP_SHIPPING: Phrase = ["Shipping", "Envíos", "Entrega"];
pub const TAP_RETURNS: Phrase = ["Returns", "Devoluciones", "Devoluções"];
pub const TAP_ORDER: Phrase = ["Where is my order?", "¿Dónde está mi pedido?", "Onde está meu pedido?"];

/// Offers of a colleague, to understand a "yes" in the next turn.
pub const COLLEAGUE_OFFERS: [&str; 6] = [
    "Shall I ask a colleague",
    "¿Pregunto a un colega",
    "Quer que eu pergunte a um colega",
    "¿Pido a un colega",
    "Peço a um colega",
    "Ask a colleague",
];
