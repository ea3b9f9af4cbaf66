//! Words that steer a search: without, in stock, for women, the lightest.

use crate::catalog::understand::By;
use crate::catalog::understand::token::Table;
use std::sync::LazyLock;

/// Words that exclude what follows them.
#[rustfmt::skip]
pub static NEGATIONS: LazyLock<Table<()>> = LazyLock::new(|| Table::of(&[
    "not", "no", "non", "without", "except", "except for", "excluding", "anything but", "dont", "but not", "other than", "avoid", "apart from",
    "nothing in", "nothing with", "isnt", "arent", "free of", "anything except", "all but", "never",
    "sin", "excepto", "salvo", "nada de", "que no sea", "que no sean", "menos el", "menos la", "pero no", "cualquiera menos", "ningún", "ninguna",
    "sem", "não", "exceto", "menos o", "menos a", "que não seja", "que não sejam", "mas não", "nenhum", "nenhuma",
    "ohne", "nicht", "kein", "keine", "keinen", "keiner", "keines", "keinem", "außer", "aber nicht", "bloß nicht", "nichts aus", "nichts in",
    "sans", "pas", "pas de", "pas en", "sauf", "mais pas", "hors", "excepté", "aucun", "aucune",
    "senza", "tranne", "eccetto", "ma non", "niente", "nessun", "nessuna", "che non sia",
    "tanpa", "bukan", "tidak", "kecuali", "jangan", "selain", "tapi bukan", "nggak", "gak", "tidak mau",
    "bina", "bagair", "بدون", "ليس", "ليست", "بلا", "ما عدا", "ماعدا", "باستثناء", "الا", "لا اريد", "مش", "غير", "من غير", "من دون",
]));
/// Words that exclude what stands before them: "leather nahi".
#[rustfmt::skip]
pub static NEGATIONS_BEHIND: LazyLock<Table<()>> = LazyLock::new(|| Table::of(&[
    "nahi", "nahin", "nahi chahiye", "nahin chahiye", "nai chahiye", "mat dikhao", "ke bina", "ke bagair", "chhod ke", "chhodkar", "ko chhodkar", "wala nahi",
    "wali nahi", "wale nahi", "ka nahi", "ki nahi", "ke nahi", "ke alawa", "se bana nahi",
]));
/// Phrases with a negation that exclude nothing.
#[rustfmt::skip]
pub static NO_NEGATIONS: LazyLock<Table<()>> = LazyLock::new(|| Table::of(&[
    "no problem", "no worries", "no idea", "no thanks", "no thank you", "no rush", "no hurry", "no matter", "no one", "no need", "no doubt", "no more",
    "no way", "no longer", "no stress", "no big deal", "why not", "not bad", "not sure", "not really", "not yet", "not only", "not at all", "not now",
    "or not", "if not", "not that", "not this", "not these", "not those", "not too", "not very", "not so", "not quite", "dont know", "dont mind", "dont care",
    "dont worry", "dont have", "dont you have", "non stop", "no entiendo", "no se", "no sé", "no importa", "no pasa nada", "no hay", "no tienen", "no tiene",
    "no hay problema", "por qué no", "no muy", "no tan", "no demasiado", "no sei", "não sei", "não tem", "não têm", "não importa", "não muito", "sem problema",
    "sem problemas", "sin problema", "sin problemas", "por que não", "ou não", "o no", "kein problem", "keine ahnung", "keine sorge", "keine eile", "kein stress",
    "warum nicht", "nicht so", "nicht zu", "nicht sehr", "nicht wahr", "oder nicht", "weiß nicht", "nicht sicher", "pas de problème", "pas de souci",
    "pourquoi pas", "pas mal", "pas sûr", "pas trop", "pas très", "ou pas", "non lo so", "non importa", "perché no", "senza problemi", "non so", "non troppo",
    "non molto", "tidak apa apa", "tidak masalah", "tidak tahu", "tidak terlalu", "gak apa apa", "koi baat nahi", "pata nahi", "koi problem nahi", "kyu nahi",
    "kyun nahi", "لا مشكله", "لا بأس", "لا اعرف", "لم لا",
]));
/// Small words between a negation and what it excludes.
#[rustfmt::skip]
pub const NEGATION_FILLERS: [&str; 56] = [
    "a", "an", "the", "any", "in", "made", "of", "from", "do", "want", "like", "wear", "need", "quiero", "quero", "de", "en", "em", "aus", "with", "for",
    "la", "el", "los", "las", "un", "una", "um", "uma", "o", "os", "as", "le", "les", "du", "des", "der", "die", "das", "den", "ein", "eine", "in", "con", "com",
    "mit", "il", "lo", "gli", "di", "yang", "warna", "color", "colour", "bahan", "wool's",
];
/// Words that are not what somebody wants to be without.
#[rustfmt::skip]
pub const NOT_EXCLUDABLE: [&str; 47] = [
    "wait", "sure", "thanks", "thank", "problem", "idea", "know", "matter", "only", "really", "available", "yet", "now", "working", "work",
    "have", "you", "i", "it", "that", "this", "is", "my", "one", "worries", "gracias", "obrigado", "too", "more", "less", "be", "buy", "me", "we", "what", "much",
    "many", "fit", "help", "go", "get", "there", "please", "danke", "merci", "grazie", "shukriya",
];
/// Words that lengthen an exclusion.
pub const OR: [&str; 12] = ["or", "nor", "o", "ni", "ou", "nem", "oder", "noch", "atau", "ya", "او", "né"];
/// Phrases about what can be bought now.
#[rustfmt::skip]
pub static IN_STOCK: LazyLock<Table<()>> = LazyLock::new(|| Table::of(&[
    "in stock", "on stock", "available", "available now", "currently available", "can ship today", "ships today", "ready to ship", "ship now",
    "that you have now", "immediately available", "en stock", "disponible", "disponibles", "en existencia", "disponible ahora", "disponível", "disponíveis",
    "em estoque", "em stock", "a pronta entrega", "pronta entrega", "lieferbar", "verfügbar", "auf lager", "vorrätig", "sofort lieferbar", "am lager",
    "disponible immédiatement", "disponibile", "disponibili", "in magazzino", "pronta consegna", "tersedia", "ready stock", "stok ada", "ada stok", "yang ready",
    "stock mein", "stock me", "stock mein hai", "متوفر", "متوفره", "متاح", "متاحه", "في المخزون",
]));
/// Words for whom something is made.
pub static GENDERS: LazyLock<Table<&'static str>> = LazyLock::new(|| {
    #[rustfmt::skip]
    const ROWS: [(&str, &[&str]); 4] = [
        ("women", &["women", "womens", "woman", "womans", "wife", "girlfriend", "ladies", "lady", "female", "mother", "mom", "mum", "mujer", "mujeres", "señora",
            "señoras", "novia", "esposa", "feminino", "feminina", "femenino", "femenina", "mulher", "mulheres", "senhora", "damen", "dame", "frauen", "frau", "femme", "femmes", "donna", "donne",
            "wanita", "perempuan", "cewek", "aurat", "mahila", "ladkiyon", "ladki", "نساء", "نسائي", "للنساء", "امرأه", "سيدات", "للسيدات", "زوجتي"]),
        ("men", &["men", "mens", "man", "mans", "husband", "boyfriend", "gents", "male", "father", "dad", "hombre", "hombres", "caballero", "caballeros", "novio", "marido",
            "masculino", "masculina", "homem", "homens", "herren", "männer", "mann", "homme", "hommes", "uomo", "uomini", "pria", "laki laki", "cowok", "mardon",
            "mard", "purush", "رجال", "رجالي", "للرجال", "رجل", "زوجي"]),
        ("kids", &["kids", "kid", "child", "children", "childrens", "boys", "girls", "boy", "girl", "toddler", "toddlers", "niño", "niños", "niña", "niñas", "criança",
            "crianças", "infantil", "menino", "menina", "kinder", "kind", "enfant", "enfants", "bambino", "bambini", "bambina", "bambine", "anak", "anak anak", "bachchon",
            "bachche", "bacche", "bachon", "أطفال", "للأطفال", "طفل", "أولاد", "بنات"]),
        ("unisex", &["unisex", "unisexe"]),
    ];
    Table::new(ROWS.iter().flat_map(|(gender, words)| words.iter().map(|word| (*word, *gender))))
});
/// Words that lead to a gender.
pub const FOR: [&str; 10] = ["for", "para", "fur", "pour", "per", "untuk", "buat", "ke", "من", "my"];
/// Other names of yes-or-no properties.
pub static PROPERTIES: LazyLock<Table<&'static str>> = LazyLock::new(|| {
    #[rustfmt::skip]
    const WATERPROOF: [&str; 18] = [
        "water proof", "impermeable", "impermeables", "impermeável", "impermeáveis", "wasserdicht", "wasserdichte", "wasserdichten", "wasserdichter", "étanche",
        "imperméable", "imperméables", "impermeabile", "impermeabili", "tahan air", "anti air", "مقاوم للماء", "ضد الماء",
    ];
    Table::new(WATERPROOF.map(|words| (words, "waterproof")))
});
/// Orders by something else than the price.
pub static ORDERS: LazyLock<Table<By>> = LazyLock::new(|| {
    #[rustfmt::skip]
    const ROWS: [(By, &[&str]); 9] = [
        (By::Lightest, &["lightest", "most lightweight", "el más ligero", "la más ligera", "más ligero", "más ligera", "mais leve", "o mais leve", "a mais leve", "leichteste",
            "leichtesten", "leichtester", "leichtestes", "le plus léger", "la plus légère", "plus léger", "più leggero", "più leggera", "paling ringan", "teringan", "sabse halka", "sabse halki", "الأخف", "اخف"]),
        (By::Heaviest, &["heaviest", "schwerste", "schwersten", "más pesado", "mais pesado", "le plus lourd", "più pesante", "paling berat", "terberat"]),
        (By::Biggest, &["biggest", "largest", "greatest", "roomiest", "el más grande", "la más grande", "más grande", "o maior", "a maior", "größte", "größten", "größter",
            "größtes", "le plus grand", "la plus grande", "il più grande", "la più grande", "paling besar", "terbesar", "sabse bada", "sabse badi", "الأكبر", "اكبر"]),
        (By::Smallest, &["smallest", "most compact", "el más pequeño", "la más pequeña", "más pequeño", "más pequeña", "o menor", "a menor", "kleinste", "kleinsten", "kleinster",
            "kleinstes", "le plus petit", "la plus petite", "il più piccolo", "la più piccola", "paling kecil", "terkecil", "sabse chota", "sabse chhota", "sabse choti", "الأصغر", "اصغر"]),
        (By::Longest, &["longest", "el más largo", "la más larga", "mais longo", "mais comprido", "längste", "längsten", "le plus long", "la plus longue", "il più lungo", "paling panjang", "terpanjang", "sabse lamba"]),
        (By::Shortest, &["shortest", "el más corto", "mais curto", "kürzeste", "kürzesten", "le plus court", "il più corto", "paling pendek", "terpendek"]),
        (By::Newest, &["newest", "latest", "most recent", "new arrivals", "just in", "lo más nuevo", "el más nuevo", "más reciente", "novedades", "mais novo", "mais recente", "novidades",
            "lançamentos", "neueste", "neuesten", "neuestes", "neuheiten", "le plus récent", "nouveautés", "dernier modèle", "più recente", "novità", "terbaru", "paling baru", "sabse naya", "الأحدث", "احدث"]),
        (By::BestRated, &["best rated", "top rated", "highest rated", "best reviewed", "best reviews", "mejor valorado", "mejor valorada", "mejor valorados", "mejor calificado", "mais bem avaliado",
            "melhor avaliado", "bestbewertet", "bestbewertete", "am besten bewertet", "mieux noté", "les mieux notés", "meglio recensito", "rating tertinggi", "الأعلى تقييما", "best rating"]),
        (By::MostPopular, &["best selling", "bestseller", "bestsellers", "best seller", "best sellers", "most popular", "más vendido", "más vendidos", "más popular", "mais vendido", "mais vendidos", "mais popular",
            "meistverkauft", "meistverkaufte", "beliebteste", "beliebtesten", "les plus vendus", "le plus vendu", "plus populaire", "più venduto", "più venduti", "terlaris", "paling laris", "الأكثر مبيعا"]),
    ];
    Table::new(ROWS.iter().flat_map(|(by, words)| words.iter().map(|word| (*word, *by))))
});
