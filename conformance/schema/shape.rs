//! What the parser and the schemas are known to see differently, told by looking at the frame.

use domesday::epp::ext::Ext;

use super::tree::{BALANCE, CONTACT, DOMAIN, EPP, HOST, MAINTENANCE, Node, RGP, SEC_DNS, XSI};

/// What about a frame lets the parser answer otherwise than the schemas' verdict says.
pub struct Shape {
    /// Another frame than hello and command.
    not_a_command: bool,
    /// The verb is none of RFC 5730's, or the frame is a protocol extension.
    unknown_verb: bool,
    /// The object's namespace is none of ours.
    pub unknown_object: bool,
    /// The object is known and the command does not exist for it.
    not_for_object: bool,
    /// The element inside the verb has another name.
    other_inside: bool,
    pub foreign_auth: bool,
    version: bool,
    typed: bool,
    /// Elements of EPP inside an element that may hold anything, and is for holding nothing.
    known_in_any: bool,
    pub extension: bool,
    /// An extension, or authorization of one, that holds elements of its own, or attributes, or is an element of a known
    /// object. The parser does not look into these, the schemas do.
    pub busy_extension: bool,
    /// An extension's element of answers, in a command: the parser does not look into it.
    pub answer_in_command: bool,
    /// Base64 with other characters in it, over which libxml2 goes.
    loose_base64: bool,
    /// RFC 3915 section 4.2.5 has no report beside a request, its schema does.
    request_with_report: bool,
}

impl Shape {
    pub fn of(root: &Node) -> Self {
        let inner = root.elements().next();
        let verb = inner.filter(|i| i.ns == EPP && i.name == "command").and_then(|c| c.elements().next());
        let object = verb.and_then(|v| v.elements().next());
        let verbs =
            ["check", "create", "delete", "info", "login", "logout", "poll", "renew", "transfer", "update"];
        let pair = verb.zip(object);
        Self {
            not_a_command: root.ns != EPP
                || inner.is_none_or(|i| i.ns != EPP || !["hello", "command"].contains(&i.name.as_str())),
            unknown_verb: verb.is_some_and(|v| !verbs.contains(&v.name.as_str()))
                || inner.is_some_and(|i| i.ns == EPP && i.name == "extension"),
            unknown_object: object.is_some_and(|o| !is_core(&o.ns)),
            not_for_object: pair.is_some_and(|(v, o)| match v.name.as_str() {
                "renew" => [CONTACT, HOST, BALANCE, MAINTENANCE].contains(&o.ns.as_str()),
                "transfer" => [HOST, BALANCE, MAINTENANCE].contains(&o.ns.as_str()),
                verb => [BALANCE, MAINTENANCE].contains(&o.ns.as_str()) && verb != "info",
            }),
            other_inside: pair.is_some_and(|(v, o)| v.name != o.name),
            foreign_auth: root.any(&|n| n.name == "ext"),
            version: root.any(&|n| n.name == "version"),
            typed: root
                .any(&|n| n.attrs.iter().any(|a| a.ns == XSI && matches!(a.name.as_str(), "nil" | "type"))),
            known_in_any: root.any(&|n| {
                let any = match n.ns.as_str() {
                    EPP => matches!(n.name.as_str(), "hello" | "logout"),
                    DOMAIN => n.name == "null",
                    MAINTENANCE => n.name == "list",
                    CONTACT => matches!(n.name.as_str(), "voice" | "fax" | "email"),
                    RGP => matches!(
                        n.name.as_str(),
                        "preData" | "postData" | "resReason" | "statement" | "other"
                    ),
                    _ => false,
                };
                any && n.elements().any(|e| e.any(&|e| known(&e.ns)))
            }),
            extension: root.any(&|n| n.ns == EPP && n.name == "extension"),
            busy_extension: root.any(&|n| {
                let busy = |e: &Node| known(&e.ns) || !e.attrs.is_empty() || e.elements().next().is_some();
                let looked_into = |e: &Node| n.name == "extension" && Ext::from_uri(&e.ns).is_some();
                matches!(n.name.as_str(), "extension" | "ext")
                    && n.elements().any(|e| busy(e) && !looked_into(e))
            }),
            answer_in_command: root.any(&|n| {
                let answer = |e: &Node| e.name.ends_with("Data");
                n.name == "extension" && n.elements().any(|e| Ext::from_uri(&e.ns).is_some() && answer(e))
            }),
            loose_base64: root.any(&|n| {
                let loose = |c: char| !c.is_ascii_alphanumeric() && !"+/= \t\r\n".contains(c);
                n.ns == SEC_DNS && n.name == "pubKey" && n.text().contains(loose)
            }),
            request_with_report: root.any(&|n| {
                let request =
                    |n: &Node| n.attrs.iter().any(|a| a.name == "op" && a.value.trim() == "request");
                n.ns == RGP && n.name == "restore" && request(n) && n.elements().next().is_some()
            }),
        }
    }

    /// A frame that the schemas take and the server answers with 2001: a frame for the other direction, a verb around
    /// another command's element, names of schema types, commands within a hello.
    pub fn stricter(&self) -> bool {
        self.not_a_command
            || self.other_inside
            || self.typed
            || self.known_in_any
            || self.request_with_report
            || self.loose_base64
    }

    /// A frame that the schemas refuse and RFC 5730 section 3 has a better code for than 2001.
    pub fn explains(&self, code: u16) -> bool {
        match code {
            2000 => self.unknown_verb,
            2100 => self.version,
            2101 => self.not_for_object,
            2102 => self.foreign_auth,
            2002 => self.answer_in_command,
            2103 => self.extension,
            2307 => self.unknown_object,
            _ => false,
        }
    }
}

fn known(ns: &str) -> bool {
    is_core(ns) || Ext::from_uri(ns).is_some()
}

fn is_core(ns: &str) -> bool {
    [EPP, DOMAIN, CONTACT, HOST, BALANCE, MAINTENANCE].contains(&ns)
}
