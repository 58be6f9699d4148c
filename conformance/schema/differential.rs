//! Does the parser take exactly what the schemas take? Thousands of commands, each changed once or more, are given to
//! both, and also to the published schemas where they are at hand.
//!
//! `EPP_MUTANTS` sets how many, `EPP_MUTANT_SEED` which; the same numbers make the same frames on every machine.

use std::fmt::Write as _;

use domesday::epp::command::{Envelope, Request};
use domesday::epp::decode;
use domesday::epp::ext::{Ext, Fit};

use super::dice::Dice;
use super::foreign::WithForeign;
use super::mutate::{disguise, mutate};
use super::seeds::{self, SEEDS, Seed};
use super::server_seeds::SERVER_SEEDS;
use super::shape::Shape;
use super::tree::{Kid, Node, document};
use super::{Set, Verdict};

/// A frame and what it was made from.
struct Mutant {
    octets: Vec<u8>,
    /// The same frame for the validator, without what libxml2 has wrong: it does not take the blanks around a date or a
    /// number away (XML Schema part 2, section 4.3.6), and blanks between elements are text to it when they are CDATA.
    for_schemas: Vec<u8>,
    /// `None` when the octets were changed and not the tree.
    tree: Option<Node>,
}

/// Frames per round, which bounds the memory of a long run.
const ROUND: usize = 5_000;

#[test]
fn parser_and_schemas_agree() {
    let ours = WithForeign::new(&Set::ours());
    let mut faults = Vec::new();
    let mut valid = 0;
    let total = rounds(SEEDS, 5730, |mutants| {
        let verdicts = ours.verdicts(mutants.iter().map(|m| m.for_schemas.as_slice()));
        valid += verdicts.iter().filter(|v| **v == Verdict::Valid).count();
        faults.extend(mutants.iter().zip(&verdicts).filter_map(|(m, v)| disagreement(m, v)));
    });
    // A generator that makes only one kind of frame compares nothing.
    assert!(valid > total / 10 && valid < total / 10 * 9, "{valid} of {total} mutants are valid");
    assert_none(&faults);
}

/// Where the published schemas are at hand.
#[test]
fn our_schemas_and_the_published_ones_agree() {
    let Some(published) = Set::published().map(|set| WithForeign::new(&set)) else { return };
    let ours = WithForeign::new(&Set::ours());
    let mut all = [SEEDS, SERVER_SEEDS].concat();
    // The balance is published by its registry, not with an RFC.
    all.retain(|(name, _)| !name.starts_with("balance:"));
    let mut faults = Vec::new();
    rounds(&all, 5733, |mutants| {
        let frames = || mutants.iter().map(|m| m.octets.as_slice());
        for ((frame, ours), theirs) in frames().zip(ours.verdicts(frames())).zip(published.verdicts(frames()))
        {
            if (ours == Verdict::Valid) != (theirs == Verdict::Valid) {
                faults.push(format!("ours: {ours:?}\npublished: {theirs:?}\n{}", shown(frame)));
            }
        }
    });
    assert_none(&faults);
}

#[test]
fn valid_commands_are_taken_by_all() {
    let mut dice = Dice::new(5731);
    let frames: Vec<_> = SEEDS
        .iter()
        .cycle()
        .take(SEEDS.len() * 20)
        .map(|(name, seed)| (*name, document(&for_libxml2(&seeds::frame(*seed, &mut dice)), &mut dice)))
        .collect();
    for set in std::iter::once(Set::ours()).chain(Set::published()) {
        let all = set.name() == Set::ours().name();
        let known: Vec<_> = frames.iter().filter(|(name, _)| all || !name.starts_with("balance:")).collect();
        let verdicts = WithForeign::new(&set).verdicts(known.iter().map(|(_, frame)| frame.as_slice()));
        for ((name, frame), verdict) in known.into_iter().zip(verdicts) {
            assert_eq!(verdict, Verdict::Valid, "{name}\n{}", shown(frame));
        }
    }
    for (name, frame) in &frames {
        if let Err(rejected) = decode(frame) {
            assert_ne!(rejected.refusal.code(), 2001, "{name}: {}\n{}", rejected.refusal, shown(frame));
        }
    }
}

#[test]
fn the_same_command_in_another_dress_is_the_same() {
    let mut dice = Dice::new(5732);
    for (name, seed) in SEEDS.iter().cycle().take(SEEDS.len() * 20) {
        let plain = seeds::frame(*seed, &mut dice);
        let mut dressed = plain.clone();
        disguise(&mut dressed, &mut dice);
        let (plain, dressed) = (document(&plain, &mut dice), document(&dressed, &mut dice));
        assert_eq!(decode(&plain), decode(&dressed), "{name}\n{}\n{}", shown(&plain), shown(&dressed));
    }
}

/// Makes mutants of these seeds, so many at a time; says how many.
fn rounds(seeds: &[(&str, Seed)], seed: usize, mut compare: impl FnMut(&[Mutant])) -> usize {
    let total = setting("EPP_MUTANTS", ROUND);
    let mut dice = Dice::new(setting("EPP_MUTANT_SEED", seed) as u64);
    let mut done = 0;
    while done < total {
        let mutants: Vec<_> = (0..ROUND.min(total - done)).map(|_| mutant(seeds, &mut dice)).collect();
        compare(&mutants);
        done += mutants.len();
    }
    total
}

fn mutant(seeds: &[(&str, Seed)], dice: &mut Dice) -> Mutant {
    let (_, seed) = dice.pick(seeds);
    let mut tree = seeds::frame(seed, dice);
    if dice.once_in(10) {
        // Without a declaration: libxml2 takes some that are none.
        let octets = loop {
            let whole = document(&for_libxml2(&tree), dice);
            if !whole[..8].contains(&b'?') {
                break scratch(whole, dice);
            }
        };
        return Mutant { for_schemas: without_blanks_at_numbers(&octets), octets, tree: None };
    }
    for _ in 0..dice.pick(&[1, 1, 1, 2, 2, 3]) {
        mutate(&mut tree, dice);
    }
    if dice.once_in(4) {
        disguise(&mut tree, dice);
    }
    let octets = document(&tree, dice);
    let bare = for_libxml2(&tree);
    let for_schemas = if bare == tree { octets.clone() } else { document(&bare, dice) };
    Mutant { octets, for_schemas, tree: Some(tree) }
}

/// Elements of numbers and times.
const TRIMMED: &[&str] = &[
    "period",
    "curExpDate",
    "delTime",
    "resTime",
    "keyTag",
    "alg",
    "digestType",
    "digest",
    "flags",
    "protocol",
    "pubKey",
    "maxSigLife",
    "all",
    "notAfter",
    "acceptedDate",
    "class",
    "apDate",
    "regDate",
    "exDate",
    "proDate",
    "execDate",
];

fn for_libxml2(tree: &Node) -> Node {
    let mut tree = tree.clone();
    for path in tree.paths() {
        let node = tree.at(&path);
        if TRIMMED.contains(&node.name.as_str()) {
            node.trim();
        }
        for kid in &mut node.kids {
            match kid {
                Kid::Cdata(text) if text.trim().is_empty() => *kid = Kid::Text(std::mem::take(text)),
                _ => {}
            }
        }
    }
    tree
}

/// The same for octets: a blank that was scratched in beside the digits of an element.
fn without_blanks_at_numbers(octets: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(octets.len());
    for (nth, piece) in octets.split(|b| *b == b'>').enumerate() {
        if nth > 0 {
            out.push(b'>');
        }
        let (text, tag) = piece.split_at(piece.iter().position(|b| *b == b'<').unwrap_or(piece.len()));
        let bare = text.trim_ascii();
        let number = !bare.is_empty() && bare.iter().all(u8::is_ascii_digit) && tag.starts_with(b"</");
        out.extend(if number { bare } else { text });
        out.extend(tag);
    }
    out
}

/// Changes the octets themselves: what comes out is rarely XML.
fn scratch(mut octets: Vec<u8>, dice: &mut Dice) -> Vec<u8> {
    let at = dice.below(octets.len());
    match dice.below(5) {
        0 => octets.truncate(at),
        1 => drop(octets.remove(at)),
        2 => octets[at] = (dice.next() & 0x7F) as u8,
        3 => octets[at] = dice.next() as u8,
        _ => {
            let pieces: &[&[u8]] = &[
                b"<",
                b">",
                b"&",
                b"\"",
                b"'",
                b"/",
                b"&amp;",
                b"&#0;",
                b"&#x1F;",
                b"&#xFFFE;",
                b"&#65;",
                b"&#x110000;",
                b"&none;",
                b"]]>",
                b"<!--",
                b"-->",
                b"<!-- -- -->",
                b"<?xml?>",
                b"<?x?>",
                b"\0",
                b"\x0B",
                b"\xEF\xBF\xBE",
                b"\xED\xA0\x80",
                b"\xC0\x80",
                b"\xFF",
                b" a='1' a='1'",
                b" xmlns:p=''",
                b" p:a='1'",
                b"<x>",
                b"</epp>",
                b" ",
                b"\xC2\x85",
            ];
            let piece = dice.pick(pieces);
            octets.splice(at..at, piece.iter().copied());
        }
    }
    octets
}

/// What is wrong between the parser's answer and the schemas' verdict, if anything is.
fn disagreement(mutant: &Mutant, verdict: &Verdict) -> Option<String> {
    let answer = decode(&mutant.octets);
    let code = answer.as_ref().err().map(|r| r.refusal.code());
    let shape = mutant.tree.as_ref().map(Shape::of);
    let agreed = match (verdict, code) {
        // To libxml2 a NUL behind the root is the end of the document.
        (Verdict::Valid, Some(2001)) => shape.map_or(mutant.octets.contains(&0), |s| s.stricter()),
        (Verdict::Valid, _) => true,
        // Where nothing but the object is unknown, 2307 says more.
        (Verdict::Invalid(complaint), Some(2001)) => {
            // An element that a known namespace does not have is a fault of its own.
            let known =
                |line: &str| Ext::ALL.iter().any(|ext| line.contains(&format!("Element '{{{}}}", ext.uri())));
            let wildcard_only =
                complaint.lines().all(|line| line.contains("strict wildcard") && !known(line));
            !(wildcard_only && shape.is_some_and(|s| s.unknown_object))
        }
        (Verdict::Invalid(complaint), _) => {
            let only = |what: &str| complaint.lines().all(|line| line.contains(what));
            // libxml2 reads more into URIs than XML Schema, which lets every text be one.
            let uri = only("'xs:anyURI'");
            // An extension is in no schema; the parser reads the rest of the frame and leaves it to the gate.
            let extension =
                only("strict wildcard") && shape.as_ref().is_none_or(|s| s.extension || s.foreign_auth);
            match (code, shape) {
                _ if uri => true,
                (Some(code), Some(shape)) => extension || shape.busy_extension || shape.explains(code),
                (Some(code), None) => extension || matches!(code, 2000 | 2100 | 2101 | 2102 | 2307),
                (None, shape) => {
                    (extension || shape.is_some_and(|s| s.busy_extension))
                        && matches!(&answer, Ok(Request::Command(c)) if !c.unknown_extensions.is_empty())
                        || matches!(&answer, Ok(Request::Command(c)) if misplaced(c))
                }
            }
        }
    };
    if agreed {
        return None;
    }
    let said = match answer {
        Ok(request) => format!("{request:?}"),
        Err(rejected) => {
            format!("{} {:?} {:?}", rejected.refusal, rejected.refusal.reason, rejected.refusal.at)
        }
    };
    let schemas = match verdict {
        Verdict::Valid => "valid",
        Verdict::Invalid(complaint) => complaint,
    };
    Some(format!("parser: {said}\nschemas: {schemas}\n{}", shown(&mutant.octets)))
}

/// Whether an extension's element of answers stands in the command: the parser says so, and does not look into it.
fn misplaced(command: &Envelope) -> bool {
    command.extensions.iter().any(|carried| carried.fit == Fit::Elsewhere)
}

fn shown(octets: &[u8]) -> String {
    let unit: fn([u8; 2]) -> u16 = match octets {
        [0xFF, 0xFE, ..] => u16::from_le_bytes,
        [0xFE, 0xFF, ..] => u16::from_be_bytes,
        // As bytes where it is no text.
        _ => return std::str::from_utf8(octets).map_or_else(|_| octets.escape_ascii().to_string(), visible),
    };
    let units: Vec<_> = octets.chunks_exact(2).map(|pair| unit([pair[0], pair[1]])).collect();
    format!("in UTF-16: {}", visible(&String::from_utf16_lossy(&units)))
}

fn visible(text: &str) -> String {
    let shown = |c: char| match c {
        '\n' | '\t' => c.to_string(),
        '\u{FFFE}' | '\u{FFFF}' => c.escape_unicode().to_string(),
        c if c.is_control() => c.escape_unicode().to_string(),
        c => c.to_string(),
    };
    text.chars().map(shown).collect()
}

fn assert_none(faults: &[String]) {
    let mut text = String::new();
    for fault in faults.iter().take(setting("EPP_MUTANT_SHOWN", 10)) {
        let _ = writeln!(text, "{fault}\n");
    }
    assert!(faults.is_empty(), "{} disagreements, such as\n\n{text}", faults.len());
}

fn setting(name: &str, default: usize) -> usize {
    match std::env::var(name) {
        Ok(value) => value.parse().unwrap_or_else(|_| panic!("{name}={value} is not a number")),
        Err(_) => default,
    }
}
