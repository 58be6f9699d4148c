//! Replies to frames (RFC 5730 sections 2.4 and 2.6). What comes out is valid against the schemas whatever went in.

mod balance;
mod contact;
mod domain;
mod host;
mod maintenance;
mod poll;

use super::ext;
use super::ns::Ns;
use super::reply::{Checked, Greeting, MessageData, Outcome, PendingData, Reply, Response, TransferData};
use super::text;
use super::types::{Lang, Note, Status, StatusSet};
use super::xml::writer::Writer;
use super::xml::{XML, XMLNS, chars};
use crate::refusal::{Offender, Refusal};

/// Characters of a check's reason (`eppcom:reasonBaseType`).
const MAX_REASON: usize = 32;

/// Writes a greeting.
#[must_use]
pub fn greeting(greeting: &Greeting) -> String {
    let mut w = begin();
    w.open("greeting", &[]);
    w.leaf("svID", &greeting.server);
    w.leaf("svDate", &greeting.at);
    w.open("svcMenu", &[]);
    w.leaf("version", &"1.0");
    for lang in &greeting.langs {
        w.leaf("lang", &lang.tag());
    }
    for uri in &greeting.objects {
        w.leaf("objURI", uri);
    }
    if !greeting.extensions.is_empty() {
        w.open("svcExtension", &[]);
        for uri in &greeting.extensions {
            w.leaf("extURI", uri);
        }
        w.close("svcExtension");
    }
    w.close("svcMenu");
    policy(&mut w);
    w.close("greeting");
    end(w)
}

/// The data collection policy: everyone may see what is held about them; it serves administration and provisioning,
/// goes to the registry and the public, and is kept as long as that purpose is stated to last.
fn policy(w: &mut Writer) {
    w.open("dcp", &[]);
    w.open("access", &[]);
    w.empty("all", &[]);
    w.close("access");
    w.open("statement", &[]);
    w.open("purpose", &[]);
    w.empty("admin", &[]);
    w.empty("prov", &[]);
    w.close("purpose");
    w.open("recipient", &[]);
    w.empty("ours", &[]);
    w.empty("public", &[]);
    w.close("recipient");
    w.open("retention", &[]);
    w.empty("stated", &[]);
    w.close("retention");
    w.close("statement");
    w.close("dcp");
}

/// Writes the answer to a command.
#[must_use]
pub fn response(response: &Response) -> String {
    let mut w = begin();
    w.open("response", &[]);
    w.open("result", &[("code", &response.code)]);
    let message = text::of(response.code, response.lang);
    match response.lang {
        Lang::En => w.leaf("msg", &message),
        lang => w.leaf_with("msg", &[("lang", &lang.tag())], &message),
    }
    if let Outcome::Refused(refusal) = &response.outcome {
        explain(&mut w, refusal);
    }
    if let Outcome::Done(reply) = &response.outcome {
        poll::unhandled(&mut w, reply, response.services);
    }
    w.close("result");
    if let Outcome::Done(reply) = &response.outcome {
        poll::queue(&mut w, reply);
        if !poll::is_kept_out(reply, response.services) {
            data(&mut w, reply);
        }
        ext::answer(&mut w, reply, response.services);
    }
    if let Outcome::Refused(refusal) = &response.outcome {
        ext::refused(&mut w, refusal, response.services);
    }
    w.open("trID", &[]);
    w.leaf_if("clTRID", response.cltrid.as_ref());
    w.leaf("svTRID", &response.svtrid);
    w.close("trID");
    w.close("response");
    end(w)
}

fn begin() -> Writer {
    let mut w = Writer::document();
    w.open("epp", &[("xmlns", &Ns::Epp.uri())]);
    w
}

fn end(mut w: Writer) -> String {
    w.close("epp");
    w.finish()
}

/// `extValue`: the element at fault and what to do about it. Where no element is, the command as a whole is named.
fn explain(w: &mut Writer, refusal: &Refusal) {
    w.open("extValue", &[]);
    w.open("value", &[]);
    match &refusal.at {
        Some(offender) => at_fault(w, offender),
        None => w.empty("command", &[]),
    }
    w.close("value");
    w.leaf("reason", &one_line(&refusal.text()));
    w.close("extValue");
}

/// An element as the client wrote it, with a prefix of ours. Names and namespaces come from outside: a name that is
/// none, and a namespace that no reader would take, are left out.
fn at_fault(w: &mut Writer, offender: &Offender) {
    let name = if chars::is_ncname(&offender.name) { &*offender.name } else { "value" };
    let uri = &*offender.uri;
    let prefix = match Ns::from_uri(uri) {
        Some(Ns::Epp) => return w.leaf(name, &offender.text),
        Some(ns) => ns.prefix(),
        // The namespaces of xml and xmlns cannot be bound to another prefix.
        None if !is_uri(uri) || matches!(uri, XML | XMLNS) => {
            return w.leaf_with(name, &[("xmlns", &"")], &offender.text);
        }
        None => "x",
    };
    let declaration = format!("xmlns:{prefix}");
    w.leaf_with(&format!("{prefix}:{name}"), &[(&declaration, &uri)], &offender.text);
}

/// A plain URI: a scheme, and no character that would have to be escaped.
fn is_uri(text: &str) -> bool {
    let plain = |b: u8| b.is_ascii_alphanumeric() || b"-._~:/?@!$&'()*+,;=#".contains(&b);
    text.split_once(':').is_some_and(|(scheme, _)| chars::is_ncname(scheme))
        && text.bytes().all(plain)
        && text.bytes().filter(|b| *b == b'#').count() < 2
}

/// `xs:normalizedString`
fn one_line(text: &str) -> String {
    text.replace(['\t', '\n', '\r'], " ")
}

fn data(w: &mut Writer, reply: &Reply) {
    let write: &dyn Fn(&mut Writer) = match reply.plain() {
        Reply::Done
        | Reply::LoggedIn(_)
        | Reply::Pending
        | Reply::LoggedOut
        | Reply::NoMessages
        | Reply::ClaimsChecked(_)
        | Reply::Acknowledged { .. }
        | Reply::DomainRestored { .. }
        | Reply::WithFee(..) => return,
        Reply::Message(message) => match &message.data {
            None => return,
            Some(data) => &|w| message_data(w, data),
        },
        Reply::DomainChecked(all) => &|w| checked(w, Ns::Domain, "domain:name", all),
        Reply::ContactChecked(all) => &|w| checked(w, Ns::Contact, "contact:id", all),
        Reply::HostChecked(all) => &|w| checked(w, Ns::Host, "host:name", all),
        Reply::DomainInfo(info) => &|w| domain::info(w, info),
        Reply::ContactInfo(info) => &|w| contact::info(w, info),
        Reply::HostInfo(info) => &|w| host::info(w, info),
        Reply::BalanceInfo(info) => &|w| balance::info(w, info),
        Reply::MaintenanceList(all) => &|w| maintenance::list(w, all),
        Reply::MaintenanceItem(item) => &|w| maintenance::item(w, item, None),
        Reply::DomainCreated { name, created, expires, .. } => {
            &|w| domain::created(w, name, *created, *expires)
        }
        Reply::Applied(applied) => &|w| domain::applied(w, applied),
        Reply::ContactCreated { id, created } => &|w| contact::created(w, id, *created),
        Reply::HostCreated { name, created, .. } => &|w| host::created(w, name, *created),
        Reply::DomainRenewed { name, expires } => &|w| domain::renewed(w, name, *expires),
        Reply::DomainTransfer(transfer) => &|w| transferred(w, Ns::Domain, "domain:name", transfer),
        Reply::ContactTransfer(transfer) => &|w| transferred(w, Ns::Contact, "contact:id", transfer),
    };
    w.open("resData", &[]);
    write(w);
    w.close("resData");
}

fn message_data(w: &mut Writer, data: &MessageData) {
    match data {
        MessageData::DomainTransfer(transfer) => transferred(w, Ns::Domain, "domain:name", transfer),
        MessageData::ContactTransfer(transfer) => transferred(w, Ns::Contact, "contact:id", transfer),
        MessageData::DomainPending(pending) => pending_done(w, Ns::Domain, "domain:name", pending),
        MessageData::ContactPending(pending) => pending_done(w, Ns::Contact, "contact:id", pending),
        MessageData::HostPending(pending) => pending_done(w, Ns::Host, "host:name", pending),
        MessageData::DomainInfo(info) => domain::info(w, info),
        MessageData::ContactInfo(info) => contact::info(w, info),
        MessageData::HostInfo(info) => host::info(w, info),
        MessageData::Maintenance(item, poll) => maintenance::item(w, item, Some(*poll)),
        MessageData::ApplicationEnded(ended) => pending_done(w, Ns::Domain, "domain:name", &ended.done),
    }
}

/// The start of an object's data, where its namespace is declared; gives the element's name for the end.
fn open_data(w: &mut Writer, ns: Ns, element: &'static str) -> &'static str {
    w.open(element, &[(ns.declaration(), &ns.uri())]);
    element
}

/// `chkData`, in the order asked.
fn checked(w: &mut Writer, ns: Ns, name: &'static str, all: &[Checked]) {
    let (data, item, reason) = match ns {
        Ns::Contact => ("contact:chkData", "contact:cd", "contact:reason"),
        Ns::Host => ("host:chkData", "host:cd", "host:reason"),
        _ => ("domain:chkData", "domain:cd", "domain:reason"),
    };
    open_data(w, ns, data);
    for one in all {
        w.open(item, &[]);
        let available = u8::from(one.unavailable.is_none());
        w.leaf_with(name, &[("avail", &available)], &one.name);
        if let Some(why) = one.unavailable.as_deref().filter(|why| !why.trim().is_empty()) {
            w.leaf(reason, &why.chars().take(MAX_REASON).collect::<String>());
        }
        w.close(item);
    }
    w.close(data);
}

/// `trnData`
fn transferred<N: std::fmt::Display>(w: &mut Writer, ns: Ns, name: &'static str, transfer: &TransferData<N>) {
    let [data, status, requester, requested, actor, acted] = match ns {
        Ns::Contact => [
            "contact:trnData",
            "contact:trStatus",
            "contact:reID",
            "contact:reDate",
            "contact:acID",
            "contact:acDate",
        ],
        _ => [
            "domain:trnData",
            "domain:trStatus",
            "domain:reID",
            "domain:reDate",
            "domain:acID",
            "domain:acDate",
        ],
    };
    open_data(w, ns, data);
    w.leaf(name, &transfer.name);
    w.leaf(status, &transfer.status.name());
    w.leaf(requester, &transfer.requester);
    w.leaf(requested, &transfer.requested);
    w.leaf(actor, &transfer.actor);
    w.leaf(acted, &transfer.acted);
    // A contact has no end.
    if ns == Ns::Domain {
        w.leaf_if("domain:exDate", transfer.expires.as_ref());
    }
    w.close(data);
}

/// `panData`
fn pending_done<N: std::fmt::Display>(w: &mut Writer, ns: Ns, name: &'static str, pending: &PendingData<N>) {
    let (data, trid, date) = match ns {
        Ns::Contact => ("contact:panData", "contact:paTRID", "contact:paDate"),
        Ns::Host => ("host:panData", "host:paTRID", "host:paDate"),
        _ => ("domain:panData", "domain:paTRID", "domain:paDate"),
    };
    open_data(w, ns, data);
    w.leaf_with(name, &[("paResult", &u8::from(pending.success))], &pending.name);
    w.open(trid, &[]);
    w.leaf_if("clTRID", pending.cltrid.as_ref());
    w.leaf("svTRID", &pending.svtrid);
    w.close(trid);
    w.leaf(date, &pending.at);
    w.close(data);
}

/// The `status` elements of an `infData`, no more than the schema takes.
fn statuses<S: Status>(w: &mut Writer, name: &'static str, max: usize, set: &StatusSet<S>) {
    for (status, note) in set.iter().take(max) {
        let s = status.name();
        match note {
            None => w.empty(name, &[("s", &s)]),
            Some(Note { lang, text }) => w.leaf_with(name, &[("s", &s), ("lang", lang)], &one_line(text)),
        }
    }
}

#[cfg(test)]
mod tests;
