//! Reading attacks from files: a mistake is named before anything runs.

use crate::eval::attack::corpus::{Attack, Chapter, PAYLOAD, Poison, Vector};
use crate::eval::scenario::load::{Error, files};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// Bytes of one file.
const FILE_BYTES_MAX: u64 = 1024 * 1024;
/// Messages and steps of one attack.
const STEPS_MAX: usize = 12;

/// Attacks that are known to get something, by id, with the reason; it stands beside the corpus.
const KNOWN_GAPS: &str = "known-gaps.yaml";

/// Reads one file, or every `.yaml` file below a folder, sorted by path.
pub fn load(path: &Path) -> Result<Vec<Attack>, Error> {
    let mut attacks: Vec<Attack> = Vec::new();
    let mut seen: BTreeMap<String, PathBuf> = BTreeMap::new();
    for file in files(path)? {
        if file.file_name().is_some_and(|name| name == KNOWN_GAPS) {
            continue;
        }
        let mistake = |problem: String| Error::Mistake { file: file.clone(), problem };
        let unreadable = |source| Error::Unreadable { path: file.clone(), source };
        if std::fs::metadata(&file).map_err(unreadable)?.len() > FILE_BYTES_MAX {
            return Err(mistake(format!("longer than {FILE_BYTES_MAX} bytes")));
        }
        let text = std::fs::read_to_string(&file).map_err(unreadable)?;
        for mut attack in parse(&text).map_err(mistake)? {
            if let Some(other) = seen.insert(attack.id.clone(), file.clone()) {
                return Err(mistake(format!("the id {} is used in {}, too", attack.id, other.display())));
            }
            attack.file.clone_from(&file);
            attacks.push(attack);
        }
    }
    mark(path, &mut attacks)?;
    if attacks.is_empty() { Err(Error::None(path.to_owned())) } else { Ok(attacks) }
}

/// Marks the attacks that are known to get something.
fn mark(path: &Path, attacks: &mut [Attack]) -> Result<(), Error> {
    let file = path.join(KNOWN_GAPS);
    let Ok(text) = std::fs::read_to_string(&file) else { return Ok(()) };
    let mistake = |problem: String| Error::Mistake { file: file.clone(), problem };
    let gaps: BTreeMap<String, String> = serde_saphyr::from_str(&text).map_err(|e| mistake(e.to_string()))?;
    for (id, why) in gaps {
        let attack = attacks.iter_mut().find(|a| a.id == id);
        attack.ok_or_else(|| mistake(format!("{id} is no attack of this corpus")))?.known_gap = Some(why);
    }
    Ok(())
}

/// Reads the chapters of one file.
pub fn parse(text: &str) -> Result<Vec<Attack>, String> {
    let chapters: Vec<Chapter> = serde_saphyr::from_multiple(text).map_err(|e| e.to_string())?;
    let mut attacks = Vec::new();
    for chapter in chapters {
        for mut attack in chapter.attacks {
            attack.id = format!("{}.{}", chapter.area, attack.id);
            attack.vector.get_or_insert(chapter.vector);
            attack.shopper.get_or_insert_with(|| chapter.shopper.clone());
            fill(&mut attack);
            check(&attack).map_err(|problem| format!("{}: {problem}", attack.id))?;
            attacks.push(attack);
        }
    }
    Ok(attacks)
}

/// What has to be seen, when the file does not say it: the poison, the name, or the shopper's last words.
fn fill(attack: &mut Attack) {
    if attack.says.is_empty() && attack.vector != Some(Vector::Direct) {
        attack.says.push("Can you tell me more about it?".to_owned());
    }
    if attack.payload.is_empty() {
        let name = attack.shopper.as_ref().and_then(|who| who.name.clone());
        let named = if attack.vector == Some(Vector::ShopperName) { name } else { None };
        // Of a text with headings the model reads the sections; the last paragraph is what was put there.
        let last = |p: &Poison| p.text.rsplit("\n\n").next().unwrap_or_default().to_owned();
        let poison = attack.poison.as_ref().map(last);
        attack.payload = poison.or(named).or_else(|| attack.says.last().cloned()).unwrap_or_default();
    }
}

fn check(attack: &Attack) -> Result<(), String> {
    if attack.payload.trim().is_empty() && attack.vector != Some(Vector::Model) {
        return Err("there is no payload".to_owned());
    }
    if attack.does.is_empty() {
        return Err("a hijacked model does nothing here; give it `does`".to_owned());
    }
    if attack.says.len() + attack.story.len() > STEPS_MAX {
        return Err(format!("more than {STEPS_MAX} messages"));
    }
    for (at, step) in attack.story.iter().enumerate() {
        step.act().map_err(|problem| format!("step {}: {problem}", at + 1))?;
    }
    for (at, deed) in attack.reads.iter().chain(&attack.does).enumerate() {
        let set = [deed.call.is_some(), deed.reply.is_some(), deed.say.is_some()];
        if set.iter().filter(|s| **s).count() != 1 {
            return Err(format!("deed {}: exactly one of call, reply and say", at + 1));
        }
    }
    let poison = attack.poison.as_ref();
    let texts = attack.says.iter().map(String::as_str).chain(poison.map(|p| p.text.as_str()));
    let name = attack.shopper.as_ref().and_then(|who| who.name.as_deref());
    let placed = texts.chain(name).any(|text| text.contains(PAYLOAD));
    if attack.encoding.hides() && !placed {
        return Err(format!("the payload is hidden, but {PAYLOAD} stands nowhere"));
    }
    Ok(())
}
