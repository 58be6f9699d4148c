//! The message queue in answers to poll (RFC 5730 section 2.9.2.3).

use crate::epp::reply::Reply;
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
