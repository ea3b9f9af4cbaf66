//! The words of commands, three languages in one table each: folded, longer phrases first.

#[rustfmt::skip]
pub mod after;

pub const GREET: &[&str] = &[
    "good morning", "good afternoon", "good evening", "good day", "buenos dias", "buenas tardes", "buenas noches",
    "bom dia", "boa tarde", "boa noite", "hello there", "hi there", "hello", "hi", "hey", "hiya", "howdy", "hola",
    "buenas", "ola", "oi", "hallo", "greetings", "tudo bem", "how are you", "que tal",
];
pub const THANKS: &[&str] = &[
    "thank you so much", "thank you very much", "thanks a lot", "many thanks", "thank you", "thanks", "thx", "ty",
    "cheers", "muchas gracias", "mil gracias", "gracias", "muito obrigado", "muito obrigada", "obrigado", "obrigada",
    "valeu", "great", "perfect", "awesome", "nice", "cool", "genial", "perfecto", "perfeito", "otimo",
];
pub const BYE: &[&str] = &[
    "good bye", "goodbye", "bye bye", "bye", "see you", "adios", "hasta luego", "chao", "tchau", "ate logo",
    "ate mais",
];
pub const ABILITIES: &[&str] = &[
    "are you a real person", "are you a person", "whats your name", "what is your name", "como te llamas",
    "qual e o seu nome", "qual seu nome", "what can you do", "what do you do", "how can you help", "what can i ask",
    "who are you", "are you a bot", "are you a robot", "are you an ai", "are you human", "are you a human",
    "are you real", "what are you", "help me", "help", "que puedes hacer", "como puedes ayudarme", "quien eres",
    "eres un robot", "eres un bot", "ayuda", "ayudame", "o que voce faz", "o que voce pode fazer", "quem e voce",
    "voce e um robo", "ajuda", "what do you sell", "que venden", "que vendes", "o que voces vendem",
    "how does this work", "start", "menu",
];
pub const YES: &[&str] = &[
    "yes please", "yes", "yeah", "yep", "sure", "ok", "okay", "si por favor", "si", "claro", "vale", "sim por favor",
    "sim", "do it", "go ahead", "of course",
];
pub const NO: &[&str] = &[
    "im just looking", "i am just looking", "just looking", "solo mirando", "solo estoy mirando", "so olhando", "stop",
    "not now", "later", "no thanks", "no thank you", "no gracias", "nao obrigado", "nao obrigada", "no", "nope", "nah",
    "nao",
];

pub const PERSON: &[&str] = &[
    "a manager", "speak with a", "talk to a", "talk with a", "ask a colleague", "talk to a person", "talk to someone",
    "speak to someone", "speak with someone", "real person", "human being", "human agent", "live agent",
    "human please", "a human", "to a person", "with a person", "a person please", "customer service",
    "customer support", "representative", "call me", "operator", "preguntar a un colega",
    "hablar con una persona", "hablar con alguien", "una persona", "un humano", "un agente", "atencion al cliente",
    "perguntar a um colega", "falar com uma pessoa", "falar com alguem", "falar com um humano", "uma pessoa",
    "um humano", "um atendente", "atendente", "human", "person please", "colleague", "someone else",
    "pregunta a un colega", "pergunte a um colega", "speak to a manager", "your manager",
];
pub const COMPLAINT: &[&str] = &[
    "nothing came", "broke after", "defective", "faulty", "stopped working", "fell apart", "defectuoso", "com defeito",
    "complaint", "complain", "lawyer", "attorney", "sue you", "legal action", "take you to court",
    "consumer protection", "scam", "scammers", "fraud", "rip off", "ripoff", "stealing", "thieves", "unacceptable",
    "ridiculous", "disgusting", "furious", "very angry", "so angry", "worst service", "terrible service", "worst shop",
    "fucking", "fuck", "shit", "bullshit", "idiots", "useless", "arrived broken", "arrived damaged", "is broken",
    "came broken", "was broken", "is damaged", "wrong item", "wrong product", "wrong size arrived", "never arrived",
    "still not arrived", "bad review", "report you", "denuncia", "abogado", "estafa", "estafadores", "queja",
    "reclamacion", "inaceptable", "vergonzoso", "llego roto", "esta roto", "enfadado", "indignado", "reclamacao",
    "advogado", "golpe", "inaceitavel", "procon", "chegou quebrado", "esta quebrado", "absurdo", "vergonha",
    "nunca llego", "nao chegou", "mierda", "merda",
];
pub const PAYMENT_TROUBLE: &[&str] = &[
    "charged twice", "where is my refund", "wheres my refund", "get my refund", "donde esta mi reembolso",
    "cade meu reembolso", "onde esta meu reembolso", "double charged", "charged me twice", "payment failed",
    "payment does not work", "cannot pay", "cant pay", "card declined", "card was declined", "chargeback",
    "wrong amount", "payment problem", "paid but", "cobrado dos veces", "cobraron dos veces", "no puedo pagar",
    "pago fallo", "cobrado duas vezes", "cobraram duas vezes", "nao consigo pagar", "pagamento falhou",
];
pub const INJECTION: &[&str] = &[
    "text above", "words above", "debug mode", "i am the developer", "im the developer", "initial prompt",
    "ignore previous", "ignore all", "ignore your", "ignore the", "ignore any", "disregard previous", "disregard all",
    "disregard your", "forget your instructions", "forget all", "forget previous", "system prompt", "your prompt",
    "your instructions", "your rules", "you are now", "jailbreak", "developer mode", "dan mode", "pretend you",
    "pretend to be", "act as", "role play", "roleplay", "reveal your", "set the price", "set price",
    "change the price", "override", "api key", "admin mode", "i am the admin", "im the admin", "mark it as paid",
    "mark as paid", "ignora las", "ignora tus", "ignora todas", "olvida tus", "ignore as", "ignore suas",
    "esqueca suas", "instrucciones anteriores",
];
pub const OFF_TOPIC: &[&str] = &[
    "how do i cook", "how to cook", "como cocinar", "como cozinhar", "a poem", "poem", "a joke", "tell me a story",
    "write an essay", "write me", "write a", "homework", "python", "javascript", "write code", "source code",
    "the weather", "weather today", "weather like", "president", "prime minister", "election", "elections", "politics",
    "who won", "capital of", "horoscope", "bitcoin", "stock market", "recipe", "translate", "meaning of life",
    "medical advice", "diagnosis", "symptoms", "my doctor", "headache", "medicine", "antibiotics", "dosage",
    "legal advice", "lottery", "solve", "chatgpt", "love me", "marry me", "religion", "un poema", "poema", "un chiste",
    "chiste", "presidente", "elecciones", "el tiempo hoy", "receta", "traduce", "horoscopo", "piada", "eleicoes",
    "receita", "traduza", "politica", "dolor de cabeza", "dor de cabeca", "previsao do tempo",
];
pub const HAGGLE: &[&str] = &[
    "can you do", "would you take", "ill give you", "prices are too high", "too high", "black friday deals",
    "discount", "discounts", "coupon", "coupons", "promo code", "promo", "voucher code", "best price",
    "lower the price", "lower price for", "better price", "special price", "make me a deal", "a deal", "percent off",
    "off the price", "for free", "free gift", "give it to me for", "can you do it for", "descuento", "descuentos",
    "cupon", "rebaja el precio", "mejor precio", "gratis", "desconto", "descontos", "cupom", "melhor preco",
    "de graca",
];

pub const CART_CLEAR: &[&str] = &[
    "empty my cart", "empty the cart", "empty cart", "clear my cart", "clear the cart", "clear cart",
    "remove everything", "delete everything", "start over", "empty my basket", "empty the basket", "clear the basket",
    "vacia el carrito", "vaciar el carrito", "vaciar carrito", "vacia mi carrito", "quita todo", "esvazie o carrinho",
    "esvaziar o carrinho", "esvaziar carrinho", "limpar o carrinho", "tire tudo", "remova tudo",
];
pub const CART: &[&str] = &["cart", "basket", "shopping bag", "carrito", "cesta", "carrinho", "sacola"];
pub const CART_VIEW: &[&str] = &[
    "whats the", "what is the", "whats in my", "what is in my", "what do i have", "show my", "show me my", "see my",
    "view my", "view", "my cart", "my basket", "show the", "how much is my", "total of my", "que hay en",
    "que tengo en", "ver el", "ver mi", "mi carrito", "muestra mi", "o que tem no", "o que ha no", "ver o",
    "meu carrinho", "mostre meu",
];
pub const ADD: &[&str] = &[
    "add", "put", "throw in", "anade", "anadir", "anademe", "agrega", "agregar", "agregame", "pon", "ponme", "ponlo",
    "anadelo", "agregalo", "mete", "adicione", "adicionar", "adiciona", "coloque", "colocar", "coloca", "bota",
    "ponha",
];
pub const ADD_WITH_IT: &[&str] = &[
    "anadelo", "agregalo", "ponlo", "lo quiero", "la quiero", "me lo llevo", "me la llevo", "lo compro",
];
pub const WANT: &[&str] = &[
    "i want", "id like", "i would like", "give me", "quiero", "quisiera", "dame", "quero", "queria", "me da",
    "eu quero",
];
pub const BUY: &[&str] = &[
    "order the", "i order", "can i order", "ill take", "i will take", "i take", "ill buy", "ill have", "i want to buy",
    "id like to buy", "i would like to buy", "want to order", "like to order", "ill order", "buy", "purchase",
    "me lo llevo", "me la llevo", "me llevo", "lo compro", "quiero comprar", "comprar", "compro", "vou levar", "levo",
    "fico com", "quero comprar", "order it", "order this",
];
pub const REMOVE: &[&str] = &[
    "remove", "delete", "take out", "take off", "drop", "without the", "quita", "quitar", "elimina", "eliminar",
    "saca", "remova", "remover", "tire", "tirar", "retire", "exclua",
];
pub const SET: &[&str] = &[
    "make it", "make that", "change it to", "change the quantity", "change quantity", "set quantity", "set it to",
    "i need only", "only need", "cambia a", "cambialo a", "que sean", "pon solo", "mude para", "muda para",
    "que sejam", "faca",
];
pub const CHECKOUT: &[&str] = &[
    "check out", "checkout", "pay now", "i want to pay", "id like to pay", "i would like to pay", "ready to pay",
    "ready to order", "place the order", "place my order", "place order", "order now", "complete the purchase",
    "complete my order", "buy now", "proceed to payment", "to the till", "lets pay", "finalizar compra",
    "finalizar la compra", "finalizar el pedido", "quiero pagar", "tramitar pedido", "comprar ahora",
    "hacer el pedido", "finalizar a compra", "finalizar o pedido", "finalizar pedido", "fechar pedido",
    "fechar o pedido", "quero pagar", "comprar agora", "send me the payment link", "payment link",
];
pub const CHECKOUT_ALONE: &[&str] = &[
    "buy", "pay", "order", "purchase", "comprar", "pagar", "pay please", "buy it all",
];

pub const ORDER: &[&str] = &[
    "my order", "my orders", "my parcel", "my package", "my delivery", "my shipment", "my stuff", "my purchase",
    "the order", "an order", "order number", "order status", "mi pedido", "mis pedidos", "mi paquete", "mi compra",
    "mi envio", "meu pedido", "meus pedidos", "minha encomenda", "meu pacote", "minha compra", "minha entrega",
    "this order",
];
pub const TRACK: &[&str] = &[
    "havent received", "have not received", "not received", "hasnt arrived", "has not arrived", "no he recibido",
    "nao recebi", "where is my", "wheres my", "track my", "tracking", "track", "has it shipped", "has it been shipped",
    "when will it arrive", "when does it arrive", "when will my", "has my", "status of my", "status", "did you ship",
    "did my", "donde esta mi", "cuando llega mi", "rastrear", "seguimiento", "estado de mi", "onde esta meu",
    "onde esta minha", "quando chega meu", "quando chega minha", "rastreio", "rastreamento", "cade meu", "cade minha",
    "shipped yet", "my orders",
];
pub const CHANGE: &[&str] = &[
    "cancel", "return", "send back", "give back", "refund", "money back", "exchange", "swap", "change the address",
    "change my address", "change address", "change the delivery", "wrong address", "new address", "change my order",
    "cancela", "cancelar", "anular", "devolver", "devolucion", "reembolso", "cambiar la direccion",
    "cambiar mi pedido", "cambiar direccion", "cambio", "cancele", "devolucao", "estorno", "trocar",
    "mudar o endereco", "alterar o endereco", "trocar o endereco",
];
/// Openings of a question about rules, as opposed to a wish that something be done.
pub const IN_GENERAL: &[&str] = &[
    "how do", "how can", "how long", "how does", "how many", "how much", "what is", "whats", "what are", "what if",
    "can i", "could i", "may i", "is it possible", "do you", "am i able", "policy", "is there", "are there",
    "who pays", "when do", "when can", "como puedo", "como funciona", "puedo", "se puede", "cuanto", "cuantos",
    "cual es", "politica", "aceptan", "como posso", "posso", "quanto", "qual e", "como faco", "da para", "aceitam",
    "what happens", "where do", "if it", "does it", "would i",
];

pub const POLICY: &[&str] = &[
    "return", "returns", "refund", "refunds", "send back", "exchange", "shipping", "ship to", "ship", "deliver",
    "delivery", "warranty", "guarantee", "payment methods", "payment", "how can i pay", "can i pay", "pay with",
    "pay by", "paypal", "klarna", "apple pay", "credit card", "credit cards", "visa", "mastercard", "invoice",
    "opening hours", "opening times", "hours", "are you open", "open on", "when do you open", "showroom", "located",
    "address", "size guide", "size chart", "what size", "which size", "sizing", "wash", "washing", "care instructions",
    "take care", "gift card", "gift cards", "gift wrap", "customs", "vat", "taxes", "privacy", "my data",
    "sustainable", "sustainability", "policy", "policies", "terms", "cancel", "repair", "repairs", "contact you",
    "devolver", "devolucion", "devoluciones", "reembolso", "envio", "envios", "envian", "enviar", "entrega",
    "garantia", "formas de pago", "metodos de pago", "pagar con", "tarjeta", "factura", "horario", "horarios", "abren",
    "guia de tallas", "que talla", "lavar", "cuidado", "devolucao", "devolucoes", "troca", "frete", "entregam",
    "enviam", "formas de pagamento", "pagamento", "pagar com", "cartao", "pix", "nota fiscal", "guia de tamanhos",
    "que tamanho", "qual tamanho", "tarjeta de regalo", "cartao presente", "where are you", "cambios",
    "how long does it take", "how fast", "tracking number", "phone number", "telephone", "phone", "telefono", "telefone",
    "how do i reach", "discount code", "gift wrapping", "price match", "delivered", "arrive by", "refunded",
];

pub const COMPARE: &[&str] = &[
    "compare", "comparison", "difference", "differences", "versus", "vs", "which is better", "which one is better",
    "better of", "compara", "comparar", "diferencia", "diferencias", "cual es mejor", "compare", "diferenca",
    "diferencas", "qual e melhor",
];
/// "Which one is waterproof?" is answered by putting the products shown side by side.
pub const WHICH_OF: &[&str] = &[
    "which one", "which ones", "which of", "cual de", "cuales de", "qual de", "qual deles",
];
pub const CHEAPER: &[&str] = &[
    "anything cheaper", "something cheaper", "cheaper", "less expensive", "too expensive", "too much", "lower priced",
    "mas barato", "mas barata", "mas baratos", "mas baratas", "mas economico", "muy caro", "demasiado caro",
    "mais barato", "mais barata", "mais baratos", "mais baratas", "mais em conta", "muito caro",
];
pub const CHEAPEST: &[&str] = &[
    "lo mas barato", "lo mas economico", "cheapest", "lowest price", "least expensive", "el mas barato",
    "la mas barata", "o mais barato", "a mais barata",
];
pub const DEAREST: &[&str] = &[
    "most expensive", "high end", "premium", "mas caro", "mas cara", "mais caro", "mais cara", "more expensive",
];
pub const MORE: &[&str] = &[
    "i dont like it", "i dont like them", "not that one", "not this one", "not these", "no me gusta", "nao gosto",
    "nao gostei", "show more", "show me more", "more please", "what else", "anything else", "any others", "others",
    "other ones", "show me all", "show all", "see all", "other options", "more options", "more results", "something else", "next", "more", "mas opciones",
    "mostrar mas", "muestrame mas", "ver mas", "otros", "otras", "algo mas", "mas", "mais opcoes", "mostrar mais",
    "mostre mais", "ver mais", "outros", "outras", "mais", "another one", "different ones",
];
pub const DETAILS: &[&str] = &[
    "tell me more about", "tell me more", "more about", "tell me about", "more details", "more information",
    "more info", "details", "describe", "info on", "information", "what about", "show me", "mas sobre", "cuentame mas",
    "mas informacion", "mas detalles", "detalles", "hablame de", "mais sobre", "me fale mais", "mais informacoes",
    "mais detalhes", "detalhes", "me conte", "how about",
];
pub const PRICE: &[&str] = &[
    "how much is", "how much are", "how much does", "how much", "whats the price", "what is the price", "price of",
    "price", "what does it cost", "cost", "cuanto cuesta", "cuanto cuestan", "cuanto vale", "cuanto es", "precio",
    "quanto custa", "quanto custam", "quanto e", "preco", "qual o preco",
];
pub const SEARCH: &[&str] = &[
    "can you help me find", "could you help me find", "help me find", "help me choose", "what about", "how about",
    "las tienes", "los tienes", "las tienen", "los tienen", "las hay",
    "you have", "im looking for", "i am looking for", "looking for", "do you have any", "do you have", "do you sell",
    "do you carry", "have you got", "have you any", "you got", "can you show me", "could you show me", "show me",
    "show", "find me", "find", "search for", "search", "i need", "we need", "i want to buy", "id like to buy",
    "i would like to buy", "i want", "id like", "i would like", "interested in", "any", "got any", "recommend me",
    "recommend", "suggest", "can i get", "i am after", "are there any", "are there", "is there", "there any", "buy",
    "purchase", "get me", "busco", "estoy buscando", "buscando", "tienen", "tienes", "teneis", "venden", "hay",
    "muestrame", "ensename", "quiero comprar", "quiero ver", "quiero", "quisiera", "necesito", "me gustaria",
    "recomiendame", "recomienda", "comprar", "estou procurando", "procurando", "procuro", "voces tem", "voce tem",
    "tem", "vendem", "mostre me", "mostre", "me mostre", "quero comprar", "quero ver", "quero", "queria",
    "gostaria de", "preciso de", "preciso", "recomende", "e", "please", "hello", "ok", "so", "well", "also", "and",
    "y", "a", "an", "some", "un", "una", "unos", "unas", "um", "uma", "uns", "umas", "the",
];
/// Words that make a search of what stands behind them, wherever they are.
pub const SEARCH_SIGNS: &[&str] = &[
    "help me find", "what about", "how about", "can you help me choose", "looking for", "do you have", "do you sell",
    "do you carry", "have you got", "show me", "find", "search", "i need", "we need", "i want", "id like",
    "interested in", "recommend", "suggest", "any", "busco", "buscando", "tienen", "tienes", "teneis", "venden", "hay",
    "muestrame", "quiero", "quisiera", "necesito", "procurando", "procuro", "voces tem", "voce tem", "tem", "vendem",
    "mostre", "quero", "queria", "preciso", "gostaria",
];
pub const QUESTION: &[&str] = &[
    "what", "whats", "how", "when", "where", "why", "who", "which", "can", "could", "do", "does", "is", "are", "will",
    "would", "may", "que", "como", "cuando", "donde", "por que", "quien", "cual", "puedo", "pueden", "se puede", "es",
    "quando", "onde", "quem", "qual", "posso", "o que",
];
/// Words that narrow a search and are no search of their own.
pub const NARROWING: &[&str] = &[
    "cheaper", "barato", "barata", "without", "sin", "sem", "black", "white", "blue", "red", "green", "grey", "gray",
    "yellow", "orange", "pink", "purple", "brown", "beige", "navy", "dark", "light", "negro", "negra", "blanco",
    "blanca", "azul", "rojo", "roja", "verde", "gris", "amarillo", "amarilla", "rosa", "marron", "naranja", "preto",
    "preta", "branco", "branca", "vermelho", "vermelha", "cinza", "amarelo", "amarela", "marrom", "xxs", "xs", "s",
    "m", "l", "xl", "xxl", "xxxl", "small", "medium", "large", "size", "talla", "tamanho", "under", "below", "less",
    "than", "over", "above", "max", "maximum", "most", "least", "between", "up", "euro", "euros", "eur", "dollars",
    "usd", "menos", "mas", "hasta", "maximo", "entre", "ate", "mais", "for", "para", "women", "womens", "woman", "men",
    "mens", "man", "kids", "children", "girls", "boys", "ladies", "unisex", "mujer", "mujeres", "hombre", "hombres",
    "ninos", "mulher", "mulheres", "homem", "homens", "criancas", "in", "en", "em", "de", "with", "con", "com",
    "instead", "only", "just", "something", "anything", "algo", "ones", "one", "them", "it", "and", "y", "e", "or",
    "o", "stock", "available", "color", "colour", "cor", "at", "the", "but", "make", "mejor", "not", "too", "same",
    "mismo", "my", "son", "daughter", "wife", "husband", "is", "are", "que", "a", "waterproof", "impermeable",
    "impermeavel", "reduced", "sale",
];
/// Comparatives and the word that a search understands.
pub const COMPARATIVES: &[(&str, &str)] = &[
    ("warmer", "warm"), ("lighter", "lightweight"), ("bigger", "large"), ("larger", "large"), ("smaller", "small"),
    ("longer", "long"), ("shorter", "short"), ("softer", "soft"), ("stronger", "strong"), ("thicker", "thick"),
    ("thinner", "thin"), ("brighter", "bright"), ("darker", "dark"), ("faster", "fast"), ("sturdier", "sturdy"),
    ("dressier", "dressy"), ("sportier", "sporty"), ("comfier", "comfortable"), ("better", "quality"),
];
/// Courtesy that a wish is freed of first.
pub const POLITE: &[&str] = &["please", "pls", "por favor"];
pub const FILLER: &[&str] = &[
    "please", "pls", "por favor", "to my cart", "to the cart", "in my cart", "to my basket", "to the basket",
    "into my cart", "in the cart", "al carrito", "a mi carrito", "en el carrito", "ao carrinho", "no carrinho",
    "ao meu carrinho", "to cart",
];
/// Words that carry nothing when the rest of a command is taken for options or a name.
pub const SMALL: &[&str] = &[
    "pair", "pairs", "pares", "the", "a", "an", "it", "this", "that", "these", "those", "them", "one", "ones", "of", "in", "for", "to", "my",
    "me", "and", "is", "are", "do", "does", "you", "i", "have", "has", "can", "please", "also", "with", "on", "from",
    "just", "want", "like", "id", "would", "size", "color", "colour", "el", "la", "los", "las", "lo", "un", "una",
    "uno", "de", "del", "en", "al", "mi", "me", "y", "con", "por", "favor", "talla", "esto", "esta", "este", "eso",
    "esa", "ese", "o", "os", "as", "um", "uma", "do", "da", "no", "na", "em", "meu", "minha", "e", "com", "isso",
    "isto", "esse", "essa", "tamanho", "cor", "number", "numero", "both", "what", "whats", "how", "about", "there",
    "so", "then", "now", "ok", "yes", "well", "get", "got", "be", "am", "im", "ill", "take", "available", "stock",
    "come", "comes", "many", "much", "will", "tiene", "tienen", "tem", "hay", "es", "que", "para", "your", "cart",
    "basket", "carrito", "carrinho", "instead", "only", "or", "same", "hi", "hello", "hola", "any", "still", "left",
];

/// Small words of English.
pub const ENGLISH: &[&str] = &[
    "the", "is", "do", "does", "you", "i", "have", "my", "what", "whats", "how", "in", "for", "and", "it", "me", "to",
    "can", "of", "please", "are", "show", "hi", "hello", "hey", "thanks", "thank", "your", "im", "looking", "with",
    "any", "where", "want", "need", "which", "first", "one", "this", "that", "about", "under", "cheaper", "more",
    "order", "cart", "when", "there", "on", "an", "yes", "add", "remove", "buy", "size", "good", "bye", "blue", "red",
    "black", "something", "no",
];
/// Small words of Spanish.
pub const SPANISH: &[&str] = &[
    "no", "hola", "gracias", "el", "la", "los", "las", "un", "una", "unos", "unas", "quiero", "quisiera", "busco", "tienen",
    "tienes", "teneis", "hay", "para", "cuanto", "cuesta", "cuestan", "donde", "esta", "mi", "mis", "pedido", "envio",
    "devolucion", "devolver", "por", "favor", "que", "como", "puedo", "mas", "barato", "barata", "baratos", "y", "con",
    "del", "al", "es", "son", "en", "necesito", "chaqueta", "zapatos", "buenos", "buenas", "dias", "tardes", "adios",
    "primero", "primera", "segundo", "segunda", "carrito", "muestrame", "menos", "euros", "talla", "rojo", "roja",
    "negro", "negra", "me", "lo", "anade", "agrega", "quita", "otro", "otros", "de", "si", "cuando", "llega",
    "persona", "algo", "hablar", "cual", "ver", "pagar",
];
/// Small words of Portuguese.
pub const PORTUGUESE: &[&str] = &[
    "ola", "oi", "obrigado", "obrigada", "o", "os", "as", "um", "uma", "quero", "queria", "procuro", "voces", "voce",
    "tem", "ha", "para", "quanto", "custa", "custam", "onde", "meu", "minha", "frete", "entrega", "envio", "mais",
    "barato", "barata", "e", "com", "do", "da", "dos", "das", "no", "na", "ao", "sao", "em", "preciso", "jaqueta",
    "casaco", "sapatos", "bom", "boa", "dia", "tarde", "noite", "tchau", "primeiro", "primeira", "segundo", "segunda",
    "carrinho", "mostre", "menos", "euros", "tamanho", "vermelho", "vermelha", "preto", "preta", "nao", "sim",
    "devolucao", "devolver", "posso", "por", "favor", "que", "como", "pedido", "de", "me", "adicione", "remova", "ate",
    "quando", "chega", "pessoa", "algo", "falar", "qual", "ver", "pagar", "outro", "outros", "coloque", "esta", "tudo",
    "bem",
];
/// Real words that are one letter away from a command word and must not be taken for it.
pub const NOT_TYPOS: &[&str] = &[
    "cuesta", "cuestan", "think", "tank", "tanks", "older", "there", "three", "these", "those", "where", "horse",
    "house", "short", "shirt", "shirts", "shoes", "shorts", "sport", "sports", "poles", "clean", "cleaner", "weather",
    "leather", "hiking", "boots", "books", "coats", "caps", "cards", "broke", "helmet", "casual", "carry", "compass",
    "tracks", "packs", "charge", "winter", "camera", "cables", "summer", "hammer", "planner", "personal", "tigre",
    "lighter", "returned", "cancelled", "boxer", "boxes", "socks", "stick", "sticks", "trail", "train", "packet",
    "corta", "corto", "curto", "compacto",
];

/// "That is all": on to the till when there is something in the cart.
pub const DONE: &[&str] = &[
    "thats all", "that is all", "thats it", "eso es todo", "e so isso", "im done", "i am done",
];
/// Words asking for the sum of the cart.
pub const TOTAL: &[&str] = &[
    "whats the total", "what is the total", "the total", "in total", "how much is everything", "total",
    "cuanto es todo", "quanto e tudo",
];
/// Words that stop wanting something.
pub const UNWANT: &[&str] = &["i dont want the", "i do not want the", "dont want", "ya no quiero", "nao quero mais"];
/// Words at the front of a wish that answer something before it.
pub const INTERJECTIONS: &[&str] = &[
    "yes", "yeah", "no", "ok", "okay", "sure", "well", "so", "actually", "si", "sim", "nao", "vale", "hmm", "oh", "great",
];
/// Words that ask whether there is any, not for a property.
pub const STOCK: &[&str] = &[
    "in stock", "available", "availability", "disponible", "disponivel", "en stock", "em estoque", "sold out",
    "agotado", "esgotado",
];
/// Words that ask what a product comes in.
pub const OPTIONS: &[&str] = &[
    "what size", "what sizes", "which sizes", "what color", "what colors", "what colour", "what colours",
    "which colors", "which colours", "other color", "other colors", "other colour", "other colours", "another color",
    "another colour", "other sizes", "another size", "que tallas", "que colores", "otro color", "quais tamanhos",
    "que tamanhos", "que cores", "quais cores", "outra cor",
];
/// Words in front of a quality that narrows a search.
pub const NARROWING_FRONT: &[&str] = &[
    "with", "without", "in", "for", "con", "sin", "para", "en", "com", "sem", "em", "but", "under", "over", "not",
];
/// Words that exclude the next one.
pub const EXCLUDING: &[&str] = &["not", "no", "without", "sin", "sem", "nao"];
/// Openings of a search that is no answer to a question of ours.
pub const SEEKING: &[&str] = &[
    "busco", "estoy buscando", "looking for", "im looking", "i am looking", "show me", "do you have", "do you sell",
    "procuro", "estou procurando", "tienen", "tienes", "hay", "voces tem", "find", "search", "what about", "how about",
];
