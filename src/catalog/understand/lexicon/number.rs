//! Number words, small ones, as people write them in a chat.

/// A number word below a hundred, or a hundred; `None` for articles such as "un", which count nothing.
#[rustfmt::skip]
pub fn spoken(low: &str) -> Option<u32> {
    Some(match low {
        "one" | "ek" | "satu" | "واحد" | "eins" => 1,
        "two" | "dos" | "dois" | "duas" | "zwei" | "deux" | "due" | "dua" | "do" | "اثنان" | "اثنين" => 2,
        "three" | "tres" | "drei" | "trois" | "tre" | "tiga" | "teen" | "ثلاثه" => 3,
        "four" | "cuatro" | "quatro" | "vier" | "quatre" | "quattro" | "empat" | "char" | "chaar" | "اربعه" => 4,
        "five" | "cinco" | "funf" | "cinq" | "cinque" | "lima" | "paanch" | "panch" | "خمسه" => 5,
        "six" | "seis" | "sechs" | "sei" | "enam" | "chhe" | "سته" => 6,
        "seven" | "siete" | "sete" | "sieben" | "sept" | "sette" | "tujuh" | "saat" | "سبعه" => 7,
        "eight" | "ocho" | "oito" | "acht" | "huit" | "otto" | "delapan" | "aath" | "ثمانيه" => 8,
        "nine" | "nueve" | "nove" | "neun" | "neuf" | "sembilan" | "nau" | "تسعه" => 9,
        "ten" | "diez" | "dez" | "zehn" | "dix" | "dieci" | "sepuluh" | "das" | "عشره" => 10,
        "eleven" | "once" | "onze" | "elf" | "undici" | "sebelas" => 11,
        "twelve" | "doce" | "doze" | "zwolf" | "douze" | "dodici" | "barah" => 12,
        "fifteen" | "quince" | "quinze" | "funfzehn" | "quindici" | "pandrah" => 15,
        "twenty" | "veinte" | "vinte" | "zwanzig" | "vingt" | "venti" | "bees" | "عشرين" | "عشرون" => 20,
        "thirty" | "treinta" | "trinta" | "dreissig" | "trente" | "trenta" | "tees" | "ثلاثين" => 30,
        "forty" | "cuarenta" | "quarenta" | "vierzig" | "quarante" | "quaranta" | "chalis" | "اربعين" => 40,
        "fifty" | "cincuenta" | "cinquenta" | "funfzig" | "cinquante" | "cinquanta" | "pachas" | "خمسين" => 50,
        "sixty" | "sesenta" | "sessenta" | "sechzig" | "soixante" | "sessanta" | "saath" | "ستين" => 60,
        "seventy" | "setenta" | "siebzig" | "settanta" | "sattar" => 70,
        "eighty" | "ochenta" | "oitenta" | "achtzig" | "ottanta" | "assi" => 80,
        "ninety" | "noventa" | "neunzig" | "novanta" | "nabbe" => 90,
        "hundred" | "cien" | "cem" | "hundert" | "cent" | "cento" | "seratus" | "sau" | "مئه" | "مائه" => 100,
        _ => return None,
    })
}

/// Number words that are more often something else: a verb, an article, a conjunction.
pub fn is_doubtful(low: &str) -> bool {
    matches!(
        low,
        "one"
            | "do"
            | "das"
            | "once"
            | "sei"
            | "ek"
            | "teen"
            | "saat"
            | "sept"
            | "lima"
            | "elf"
            | "sau"
            | "tre"
            | "due"
            | "char"
    )
}
