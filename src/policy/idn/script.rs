//! One script for one label: what looks alike across scripts deceives (UTS 39 section 5, IDN guidelines of the
//! registries). Digits and the hyphen belong to every script; three languages of the East are written with several.

use icu_properties::props::Script;
use icu_properties::script::ScriptWithExtensions;

/// Scripts that are written together: Japanese, Chinese with Bopomofo, Korean, each with Latin letters.
const TOGETHER: &[&[Script]] = &[
    &[Script::Latin, Script::Han, Script::Hiragana, Script::Katakana],
    &[Script::Latin, Script::Han, Script::Bopomofo],
    &[Script::Latin, Script::Han, Script::Hangul],
];

/// Whether all characters can belong to one script, or to scripts that are written together.
pub(super) fn one_script(label: &[char]) -> bool {
    let data = ScriptWithExtensions::new();
    let of: Vec<Vec<Script>> = label
        .iter()
        .map(|c| data.get_script_extensions_val(*c).iter().collect::<Vec<_>>())
        .filter(|scripts| !scripts.iter().any(|s| matches!(*s, Script::Common | Script::Inherited)))
        .collect();
    let Some(first) = of.first() else { return true };
    let single = first.iter().any(|script| of.iter().all(|scripts| scripts.contains(script)));
    single || TOGETHER.iter().any(|group| of.iter().all(|scripts| scripts.iter().any(|s| group.contains(s))))
}
