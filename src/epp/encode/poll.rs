//! Messages in answers to poll (RFC 5730 section 2.9.2.3), and what of them their reader did not log in for (RFC 9038).

use crate::epp::ext;
use crate::epp::ns::{Ns, Services};
use crate::epp::reply::{MessageData, Reply};
use crate::epp::xml::writer::Writer;

/// `msgQ`: the message at the head with its date and text; after an ack its identifier and what is left, and
/// nothing at all when nothing is.
pub(super) fn queue(w: &mut Writer, reply: &Reply) {
    match reply {
        Reply::Message(message) => {
            w.open("msgQ", &[("count", &message.count), ("id", &message.id)]);
            w.leaf("qDate", &message.queued);
            w.leaf("msg", &message.text);
            w.close("msgQ");
        }
        Reply::Acknowledged { id, count } if *count > 0 => w.empty("msgQ", &[("count", count), ("id", id)]),
        _ => {}
    }
}

/// Whether a message's object data does not stand in `resData`: it stands in an `extValue`, or its reader does not know
/// the mapping of work on the service, which not every client has.
pub(super) fn is_kept_out(reply: &Reply, services: Services) -> bool {
    reply
        .message_data()
        .map(MessageData::namespace)
        .is_some_and(|ns| services.moves(ns) || (ns == Ns::Maintenance && !services.has(ns)))
}

/// The parts of a message whose namespace its reader did not name at login: each in an `extValue` of its own.
pub(super) fn unhandled(w: &mut Writer, reply: &Reply, services: Services) {
    let Reply::Message(_) = reply else { return };
    if let Some(data) = reply.message_data().filter(|data| services.moves(data.namespace())) {
        let mut element = Writer::fragment();
        super::message_data(&mut element, data);
        not_in_services(w, data.namespace(), &element.finish());
    }
    for (ns, element) in ext::unhandled(reply, services) {
        not_in_services(w, ns, &element);
    }
}

fn not_in_services(w: &mut Writer, ns: Ns, element: &str) {
    w.open("extValue", &[]);
    w.open("value", &[]);
    w.elements(element);
    w.close("value");
    w.leaf("reason", &format_args!("{} not in login services", ns.uri()));
    w.close("extValue");
}
