//! Changes to a valid frame that may or may not leave it valid; which, the schemas say.

use super::dice::Dice;
use super::tree::{Attr, CONTACT, DOMAIN, EPP, FOREIGN, Kid, Node, RGP, SEC_DNS, XML, XSI, el, leaf};
use super::values::{BLANKS, NAMES, NAMESPACES, attribute_value, element_text, length};

/// Changes the frame once, somewhere.
pub fn mutate(root: &mut Node, dice: &mut Dice) {
    let paths = root.paths();
    let path = dice.pick(&paths);
    match dice.below(20) {
        // Elements among their siblings.
        0..=8 => match path.split_last() {
            Some((at, parent)) => siblings(root.at(parent), *at, dice),
            None => element(root, dice),
        },
        9..=11 => element(root.at(&path), dice),
        12..=14 => attributes(root.at(&path), dice),
        15..=18 => match text_below(root, &path, dice) {
            Some(at) => value(root.at(&at), dice),
            None => element(root.at(&path), dice),
        },
        _ => graft(root, dice),
    }
}

/// Changes that leave the meaning: comments, processing instructions and CDATA in text, white space between elements.
pub fn disguise(node: &mut Node, dice: &mut Dice) {
    let element_only = node.elements().next().is_some();
    let mut kids = Vec::new();
    for kid in node.kids.drain(..) {
        if dice.once_in(6) {
            kids.push(noise(dice));
        }
        match kid {
            Kid::Element(mut inner) => {
                disguise(&mut inner, dice);
                kids.push(Kid::Element(inner));
            }
            Kid::Text(text) if dice.once_in(3) => split(&text, dice, &mut kids),
            other => kids.push(other),
        }
        if element_only && dice.once_in(6) {
            kids.push(Kid::Text((dice.pick(&["\n", "  ", "\t", "\r\n "])).to_owned()));
        }
    }
    node.kids = kids;
}

/// Drop, repeat, move, wrap.
fn siblings(parent: &mut Node, at: usize, dice: &mut Dice) {
    match dice.below(8) {
        0 | 1 => drop(parent.kids.remove(at)),
        2 => parent.kids.insert(at, parent.kids[at].clone()),
        3 => {
            // Up to and over what the schemas allow of any repeated element.
            let times = dice.pick(&[1, 2, 3, 5, 6, 7, 10, 11, 12]);
            for _ in 0..times {
                parent.kids.insert(at, parent.kids[at].clone());
            }
        }
        4 | 5 => {
            let kid = parent.kids.remove(at);
            let to = dice.below(parent.kids.len() + 1);
            parent.kids.insert(to, kid);
        }
        6 => {
            let kid = std::mem::replace(&mut parent.kids[at], Kid::Text(String::new()));
            let mut wrapper = stranger(dice);
            wrapper.kids = vec![kid];
            parent.kids[at] = Kid::Element(wrapper);
        }
        _ => {
            if let Kid::Element(inner) = parent.kids.remove(at) {
                parent.kids.splice(at..at, inner.kids);
            }
        }
    }
}

/// Another name, another namespace, other content.
fn element(node: &mut Node, dice: &mut Dice) {
    match dice.below(8) {
        0 | 1 => node.name = (dice.pick(NAMES)).to_owned(),
        2 => node.ns = (dice.pick(NAMESPACES)).to_owned(),
        3 => rename_below(node, dice.pick(NAMESPACES)),
        4 => {
            let at = dice.below(node.kids.len() + 1);
            node.kids.insert(at, Kid::Element(stranger(dice)));
        }
        5 => node.kids.clear(),
        6 => {
            let at = dice.below(node.kids.len() + 1);
            node.kids
                .insert(at, Kid::Text((dice.pick(&["x", " ", "\n", "\u{a0}", "\u{2028}", "0"])).to_owned()));
        }
        _ => {
            let at = dice.below(node.kids.len() + 1);
            node.kids.insert(at, noise(dice));
        }
    }
}

fn rename_below(node: &mut Node, ns: &str) {
    ns.clone_into(&mut node.ns);
    for kid in &mut node.kids {
        if let Kid::Element(inner) = kid {
            rename_below(inner, ns);
        }
    }
}

fn attributes(node: &mut Node, dice: &mut Dice) {
    if node.attrs.is_empty() || dice.once_in(3) {
        let ns = dice.pick(&["", "", "", "", "", EPP, DOMAIN, RGP, SEC_DNS, XML, XSI, FOREIGN]);
        let names: &[&str] = match ns {
            XML => &["lang", "space", "base", "id"],
            XSI => &["schemaLocation", "noNamespaceSchemaLocation", "nil", "other"],
            _ => &[
                "op", "msgID", "lang", "roid", "hosts", "unit", "type", "s", "ip", "x", "flag", "urgent",
                "primary", "unknown",
            ],
        };
        let name = dice.pick(names);
        let value = match ns {
            XSI if name == "schemaLocation" => "urn:ietf:params:xml:ns:epp-1.0 epp-1.0.xsd".to_owned(),
            XSI if name == "nil" => (dice.pick(&["true", "false", "x"])).to_owned(),
            _ => attribute_value(name, dice),
        };
        if !node.attrs.iter().any(|a| a.ns == ns && a.name == name) {
            node.attrs.push(Attr { ns: ns.to_owned(), name: name.to_owned(), value });
        }
        return;
    }
    let at = dice.below(node.attrs.len());
    match dice.below(6) {
        0 => drop(node.attrs.remove(at)),
        1 => node.attrs[at].name.make_ascii_uppercase(),
        2 => node.attrs[at].ns = (dice.pick(&[EPP, DOMAIN, CONTACT, FOREIGN])).to_owned(),
        _ => node.attrs[at].value = attribute_value(&node.attrs[at].name.clone(), dice),
    }
}

/// The place of an element with text at or below one.
fn text_below(root: &mut Node, path: &[usize], dice: &mut Dice) -> Option<Vec<usize>> {
    let node = root.at(path);
    let leaves: Vec<_> = node
        .paths()
        .into_iter()
        .filter(|p| node.at(p).kids.iter().all(|k| matches!(k, Kid::Text(_))))
        .collect();
    if leaves.is_empty() { None } else { Some([path, &dice.pick(&leaves)].concat()) }
}

fn value(node: &mut Node, dice: &mut Dice) {
    let text = match dice.below(6) {
        0 => {
            let mut kids = Vec::new();
            split(&node.text(), dice, &mut kids);
            node.kids = kids;
            return;
        }
        1 => {
            let blank = dice.pick(BLANKS);
            let text = node.text();
            match dice.below(3) {
                0 => format!("{blank}{text}"),
                1 => format!("{text}{blank}"),
                _ => match text.char_indices().nth(text.chars().count() / 2) {
                    Some((middle, _)) => format!("{}{blank}{}", &text[..middle], &text[middle..]),
                    None => blank.to_owned(),
                },
            }
        }
        2 => length(dice),
        _ => element_text(&node.name, dice),
    };
    node.kids = vec![Kid::Text(text)];
}

/// Puts an element of another place somewhere.
fn graft(root: &mut Node, dice: &mut Dice) {
    let paths = root.paths();
    let branch = root.at(&dice.pick(&paths)).clone();
    let paths: Vec<_> = paths.into_iter().filter(|p| !p.is_empty()).collect();
    if paths.is_empty() {
        return;
    }
    let to = root.at(&dice.pick(&paths));
    let at = dice.below(to.kids.len() + 1);
    to.kids.insert(at, Kid::Element(branch));
}

/// An element that may be known, elsewhere or nowhere.
fn stranger(dice: &mut Dice) -> Node {
    let (ns, name) = (dice.pick(NAMESPACES), dice.pick(NAMES));
    if dice.once_in(2) { el(ns, name) } else { leaf(ns, name, "abc") }
}

fn noise(dice: &mut Dice) -> Kid {
    if dice.once_in(2) {
        Kid::Comment((dice.pick(&["", " a comment ", "<name>x</name>", "&amp;"])).to_owned())
    } else {
        Kid::Instruction((dice.pick(&["pi", "pi x=\"1\"", "xml-stylesheet href=\"x\""])).to_owned())
    }
}

/// The same text in pieces.
fn split(text: &str, dice: &mut Dice, kids: &mut Vec<Kid>) {
    let middle =
        text.char_indices().nth(dice.below(text.chars().count() + 1)).map_or(text.len(), |(at, _)| at);
    let (first, second) = text.split_at(middle);
    match dice.below(4) {
        0 => kids.push(Kid::Cdata(text.to_owned())),
        1 => kids.extend([Kid::Cdata(first.to_owned()), Kid::Text(second.to_owned())]),
        2 => kids.extend([Kid::Text(first.to_owned()), noise(dice), Kid::Text(second.to_owned())]),
        _ => kids.extend([Kid::Text(first.to_owned()), noise(dice), Kid::Cdata(second.to_owned())]),
    }
}
