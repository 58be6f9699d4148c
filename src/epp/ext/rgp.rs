//! Grace periods and redemption (RFC 3915): an update asks for a restore or reports one, an info and the answer to
//! such an update show the periods a domain is in.

use super::{Codec, Ext, InCommand, open};
use crate::epp::command::Command;
use crate::epp::reply::Reply;
use crate::epp::types::{ReportText, Restore, RestoreReport, RgpStatus};
use crate::epp::xml::shape::{Shape, many, one, opt, optional, required, unexpected};
use crate::epp::xml::simple::{self, Simple};
use crate::epp::xml::tree::El;
use crate::epp::xml::writer::Writer;
use crate::refusal::{Reason, Refusal};

const DATA: Shape = Shape::Mixed(&[]);
const TEXT: Shape = Shape::Mixed(&[optional("lang", Simple::Language)]);
const TIME: Shape = Shape::Text(Simple::DateTime, &[]);
const REPORT: Shape = Shape::Sequence(
    &[
        one("preData", &DATA),
        one("postData", &DATA),
        one("delTime", &TIME),
        one("resTime", &TIME),
        one("resReason", &TEXT),
        many("statement", 1, 2, &TEXT),
        opt("other", &DATA),
    ],
    &[],
);
const RESTORE: Shape =
    Shape::Sequence(&[opt("report", &REPORT)], &[required("op", Simple::OneOf(&["request", "report"]))]);
const UPDATE: Shape = Shape::Sequence(&[one("restore", &RESTORE)], &[]);

pub(super) const CODEC: Codec = Codec {
    name: "rgp-1.0",
    uri: "urn:ietf:params:xml:ns:rgp-1.0",
    prefix: "rgp",
    declaration: "xmlns:rgp",
    globals: &["update", "infData", "upData"],
    commands: &[InCommand { element: "update", shape: &UPDATE, read: update }],
    secrets: &[],
    answer,
};

fn update(el: El<'_>, command: &mut Command) -> Result<bool, Refusal> {
    let Command::DomainUpdate(update) = command else { return Ok(false) };
    let restore = el.need("restore")?;
    let report = restore.child("report");
    update.restore = Some(match (restore.attr_token("op").as_deref(), report) {
        (Some("report"), Some(report)) => Restore::Report(Box::new(read_report(report)?)),
        // RFC 3915 section 4.2.5: a report comes with `report` and with nothing else.
        (Some("report"), None) => {
            return Err(Refusal::new(Reason::RestoreReportMissing).at(restore.bare_offender()));
        }
        (_, Some(report)) => return Err(unexpected(report)),
        (_, None) => Restore::Request,
    });
    Ok(true)
}

fn read_report(el: El<'_>) -> Result<RestoreReport, Refusal> {
    let time = |name| {
        let el = el.need(name)?;
        simple::date_time(&el.token()).ok_or_else(|| el.refuse(Reason::BadValue))
    };
    Ok(RestoreReport {
        pre_data: all_text(el.need("preData")?),
        post_data: all_text(el.need("postData")?),
        deleted_at: time("delTime")?,
        restored_at: time("resTime")?,
        reason: report_text(el.need("resReason")?),
        statements: el.children_named("statement").map(report_text).collect(),
        other: el.child("other").map(all_text),
    })
}

fn report_text(el: El<'_>) -> ReportText {
    let lang = el.attr_token("lang").map_or_else(|| "en".to_owned(), |lang| lang.into_owned());
    ReportText { lang, text: all_text(el) }
}

/// The text of an element that may hold anything, and of what is in it.
fn all_text(el: El<'_>) -> String {
    let texts = std::iter::once(el).chain(el.descendants()).map(El::token);
    texts.filter(|text| !text.is_empty()).collect::<Vec<_>>().join(" ")
}

fn answer(w: &mut Writer, reply: &Reply) {
    if let Reply::DomainRestored { rgp, .. } = reply {
        statuses(w, "rgp:upData", rgp);
    }
    if let Some(data) = reply.domain_shown() {
        statuses(w, "rgp:infData", &data.rgp);
    }
}

/// The schema has no element without a status in it.
fn statuses(w: &mut Writer, element: &'static str, all: &[RgpStatus]) {
    if all.is_empty() {
        return;
    }
    open(w, Ext::Rgp, element);
    for status in all {
        w.empty("rgp:rgpStatus", &[("s", &status.name())]);
    }
    w.close(element);
}
