//! Reads `<rules>`: classes, rules and actions (RFC 7940 sections 6 and 7).

use std::sync::Arc;

use super::class::{self, is_class};
use super::data::points;
use super::pattern::{Kind, MAX_LABEL, Part, Rule};
use super::xml::Element;
use super::{Action, Disposition, Fault, Table, Trigger, When};

/// Parts of one rule, all references followed.
const MAX_WEIGHT: usize = 2_000;

/// Reads `<rules>`. What is referred to stands above what refers to it.
pub(super) fn read(rules: &Element, table: &mut Table) -> Result<(), Fault> {
    for element in &rules.children {
        match element.name.as_str() {
            "action" => {
                let action = action(element, table)?;
                table.actions.push(action);
            }
            "rule" => {
                let name = element.need("name")?.to_owned();
                let rule = Arc::new(rule(element, table)?);
                if table.rules.insert(name.clone(), rule).is_some() {
                    return Err(element.fault(format!("the rule {name:?} is there twice")));
                }
            }
            kind if is_class(kind) => {
                let name = element.need("name")?.to_owned();
                if element.attribute("count").is_some() {
                    return Err(element.fault("a named set has no count"));
                }
                let class = class::read(element, table)?;
                if table.classes.insert(name.clone(), class).is_some() {
                    return Err(element.fault(format!("the class {name:?} is there twice")));
                }
            }
            kind => return Err(element.fault(format!("<{kind}> does not belong in <rules>"))),
        }
    }
    Ok(())
}

fn rule(element: &Element, table: &Table) -> Result<Rule, Fault> {
    element.only(&["name", "count"])?;
    let (parts, weight) = parts(element, table, Inside::Rule)?;
    let anchored = parts.iter().any(is_anchored);
    if parts.iter().any(|part| matches!(part.kind, Kind::Behind(_) | Kind::Ahead(_))) && !anchored {
        return Err(element.fault("a rule that looks ahead or behind has an <anchor/>"));
    }
    Ok(Rule { parts, weight, anchored })
}

fn is_anchored(part: &Part) -> bool {
    match &part.kind {
        Kind::Anchor => true,
        Kind::Rule(rule) => rule.anchored,
        Kind::Choice(ways) => ways.iter().flatten().any(is_anchored),
        _ => false,
    }
}

/// Where a part stands.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Inside {
    Rule,
    Choice,
    Look,
}

fn parts(element: &Element, table: &Table, inside: Inside) -> Result<(Vec<Part>, usize), Fault> {
    let (mut parts, mut weight) = (Vec::with_capacity(element.children.len()), 0);
    for child in &element.children {
        let (part, more) = part(child, table, inside)?;
        parts.push(part);
        weight += more;
        if weight > MAX_WEIGHT {
            return Err(child.fault(format!("a rule is made of at most {MAX_WEIGHT} parts")));
        }
    }
    if parts.is_empty() {
        return Err(element.fault(format!("<{}> has nothing to match", element.name)));
    }
    Ok((parts, weight))
}

fn part(element: &Element, table: &Table, inside: Inside) -> Result<(Part, usize), Fault> {
    let named = element.attribute("name").is_some();
    if named {
        return Err(element.fault("only what stands directly in <rules> has a name"));
    }
    let plain = |kind| (kind, 1);
    let (kind, weight) = match element.name.as_str() {
        "any" => plain(Kind::Any),
        "start" | "end" | "anchor" | "look-behind" | "look-ahead" => {
            if element.attribute("count").is_some() {
                return Err(element.fault(format!("<{}> has no count", element.name)));
            }
            position(element, table, inside)?
        }
        "char" => {
            element.only(&["cp", "count"])?;
            plain(Kind::Text(points(element, element.need("cp")?)?))
        }
        "choice" => {
            element.only(&["count"])?;
            let (mut ways, mut weight) = (Vec::new(), 1);
            for way in &element.children {
                let (part, more) = part(way, table, Inside::Choice)?;
                ways.push(vec![part]);
                weight += more;
            }
            if ways.len() < 2 {
                return Err(element.fault("<choice> is between two or more"));
            }
            (Kind::Choice(ways), weight)
        }
        "rule" => {
            let rule = match element.attribute("by-ref") {
                None => Arc::new(rule(element, table)?),
                Some(name) => {
                    element.only(&["by-ref", "count"])?;
                    let missing = || element.fault(format!("the rule {name:?} is not defined above"));
                    table.rules.get(name).cloned().ok_or_else(missing)?
                }
            };
            let weight = rule.weight + 1;
            (Kind::Rule(rule), weight)
        }
        kind if is_class(kind) => plain(Kind::Class(class::read(element, table)?)),
        kind => return Err(element.fault(format!("<{kind}> does not belong in a rule"))),
    };
    let (least, most) = count(element)?;
    Ok((Part { kind, least, most }, weight))
}

/// What matches a place and no character.
fn position(element: &Element, table: &Table, inside: Inside) -> Result<(Kind, usize), Fault> {
    element.only(&[])?;
    match element.name.as_str() {
        "start" => Ok((Kind::Start, 1)),
        "end" => Ok((Kind::End, 1)),
        "anchor" if inside == Inside::Look => {
            Err(element.fault("<anchor/> stands beside what looks ahead or behind"))
        }
        "anchor" => Ok((Kind::Anchor, 1)),
        _ if inside == Inside::Look => Err(element.fault("what looks ahead or behind holds no other such")),
        name => {
            let (parts, weight) = parts(element, table, Inside::Look)?;
            let kind = if name == "look-behind" { Kind::Behind(parts) } else { Kind::Ahead(parts) };
            Ok((kind, weight + 1))
        }
    }
}

/// `n`, `n+`, `n:m`.
fn count(element: &Element) -> Result<(usize, usize), Fault> {
    let Some(text) = element.attribute("count") else { return Ok((1, 1)) };
    let number = |text: &str| text.parse::<usize>().ok().filter(|n| *n <= MAX_LABEL);
    let read = match (text.strip_suffix('+'), text.split_once(':')) {
        (Some(least), _) => number(least).map(|least| (least, MAX_LABEL)),
        (None, Some((least, most))) => number(least).zip(number(most)).filter(|(least, most)| least <= most),
        (None, None) => number(text).map(|n| (n, n)),
    };
    read.ok_or_else(|| element.fault(format!("{text:?} is not a count such as 2, 0+ or 1:3")))
}

fn action(element: &Element, table: &Table) -> Result<Action, Fault> {
    element.only(&["disp", "match", "not-match", "any-variant", "all-variants", "only-variants"])?;
    let when = match (element.attribute("match"), element.attribute("not-match")) {
        (None, None) => None,
        (Some(_), Some(_)) => return Err(element.fault("an action has match or not-match, not both")),
        (name, not) => {
            let name = name.or(not).unwrap_or("");
            let Some(rule) = table.rules.get(name).cloned() else {
                return Err(element.fault(format!("the rule {name:?} is not defined above")));
            };
            if rule.anchored {
                return Err(element
                    .fault(format!("the rule {name:?} is about one place; an action is about a label")));
            }
            Some(When { rule, matches: not.is_none() })
        }
    };
    let words = |name: &str| {
        let words = element.words(name).into_iter().map(str::to_owned).collect();
        element.attribute(name).is_some().then_some::<Vec<String>>(words)
    };
    let variants = match (words("any-variant"), words("all-variants"), words("only-variants")) {
        (None, None, None) => Trigger::None,
        (Some(kinds), None, None) => Trigger::Any(kinds),
        (None, Some(kinds), None) => Trigger::All(kinds),
        (None, None, Some(kinds)) => Trigger::Only(kinds),
        _ => return Err(element.fault("an action asks once for variants: any-, all- or only-")),
    };
    Ok(Action { disposition: Disposition::of(element.need("disp")?), when, variants })
}
